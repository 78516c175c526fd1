"""ZeroBounce: the verdict about an address, at once.

What surprised us: a bad key and an empty account are told with one and the same sentence, mostly with status 200. It
is read as an empty account; the balance, which is -1 for a bad key, tells them apart. An address that is "not to be
mailed" may have a good mailbox, when it is a role's. New words appear without notice. "Unknown" is free, and a repeat
is not. The key goes only into the query.
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
    name="zerobounce",
    title="ZeroBounce",
    docs="https://www.zerobounce.net/docs/email-validation-api-quickstart",
    base_url="https://api.zerobounce.net/v2",
    auth=QueryKey("api_key"),
    style=Style.SYNC,
    operations=(verification(),),
    credit_price=MicroUsd(12_900),
    limits=Limits(per_second=1000),  # far below 80,000 in ten seconds, whose excess blocks for a minute
    region="US",
    timeout_s=30.0,  # theirs, which we set, ends before ours
)
_CLAIMS: Final = {
    "valid": EmailClaim.DELIVERABLE,
    "catch-all": EmailClaim.CATCH_ALL,
    "invalid": EmailClaim.INVALID,
    "spamtrap": EmailClaim.INVALID,
    "abuse": EmailClaim.INVALID,
}
_CLAIMS_IN_DETAIL: Final = {
    ("valid", "accept_all"): EmailClaim.PROBABLE,
    ("valid", "role_based_accept_all"): EmailClaim.PROBABLE,
    ("do_not_mail", "role_based"): EmailClaim.DELIVERABLE,
    ("do_not_mail", "role_based_catch_all"): EmailClaim.CATCH_ALL,
    ("do_not_mail", "role_based_accept_all"): EmailClaim.CATCH_ALL,
    ("do_not_mail", "disposable"): EmailClaim.INVALID,
    ("do_not_mail", "toxic"): EmailClaim.INVALID,
    ("do_not_mail", "possible_trap"): EmailClaim.INVALID,
    ("do_not_mail", "global_suppression"): EmailClaim.INVALID,
}


class _Answer(msgspec.Struct, frozen=True):
    status: str = ""
    sub_status: str | None = None
    error: str | None = None


def request(ask: Ask) -> HttpRequest:
    return HttpRequest("GET", "/validate", query={"email": ask.contact.work_email or "", "timeout": "20"})


def read(ask: Ask, response: HttpResponse) -> Reply:
    refused = refusal(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    if answer.error:
        return _failure(response)
    if not answer.status:
        raise ValueError("neither a verdict nor an error")
    pair = answer.status, answer.sub_status or ""
    claim = _CLAIMS_IN_DETAIL.get(pair) or _CLAIMS.get(answer.status, EmailClaim.UNKNOWN)
    return about(ask.contact.work_email, claim, 0 if answer.status == "unknown" else None)


def _failure(response: HttpResponse) -> Refused:
    if says(response, "credits"):
        return Refused(Reason.NO_CREDIT, code="key_or_credits")
    if says(response, "api key", "api_key"):
        return Refused(Reason.BAD_KEY, code="key")
    return Refused(Reason.UNAVAILABLE, code="error_in_200")


def balance() -> HttpRequest:
    return HttpRequest("GET", "/getcredits")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    if refused:
        return refused
    body = msgspec.json.decode(response.body, type=dict[str, str])
    left = -1 if body.get("error") else int(body["Credits"])
    return Balance(left * 1000) if left >= 0 else Refused(Reason.BAD_KEY, code="credits_-1")
