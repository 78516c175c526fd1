"""From a path to a table: the one place that knows which ending means which format."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from openenrich.lists.delimited import read_delimited
from openenrich.lists.jsonl import read_jsonl
from openenrich.lists.parquet import read_parquet
from openenrich.lists.problem import ListProblem, cannot_open
from openenrich.lists.table import Table
from openenrich.lists.workbook import read_workbook

_READERS: Mapping[str, Callable[[Path], Table]] = MappingProxyType(
    {
        ".csv": read_delimited,
        ".tsv": read_delimited,
        ".txt": read_delimited,
        ".jsonl": read_jsonl,
        ".ndjson": read_jsonl,
        ".parquet": read_parquet,
        ".xlsx": read_workbook,
        ".xlsm": read_workbook,
    }
)


def open_table(path: Path) -> Table:
    """The table in a file with at least one row; every way in which it cannot be had is a `ListProblem`."""
    _refuse_unusable(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ListProblem(f"'{path.name}' is no kind of list we read: save it as .csv, .xlsx, .parquet or .jsonl")
    try:
        table = reader(path)
        first = next(table.rows(), None)
    except OSError as error:
        raise cannot_open(path, error) from None
    if first is None:
        raise ListProblem(f"'{path.name}' has column names but nobody below them: add at least one row")
    return table


def _refuse_unusable(path: Path) -> None:
    if path.is_dir():
        raise ListProblem(f"'{path}' is a folder: name one file in it")
    try:
        with path.open("rb") as file:
            start = file.read(1)
    except OSError as error:
        raise cannot_open(path, error) from None
    if not path.is_file():
        raise ListProblem(f"'{path}' is no ordinary file: save the list to a file first")
    if not start:
        raise ListProblem(f"'{path.name}' is empty: put a row with column names first and one person per row below it")
