"""Kickbox: the verdict about an address, at once.

What surprised us: whether a host accepts every name is a flag beside the verdict, and outweighs it; "risky" without
that flag says nothing about the mailbox. 403 is both a bad key and an empty account, told apart by the message. Limits
count per clock minute and name no time to wait. "Unknown" is free. Accounts of the European Union have a host of their
own, ``api.eu.kickbox.com``: set it as the base address. Their clients send ``token`` before the key; ours the word of
the documentation, ``Bearer``.
"""

from typing import Final

import msgspec

from openenrich.core.contact import EmailClaim
from openenrich.core.money import MicroUsd
from openenrich.core.vendor import (
    Ask,
    Balance,
    HeaderKey,
    HttpRequest,
    HttpResponse,
    Limits,
    Reason,
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._statuses import refusal
from openenrich.vendors._verification import about, says, verification

VENDOR = Vendor(
    name="kickbox",
    title="Kickbox",
    docs="https://docs.kickbox.com/docs/using-the-api",
    base_url="https://api.kickbox.com/v2",
    auth=HeaderKey("Authorization", "Bearer "),
    style=Style.SYNC,
    operations=(verification(),),
    credit_price=MicroUsd(7_000),
    limits=Limits(per_minute=8000, concurrency=25),
    region="US",
    timeout_s=30.0,
)
_CLAIMS: Final = {"deliverable": EmailClaim.DELIVERABLE, "undeliverable": EmailClaim.INVALID}


class _Answer(msgspec.Struct, frozen=True):
    result: str = ""
    disposable: bool = False
    accept_all: bool = False
    success: bool = True


def request(ask: Ask) -> HttpRequest:
    told = {"email": ask.contact.work_email or "", "timeout": "20000"}  # in milliseconds
    return HttpRequest("GET", "/verify", query=told)


def read(ask: Ask, response: HttpResponse) -> Reply:
    refused = _refused(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    if not answer.success:
        return Refused(Reason.UNAVAILABLE, code="success_false")
    if not answer.result:
        raise ValueError("no verdict")
    return about(ask.contact.work_email, _claim(answer), 0 if answer.result == "unknown" else None)


def _claim(answer: _Answer) -> EmailClaim:
    if answer.disposable:
        return EmailClaim.INVALID
    if answer.accept_all:
        return EmailClaim.CATCH_ALL
    return _CLAIMS.get(answer.result, EmailClaim.UNKNOWN)


def _refused(response: HttpResponse) -> Refused | None:
    empty = response.status == 403 and says(response, "balance", "credit")
    return Refused(Reason.NO_CREDIT, code="403") if empty else refusal(response)


def balance() -> HttpRequest:
    return HttpRequest("GET", "/balance")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = _refused(response)
    return refused or Balance(round(msgspec.json.decode(response.body)["balance"] * 1000))
