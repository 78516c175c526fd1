"""A scenario of the test farm, as data: DNS records, mail servers, one address, and what is true of it.

The verdicts are the internal ones of the specification; "unknown" is a right verdict wherever nothing was said about
the mailbox.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from openenrich.sandbox.dns import Trouble
from openenrich.sandbox.mail.plausible import looks_like_a_name
from openenrich.sandbox.mail.script import Reply, Script
from openenrich.sandbox.mail.style import Style, script_of
from openenrich.sandbox.mail.styles import POSTFIX

TARGET: Final = "dana.reyes"
"""The local part that most scenarios ask for."""

Records = Mapping[str, tuple[str, ...]]


class Verdict(StrEnum):
    """What may be said about an address in the end."""

    DELIVERABLE = "deliverable"
    PROBABLE = "probable"
    CATCH_ALL = "catch_all"
    INVALID = "invalid"
    INVALID_DOMAIN = "invalid_domain"
    UNKNOWN = "unknown"


DELIVERABLE, PROBABLE, CATCH_ALL, INVALID, INVALID_DOMAIN, UNKNOWN = Verdict


@dataclass(frozen=True, slots=True)
class Book:
    """The recipients of one server: known local parts, names that look like one, and everybody else."""

    known: Mapping[str, Reply]
    stranger: Reply
    plausible: Reply = ""

    def __call__(self, address: str) -> Reply:
        local = address.rpartition("@")[0].lower()
        if local in self.known:
            return self.known[local]
        return self.plausible if self.plausible and looks_like_a_name(local) else self.stranger


@dataclass(frozen=True, slots=True)
class Host:
    """One mail host of a scenario. Without a script nobody listens there; ``ipv6``: it has no other address."""

    script: Script | None
    recipients: Book = field(default_factory=lambda: Book({}, POSTFIX.unknown))
    ipv6: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """``expected`` is right, ``acceptable`` is no mistake; both of the first check.

    Where coming back helps, ``later`` is right ``later_s`` seconds of the farm's time after the first check.
    """

    name: str
    address: str
    expected: Verdict
    acceptable: frozenset[Verdict]
    hosts: Mapping[str, Host]
    records: Mapping[str, Records]
    troubles: Mapping[str, Trouble]
    later: Verdict | None = None
    later_s: float = 0.0

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    @property
    def needs_ipv6(self) -> bool:
        return any(host.ipv6 for host in self.hosts.values())

    def judge(self, verdict: str, *, later: bool = False) -> str:
        """In a word: exact, acceptable or wrong. An unknown where something could be known is acceptable as well."""
        right = self.later if later and self.later else self.expected
        if verdict.lower() == right:
            return "exact"
        return "acceptable" if verdict.lower() in {*self.acceptable, Verdict.UNKNOWN} else "wrong"


def domain_of(name: str) -> str:
    return f"{name.replace('_', '-')}.test"


def one(
    name: str,
    expected: Verdict,
    *,
    style: Style = POSTFIX,
    answer: Reply = "",
    stranger: Reply = "",
    plausible: Reply = "",
    local: str = TARGET,
    or_else: Sequence[Verdict] = (),
    later: tuple[Verdict, float] | None = None,
    **manners: Any,
) -> Scenario:
    """One mail host of a kind, which says ``answer`` to the target; ``manners`` are fields of `Script`."""
    book = Book({local.lower(): answer or style.accepted}, stranger or style.unknown, plausible)
    host = Host(replace(script_of(style), **manners), book)
    return several(name, expected, {host_of(name, style): host}, local=local, or_else=or_else, later=later)


def host_of(name: str, style: Style) -> str:
    """A name of a mail host such as this kind of provider gives."""
    slug = name.replace("_", "-")
    return f"{slug}.{style.suffix}" if style.suffix else f"mx.{slug}.test"


def several(
    name: str,
    expected: Verdict,
    hosts: Mapping[str, Host],
    *,
    local: str = TARGET,
    or_else: Sequence[Verdict] = (),
    mx: Sequence[str] | None = None,
    records: Mapping[str, Records] | None = None,
    troubles: Mapping[str, Trouble] | None = None,
    later: tuple[Verdict, float] | None = None,
    domain: str = "",
    shown: str = "",
) -> Scenario:
    """Any hosts. Without ``mx`` they are the domain's MX in this order, by preference; ``records`` come on top.

    ``shown`` is the domain as people write it, where that is not how name servers have it.
    """
    domain = domain or domain_of(name)
    texts = tuple(f"{10 * place} {host}." for place, host in enumerate(hosts, 1)) if mx is None else tuple(mx)
    own: dict[str, Records] = {domain: {"MX": texts, "TXT": ('"v=spf1 -all"',)}} if texts else {}
    return Scenario(
        name=name,
        address=f"{local}@{shown or domain}",
        expected=expected,
        acceptable=frozenset(or_else) - {expected},
        hosts=hosts,
        records=own | dict(records or {}),
        troubles=troubles or {},
        later=later[0] if later else None,
        later_s=later[1] if later else 0.0,
    )
