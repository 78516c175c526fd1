"""Wiza: one kind of job at four levels; an empty account shows as a job that failed, ids are numbers."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

import msgspec

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
    header_key,
    text,
)
from openenrich.sandbox.jobs import Job
from openenrich.sandbox.people import Person

_LEVELS: Final = frozenset({"none", "partial", "phone", "full"})
_STATUSES: Final = {Claim.VALID: "valid", Claim.CATCH_ALL: "catch_all", Claim.RISKY: "risky"}
_UNFOUND: Final[Mapping[str, object]] = {"email": None, "email_type": None, "email_status": "unfound", "emails": []}
_SILENT: Final[Mapping[str, object]] = {
    "mobile_phone": None,
    "phone_number": None,
    "phone_status": "unfound",
    "phones": [],
}


def _error(status: int, message: str) -> Answer:
    return Answer({"status": {"code": status, "message": message}}, status)


def submit(call: Call) -> Answer:
    """POST /individual_reveals."""
    asked, level = call.body.get("individual_reveal"), text(call.body, "enrichment_level")
    if not isinstance(asked, dict) or level not in _LEVELS or not _usable(asked):
        return _error(400, "A profile, an e-mail or a full name with a company is required")
    if call.broke:
        job = call.submit({"status": "failed", "fail_error": "billing_issue"})
    else:
        job = call.submit({"status": "finished", "fail_error": None, **_reveal(call, asked, level)})
    _report(call, job)
    return _wrapped(job.id, {"status": "queued", "is_complete": False})


def _report(call: Call, job: Job) -> None:
    """The body of a poll; proven by the hash of the key."""
    url = text(call.body, "callback_url")
    if url and isinstance(job.answer, dict):
        proof = {"x-auth-key": sha256(call.key.encode()).hexdigest()}
        code = 400 if job.answer["status"] == "failed" else 200
        report = _wrapped(job.id, {**job.answer, "is_complete": True}, code)
        call.report(url, report.body, at=job.ready_at, headers=proof)


def result(call: Call) -> Answer:
    """GET /individual_reveals/{id}."""
    job = call.jobs.get(call.vendor, f"{int(call.tail):018x}") if call.tail.isdigit() else None
    if job is None or not isinstance(job.answer, dict):
        return _error(404, "Individual reveal not found")
    if not call.ready(job):
        return _wrapped(job.id, {"status": "resolving", "is_complete": False})
    return _wrapped(job.id, {**job.answer, "is_complete": True})


def _wrapped(job_id: str, data: Mapping[str, object], code: int = 200) -> Answer:
    number = msgspec.Raw(str(int(job_id, 16)).encode())
    status = {"code": code, "message": "ok"}
    return Answer({"status": status, "type": "individual_reveal", "data": {"id": number, **data}})


def _usable(asked: Mapping[str, Any]) -> bool:
    return bool(text(asked, "profile_url", "email") or (text(asked, "full_name") and text(asked, "domain", "company")))


def _person(call: Call, asked: Mapping[str, Any]) -> Person | None:
    if url := text(asked, "profile_url"):
        return call.world.by_linkedin(url)
    if address := text(asked, "email"):
        return call.world.by_email(address)
    return call.world.by_name(text(asked, "full_name"), text(asked, "domain", "company"))


def _reveal(call: Call, asked: Mapping[str, Any], level: str) -> dict[str, object]:
    """Everything that the level contains, and what it cost."""
    options = call.body.get("email_options")
    options = options if isinstance(options, dict) else {"accept_work": True, "accept_personal": True}
    person = _person(call, asked)
    known = call.knows(person) if person else None
    emails = _emails(known, options) if known and level in {"partial", "full"} else []
    phone = known.phone if known and level in {"phone", "full"} else None
    costs = {
        "email_credits": 2 if any(email["email_status"] == "valid" for email in emails) else 0,
        "phone_credits": 5 if phone else 0,
        "scrape_credits": 1 if level == "none" and known and known.profile else 0,
    }
    total = sum(costs.values())
    question = (level, str(sorted(options.items())), *(text(asked, name) for name in _ASKED))
    call.bill(*question, credits_billed=total * CREDIT)
    shown = _profile(person) if person and known and known.profile else {"name": text(asked, "full_name") or None}
    first = {**emails[0], "emails": emails} if emails else _UNFOUND
    numbers = _numbers(known, phone) if known and phone else _SILENT
    return {**shown, **first, **numbers, "credits": {"api_credits": {"total": total, **costs}}}


_ASKED: Final = ("profile_url", "email", "full_name", "domain", "company")


def _emails(known: Knowledge, options: Mapping[str, Any]) -> list[dict[str, str]]:
    found = []
    if known.email and flag(options, "accept_work"):
        found.append({"email": known.email, "email_type": "work", "email_status": _STATUSES[known.claim]})
    if known.personal and flag(options, "accept_personal"):
        found.append({"email": known.personal, "email_type": "personal", "email_status": "valid"})
    return found


def _numbers(known: Knowledge, phone: str) -> dict[str, object]:
    kind = "landline" if known.phone_record is Record.LANDLINE else "mobile"
    listed = [{"number": phone.removeprefix("+"), "pretty_number": phone, "type": kind}]
    mobile = phone if kind == "mobile" else None
    return {"mobile_phone": mobile, "phone_number": phone, "phone_status": "found", "phones": listed}


def _profile(person: Person) -> dict[str, object]:
    """Texts about the company are in small letters."""
    company = person.company
    return {
        "name": person.full_name,
        "title": person.job.role.title,
        "location": f"{company.city}, {company.region}, {company.country.name}",
        "linkedin_profile_url": person.linkedin_url,
        "company": company.legal_name.lower(),
        "company_domain": company.domain,
        "company_size": company.headcount,
        "company_size_range": company.size,
        "company_founded": company.founded,
        "company_type": company.ownership,
        "company_industry": company.industry.lower(),
        "company_street": company.street.lower(),
        "company_locality": company.city.lower(),
        "company_region": company.region.lower(),
        "company_country": company.country.name.lower(),
        "company_postal_code": None,
        "company_linkedin": f"linkedin.com/company/{company.handle}",
        "company_description": None,
    }


def credits_left(call: Call) -> Answer:
    """GET /meta/credits."""
    pools = {"email_credits": "unlimited", "phone_credits": 100, "export_credits": 0}
    return Answer({"credits": {**pools, "api_credits": call.balance()}})


DESK: Final = Desk(
    name="wiza",
    version="/api",
    credit_price=25_000,
    routes=(
        Route("POST", "/individual_reveals", submit),
        Route("GET", "/individual_reveals/{id}", result, Purpose.POLL),
        Route("GET", "/meta/credits", credits_left, Purpose.FREE),
    ),
    key_of=header_key("", bearer=True),
    refusals=Refusals(
        bad_key=_error(401, "Unauthorized"),
        no_credit=None,
        rate_limited=lambda _wait: _error(429, "The queue is full"),
        invalid=_error(400, "The body could not be read"),
        unavailable=_error(500, "Internal server error"),
    ),
)
