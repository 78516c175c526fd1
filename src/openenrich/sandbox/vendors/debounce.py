"""DeBounce: the verdict at once, as a number; every value is a text."""

from typing import Final

from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key, text
from openenrich.sandbox.vendors._opinions import Opinion, opinion

_WORDS: Final = {
    Opinion.GOOD: ("5", "Safe to Send", "Deliverable"),
    Opinion.ACCEPTED: ("4", "Risky", "Deliverable, Accept-all"),
    Opinion.BAD: ("6", "Invalid", "Bounce"),
    Opinion.UNKNOWN: ("7", "Unknown", "Unknown"),
}


def _failure(status: int, words: str) -> Answer:
    return Answer({"debounce": {"error": words, "code": "0"}, "success": "0"}, status)


def validate(call: Call) -> Answer:
    """GET /: unknown is free."""
    address = text(call.query, "email")
    if not address:
        return _failure(400, "Email address is missing")
    believed = opinion(call, address)
    call.bill("verify", address, credits_billed=0 if believed is Opinion.UNKNOWN else CREDIT)
    code, result, reason = _WORDS[believed]
    verdict = {
        "email": address,
        "code": code,
        "role": "false",
        "free_email": "false",
        "result": result,
        "reason": reason,
        "send_transactional": "0" if believed is Opinion.BAD else "1",
        "did_you_mean": "",
    }
    return Answer({"debounce": verdict, "success": "1", "balance": str(call.balance())})


def balance(call: Call) -> Answer:
    """GET /balance/."""
    return Answer({"balance": str(call.balance()), "success": "1"})


DESK: Final = Desk(
    name="debounce",
    version="/v1",
    credit_price=2_500,
    routes=(
        Route("GET", "/", validate),
        Route("GET", "/balance/", balance, Purpose.FREE),
    ),
    key_of=header_key("", query="api"),
    refusals=Refusals(
        bad_key=_failure(401, "Wrong API"),
        no_credit=_failure(402, "Credits Low"),
        rate_limited=lambda _wait: _failure(429, "Maximum concurrent calls reached"),
        invalid=_failure(400, "The request could not be read"),
        unavailable=_failure(500, "Internal error"),
    ),
)
