"""SignalHire: up to 100 people a request, answered by a report to the caller's own address and by nothing else."""

import re
from typing import Any, Final

from openenrich.sandbox.coverage import Knowledge, Record
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, flag, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Job, Person, School
from openenrich.sandbox.vendors._network import PHRASES

_MOST: Final = 100
_REACHABLE: Final = re.compile(r"https://|http://(127\.0\.0\.1|localhost)[:/]")
"""Theirs are https only; a trial on one machine has no certificate."""


def _error(status: int, words: str) -> Answer:
    return Answer({"error": words}, status)


def search(call: Call) -> Answer:
    """POST /candidate/search: 201 and a number; ``withoutWaterfall`` answers at once."""
    asked = call.body.get("items")
    items = [str(item) for item in asked] if isinstance(asked, list) else []
    url, at_once = text(call.body, "callbackUrl"), flag(call.body, "withoutWaterfall")
    if not items or not (at_once or _REACHABLE.match(url)):
        return _error(422, "items and callbackUrl are required")
    if len(items) > _MOST or (at_once and url):
        return _error(406, "Too many items, or a callbackUrl together with withoutWaterfall")
    seen: set[str] = set()
    results = [_result(call, item, seen) for item in items]
    if at_once:
        return Answer(results)
    job = call.submit(results)
    number = int(job.id[-8:], 16) + 1
    call.report(url, results, at=job.ready_at, headers={"Request-Id": str(number)})
    return Answer({"requestId": number}, 201, {"X-Credits-Left": str(call.balance())})


def _result(call: Call, item: str, seen: set[str]) -> dict[str, Any]:
    if item in seen:
        return {"item": item, "status": "duplicate_query"}
    seen.add(item)
    person = call.world.by_email(item) if "@" in item else call.world.by_linkedin(item)
    known = call.knows(person) if person else None
    found = known is not None and bool(known.profile or known.email or known.phone or known.personal)
    call.bill("candidate", item, credits_billed=CREDIT if found else 0)
    if person is None or known is None or not found:
        return {"item": item, "status": "failed"}
    return {"item": item, "status": "success", "candidate": _candidate(person, known)}


def _candidate(person: Person, known: Knowledge) -> dict[str, Any]:
    company = person.company
    history = known.profile
    return {
        "uid": f"{person.id:032x}",
        "fullName": person.full_name,
        "gender": None,
        "photo": None,
        "headLine": f"{person.job.role.title} at {company.name}",
        "summary": None,
        "locations": [{"name": f"{company.city}, {company.region}, {company.country.name}"}],
        "skills": list(person.skills) if history else [],
        "language": [{"name": name, "proficiency": PHRASES[level - 1]} for name, level in person.languages],
        "education": [_school(school) for school in person.schools] if history else [],
        "experience": [_position(job) for job in (person.jobs if history else person.jobs[:1])],
        "contacts": _contacts(known),
        "social": [{"type": "li", "link": person.linkedin_url, "rating": "100"}],
    }


def _school(school: School) -> dict[str, Any]:
    return {
        "university": school.name,
        "faculty": school.major,
        "degree": [school.degree],
        "url": None,
        "startedYear": school.start,
        "endedYear": school.end,
    }


def _position(job: Job) -> dict[str, Any]:
    company = job.company
    return {
        "company": company.legal_name,
        "position": job.role.title,
        "started": f"{job.start}-01T00:00:00+00:00",
        "ended": f"{job.end}-01T00:00:00+00:00" if job.end else None,
        "current": job.end is None,
        "location": None,
        "summary": None,
        "companyUrl": company.linkedin_url,
        "companyId": company.linkedin_id,
        "companySize": company.size,
        "staffCount": company.headcount,
        "industry": company.industry,
        "website": f"http://www.{company.domain}",
    }


def _contacts(known: Knowledge) -> list[dict[str, str]]:
    line = "mobile" if known.phone_record is Record.RIGHT else "work_phone"
    ways = (("phone", known.phone, line), ("email", known.email, "work"), ("email", known.personal, "personal"))
    return [
        {"type": kind, "value": value, "rating": "100", "subType": sub_type, "info": ""}
        for kind, value, sub_type in ways
        if value
    ]


def credits_left(call: Call) -> Answer:
    """GET /credits."""
    return Answer({"credits": call.balance()})


DESK: Final = Desk(
    name="signalhire",
    version="/api/v1",
    credit_price=200_000,
    routes=(
        Route("POST", "/candidate/search", search, windows=(Window(600, 60),)),
        Route("GET", "/credits", credits_left, Purpose.FREE),
    ),
    key_of=header_key("apikey"),
    refusals=Refusals(
        bad_key=_error(401, "Authentication failed"),
        no_credit=_error(402, "Out of credits"),
        rate_limited=lambda _wait: _error(429, "Too many requests"),
        invalid=_error(422, "The body could not be read"),
        unavailable=_error(500, "Internal server error"),
    ),
)
