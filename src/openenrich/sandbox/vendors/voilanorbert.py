"""VoilaNorbert: forms under Basic, a contact that searches and then has an address with a score, or has none."""

import base64
import binascii
from collections.abc import Mapping
from typing import Final

from openenrich.sandbox.coverage import Claim
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, text
from openenrich.sandbox.faults import Window

_SCORES: Final = {Claim.VALID: 92, Claim.CATCH_ALL: 74, Claim.RISKY: 45}


def _error(status: int, words: str, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer({"error": words}, status, headers or {})


def search(call: Call) -> Answer:
    """POST /search/name: a contact that is known already comes with its result, and costs nothing."""
    name, asked = text(call.body, "name"), text(call.body, "domain", "company")
    if not (name and asked):
        return Answer({"name": ["name and domain or company are required"]}, 400)
    company = call.world.company(asked)
    if company is None:
        return Answer({"domain": ["The domain of the company could not be located"]}, 400)
    person = call.world.by_name(name, asked)
    known = call.knows(person) if person else None
    again = person is not None and call.ledger.own(call.vendor, person.id, "email")
    found = known is not None and known.email is not None
    call.bill("email", name, asked, credits_billed=CREDIT if found and not again else 0)
    contact = {
        "name": name,
        "is_new": not again,
        "status": "new",
        "created": 1767225600,
        "company": {"name": company.legal_name, "title": None, "url": company.domain},
        "email": {"email": known.email, "is_done": True, "score": _SCORES[known.claim]} if known and found else None,
        "lists": [],
    }
    job = call.submit(contact)
    if text(call.body, "webhook"):
        call.report(text(call.body, "webhook"), {"id": job.id, **contact, "searching": False}, at=job.ready_at)
    hidden = {} if again else {"email": None}
    return Answer({"id": job.id, **contact, **hidden, "searching": not again})


def contact(call: Call) -> Answer:
    """GET /contacts/{id}."""
    job = call.jobs.get(call.vendor, call.tail)
    if job is None or not isinstance(job.answer, dict):
        return _error(404, "Not found")
    ready = call.ready(job)
    return Answer({"id": job.id, **job.answer, **({} if ready else {"email": None}), "searching": not ready})


def credits_left(call: Call) -> Answer:
    """GET /organization/credits."""
    spent = call.ledger.spent(call.vendor) // CREDIT
    refills = {"refill_credits": 0, "refill_limit": 0, "refill_price": 0, "charge_failed": 0}
    return Answer({"remains": call.balance(), "total": call.balance() + spent, **refills})


def _key_of(headers: Mapping[str, str], parameters: Mapping[str, str]) -> str:
    """The password; any user name will do."""
    del parameters
    scheme, _, pair = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(pair, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


DESK: Final = Desk(
    name="voilanorbert",
    version="/2018-01-08",
    credit_price=49_000,
    routes=(
        Route("POST", "/search/name", search),
        Route("GET", "/contacts/{id}", contact, Purpose.POLL),
        Route("GET", "/organization/credits", credits_left, Purpose.FREE),
    ),
    key_of=_key_of,
    refusals=Refusals(
        bad_key=_error(401, "Unauthorized"),
        no_credit=_error(402, "Not enough credits"),
        rate_limited=lambda _wait: _error(
            429, "Too many requests", {"X-RateLimit-Limit": "120", "X-RateLimit-Remaining": "0"}
        ),
        invalid=_error(400, "The body could not be read"),
        unavailable=_error(500, "Internal server error"),
    ),
    windows=(Window(120, 60),),
)
