"""What each vendor knows about each person: the market, as one deterministic draw after the other.

Coverages overlap without being equal, differ by region, and some people nobody knows: 14 % have a work e-mail that no
vendor holds, and so on for the other fields. A record may be stale (the previous employer's address) or wrong (another
pattern, which bounces unless the domain takes everything), and the vendor believes it all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import Final

from openenrich.sandbox.addresses import PATTERNS, local_part
from openenrich.sandbox.companies import Company
from openenrich.sandbox.people import Person

UNSEEN_EMAIL: Final = 0.14
UNSEEN_PHONE: Final = 0.30
UNSEEN_PERSONAL: Final = 0.35
UNSEEN_PROFILE: Final = 0.06

_REGIONS: Final[Mapping[str, str]] = {"US": "us", "CA": "us", "AU": "us", "FR": "fr"}


class Record(StrEnum):
    """What a vendor holds for one field of one person."""

    RIGHT = "right"
    STALE = "stale"
    WRONG = "wrong"
    LANDLINE = "landline"
    MASKED = "masked"
    BOOLEAN = "boolean"
    NOTHING = "nothing"


class Claim(StrEnum):
    """What a vendor believes about an address that it holds."""

    VALID = "valid"
    CATCH_ALL = "catch_all"
    RISKY = "risky"


@dataclass(frozen=True, slots=True)
class Share:
    """The share of people with a right value: North America and Australia, France, the rest of Europe."""

    us: float = 0.0
    fr: float = 0.0
    eu: float = 0.0

    def of(self, person: Person) -> float:
        region = _REGIONS.get(person.company.country.code, "eu")
        return self.us if region == "us" else self.fr if region == "fr" else self.eu


@dataclass(frozen=True, slots=True)
class Market:
    """One vendor's coverage. ``flaw`` is what it holds, of ``flawed`` more people, instead of a usable value."""

    email: Share = field(default_factory=Share)
    phone: Share = field(default_factory=Share)
    personal: Share = field(default_factory=Share)
    profile: Share = field(default_factory=Share)
    stale: float = 0.03
    wrong: float = 0.03
    landline: float = 0.0
    flaw: Record = Record.NOTHING
    flawed: float = 0.0


MARKETS: Final[Mapping[str, Market]] = {
    "hunter": Market(email=Share(0.45, 0.38, 0.40)),
    "prospeo": Market(
        email=Share(0.46, 0.40, 0.42),
        phone=Share(0.26, 0.18, 0.20),
        profile=Share(0.70, 0.62, 0.64),
        flaw=Record.MASKED,
        flawed=0.06,
    ),
    "dropcontact": Market(
        email=Share(0.30, 0.68, 0.50), phone=Share(0.04, 0.16, 0.08), landline=0.15, stale=0.01, wrong=0.02
    ),
    "enrow": Market(email=Share(0.46, 0.50, 0.48), stale=0.01, wrong=0.02),
    "icypeas": Market(email=Share(0.44, 0.52, 0.46)),
    "snov": Market(email=Share(0.42, 0.34, 0.38), stale=0.04, wrong=0.04),
    "peopledatalabs": Market(
        email=Share(0.58, 0.28, 0.30),
        phone=Share(0.44, 0.14, 0.18),
        personal=Share(0.46, 0.16, 0.18),
        profile=Share(0.88, 0.70, 0.72),
        stale=0.06,
        landline=0.08,
        flaw=Record.BOOLEAN,
        flawed=0.05,
    ),
    "leadmagic": Market(
        email=Share(0.50, 0.40, 0.44),
        phone=Share(0.32, 0.22, 0.25),
        personal=Share(0.30, 0.20, 0.22),
        profile=Share(0.80, 0.72, 0.74),
        landline=0.07,
    ),
    "apollo": Market(
        email=Share(0.56, 0.34, 0.38),
        phone=Share(0.36, 0.14, 0.18),
        personal=Share(0.24),
        profile=Share(0.86, 0.70, 0.72),
        flaw=Record.MASKED,
        flawed=0.05,
    ),
    "contactout": Market(
        email=Share(0.44, 0.30, 0.32),
        phone=Share(0.30, 0.16, 0.18),
        personal=Share(0.50, 0.30, 0.34),
        profile=Share(0.84, 0.70, 0.72),
        stale=0.05,
    ),
    "rocketreach": Market(
        email=Share(0.48, 0.30, 0.34),
        phone=Share(0.34, 0.14, 0.18),
        personal=Share(0.44, 0.20, 0.24),
        profile=Share(0.80, 0.66, 0.70),
        landline=0.10,
    ),
    "lusha": Market(
        email=Share(0.46, 0.38, 0.42),
        phone=Share(0.38, 0.30, 0.32),
        personal=Share(0.12, 0.06, 0.08),
        profile=Share(0.60, 0.50, 0.54),
        landline=0.08,
    ),
    "kaspr": Market(
        email=Share(0.34, 0.48, 0.42), phone=Share(0.22, 0.36, 0.34), personal=Share(0.14, 0.14, 0.14), landline=0.04
    ),
    "wiza": Market(Share(0.42, 0.30, 0.34), Share(0.30, 0.14, 0.18), Share(0.28, 0.12, 0.14), Share(0.74, 0.64, 0.66)),
    "datagma": Market(Share(0.38, 0.44, 0.40), Share(0.22, 0.24, 0.22), profile=Share(0.60, 0.62, 0.58), landline=0.08),
    "surfe": Market(Share(0.44, 0.46, 0.44), Share(0.28, 0.24, 0.24), profile=Share(0.70, 0.66, 0.66)),
    "lemlist": Market(Share(0.40, 0.46, 0.42), Share(0.22, 0.22, 0.20), landline=0.05),
    "bettercontact": Market(Share(0.56, 0.58, 0.56), Share(0.40, 0.34, 0.34), stale=0.02, wrong=0.02, landline=0.06),
    "findymail": Market(Share(0.48, 0.40, 0.42), Share(us=0.28), profile=Share(0.72, 0.60, 0.62), landline=0.05),
    "anymailfinder": Market(email=Share(0.46, 0.40, 0.42), stale=0.02, wrong=0.02),
    "tomba": Market(email=Share(0.40, 0.34, 0.36)),
    "skrapp": Market(email=Share(0.38, 0.32, 0.34)),
    "voilanorbert": Market(email=Share(0.40, 0.30, 0.34)),
    "getprospect": Market(email=Share(0.36, 0.30, 0.34)),
    "coresignal": Market(email=Share(0.12, 0.08, 0.10), profile=Share(0.84, 0.76, 0.78), stale=0.01, wrong=0.01),
    "enrichlayer": Market(
        phone=Share(0.16, 0.06, 0.08),
        personal=Share(0.20, 0.10, 0.12),
        profile=Share(0.82, 0.76, 0.78),
        stale=0.0,
        wrong=0.0,
        landline=0.04,
    ),
    "linkdapi": Market(profile=Share(0.88, 0.86, 0.86), stale=0.0, wrong=0.0),
    "scrapin": Market(profile=Share(0.84, 0.84, 0.82), stale=0.0, wrong=0.0),
    "crustdata": Market(
        email=Share(0.12, 0.06, 0.08),
        phone=Share(0.28, 0.12, 0.14),
        personal=Share(0.30, 0.14, 0.16),
        profile=Share(0.82, 0.70, 0.72),
        stale=0.01,
        wrong=0.01,
        landline=0.06,
    ),
    "explorium": Market(
        email=Share(0.14, 0.08, 0.10),
        phone=Share(0.30, 0.14, 0.18),
        personal=Share(0.14, 0.08, 0.10),
        profile=Share(0.78, 0.66, 0.68),
        stale=0.01,
        wrong=0.01,
        landline=0.06,
    ),
    "cognism": Market(
        email=Share(0.40, 0.44, 0.50),
        phone=Share(0.30, 0.36, 0.42),
        profile=Share(0.70, 0.70, 0.74),
        landline=0.06,
    ),
    "signalhire": Market(
        email=Share(0.38, 0.30, 0.34),
        phone=Share(0.32, 0.18, 0.22),
        personal=Share(0.44, 0.22, 0.26),
        profile=Share(0.80, 0.68, 0.70),
        landline=0.08,
    ),
    "zoominfo": Market(
        email=Share(0.58, 0.34, 0.38),
        phone=Share(0.44, 0.20, 0.24),
        profile=Share(0.84, 0.60, 0.64),
        landline=0.08,
    ),
    "forager": Market(
        email=Share(0.40, 0.32, 0.34),
        phone=Share(0.34, 0.18, 0.20),
        personal=Share(0.44, 0.24, 0.28),
        profile=Share(0.82, 0.70, 0.72),
        landline=0.05,
    ),
    "nymeria": Market(
        email=Share(0.38, 0.28, 0.30),
        phone=Share(0.26, 0.12, 0.14),
        personal=Share(0.46, 0.24, 0.26),
        profile=Share(0.70, 0.58, 0.60),
        flaw=Record.MASKED,
        flawed=0.03,
    ),
    "uplead": Market(
        email=Share(0.46, 0.32, 0.36),
        phone=Share(0.24, 0.08, 0.10),
        profile=Share(0.60, 0.44, 0.48),
        landline=0.10,
    ),
    "upcell": Market(email=Share(0.40, 0.30, 0.32), phone=Share(0.34, 0.16, 0.18), profile=Share(0.56, 0.44, 0.46)),
    "fullenrich": Market(
        email=Share(0.60, 0.60, 0.58),
        phone=Share(0.44, 0.36, 0.36),
        personal=Share(0.40, 0.24, 0.26),
        profile=Share(0.84, 0.76, 0.76),
        stale=0.02,
        wrong=0.02,
        landline=0.05,
    ),
    "blitz": Market(
        Share(0.42, 0.36, 0.38), Share(us=0.30), profile=Share(0.86, 0.82, 0.82), stale=0.01, wrong=0.02, landline=0.05
    ),
    "fullcontact": Market(
        email=Share(0.20, 0.08, 0.10),
        phone=Share(0.24, 0.04, 0.06),
        personal=Share(0.36, 0.12, 0.14),
        profile=Share(0.50, 0.28, 0.30),
        stale=0.05,
        landline=0.08,
    ),
    "thecompaniesapi": Market(),
    "ninjapear": Market(email=Share(0.32, 0.24, 0.26), profile=Share(0.48, 0.36, 0.40), stale=0.01, wrong=0.06),
}
"""Shares among people who have the value at all."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """One vendor's file on one person. An ``email`` may be stale or wrong; a ``phone`` may be a landline."""

    email_record: Record
    email: str | None
    claim: Claim
    phone_record: Record
    phone: str | None
    personal_record: Record
    personal: str | None
    profile: bool


class Coverage:
    """Deterministic: the same seed, vendor and person always give the same file."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._files: dict[tuple[str, int], Knowledge] = {}

    def knowledge(self, vendor: str, person: Person) -> Knowledge:
        """What ``vendor`` holds; drawn once and kept."""
        key = (vendor, person.id)
        found = self._files.get(key)
        if found is None:
            found = self._files[key] = self._draw(vendor, person)
        return found

    def _draw(self, vendor: str, person: Person) -> Knowledge:
        market = MARKETS[vendor]
        email_record = self._email(vendor, market, person)
        address, company = _address(email_record, person)
        phone_record = self._phone(vendor, market, person)
        personal_record = self._personal(vendor, market, person)
        return Knowledge(
            email_record=email_record,
            email=address,
            claim=self._claim(vendor, email_record, company, person),
            phone_record=phone_record,
            phone=_number(phone_record, person),
            personal_record=personal_record,
            personal=person.personal_email if personal_record is Record.RIGHT else None,
            profile=self._seen("profile", person, UNSEEN_PROFILE)
            and self._chance(vendor, "profile", person) < market.profile.of(person) / (1 - UNSEEN_PROFILE),
        )

    def _email(self, vendor: str, market: Market, person: Person) -> Record:
        right = market.email.of(person) / (1 - UNSEEN_EMAIL) if self._seen("email", person, UNSEEN_EMAIL) else 0.0
        if person.work_email is None:
            right = 0.0
        steps = ((Record.RIGHT, right), (Record.STALE, market.stale), (Record.WRONG, market.wrong))
        record = _pick(self._chance(vendor, "email", person), (*steps, (market.flaw, market.flawed)))
        if record is Record.STALE and not any(job.email for job in person.jobs[1:]):
            return Record.NOTHING
        return record

    def _claim(self, vendor: str, record: Record, company: Company, person: Person) -> Claim:
        """Right addresses are mostly called valid; of the bad ones a quarter, which is 3 % of what is called valid."""
        if company.catch_all:
            return Claim.CATCH_ALL
        believed = 0.25 if record in {Record.STALE, Record.WRONG} else 0.93
        return Claim.VALID if self._chance(vendor, "claim", person) < believed else Claim.RISKY

    def _phone(self, vendor: str, market: Market, person: Person) -> Record:
        if not (market.phone.us or market.phone.eu):
            return Record.NOTHING
        seen = person.mobile is not None and self._seen("phone", person, UNSEEN_PHONE)
        right = market.phone.of(person) / (1 - UNSEEN_PHONE) if seen else 0.0
        landline = market.landline if person.landline else 0.0
        flawed = market.flawed if person.mobile else 0.0
        steps = ((Record.RIGHT, right), (Record.LANDLINE, landline), (market.flaw, flawed))
        return _pick(self._chance(vendor, "phone", person), steps)

    def _personal(self, vendor: str, market: Market, person: Person) -> Record:
        seen = self._seen("personal", person, UNSEEN_PERSONAL)
        right = market.personal.of(person) / (1 - UNSEEN_PERSONAL) if seen else 0.0
        flawed = market.flawed if market.flaw is Record.BOOLEAN else 0.0
        return _pick(self._chance(vendor, "personal", person), ((Record.RIGHT, right), (market.flaw, flawed)))

    def _seen(self, subject: str, person: Person, unseen: float) -> bool:
        return self._chance("anybody", subject, person) >= unseen

    def _chance(self, vendor: str, subject: str, person: Person) -> float:
        """Evenly spread over [0, 1). A hash and not a generator: independent of the order of questions."""
        digest = blake2b(f"{self._seed}/{vendor}/{subject}/{person.id}".encode(), digest_size=6).digest()
        return int.from_bytes(digest) / (1 << 48)


def _pick(chance: float, steps: tuple[tuple[Record, float], ...]) -> Record:
    bound = 0.0
    for record, share in steps:
        bound += share
        if chance < bound:
            return record
    return Record.NOTHING


def _address(record: Record, person: Person) -> tuple[str | None, Company]:
    """The address a record contains, and the company at which it is."""
    if record is Record.STALE:
        job = next(job for job in person.jobs[1:] if job.email)
        return job.email, job.company
    if record is Record.WRONG:
        return _misspelt(person), person.company
    return person.work_email if record in {Record.RIGHT, Record.MASKED} else None, person.company


def _misspelt(person: Person) -> str:
    """The first common pattern that is not the company's: what a vendor guesses without evidence."""
    company = person.company
    pattern = next(name for name in PATTERNS if name != company.pattern)
    return f"{local_part(pattern, person.first_name, person.last_name, german=False)}@{company.domain}"


def _number(record: Record, person: Person) -> str | None:
    if record is Record.LANDLINE:
        return person.landline
    return person.mobile if record in {Record.RIGHT, Record.MASKED} else None
