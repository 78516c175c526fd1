"""Apollo: a match at once, phones by a job that calls back; a pending job is a 404, a locked address a decoy."""

from collections.abc import Mapping
from typing import Any, Final

from openenrich.sandbox.companies import Company
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
from openenrich.sandbox.people import Job, Person, School

_FIRST_REQUEST: Final = -1_039_995_589_705_000_000
"""Numbers of jobs are negative 64-bit integers; the last digits are the person's."""
_REACHABLE: Final = ("https://", "http://127.0.0.1", "http://localhost")
"""Theirs are https only; a trial on one machine has no certificate."""
_LEVELS: Final = {"cxo": "c_suite", "training": "intern"}
_STATUSES: Final = {Claim.VALID: "verified", Claim.CATCH_ALL: "guessed", Claim.RISKY: "guessed"}


def _error(status: int, code: str, message: str) -> Answer:
    return Answer({"status": "failed", "error_code": code, "error_message": message}, status)


def match(call: Call) -> Answer:
    """POST /people/match; parameters in the query, or in a body."""
    asked = {**call.query, **call.body}
    if not _usable(asked):
        return _error(422, "INVALID_REQUEST", "No identifier of a person was given")
    phone, webhook = flag(asked, "reveal_phone_number"), text(asked, "webhook_url")
    if phone and not (flag(asked, "poll_only") or webhook.startswith(_REACHABLE)):
        return _error(400, "INVALID_REQUEST", "Please add a valid 'webhook_url' parameter")
    person, shown = _matched(call, asked, phone=phone)
    if person is None:
        return Answer({"person": None, "request_id": _FIRST_REQUEST - 1})
    number = _FIRST_REQUEST - 10 - person.id
    if phone:
        _still_running(call, person)  # from now on
    if phone and webhook:
        ready_at = call.pace.now() + call.pace.job_s(call.vendor)
        call.report(webhook, {"request_id": number, **_payload(call, person)}, at=ready_at)
    return Answer({"person": shown, "request_id": number})


def match_many(call: Call) -> Answer:
    """POST /people/bulk_match: matches in the order of ``details``, null for nobody; no phones here."""
    details = rows(call.body.get("details"))
    if not 0 < len(details) <= 10:
        return _error(400, "RECORD_LIMIT_EXCEEDED", "details holds 1 to 10 people")
    flags = {**call.query, **call.body}
    found = [_matched(call, {**flags, **item})[1] if _usable(item) else None for item in details]
    known = sum(shown is not None for shown in found)
    return Answer(
        {
            "status": "success",
            "error_code": None,
            "error_message": None,
            "total_requested_enrichments": len(found),
            "unique_enriched_records": known,
            "missing_records": len(found) - known,
            "credits_consumed": known,
            "matches": found,
        }
    )


def _usable(asked: Mapping[str, Any]) -> bool:
    named = (text(asked, "name") or full_name_of(asked)) and text(asked, "domain", "organization_name")
    return bool(text(asked, "linkedin_url", "email") or named)


def _matched(
    call: Call, asked: Mapping[str, Any], *, phone: bool = False
) -> tuple[Person, dict[str, Any]] | tuple[None, None]:
    """The person and what is shown of them, billed."""
    profile, address = text(asked, "linkedin_url"), text(asked, "email")
    name, company = text(asked, "name") or full_name_of(asked), text(asked, "domain", "organization_name")
    person = _person(call, profile, address, name, company)
    known = call.knows(person) if person else None
    in_file = known is not None and (known.profile or known.email is not None or _has_phone(known))
    personal = flag(asked, "reveal_personal_emails")
    question = (profile, address, name, company, "phone" if phone else "personal" if personal else "")
    call.bill("match", *question, credits_billed=_cost(known, phone=phone) if known and in_file else 0)
    if person is None or known is None or not in_file:
        return None, None
    return person, _shown(person, known, personal=personal)


def _cost(known: Knowledge, *, phone: bool) -> int:
    return CREDIT + (8 * CREDIT if phone and _has_phone(known) else 0)


def _has_phone(known: Knowledge) -> bool:
    """Only addresses are locked; a locked number is none."""
    return known.phone is not None and known.phone_record is not Record.MASKED


def _person(call: Call, profile: str, address: str, name: str, company: str) -> Person | None:
    if profile:
        return call.world.by_linkedin(profile)
    return call.world.by_email(address) if address else call.world.by_name(name, company)


def _still_running(call: Call, person: Person) -> bool:
    search = f"{call.vendor}/{call.key}/{person.id}"
    return call.jobs.searching(search, call.pace.now(), call.pace.job_s(call.vendor))


def _shown(person: Person, known: Knowledge, *, personal: bool) -> dict[str, Any]:
    company, job = person.company, person.job
    locked = known.email_record is Record.MASKED
    history = person.jobs if known.profile else person.jobs[:1]
    return {
        "id": f"ap-{person.id}",
        "first_name": person.first_name,
        "last_name": person.last_name,
        "name": person.full_name,
        "linkedin_url": f"http://www.linkedin.com/in/{person.handle}",
        "title": job.role.title,
        "headline": f"{job.role.title} at {company.name}",
        "email": "email_not_unlocked@domain.com" if locked else known.email,
        "email_status": _STATUSES[known.claim] if known.email and not locked else "unavailable",
        "personal_emails": [known.personal] if personal and known.personal and company.country.code == "US" else [],
        "city": company.city,
        "state": company.region,
        "country": company.country.name,
        "seniority": _LEVELS.get(job.role.level, job.role.level),
        "departments": [f"master_{job.role.role}"],
        "subdepartments": [job.role.sub_role] if job.role.sub_role else [],
        "functions": [job.role.role],
        "employment_history": [*map(_position, history), *(map(_school, person.schools) if known.profile else ())],
        "organization": _organization(company),
    }


def _position(job: Job) -> dict[str, Any]:
    return {
        "title": job.role.title,
        "organization_name": job.company.legal_name,
        "organization_id": f"o-{job.company.id}",
        "start_date": f"{job.start}-01",
        "end_date": f"{job.end}-01" if job.end else None,
        "current": job.end is None,
        "description": None,
        "degree": None,
        "kind": None,
    }


def _school(school: School) -> dict[str, Any]:
    return {
        "title": None,
        "organization_name": school.name,
        "organization_id": None,
        "start_date": f"{school.start}-09-01",
        "end_date": f"{school.end}-06-01",
        "current": False,
        "description": None,
        "degree": school.degree,
        "kind": "education",
    }


def _organization(company: Company) -> dict[str, Any]:
    return {
        "id": f"o-{company.id}",
        "name": company.legal_name,
        "primary_domain": company.domain,
        "website_url": f"http://www.{company.domain}",
        "linkedin_url": f"http://www.linkedin.com/company/{company.handle}",
        "linkedin_uid": str(company.linkedin_id),
        "founded_year": company.founded,
        "industry": company.industry.lower(),
        "industries": [company.industry.lower()],
        "keywords": [],
        "estimated_num_employees": company.headcount,
        "short_description": None,
        "street_address": company.street,
        "city": company.city,
        "state": company.region,
        "postal_code": None,
        "country": company.country.name,
        "phone": None,
    }


def result(call: Call) -> Answer:
    """GET /webhook_result/{request_id}."""
    try:
        number = _FIRST_REQUEST - 10 - int(call.tail)
    except ValueError:
        return Answer({"error_code": "invalid_request_id"}, 400)
    if not 0 <= number < len(call.world.people):
        return Answer({"error_code": "request_id_unknown"}, 404)
    person = call.world.people[number]
    if _still_running(call, person):
        return Answer({"error_code": "result_pending", "retry_after_seconds": 10}, 404)
    state = {"webhook_status": "failed", "request_type": "phone", "failure_reason": None}
    return Answer({"request_id": call.tail, **state, "webhook_result": _payload(call, person)})


def _payload(call: Call, person: Person) -> dict[str, Any]:
    """What the webhook is sent, and a poll shows."""
    known = call.knows(person)
    numbers = [_number(known)] if _has_phone(known) else []
    return {
        "status": "success",
        "total_requested_enrichments": 1,
        "unique_enriched_records": 1,
        "missing_records": 0,
        "credits_consumed": 8 if numbers else 0,
        "people": [
            {"id": f"ap-{person.id}", "status": "success" if numbers else "no_data", "phone_numbers": numbers},
        ],
    }


def _number(known: Knowledge) -> dict[str, Any]:
    return {
        "_id": "n1",
        "raw_number": known.phone,
        "sanitized_number": known.phone,
        "type_cd": "mobile" if known.phone_record is Record.RIGHT else "work_direct",
        "status_cd": "valid_number",
        "confidence_cd": "high",
        "dnc_status_cd": None,
        "position": 0,
    }


def usage(call: Call) -> Answer:
    """POST /usage_stats/credit_usage_stats."""
    spent = call.ledger.spent(call.vendor) // CREDIT
    left = call.balance()
    pool = {"limit": left + spent, "consumed": spent, "left_over": left}
    return Answer({"credit_usage_stats": {"lead_credit": pool}})


DESK: Final = Desk(
    name="apollo",
    version="/api/v1",
    credit_price=25_000,
    routes=(
        Route("POST", "/people/match", match, windows=(Window(1000, 60),)),
        Route("POST", "/people/bulk_match", match_many, windows=(Window(500, 60),)),
        Route("GET", "/webhook_result/{id}", result, Purpose.POLL),
        Route("POST", "/usage_stats/credit_usage_stats", usage, Purpose.FREE),
    ),
    key_of=header_key("x-api-key"),
    refusals=Refusals(
        bad_key=Answer("Invalid access credentials.", 401),
        no_credit=_error(422, "INVALID_REQUEST", "You have insufficient credits"),
        rate_limited=lambda wait: Answer({"message": "Too many requests"}, 429, {"retry-after": str(wait)}),
        invalid=_error(400, "INVALID_REQUEST", "The body could not be read"),
        unavailable=Answer({"error": "Internal server error"}, 500),
    ),
)
