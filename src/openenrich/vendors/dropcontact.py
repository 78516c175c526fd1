"""Dropcontact: work e-mail with phones and a short profile, as a job of one row or of many that is polled.

What surprised us: "not ready" is a 200 with ``success: false``, and an unknown job looks the same; a 403 means too few
credits for all rows together; absent values are absent members; the qualification of an address is two words joined
by ``@``. An older host took the same bodies under ``/batch``; clients that still name it are out of date.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from openenrich.core.company import company_of
from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, LineType, PhoneFound, Values
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of as position_of
from openenrich.core.person import profile_of
from openenrich.core.profile import Profile
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
VENDOR = Vendor(
    name="dropcontact",
    title="Dropcontact",
    docs="https://developer.dropcontact.com",
    base_url="https://api.dropcontact.com/v1",
    auth=HeaderKey("X-Access-Token"),
    style=Style.POLLED,
    operations=(
        Operation(
            name="enrich",
            returns=frozenset({Field.WORK_EMAIL}),
            also_returns=frozenset({Field.PHONE, Field.PROFILE}),
            needs=(_NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME}, frozenset({Known.LINKEDIN})),
            optional=_NAME | {Known.DOMAIN, Known.COMPANY_NAME, Known.LINKEDIN},
            credits=1000,
            charge=Charge.PER_RESULT,
            hit_rate=0.5,
            batch=250,
        ),
    ),
    credit_price=MicroUsd(160_000),
    limits=Limits(per_second=30),  # 60 a second for submissions and polls together
    poll_limits=Limits(per_second=30),
    region="EU",
    deadline_s=180.0,  # many rows take longer than one
    poll_every_s=30.0,
)
_STATUSES = {403: Reason.NO_CREDIT}
_UNUSABLE = frozenset({"disposable", "perso", "school"})


class _Email(msgspec.Struct, frozen=True):
    email: str
    qualification: str


class _Row(msgspec.Struct, frozen=True):
    """A person in a result."""

    email: tuple[_Email, ...] | None = None
    phone: str | None = None
    mobile_phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    job: str | None = None
    job_level: str | None = None
    job_function: str | None = None
    company: str | None = None
    website: str | None = None
    linkedin: str | None = None
    company_linkedin: str | None = None
    industry: str | None = None
    nb_employees: str | None = None
    country: str | None = None


class _Rejected(msgspec.Struct, frozen=True):
    """A row that was not taken, by its place."""

    index: int = 0
    errors: dict[str, object] = {}


class _Taken(msgspec.Struct, frozen=True):
    success: bool
    error: bool
    request_id: str | None = None
    data: tuple[_Rejected, ...] = ()

    def fault(self, place: int) -> str | None:
        return next((fault for row in self.data if row.index == place for fault in sorted(row.errors)), None)


class _Result(msgspec.Struct, frozen=True):
    success: bool
    error: bool
    data: tuple[dict[str, Any], ...] = ()


def request(ask: Ask) -> HttpRequest:
    return _submission([_told(ask)], ask.callback_url)


def request_batch(asks: Sequence[Ask]) -> HttpRequest:
    rows = [{**_told(ask), "custom_fields": {"row": str(place)}} for place, ask in enumerate(asks)]
    return _submission(rows, asks[0].callback_url)


def _told(ask: Ask) -> dict[str, object]:
    person = ask.contact
    told = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "website": person.domain,
        "company": person.company_name,
        "linkedin": person.linkedin_url,
    }
    return {name: value for name, value in told.items() if value}


def _submission(rows: Sequence[object], callback_url: str | None) -> HttpRequest:
    report = {"custom_callback_url": callback_url} if callback_url else {}
    return HttpRequest("POST", "/enrich/all", json={"data": rows, "siren": False, "language": "en", **report})


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    taken = _taken(response)
    return taken if isinstance(taken, Refused) else _submitted(taken, 0, "")


def read_batch(asks: Sequence[Ask], response: HttpResponse) -> dict[str, Reply] | Refused:
    taken = _taken(response)
    if isinstance(taken, Refused):
        return taken
    return {ask.row: _submitted(taken, place, f"#{place}/{len(asks)}") for place, ask in enumerate(asks)}


def _taken(response: HttpResponse) -> _Taken | Refused:
    refused = refusal(response, _STATUSES)
    if refused:
        return refused
    taken = msgspec.json.decode(response.body, type=_Taken)
    return Refused(Reason.INPUT_REFUSED, code=taken.fault(0) or "error") if taken.error else taken


def _submitted(taken: _Taken, place: int, row: str) -> Pending | Refused:
    fault = taken.fault(place)
    if fault:
        return Refused(Reason.INPUT_REFUSED, code=fault)
    waiting = job(VENDOR, taken.request_id)
    return Pending(waiting.token + row, waiting.after_s)


def poll(tokens: Sequence[str]) -> HttpRequest:
    return HttpRequest("GET", f"/enrich/all/{job_of(tokens[0])}")


def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    refused = poll_refusal(tokens, response, _STATUSES)
    if refused is not None:
        return refused
    result = msgspec.json.decode(response.body, type=_Result)
    if result.error:
        return dict.fromkeys(tokens, Refused(Reason.UNAVAILABLE, code="error", final=True))
    return {token: _read_row(_row(token, result.data)) for token in tokens} if result.success else {}


def _row(token: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """By the number that we gave it, else by its place, which only tells while no row is missing."""
    place, _, total = token.partition("#")[2].partition("/")
    if not place:
        return rows[0]
    numbered = {(row.get("custom_fields") or {}).get("row"): row for row in rows}
    if place not in numbered and len(rows) != int(total):
        raise ValueError("rows are missing")
    return numbered.get(place) or rows[int(place)]


def _read_row(row: dict[str, Any]) -> Reply:
    """A row that cannot be read leaves the others readable: they are paid for."""
    try:
        return _reply(msgspec.convert(row, type=_Row))
    except SHAPE_ERRORS:
        return Refused(Reason.UNREADABLE)


def _reply(row: _Row) -> Reply:
    given = row.email or ()
    if any(email.qualification.lower().startswith("do_not_contact") for email in given):
        return Refused(Reason.SUPPRESSED, code="do_not_contact", final=True)
    emails = tuple(found for found in map(_judged, given) if found)
    mobile = PhoneFound(row.mobile_phone, LineType.MOBILE, country=row.country) if row.mobile_phone else None
    fixed = PhoneFound(row.phone, country=row.country) if row.phone else None
    phones = tuple(phone for phone in (mobile, fixed) if phone)
    if not emails and not phones:
        return NotFound()  # the rest of the row may be what we said ourselves
    return Found(Values(emails, phones, _profile(row)), None if emails else 0)


def _profile(row: _Row) -> Profile | None:
    """Without a position and an account there is no profile: the rest is what we said ourselves."""
    if not (row.job or row.company or row.linkedin):
        return None
    employer = company_of(
        name=row.company,
        website=row.website,
        linkedin_url=row.company_linkedin,
        size=row.nb_employees,
        industry=row.industry,
    )
    return profile_of(
        first_name=row.first_name,
        last_name=row.last_name,
        full_name=" ".join(part for part in (row.first_name, row.last_name) if part),
        nation=row.country,
        linkedin_url=row.linkedin,
        current=position_of(
            title=row.job,
            levels=(row.job_level,) if row.job_level else (),
            role=row.job_function,
            company=employer,
            is_current=True,
        ),
    )


def _judged(email: _Email) -> EmailFound | None:
    who, _, where = email.qualification.lower().replace("-", "_").partition("@")
    if where in _UNUSABLE or who == "generic":
        return None
    if where == "invalid":
        return EmailFound(email.email, claim=EmailClaim.INVALID)
    claims = {"nominative": EmailClaim.DELIVERABLE, "catch_all": EmailClaim.CATCH_ALL} if where == "pro" else {}
    return EmailFound(email.email, claim=claims.get(who, EmailClaim.UNKNOWN))


def balance() -> HttpRequest:
    return HttpRequest("GET", "/account/credits")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response, _STATUSES)
    return refused or Balance(round(msgspec.json.decode(response.body)["credits"] * 1000))
