"""What a vendor of the sandbox is: its routes, its way to say no, and what a route's function is given.

A route's function is small and takes one `Call`: it validates, looks the person up, bills, and returns an `Answer`.
Keys, limits, faults, latency and the wire are the server's.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from openenrich.sandbox.coverage import Knowledge
from openenrich.sandbox.faults import Window
from openenrich.sandbox.jobs import Job, JobBoard
from openenrich.sandbox.latency import Pace
from openenrich.sandbox.ledger import Ledger
from openenrich.sandbox.people import Person
from openenrich.sandbox.reports import Reports
from openenrich.sandbox.world import World

CREDIT: Final = 1000
_STARTING_CREDITS: Final = 1_000_000
_BEARER: Final = re.compile(r"bearer\s+", re.IGNORECASE)


class Purpose(StrEnum):
    """What a route is for; decides latency and which faults make sense."""

    PAID = "paid"
    POLL = "poll"
    FREE = "free"
    TOKEN = "token"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body as the vendor writes them."""

    body: object
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One call that has passed the door. ``tail`` is the variable part of the path, ``broke`` an empty account."""

    world: World
    vendor: str
    credit_price: int
    ledger: Ledger
    jobs: JobBoard
    reports: Reports
    pace: Pace
    key: str
    query: Mapping[str, str]
    body: Mapping[str, Any]
    tail: str = ""
    broke: bool = False

    def knows(self, person: Person) -> Knowledge:
        return self.world.knowledge(self.vendor, person)

    def bill(self, *question: str, credits_billed: int) -> None:
        """Record a paid question; 0 for a miss."""
        self.ledger.record(self.vendor, question, credits_billed, self.credit_price)

    def balance(self) -> int:
        """Whole credits left."""
        return _STARTING_CREDITS - self.ledger.spent(self.vendor) // CREDIT

    def submit(self, answer: object) -> Job:
        """Start a job that will show ``answer``."""
        ready_at = self.pace.now() + self.pace.job_s(self.vendor)
        return self.jobs.submit(self.vendor, self.key, ready_at, answer)

    def report(self, url: str, body: object, *, at: float, headers: Mapping[str, str] | None = None) -> None:
        """Call back when the sandbox's clock reaches ``at``, usually `Job.ready_at`."""
        self.reports.send(url, body, at, headers or {})

    def ready(self, job: Job) -> bool:
        return self.pace.now() >= job.ready_at


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A path as documented, without the version part of the base address. ``windows`` limit it on its own."""

    method: str
    path: str
    answer: Handler
    purpose: Purpose = Purpose.PAID
    windows: tuple[Window, ...] = ()


KeyOf = Callable[[Mapping[str, str], Mapping[str, str]], str]


@dataclass(frozen=True, slots=True)
class Refusals:
    """A vendor's words. ``no_credit`` is ``None`` where the job tells instead; ``rate_limited`` is told the wait."""

    bad_key: Answer
    no_credit: Answer | None
    rate_limited: Callable[[int], Answer]
    invalid: Answer
    unavailable: Answer


@dataclass(frozen=True, slots=True)
class Desk:
    """One vendor. ``version`` is the part of the documented base address after the host, served with and without."""

    name: str
    version: str
    credit_price: int
    routes: tuple[Route, ...]
    key_of: KeyOf
    refusals: Refusals
    windows: tuple[Window, ...] = ()
    secret: str = "sandbox-key"

    def accepts(self, key: str) -> bool:
        """Any key that begins with ``sandbox-`` is an account."""
        return key.startswith("sandbox-")


def header_key(name: str, *, bearer: bool = False, query: str = "") -> KeyOf:
    """The key in a header, perhaps after ``Bearer``, or else in the query."""

    def key_of(headers: Mapping[str, str], parameters: Mapping[str, str]) -> str:
        key = headers.get(name, "")
        if bearer:
            key = key or _BEARER.sub("", headers.get("Authorization", ""))
        return key or (parameters.get(query, "") if query else "")

    return key_of


def text(source: Mapping[str, Any], *names: str) -> str:
    """The first of these values that is a text with something in it."""
    for name in names:
        value = source.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def rows(value: object) -> list[Mapping[str, Any]]:
    """A list of objects, or nothing at all."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def flag(source: Mapping[str, Any], name: str) -> bool:
    return source.get(name) in {True, "true", "1"}


def full_name_of(source: Mapping[str, Any], first: str = "first_name", last: str = "last_name") -> str:
    """``full_name``, or both parts; nothing when one part is missing."""
    parts = (text(source, first), text(source, last))
    return text(source, "full_name") or (" ".join(parts) if all(parts) else "")
