"""Parquet, read in slices so that memory does not grow with the file."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from openenrich.lists.problem import ListProblem
from openenrich.lists.table import Line, Table, as_text, is_blank

_SLICE = 10_000
# A panic is how the library meets some damaged files; it is no `Exception`, so it must be named.
_DAMAGED = (pl.exceptions.PolarsError, pl.exceptions.PanicException)


def read_parquet(path: Path) -> Table:
    """The table in a Parquet file; rows are counted from 1, as there is no header row."""
    # A name with brackets is a name, and a folder called year=2024 adds no column.
    frame = pl.scan_parquet(path, glob=False, hive_partitioning=False)
    try:
        header = tuple(frame.collect_schema().names())
        height = frame.select(pl.len()).collect().item()
    except _DAMAGED:
        raise _unreadable(path) from None

    def rows() -> Iterator[Line]:
        for offset in range(0, height, _SLICE):
            yield from _slice(path, frame, offset)

    return Table(header=header, rows=rows)


def _slice(path: Path, frame: pl.LazyFrame, offset: int) -> Iterator[Line]:
    try:
        part = frame.slice(offset, _SLICE).collect()
    except _DAMAGED:
        raise _unreadable(path) from None
    for number, values in enumerate(part.iter_rows(), start=offset + 1):
        cells = [as_text(value) for value in values]
        if not is_blank(cells):
            yield number, cells


def _unreadable(path: Path) -> ListProblem:
    return ListProblem(f"'{path.name}' is not a readable Parquet file: export it again, or save the list as CSV")
