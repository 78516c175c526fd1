"""Surfe: the work e-mail, the mobile number or the profile, each out of its own pool of credits, as a job.

What surprised us: the profile is spelled ``linkedinUrl`` in the question and ``linkedInUrl`` in the answer; the kind of
an address is ``emailType`` or ``type``. Used-up credits are a 403 on their page "API responses" and a 402 in their help
centre and changelog: both are read so. Their page "Credits & quotas" settled that a question is paid for only when it
finds something, and counts against the daily quota even when it does not. They sell seats: the prices are estimates.
A job may hold 10 000 people and ends with its slowest: ours hold few. They report to ``https`` alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from openenrich.core.company import company_of
from openenrich.core.contact import EmailClaim, EmailFound, EmailKind, Field, Known, LineType, PhoneFound, Values
from openenrich.core.dates import api_date
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of as position_of
from openenrich.core.person import profile_of
from openenrich.core.places import parts_of_place
from openenrich.core.profile import Employment, Profile
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
    Pending,
    Reason,
    Refused,
    Reply,
    Style,
    Vendor,
    job_of,
)
from openenrich.vendors._jobs import job
from openenrich.vendors._statuses import poll_refusal, refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_NEEDS = (frozenset({Known.LINKEDIN}), _NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME})
_ALL = _NAME | {Known.LINKEDIN, Known.DOMAIN, Known.COMPANY_NAME}  # they find more when they are told more


def _operation(name: str, field: Field, price: int, charge: Charge, hits: float) -> Operation:
    along = frozenset({Field.PROFILE}) - {field}
    returns = frozenset({field})
    return Operation(name, returns, _NEEDS, price * 1000, charge, _ALL, along, hits, batch=100)


VENDOR = Vendor(
    name="surfe",
    title="Surfe",
    docs="https://developers.surfe.com",
    base_url="https://api.surfe.com",
    auth=HeaderKey("Authorization", "Bearer "),
    style=Style.POLLED,
    operations=(
        _operation("email", Field.WORK_EMAIL, 1, Charge.PER_RESULT, 0.45),
        _operation("mobile", Field.PHONE, 10, Charge.PER_RESULT, 0.3),
        _operation("profile", Field.PROFILE, 1, Charge.PER_MATCH, 0.6),
    ),
    credit_price=MicroUsd(50_000),  # an estimate for a seat's e-mails; a mobile is about ten times as dear
    limits=Limits(per_second=5, per_day=2000),  # 10 a second for submissions and polls together
    poll_limits=Limits(per_second=5),
    region="unknown",
    deadline_s=90.0,
    poll_every_s=8.0,  # polls may count against the day
)
_STATUSES = {403: Reason.NO_CREDIT}
_INCLUDED = {"email": {"email"}, "mobile": {"mobile"}, "profile": {"linkedInUrl", "jobHistory"}}
_FIELDS = ("email", "mobile", "linkedInUrl", "jobHistory")
_CLAIMS = {"VALID": EmailClaim.DELIVERABLE, "CATCH_ALL": EmailClaim.CATCH_ALL, "INVALID": EmailClaim.INVALID}
_OPTIONS = {"acceptedEmailType": "professional", "skipMobileEnrichmentIfNoEmailFound": False}


class _Email(msgspec.Struct, frozen=True, rename="camel"):
    email: str
    email_type: str | None = None
    type: str | None = None
    validation_status: str | None = None


class _Mobile(msgspec.Struct, frozen=True, rename="camel"):
    mobile_phone: str
    confidence_score: float | None = None


class _Job(msgspec.Struct, frozen=True, rename="camel"):
    job_title: str | None = None
    company_name: str | None = None
    company_domain: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class _Person(msgspec.Struct, frozen=True, rename="camel"):
    status: str
    first_name: str | None = None
    last_name: str | None = None
    job_title: str | None = None
    company_name: str | None = None
    company_domain: str | None = None
    linked_in_url: str | None = None
    seniorities: tuple[str, ...] | None = None
    departments: tuple[str, ...] | None = None
    country: str | None = None
    location: str | None = None
    emails: tuple[_Email, ...] | None = None
    mobile_phones: tuple[_Mobile, ...] | None = None
    job_history: tuple[_Job, ...] | None = None


class _Result(msgspec.Struct, frozen=True):
    status: str
    people: tuple[dict[str, Any], ...] | None = None


def request(ask: Ask) -> HttpRequest:
    return request_batch([ask])


def request_batch(asks: Sequence[Ask]) -> HttpRequest:
    include = {name: name in _INCLUDED[asks[0].operation] for name in _FIELDS}
    body = {"include": include, "enrichmentOptions": _OPTIONS, "people": [_told(ask) for ask in asks]}
    url = asks[0].callback_url or ""
    notice = {"notificationOptions": {"webhookUrl": url}} if url.startswith("https://") else {}
    return HttpRequest("POST", "/v2/people/enrich", json={**body, **notice})


def _told(ask: Ask) -> dict[str, str]:
    person = ask.contact
    told = {
        "linkedinUrl": person.linkedin_url,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "companyDomain": person.domain,
        "companyName": person.company_name,
        "externalID": ask.row,
    }
    return {name: value for name, value in told.items() if value}


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    return _submitted(response)


def read_batch(asks: Sequence[Ask], response: HttpResponse) -> dict[str, Reply] | Refused:
    taken = _submitted(response)
    if isinstance(taken, Refused):
        return taken
    return {ask.row: Pending(f"{taken.token}#{ask.row}", taken.after_s) for ask in asks}


def _submitted(response: HttpResponse) -> Pending | Refused:
    refused = refusal(response, _STATUSES)
    return refused or job(VENDOR, msgspec.json.decode(response.body, type=dict[str, str])["enrichmentID"])


def poll(tokens: Sequence[str]) -> HttpRequest:
    return HttpRequest("GET", f"/v2/people/enrich/{job_of(tokens[0])}")


def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    refused = poll_refusal(tokens, response, _STATUSES)
    if refused is not None:
        return refused
    result = msgspec.json.decode(response.body, type=_Result)
    if result.status == "FAILED":
        return dict.fromkeys(tokens, Refused(Reason.UNAVAILABLE, code="FAILED", final=True))
    if result.status != "COMPLETED":
        return {}
    people = result.people or ()
    if "#" not in tokens[0]:
        return _answered({tokens[0]: _read_row(people[0])})
    rows = {str(row.get("externalID")): row for row in people}
    return _answered({token: _one_of(rows, token.partition("#")[2]) for token in tokens})


def _answered(replies: Mapping[str, Reply | None]) -> dict[str, Reply]:
    return {token: reply for token, reply in replies.items() if reply}


def _one_of(rows: Mapping[str, dict[str, Any]], row: str) -> Reply | None:
    """A row that is missing or cannot be read leaves the others readable: they are paid for."""
    try:
        return _read_row(rows[row])
    except SHAPE_ERRORS:
        return Refused(Reason.UNREADABLE, code="row", final=True)


def _read_row(row: dict[str, Any]) -> Reply | None:
    """Nothing while the person's own search goes on."""
    person = msgspec.convert(row, type=_Person)
    return None if person.status == "IN_PROGRESS" else _reply(person)


def _reply(person: _Person) -> Reply:
    values = Values(_emails(person), _phones(person), _profile(person))
    return NotFound() if person.status == "NOT_FOUND" or values == Values() else Found(values)


def _emails(person: _Person) -> tuple[EmailFound, ...]:
    return tuple(
        EmailFound(
            email.email,
            EmailKind.PERSONAL if "personal" in {email.email_type, email.type} else EmailKind.WORK,
            _CLAIMS.get(email.validation_status or "", EmailClaim.UNKNOWN),
        )
        for email in person.emails or ()
    )


def _phones(person: _Person) -> tuple[PhoneFound, ...]:
    """The most certain one first."""
    mobiles = sorted(person.mobile_phones or (), key=lambda mobile: -(mobile.confidence_score or 0.0))
    return tuple(PhoneFound(mobile.mobile_phone, LineType.MOBILE) for mobile in mobiles)


def _profile(person: _Person) -> Profile | None:
    """Names and employer may be what we said ourselves; a title or a history is not."""
    if not (person.job_title or person.job_history):
        return None
    city, region, nation = parts_of_place(person.location, person.country)
    history = person.job_history or ()
    head = next((held for held in history if _is_head(held, person)), None)
    head = head or _Job(person.job_title, person.company_name, person.company_domain)
    jobs = [_position(held, person) for held in history]
    now = next((held for held in jobs if held and held.is_current), None)
    return profile_of(
        first_name=person.first_name,
        last_name=person.last_name,
        full_name=" ".join(part for part in (person.first_name, person.last_name) if part),
        city=city,
        region=region,
        nation=nation,
        linkedin_url=person.linked_in_url,
        current=_position(head, person) if person.job_title else now,
        jobs=jobs,
    )


def _is_head(held: _Job, person: _Person) -> bool:
    """The head of the answer describes one present position: more is known of it."""
    return held.job_title == person.job_title and not held.end_date


def _position(held: _Job, person: _Person) -> Employment | None:
    here = _is_head(held, person)
    same = here and held.company_name == person.company_name
    start, end = api_date(held.start_date), api_date(held.end_date)
    return position_of(
        title=held.job_title,
        company=company_of(
            name=held.company_name, website=held.company_domain or (person.company_domain if same else None)
        ),
        levels=(person.seniorities or ()) if here else (),
        role=next(iter(person.departments or ()), None) if here else None,
        is_current=True if here else (not end if start or end else None),
        start_at=start,
        end_at=end,
    )


def balance() -> HttpRequest:
    return HttpRequest("GET", "/v1/credits")


def read_balance(response: HttpResponse) -> Balance | Refused:
    """What is left for e-mails: the larger pool of the two."""
    refused = refusal(response, _STATUSES)
    return refused or Balance(round(msgspec.json.decode(response.body)["totalEmail"] * 1000))
