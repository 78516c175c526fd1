"""Kaspr: a bare handle and a name; a whole address is a 500, nothing found an empty answer, an empty pool a message."""

from typing import Any, Final

from openenrich.sandbox.coverage import Claim, Knowledge
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Person

_PRICES: Final = {"phone": CREDIT, "directEmail": CREDIT // 2, "workEmail": CREDIT // 5}
_NOTHING: Final[dict[str, Any]] = {}


def enrich(call: Call) -> Answer:
    """POST /profile/linkedin."""
    handle, name = text(call.body, "id"), text(call.body, "name")
    wanted, required = _names(call.body.get("dataToGet")), _names(call.body.get("requiredData"))
    if not handle or not name:
        return Answer({"message": "id and name are required"}, 400)
    if "/" in handle or not set(wanted) <= set(_PRICES):
        return Answer({"message": "Internal server error"}, 500)
    person = call.world.by_linkedin(f"https://www.linkedin.com/in/{handle}")
    known = call.knows(person) if person else None
    held = _held(known) if known else {}
    found = all(item in held for item in required) and any(item in held for item in wanted)
    shown = [item for item in wanted if item in held] if found else []
    call.bill("profile", handle, ",".join(wanted), credits_billed=sum(_PRICES[item] for item in shown))
    if person is None or known is None or not shown:
        return Answer(_NOTHING)
    return Answer({"profile": {**_identity(person), **_contacts(held, shown, known)}})


def _names(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _held(known: Knowledge) -> dict[str, str]:
    values = {"phone": known.phone, "directEmail": known.personal, "workEmail": known.email}
    return {name: value for name, value in values.items() if value}


def _contacts(held: dict[str, str], shown: list[str], known: Knowledge) -> dict[str, Any]:
    """The version 2.0 of the answer."""
    values = {name: held.get(name) if name in shown else None for name in _PRICES}
    work, own, phone = values["workEmail"], values["directEmail"], values["phone"]
    return {
        "workEmails": [work] if work else [],
        "starryWorkEmail": work,
        "directEmails": [own] if own else [],
        "starryDirectEmail": own,
        "emails": [{"email": work, "valid": known.claim is not Claim.RISKY}] if work else [],
        "phones": [f"{phone[:3]} {phone[3:]}"] if phone else [],
        "starryPhone": f"{phone[:3]} {phone[3:]}" if phone else None,
    }


def _identity(person: Person) -> dict[str, Any]:
    company = person.company
    return {
        "id": person.handle,
        "name": person.full_name,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "title": person.job.role.title,
        "location": f"{company.city}, {company.region}, {company.country.name}",
        "companyName": company.legal_name,
        "company": {
            "name": company.legal_name,
            "domains": [company.domain],
            "companyPageUrl": f"https://www.linkedin.com/company/{company.handle}",
            "industries": [company.industry],
            "staffCount": company.headcount,
            "mainAddress": {"country": company.country.code, "city": company.city, "line1": company.street},
        },
        "fetchedAt": "2026-01-05T00:00:00Z",
    }


def remaining(call: Call) -> Answer:
    """GET /keys/remainingCredits."""
    left = call.balance()
    return Answer({"workEmailCredits": -1, "personalEmailCredits": left, "phoneCredits": left, "exportCredits": left})


DESK: Final = Desk(
    name="kaspr",
    version="",
    credit_price=500_000,
    routes=(
        Route("POST", "/profile/linkedin", enrich, windows=(Window(60, 60), Window(500, 3600))),
        Route("GET", "/keys/remainingCredits", remaining, Purpose.FREE),
    ),
    key_of=header_key("", bearer=True),
    refusals=Refusals(
        bad_key=Answer({"message": "Unauthorized"}, 401),
        no_credit=Answer({"message": "No credits left", "reason": "No phone credits left"}, 402),
        rate_limited=lambda wait: Answer({"message": "Too many requests"}, 429, {"Retry-After": str(wait)}),
        invalid=Answer({"message": "The body could not be read"}, 400),
        unavailable=Answer({"message": "Internal server error"}, 500),
    ),
)
