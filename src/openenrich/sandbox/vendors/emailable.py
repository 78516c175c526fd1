"""Emailable: the verdict at once, or 249 and the same question again."""

from typing import Final

from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, flag, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.vendors._opinions import Opinion, host, opinion, slow

_WORDS: Final = {
    Opinion.GOOD: ("deliverable", "accepted_email"),
    Opinion.ACCEPTED: ("risky", "low_deliverability"),
    Opinion.BAD: ("undeliverable", "rejected_email"),
    Opinion.UNKNOWN: ("unknown", "timeout"),
}
_SLOW_SHARE: Final = 0.06


def _message(status: int, words: str) -> Answer:
    return Answer({"message": words}, status)


def verify(call: Call) -> Answer:
    """GET /verify: hosts that accept every name are found out only on request."""
    address = text(call.query, "email")
    if not address:
        return _message(400, "Email is required")
    if slow(call, address, _SLOW_SHARE) and _still_checking(call, address):
        return _message(249, "Your request is taking longer than normal. Please send your request again.")
    call.bill("verify", address, credits_billed=CREDIT)
    believed = opinion(call, address)
    told = flag(call.query, "accept_all")
    state, reason = _WORDS[Opinion.GOOD if believed is Opinion.ACCEPTED and not told else believed]
    return Answer(
        {
            "accept_all": believed is Opinion.ACCEPTED if told else None,
            "did_you_mean": None,
            "disposable": False,
            "domain": host(address),
            "duration": 0.49,
            "email": address,
            "free": False,
            "mx_record": f"mx.{host(address)}",
            "reason": reason,
            "role": False,
            "score": 50,
            "smtp_provider": None,
            "state": state,
            "tag": None,
            "user": address.rpartition("@")[0],
        }
    )


def _still_checking(call: Call, address: str) -> bool:
    check = f"{call.vendor}/{call.key}/{address}"
    return call.jobs.searching(check, call.pace.now(), call.pace.job_s(call.vendor))


def account(call: Call) -> Answer:
    """GET /account."""
    return Answer({"owner_email": "owner@example.test", "available_credits": call.balance()})


DESK: Final = Desk(
    name="emailable",
    version="/v1",
    credit_price=5_000,
    routes=(
        Route("GET", "/verify", verify, windows=(Window(25, 1),)),
        Route("GET", "/account", account, Purpose.FREE),
    ),
    key_of=header_key("", bearer=True, query="api_key"),
    refusals=Refusals(
        bad_key=_message(403, "Invalid API key"),
        no_credit=_message(402, "You don't have enough credits to complete this request."),
        rate_limited=lambda wait: Answer({"message": "Too many requests"}, 429, {"Retry-After": str(wait)}),
        invalid=_message(400, "The request could not be read"),
        unavailable=_message(503, "We are offline for maintenance."),
    ),
)
