"""Blitz: work e-mail, US mobile number and whole profile from the account, and the profile behind an address.

What surprised us: the headline is made of title and employer by them, so that it is nobody's own and is left aside; the
person behind an address stands one level deeper than the one behind an account; a 404 may speak of the key. Their page
"Plans & Pricing" settled that every item returned counts as one record and a miss as none, and that a plan is flat: the
price here is the one of the smallest plan, 99 dollars for 200,000. ``fair_usage`` in the answers counts the records of
the month, as far as can be seen, and not those of the call. Further addresses of an answer belong to former employers.
"""

import msgspec

from openenrich.core.company import company_of
from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, PhoneFound, Values
from openenrich.core.dates import api_date
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.places import us_state
from openenrich.core.profile import Education, Employment, Profile
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
from openenrich.vendors._curriculum import latest, study
from openenrich.vendors._identity import other_person
from openenrich.vendors._known_parts import read_known
from openenrich.vendors._statuses import refusal

_LINKEDIN = frozenset({Known.LINKEDIN})
_ADDRESS = frozenset({Known.WORK_EMAIL})


def _operation(name: str, field: Field, need: frozenset[Known], hits: float) -> Operation:
    return Operation(name, frozenset({field}), (need,), 1000, Charge.PER_RESULT, hit_rate=hits)


VENDOR = Vendor(
    name="blitz",
    title="Blitz API",
    docs="https://docs.blitz-api.ai",
    base_url="https://api.blitz-api.ai/v2",
    auth=HeaderKey("x-api-key"),
    style=Style.SYNC,
    operations=(
        _operation("email", Field.WORK_EMAIL, _LINKEDIN, 0.4),
        _operation("mobile", Field.PHONE, _LINKEDIN, 0.15),
        _operation("profile", Field.PROFILE, _LINKEDIN, 0.8),
        _operation("reverse", Field.PROFILE, _ADDRESS, 0.4),
    ),
    credit_price=MicroUsd(495),
    limits=Limits(per_second=10),  # of the smallest plan, for each of the questions
    region="unknown",
    timeout_s=30.0,
)
_PATHS = {
    "email": "/enrichment/email",
    "mobile": "/enrichment/phone",
    "profile": "/enrichment/person",
    "reverse": "/enrichment/email-to-person",
}
_REST_S = 60.0
"""How long their own client waits after a 429 that says nothing."""


class _Place(msgspec.Struct, frozen=True):
    city: str | None = None
    state_code: str | None = None
    country_code: str | None = None


class _Job(msgspec.Struct, frozen=True):
    job_title: str | None = None
    company_name: str | None = None
    company_linkedin_url: str | None = None
    company_linkedin_id: int | None = None
    company_domain: str | None = None
    job_description: str | None = None
    job_start_date: str | None = None
    job_end_date: str | None = None
    job_is_current: bool | None = None


class _School(msgspec.Struct, frozen=True):
    school_name: str | None = None
    degree: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class _Person(msgspec.Struct, frozen=True):
    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    about_me: str | None = None
    location: _Place = _Place()
    linkedin_url: str | None = None
    connections_count: int | None = None
    experiences: tuple[_Job, ...] = ()
    education: tuple[_School, ...] = ()
    skills: tuple[str, ...] = ()
    person: "_Person | None" = None  # the deeper level


class _Answer(msgspec.Struct, frozen=True):
    found: bool
    email: str | None = None
    phone: str | None = None
    person: _Person = _Person()


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {"person_linkedin_url": person.linkedin_url, "email": person.work_email}
    asked = {name: value for name, value in told.items() if value}
    return HttpRequest("POST", _PATHS[ask.operation], json=asked)


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404:
        return Refused(Reason.BAD_KEY, code="404") if b"key" in response.body.lower() else NotFound()
    if response.status == 429:
        return Refused(Reason.RATE_LIMITED, response.seconds_to_wait() or _REST_S, code="429")
    return refusal(response) or _reply(ask, read_known(response.body, _Answer))


def _reply(ask: Ask, answer: _Answer) -> Reply:
    person = answer.person.person or answer.person
    values = Values(
        emails=(EmailFound(answer.email, claim=EmailClaim.DELIVERABLE),) if answer.email else (),
        phones=(PhoneFound(answer.phone, country="US"),) if answer.phone else (),
        profile=_profile(person),
    )
    if not answer.found or values == Values():
        return NotFound()
    return other_person(ask, person.linkedin_url) or Found(values)


def _profile(person: _Person) -> Profile | None:
    place, jobs = person.location, [_position(job) for job in person.experiences]
    return profile_of(
        first_name=person.first_name,
        last_name=person.last_name,
        full_name=person.full_name,
        description=person.about_me,
        city=place.city,
        region=us_state(place.state_code) if place.country_code == "US" else None,
        nation=place.country_code,
        linkedin_url=person.linkedin_url,
        connections=person.connections_count,
        educations=[_study(school) for school in person.education],
        skills=person.skills,
        current=latest(jobs),
        jobs=jobs,
    )


def _position(job: _Job) -> Employment | None:
    return job_of(
        title=job.job_title,
        company=company_of(
            name=job.company_name,
            website=job.company_domain,
            linkedin_url=job.company_linkedin_url,
            linkedin_number=job.company_linkedin_id,
        ),
        description=job.job_description,
        is_current=job.job_is_current,
        start_at=api_date(job.job_start_date),
        end_at=api_date(job.job_end_date),
    )


def _study(school: _School) -> Education:
    """The subject is a part of the degree."""
    return study(school.school_name, (school.degree,), api_date(school.start_date), api_date(school.end_date))


def balance() -> HttpRequest:
    return HttpRequest("GET", "/account/key-info")


def read_balance(response: HttpResponse) -> Balance | Refused:
    """A number, or the word ``unlimited``."""
    refused = refusal(response)
    if refused:
        return refused
    left = msgspec.json.decode(response.body)["records_remaining"]
    return Balance(None, left) if isinstance(left, str) else Balance(round(left * 1000))
