"""Icypeas: a job per search, read by id or in pages. A refused input is a 200; an empty account shows in the job."""

from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from openenrich.sandbox.coverage import Claim, Knowledge
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.jobs import Job
from openenrich.sandbox.people import Person

_CERTAINTY: Final = {Claim.VALID: "ultra_sure", Claim.CATCH_ALL: "probable", Claim.RISKY: "probable"}
_PAGE: Final = 10
_LONGEST_PAGE: Final = 100


def _invalid(*fields: str) -> Answer:
    return Answer({"success": False, "validationErrors": [{"field": name, "type": "missing"} for name in fields]})


def submit(call: Call) -> Answer:
    """POST /email-search."""
    first, last = text(call.body, "firstname"), text(call.body, "lastname")
    company = text(call.body, "domainOrCompany")
    if not company:
        return _invalid("domainOrCompany")
    if not (first or last):
        return _invalid("firstname", "lastname")
    person = call.world.by_name(f"{first} {last}", company)
    known = call.knows(person) if person else None
    found = known is not None and known.email is not None and not call.broke
    if not call.broke:
        call.bill("email-search", first, last, company, credits_billed=CREDIT if found else 0)
    item = _item(first, last, person if found else None, known)
    if call.broke:
        item["status"] = "INSUFFICIENT_FUNDS"
    custom = call.body.get("custom")
    custom = custom if isinstance(custom, dict) else {}
    item["userData"] = {"externalId": custom.get("externalId")}
    job = call.submit(item)
    if text(custom, "webhookUrl"):
        report = {"signature": "unsigned", "timestamp": "2026-01-01T00:00:00Z", "data": {"_id": job.id, **item}}
        call.report(text(custom, "webhookUrl"), report, at=job.ready_at)
    return Answer({"success": True, "item": {"status": "NONE", "_id": job.id}})


def _item(first: str, last: str, person: Person | None, known: Knowledge | None) -> dict[str, object]:
    if person is None or known is None:
        results: dict[str, object] = {"firstname": first, "lastname": last, "emails": []}
        return {"status": "NOT_FOUND", "results": results}
    host = person.company.mail_host
    address = {
        "email": known.email,
        "certainty": _CERTAINTY[known.claim],
        "mxProvider": person.company.mail_provider.lower(),
        "mxRecords": [host],
    }
    results = {
        "firstname": person.first_name,
        "lastname": person.last_name,
        "fullname": person.full_name,
        "emails": [address],
    }
    return {"status": "DEBITED", "results": results}


def read(call: Call) -> Answer:
    """POST /bulk-single-searchs/read: one id, or the newest of ``mode: single``, ten unless asked for more."""
    job_id = text(call.body, "id")
    if job_id:
        job = call.jobs.get(call.vendor, job_id)
        found = [job] if job else []
    elif text(call.body, "mode"):
        asked = call.body.get("limit")
        most = min(asked, _LONGEST_PAGE) if isinstance(asked, int) and asked > 0 else _PAGE
        found = list(islice(call.jobs.newest(call.vendor, call.key), most))
    else:
        return _invalid("id", "mode")
    return Answer({"success": True, "items": [_shown(call, job) for job in found]})


def _shown(call: Call, job: Job) -> dict[str, object]:
    item: Mapping[str, Any] = job.answer if isinstance(job.answer, dict) else {}
    if call.ready(job):
        return {"_id": job.id, **item}
    return {"_id": job.id, "status": "IN_PROGRESS", "results": {"emails": []}, "userData": item.get("userData")}


def subscription(call: Call) -> Answer:
    """POST /a/actions/subscription-information."""
    return Answer(
        {"credits": call.balance(), "status": "active", "plan": "sandbox", "userId": "u1", "quotas": {"daily": 0}}
    )


def _error(status: int, words: str) -> Answer:
    return Answer({"success": False, "error": words}, status)


DESK: Final = Desk(
    name="icypeas",
    version="/api",
    credit_price=19_000,
    routes=(
        Route("POST", "/email-search", submit, windows=(Window(10, 1),)),
        Route("POST", "/bulk-single-searchs/read", read, Purpose.POLL, windows=(Window(30, 60),)),
        Route("POST", "/a/actions/subscription-information", subscription, Purpose.FREE),
    ),
    key_of=header_key("Authorization"),
    refusals=Refusals(
        bad_key=_error(401, "Unauthorized access."),
        no_credit=None,
        rate_limited=lambda _wait: _error(429, "Too many requests"),
        invalid=_invalid("body"),
        unavailable=_error(500, "InternalServerError"),
    ),
)
