"""EmailListVerify: the verdict at once, as one bare word; an empty account is such a word."""

from typing import Final

import msgspec

from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.vendors._opinions import Opinion, opinion

_WORDS: Final = {
    Opinion.GOOD: b"ok",
    Opinion.ACCEPTED: b"ok_for_all",
    Opinion.BAD: b"email_disabled",
    Opinion.UNKNOWN: b"antispam_system",
}


def _word(word: bytes) -> Answer:
    """As it is, without the quotes of JSON."""
    return Answer(msgspec.Raw(word))


def _failure(status: int, error: str, message: str) -> Answer:
    return Answer({"statusCode": status, "message": message, "error": error}, status)


def verify(call: Call) -> Answer:
    """GET /verifyEmail."""
    address = text(call.query, "email")
    if not address:
        return _failure(400, "Bad Request", "email should not be empty")
    call.bill("verify", address, credits_billed=CREDIT)
    return _word(_WORDS[opinion(call, address)])


def credits_left(call: Call) -> Answer:
    """GET /credits."""
    return Answer({"onDemand": {"available": call.balance()}, "subscription": None})


DESK: Final = Desk(
    name="emaillistverify",
    version="/api",
    credit_price=2_700,
    routes=(
        Route("GET", "/verifyEmail", verify, windows=(Window(10, 1),)),
        Route("GET", "/credits", credits_left, Purpose.FREE),
    ),
    key_of=header_key("x-api-key", query="secret"),
    refusals=Refusals(
        bad_key=_failure(401, "Unauthorized", "Invalid API key"),
        no_credit=_word(b"error_credit"),
        rate_limited=lambda wait: Answer(
            {"statusCode": 429, "error": "Too Many Requests"}, 429, {"Retry-After": str(wait)}
        ),
        invalid=_failure(400, "Bad Request", "The request could not be read"),
        unavailable=_failure(500, "Internal Server Error", "Internal server error"),
    ),
)
