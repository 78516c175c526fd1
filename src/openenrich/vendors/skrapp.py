"""Skrapp: the work e-mail from a name and an employer.

What surprised us: a miss is a 404 or a 200 without an address; a ``valid`` address with a low ``accuracy`` is a guess.
Experimental because only requests and names of members are published, the rest is what clients have seen: the word for
a domain that accepts everything stands in ``status`` or in ``result``, and the account counts its credits in
``credit`` or one level below. ``ok`` is the older word for ``valid``. A profile alone is taken by some clients only, so
it is not asked for. The bulk finder is an upload to a list, so there is no batch.
"""

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
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._statuses import refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
VENDOR = Vendor(
    name="skrapp",
    title="Skrapp",
    docs="https://skrapp.io/api",
    base_url="https://api.skrapp.io",
    auth=HeaderKey("X-Access-Key"),
    style=Style.SYNC,
    operations=(
        Operation(
            name="find",
            returns=frozenset({Field.WORK_EMAIL}),
            needs=(_NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME}),
            credits=1000,
            charge=Charge.PER_RESULT,
        ),
    ),
    credit_price=MicroUsd(50_000),
    limits=Limits(),  # none is published
    region="unknown",
    timeout_s=45.0,
    experimental=True,
)
_SURE = 70
"""The accuracy from which ``valid`` is believed; none is published."""
_VALID = {"valid", "ok"}


class _Quality(msgspec.Struct, frozen=True):
    status: str | None = None
    result: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    email: str | None = None
    accuracy: float | None = None
    quality: _Quality | None = None


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {
        "firstName": person.first_name,
        "lastName": person.last_name,
        "domain": person.domain,
        "company": person.company_name,
    }
    return HttpRequest("GET", "/api/v2/find", query={name: value for name, value in told.items() if value})


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    if response.status == 404:
        return NotFound()
    refused = refusal(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    if not answer.email:
        return NotFound()
    return Found(Values(emails=(EmailFound(answer.email, claim=_claim(answer)),)))


def _claim(answer: _Answer) -> EmailClaim:
    quality = answer.quality or _Quality()
    status, result = ((word or "").lower() for word in (quality.status, quality.result))
    if any(mark in word for mark in ("catch", "accept") for word in (status, result)):
        return EmailClaim.CATCH_ALL
    if status in _VALID:
        guessed = answer.accuracy is not None and answer.accuracy < _SURE
        return EmailClaim.PROBABLE if guessed else EmailClaim.DELIVERABLE
    return EmailClaim.INVALID if status == "invalid" else EmailClaim.UNKNOWN


def balance() -> HttpRequest:
    return HttpRequest("GET", "/api/v2/account")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    if refused:
        return refused
    account = msgspec.json.decode(response.body)
    pool = account["credit"].get("email") or account["credit"]
    return Balance(round((float(pool["quota"]) - float(pool["used"])) * 1000), account.get("package") or "")
