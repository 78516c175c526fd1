"""MillionVerifier: the verdict at once; failures have status 200 and the result "error"."""

from typing import Final

from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.vendors._opinions import Opinion, opinion

_WORDS: Final = {
    Opinion.GOOD: ("ok", 1, "good"),
    Opinion.ACCEPTED: ("catch_all", 2, "risky"),
    Opinion.BAD: ("invalid", 6, "bad"),
    Opinion.UNKNOWN: ("unknown", 3, "risky"),
}
_CHARGED: Final = frozenset({Opinion.GOOD, Opinion.BAD})


def _failure(words: str, status: int = 200) -> Answer:
    return Answer({"email": "", "quality": "", "result": "error", "resultcode": 4, "error": words}, status)


def verify(call: Call) -> Answer:
    """GET /: neither unknown nor catch-all is charged."""
    address = text(call.query, "email")
    if not address:
        return _failure("No email specified")
    believed = opinion(call, address)
    call.bill("verify", address, credits_billed=CREDIT if believed in _CHARGED else 0)
    result, code, quality = _WORDS[believed]
    return Answer(
        {
            "email": address,
            "quality": quality,
            "result": result,
            "resultcode": code,
            "subresult": result,
            "free": False,
            "role": False,
            "didyoumean": "",
            "credits": call.balance(),
            "executiontime": 1,
            "error": "",
            "livemode": True,
        }
    )


def credits_left(call: Call) -> Answer:
    """GET /credits."""
    return Answer({"credits": call.balance()})


DESK: Final = Desk(
    name="millionverifier",
    version="/api/v3",
    credit_price=3_900,
    routes=(
        Route("GET", "/", verify, windows=(Window(160, 1),)),
        Route("GET", "/credits", credits_left, Purpose.FREE),
    ),
    key_of=header_key("", query="api"),
    refusals=Refusals(
        bad_key=_failure("apikey not found"),
        no_credit=_failure("Insufficient credits"),
        rate_limited=lambda wait: Answer({"error": "Too many requests"}, 429, {"Retry-After": str(wait)}),
        invalid=_failure("No email specified"),
        unavailable=_failure("Internal error", 500),
    ),
)
