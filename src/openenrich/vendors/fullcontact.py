"""FullContact: everything known about the holder of an account or an address, by one question.

What surprised us: every call is paid for, also one that finds nobody or is refused, and a repeat once more; a key for
trying out answers with ``isSandboxProfile`` and an invented person, which is no hit. A name is of no use without a
street address and is not told. What the answer has depends on the bundles of the account: addresses and numbers come
with some contracts only, as texts or as pairs of label and value. Their page "Response Codes & Errors" settled that
a 403 is a bad key or a used-up quota, which only its message tells apart. Prices are in no list: an estimate.
"""

import msgspec

from openenrich.core.company import company_of
from openenrich.core.contact import EmailFound, EmailKind, Field, Known, LineType, PhoneFound, Values
from openenrich.core.domains import domain, is_free_mail
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.places import parts_of_place
from openenrich.core.profile import Education, Employment, Profile
from openenrich.core.vendor import (
    Ask,
    Charge,
    Found,
    HeaderKey,
    HttpRequest,
    HttpResponse,
    Limits,
    NotFound,
    Operation,
    Reason,
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._curriculum import Day, latest, study
from openenrich.vendors._identity import other_person
from openenrich.vendors._known_parts import read_known
from openenrich.vendors._statuses import refusal

_LINKEDIN = frozenset({Known.LINKEDIN})
_ADDRESS = frozenset({Known.WORK_EMAIL})
VENDOR = Vendor(
    name="fullcontact",
    title="FullContact",
    docs="https://docs.fullcontact.com",
    base_url="https://api.fullcontact.com/v3",
    auth=HeaderKey("Authorization", "Bearer "),
    style=Style.SYNC,
    operations=(
        Operation(
            name="person",
            returns=frozenset(Field) - {Field.COMPANY},
            needs=(_LINKEDIN, _ADDRESS),
            optional=_ADDRESS,  # the more is told, the more people are found
            credits=1000,
            charge=Charge.PER_CALL,
            hit_rate=0.2,
        ),
    ),
    credit_price=MicroUsd(200_000),  # by contract: behind those who publish a price and take nothing for a miss
    limits=Limits(per_minute=6000),
    region="unknown",
    timeout_s=30.0,
    experimental=True,
)


class _Value(msgspec.Struct, frozen=True):
    """An address or a number; without a ``value`` only hashes of one."""

    value: str = ""
    label: str = ""


class _Name(msgspec.Struct, frozen=True):
    given: str | None = None
    family: str | None = None
    full: str | None = None


class _Account(msgspec.Struct, frozen=True):
    url: str | None = None


class _Place(msgspec.Struct, frozen=True):
    city: str | None = None
    region: str | None = None
    country: str | None = None
    countryCode: str | None = None  # noqa: N815 - the vendor's spelling


class _Job(msgspec.Struct, frozen=True):
    name: str | None = None
    domain: str | None = None
    title: str | None = None
    current: bool | None = None
    start: Day = Day()
    end: Day = Day()


class _School(msgspec.Struct, frozen=True):
    name: str | None = None
    degree: str | None = None
    start: Day = Day()
    end: Day = Day()


class _Details(msgspec.Struct, frozen=True):
    name: _Name = _Name()
    emails: tuple[str | _Value, ...] = ()
    phones: tuple[str | _Value, ...] = ()
    profiles: dict[str, _Account] = {}
    locations: tuple[_Place, ...] = ()
    employment: tuple[_Job, ...] = ()
    education: tuple[_School, ...] = ()


class _Person(msgspec.Struct, frozen=True, rename="camel"):
    full_name: str | None = None
    title: str | None = None
    organization: str | None = None
    location: str | None = None
    linkedin: str | None = None
    bio: str | None = None
    details: _Details = _Details()
    is_sandbox_profile: bool = False


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    accounts = [{"service": "linkedin", "url": person.linkedin_url}] if person.linkedin_url else None
    told = {"email": person.work_email, "profiles": accounts}
    return HttpRequest("POST", "/person.enrich", json={name: value for name, value in told.items() if value})


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404:
        return NotFound()
    if response.status == 202:  # they are still looking; to ask again is to pay again
        return Refused(Reason.UNAVAILABLE, code="202")
    used_up = b"quota" in response.body.lower() and b"invalid" not in response.body.lower()
    return refusal(response, {403: Reason.NO_CREDIT} if used_up else {}) or _reply(ask, response)


def _reply(ask: Ask, response: HttpResponse) -> Reply:
    person = read_known(response.body, _Person)
    if person.is_sandbox_profile:
        return NotFound(billed=0)
    emails = (_email(item) for item in person.details.emails)
    phones = (_phone(item) for item in person.details.phones)
    url = person.linkedin or person.details.profiles.get("linkedin", _Account()).url
    values = Values(
        emails=tuple(dict.fromkeys(email for email in emails if "@" in email.address)),
        phones=tuple(dict.fromkeys(phone for phone in phones if phone.number)),
        profile=_profile(person, url),
    )
    return other_person(ask, url) or (Found(values) if values != Values() else NotFound())


def _email(item: str | _Value) -> EmailFound:
    """Unless it is labelled, an address at a host of private mailboxes is the person's own."""
    given = item if isinstance(item, _Value) else _Value(item)
    own = given.label.lower() in {"personal", "home"} or is_free_mail(domain(given.value) or "")
    return EmailFound(given.value, EmailKind.PERSONAL if own and given.label.lower() != "work" else EmailKind.WORK)


def _phone(item: str | _Value) -> PhoneFound:
    given = item if isinstance(item, _Value) else _Value(item)
    return PhoneFound(given.value, LineType.MOBILE if given.label.lower() == "mobile" else LineType.UNKNOWN)


def _profile(person: _Person, url: str | None) -> Profile | None:
    details = person.details
    place = details.locations[0] if details.locations else _place(person.location)
    held = details.employment or (_Job(person.organization, title=person.title, current=True),)
    jobs = [_position(job) for job in held]
    return profile_of(
        first_name=details.name.given,
        last_name=details.name.family,
        full_name=person.full_name or details.name.full,
        description=person.bio,
        city=place.city,
        region=place.region,
        nation=place.countryCode or place.country,
        linkedin_url=url,
        educations=[_study(school) for school in details.education],
        current=latest(jobs),
        jobs=jobs,
    )


def _place(text: str | None) -> _Place:
    """The line of the summary; without a country nobody knows which part is which."""
    city, region, nation = parts_of_place(text)
    return _Place(city, region, nation) if nation else _Place()


def _position(job: _Job) -> Employment | None:
    return job_of(
        title=job.title,
        company=company_of(name=job.name, website=job.domain),
        is_current=job.current,
        start_at=job.start.text,
        end_at=job.end.text,
    )


def _study(school: _School) -> Education:
    return study(school.name, (school.degree,), school.start.text, school.end.text)
