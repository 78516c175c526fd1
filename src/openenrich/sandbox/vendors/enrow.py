"""Enrow: a job of one or many, 202 while it runs. It settles catch-all domains itself and returns only valid ones."""

from collections.abc import Mapping
from typing import Any, Final

from openenrich.sandbox.coverage import Claim, Knowledge
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key, rows, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.jobs import Job
from openenrich.sandbox.people import Person
from openenrich.sandbox.vendors._opinions import Opinion, insight

_MOST: Final = 5000
_CHECK_CREDITS: Final = 250


def submit(call: Call) -> Answer:
    """POST /email/find/single."""
    if not _complete(call.body):
        return _message(400, "both company_domain and company_name are absent, or fullname is")
    result = {**_search(call, call.body), "custom": call.body.get("custom") or {}}
    job = call.submit(result)
    _report(call, job, {"event": "single_search_finished", "id": job.id, "result": result})
    return Answer({"message": "Single search operating", "id": job.id, "credits_used": 1})


def submit_many(call: Call) -> Answer:
    """POST /email/find/bulk: one incomplete search spoils them all."""
    searches = rows(call.body.get("searches"))
    if not 0 < len(searches) <= _MOST:
        return _message(400, "Missing payload")
    spoilt = next((number for number, search in enumerate(searches, 1) if not _complete(search)), None)
    if spoilt:
        return _message(400, f"Missing mandatory property on search n°{spoilt} of {len(searches)}")
    results = [{"index": index, **_search(call, search)} for index, search in enumerate(searches)]
    valid = sum(result["qualification"] == "valid" for result in results)
    cost = {"initial": len(results), "refunded": len(results) - valid, "final": valid}
    stats = {"finished": len(results), "requested": len(results), "valid": valid, "credits_cost": cost}
    job = call.submit({"stats": stats, "results": results})
    _report(call, job, {"event": "bulk_search_finished", "id": job.id, "credits_cost": cost})
    taken = {"message": "Bulk search operating", "id": job.id, "credits_used": len(results), "estimated_duration": 1}
    return Answer(taken, 201)


def _complete(search: Mapping[str, Any]) -> bool:
    return bool(text(search, "fullname") and text(search, "company_domain", "company_name"))


def _search(call: Call, search: Mapping[str, Any]) -> dict[str, object]:
    name, company = text(search, "fullname"), text(search, "company_domain", "company_name")
    person = call.world.by_name(name, company)
    known = call.knows(person) if person else None
    found = known is not None and known.email is not None and known.claim is not Claim.RISKY
    call.bill("email", name, company, credits_billed=CREDIT if found else 0)
    return _hit(person, known) if person and known and found else _miss(name, company)


def _report(call: Call, job: Job, event: dict[str, object]) -> None:
    settings = call.body.get("settings")
    url = text(settings, "webhook") if isinstance(settings, dict) else ""
    if url:
        call.report(url, event, at=job.ready_at)


def verify(call: Call) -> Answer:
    """POST /email/verify/single: paid for at once, valid or not."""
    address = text(call.body, "email")
    if not address:
        return _message(400, "invalid email format")
    call.bill("verify", address, credits_billed=_CHECK_CREDITS)
    word = "valid" if insight(call, address) is Opinion.GOOD else "invalid"
    result = {"email": address, "qualification": word, "custom": call.body.get("custom") or {}}
    job = call.submit(result)
    _report(call, job, {"event": "single_verif_finished", "id": job.id, "result": result})
    return Answer({"message": "Single verification operating", "id": job.id, "credits_used": 0.25})


def result(call: Call) -> Answer:
    """GET /email/find/single?id=."""
    job = call.jobs.get(call.vendor, text(call.query, "id"))
    if job is None:
        return _message(404, "Bulk search not found")
    if not call.ready(job):
        return Answer({"qualification": "ongoing"}, 202)
    return Answer(job.answer)


def results(call: Call) -> Answer:
    """GET /email/find/bulk?id=."""
    job = call.jobs.get(call.vendor, text(call.query, "id"))
    if job is None or not isinstance(job.answer, dict):
        return _message(404, "Bulk search not found")
    if not call.ready(job):
        requested = job.answer["stats"]["requested"]
        return Answer(
            {"general": {"id": job.id, "status": "ongoing"}, "stats": {"requested": requested, "finished": 0}}, 202
        )
    return Answer({"general": {"id": job.id, "status": "completed"}, **job.answer})


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
        Route("POST", "/email/find/bulk", submit_many, windows=(Window(10, 1),)),
        Route("POST", "/email/verify/single", verify, windows=(Window(10, 1),)),
        Route("GET", "/email/verify/single", result, Purpose.POLL),
        Route("GET", "/email/find/single", result, Purpose.POLL),
        Route("GET", "/email/find/bulk", results, Purpose.POLL),
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
