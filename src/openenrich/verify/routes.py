"""Where a domain's mail goes, by its DNS (email-verification, section 3): hosts with addresses, "nowhere", or unknown.

Promises that "nowhere" is said only when the DNS proves it, that no private address is ever handed out, and that a
host whose addresses could not be found out stays in its place, so that nobody takes a backup host for the first.
Connecting, and what hosts say, is for others.
"""

import asyncio
import ipaddress
import random
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final, Protocol

import idna
import msgspec

from openenrich.verify.resolver import Answer, Kind, Record, Told

_MOST_HOSTS: Final = 10
_MOST_ADDRESSES: Final = 20
_NEVER: Final = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.88.99.0/24",
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "fec0::/10",
        "ff00::/8",
        "224.0.0.0/4",
    )
)
"""What may carry a private address inside or reaches many; the standard library calls some of it global."""


class Outcome(StrEnum):
    TAKES_MAIL = "takes_mail"
    NO_MAIL = "no_mail"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a domain takes no mail, or why that could not be found out."""

    NXDOMAIN = "nxdomain"
    NULL_MX = "null_mx"
    NO_MAIL_HOST = "no_mail_host"
    MX_UNRESOLVABLE = "mx_unresolvable"
    MX_PRIVATE = "mx_private"
    DNS_TEMPORARY = "dns_temporary"
    DNSSEC_BOGUS = "dnssec_bogus"
    NOT_A_NAME = "not_a_name"


class MxHost(msgspec.Struct, frozen=True):
    """One host. No addresses means that they could not be found out just now."""

    name: str
    preference: int
    addresses: tuple[str, ...] = ()


class Published(msgspec.Struct, frozen=True):
    """What the domain itself says of its mail: the hosts' names in order, without their addresses."""

    outcome: Outcome
    reason: Reason | None = None
    hosts: tuple[MxHost, ...] = ()
    implicit: bool = False


class Route(msgspec.Struct, frozen=True):
    """``domain`` is the name that was asked for, in ASCII. ``hosts`` are in the order in which they are tried."""

    domain: str
    outcome: Outcome
    reason: Reason | None = None
    hosts: tuple[MxHost, ...] = ()
    implicit: bool = False
    """There is no MX: the domain's own address takes its mail."""

    @property
    def best_preference(self) -> int:
        """The preference of the hosts that decide; all others are backups."""
        return min((host.preference for host in self.hosts), default=0)


class NameServers(Protocol):
    """What routes need of a resolver. Nothing here raises."""

    async def ask(self, name: str, kind: Kind) -> Answer:
        """The first settled answer, or how the question failed."""

    async def ask_another(self, name: str, kind: Kind, server: str) -> Answer | None:
        """What servers other than this one say; ``None`` when there is no other."""

    async def is_bogus(self, name: str, kind: Kind) -> bool:
        """Whether there is an answer that is held back for its signature."""


class _Place(msgspec.Struct, frozen=True):
    """What is known about one host's addresses."""

    host: MxHost
    private: bool = False
    unsure: bool = False
    server: str = ""
    """Who says that there are none."""


class Routes:
    """Routes by way of a resolver. ``allow_private`` is for tests on one machine."""

    def __init__(self, resolver: NameServers, rng: random.Random, *, allow_private: bool = False) -> None:
        self._resolver = resolver
        self._rng = rng
        self._allow_private = allow_private

    async def find(self, domain: str) -> Route:
        """The way to a domain's mailboxes. Never raises."""
        published = await self.published(domain)
        name = ascii_name(domain) or domain
        if published.outcome is not Outcome.TAKES_MAIL:
            return Route(name, published.outcome, published.reason)
        places = await asyncio.gather(*(self._locate(host) for host in published.hosts))
        if not any(place.host.addresses or place.private or place.unsure for place in places):
            places = await asyncio.gather(*(self._doubt(place) for place in places))
        return self._conclude(name, places, implicit=published.implicit)

    async def published(self, domain: str) -> Published:
        """Whether the domain takes mail, and at which hosts; whether these exist is not looked at. Never raises."""
        name = ascii_name(domain)
        if name is None:
            return Published(Outcome.UNKNOWN, Reason.NOT_A_NAME)
        answer = await self._resolver.ask(name, "MX")
        if answer.told is Told.NO_NAME:
            return Published(Outcome.NO_MAIL, Reason.NXDOMAIN)
        if answer.told is Told.EMPTY:
            return await self._implicit(name)
        if answer.told is not Told.RECORDS:
            return Published(Outcome.UNKNOWN, await self._why_unknown(name, answer))
        hosts = self._in_order(answer.records)
        return Published(Outcome.TAKES_MAIL, hosts=hosts) if hosts else Published(Outcome.NO_MAIL, Reason.NULL_MX)

    async def _implicit(self, name: str) -> Published:
        """No MX: the domain's own address takes its mail, if it has one (RFC 5321, 5.1)."""
        answers = await asyncio.gather(self._resolver.ask(name, "A"), self._resolver.ask(name, "AAAA"))
        if any(answer.told is Told.RECORDS for answer in answers):
            return Published(Outcome.TAKES_MAIL, hosts=(MxHost(name, 0),), implicit=True)
        if all(answer.settled for answer in answers):
            return Published(Outcome.NO_MAIL, Reason.NO_MAIL_HOST)
        return Published(Outcome.UNKNOWN, Reason.DNS_TEMPORARY)

    async def _why_unknown(self, name: str, answer: Answer) -> Reason:
        bogus = answer.told is Told.SERVFAIL and await self._resolver.is_bogus(name, "MX")
        return Reason.DNSSEC_BOGUS if bogus else Reason.DNS_TEMPORARY

    def _in_order(self, records: Sequence[Record]) -> tuple[MxHost, ...]:
        """By preference, equal ones shuffled, each host once; "." is no host."""
        shuffled = list(records)
        self._rng.shuffle(shuffled)
        hosts: dict[str, MxHost] = {}
        for record in sorted(shuffled, key=lambda record: record.preference):
            if record.value:
                hosts.setdefault(record.value, MxHost(record.value, record.preference))
        return tuple(hosts.values())[:_MOST_HOSTS]

    async def _locate(self, host: MxHost) -> _Place:
        answers = await asyncio.gather(self._resolver.ask(host.name, "A"), self._resolver.ask(host.name, "AAAA"))
        return self._place(host, answers)

    async def _doubt(self, place: _Place) -> _Place:
        """That a host has no address is believed when another server agrees, or when there is no other."""
        host = place.host
        answers = await asyncio.gather(
            self._resolver.ask_another(host.name, "A", place.server),
            self._resolver.ask_another(host.name, "AAAA", place.server),
        )
        heard = [answer for answer in answers if answer is not None]
        return self._place(host, heard) if heard else place

    def _place(self, host: MxHost, answers: Sequence[Answer]) -> _Place:
        """IPv4 first: many senders' IPv6 addresses have no reverse name."""
        all_found = [record.value for answer in answers for record in answer.records]
        usable = tuple(one for one in all_found if self._allow_private or is_public(one))
        unsure = not usable and not all(answer.settled for answer in answers)
        located = MxHost(host.name, host.preference, usable)
        return _Place(located, bool(all_found) and not usable, unsure, answers[0].server)

    def _conclude(self, name: str, places: Sequence[_Place], *, implicit: bool) -> Route:
        if any(place.host.addresses for place in places):
            kept = [place.host for place in places if place.host.addresses or place.unsure]
            return Route(name, Outcome.TAKES_MAIL, None, tuple(_once(kept)), implicit)
        if any(place.unsure for place in places):
            return Route(name, Outcome.UNKNOWN, Reason.DNS_TEMPORARY)
        private = any(place.private for place in places)
        return Route(name, Outcome.NO_MAIL, Reason.MX_PRIVATE if private else Reason.MX_UNRESOLVABLE)


def ascii_name(domain: str) -> str | None:
    """The form that is asked for (IDNA 2008, UTS 46), or ``None`` for what cannot be a name."""
    name = domain.strip().lower().removesuffix(".")
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode()
        except (idna.IDNAError, UnicodeError):
            return None
    labels = name.split(".")
    fits = len(name) <= 253 and all(1 <= len(label) <= 63 for label in labels)
    return name if fits and all(letter.isalnum() or letter in "-_." for letter in name) else None


def is_public(address: str) -> bool:
    """Whether an address of a mail host may be dialled."""
    ip = ipaddress.ip_address(address)
    return ip.is_global and not any(ip.version == network.version and ip in network for network in _NEVER)


def _once(hosts: Iterable[MxHost]) -> Iterable[MxHost]:
    """Each address once and twenty in all; a host of whose addresses nothing is left is left out."""
    seen: set[str] = set()
    for host in hosts:
        new = [one for one in dict.fromkeys(host.addresses) if one not in seen][: _MOST_ADDRESSES - len(seen)]
        seen.update(new)
        if new or not host.addresses:
            yield MxHost(host.name, host.preference, tuple(new))
