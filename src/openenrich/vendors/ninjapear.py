"""NinjaPear: the work e-mail from a name and a domain, and the curriculum from an address or a name and an employer.

What surprised us: accounts of the network are neither taken nor returned; a profile costs the same when nobody is found
(404), an e-mail a quarter; a name is matched by its first part, so that the answer may be a namesake at the same
employer; places are codes (``USAUS``, ``US-TX``), of which only US states can be read; 403 is an empty account, 503 a
search that failed. An address may be made from a pattern: it claims nothing. Their reference, under "Person Profile
Endpoint" and "Errors", settled the prices and the rate, and names a second version of the path; their own clients ask
the first, and so do we. That a credit is 2 cents is what clients say.
"""

import re

import msgspec

from openenrich.core.company import company_of
from openenrich.core.contact import EmailFound, Field, Known, Values
from openenrich.core.dates import api_date
from openenrich.core.money import MicroUsd
from openenrich.core.names import same_person
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
from openenrich.vendors._known_parts import read_known
from openenrich.vendors._statuses import refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_EMPLOYED = (_NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME})
_PROFILE = frozenset({Field.PROFILE})
VENDOR = Vendor(
    name="ninjapear",
    title="NinjaPear",
    docs="https://nubela.co/docs",
    base_url="https://nubela.co/api",
    auth=HeaderKey("Authorization", "Bearer "),
    style=Style.SYNC,
    operations=(
        Operation(
            "email",
            frozenset({Field.WORK_EMAIL}),
            (_NAME | {Known.DOMAIN},),
            2000,
            Charge.PER_RESULT,
            hit_rate=0.3,
        ),
        Operation("profile", _PROFILE, _EMPLOYED, 3000, Charge.PER_CALL, hit_rate=0.4),
        Operation(
            "reverse",
            _PROFILE,
            (frozenset({Known.WORK_EMAIL}),),
            3000,
            Charge.PER_CALL,
            optional=_NAME,  # the more is told, the more people are found
            hit_rate=0.4,
        ),
    ),
    credit_price=MicroUsd(20_000),
    limits=Limits(per_minute=50),
    region="unknown",
    timeout_s=100.0,  # as they advise: people are looked for while we wait
    deadline_s=120.0,
)
_STATUSES = {403: Reason.NO_CREDIT}
_EMAIL_MISS = 500
_CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}|[A-Z]{2}[A-Z2-9]{3}")
"""A region or a place as a code: it is no name."""


class _Job(msgspec.Struct, frozen=True):
    role: str | None = None
    company_name: str | None = None
    company_website: str | None = None
    description: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class _School(msgspec.Struct, frozen=True):
    major: str | None = None
    school: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class _Person(msgspec.Struct, frozen=True):
    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    bio: str | None = None
    country: str | None = None
    city: str | None = None
    state: str | None = None
    work_experience: tuple[_Job, ...] = ()
    education: tuple[_School, ...] = ()


class _Address(msgspec.Struct, frozen=True):
    work_email: str | None


def request(ask: Ask) -> HttpRequest:
    person, email = ask.contact, ask.operation == "email"
    told = {
        "work_email": person.work_email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "domain" if email else "employer_website": person.domain or person.company_name,
    }
    query = {name: value for name, value in told.items() if value}
    return HttpRequest("GET", "/v1/employee/work-email" if email else "/v1/employee/profile", query=query)


def read(ask: Ask, response: HttpResponse) -> Reply:
    billed = _billed(response)
    if response.status == 404:
        return NotFound(billed)
    refused = refusal(response, _STATUSES)
    if refused:
        return refused
    if ask.operation == "email":
        address = msgspec.json.decode(response.body, type=_Address).work_email
        found = Values(emails=(EmailFound(address),)) if address else None
        return Found(found, billed) if found else NotFound(_EMAIL_MISS if billed is None else billed)
    return _reply(ask, read_known(response.body, _Person), billed)


def _billed(response: HttpResponse) -> int | None:
    cost = response.headers.get("x-ninjapear-credit-cost")
    return round(float(cost) * 1000) if cost else None


def _reply(ask: Ask, person: _Person, billed: int | None) -> Reply:
    asked = ask.contact
    somebody = bool(person.work_experience or person.education or person.bio)  # else only what we said ourselves
    if not somebody or same_person(asked.first_name, asked.last_name, person.first_name, person.last_name) is False:
        return NotFound(billed)
    return Found(Values(profile=_profile(person)), billed)


def _profile(person: _Person) -> Profile | None:
    jobs = [_position(job) for job in person.work_experience]
    return profile_of(
        first_name=person.first_name,
        last_name=person.last_name,
        full_name=person.full_name,
        description=person.bio,
        city=_place(person.city),
        region=_place(person.state),
        nation=person.country,
        educations=[_study(school) for school in person.education],
        current=latest(jobs),
        jobs=jobs,
    )


def _place(text: str | None) -> str | None:
    code = _CODE.fullmatch(text or "")
    return us_state(text) if code else text


def _position(job: _Job) -> Employment | None:
    start, end = api_date(job.start_date), api_date(job.end_date)
    return job_of(
        title=job.role,
        company=company_of(name=job.company_name, website=job.company_website),
        description=job.description,
        is_current=not end if start or end else None,
        start_at=start,
        end_at=end,
    )


def _study(school: _School) -> Education:
    """The subject is a part of the degree, or the other way round."""
    return study(school.school, (school.major,), api_date(school.start_date), api_date(school.end_date))


def balance() -> HttpRequest:
    return HttpRequest("GET", "/v1/meta/credit-balance")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response, _STATUSES)
    return refused or Balance(round(msgspec.json.decode(response.body)["credit_balance"] * 1000))
