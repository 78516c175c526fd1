"""Prospeo: one answer for address and mobile; HTTP 400 carries almost everything, masked values look like hits."""

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
from openenrich.sandbox.people import Person

_HEADERS: Final = {
    "x-second-rate-limit": "30",
    "x-minute-request-left": "299",
    "x-daily-request-left": "499000",
    "x-minute-reset-seconds": "60",
    "x-daily-reset-seconds": "86400",
}
_MOBILE_COST: Final = 10 * CREDIT
_SENIORITIES: Final = {"cxo": "C-Suite", "vp": "VP"}


def _error(status: int, code: str) -> Answer:
    return Answer({"error": True, "error_code": code}, status, _HEADERS)


def enrich(call: Call) -> Answer:
    """POST /enrich-person."""
    data = call.body.get("data")
    if not isinstance(data, dict) or not _usable(data):
        return _error(400, "INVALID_DATAPOINTS")
    match, cost, free = _match(call, data)
    call.bill(*_question(call, data), credits_billed=cost)
    if match is None:
        return _error(400, "NO_MATCH")
    return Answer({"error": False, "free_enrichment": free, **match}, headers=_HEADERS)


def enrich_many(call: Call) -> Answer:
    """POST /bulk-enrich-person, at most 50 rows."""
    asked = rows(call.body.get("data"))
    if not 0 < len(asked) <= 50:
        return _error(400, "INVALID_REQUEST")
    matched, missed, invalid, total = [], [], [], 0
    for row in asked:
        identifier = str(row.get("identifier"))
        if not _usable(row):
            invalid.append(identifier)
            continue
        match, cost, free = _match(call, row)
        call.bill(*_question(call, row), credits_billed=cost)
        total += cost // CREDIT
        if match is None:
            missed.append(identifier)
        else:
            matched.append({"identifier": identifier, "free_enrichment": free, **match})
    body = {
        "error": False,
        "total_cost": total,
        "matched": matched,
        "not_matched": missed,
        "invalid_datapoints": invalid,
    }
    return Answer(body, headers=_HEADERS)


def _usable(data: Mapping[str, Any]) -> bool:
    company = text(data, "company_website", "company_name", "company_linkedin_url")
    return bool(text(data, "linkedin_url", "email", "person_id") or (full_name_of(data) and company))


def _question(call: Call, data: Mapping[str, Any]) -> tuple[str, ...]:
    wanted = "mobile" if flag(call.body, "enrich_mobile") else "email"
    who = text(data, "linkedin_url", "email", "person_id")
    return (wanted, who, full_name_of(data), text(data, "company_website", "company_name", "company_linkedin_url"))


def _person(call: Call, data: Mapping[str, Any]) -> Person | None:
    if url := text(data, "linkedin_url"):
        return call.world.by_linkedin(url)
    if address := text(data, "email"):
        return call.world.by_email(address)
    if number := text(data, "person_id"):
        return next((person for person in call.world.people if f"pp{person.id}" == number), None)
    company = text(data, "company_website", "company_name") or text(data, "company_linkedin_url").rpartition("/")[2]
    return call.world.by_name(full_name_of(data), company)


def _match(call: Call, data: Mapping[str, Any]) -> tuple[dict[str, object] | None, int, bool]:
    """The two blocks of a match, its cost, and whether it was free because it had been bought before."""
    person = _person(call, data)
    known = call.knows(person) if person else None
    if person is None or known is None or not (known.profile or known.email or known.phone):
        return None, 0, False
    verified = known.email_record is not Record.MASKED and known.email is not None and known.claim is Claim.VALID
    wants_mobile = flag(call.body, "enrich_mobile")
    has_mobile = wants_mobile and known.phone_record is Record.RIGHT
    masked = known.email_record is Record.MASKED or (wants_mobile and known.phone_record is Record.MASKED)
    refused = (flag(call.body, "only_verified_email") and not verified and not masked) or (
        flag(call.body, "only_verified_mobile") and not has_mobile and not masked
    )
    if refused:
        return None, 0, False
    match: dict[str, object] = {
        "person": _person_block(person, known, has_mobile=has_mobile),
        "company": _company_block(person),
    }
    useful = has_mobile or (known.email is not None and known.email_record is not Record.MASKED) or not masked
    if not useful:
        return match, 0, False
    free = call.ledger.own(call.vendor, person.id, "mobile" if has_mobile else "email")
    cost = _MOBILE_COST if has_mobile else CREDIT
    return match, 0 if free else cost, free


def _person_block(person: Person, known: Knowledge, *, has_mobile: bool) -> dict[str, object]:
    company = person.company
    return {
        "person_id": f"pp{person.id}",
        "first_name": person.first_name,
        "last_name": person.last_name,
        "full_name": person.full_name,
        "linkedin_url": person.linkedin_url,
        "current_job_title": person.job.role.title,
        "current_job_key": f"j{person.id}",
        "headline": f"{person.job.role.title} at {company.name}",
        "linkedin_member_id": str(person.linkedin_id),
        "last_job_change_detected_at": None,
        "job_history": _history(person),
        "skills": list(person.skills),
        "mobile": _mobile(person, known, revealed=has_mobile),
        "email": _email(known),
        "location": {
            "city": company.city,
            "state": company.region,
            "country": company.country.name,
            "country_code": company.country.code,
            "time_zone": company.country.time_zone,
        },
    }


def _history(person: Person) -> list[dict[str, object]]:
    return [
        {
            "title": job.role.title,
            "company_name": job.company.legal_name,
            "current": job.end is None,
            **_month("start", job.start),
            **_month("end", job.end),
            "departments": [job.role.role.title()],
            "seniority": _SENIORITIES.get(job.role.level, job.role.level.title()),
            "company_id": f"c{job.company.id}",
        }
        for job in person.jobs
    ]


def _month(which: str, month: str | None) -> dict[str, int | None]:
    year, _, number = (month or "").partition("-")
    return {f"{which}_year": int(year) if year else None, f"{which}_month": int(number) if number else None}


def _email(known: Knowledge) -> dict[str, object]:
    if known.email is None:
        return {"status": "UNAVAILABLE", "revealed": False, "email": None}
    status = "VERIFIED" if known.claim is Claim.VALID else "UNVERIFIED"
    if known.email_record is Record.MASKED:
        local, _, domain = known.email.partition("@")
        return {"status": status, "revealed": False, "email": f"{local[0]}{'*' * len(local[1:])}@{domain}"}
    return {
        "status": status,
        "revealed": True,
        "email": known.email,
        "verification_method": "SMTP",
        "email_mx_provider": "Google",
    }


def _mobile(person: Person, known: Knowledge, *, revealed: bool) -> dict[str, object]:
    number = known.phone
    if number is None:
        return {"status": "UNAVAILABLE", "revealed": False, "mobile": None, "mobile_international": None}
    shown = number if revealed else number[:4] + "*" * len(number[4:])
    return {
        "status": "VERIFIED",
        "revealed": revealed,
        "mobile": shown,
        "mobile_national": None,
        "mobile_international": shown,
        "mobile_country": person.company.country.name,
        "mobile_country_code": person.company.country.code,
    }


def _company_block(person: Person) -> dict[str, object]:
    company = person.company
    return {
        "company_id": f"c{company.id}",
        "name": company.legal_name,
        "website": f"https://{company.domain}",
        "domain": company.domain,
        "industry": company.industry,
        "employee_count": company.headcount,
        "employee_range": company.size,
        "founded": company.founded,
        "location": {
            "country": company.country.name,
            "country_code": company.country.code,
            "state": company.region,
            "city": company.city,
            "raw_address": company.street,
        },
        "linkedin_url": company.linkedin_url,
    }


def account(call: Call) -> Answer:
    """GET or POST /account-information."""
    return Answer(
        {
            "error": False,
            "response": {
                "current_plan": "SANDBOX",
                "remaining_credits": call.balance(),
                "used_credits": call.ledger.spent(call.vendor) // CREDIT,
                "next_quota_renewal_date": "2026-12-31 00:00:00+00:00",
            },
        },
        headers=_HEADERS,
    )


DESK: Final = Desk(
    name="prospeo",
    version="",
    credit_price=39_000,
    routes=(
        Route("POST", "/enrich-person", enrich),
        Route("POST", "/bulk-enrich-person", enrich_many),
        Route("GET", "/account-information", account, Purpose.FREE),
        Route("POST", "/account-information", account, Purpose.FREE),
    ),
    key_of=header_key("X-KEY"),
    refusals=Refusals(
        bad_key=_error(401, "INVALID_API_KEY"),
        no_credit=_error(400, "INSUFFICIENT_CREDITS"),
        rate_limited=lambda wait: Answer(
            {"error": True, "error_code": "RATE_LIMITED"},
            429,
            {**_HEADERS, "x-minute-request-left": "0", "x-minute-reset-seconds": str(wait)},
        ),
        invalid=_error(400, "INVALID_REQUEST"),
        unavailable=_error(400, "INTERNAL_ERROR"),
    ),
    windows=(Window(30, 1), Window(300, 60)),
)
