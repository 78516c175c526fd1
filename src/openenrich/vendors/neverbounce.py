"""NeverBounce: the verdict about an address, at once.

What surprised us: every failure of theirs has status 200 and a word in ``status``, which comes before the result; the
empty account is a "general failure" like any other, told apart by its text. Their Node client posts all of it as JSON,
key included; ours asks as the Python one does. Whether "unknown" is charged is not said: it is counted as paid.
"""

from typing import Final

import msgspec

from openenrich.core.contact import EmailClaim
from openenrich.core.money import MicroUsd
from openenrich.core.vendor import (
    Ask,
    Balance,
    Charge,
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
    name="neverbounce",
    title="NeverBounce",
    docs="https://developers.neverbounce.com/reference/single-check",
    base_url="https://api.neverbounce.com/v4.2",
    auth=QueryKey("key"),
    style=Style.SYNC,
    operations=(verification(charge=Charge.PER_CALL),),
    credit_price=MicroUsd(5_000),
    limits=Limits(per_second=20, concurrency=20),  # theirs are not published
    region="US",
    timeout_s=30.0,
)
_CLAIMS: Final = {
    "valid": EmailClaim.DELIVERABLE,
    "catchall": EmailClaim.CATCH_ALL,
    "invalid": EmailClaim.INVALID,
    "disposable": EmailClaim.INVALID,
}
_FAILURES: Final = {
    "auth_failure": Reason.BAD_KEY,
    "bad_referrer": Reason.BAD_KEY,
    "throttle_triggered": Reason.RATE_LIMITED,
    "general_failure": Reason.INPUT_REFUSED,
}


class _Answer(msgspec.Struct, frozen=True):
    status: str
    result: str = ""


def request(ask: Ask) -> HttpRequest:
    told = {"email": ask.contact.work_email or "", "address_info": "0", "credits_info": "0", "timeout": "20"}
    return HttpRequest("GET", "/single/check", query=told)


def read(ask: Ask, response: HttpResponse) -> Reply:
    refused = _refused(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    if not answer.result:
        raise ValueError("a success without a verdict")
    return about(ask.contact.work_email, _CLAIMS.get(answer.result, EmailClaim.UNKNOWN))


def _refused(response: HttpResponse) -> Refused | None:
    refused = refusal(response)
    if refused:
        return refused
    status = msgspec.json.decode(response.body, type=_Answer).status
    if status == "success":
        return None
    if status == "general_failure" and says(response, "credit", "balance"):
        return Refused(Reason.NO_CREDIT, code=status)
    return Refused(_FAILURES.get(status, Reason.UNAVAILABLE), code=status if status in _FAILURES else "")


def balance() -> HttpRequest:
    return HttpRequest("GET", "/account/info")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = _refused(response)
    if refused:
        return refused
    left = msgspec.json.decode(response.body)["credits_info"]
    return Balance((left["paid_credits_remaining"] + left["free_credits_remaining"]) * 1000)
