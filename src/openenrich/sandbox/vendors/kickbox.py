"""Kickbox: the verdict at once; 403 is a bad key as well as an empty account."""

from typing import Final

from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.vendors._opinions import Opinion, host, opinion

_WORDS: Final = {
    Opinion.GOOD: ("deliverable", "accepted_email"),
    Opinion.ACCEPTED: ("risky", "low_deliverability"),
    Opinion.BAD: ("undeliverable", "rejected_email"),
    Opinion.UNKNOWN: ("unknown", "timeout"),
}


def _failure(status: int, message: str) -> Answer:
    return Answer({"success": False, "message": message}, status)


def verify(call: Call) -> Answer:
    """GET /verify: unknown is free."""
    address = text(call.query, "email")
    if not address:
        return _failure(400, "Email is required")
    believed = opinion(call, address)
    call.bill("verify", address, credits_billed=0 if believed is Opinion.UNKNOWN else CREDIT)
    result, reason = _WORDS[believed]
    body = {
        "result": result,
        "reason": reason,
        "role": False,
        "free": False,
        "disposable": False,
        "accept_all": believed is Opinion.ACCEPTED,
        "did_you_mean": None,
        "sendex": 0.5,
        "email": address,
        "user": address.rpartition("@")[0],
        "domain": host(address),
        "success": True,
        "message": None,
    }
    return Answer(body, headers={"X-Kickbox-Balance": str(call.balance()), "X-Kickbox-Response-Time": "420"})


def balance(call: Call) -> Answer:
    """GET /balance."""
    return Answer({"balance": call.balance(), "success": True, "message": None})


DESK: Final = Desk(
    name="kickbox",
    version="/v2",
    credit_price=7_000,
    routes=(
        Route("GET", "/verify", verify, windows=(Window(8000, 60),)),
        Route("GET", "/balance", balance, Purpose.FREE),
    ),
    key_of=header_key("", bearer=True, query="apikey"),
    refusals=Refusals(
        bad_key=_failure(403, "Invalid API key"),
        no_credit=_failure(403, "Insufficient balance"),
        rate_limited=lambda _wait: _failure(429, "Rate limit exceeded"),
        invalid=_failure(400, "The request could not be read"),
        unavailable=_failure(500, "Internal error"),
    ),
)
