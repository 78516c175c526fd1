"""Writing a list: CSV, Excel, Parquet or JSON lines, by the ending of the file.

Promises that the file is there completely or not at all, that nothing in it runs as a formula, and that texts stay
texts: identifiers keep their leading zeros and all their digits. Column names are made unique.
"""

import csv
import errno
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import msgspec
import polars as pl
import xlsxwriter

from openenrich.lists.columns import unique_names
from openenrich.lists.problem import ListProblem, cannot_open
from openenrich.lists.table import as_text

Cell = str | int | float | None
Rows = Iterable[Sequence[Cell]]

_SLICE = 20_000
_EXCEL_DIGITS = 10**15
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"\+[0-9 ()-]+|[+-]?[0-9]+([.,][0-9]+)?")


def write_list(path: Path, columns: Sequence[str], rows: Rows) -> None:
    """Write the rows under the column names; replaces a file of that name in one step."""
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise ListProblem(f"'{path.name}' is no kind of list we write: use .csv, .xlsx, .parquet or .jsonl")
    target = path.resolve()  # a link stays a link
    if not target.parent.is_dir():
        raise ListProblem(f"there is no folder '{path.parent}': create it first")
    if target.exists() and not target.is_file():
        raise ListProblem(f"'{path}' is no ordinary file: choose the name of a new file")
    with _folder(target) as folder:
        part = Path(folder) / f"list{target.suffix}"
        try:
            write(part, unique_names(columns), rows)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise ListProblem(f"there is no room left to write '{path}': choose another disk") from None
            raise
        _replace(target, part)


def _folder(target: Path) -> "TemporaryDirectory[str]":
    """A folder beside the target: a rename works only within one disk."""
    try:
        return TemporaryDirectory(prefix=".openenrich-", dir=target.parent)
    except OSError as error:
        raise cannot_open(target.parent, error) from None


def _replace(target: Path, part: Path) -> None:
    try:
        if target.exists():
            part.chmod(target.stat().st_mode & 0o777)
        part.replace(target)
    except OSError as error:
        raise cannot_open(target, error) from None


def _write_csv(path: Path, names: Sequence[str], rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([guarded(name) for name in names])
        for row in rows:
            _check_width(names, row)
            writer.writerow([guarded(cell) if isinstance(cell, str) else as_text(cell) for cell in row])


def guarded(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would take it for a formula; numbers stay."""
    if not text.startswith(_FORMULA) or _NUMBER.fullmatch(text):
        return text
    return f"'{text}"


def _write_jsonl(path: Path, names: Sequence[str], rows: Rows) -> None:
    with path.open("wb") as file:
        for row in rows:
            file.write(msgspec.json.encode(dict(zip(names, row, strict=True))) + b"\n")


def _write_workbook(path: Path, names: Sequence[str], rows: Rows) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": str(path.parent),
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        _write_row(sheet, 0, names)
        for number, row in enumerate(rows, start=1):
            _check_width(names, row)
            _write_row(sheet, number, row)


def _write_row(sheet: "xlsxwriter.worksheet.Worksheet", number: int, row: Sequence[Cell]) -> None:
    """Excel leaves out what is too large for it and goes on; we do not."""
    for place, cell in enumerate(row):
        if cell is None or cell == "":
            continue
        if _is_excel_number(cell):
            outcome = sheet.write_number(number, place, cell)
        else:
            outcome = sheet.write_string(number, place, as_text(cell))
        if outcome == -1:
            raise ListProblem("the list has more rows or columns than Excel can hold: write .csv or .parquet")
        if outcome == -2:
            raise ListProblem(f"row {number + 1} has a text too long for Excel: write .csv or .parquet")


def _is_excel_number(cell: Cell) -> bool:
    """Excel keeps fifteen digits; a longer number is safe only as a text."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return False
    return math.isfinite(cell) and abs(cell) < _EXCEL_DIGITS


def _write_parquet(path: Path, names: Sequence[str], rows: Rows) -> None:
    """All columns are text, so that no column changes its type in the middle of a list."""
    parts: list[Path] = []
    for frame in _frames(names, rows):
        parts.append(path.with_name(f"part-{len(parts)}.parquet"))
        frame.write_parquet(parts[-1])
    pl.scan_parquet(parts, glob=False).sink_parquet(path)


def _frames(names: Sequence[str], rows: Rows) -> Iterator[pl.DataFrame]:
    """At least one frame: an empty list has columns too."""
    schema = dict.fromkeys(names, pl.String)
    source = iter(rows)
    while True:
        texts = [_texts(names, row) for row in islice(source, _SLICE)]
        yield pl.DataFrame(texts, schema=schema, orient="row")
        if len(texts) < _SLICE:
            return


def _texts(names: Sequence[str], row: Sequence[Cell]) -> list[str | None]:
    _check_width(names, row)
    return [None if cell is None else as_text(cell) for cell in row]


def _check_width(names: Sequence[str], row: Sequence[Cell]) -> None:
    if len(row) != len(names):
        raise ValueError(f"a row has {len(row)} cells for {len(names)} columns")


_WRITERS: Mapping[str, Callable[[Path, Sequence[str], Rows], None]] = MappingProxyType(
    {
        ".csv": _write_csv,
        ".jsonl": _write_jsonl,
        ".ndjson": _write_jsonl,
        ".parquet": _write_parquet,
        ".xlsx": _write_workbook,
    }
)
