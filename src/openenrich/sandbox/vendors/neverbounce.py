"""NeverBounce: the verdict at once; every failure has status 200 and a word for its kind."""

from typing import Final

from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key, text
from openenrich.sandbox.vendors._opinions import Opinion, opinion

_WORDS: Final = {
    Opinion.GOOD: ("valid", ["has_dns", "has_dns_mx", "smtp_connectable"]),
    Opinion.ACCEPTED: ("catchall", ["has_dns", "has_dns_mx", "smtp_connectable", "accepts_all"]),
    Opinion.BAD: ("invalid", ["has_dns", "has_dns_mx"]),
    Opinion.UNKNOWN: ("unknown", ["has_dns", "connect_fails"]),
}


def _failure(status: str, message: str) -> Answer:
    return Answer({"status": status, "message": message, "execution_time": 5})


def check(call: Call) -> Answer:
    """GET /single/check."""
    address = text(call.query, "email")
    if not address:
        return _failure("general_failure", "Missing required parameter 'email'")
    call.bill("verify", address, credits_billed=CREDIT)
    result, flags = _WORDS[opinion(call, address)]
    return Answer(
        {"status": "success", "result": result, "flags": flags, "suggested_correction": "", "execution_time": 412}
    )


def account(call: Call) -> Answer:
    """GET /account/info."""
    left = {
        "paid_credits_used": call.ledger.spent(call.vendor) // CREDIT,
        "free_credits_used": 0,
        "paid_credits_remaining": call.balance(),
        "free_credits_remaining": 0,
    }
    return Answer({"status": "success", "credits_info": left, "job_counts": {"completed": 0}, "execution_time": 5})


DESK: Final = Desk(
    name="neverbounce",
    version="/v4.2",
    credit_price=5_000,
    routes=(
        Route("GET", "/single/check", check),
        Route("GET", "/account/info", account, Purpose.FREE),
    ),
    key_of=header_key("", query="key"),
    refusals=Refusals(
        bad_key=_failure("auth_failure", "Invalid API key"),
        no_credit=_failure("general_failure", "Insufficient credit balance"),
        rate_limited=lambda _wait: _failure("throttle_triggered", "Too many requests in a short amount of time"),
        invalid=_failure("general_failure", "The request could not be read"),
        unavailable=_failure("temp_unavail", "Something went wrong on our side"),
    ),
)
