"""Prospeo: the verified work e-mail, and for ten times the price the mobile number, each with a profile.

What surprised us: HTTP 400 carries nearly everything, so the word in ``error_code`` decides, never the status; what
was not bought comes masked with asterisks and ``revealed: false``; a repeat within 90 days is free.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from openenrich.core.company import company_of, headquarters_of
from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, LineType, PhoneFound, Values
from openenrich.core.dates import api_date_of
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.profile import Company, Employment, Profile
from openenrich.core.vendor import (
    SHAPE_ERRORS,
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
    Repeat,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._identity import other_person
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
            charge=Charge.PER_RESULT,
            hit_rate=0.45,
            batch=50,
        ),
        Operation(
            name="mobile",
            returns=frozenset({Field.PHONE}),
            also_returns=frozenset({Field.WORK_EMAIL, Field.PROFILE}),
            needs=(*_NEEDS, frozenset({Known.WORK_EMAIL})),
            credits=10_000,
            charge=Charge.PER_RESULT,
            hit_rate=0.3,
            batch=50,
        ),
    ),
    credit_price=MicroUsd(39_000),
    limits=Limits(per_second=5, per_minute=300, per_day=2000),
    region="unknown",
    repeat=Repeat.ASK_AGAIN,
)
_REASONS = {
    "INVALID_API_KEY": Reason.BAD_KEY,
    "ACCOUNT_RESTRICTED": Reason.BAD_KEY,
    "INSUFFICIENT_CREDITS": Reason.NO_CREDIT,
    "RATE_LIMITED": Reason.RATE_LIMITED,
    "RATE_LIMIT_EXCEEDED": Reason.RATE_LIMITED,
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
    raw_address: str | None = None


class _Job(msgspec.Struct, frozen=True):
    title: str | None = None
    company_name: str | None = None
    current: bool | None = None
    start_year: int | None = None
    start_month: int | None = None
    end_year: int | None = None
    end_month: int | None = None
    departments: tuple[str, ...] | None = None
    seniority: str | None = None


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
    description: str | None = None
    type: str | None = None
    keywords: tuple[str, ...] | None = None
    industry: str | None = None
    employee_count: int | None = None
    employee_range: str | None = None
    founded: int | None = None
    location: _Place | None = None
    linkedin_url: str | None = None


class _Match(msgspec.Struct, frozen=True):
    free_enrichment: bool = False
    person: _Person | None = None
    company: _Company | None = None


class _Answer(_Match, frozen=True):
    error: bool = True
    error_code: str = ""
    response: dict[str, Any] = {}  # the account's own numbers
    matched: tuple[dict[str, Any], ...] = ()
    not_matched: tuple[str, ...] = ()
    invalid_datapoints: tuple[str, ...] = ()


def request(ask: Ask) -> HttpRequest:
    return HttpRequest("POST", "/enrich-person", json={"data": _told(ask), **_flags(ask)})


def request_batch(asks: Sequence[Ask]) -> HttpRequest:
    rows = [{"identifier": ask.row, **_told(ask)} for ask in asks]
    return HttpRequest("POST", "/bulk-enrich-person", json={"data": rows, **_flags(asks[0])})


def _told(ask: Ask) -> dict[str, str]:
    person = ask.contact
    told = {
        "linkedin_url": person.linkedin_url,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "company_website": person.domain,
        "company_name": person.company_name,
        "email": person.work_email,
    }
    return {name: value for name, value in told.items() if value}


def _flags(ask: Ask) -> dict[str, bool]:
    """Without "only" a match is paid for although it has no address, or no number."""
    mobile = ask.operation == "mobile"
    return {"only_verified_email": not mobile, "enrich_mobile": mobile, "only_verified_mobile": mobile}


def read(ask: Ask, response: HttpResponse) -> Reply:
    answer = _decoded(response)
    return answer if isinstance(answer, Refused) else _reply(ask, answer)


def read_batch(asks: Sequence[Ask], response: HttpResponse) -> dict[str, Reply] | Refused:
    answer = _decoded(response)
    if isinstance(answer, Refused):
        return answer
    replies: dict[str, Reply] = dict.fromkeys(answer.not_matched, NotFound())
    replies |= dict.fromkeys(answer.invalid_datapoints, Refused(Reason.INPUT_REFUSED, code="INVALID_DATAPOINTS"))
    matches = {row.get("identifier"): row for row in answer.matched}
    return replies | {ask.row: _row(ask, matches[ask.row]) for ask in asks if ask.row in matches}


def _row(ask: Ask, match: dict[str, Any]) -> Reply:
    """A row that cannot be read leaves the others readable: they are paid for."""
    try:
        return _reply(ask, msgspec.convert(match, type=_Match))
    except SHAPE_ERRORS:
        return Refused(Reason.UNREADABLE)


def _reply(ask: Ask, match: _Match) -> Reply:
    if match.person is None:
        return NotFound()
    values = _values(match.person, match.company or _Company())
    return other_person(ask, match.person.linkedin_url) or Found(values, _billed(ask, match, values))


def _decoded(response: HttpResponse) -> _Answer | Refused:
    """The word decides; the status only where there is no word (a page of a proxy in front of them)."""
    if response.status >= 300 and not response.body.lstrip().startswith(b"{"):
        return refusal(response) or Refused(Reason.UNREADABLE)
    answer = msgspec.json.decode(response.body, type=_Answer)
    if not answer.error or answer.error_code == "NO_MATCH":
        return answer  # without a person
    reason = _REASONS.get(answer.error_code)
    if reason is None:
        return refusal(response) or Refused(Reason.UNREADABLE)
    # No Retry-After: what is left of the minute is the most that is worth waiting for.
    wait = float(response.headers.get("x-minute-reset-seconds", 1)) if reason is Reason.RATE_LIMITED else None
    return Refused(reason, wait, answer.error_code)


def _billed(ask: Ask, match: _Match, values: Values) -> int | None:
    """Nothing for a repeat, one credit where a mobile was asked for and only an address is shown."""
    if match.free_enrichment or not (values.emails or values.phones):
        return 0
    return 1000 if ask.operation == "mobile" and not values.phones else None


def _values(person: _Person, company: _Company) -> Values:
    email, mobile = person.email or _Value(), person.mobile or _Value()
    claim = EmailClaim.DELIVERABLE if email.status == "VERIFIED" else EmailClaim.UNKNOWN
    emails = (EmailFound(email.email, claim=claim),) if email.email and email.revealed else ()
    number = mobile.mobile if mobile.revealed else None
    phones = (PhoneFound(number, LineType.MOBILE, country=mobile.mobile_country_code),) if number else ()
    return Values(emails, phones, _profile(person, _employer(company)))


def _profile(person: _Person, employer: Company | None) -> Profile | None:
    """More is known of the present employer than the history says."""
    place, history = person.location or _Place(), person.job_history or ()
    title = person.current_job_title
    head = next((held for held in history if held.current and held.title == title), _Job(title, current=True))
    earlier = [_position(held, company_of(name=held.company_name)) for held in history if held is not head]
    return profile_of(
        first_name=person.first_name,
        last_name=person.last_name,
        full_name=person.full_name,
        headline=person.headline,
        city=place.city,
        region=place.state,
        nation=place.country,
        linkedin_url=person.linkedin_url,
        skills=person.skills or (),
        current=_position(head, employer),
        jobs=earlier,
    )


def _position(held: _Job, employer: Company | None) -> Employment | None:
    return job_of(
        title=held.title,
        company=employer,
        levels=(held.seniority,) if held.seniority else (),
        role=next(iter(held.departments or ()), None),
        is_current=held.current,
        start_at=api_date_of(held.start_year, held.start_month),
        end_at=api_date_of(held.end_year, held.end_month),
    )


def _employer(company: _Company) -> Company | None:
    place = company.location or _Place()
    return company_of(
        name=company.name,
        website=company.website or company.domain,
        linkedin_url=company.linkedin_url,
        description=company.description,
        founded=company.founded,
        headcount=company.employee_count,
        size=company.employee_range,
        kind=company.type,
        industry=company.industry,
        specialties=company.keywords or (),
        locations=headquarters_of(street=place.raw_address, city=place.city, region=place.state, nation=place.country),
    )


def balance() -> HttpRequest:
    return HttpRequest("GET", "/account-information")


def read_balance(response: HttpResponse) -> Balance | Refused:
    answer = _decoded(response)
    if isinstance(answer, Refused):
        return answer
    return Balance(round(answer.response["remaining_credits"] * 1000), answer.response.get("current_plan") or "")
