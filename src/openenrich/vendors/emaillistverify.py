"""EmailListVerify: the verdict about an address as one bare word, at once.

What surprised us: an empty account is such a word too, with status 200; a failure of the key is JSON. Anything that is
not a word, a page of HTML for instance, is unreadable. Their Python client asks an older host with the key in the
query; their n8n node as we do. Whether "unknown" is charged is not said: it is counted as paid.
"""

import re
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
    Reason,
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._statuses import refusal
from openenrich.vendors._verification import about, verification

VENDOR = Vendor(
    name="emaillistverify",
    title="EmailListVerify",
    docs="https://emaillistverify.com/docs/",
    base_url="https://api.emaillistverify.com/api",
    auth=HeaderKey("x-api-key"),
    style=Style.SYNC,
    operations=(verification(charge=Charge.PER_CALL),),
    credit_price=MicroUsd(2_700),
    limits=Limits(per_second=10),
    region="unknown",
    timeout_s=40.0,  # the longest of theirs is not said
)
_WORD: Final = re.compile(r"[a-z_]{2,30}")
_CLAIMS: Final = {
    "ok": EmailClaim.DELIVERABLE,
    "ok_for_all": EmailClaim.CATCH_ALL,
    "accept_all": EmailClaim.CATCH_ALL,
    "email_disabled": EmailClaim.INVALID,
    "invalid": EmailClaim.INVALID,
    "invalid_syntax": EmailClaim.INVALID,
    "invalid_mx": EmailClaim.INVALID,
    "dead_server": EmailClaim.INVALID,
    "disposable": EmailClaim.INVALID,
    "spamtrap": EmailClaim.INVALID,
}


class _Pool(msgspec.Struct, frozen=True):
    available: float = 0


class _Credits(msgspec.Struct, frozen=True, rename="camel"):
    on_demand: _Pool | None = None
    subscription: _Pool | None = None


def request(ask: Ask) -> HttpRequest:
    return HttpRequest("GET", "/verifyEmail", query={"email": ask.contact.work_email or ""})


def read(ask: Ask, response: HttpResponse) -> Reply:
    refused = refusal(response)
    if refused:
        return refused
    word = response.body.decode().strip().strip('"')
    if not _WORD.fullmatch(word):
        raise ValueError("not a word")
    if word == "error_credit":
        return Refused(Reason.NO_CREDIT, code=word)
    return about(ask.contact.work_email, _CLAIMS.get(word, EmailClaim.UNKNOWN))


def balance() -> HttpRequest:
    return HttpRequest("GET", "/credits")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    if refused:
        return refused
    left = msgspec.json.decode(response.body, type=_Credits)
    pools = [pool for pool in (left.on_demand, left.subscription) if pool]
    return Balance(round(sum(pool.available for pool in pools) * 1000))
