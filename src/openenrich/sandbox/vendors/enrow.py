"""Enrow: a job per address, 202 while it runs. It settles catch-all domains itself and returns only valid ones."""

from typing import Final

from openenrich.sandbox.coverage import Claim, Knowledge
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Person


def submit(call: Call) -> Answer:
    """POST /email/find/single."""
    name, company = text(call.body, "fullname"), text(call.body, "company_domain", "company_name")
    if not (name and company):
        return Answer({"message": "fullname and company_domain or company_name are required"}, 400)
    person = call.world.by_name(name, company)
    known = call.knows(person) if person else None
    found = known is not None and known.email is not None and known.claim is not Claim.RISKY
    call.bill("email", name, company, credits_billed=CREDIT if found else 0)
    result = _hit(person, known) if person and known and found else _miss(name, company)
    job = call.submit({**result, "custom": call.body.get("custom") or {}})
    return Answer({"message": "Search started", "id": job.id, "credits_used": 1})


def result(call: Call) -> Answer:
    """GET /email/find/single?id=."""
    job = call.jobs.get(call.vendor, text(call.query, "id"))
    if job is None:
        return Answer({"message": "Bulk search not found"}, 404)
    if not call.ready(job):
        return Answer({"qualification": "ongoing"}, 202)
    return Answer(job.answer)


def _hit(person: Person, known: Knowledge) -> dict[str, object]:
    info = {
        "company_domain": person.company.domain,
        "fullname": person.full_name,
        "firstname": person.first_name,
        "lastname": person.last_name,
        "gender": None,
    }
    return {"email": known.email, "qualification": "valid", "info": info}


def _miss(name: str, company: str) -> dict[str, object]:
    return {"qualification": "invalid", "info": {"company_domain": company, "fullname": name}}


def account(call: Call) -> Answer:
    """GET /account/info."""
    return Answer({"credits": call.balance(), "webhooks": []})


def _message(status: int, words: str) -> Answer:
    return Answer({"message": words}, status)


DESK: Final = Desk(
    name="enrow",
    version="",
    credit_price=12_000,
    routes=(
        Route("POST", "/email/find/single", submit, windows=(Window(10, 1),)),
        Route("GET", "/email/find/single", result, Purpose.POLL),
        Route("GET", "/account/info", account, Purpose.FREE),
    ),
    key_of=header_key("x-api-key"),
    refusals=Refusals(
        bad_key=_message(401, "Invalid API key"),
        no_credit=_message(422, "Your balance is insufficient"),
        rate_limited=lambda wait: Answer({"message": "Too many requests"}, 429, {"X-RateLimit-Reset": str(wait)}),
        invalid=_message(400, "The body could not be read"),
        unavailable=_message(500, "Internal server error"),
    ),
)
