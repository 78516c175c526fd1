"""Lists of people in files: CSV, Excel, Parquet and JSON lines, in and out."""
