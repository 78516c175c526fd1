"""Dropcontact: work e-mail with phones and a short profile, as a batch of one row that is polled.

What surprised us: "not ready" is a 200 with ``success: false``, and an unknown job looks the same; a 403 means too few
credits; absent values are absent members; the qualification of an address is two words joined by ``@``.
"""

from collections.abc import Sequence

import msgspec

from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, LineType, PhoneFound, Values
from openenrich.core.money import MicroUsd
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
from openenrich.vendors._jobs import job
from openenrich.vendors._short_profile import short_profile
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
        ),
    ),
    credit_price=MicroUsd(160_000),
    limits=Limits(per_second=30),  # 60 a second for submissions and polls together
    poll_limits=Limits(per_second=30),
    region="EU",
    deadline_s=75.0,
    poll_every_s=30.0,
)
_STATUSES = {403: Reason.NO_CREDIT}
_UNUSABLE = frozenset({"disposable", "perso", "school"})


class _Email(msgspec.Struct, frozen=True):
    email: str
    qualification: str


class _Row(msgspec.Struct, frozen=True):
    """A person in a result; in the answer to a submission only ``errors``, for a rejected row."""

    email: tuple[_Email, ...] = ()
    phone: str | None = None
    mobile_phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    job: str | None = None
    company: str | None = None
    website: str | None = None
    linkedin: str | None = None
    country: str | None = None
    errors: dict[str, object] | None = None


class _Answer(msgspec.Struct, frozen=True):
    success: bool
    error: bool
    request_id: str | None = None
    data: tuple[_Row, ...] = ()


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "website": person.domain,
        "company": person.company_name,
        "linkedin": person.linkedin_url,
    }
    row = {name: value for name, value in told.items() if value}
    return HttpRequest("POST", "/enrich/all", json={"data": [row], "siren": False, "language": "en"})


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    refused = refusal(response, _STATUSES)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    faults = sorted(fault for row in answer.data for fault in row.errors or {})
    if answer.error or faults:
        return Refused(Reason.INPUT_REFUSED, code=faults[0] if faults else "error")
    return job(VENDOR, answer.request_id)


def poll(tokens: Sequence[str]) -> HttpRequest:
    return HttpRequest("GET", f"/enrich/all/{tokens[0]}")


def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    refused = poll_refusal(tokens, response, _STATUSES)
    if refused is not None:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    if answer.error:
        return {tokens[0]: Refused(Reason.UNAVAILABLE, code="error", final=True)}
    return {tokens[0]: _reply(answer.data[0])} if answer.success else {}


def _reply(row: _Row) -> Reply:
    if any(email.qualification.lower().startswith("do_not_contact") for email in row.email):
        return Refused(Reason.SUPPRESSED, code="do_not_contact", final=True)
    emails = tuple(found for found in map(_judged, row.email) if found)
    mobile = PhoneFound(row.mobile_phone, LineType.MOBILE, country=row.country) if row.mobile_phone else None
    fixed = PhoneFound(row.phone, country=row.country) if row.phone else None
    phones = tuple(phone for phone in (mobile, fixed) if phone)
    if not emails and not phones:
        return NotFound()  # the rest of the row may be what we said ourselves
    profile = short_profile(
        first_name=row.first_name,
        last_name=row.last_name,
        title=row.job,
        company_name=row.company,
        company_website=row.website,
        linkedin_url=row.linkedin,
        nation=row.country,
    )
    return Found(Values(emails, phones, profile))


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
