"""GetProspect: one search, wrapped today and flat in the older form, on a plan that charges every address."""

from typing import Final

from openenrich.sandbox.coverage import Claim
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Refusals, Route, full_name_of, header_key, text

_STATUSES: Final = {Claim.VALID: "valid", Claim.CATCH_ALL: "accept_all", Claim.RISKY: "unknown"}


def _message(status: int, words: str) -> Answer:
    return Answer({"message": words, "statusCode": status}, status)


def find(call: Call) -> Answer:
    """GET /v2/email-finder: a miss is a 200 without an address."""
    name, company = full_name_of(call.query), text(call.query, "domain", "company")
    if not (name and company):
        return _message(400, "Give a name and domain or company")
    left = {"credits": {"email_search": call.balance()}}
    return Answer({"success": True, "data": _search(call, name, company), "metadata": left})


def find_flat(call: Call) -> Answer:
    """GET /public/v1/email/find: a miss is a 404."""
    name, company = text(call.query, "name"), text(call.query, "company")
    if not (name and company):
        return _message(400, "Give a name and company")
    shown = _search(call, name, company)
    return Answer(shown) if shown["email"] else _message(404, "Email not found")


def _search(call: Call, name: str, company: str) -> dict[str, object]:
    person = call.world.by_name(name, company)
    known = call.knows(person) if person else None
    found = known is not None and known.email is not None
    call.bill("email", name, company, credits_billed=CREDIT if found else 0)
    if known is None or not found:
        return {"email": None, "status": "not_found"}
    return {"email": known.email, "status": _STATUSES[known.claim], "domain": company}


DESK: Final = Desk(
    name="getprospect",
    version="",
    credit_price=50_000,
    routes=(
        Route("GET", "/v2/email-finder", find),
        Route("GET", "/public/v1/email/find", find_flat),
    ),
    key_of=header_key("apiKey", query="apiKey"),
    refusals=Refusals(
        bad_key=_message(401, "Unauthorized user"),
        no_credit=_message(402, "Insufficient credits"),
        rate_limited=lambda _wait: _message(429, "Too many requests"),
        invalid=_message(400, "The parameters could not be read"),
        unavailable=_message(500, "Internal server error"),
    ),
)
