"""`python -m openenrich` is the command line."""

from openenrich.cli import main

main()
