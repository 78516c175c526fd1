"""BounceBan: the verdict about an address, also where the host accepts every name: at once, or as a job to be polled.

What surprised us: every submission is charged, a repeat too, so a job's number is kept and only polled; that is free,
at most ten times in five minutes. Each answer says what it cost. Their n8n node asks a second host, which holds the
connection for up to 80 seconds and is asked again when it gives up: ours stays with the one that names its job. The
key stands bare in its header.
"""

from collections.abc import Sequence
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
from openenrich.vendors._jobs import job
from openenrich.vendors._statuses import refusal
from openenrich.vendors._verification import about, says, verification

VENDOR = Vendor(
    name="bounceban",
    title="BounceBan",
    docs="https://bounceban.com/public/doc/api.html",
    base_url="https://api.bounceban.com/v1",
    auth=HeaderKey("Authorization"),
    style=Style.POLLED,
    operations=(verification(charge=Charge.PER_CALL, decided=0.95),),
    credit_price=MicroUsd(3_400),
    limits=Limits(per_second=100),
    region="unknown",
    timeout_s=30.0,  # they look for 15 s before they make a job of it
    deadline_s=180.0,
    poll_every_s=20.0,
)
_OPEN: Final = frozenset({"verifying", "queue"})


class _Answer(msgspec.Struct, frozen=True):
    status: str
    id: str | None = None
    email: str | None = None
    result: str = ""
    is_accept_all: bool | None = None
    is_disposable: bool | None = None
    credits_consumed: float | None = None


def request(ask: Ask) -> HttpRequest:
    told = {"email": ask.contact.work_email, "url": ask.callback_url}
    return HttpRequest("GET", "/verify/single", query={name: value for name, value in told.items() if value})


def read(ask: Ask, response: HttpResponse) -> Reply:
    refused = _refused(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    return _verdict(ask.contact.work_email, answer) or job(VENDOR, answer.id)


def poll(tokens: Sequence[str]) -> HttpRequest:
    return HttpRequest("GET", "/verify/single/status", query={"id": tokens[0]})


def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    refused = _refused(response)
    if refused:
        return dict.fromkeys(tokens, refused)
    answer = msgspec.json.decode(response.body, type=_Answer)
    verdict = _verdict(answer.email, answer)
    return {tokens[0]: verdict} if verdict else {}


def _verdict(address: str | None, answer: _Answer) -> Reply | None:
    """Nothing while it goes on."""
    if answer.status in _OPEN:
        return None
    if answer.status != "success" or not answer.result:
        raise ValueError("neither a verdict nor a job")
    cost = answer.credits_consumed
    return about(address, _claim(answer), None if cost is None else round(cost * 1000))


def _claim(answer: _Answer) -> EmailClaim:
    if answer.is_disposable or answer.result == "undeliverable":
        return EmailClaim.INVALID
    if answer.result == "deliverable":
        return EmailClaim.PROBABLE if answer.is_accept_all else EmailClaim.DELIVERABLE
    if answer.result == "risky" and answer.is_accept_all:
        return EmailClaim.CATCH_ALL
    return EmailClaim.UNKNOWN


def _refused(response: HttpResponse) -> Refused | None:
    empty = response.status == 403 and says(response, "credit")
    return Refused(Reason.NO_CREDIT, code="403") if empty else refusal(response)


def balance() -> HttpRequest:
    return HttpRequest("GET", "/account")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = _refused(response)
    if refused:
        return refused
    left = msgspec.json.decode(response.body)["available_credits"]
    return Balance(None if left < 0 else round(left * 1000))
