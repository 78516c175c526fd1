"""BetterContact: the work e-mail or the mobile number, out of a waterfall of its own, as a batch of one row.

What surprised us: a job is done only when it says ``terminated``, whatever the status; an unknown job is a 406; numbers
of credits are texts; a 403 comes from the door in front of them, which dislikes the agents of libraries, and says
nothing about the key. Their page "Credits" settled that with ``verify_catch_all`` only the safe ones of those addresses
are paid for, and that profiles are another product (a tenth of a credit) whose answer is not documented.
"""

from collections.abc import Sequence

import msgspec

from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, PhoneFound, Values
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
_NEEDS = (frozenset({Known.LINKEDIN}), _NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME})
_ALL = _NAME | {Known.LINKEDIN, Known.DOMAIN, Known.COMPANY_NAME}  # each of its own vendors wants something else


def _operation(name: str, field: Field, price: int, hits: float) -> Operation:
    along = frozenset({Field.PROFILE})
    returns = frozenset({field})
    return Operation(name, returns, _NEEDS, price * 1000, Charge.PER_RESULT, _ALL, along, hits)


VENDOR = Vendor(
    name="bettercontact",
    title="BetterContact",
    docs="https://doc.bettercontact.rocks",
    base_url="https://app.bettercontact.rocks/api/v2",
    auth=HeaderKey("X-API-Key"),
    style=Style.POLLED,
    operations=(_operation("email", Field.WORK_EMAIL, 1, 0.6), _operation("mobile", Field.PHONE, 10, 0.4)),
    credit_price=MicroUsd(50_000),
    limits=Limits(per_minute=20),  # 60 a minute for submissions and polls together; abuse blocks the account
    poll_limits=Limits(per_minute=40),
    region="unknown",
    deadline_s=150.0,
    poll_every_s=15.0,
)
_STATUSES = {403: Reason.UNAVAILABLE}
_CLAIMS = {
    "deliverable": EmailClaim.DELIVERABLE,
    "valid": EmailClaim.DELIVERABLE,
    "catch_all_safe": EmailClaim.PROBABLE,
    "catch_all_not_safe": EmailClaim.CATCH_ALL,
    "catch_all": EmailClaim.CATCH_ALL,
    "undeliverable": EmailClaim.INVALID,
}


class _Job(msgspec.Struct, frozen=True):
    success: bool = True
    id: str | None = None
    request_id: str | None = None


class _Row(msgspec.Struct, frozen=True):
    contact_first_name: str | None = None
    contact_last_name: str | None = None
    contact_job_title: str | None = None
    contact_linkedin_profile_url: str | None = None
    contact_email_address: str | None = None
    contact_email_address_status: str | None = None
    contact_phone_number: str | None = None
    company_name: str | None = None
    company_domain: str | None = None
    do_not_contact: bool | None = None


class _Result(msgspec.Struct, frozen=True):
    status: str
    credits_consumed: float | None = None
    data: tuple[_Row, ...] = ()


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "company": person.company_name,
        "company_domain": person.domain,
        "linkedin_url": person.linkedin_url,
    }
    mobile = ask.operation == "mobile"
    flags = {"enrich_email_address": not mobile, "enrich_phone_number": mobile, "verify_catch_all": not mobile}
    row = {name: value for name, value in told.items() if value}
    return HttpRequest("POST", "/async", json={"data": [row], **flags})


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    refused = refusal(response, _STATUSES)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Job)
    if not answer.success:
        return Refused(Reason.INPUT_REFUSED, code="success_false")
    return job(VENDOR, answer.id or answer.request_id)


def poll(tokens: Sequence[str]) -> HttpRequest:
    return HttpRequest("GET", f"/async/{tokens[0]}")


def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    refused = poll_refusal(tokens, response, _STATUSES)
    if refused is not None:
        return refused
    result = msgspec.json.decode(response.body, type=_Result, strict=False)
    if result.status != "terminated":
        return {}
    billed = None if result.credits_consumed is None else round(result.credits_consumed * 1000)
    return {tokens[0]: _reply(result.data[0], billed)}


def _reply(row: _Row, billed: int | None) -> Reply:
    if row.do_not_contact:
        return Refused(Reason.SUPPRESSED, code="do_not_contact", final=True)
    claim = _CLAIMS.get(row.contact_email_address_status or "", EmailClaim.UNKNOWN)
    address = row.contact_email_address or ""
    emails = (EmailFound(address, claim=claim),) if address and "*" not in address else ()  # masked: not bought
    phones = (PhoneFound(row.contact_phone_number),) if row.contact_phone_number else ()
    if not emails and not phones:
        return NotFound(billed)  # the rest of the row may be what we said ourselves
    profile = short_profile(
        first_name=row.contact_first_name,
        last_name=row.contact_last_name,
        title=row.contact_job_title,
        company_name=row.company_name,
        company_website=row.company_domain,
        linkedin_url=row.contact_linkedin_profile_url,
    )
    return Found(Values(emails, phones, profile), billed)


def balance() -> HttpRequest:
    return HttpRequest("GET", "/account")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response, _STATUSES)
    # The balance is a decimal in a text.
    return refused or Balance(round(float(msgspec.json.decode(response.body)["credits_left"]) * 1000))
