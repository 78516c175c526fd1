"""Bouncer: the verdict at once, with flags that are words."""

from typing import Final

from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.vendors._opinions import Opinion, host, opinion

_WORDS: Final = {
    Opinion.GOOD: ("deliverable", "accepted_email", "no"),
    Opinion.ACCEPTED: ("risky", "low_deliverability", "yes"),
    Opinion.BAD: ("undeliverable", "rejected_email", "no"),
    Opinion.UNKNOWN: ("unknown", "timeout", "unknown"),
}


def _error(status: int, error: str, message: str = "") -> Answer:
    return Answer({"status": status, "error": error, "message": message}, status)


def verify(call: Call) -> Answer:
    """GET /email/verify: unknown is free."""
    address = text(call.query, "email")
    if not address:
        return _error(400, "Bad Request", "email is required")
    believed = opinion(call, address)
    call.bill("verify", address, credits_billed=0 if believed is Opinion.UNKNOWN else CREDIT)
    status, reason, accepts = _WORDS[believed]
    return Answer(
        {
            "email": address,
            "status": status,
            "reason": reason,
            "domain": {"name": host(address), "acceptAll": accepts, "disposable": "no", "free": "no"},
            "account": {"role": "no", "disabled": "no", "fullMailbox": "no"},
            "dns": {"type": "MX", "record": f"mx.{host(address)}."},
            "provider": "other",
            "score": 50,
            "toxic": "unknown",
            "toxicity": 0,
        }
    )


def credits_left(call: Call) -> Answer:
    """GET /credits."""
    return Answer({"credits": call.balance()})


DESK: Final = Desk(
    name="bouncer",
    version="/v1.1",
    credit_price=6_000,
    routes=(
        Route("GET", "/email/verify", verify, windows=(Window(1000, 60),)),
        Route("GET", "/credits", credits_left, Purpose.FREE, windows=(Window(10, 60),)),
    ),
    key_of=header_key("x-api-key"),
    refusals=Refusals(
        bad_key=_error(401, "Unauthorized"),
        no_credit=_error(402, "Payment Required", "0 credits left"),
        rate_limited=lambda _wait: _error(429, "Too Many Requests"),
        invalid=_error(400, "Bad Request"),
        unavailable=_error(500, "Internal Server Error"),
    ),
)
