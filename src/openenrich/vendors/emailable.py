"""Emailable: the verdict about an address, at once or after the same question again.

What surprised us: 249 means "ask again", which is free for five minutes and only then; a worker that takes over may
come later than that, so a repeat is not called free. Whether a host accepts every name is looked into only on request.
401 is no key at all, 403 a bad one. Their Node client posts the question; ours asks as their documentation and the
Python client do. What "unknown" costs is not said: it is counted as paid.
"""

from typing import Final

import msgspec

from openenrich.core.contact import EmailClaim
from openenrich.core.money import MicroUsd
from openenrich.core.vendor import (
    Ask,
    Balance,
    Charge,
    HeaderKey,
    HttpRequest,
    HttpResponse,
    Limits,
    Pending,
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._statuses import refusal
from openenrich.vendors._verification import about, verification

VENDOR = Vendor(
    name="emailable",
    title="Emailable",
    docs="https://emailable.com/docs/api",
    base_url="https://api.emailable.com/v1",
    auth=HeaderKey("Authorization", "Bearer "),
    style=Style.SYNC,
    operations=(verification(charge=Charge.PER_CALL),),
    credit_price=MicroUsd(5_000),
    limits=Limits(per_second=25),
    region="US",
    timeout_s=20.0,
)
_ASK_AGAIN: Final = 249
_CLAIMS: Final = {"deliverable": EmailClaim.DELIVERABLE, "undeliverable": EmailClaim.INVALID}


class _Answer(msgspec.Struct, frozen=True):
    state: str
    accept_all: bool | None = None
    disposable: bool | None = None


def request(ask: Ask) -> HttpRequest:
    told = {"email": ask.contact.work_email or "", "accept_all": "true", "timeout": "10"}
    return HttpRequest("GET", "/verify", query=told)


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == _ASK_AGAIN:
        return Pending(after_s=5.0)
    refused = refusal(response)
    if refused:
        return refused
    return about(ask.contact.work_email, _claim(msgspec.json.decode(response.body, type=_Answer)))


def _claim(answer: _Answer) -> EmailClaim:
    if answer.disposable:
        return EmailClaim.INVALID
    if answer.accept_all:
        return EmailClaim.CATCH_ALL
    return _CLAIMS.get(answer.state, EmailClaim.UNKNOWN)


def balance() -> HttpRequest:
    return HttpRequest("GET", "/account")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    return refused or Balance(round(msgspec.json.decode(response.body)["available_credits"] * 1000))
