"""Dropcontact: up to 250 rows a job; pending is a 200, an unknown job looks pending, absent values are absent keys."""

from collections.abc import Mapping
from typing import Any, Final

from openenrich.sandbox.coverage import Claim, Knowledge, Record
from openenrich.sandbox.desk import (
    CREDIT,
    Answer,
    Call,
    Desk,
    Purpose,
    Refusals,
    Route,
    full_name_of,
    header_key,
    rows,
    text,
)
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Person

_LABELS: Final = {
    Claim.VALID: "nominative@pro",
    Claim.CATCH_ALL: "catch_all@pro",
    Claim.RISKY: "non_validated@pro",
}
_NOT_READY: Final = Answer(
    {"success": False, "error": False, "reason": "Request not ready yet, try again in 30 seconds"}
)
_ECHOED: Final = ("first_name", "last_name", "full_name", "company", "website", "linkedin", "custom_fields")


def _error(status: int, reason: str) -> Answer:
    return Answer({"error": True, "success": False, "reason": reason}, status)


def submit(call: Call) -> Answer:
    """POST /enrich/all."""
    asked = rows(call.body.get("data"))
    if not 0 < len(asked) <= 250:
        return _error(400, "Between 1 and 250 contacts are needed in data")
    refused = [
        {"index": index, "errors": {"only_contact_data": True}} for index, row in enumerate(asked) if not _usable(row)
    ]
    if len(refused) == len(asked):
        return _error(400, "No usable contact in data")
    done = [_row(call, row) for row in asked]
    job = call.submit(done)
    if text(call.body, "custom_callback_url"):
        report = {"id": f"event-{job.id}", "version": 1, "event_type": "enrich_api_result", "occurred_at": 1767225600}
        report["data"] = {"request_id": job.id, "data": done}
        call.report(text(call.body, "custom_callback_url"), [report], at=job.ready_at)
    body: dict[str, object] = {"error": False, "success": True, "request_id": job.id, "credits_left": call.balance()}
    if refused:
        body["data"] = refused
    return Answer(body)


def result(call: Call) -> Answer:
    """GET /enrich/all/{request_id}."""
    job = call.jobs.get(call.vendor, call.tail)
    if job is None or not call.ready(job):
        return _NOT_READY
    return Answer({"success": True, "error": False, "credits_left": call.balance(), "data": job.answer})


def credits_left(call: Call) -> Answer:
    """GET /account/credits."""
    return Answer({"credits": call.balance()})


def _usable(row: Mapping[str, Any]) -> bool:
    company = text(row, "website", "company", "num_siren")
    return bool(text(row, "linkedin", "email") or (full_name_of(row) and company))


def _person(call: Call, row: Mapping[str, Any]) -> Person | None:
    if url := text(row, "linkedin"):
        return call.world.by_linkedin(url)
    if address := text(row, "email"):
        return call.world.by_email(address)
    return call.world.by_name(full_name_of(row), text(row, "website", "company"))


def _row(call: Call, row: Mapping[str, Any]) -> dict[str, object]:
    """One finished row. The credit is taken at submission and given back without an address: the net is billed."""
    person = _person(call, row) if _usable(row) else None
    known = call.knows(person) if person else None
    found = known is not None and known.email is not None and not (person and person.suppressed)
    question = (text(row, "linkedin"), full_name_of(row), text(row, "website", "company"), text(row, "email"))
    call.bill("enrich", *question, credits_billed=CREDIT if found else 0)
    echoed = {name: row[name] for name in _ECHOED if row.get(name)}
    if person is None or known is None:
        return echoed
    if person.suppressed:
        return echoed | {"email": [{"email": "", "qualification": "Do_Not_Contact@pro"}]}
    return echoed | _contact(person, known)


def _contact(person: Person, known: Knowledge) -> dict[str, object]:
    company = person.company
    contact: dict[str, object] = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "full_name": person.full_name,
        "company": company.legal_name,
        "website": company.domain,
        "company_linkedin": company.linkedin_url,
        "linkedin": person.linkedin_url,
        "job": person.job.role.title,
        "industry": company.industry,
        "nb_employees": company.size.replace("-", " - "),
        "employee_count": company.headcount,
        "country": company.country.code,
    }
    if known.email:
        contact["email"] = [{"email": known.email, "qualification": _LABELS[known.claim]}]
    if known.phone:
        contact["phone" if known.phone_record is Record.LANDLINE else "mobile_phone"] = known.phone
    return contact


DESK: Final = Desk(
    name="dropcontact",
    version="/v1",
    credit_price=160_000,
    routes=(
        Route("POST", "/enrich/all", submit),
        Route("GET", "/enrich/all/{id}", result, Purpose.POLL),
        Route("GET", "/account/credits", credits_left, Purpose.FREE),
    ),
    key_of=header_key("X-Access-Token"),
    refusals=Refusals(
        bad_key=_error(401, "Invalid access token"),
        no_credit=_error(403, "Not enough credits for this request"),
        rate_limited=lambda _wait: Answer({"detail": "Too many requests"}, 429),
        invalid=_error(400, "Missing data"),
        unavailable=Answer({"detail": "Internal server error"}, 500),
    ),
    windows=(Window(60, 1),),
)
