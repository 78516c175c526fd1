"""Which column of a list is what.

`recognise` promises that a list which passes can be enriched; it leaves what is in the cells to whoever reads
them. The owner of the list may overrule it with a mapping from our field to the header of their column.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from openenrich.lists.problem import ListProblem
from openenrich.lists.spellings import PERSON, field_of, key

# What spreadsheets leave behind where a look-up failed: as good as empty.
_EMPTY = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
_SHOWN = 12


class Columns(msgspec.Struct, frozen=True):
    """The columns of one list: their unique names in order, and the places in which each field is found."""

    names: tuple[str, ...]
    fields: Mapping[str, tuple[int, ...]]

    def __contains__(self, field: object) -> bool:
        return field in self.fields

    def value(self, field: str, cells: Sequence[str]) -> str | None:
        """The first cell of that field which says something."""
        for place in self.fields.get(field, ()):
            text = " ".join(cells[place].replace("\ufeff", "").replace("\u200b", "").split())
            if text and text not in _EMPTY:
                return text
        return None

    @property
    def extra(self) -> tuple[int, ...]:
        """The places of the columns that mean nothing to us and are only kept."""
        taken = {place for places in self.fields.values() for place in places}
        return tuple(place for place in range(len(self.names)) if place not in taken)


def recognise(header: Sequence[str], mapping: Mapping[str, str] | None = None) -> Columns:
    """The columns that say who is meant; raises `ListProblem` when they do not suffice to find anybody."""
    columns = claim(header, PERSON, mapping)
    if "linkedin_url" in columns or (names_somebody(columns) and ("domain" in columns or "company_name" in columns)):
        return columns
    raise ListProblem(
        f"the list needs a column linkedin_url, or first_name + last_name (or full_name) with domain or company_name; "
        f"it has {shown(header)}: rename the columns in its first row or say which is which"
    )


def names_somebody(columns: Columns) -> bool:
    """Whether there are columns for a whole name."""
    return "full_name" in columns or ("first_name" in columns and "last_name" in columns)


def claim(header: Sequence[str], wanted: Sequence[str], mapping: Mapping[str, str] | None = None) -> Columns:
    """The columns of the wanted fields. What the mapping says about a field or a column is the last word."""
    explicit = {field: _places(header, wanted, field, name) for field, name in (mapping or {}).items()}
    taken = {place for places in explicit.values() for place in places}
    claims: dict[str, tuple[int, ...]] = dict(explicit)
    for place, name in enumerate(header):
        field = field_of(name)
        if field in wanted and field is not None and field not in explicit and place not in taken:
            claims[field] = (*claims.get(field, ()), place)
    return Columns(names=unique_names(header), fields=claims)


def unique_names(header: Iterable[str]) -> tuple[str, ...]:
    """Names for every column: an empty one is called by its place, a repeated one is numbered."""
    names: list[str] = []
    taken: set[str] = set()
    for place, raw in enumerate(header, start=1):
        name = base = raw.replace("\ufeff", "").strip() or f"Column {place}"
        count = 1
        while name in taken:
            count += 1
            name = f"{base} ({count})"
        taken.add(name)
        names.append(name)
    return tuple(names)


def shown(header: Sequence[str]) -> str:
    """The header as part of a sentence, short enough for one line."""
    names = [f"'{name.strip()[:40]}'" for name in header[:_SHOWN]]
    more = f" and {len(header) - _SHOWN} more" if len(header) > _SHOWN else ""
    return ", ".join(names) + more


def _places(header: Sequence[str], wanted: Sequence[str], field: str, name: str) -> tuple[int, ...]:
    if field not in wanted:
        raise ListProblem(f"'{field}' is not a field of a list: use one of {', '.join(wanted)}")
    exact = tuple(place for place, seen in enumerate(header) if seen.strip() == name.strip())
    places = exact or tuple(place for place, seen in enumerate(header) if key(seen) == key(name))
    if not places:
        raise ListProblem(f"there is no column '{name}' for {field}: choose one of {shown(header)}")
    return places
