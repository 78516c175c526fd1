"""Reading a list of people to be enriched.

Promises the same rows whatever the file's format, in the order of the file, CSV and JSON lines in constant memory.
Texts are trimmed and otherwise as the owner wrote them: ``core/identity.py`` makes a contact of a row.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from openenrich.lists.columns import Columns, recognise
from openenrich.lists.files import open_table
from openenrich.lists.table import Table


class Row(msgspec.Struct, frozen=True):
    """One person. ``original`` holds every cell under its column's name, ``extra`` those that mean nothing to us."""

    line: int
    first_name: str | None
    last_name: str | None
    full_name: str | None
    domain: str | None
    company_name: str | None
    linkedin_url: str | None
    extra: Mapping[str, str]
    original: Mapping[str, str]


class PeopleList:
    """A list whose header is understood. Iterating reads the file from the start, each time."""

    def __init__(self, path: Path, table: Table, columns: Columns) -> None:
        self.path = path
        self.columns = columns
        self._table = table

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns in order: what to repeat in the output."""
        return self.columns.names

    def __iter__(self) -> Iterator[Row]:
        for line, cells in self._table.rows():
            yield self._row(line, cells)

    def count(self) -> int:
        """The number of rows. Reads to the end, so that a problem is found before anything is bought."""
        return sum(1 for _ in self._table.rows())

    def _row(self, line: int, cells: Sequence[str]) -> Row:
        names, columns = self.columns.names, self.columns
        return Row(
            line=line,
            first_name=columns.value("first_name", cells),
            last_name=columns.value("last_name", cells),
            full_name=columns.value("full_name", cells),
            domain=columns.value("domain", cells),
            company_name=columns.value("company_name", cells),
            linkedin_url=columns.value("linkedin_url", cells),
            extra={names[place]: cells[place] for place in columns.extra},
            original=dict(zip(names, cells, strict=True)),
        )


def open_list(path: Path, mapping: Mapping[str, str] | None = None) -> PeopleList:
    """The list in a file. ``mapping`` says which column holds a field: ``{"company_name": "Client"}``."""
    table = open_table(path)
    return PeopleList(path, table, recognise(table.header, mapping))


def read_list(path: Path, mapping: Mapping[str, str] | None = None) -> Iterator[Row]:
    """The rows of a list, once; a file or a header that is no good is refused before the first row."""
    return iter(open_list(path, mapping))
