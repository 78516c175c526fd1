"""Excel workbooks, read whole: the first visible sheet that has anything in it.

The reader lays a sheet out as a full rectangle, so one stray cell in the last corner would ask for half a terabyte
and end the process. The cells' positions are therefore looked at before the sheet is opened.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from openenrich.lists.problem import ListProblem
from openenrich.lists.table import Line, Table, as_text, fitted, is_blank, named

# The archive says RuntimeError for a password and for a compression it does not know.
_DAMAGED = (CalamineError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
_MOST_CELLS = 20_000_000
_MOST_BYTES = 2_000_000_000
_CHUNK = 1 << 20
_POSITION = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")


def read_workbook(path: Path) -> Table:
    """The table in a workbook; rows have the numbers that Excel shows beside them."""
    try:
        _refuse_vast_sheets(path)
        sheet = _sheet(path)
    except _DAMAGED:
        raise ListProblem(
            f"'{path.name}' is damaged, protected by a password or no Excel workbook: "
            "open it in Excel and save it as .xlsx without a password"
        ) from None
    line, header = next(_filled(sheet))

    def rows() -> Iterator[Line]:
        for number, cells in _filled(sheet):
            if number > line:
                yield number, _aligned(number, cells, len(named(header)))

    return Table(header=named(header), rows=rows)


def _sheet(path: Path) -> CalamineSheet:
    with CalamineWorkbook.from_path(path) as book:
        for place, sheet in enumerate(book.sheets_metadata):
            if sheet.visible != SheetVisibleEnum.Visible or sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            opened = book.get_sheet_by_index(place)
            if next(_filled(opened), None) is not None:
                return opened
    raise ListProblem(
        "the workbook is empty: put a row with column names first and one person per row below it, on the first sheet"
    )


def _filled(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    for number, values in enumerate(sheet.iter_rows(), start=1):
        cells = [as_text(value) for value in values]
        if not is_blank(cells):
            yield number, cells


def _aligned(line: int, cells: list[str], width: int) -> list[str]:
    row = fitted(cells, width)
    if row is None:
        raise ListProblem(
            f"row {line} has a value beyond the last named column: name that column in the first row, or delete it"
        )
    return list(row)


def _refuse_vast_sheets(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MOST_BYTES:
            raise ListProblem("the workbook is too large to open: save the list as CSV")
        for part in archive.namelist():
            if part.lower().startswith("xl/worksheets/") and _extent(archive, part) > _MOST_CELLS:
                raise ListProblem("the workbook has a cell far away from its table: delete it, or save the list as CSV")


def _extent(archive: zipfile.ZipFile, part: str) -> int:
    """The size of the rectangle from the first cell to the furthest ones."""
    width = height = 0
    kept = b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            text = kept + chunk
            for letters, digits in _POSITION.findall(text):
                width = max(width, _column(letters))
                height = max(height, int(digits))
            kept = text[-40:]
    return width * height


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
