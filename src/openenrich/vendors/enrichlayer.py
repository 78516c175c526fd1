"""Enrich Layer (the interface of Proxycurl, which was closed): profile, mobile numbers and personal e-mails.

What surprised us: 403 is an empty account; numbers and addresses are billed one by one; a namesake that their check
discards is billed, and so is every deep search by address, found or not (their OpenAPI). ``skills`` is deprecated and
not asked for. Work e-mails are left out: they arrive by webhook alone, in a form that is not described. Their Python
client still says ``linkedin_profile_url``, as their predecessor did; ``profile_url`` is what the API documents.
"""

import msgspec

from openenrich.core.company import company_of
from openenrich.core.contact import EmailFound, EmailKind, Field, Known, PhoneFound, Values
from openenrich.core.linkedin import url as profile_url
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.profile import Education, Employment, Language, Profile
from openenrich.core.vendor import (
    Ask,
    Balance,
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
from openenrich.vendors._curriculum import Day, latest, proficiency, study
from openenrich.vendors._identity import other_person
from openenrich.vendors._known_parts import read_known
from openenrich.vendors._statuses import refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_LINKEDIN = (frozenset({Known.LINKEDIN}),)
_EMPLOYED = (_NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME})
_ADDRESS = (frozenset({Known.WORK_EMAIL}),)
_PROFILE = frozenset({Field.PROFILE})
_PHONE = frozenset({Field.PHONE})
_PERSONAL = frozenset({Field.PERSONAL_EMAIL})
VENDOR = Vendor(
    name="enrichlayer",
    title="Enrich Layer",
    docs="https://enrichlayer.com/docs",
    base_url="https://enrichlayer.com/api/v2",
    auth=HeaderKey("Authorization", "Bearer "),
    style=Style.SYNC,
    operations=(
        Operation("profile", _PROFILE, _LINKEDIN, 1000, Charge.PER_MATCH, hit_rate=0.8),
        Operation("profile_by_name", _PROFILE, _EMPLOYED, 3000, Charge.PER_MATCH, hit_rate=0.5),
        Operation("reverse", _PROFILE, _ADDRESS, 4000, Charge.PER_CALL, hit_rate=0.4),
        Operation("mobile", _PHONE, _LINKEDIN, 1000, Charge.PER_RESULT, hit_rate=0.2),
        Operation("personal_email", _PERSONAL, _LINKEDIN, 1000, Charge.PER_RESULT, hit_rate=0.3),
    ),
    credit_price=MicroUsd(20_000),  # not published for small plans; the dearer of the known figures
    limits=Limits(per_minute=300),
    region="unknown",
    timeout_s=60.0,  # a profile that is not in their cache is fetched while we wait
    deadline_s=120.0,
)
_PATHS = {
    "profile": "/profile",
    "profile_by_name": "/profile/resolve",
    "reverse": "/profile/resolve/email",
    "mobile": "/contact-api/personal-contact",
    "personal_email": "/contact-api/personal-email",
}
_FLAGS = {
    "profile": {"use_cache": "if-present"},
    "profile_by_name": {"enrich_profile": "enrich"},
    "reverse": {"enrich_profile": "enrich", "lookup_depth": "deep"},
}
_BARE = {"profile_by_name": 2000, "reverse": 3000}
"""What the search alone costs, when there is no profile behind the account, or no account."""
_STATUSES = {403: Reason.NO_CREDIT}


class _Job(msgspec.Struct, frozen=True):
    title: str | None = None
    company: str | None = None
    company_linkedin_profile_url: str | None = None
    description: str | None = None
    starts_at: Day = Day()
    ends_at: Day | None = None


class _School(msgspec.Struct, frozen=True):
    school: str | None = None
    degree_name: str | None = None
    field_of_study: str | None = None
    starts_at: Day = Day()
    ends_at: Day = Day()


class _Language(msgspec.Struct, frozen=True):
    name: str = ""
    proficiency: str = ""


class _Person(msgspec.Struct, frozen=True):
    public_identifier: str = ""
    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    occupation: str | None = None
    headline: str | None = None
    summary: str | None = None
    country: str | None = None
    country_full_name: str | None = None
    city: str | None = None
    state: str | None = None
    connections: int | None = None
    experiences: tuple[_Job, ...] = ()
    education: tuple[_School, ...] = ()
    languages: tuple[str, ...] = ()
    languages_and_proficiencies: tuple[_Language, ...] = ()
    skills: tuple[str, ...] = ()


class _Resolved(msgspec.Struct, frozen=True):
    """``url`` here, ``linkedin_profile_url`` in the predecessor's words."""

    url: str | None = None
    linkedin_profile_url: str | None = None
    profile: _Person = _Person()


class _Numbers(msgspec.Struct, frozen=True):
    numbers: tuple[str, ...]


class _Addresses(msgspec.Struct, frozen=True):
    """``invalid_emails`` beside them are no answer."""

    emails: tuple[str, ...]


def request(ask: Ask) -> HttpRequest:
    person, operation = ask.contact, ask.operation
    told = {
        "profile_url": person.linkedin_url,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "company_domain": person.domain or person.company_name,
        "email": person.work_email,
    }
    query = {name: value for name, value in told.items() if value}
    return HttpRequest("GET", _PATHS[operation], query=query | _FLAGS.get(operation, {}))


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404:
        return NotFound(_BARE[ask.operation] if ask.operation == "reverse" else None)
    refused = refusal(response, _STATUSES)
    if refused:
        return refused
    if ask.operation == "profile":
        return _person(ask, read_known(response.body, _Person))
    if ask.operation in _BARE:
        return _resolved(ask, read_known(response.body, _Resolved))
    return _contact(ask, response.body)


def _contact(ask: Ask, body: bytes) -> Reply:
    """Each value is billed."""
    if ask.operation == "mobile":
        values = Values(phones=tuple(PhoneFound(number) for number in read_known(body, _Numbers).numbers))
    else:
        addresses = read_known(body, _Addresses).emails
        values = Values(tuple(EmailFound(address, EmailKind.PERSONAL) for address in addresses))
    count = len(values.phones + values.emails)
    return Found(values, billed=count * 1000) if count else NotFound()


def _person(ask: Ask, person: _Person) -> Reply:
    url = profile_url(person.public_identifier)
    profile = _profile(person, url) if person.public_identifier else None
    return other_person(ask, url) or (Found(Values(profile=profile)) if profile else NotFound())


def _resolved(ask: Ask, found: _Resolved) -> Reply:
    """Without a profile the account is all that is known, and it costs less."""
    url = found.url or found.linkedin_profile_url
    if not url:
        return NotFound(_BARE[ask.operation])
    profile = _profile(found.profile, url)
    return Found(Values(profile=profile), billed=_BARE[ask.operation] if found.profile == _Person() else None)


def _profile(person: _Person, url: str) -> Profile | None:
    jobs = [_position(job) for job in person.experiences]
    return profile_of(
        first_name=person.first_name,
        last_name=person.last_name,
        full_name=person.full_name,
        headline=person.headline or person.occupation,
        description=person.summary,
        city=person.city,
        region=person.state,
        nation=person.country or person.country_full_name,
        linkedin_url=url,
        connections=person.connections,
        educations=[_study(school) for school in person.education],
        languages=_languages(person),
        skills=person.skills,
        current=latest(jobs),
        jobs=jobs,
    )


def _languages(person: _Person) -> list[Language]:
    levels = {item.name: proficiency(item.proficiency) for item in person.languages_and_proficiencies if item.name}
    return [Language(name, levels.get(name)) for name in levels or person.languages]


def _position(job: _Job) -> Employment | None:
    """A position goes on when it has a beginning and no end."""
    start = job.starts_at.text
    return job_of(
        title=job.title,
        company=company_of(name=job.company, linkedin_url=job.company_linkedin_profile_url),
        description=job.description,
        is_current=job.ends_at is None if start or job.ends_at else None,
        start_at=start,
        end_at=job.ends_at.text if job.ends_at else None,
    )


def _study(school: _School) -> Education:
    return study(school.school, (school.degree_name, school.field_of_study), school.starts_at.text, school.ends_at.text)


def balance() -> HttpRequest:
    return HttpRequest("GET", "/credit-balance")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response, _STATUSES)
    return refused or Balance(round(msgspec.json.decode(response.body)["credit_balance"] * 1000))
