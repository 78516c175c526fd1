"""Skrapp: one search. A stranger is a 404, somebody without an address a 200; guesses are valid and hardly accurate."""

from typing import Final

from openenrich.sandbox.coverage import Claim, Knowledge
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, full_name_of, header_key, text
from openenrich.sandbox.people import Person

_STATUSES: Final = {Claim.VALID: "valid", Claim.CATCH_ALL: "catch-all", Claim.RISKY: "valid"}
_ACCURACY: Final = {Claim.VALID: 94, Claim.CATCH_ALL: 72, Claim.RISKY: 48}


def _message(status: int, words: str) -> Answer:
    return Answer({"message": words}, status)


def find(call: Call) -> Answer:
    """GET /api/v2/find."""
    name = text(call.query, "fullName") or full_name_of(call.query, "firstName", "lastName")
    company = text(call.query, "domain", "company")
    if not (name and company):
        return _message(400, "Give a name and company or domain")
    person = call.world.by_name(name, company)
    known = call.knows(person) if person else None
    found = known is not None and known.email is not None
    call.bill("email", name, company, credits_billed=CREDIT if found else 0)
    if person is None or known is None:
        return _message(404, "Not found")
    return Answer(_hit(person, known) if found else {"email": None, "accuracy": 0, "domain": person.company.domain})


def _hit(person: Person, known: Knowledge) -> dict[str, object]:
    return {
        "email": known.email,
        "accuracy": _ACCURACY[known.claim],
        "pattern": person.company.pattern,
        "quality": {"status": _STATUSES[known.claim], "status_message": "From the sandbox"},
        "firstName": person.first_name,
        "lastName": person.last_name,
        "name": person.full_name,
        "company": person.company.legal_name,
        "domain": (known.email or "").rpartition("@")[2],
    }


def account(call: Call) -> Answer:
    """GET /api/v2/account."""
    spent = call.ledger.spent(call.vendor) // CREDIT
    pool = {"quota": call.balance() + spent, "used": spent}
    return Answer({"package": "Sandbox", "packageRDate": 1798761600, "credit": pool, "lists": []})


DESK: Final = Desk(
    name="skrapp",
    version="/api/v2",
    credit_price=50_000,
    routes=(
        Route("GET", "/find", find),
        Route("GET", "/account", account, Purpose.FREE),
    ),
    key_of=header_key("X-Access-Key"),
    refusals=Refusals(
        bad_key=_message(401, "Unauthorized"),
        no_credit=_message(402, "No credits left"),
        rate_limited=lambda _wait: _message(429, "Too many requests"),
        invalid=_message(400, "The parameters could not be read"),
        unavailable=_message(500, "Internal server error"),
    ),
)
