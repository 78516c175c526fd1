"""The people of the world: who they are, where they work and have worked, and how they can truly be reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final

from openenrich.sandbox.addresses import fold, local_part
from openenrich.sandbox.companies import FREE_MAIL, Company, Mail
from openenrich.sandbox.names import CULTURES, FOUNDERS, Culture
from openenrich.sandbox.places import ABROAD, Range
from openenrich.sandbox.trade import DEGREES, MAJORS, ROLES, SCHOOLS, SKILLS, Role

_THIS_YEAR: Final = 2026
_SUPPRESSED_SHARE: Final = 0.004


@dataclass(frozen=True, slots=True)
class Job:
    """A position held; months as ``YYYY-MM``. ``end`` is ``None`` for the present one."""

    company: Company
    role: Role
    start: str
    end: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class School:
    """Years of study."""

    name: str
    degree: str
    major: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Person:
    """The truth about one invented person. ``jobs`` begins with the present one."""

    id: int
    first_name: str
    last_name: str
    handle: str
    linkedin_id: int
    connections: int
    jobs: tuple[Job, ...]
    schools: tuple[School, ...]
    languages: tuple[tuple[str, int], ...]
    skills: tuple[str, ...]
    personal_email: str
    mobile: str | None
    landline: str | None
    suppressed: bool

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def job(self) -> Job:
        return self.jobs[0]

    @property
    def company(self) -> Company:
        return self.jobs[0].company

    @property
    def work_email(self) -> str | None:
        return self.jobs[0].email

    @property
    def linkedin_url(self) -> str:
        return f"https://www.linkedin.com/in/{self.handle}"


class Registry:
    """What must be handed out once: names at a company, handles, mailboxes, telephone numbers."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def claim(self, key: str) -> bool:
        """True for the first who asks."""
        if key in self._taken:
            return False
        self._taken.add(key)
        return True

    def number(self, plan: str, ranges: Sequence[Range]) -> str | None:
        """The next free number, going round the ranges; ``None`` when all are given away."""
        total = sum(item.size for item in ranges)
        for count in range(self._numbers.get(plan, 0), total):
            lap, place = divmod(count, len(ranges))
            self._numbers[plan] = count + 1
            if self.claim(number := ranges[place].number(lap)):
                return number
        return None


class Census:
    """Draws people one after the other. Two with the same seed draw the same people."""

    def __init__(self, seed: int, companies: Sequence[Company]) -> None:
        self._seed = seed
        self._companies = companies
        self._registry = Registry()
        self._weights = tuple(accumulate(min(company.headcount, 2000) ** 0.5 for company in companies))
        self._of_country: dict[str, list[Company]] = {}
        for company in companies:
            self._of_country.setdefault(company.country.code, []).append(company)

    def person(self, number: int) -> Person:
        """Person ``number``; call with 0, 1, 2, ... in order."""
        rng = Random(f"{self._seed}/person/{number}")
        company, culture, first, last = self._identity(rng, number)
        jobs = self._jobs(rng, company, first, last)
        mobile, landline = self._telephones(rng, company)
        return Person(
            id=number,
            first_name=first,
            last_name=last,
            handle=self._handle(rng, first, last),
            linkedin_id=1_000_000 + number,
            connections=rng.choice((120, 310, 500)),
            jobs=jobs,
            schools=_schools(rng, int(jobs[-1].start[:4])),
            languages=_languages(rng, culture),
            skills=tuple(rng.sample(SKILLS, 4)),
            personal_email=self._personal_email(rng, first, last),
            mobile=mobile,
            landline=landline,
            suppressed=number >= 40 and rng.random() < _SUPPRESSED_SHARE,
        )

    def _identity(self, rng: Random, number: int) -> tuple[Company, Culture, str, str]:
        if number < len(FOUNDERS):
            first, last, culture, country = FOUNDERS[number]
            company = next(item for item in self._of_country[country] if item.mail is Mail.OK)
            self._registry.claim(f"name/{company.id}/{fold(first + last)}")
            return company, CULTURES[culture], first, last
        while True:
            company = rng.choices(self._companies, cum_weights=self._weights)[0]
            cultures = company.country.cultures
            named = CULTURES[rng.choices(tuple(cultures), tuple(cultures.values()))[0]]
            first, last = rng.choice(named.first), _surname(rng, named)
            if self._registry.claim(f"name/{company.id}/{fold(first + last)}"):
                return company, named, first, last

    def _jobs(self, rng: Random, company: Company, first: str, last: str) -> tuple[Job, ...]:
        month = _THIS_YEAR * 12 - rng.randrange(6, 90)
        jobs = [Job(company, rng.choice(ROLES), _month(month), None, self._mailbox(company, first, last))]
        for _ in range(rng.choices((0, 1, 2, 3), (15, 40, 30, 15))[0]):
            before = rng.choice(self._companies)
            end, month = month - rng.randrange(4), month - rng.randrange(12, 60)
            if before.id not in {job.company.id for job in jobs}:
                jobs.append(
                    Job(before, rng.choice(ROLES), _month(month), _month(end), self._mailbox(before, first, last))
                )
        return tuple(jobs)

    def _mailbox(self, company: Company, first: str, last: str) -> str | None:
        """The company's pattern; where the plain form is taken, with a number."""
        if company.mail is not Mail.OK:
            return None
        german = company.country.code == "DE" and company.id % 2 == 0
        local = local_part(company.pattern, first, last, german=german)
        return self._first_free(local, company.domain)

    def _personal_email(self, rng: Random, first: str, last: str) -> str:
        local = rng.choice((f"{fold(first)}.{fold(last)}", f"{fold(first)}{fold(last)[0]}{rng.randrange(60, 100)}"))
        return self._first_free(local, rng.choice(FREE_MAIL))

    def _first_free(self, local: str, domain: str) -> str:
        count = 1
        address = f"{local}@{domain}"
        while not self._registry.claim(address):
            count += 1
            address = f"{local}{count}@{domain}"
        return address

    def _handle(self, rng: Random, first: str, last: str) -> str:
        plain = "-".join(fold(part) for part in (first, last))
        handle = plain if rng.random() < 0.4 else f"{plain}-{rng.randrange(16**6):06x}"
        while not self._registry.claim(f"handle/{handle}"):
            handle = f"{plain}-{rng.randrange(16**8):08x}"
        return handle

    def _telephones(self, rng: Random, company: Company) -> tuple[str | None, str | None]:
        """Own ranges first, then those of people from abroad; a very large world runs out and goes without."""
        country = company.country
        has_mobile, has_landline = rng.random() < country.mobile_share, rng.random() < 0.5
        mobile = landline = None
        if has_mobile:
            mobile = self._registry.number(f"{country.code}/mobile", country.mobiles)
            mobile = mobile or self._registry.number("abroad", ABROAD)
        if has_landline:
            landline = self._registry.number(f"{country.code}/landline", country.landlines)
        return mobile, landline


def _surname(rng: Random, culture: Culture) -> str:
    one = rng.choice(culture.last)
    if rng.random() >= culture.double:
        return one
    two = rng.choice(culture.last)
    return one if two == one or "-" in one + two else f"{one}{culture.joint}{two}"


def _month(months: int) -> str:
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def _schools(rng: Random, first_job: int) -> tuple[School, ...]:
    """Three years for a first degree, two more for a second, before the first job."""
    begin = first_job - 5 - rng.randrange(2)
    count = rng.choices((0, 1, 2), (10, 60, 30))[0]
    years = ((begin, begin + 3), (begin + 3, begin + 5))
    return tuple(
        School(rng.choice(SCHOOLS), DEGREES[place], rng.choice(MAJORS), *years[place]) for place in range(count)
    )


def _languages(rng: Random, culture: Culture) -> tuple[tuple[str, int], ...]:
    native = (culture.language, 5)
    return (native,) if culture.language == "english" else (native, ("english", rng.randrange(2, 6)))
