"""The employers of the world, and how mail reaches them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

from openenrich.sandbox.addresses import PATTERN_WEIGHTS, PATTERNS, fold
from openenrich.sandbox.places import COUNTRIES, Country
from openenrich.sandbox.trade import KINDS, KINDS_OF_OWNERSHIP, SIZES, STEMS

MAIL_PROVIDERS: Final = {
    "mx.northmail.test": "Northmail",
    "mx.cloudpost.test": "Cloudpost",
    "mx.letterbox.test": "Letterbox",
    "mx.gatekeep.test": "Gatekeep",
    "mx.proofgate.test": "Proofgate",
    "mx.ironsieve.test": "Ironsieve",
    "mx.trendgate.test": "Trendgate",
    "mx.fruitpost.test": "Fruitpost",
    "mx.tradepost.test": "Tradepost",
    "mx.birchmail.test": "Birchmail",
    "mx.ovalhost.test": "Ovalhost",
}
"""Hosts that receive mail for others -> the name a vendor shows."""

_PROVIDER_WEIGHTS: Final = (26, 26, 9, 6, 6, 4, 3, 3, 6, 3, 8)

FREE_MAIL: Final = ("freemail.test", "postbox.test")
"""Hosts of private mailboxes; the mail host of each is its ``mx.``"""

CATCH_ALL_SHARE: Final = 0.2
_SHAPE_FILTERED_SHARE: Final = 0.2
_HOSTED_SHARE: Final = 0.7
_GREYLISTING_SHARE: Final = 0.1
_BLOCKING_SHARE: Final = 0.06


class Mail(StrEnum):
    """What the name servers say about a company's domain."""

    OK = "ok"
    DEAD = "dead"  # the name does not exist
    NULL_MX = "null_mx"  # exists and refuses all mail
    NO_MX = "no_mx"  # exists, without any mail host


class Manner(StrEnum):
    """How a company's mail host treats strangers; what its kind of server does anyway is not said here."""

    TRUTHFUL = "truthful"
    CATCH_ALL = "catch_all"  # takes every name
    SHAPE_FILTERED = "shape_filtered"  # takes every name that looks like one, and refuses random letters
    GREYLISTING = "greylisting"  # tells those who come back
    BLOCKING = "blocking"  # has the asking address on a list, and says nothing about mailboxes


@dataclass(frozen=True, slots=True)
class Company:
    """One employer. ``name`` is without and ``legal_name`` with the legal form."""

    id: int
    name: str
    legal_name: str
    domain: str
    country: Country
    city: str
    region: str
    street: str
    headcount: int
    size: str
    industry: str
    ownership: str
    founded: int
    handle: str
    linkedin_id: int
    pattern: str
    catch_all: bool
    mail: Mail
    mail_host: str
    manner: Manner

    @property
    def linkedin_url(self) -> str:
        return f"https://www.linkedin.com/company/{self.handle}"

    @property
    def mail_provider(self) -> str:
        return MAIL_PROVIDERS.get(self.mail_host, "Self-hosted")


def found_companies(seed: int, count: int) -> tuple[Company, ...]:
    """``count`` companies with different names and domains; the same for the same seed."""
    names = _names(Random(f"{seed}/company names"))
    return tuple(
        _company(Random(f"{seed}/company/{number}"), Random(f"{seed}/mail/{number}"), number, next(names))
        for number in range(count)
    )


def _names(rng: Random) -> Iterator[tuple[str, str]]:
    """Name and industry, every name once; a second round is told apart by a number."""
    pairs = [(stem, kind) for stem in STEMS for kind in KINDS]
    rng.shuffle(pairs)
    lap = 1
    while True:
        for stem, kind in pairs:
            yield (f"{stem} {kind}" if lap == 1 else f"{stem} {kind} {lap}", KINDS[kind])
        lap += 1


def _mail(number: int) -> Mail:
    """By position, so that every world of some size has each kind; the first thirty are sound."""
    odd = {31: Mail.DEAD, 47: Mail.NULL_MX, 63: Mail.NO_MX, 79: Mail.DEAD}
    return odd.get(number, Mail.DEAD if number > 80 and number % 97 == 0 else Mail.OK)


def _company(rng: Random, mail_rng: Random, number: int, named: tuple[str, str]) -> Company:
    name, industry = named
    country = _home(rng, number)
    city, region = rng.choice(country.towns)
    least, most, size, _ = rng.choices(SIZES, [band[3] for band in SIZES])[0]
    handle = name.lower().replace(" ", "-")
    domain = f"{handle}.test" if rng.random() < 0.2 else f"{fold(name)}.test"
    mail = _mail(number)
    host = _mail_host(mail_rng, domain)
    return Company(
        id=number,
        name=name,
        legal_name=f"{name} {rng.choice(country.suffixes)}",
        domain=domain,
        country=country,
        city=city,
        region=region,
        street=f"{rng.randrange(1, 200)} {rng.choice(STEMS)} Street",
        headcount=rng.randrange(least, most + 1),
        size=size,
        industry=industry,
        ownership=rng.choices(tuple(KINDS_OF_OWNERSHIP), tuple(KINDS_OF_OWNERSHIP.values()))[0],
        founded=rng.randrange(1950, 2023),
        handle=handle,
        linkedin_id=2_000_000 + number,
        pattern=rng.choices(tuple(PATTERNS), PATTERN_WEIGHTS)[0],
        catch_all=(catch_all := rng.random() < CATCH_ALL_SHARE and mail is Mail.OK),
        mail=mail,
        mail_host=host,
        manner=_manner(mail_rng, catch_all=catch_all, own_host=host not in MAIL_PROVIDERS),
    )


def _mail_host(rng: Random, domain: str) -> str:
    if rng.random() >= _HOSTED_SHARE:
        return f"mail.{domain}"
    return rng.choices(tuple(MAIL_PROVIDERS), _PROVIDER_WEIGHTS)[0]


def _manner(rng: Random, *, catch_all: bool, own_host: bool) -> Manner:
    """Only hosts of a company's own greylist or block by choice: a provider's would do so for all its customers."""
    draw = rng.random()
    if catch_all:
        return Manner.SHAPE_FILTERED if draw < _SHAPE_FILTERED_SHARE else Manner.CATCH_ALL
    if own_host and draw < _BLOCKING_SHARE:
        return Manner.BLOCKING
    return Manner.GREYLISTING if own_host and draw < _BLOCKING_SHARE + _GREYLISTING_SHARE else Manner.TRUTHFUL


def _home(rng: Random, number: int) -> Country:
    """The first companies visit every country once, so that small worlds are wide as well."""
    countries = tuple(COUNTRIES.values())
    if number < len(countries):
        return countries[number]
    return rng.choices(countries, [country.weight for country in countries])[0]
