"""ZeroBounce: the verdict at once; a bad key and an empty account are one sentence, with status 200."""

from typing import Final

from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.vendors._opinions import Opinion, host, opinion

_WORDS: Final = {
    Opinion.GOOD: ("valid", ""),
    Opinion.ACCEPTED: ("catch-all", ""),
    Opinion.BAD: ("invalid", "mailbox_not_found"),
    Opinion.UNKNOWN: ("unknown", "greylisted"),
}
_NO_KEY_OR_CREDIT: Final = Answer({"error": "Invalid API key or your account ran out of credits"})


def validate(call: Call) -> Answer:
    """GET /validate: unknown is free."""
    address = text(call.query, "email")
    if not address:
        return Answer({"error": "Missing parameter: email"}, 400)
    believed = opinion(call, address)
    call.bill("verify", address, credits_billed=0 if believed is Opinion.UNKNOWN else CREDIT)
    status, detail = _WORDS[believed]
    return Answer(
        {
            "address": address,
            "status": status,
            "sub_status": detail,
            "free_email": False,
            "did_you_mean": None,
            "account": address.rpartition("@")[0],
            "domain": host(address),
            "domain_age_days": "4120",
            "smtp_provider": "",
            "mx_found": "true",
            "mx_record": f"mx.{host(address)}",
            "firstname": None,
            "lastname": None,
            "processed_at": "2026-03-02 09:14:11.221",
        }
    )


def credits_left(call: Call) -> Answer:
    """GET /getcredits."""
    return Answer({"Credits": str(call.balance())})


DESK: Final = Desk(
    name="zerobounce",
    version="/v2",
    credit_price=12_900,
    routes=(
        Route("GET", "/validate", validate, windows=(Window(80_000, 10),)),
        Route("GET", "/getcredits", credits_left, Purpose.FREE),
    ),
    key_of=header_key("", query="api_key"),
    refusals=Refusals(
        bad_key=_NO_KEY_OR_CREDIT,
        no_credit=_NO_KEY_OR_CREDIT,
        rate_limited=lambda wait: Answer({"error": "Too many requests"}, 429, {"Retry-After": str(wait)}),
        invalid=Answer({"error": "The parameters could not be read"}, 400),
        unavailable=Answer({"error": "Internal server error"}, 500),
    ),
)
