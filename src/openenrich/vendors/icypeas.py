"""Icypeas: the work e-mail from a name and an employer, as a job; one poll reads up to a hundred jobs.

What surprised us: a refused question and an empty account are both a 200, the first with ``validationErrors``, the
second as the state of a job; only three states are pending and every other one is final. A read of all jobs shows the
newest hundred only (ten, unless asked for more), so an open job is said to be pending: one that is not mentioned may
be older than that page. There are bulk jobs, but each needs a read of its own, and reads are what is scarce. Their
n8n node signs each call with a second secret and calls the employer ``domain``, an older form of the same.
"""

from collections.abc import Sequence

import msgspec

from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, Values
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
    Pending,
    Reason,
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._jobs import job
from openenrich.vendors._statuses import poll_refusal, refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
VENDOR = Vendor(
    name="icypeas",
    title="Icypeas",
    docs="https://api-doc.icypeas.com",
    base_url="https://app.icypeas.com/api",
    auth=HeaderKey("Authorization"),
    style=Style.POLLED,
    operations=(
        Operation(
            name="find",
            returns=frozenset({Field.WORK_EMAIL}),
            needs=(_NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME}),
            credits=1000,
            charge=Charge.PER_RESULT,
        ),
    ),
    credit_price=MicroUsd(19_000),
    limits=Limits(per_second=10),
    poll_limits=Limits(per_minute=20),  # 30 a minute, and at least 3 s apart
    poll_batch=100,
    poll_every_s=3.0,
    region="unknown",
)
_PENDING = frozenset({"NONE", "SCHEDULED", "IN_PROGRESS"})
_FAILED = {
    "BAD_INPUT": Reason.INPUT_REFUSED,
    "INSUFFICIENT_FUNDS": Reason.NO_CREDIT,
    "ABORTED": Reason.UNAVAILABLE,
}
_HIT_OR_MISS = frozenset({"FOUND", "DEBITED", "NOT_FOUND", "DEBITED_NOT_FOUND"})
_CLAIMS = {
    "ultra_sure": EmailClaim.DELIVERABLE,
    "very_sure": EmailClaim.DELIVERABLE,
    "sure": EmailClaim.PROBABLE,
    "probable": EmailClaim.PROBABLE,
    "undeliverable": EmailClaim.INVALID,
}


class _Email(msgspec.Struct, frozen=True):
    email: str
    certainty: str


class _Results(msgspec.Struct, frozen=True):
    emails: tuple[_Email, ...] = ()


class _Item(msgspec.Struct, frozen=True):
    id: str = msgspec.field(name="_id")
    status: str
    results: _Results | None = None


class _Answer(msgspec.Struct, frozen=True):
    success: bool
    item: _Item | None = None
    items: tuple[_Item, ...] = ()


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {
        "firstname": person.first_name,
        "lastname": person.last_name,
        "domainOrCompany": person.domain or person.company_name,
    }
    report = {"custom": {"webhookUrl": ask.callback_url}} if ask.callback_url else {}
    return HttpRequest("POST", "/email-search", json={**told, **report})


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    refused = refusal(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    if not answer.success:
        return Refused(Reason.INPUT_REFUSED, code="validationErrors")
    return job(VENDOR, answer.item.id if answer.item else None)


def poll(tokens: Sequence[str]) -> HttpRequest:
    page = {"mode": "single", "type": "email-search", "limit": VENDOR.poll_batch}
    jobs = {"id": tokens[0]} if len(tokens) == 1 else page
    return HttpRequest("POST", "/bulk-single-searchs/read", json=jobs)


def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    refused = poll_refusal(tokens, response)
    if refused is not None:
        return refused
    items = msgspec.json.decode(response.body, type=_Answer).items
    return {item.id: _reply(item) for item in items if item.id in tokens}


def _reply(item: _Item) -> Reply:
    if item.status in _PENDING:
        return Pending(item.id, after_s=VENDOR.poll_every_s)
    if item.status in _FAILED:
        return Refused(_FAILED[item.status], code=item.status, final=True)
    found = item.results.emails if item.results else ()
    emails = tuple(
        EmailFound(email.email, claim=_CLAIMS.get(email.certainty, EmailClaim.UNKNOWN))
        for email in found
        if email.certainty != "not_found"
    )
    if not emails and item.status not in _HIT_OR_MISS:
        return Refused(Reason.UNREADABLE, code=item.status)
    return Found(Values(emails)) if emails else NotFound()


def balance() -> HttpRequest:
    return HttpRequest("POST", "/a/actions/subscription-information", json={})


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    if refused:
        return refused
    account = msgspec.json.decode(response.body)
    return Balance(round(account["credits"] * 1000), account.get("plan") or "")
