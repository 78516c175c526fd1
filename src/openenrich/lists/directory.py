"""Reading the operator's own directory: people whose addresses and numbers are already known.

Promises that every person has an identity and at least one value; other rows are skipped and counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from openenrich.lists.columns import Columns, claim, names_somebody, shown
from openenrich.lists.files import open_table
from openenrich.lists.problem import ListProblem
from openenrich.lists.spellings import PERSON, VALUES
from openenrich.lists.table import Table


class DirectoryPerson(msgspec.Struct, frozen=True):
    """One known person. ``full_name`` is there for directories that keep the name in one column."""

    first_name: str | None
    last_name: str | None
    full_name: str | None
    work_email: str | None
    personal_email: str | None
    mobile: str | None
    phone: str | None
    title: str | None
    company_name: str | None
    company_domain: str | None
    linkedin_url: str | None
    country: str | None
    city: str | None

    @property
    def is_somebody(self) -> bool:
        return bool(self.linkedin_url or self.full_name or (self.first_name and self.last_name))

    @property
    def has_value(self) -> bool:
        return any(getattr(self, field) for field in VALUES)


class Directory:
    """``people`` can be gone through once; ``skipped`` grows meanwhile and is final afterwards."""

    def __init__(self, table: Table, columns: Columns) -> None:
        self.skipped = 0
        self.people = self._people(table, columns)

    def _people(self, table: Table, columns: Columns) -> Iterator[DirectoryPerson]:
        for _, cells in table.rows():
            person = _person(columns, cells)
            if person.is_somebody and person.has_value:
                yield person
            else:
                self.skipped += 1


def read_directory(path: Path, mapping: Mapping[str, str] | None = None) -> Directory:
    """The directory in a file of any kind that a list may have."""
    table = open_table(path)
    columns = claim(table.header, (*PERSON, *VALUES), mapping)
    if not ("linkedin_url" in columns or names_somebody(columns)):
        raise ListProblem(
            "the directory needs a column linkedin_url, or first_name + last_name (or full_name); "
            f"it has {shown(table.header)}: rename the columns in its first row or say which is which"
        )
    if not any(field in columns for field in VALUES):
        raise ListProblem(
            f"the directory needs at least one column of {', '.join(VALUES)}; "
            f"it has {shown(table.header)}: rename the columns in its first row or say which is which"
        )
    return Directory(table, columns)


def _person(columns: Columns, cells: Sequence[str]) -> DirectoryPerson:
    values = {field: columns.value(field, cells) for field in (*PERSON, *VALUES)}
    domain = values.pop("domain")
    return DirectoryPerson(**values, company_domain=domain)
