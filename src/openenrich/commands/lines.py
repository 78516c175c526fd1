"""A line of the result: a row of the list with what came of it, in words for its owner.

Why a row cannot be used is found out here, with the same rules by which the server passes it by; the API only says
that it did.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from types import MappingProxyType
from typing import Final, TypeVar

from openenrich.commands.answers import WORDS, Person, Record, Story
from openenrich.commands.runfile import Ended, RunFile
from openenrich.core.contact import Field
from openenrich.core.identity import Defect, normalise
from openenrich.core.money import CREDIT, DOLLAR, credits_as_number
from openenrich.core.outcome import BatchStatus, Email
from openenrich.lists.reader import Row
from openenrich.lists.writer import Cell

PART: Final = 100
"""Rows of the list that go to the server in one request."""

T = TypeVar("T")

COLUMNS: Final = (
    "work_email",
    "work_email_status",
    "personal_email",
    "personal_email_status",
    "mobile",
    "mobile_region",
    "phones",
    "title",
    "company",
    "company_domain",
    "linkedin_url",
    "vendor",
    "credits",
    "vendor_cost_usd",
    "enrichment_status",
    "problem",
)
"""What the result has beside the list's own columns. A name that the list uses itself gets ``found_`` in front."""

_DEFECTS: Final[Mapping[Defect, tuple[str, str]]] = MappingProxyType(
    {
        Defect.NO_FIRST_NAME: ("no first name", "fill in the first name, or a LinkedIn URL"),
        Defect.NO_LAST_NAME: ("no last name", "fill in the last name, or a LinkedIn URL"),
        Defect.NO_COMPANY: ("no company", "fill in the company's domain or name, or a LinkedIn URL"),
        Defect.LINKEDIN_MALFORMED: ("LinkedIn URL is not a person's", "use the form linkedin.com/in/name"),
        Defect.DOMAIN_INVALID: ("domain is not valid", "use the form company.com"),
    }
)


_NO_RECORD: Final = Record()


class LineStatus(StrEnum):
    """What became of a row."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    BAD_ROW = "bad_row"
    NO_CREDITS = "no_credits"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Line:
    """A row and its result. ``defect`` says why nothing was asked; ``story`` is missing where nothing was sent."""

    row: Row
    status: LineStatus
    record: Record = _NO_RECORD
    story: Story | None = None
    defect: Defect | None = None

    @property
    def name(self) -> str:
        """The person as the list has them."""
        row = self.row
        own = row.full_name or " ".join(part for part in (row.first_name, row.last_name) if part)
        return own or (self.record.profile and self.record.profile.full_name) or f"row {row.line}"

    @property
    def reason(self) -> str:
        """Why the row was passed by, in a few words."""
        return "" if self.defect is None else _DEFECTS[self.defect][0]

    @property
    def vendor(self) -> str:
        """Who gave the work address; for lack of one, the other values. ``history``: it was there already."""
        if self.story is None:
            return ""
        for field in WORDS:
            if field not in self.record.contact_info.found():
                continue
            if field in self.story.from_history:
                return "history"
            if field.value in self.story.won:
                return self.story.won[field.value]
        return ""


def defect_of(row: Row) -> Defect | None:
    """Why a row cannot be used, if so."""
    contact = normalise(
        first_name=row.first_name,
        last_name=row.last_name,
        full_name=row.full_name,
        domain=row.domain,
        company_name=row.company_name,
        linkedin_url=row.linkedin_url,
    )
    return contact if isinstance(contact, Defect) else None


def person(row: Row, fields: Sequence[Field]) -> Person:
    """The row as the server is asked about it."""
    return Person(
        enrich_fields=tuple(WORDS[field] for field in fields),
        custom={"row": str(row.line)},
        first_name=row.first_name,
        last_name=row.last_name,
        full_name=row.full_name,
        domain=row.domain,
        company_name=row.company_name,
        linkedin_url=row.linkedin_url,
    )


def parts(rows: Iterable[T]) -> Iterator[tuple[int, list[T]]]:
    """The list in numbered pieces of one request each."""
    source, number = iter(rows), 0
    while part := list(islice(source, PART)):
        yield number, part
        number += 1


def lines(people: Iterable[Row], run: RunFile) -> Iterator[Line]:
    """Every row of the list with what the run knows about it, in order."""
    for number, rows in parts(people):
        ended = run.ended(number)
        for place, row in enumerate(rows):
            yield _line(row, place, ended)


def _line(row: Row, place: int, ended: Ended | None) -> Line:
    defect = defect_of(row)
    if ended is None or place >= len(ended.result.data):
        return Line(row, LineStatus.BAD_ROW if defect else LineStatus.NO_CREDITS, defect=defect)
    record = ended.result.data[place]
    story = ended.stories[place] if place < len(ended.stories) else None
    return Line(row, _status(record, story, defect, ended.result.status), record, story, defect)


def _status(record: Record, story: Story | None, defect: Defect | None, ending: BatchStatus) -> LineStatus:
    if defect is not None:
        return LineStatus.BAD_ROW
    if record.contact_info.found():
        return LineStatus.FOUND
    if story is not None and story.state == "skipped":
        return LineStatus.NO_CREDITS if ending is BatchStatus.CREDITS_INSUFFICIENT else LineStatus.CANCELED
    return LineStatus.NOT_FOUND


def header(names: Sequence[str]) -> tuple[str, ...]:
    """The columns of the result: the list's own, then ours."""
    return (*names, *(f"found_{name}" if name in names else name for name in COLUMNS))


def cells(line: Line) -> tuple[Cell, ...]:
    """The line in the order of `header`."""
    info, profile, story = line.record.contact_info, line.record.profile, line.story
    position = profile.position if profile else None
    company = position.company if position else None
    phone = info.most_probable_phone
    return (
        *line.row.original.values(),
        *_email(info.most_probable_work_email, info.work_emails),
        *_email(info.most_probable_personal_email, info.personal_emails),
        phone.number if phone else None,
        phone.region if phone else None,
        "; ".join(phone.number for phone in info.phones),
        position.title if position else None,
        company.name if company else None,
        company.domain if company else None,
        profile.url if profile else None,
        line.vendor,
        credits_as_number(round(story.credits * CREDIT)) if story else 0,
        story.vendor_cost_micro_usd / DOLLAR if story else 0,
        line.status.value,
        problem(line),
    )


def _email(best: Email | None, others: Sequence[Email]) -> tuple[str | None, str | None]:
    """The best address; for lack of one, what the first of the unusable ones is (its status warns)."""
    shown = best or next(iter(others), None)
    return (shown.email, shown.status.value) if shown else (None, None)


def problem(line: Line) -> str:
    """What is wrong with the line and what to do about it; nothing when all is well."""
    if line.defect is not None:
        what, remedy = _DEFECTS[line.defect]
        return f"{what}: {remedy}"
    match line.status:
        case LineStatus.NO_CREDITS:
            return "credits ran out: add some and run the same command again"
        case LineStatus.CANCELED:
            return "canceled: run the same command again"
        case _:
            return ""
