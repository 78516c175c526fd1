"""Dates as vendors write them, turned into the one text form of the API.

Promises ``YYYY-MM-DDTHH:MM:SSZ`` at midnight or ``None``, never a broken date: an unknown or impossible month or day
becomes the first one, for a start as for an end; without a plausible year there is no date. Knows no clock.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMERIC: Final = re.compile(r"(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?(?:[t ]\d{2}:.*)?")
_COMPACT: Final = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})|(?P<year2>\d{4})(?P<month2>\d{1,2})")
_MONTH_YEAR: Final = re.compile(r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})")
_NAMED: Final = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+)?(?P<name>[a-z]{3,9})\.?,?\s+(?:(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?\s+)?"
    r"(?P<year>\d{4})"
)
_LONE_YEAR: Final = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_BETWEEN: Final = re.compile(r"\s*[\u2013\u2014]\s*|\s+-(?:\s+|$)|\s+to\s+|(?<=\d{4})-(?=\d{4})", re.IGNORECASE)
_DURATION: Final = re.compile(r"\s*[\u00b7(].*$")  # "Mar 2022 - Present · 2 yrs 3 mos"
_SINCE: Final = re.compile(r"^since\s+", re.IGNORECASE)
_NOW: Final = frozenset({"", "present", "now", "current", "currently", "today", "ongoing", "date"})


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time; ``end`` is ``None`` while ``is_current``, and also when it is simply not known."""

    start: str | None = None
    end: str | None = None
    is_current: bool = False


def api_date_of(year: int | None, month: int | None = None, day: int | None = None) -> str | None:
    """The API's text for a year, a month or a day."""
    if year is None or not 1900 <= year <= 2100:
        return None
    month_known = month is not None and 1 <= month <= 12
    month = month if month is not None and month_known else 1
    day_known = month_known and day is not None and 1 <= day <= monthrange(year, month)[1]
    day = day if day is not None and day_known else 1
    return f"{year:04}-{month:02}-{day:02}T00:00:00Z"


def api_date(value: str | int | None) -> str | None:
    """The API's text for whatever a vendor calls a date; a time of day is dropped, ``Present`` is no date."""
    text = str(value if value is not None else "").strip().lower()
    return _numeric(text) or _named(text) or _lone_year(text)


def period(text: str | None) -> Period:
    """``"Mar 2022 - Present"`` or ``"2008 - 2012"``; a single date is a start."""
    words = _DURATION.sub("", (text or "").strip())
    parts = _BETWEEN.split(words, maxsplit=1)
    start = api_date(_SINCE.sub("", parts[0]))
    if len(parts) == 1:
        return Period(start, is_current=bool(_SINCE.match(words)) or words.lower() in _NOW - {""})
    if parts[1].strip().lower() in _NOW:
        return Period(start, is_current=True)
    return Period(start, api_date(parts[1]))


def _numeric(text: str) -> str | None:
    if match := _NUMERIC.fullmatch(text) or _MONTH_YEAR.fullmatch(text):
        found = match.groupdict()
        return api_date_of(_int(found["year"]), _int(found["month"]), _int(found.get("day")))
    if match := _COMPACT.fullmatch(text):
        found = match.groupdict()
        return api_date_of(
            _int(found["year"] or found["year2"]), _int(found["month"] or found["month2"]), _int(found["day"])
        )
    return None


def _named(text: str) -> str | None:
    match = _NAMED.fullmatch(text)
    if match is None or match["name"][:3] not in _MONTHS:
        return None
    return api_date_of(_int(match["year"]), _MONTHS.index(match["name"][:3]) + 1, _int(match["day"] or match["day2"]))


def _lone_year(text: str) -> str | None:
    """``Summer 2022``: better the year than nothing, but only when there is no doubt which one."""
    years = _LONE_YEAR.findall(text)
    return api_date_of(int(years[0])) if len(years) == 1 else None


def _int(text: str | None) -> int | None:
    return int(text) if text else None
