"""Reacher: a server of one's own; a wrong secret is a 400 in plain text, and nobody pays."""

from typing import Final

import msgspec

from openenrich.sandbox.desk import Answer, Call, Desk, Refusals, Route, header_key, text
from openenrich.sandbox.vendors._opinions import Opinion, host, opinion

_WORDS: Final = {
    Opinion.GOOD: ("safe", True),
    Opinion.ACCEPTED: ("risky", True),
    Opinion.BAD: ("invalid", False),
    Opinion.UNKNOWN: ("unknown", False),
}
_PRICE: Final = 200
"""The least that this server's check costs its operator, in millionths of a dollar."""


def check(call: Call) -> Answer:
    """POST /v1/check_email."""
    address = text(call.body, "to_email")
    if not address:
        return _error(400, "to_email field is required.")
    call.bill("verify", address, credits_billed=1000)
    believed = opinion(call, address)
    word, deliverable = _WORDS[believed]
    return Answer(
        {
            "input": address,
            "is_reachable": word,
            "misc": {"is_disposable": False, "is_role_account": False, "is_b2c": False, "gravatar_url": None},
            "mx": {"accepts_mail": True, "records": [f"mx.{host(address)}."]},
            "smtp": _smtp(believed, deliverable=deliverable),
            "syntax": {
                "address": address,
                "domain": host(address),
                "is_valid_syntax": True,
                "username": address.rpartition("@")[0],
                "normalized_email": address,
                "suggestion": None,
            },
        }
    )


def _smtp(believed: Opinion, *, deliverable: bool) -> dict[str, object]:
    if believed is Opinion.UNKNOWN:
        return {"error": {"type": "TimeoutError", "message": "no answer"}}
    return {
        "can_connect_smtp": True,
        "has_full_inbox": False,
        "is_catch_all": believed is Opinion.ACCEPTED,
        "is_deliverable": deliverable,
        "is_disabled": False,
    }


def _error(status: int, words: str) -> Answer:
    return Answer({"error": words}, status)


DESK: Final = Desk(
    name="reacher",
    version="",
    credit_price=_PRICE,
    routes=(Route("POST", "/v1/check_email", check),),
    key_of=header_key("x-reacher-secret"),
    refusals=Refusals(
        bad_key=Answer(msgspec.Raw(b'Invalid request header "x-reacher-secret"'), 400),
        no_credit=_error(402, "Payment required"),
        rate_limited=lambda _wait: _error(429, "Rate limit exceeded"),
        invalid=_error(400, "The body could not be read"),
        unavailable=_error(500, "Failed to get a reply from the worker."),
    ),
)
