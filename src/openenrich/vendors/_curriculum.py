"""What several sellers of profiles write alike: dates in three parts, levels of a language, no main position.

Each vendor's file says which part is which; this one only reads the parts.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from openenrich.core.dates import api_date_of
from openenrich.core.profile import Education, Employment

_PROFICIENCY: Final = (
    (("native", "bilingual"), "NATIVE_OR_BILINGUAL"),
    (("full professional", "full_professional"), "FULL_PROFESSIONAL"),
    (("limited",), "LIMITED_WORKING"),
    (("professional",), "PROFESSIONAL_WORKING"),
    (("elementary",), "ELEMENTARY"),
)


class Day(msgspec.Struct, frozen=True):
    """A date as the network's own interface gives it; an unknown part is left out or 0."""

    year: int = 0
    month: int = 0
    day: int = 0

    @property
    def text(self) -> str | None:
        return api_date_of(self.year, self.month, self.day)


def proficiency(phrase: str) -> str | None:
    """The API's word for ``Full professional proficiency`` and its like; ``None`` for what says no level."""
    words = phrase.lower()
    return next((level for marks, level in _PROFICIENCY if any(mark in words for mark in marks)), None)


def latest(jobs: Iterable[Employment | None]) -> Employment | None:
    """Of the positions that go on, the one begun last; of several the one that is named first."""
    going_on = [job for job in jobs if job and job.is_current]
    return max(going_on, key=lambda job: job.start_at or "", default=None)


def study(school: str | None, degree: Iterable[str | None], start: str | None, end: str | None) -> Education:
    """A school; the parts of ``degree`` are kind and subject, each of which may be missing."""
    return Education(school, ", ".join(part for part in degree if part) or None, start, end)
