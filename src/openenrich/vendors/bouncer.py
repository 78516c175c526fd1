"""Bouncer: the verdict about an address, at once.

What surprised us: flags are the words yes, no and unknown; "risky" is a catch-all domain only when the flag says so,
and otherwise nothing that helps. A greylisted address is "unknown" with a time to come back, mostly minutes later: too
late for a contact that waits. "Unknown" is free. Their toxicity check costs a second credit: not asked for. Their
batches answer when the slowest address is done: not used.
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
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._statuses import refusal
from openenrich.vendors._verification import about, verification

VENDOR = Vendor(
    name="bouncer",
    title="Bouncer",
    docs="https://docs.usebouncer.com/api-reference/real-time/verify-email",
    base_url="https://api.usebouncer.com/v1.1",
    auth=HeaderKey("x-api-key"),
    style=Style.SYNC,
    operations=(verification(),),
    credit_price=MicroUsd(6_000),
    limits=Limits(per_minute=1000),
    region="EU",
    timeout_s=30.0,
)
_CLAIMS: Final = {"deliverable": EmailClaim.DELIVERABLE, "undeliverable": EmailClaim.INVALID}


class _Domain(msgspec.Struct, frozen=True, rename="camel"):
    accept_all: str = ""
    disposable: str = ""


class _Answer(msgspec.Struct, frozen=True):
    status: str
    domain: _Domain | None = None


def request(ask: Ask) -> HttpRequest:
    return HttpRequest("GET", "/email/verify", query={"email": ask.contact.work_email or "", "timeout": "20"})


def read(ask: Ask, response: HttpResponse) -> Reply:
    refused = refusal(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    return about(ask.contact.work_email, _claim(answer), 0 if answer.status == "unknown" else None)


def _claim(answer: _Answer) -> EmailClaim:
    domain = answer.domain or _Domain()
    if domain.disposable == "yes":
        return EmailClaim.INVALID
    if answer.status == "risky" and domain.accept_all == "yes":
        return EmailClaim.CATCH_ALL
    return _CLAIMS.get(answer.status, EmailClaim.UNKNOWN)


def balance() -> HttpRequest:
    return HttpRequest("GET", "/credits")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    return refused or Balance(round(msgspec.json.decode(response.body)["credits"] * 1000))
