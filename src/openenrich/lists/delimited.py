"""CSV and its relatives, read in constant memory.

Promises that no row is read askew: a separator that does not fit, a quote that is never closed or a value beyond
the last column stops the list with the line, because a shifted row would be bought for the wrong person.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from openenrich.lists.problem import ListProblem
from openenrich.lists.spellings import known
from openenrich.lists.table import Line, Table, fitted, is_blank, named

_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_LINE = 10_000_000
# Bytes that are not text are decoded to lone surrogates, so that the line they stand in can be named.
_BROKEN = re.compile(r"[\ud800-\udfff]")
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


def read_delimited(path: Path) -> Table:
    """The table in a CSV file; the separator is the one under which the header makes most sense."""
    delimiter, line, header = _sniff(path)
    _refuse_single_column(header)

    def rows() -> Iterator[Line]:
        for number, cells in _records(path, delimiter):
            if number > line:
                yield number, _aligned(number, cells, len(header))

    return Table(header=header, rows=rows)


def _sniff(path: Path) -> tuple[str, int, tuple[str, ...]]:
    """The separator, the line of the header and the header itself."""
    best: tuple[tuple[int, int], str, int, tuple[str, ...]] | None = None
    problem = ListProblem("the file is empty: put a row with column names first and one person per row below it")
    for delimiter in _DELIMITERS:
        try:
            line, header = _header(path, delimiter)
        except ListProblem as error:
            problem = error
            continue
        score = (known(header), len(header))
        if _says_something(header) and (best is None or score > best[0]):
            best = (score, delimiter, line, header)
    if best is None:
        raise problem
    return best[1:]


def _says_something(header: Sequence[str]) -> bool:
    """Whether there is more in the header than separators of another kind."""
    return any(letter.isalnum() for name in header for letter in name)


def _header(path: Path, delimiter: str) -> tuple[int, tuple[str, ...]]:
    """The first row, or the second where the first is the ``sep=;`` that Excel writes."""
    records = _records(path, delimiter)
    for number, cells in records:
        announced = _SEP.fullmatch(delimiter.join(cells))
        if announced is None:
            return number, named(cells)
        if announced[1] != delimiter:
            break
    return 0, ()


def _records(path: Path, delimiter: str) -> Iterator[Line]:
    """The rows that are not blank, each with the line on which it begins."""
    encoding, errors = _encoding(path)
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        reader = csv.reader(_lines(file, path), delimiter=delimiter, strict=True)
        while True:
            start = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                raise ListProblem(
                    f"the quotes of the row that begins on line {start} do not match: close the quote, "
                    "and write a quote inside a quoted cell twice"
                ) from None
            if not is_blank(cells):
                yield start, cells


def _encoding(path: Path) -> tuple[str, str]:
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(b"PK\x03\x04"):
        raise ListProblem(f"'{path.name}' is an Excel workbook: give it the ending .xlsx")
    if start in {b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"}:
        return "utf-32", "surrogatepass"
    if start[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16", "surrogatepass"
    return "utf-8-sig", "surrogateescape"


def _lines(file: TextIO, path: Path) -> Iterator[str]:
    """The lines of the file, checked for what no list of people contains."""
    number = 0
    while True:
        number += 1
        try:
            line = file.readline(_LONGEST_LINE)
        except UnicodeDecodeError:
            raise _undecodable(path, number) from None
        if not line:
            return
        if len(line) == _LONGEST_LINE:
            raise ListProblem(f"line {number} never ends: save the list as CSV with one person per line")
        if "\0" in line:
            raise ListProblem(
                f"line {number} contains a NUL byte, so this is no plain text: save the list again as 'CSV UTF-8'"
            )
        if not line.isascii() and _BROKEN.search(line):
            raise _undecodable(path, number)
        yield line


def _undecodable(path: Path, line: int) -> ListProblem:
    return ListProblem(f"line {line} of '{path.name}' is not valid text: save the list again as 'CSV UTF-8'")


def _refuse_single_column(header: tuple[str, ...]) -> None:
    """Say what is wrong when a whole header ended up in one cell."""
    if len(header) != 1 or known(header):
        return
    for separator in sorted(set(re.findall(r"\W", header[0]))):
        if known(header[0].split(separator)) > 1:
            raise ListProblem(
                "the first row is one single column with all the names in it: separate the columns with a comma, "
                "a semicolon, a tab or | and put quotes around single cells only"
            )


def _aligned(line: int, cells: Sequence[str], width: int) -> Sequence[str]:
    if len(cells) == width:
        return cells
    if len(cells) == 1 and any(cells[0].count(delimiter) >= width - 1 for delimiter in _DELIMITERS):
        raise ListProblem(
            f"line {line} is one single cell where the header has {width} columns: "
            "use the same separator in every row and put quotes around single cells only"
        )
    row = fitted(cells, width)
    if row is None:
        raise ListProblem(
            f"line {line} has {len(cells)} cells but the header names {width} columns: "
            "put quotes around cells that contain the separator, or name the missing column"
        )
    return row
