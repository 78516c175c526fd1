"""DeBounce: the verdict about an address, at once.

What surprised us: every value is a text, numbers and booleans too; the verdict is a number, and 8, a role's address,
has a mailbox. Five calls at once is the limit, and more is a 429. "Unknown" is free. The key goes only into the query.
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
from openenrich.vendors._verification import about, says, verification

VENDOR = Vendor(
    name="debounce",
    title="DeBounce",
    docs="https://developers.debounce.com/api-concepts/responses",
    base_url="https://api.debounce.io/v1",
    auth=QueryKey("api"),
    style=Style.SYNC,
    operations=(verification(),),
    credit_price=MicroUsd(2_500),
    limits=Limits(concurrency=5),
    region="unknown",
    timeout_s=40.0,  # the longest of theirs is not said
)
_UNKNOWN: Final = "7"
_CLAIMS: Final = {
    "1": EmailClaim.INVALID,  # syntax
    "2": EmailClaim.INVALID,  # spam trap
    "3": EmailClaim.INVALID,  # disposable
    "4": EmailClaim.CATCH_ALL,
    "5": EmailClaim.DELIVERABLE,
    "6": EmailClaim.INVALID,
    "8": EmailClaim.DELIVERABLE,  # role
}


class _Verdict(msgspec.Struct, frozen=True):
    code: str
    error: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    debounce: _Verdict
    success: str


def request(ask: Ask) -> HttpRequest:
    return HttpRequest("GET", "/", query={"email": ask.contact.work_email or ""})


def read(ask: Ask, response: HttpResponse) -> Reply:
    refused = refusal(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    code = answer.debounce.code
    if answer.success != "1" or answer.debounce.error:
        return _failure(response)
    return about(ask.contact.work_email, _CLAIMS.get(code, EmailClaim.UNKNOWN), 0 if code == _UNKNOWN else None)


def _failure(response: HttpResponse) -> Refused:
    """The same sentences as with the statuses that belong to them."""
    if says(response, "credits"):
        return Refused(Reason.NO_CREDIT, code="error_in_200")
    if says(response, "wrong api"):
        return Refused(Reason.BAD_KEY, code="error_in_200")
    if says(response, "concurrent"):
        return Refused(Reason.RATE_LIMITED, code="error_in_200")
    return Refused(Reason.UNAVAILABLE, code="error_in_200")


def balance() -> HttpRequest:
    return HttpRequest("GET", "/balance/")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    return refused or Balance(int(msgspec.json.decode(response.body)["balance"]) * 1000)
