"""MillionVerifier: the verdict about an address, at once, and cheap.

What surprised us: failures have status 200, the result "error" and a sentence; the result "error" without one is about
the address, and unknown. Neither "unknown" nor "catch-all" is charged. The key goes only into the query.
"""

from typing import Final

import msgspec

from openenrich.core.contact import EmailClaim
from openenrich.core.money import MicroUsd
from openenrich.core.vendor import (
    Ask,
    Balance,
    HttpRequest,
    HttpResponse,
    Limits,
    QueryKey,
    Reason,
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._statuses import refusal
from openenrich.vendors._verification import about, verification

VENDOR = Vendor(
    name="millionverifier",
    title="MillionVerifier",
    docs="https://developer.millionverifier.com",
    base_url="https://api.millionverifier.com/api/v3",
    auth=QueryKey("api"),
    style=Style.SYNC,
    operations=(verification(),),
    credit_price=MicroUsd(3_900),
    limits=Limits(per_second=160),
    region="EU",
    timeout_s=30.0,
)
_CLAIMS: Final = {
    "ok": EmailClaim.DELIVERABLE,
    "catch_all": EmailClaim.CATCH_ALL,
    "invalid": EmailClaim.INVALID,
    "disposable": EmailClaim.INVALID,
}
_FREE: Final = frozenset({"catch_all", "unknown", "error"})
_FAILURES: Final = (
    ("key", Reason.BAD_KEY),
    ("credit", Reason.NO_CREDIT),
    ("blocked", Reason.BAD_KEY),  # our address is not one that this key is used from
    ("email", Reason.INPUT_REFUSED),
)
"""Words of their sentences; the first that occurs counts."""


class _Answer(msgspec.Struct, frozen=True):
    result: str = ""
    error: str | None = None


def request(ask: Ask) -> HttpRequest:
    return HttpRequest("GET", "/", query={"email": ask.contact.work_email or "", "timeout": "20"})


def read(ask: Ask, response: HttpResponse) -> Reply:
    refused = _refused(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    if not answer.result:
        raise ValueError("no verdict")
    billed = 0 if answer.result in _FREE else None
    return about(ask.contact.work_email, _CLAIMS.get(answer.result, EmailClaim.UNKNOWN), billed)


def _refused(response: HttpResponse) -> Refused | None:
    refused = refusal(response)
    if refused:
        return refused
    text = (msgspec.json.decode(response.body, type=_Answer).error or "").lower()
    if not text:
        return None
    reason = next((reason for word, reason in _FAILURES if word in text), Reason.UNAVAILABLE)
    return Refused(reason, code="error_in_200")


def balance() -> HttpRequest:
    return HttpRequest("GET", "/credits")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = _refused(response)
    return refused or Balance(int(msgspec.json.decode(response.body)["credits"]) * 1000)
