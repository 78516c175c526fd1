"""BetterContact: a waterfall of its own, up to 100 rows a job, slow; credits are texts, an unknown job is a 406."""

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
from openenrich.sandbox.people import Person

_PHONE_COST: Final = 10 * CREDIT


def _error(status: int, message: str) -> Answer:
    return Answer({"success": False, "error": message}, status)


def submit(call: Call) -> Answer:
    """POST /async."""
    asked = rows(call.body.get("data"))
    if not 0 < len(asked) <= 100 or not all(_usable(row) for row in asked):
        return _error(400, "data must be 1 to 100 leads, each with a profile or a name and a company")
    if not (flag(call.body, "enrich_email_address") or flag(call.body, "enrich_phone_number")):
        return _error(400, "Nothing to enrich")
    done = [_row(call, row) for row in asked]
    spent = sum(cost for _, cost in done)
    found = sum(1 for row, _ in done if row["enriched"])
    job = call.submit(
        {
            "credits_consumed": spent // CREDIT,
            "credits_left": f"{call.balance()}.0",
            "summary": {"total": len(done), "valid": found, "not_found": len(done) - found},
            "data": [row for row, _ in done],
        }
    )
    if url := text(call.body, "webhook"):
        call.report(url, _finished(job).body, at=job.ready_at)
    return Answer({"success": True, "id": job.id, "message": "Processing..."}, 201)


def result(call: Call) -> Answer:
    """GET /async/{id}."""
    job = call.jobs.get(call.vendor, call.tail)
    if job is None or not isinstance(job.answer, dict):
        return _error(406, "Unknown request")
    if not call.ready(job):
        return Answer({"id": job.id, "status": "processing"}, 202)
    return _finished(job)


def _finished(job: Job) -> Answer:
    answer = job.answer if isinstance(job.answer, dict) else {}
    return Answer({"id": job.id, "status": "terminated", **answer})


def _usable(row: Mapping[str, Any]) -> bool:
    return bool(text(row, "linkedin_url") or (full_name_of(row) and text(row, "company", "company_domain")))


def _row(call: Call, row: Mapping[str, Any]) -> tuple[dict[str, object], int]:
    """A finished row and its cost."""
    profile, name, company = text(row, "linkedin_url"), full_name_of(row), text(row, "company_domain", "company")
    person = call.world.by_linkedin(profile) if profile else call.world.by_name(name, company)
    shut = person is not None and person.suppressed
    known = call.knows(person) if person and not shut else None
    email, status, price = _address(call, known)
    phone = known.phone if known and flag(call.body, "enrich_phone_number") else None
    cost = price + (_PHONE_COST if phone else 0)
    wanted = f"{flag(call.body, 'enrich_email_address')} {flag(call.body, 'enrich_phone_number')}"
    call.bill(wanted, profile, name, company, credits_billed=cost)
    contact = {
        "enriched": bool(email or phone),
        "contact_email_address": email,
        "contact_email_address_status": status,
        "contact_phone_number": phone,
        "do_not_contact": shut,
        "custom_fields": [
            {"name": key, "value": value, "position": place}
            for place, (key, value) in enumerate((row.get("custom_fields") or {}).items())
        ],
    }
    return _echoed(row) | (_head(person) if person and (email or phone) else {}) | contact, cost


def _address(call: Call, known: Knowledge | None) -> tuple[str | None, str, int]:
    """It checks addresses at catch-all domains itself when asked to, and keeps doubtful ones back."""
    if known is None or known.email is None or known.claim is Claim.RISKY:
        return None, "not_found", 0
    if not flag(call.body, "enrich_email_address"):
        return None, "", 0
    if known.claim is Claim.VALID:
        return known.email, "deliverable", CREDIT
    if not flag(call.body, "verify_catch_all"):
        return known.email, "catch_all", CREDIT
    safe = known.email_record is Record.RIGHT
    return known.email, "catch_all_safe" if safe else "catch_all_not_safe", CREDIT if safe else 0


def _echoed(row: Mapping[str, Any]) -> dict[str, object]:
    return {
        "contact_first_name": row.get("first_name"),
        "contact_last_name": row.get("last_name"),
        "contact_full_name": full_name_of(row) or None,
        "contact_job_title": None,
        "contact_linkedin_profile_url": row.get("linkedin_url"),
        "company_name": row.get("company"),
        "company_domain": row.get("company_domain"),
    }


def _head(person: Person) -> dict[str, object]:
    return {
        "contact_first_name": person.first_name,
        "contact_last_name": person.last_name,
        "contact_full_name": person.full_name,
        "contact_job_title": person.job.role.title,
        "contact_linkedin_profile_url": person.linkedin_url,
        "company_name": person.company.legal_name,
        "company_domain": person.company.domain,
    }


def account(call: Call) -> Answer:
    """GET /account: a decimal in a text."""
    return Answer({"success": True, "credits_left": f"{call.balance()}.0", "email": "owner@sandbox.test"})


DESK: Final = Desk(
    name="bettercontact",
    version="/api/v2",
    credit_price=50_000,
    routes=(
        Route("POST", "/async", submit),
        Route("GET", "/async/{id}", result, Purpose.POLL),
        Route("GET", "/account", account, Purpose.FREE),
    ),
    key_of=header_key("X-API-Key", query="api_key"),
    refusals=Refusals(
        bad_key=_error(401, "Unauthorized"),
        no_credit=_error(402, "Not enough credits"),
        rate_limited=lambda wait: Answer(
            {"success": False, "message": "Too many requests"}, 429, {"Retry-After": str(wait)}
        ),
        invalid=_error(400, "The body could not be read"),
        unavailable=_error(500, "Internal server error"),
    ),
    windows=(Window(60, 60),),
)
