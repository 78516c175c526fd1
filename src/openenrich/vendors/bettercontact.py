"""BetterContact: the work e-mail or the mobile number, out of a waterfall of its own, as a job of one row or of many.

What surprised us: a job is done only when it says ``terminated``, whatever the status, and ``on_hold`` waits for money;
an unknown job is a 406; numbers of credits may be texts; a 403 comes from the door in front of them, which dislikes the
agents of libraries, and says nothing about the key. ``verify_catch_all`` and mobiles are options of a plan, without
which the whole question is a 402: the first is not asked for, so addresses that take all mail are paid for. What we
send as an object in ``custom_fields`` comes back as a list. A job says what it took in all: we share that out among the
rows that are charged for. Profiles are another product (a tenth of a credit), and so are companies.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, PhoneFound, Values
from openenrich.core.money import MicroUsd
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
from openenrich.vendors._short_profile import short_profile
from openenrich.vendors._statuses import poll_refusal, refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_NEEDS = (frozenset({Known.LINKEDIN}), _NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME})
_ALL = _NAME | {Known.LINKEDIN, Known.DOMAIN, Known.COMPANY_NAME}  # each of its own vendors wants something else


def _operation(name: str, field: Field, price: int, hits: float) -> Operation:
    along = frozenset({Field.PROFILE})
    returns = frozenset({field})
    return Operation(name, returns, _NEEDS, price * 1000, Charge.PER_RESULT, _ALL, along, hits, batch=100)


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
_FREE = frozenset({"undeliverable", "catch_all_not_safe"})


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
    custom_fields: Any = None

    @property
    def address(self) -> str | None:
        """A masked address was not bought."""
        given = self.contact_email_address
        return given if given and "*" not in given else None

    @property
    def price(self) -> int:
        """What it is charged with, in thousandths of a credit."""
        email = 1000 if self.address and self.contact_email_address_status not in _FREE else 0
        return email + (10_000 if self.contact_phone_number else 0)

    @property
    def name(self) -> str | None:
        """The row's own name, in a list of fields or, formerly, in an object."""
        fields = self.custom_fields or {}
        listed = fields if isinstance(fields, dict) else {field["name"]: field["value"] for field in fields}
        return listed.get("row")


class _Result(msgspec.Struct, frozen=True):
    status: str
    credits_consumed: float | None = None
    data: tuple[dict[str, Any], ...] = ()


def request(ask: Ask) -> HttpRequest:
    return _question(ask, [_told(ask)])


def request_batch(asks: Sequence[Ask]) -> HttpRequest:
    return _question(asks[0], [{**_told(ask), "custom_fields": {"row": ask.row}} for ask in asks])


def _told(ask: Ask) -> dict[str, object]:
    person = ask.contact
    told = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "company": person.company_name,
        "company_domain": person.domain,
        "linkedin_url": person.linkedin_url,
    }
    return {name: value for name, value in told.items() if value}


def _question(ask: Ask, rows: list[dict[str, object]]) -> HttpRequest:
    mobile = ask.operation == "mobile"
    flags = {"enrich_email_address": not mobile, "enrich_phone_number": mobile}
    notice = {"webhook": ask.callback_url} if ask.callback_url else {}
    return HttpRequest("POST", "/async", json={"data": rows, **flags, **notice})


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
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Job)
    if not answer.success:
        return Refused(Reason.INPUT_REFUSED, code="success_false")
    return job(VENDOR, answer.id or answer.request_id)


def poll(tokens: Sequence[str]) -> HttpRequest:
    return HttpRequest("GET", f"/async/{job_of(tokens[0])}")


def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    refused = poll_refusal(tokens, response, _STATUSES)
    if refused is not None:
        return refused
    result = msgspec.json.decode(response.body, type=_Result, strict=False)
    if result.status == "on_hold":
        return dict.fromkeys(tokens, Refused(Reason.NO_CREDIT, code=result.status))
    if result.status != "terminated":
        return {}
    billed = None if result.credits_consumed is None else round(result.credits_consumed * 1000)
    if "#" not in tokens[0]:
        return {tokens[0]: _reply(_row(result.data[0]), billed)}
    replies = _rows(result.data, billed)
    missing = Refused(Reason.UNREADABLE, code="row", final=True)
    return {token: replies.get(token.partition("#")[2], missing) for token in tokens}


def _rows(data: Sequence[Mapping[str, Any]], left: int | None) -> dict[str | None, Reply]:
    """A row that cannot be read leaves the others readable: they are paid for."""
    replies: dict[str | None, Reply] = {}
    for given in data:
        try:
            row = _row(given)
            name = row.name
        except SHAPE_ERRORS:
            continue
        share = None if left is None else min(left, row.price)
        left = None if left is None or share is None else left - share
        replies[name] = _reply(row, share)
    return replies


def _row(given: Mapping[str, Any]) -> _Row:
    return msgspec.convert(given, type=_Row, strict=False)


def _reply(row: _Row, billed: int | None) -> Reply:
    if row.do_not_contact:
        return Refused(Reason.SUPPRESSED, code="do_not_contact", final=True)
    claim = _CLAIMS.get(row.contact_email_address_status or "", EmailClaim.UNKNOWN)
    emails = (EmailFound(row.address, claim=claim),) if row.address else ()
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
