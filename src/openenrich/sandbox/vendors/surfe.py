"""Surfe: a job of many people, told apart by our own ids; two pools of credits, charged for what is found."""

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
    flag,
    full_name_of,
    header_key,
    rows,
    text,
)
from openenrich.sandbox.faults import Window
from openenrich.sandbox.jobs import Job
from openenrich.sandbox.people import Job as Position
from openenrich.sandbox.people import Person

_MOBILE_COST: Final = 10 * CREDIT
_STATUSES: Final = {Claim.VALID: "VALID", Claim.CATCH_ALL: "CATCH_ALL", Claim.RISKY: "UNKNOWN"}
_INCLUDED: Final = ("email", "mobile", "linkedInUrl", "jobHistory")


def _error(status: int, message: str) -> Answer:
    return Answer({"code": status, "message": message}, status)


def submit(call: Call) -> Answer:
    """POST /v2/people/enrich."""
    asked, include = rows(call.body.get("people")), call.body.get("include")
    if not isinstance(include, dict) or not any(flag(include, name) for name in _INCLUDED):
        return _error(400, "include must have at least one field")
    if not 0 < len(asked) <= 10_000 or not all(_usable(row) for row in asked):
        return _error(400, "people must be 1 to 10000, each with a profile or a name and a company")
    job = call.submit([_row(call, row, include) for row in asked])
    _report(call, job, many=len(asked) > 1)
    address = f"https://api.surfe.com/v2/people/enrich/{job.id}"
    return Answer({"enrichmentID": job.id, "enrichmentCallbackURL": address, "message": "Started"}, 202)


def _report(call: Call, job: Job, *, many: bool) -> None:
    options = call.body.get("notificationOptions")
    url = text(options, "webhookUrl") if isinstance(options, dict) else ""
    kind = "person.batch-enrichment.completed" if many else "person.enrichment.completed"
    if url.startswith("https://"):
        call.report(url, {"eventType": kind, "data": {"enrichmentID": job.id}}, at=job.ready_at)


def result(call: Call) -> Answer:
    """GET /v2/people/enrich/{id}."""
    job = call.jobs.get(call.vendor, call.tail)
    if job is None:
        return _error(404, "Enrichment not found")
    if not call.ready(job):
        return Answer({"enrichmentID": job.id, "status": "IN_PROGRESS", "percentCompleted": 0, "people": []})
    return Answer({"enrichmentID": job.id, "status": "COMPLETED", "percentCompleted": 100, "people": job.answer})


def _usable(row: Mapping[str, Any]) -> bool:
    company = text(row, "companyDomain", "companyName")
    return bool(text(row, "linkedinUrl") or (full_name_of(row, "firstName", "lastName") and company))


def _row(call: Call, row: Mapping[str, Any], include: Mapping[str, Any]) -> dict[str, object]:
    profile, name = text(row, "linkedinUrl"), full_name_of(row, "firstName", "lastName")
    company = text(row, "companyDomain", "companyName")
    person = call.world.by_linkedin(profile) if profile else call.world.by_name(name, company)
    known = call.knows(person) if person else None
    email = known is not None and known.email is not None and flag(include, "email")
    mobile = known is not None and known.phone_record is Record.RIGHT and flag(include, "mobile")
    shown = known is not None and known.profile and (flag(include, "linkedInUrl") or flag(include, "jobHistory"))
    cost = (CREDIT if email or shown else 0) + (_MOBILE_COST if mobile else 0)
    wanted = " ".join(name for name in _INCLUDED if flag(include, name))
    call.bill(wanted, profile, name, company, credits_billed=cost)
    echoed = {
        member: row[member] for member in ("externalID", "firstName", "lastName", "companyDomain") if member in row
    }
    if person is None or known is None or not (known.profile or email or mobile):
        return {**echoed, "status": "NOT_FOUND", "emails": [], "mobilePhones": []}
    return {
        **echoed,
        **(_head(person) if known.profile else {}),
        "emails": [_email(known)] if email else [],
        "mobilePhones": [{"mobilePhone": known.phone, "confidenceScore": 0.9}] if mobile else [],
        "jobHistory": [_job(job) for job in person.jobs] if known.profile and flag(include, "jobHistory") else [],
        "status": "COMPLETED",
    }


def _email(known: Knowledge) -> dict[str, object]:
    return {"email": known.email, "emailType": "professional", "validationStatus": _STATUSES[known.claim]}


def _head(person: Person) -> dict[str, object]:
    company, role = person.company, person.job.role
    return {
        "firstName": person.first_name,
        "lastName": person.last_name,
        "jobTitle": role.title,
        "seniorities": [role.level.title()],
        "departments": [role.role.replace("_", " ").title()],
        "companyName": company.legal_name,
        "companyDomain": company.domain,
        "country": company.country.code,
        "location": f"{company.city}, {company.region}",
        "linkedInUrl": person.linkedin_url,
    }


def _job(job: Position) -> dict[str, object]:
    return {
        "companyName": job.company.legal_name,
        "companyDomain": job.company.domain,
        "jobTitle": job.role.title,
        "startDate": job.start,
        "endDate": job.end,
    }


def credits_left(call: Call) -> Answer:
    """GET /v1/credits."""
    left = call.balance()
    return Answer({"totalEmail": left, "totalMobile": left, "totalSearch": 0, "message": "Credits left"})


DESK: Final = Desk(
    name="surfe",
    version="",
    credit_price=50_000,
    routes=(
        Route("POST", "/v2/people/enrich", submit),
        Route("GET", "/v2/people/enrich/{id}", result, Purpose.POLL),
        Route("GET", "/v1/credits", credits_left, Purpose.FREE),
    ),
    key_of=header_key("", bearer=True),
    refusals=Refusals(
        bad_key=_error(401, "Missing or wrong API key"),
        no_credit=_error(403, "Quota exceeded or insufficient credits"),
        rate_limited=lambda _wait: _error(429, "Rate limit exceeded"),
        invalid=_error(400, "Invalid request"),
        unavailable=_error(500, "There was an unrecoverable error on the server"),
    ),
    windows=(Window(20, 1), Window(600, 60)),
)
