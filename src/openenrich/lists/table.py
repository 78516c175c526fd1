"""A table of texts, whatever the file: the shape in which every format hands over its rows."""

import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

Line = tuple[int, Sequence[str]]
"""Where a row stands in its file, as a person would count, and its cells: as many as the header has."""


@dataclass(frozen=True, slots=True)
class Table:
    """The header and a way to read the rows, which may be used more than once. Blank rows are left out."""

    header: tuple[str, ...]
    rows: Callable[[], Iterator[Line]]


def named(cells: Sequence[str]) -> tuple[str, ...]:
    """The header without the empty columns that spreadsheets save after the last one."""
    width = max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)
    return tuple(cells[:width])


def fitted(cells: Sequence[str], width: int) -> Sequence[str] | None:
    """The row as wide as the header; ``None`` when that would drop a value."""
    if any(cell.strip() for cell in cells[width:]):
        return None
    return [*cells[:width], *([""] * (width - len(cells)))]


def is_blank(cells: Sequence[str]) -> bool:
    return not any(cell.strip() for cell in cells)


def as_text(value: object) -> str:
    """A cell as a person would write it: ``12``, not ``12.0``; an ISO date; nothing for nothing."""
    if value is None:
        return ""
    match value:
        case str():
            return value
        case float():
            return _number(value)
        case dt.date() | dt.time():
            return _moment(value)
        case bool() | list() | dict():
            return msgspec.json.encode(value).decode()
        case _:
            return str(value)


def _moment(value: dt.date | dt.time) -> str:
    """A date is often stored as its first moment."""
    if isinstance(value, dt.datetime) and value.tzinfo is None and value.time() == dt.time():
        return value.date().isoformat()
    return value.isoformat()


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() else repr(value)
