"""Prospeo: the verified work e-mail, and for ten times the price the mobile number, each with a short profile.

What surprised us: HTTP 400 carries nearly everything, so the word in ``error_code`` decides, never the status; what
was not bought comes masked with asterisks and ``revealed: false``; a repeat within 90 days is free.
"""


import msgspec

from openenrich.core.company import handle_of
from openenrich.core.contact import Field, Known
from openenrich.core.money import MicroUsd
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
    Repeat,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._statuses import refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_NEEDS = (frozenset({Known.LINKEDIN}), _NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME})
VENDOR = Vendor(
    name="prospeo",
    title="Prospeo",
    docs="https://prospeo.io/api-docs/enrich-person",
    base_url="https://api.prospeo.io",
    auth=HeaderKey("X-KEY"),
    style=Style.SYNC,
    operations=(
        Operation(
            name="email",
            returns=frozenset({Field.WORK_EMAIL}),
            also_returns=frozenset({Field.PROFILE}),
            needs=_NEEDS,
            credits=1000,
            charge=Charge.PER_MATCH,
            hit_rate=0.45,
        ),
        Operation(
            name="mobile",
            returns=frozenset({Field.PHONE}),
            also_returns=frozenset({Field.WORK_EMAIL, Field.PROFILE}),
            needs=_NEEDS,
            credits=10_000,
            charge=Charge.PER_MATCH,
            hit_rate=0.3,
        ),
    ),
    credit_price=MicroUsd(39_000),
    limits=Limits(per_second=5, per_minute=300, per_day=2000),
    region="unknown",
    timeout_s=30.0,
    repeat=Repeat.ASK_AGAIN,
)
_REASONS = {
    "INVALID_API_KEY": Reason.BAD_KEY,
    "ACCOUNT_RESTRICTED": Reason.BAD_KEY,
    "INSUFFICIENT_CREDITS": Reason.NO_CREDIT,
    "RATE_LIMITED": Reason.RATE_LIMITED,
    "INVALID_DATAPOINTS": Reason.INPUT_REFUSED,
    "INVALID_REQUEST": Reason.INPUT_REFUSED,
    "INTERNAL_ERROR": Reason.UNAVAILABLE,
}


class _Value(msgspec.Struct, frozen=True):
    """An address or a number; ``revealed`` alone says whether it is one."""

    revealed: bool = False
    status: str | None = None
    email: str | None = None
    mobile: str | None = None
    mobile_country_code: str | None = None


class _Place(msgspec.Struct, frozen=True):
    city: str | None = None
    state: str | None = None
    country: str | None = None
    country_code: str | None = None
    raw_address: str | None = None


class _Job(msgspec.Struct, frozen=True):
    """An entry of the history. Its members are not documented; those that are absent are left out."""

    title: str | None = None
    company_name: str | None = None
    current: bool | None = None
    start_year: int | None = None
    start_month: int | None = None
    end_year: int | None = None
    end_month: int | None = None
    seniority: str | None = None
    departments: tuple[str, ...] | None = None


class _Person(msgspec.Struct, frozen=True):
    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    linkedin_url: str | None = None
    current_job_title: str | None = None
    headline: str | None = None
    job_history: tuple[_Job, ...] | None = None
    skills: tuple[str, ...] | None = None
    location: _Place | None = None
    mobile: _Value | None = None
    email: _Value | None = None


class _Company(msgspec.Struct, frozen=True):
    name: str | None = None
    website: str | None = None
    domain: str | None = None
    industry: str | None = None
    employee_count: int | None = None
    employee_range: str | None = None
    founded: int | None = None
    location: _Place | None = None
    linkedin_url: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    error: bool
    error_code: str = ""
    free_enrichment: bool = False
    person: _Person | None = None
    company: _Company | None = None


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {
        "linkedin_url": person.linkedin_url,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "company_website": person.domain,
        "company_name": person.company_name,
    }
    data = {name: value for name, value in told.items() if value}
    return HttpRequest("POST", "/enrich-person", json={"data": data, "enrich_mobile": ask.operation == "mobile"})


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status >= 500:
        return refusal(response) or NotFound()
    answer = msgspec.json.decode(response.body, type=_Answer)
    if answer.error:
        return _failure(answer.error_code)
    if answer.person is None:
        return NotFound()
    given, asked = handle_of(answer.person.linkedin_url), ask.contact.linkedin_handle
    if given and asked and given != asked.lower():
        return Refused(Reason.UNREADABLE, code="other_person")
    billed = 0 if answer.free_enrichment else None
    return Found(_values(answer.person, answer.company or _Company()), billed=billed)
