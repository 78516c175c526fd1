"""Blitz: everything by POST and by account; a miss is a 200 that says so; numbers of people in the US only."""

from typing import Any, Final

from openenrich.sandbox.coverage import Claim
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Job, Person

_RATE: Final = (Window(10, 1),)
_MONTH: Final = {"next_reset_at": "2026-12-01T00:00:00.000Z", "rate_limit": 10}


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer({"success": False, "message": message}, status, headers or {})


_MISSING: Final = _error(400, "A field is missing")


def _answer(call: Call, question: str, asked: str, name: str, value: object) -> Answer:
    """A value is one record; nothing is none."""
    call.bill(question, asked, credits_billed=CREDIT if value else 0)
    left = call.balance()
    usage = {"records_used": 1_000_000 - left, "records_remaining": left, **_MONTH, "request_id": "sandbox"}
    return Answer({"found": bool(value), name: value or None, "fair_usage": usage})


def email(call: Call) -> Answer:
    """POST /enrichment/email: only what its own check did not doubt."""
    asked = text(call.body, "person_linkedin_url")
    if not asked:
        return _MISSING
    person = call.world.by_linkedin(asked)
    known = call.knows(person) if person else None
    return _answer(call, "email", asked, "email", known.email if known and known.claim is Claim.VALID else None)


def phone(call: Call) -> Answer:
    """POST /enrichment/phone."""
    asked = text(call.body, "person_linkedin_url")
    if not asked:
        return _MISSING
    person = call.world.by_linkedin(asked)
    american = person is not None and person.company.country.code == "US"
    return _answer(call, "phone", asked, "phone", call.knows(person).phone if person and american else None)


def profile(call: Call) -> Answer:
    """POST /enrichment/person."""
    asked = text(call.body, "person_linkedin_url")
    if not asked:
        return _MISSING
    person = call.world.by_linkedin(asked)
    return _answer(call, "person", asked, "person", _record(call, person))


def reverse(call: Call) -> Answer:
    """POST /enrichment/email-to-person: one level deeper."""
    asked = text(call.body, "email")
    if not asked:
        return _MISSING
    record = _record(call, call.world.by_email(asked))
    return _answer(call, "email-to-person", asked, "person", {"person": record} if record else None)


def _record(call: Call, person: Person | None) -> dict[str, Any] | None:
    if person is None or not call.knows(person).profile:
        return None
    company = person.company
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "full_name": person.full_name,
        "headline": f"{person.job.role.title} | @{company.name}",
        "about_me": None,
        "location": {
            "city": company.city,
            "state_code": None,
            "country_code": company.country.code,
            "continent": None,
        },
        "linkedin_url": person.linkedin_url,
        "connections_count": person.connections,
        "profile_picture_url": None,
        "experiences": [_experience(job) for job in person.jobs],
        "education": [
            {
                "school_name": school.name,
                "degree": f"{school.degree.title()}, {school.major.title()}",
                "start_date": f"{school.start}-01-01",
                "end_date": f"{school.end}-01-01",
            }
            for school in person.schools
        ],
        "skills": list(person.skills),
        "certifications": None,
    }


def _experience(job: Job) -> dict[str, Any]:
    return {
        "job_title": job.role.title,
        "company_name": job.company.legal_name,
        "company_linkedin_url": job.company.linkedin_url,
        "company_linkedin_id": str(job.company.linkedin_id),
        "company_domain": job.company.domain,
        "job_description": None,
        "job_start_date": f"{job.start}-01",
        "job_end_date": f"{job.end}-01" if job.end else None,
        "job_is_current": job.end is None,
        "job_contract_type": "Full-time",
        "job_location": {"city": job.company.city, "state_code": None, "country_code": job.company.country.code},
    }


def key_info(call: Call) -> Answer:
    """GET /account/key-info."""
    return Answer({"valid": True, "records_remaining": call.balance(), "max_requests_per_seconds": 10})


DESK: Final = Desk(
    name="blitz",
    version="/v2",
    credit_price=495,
    routes=(
        Route("POST", "/enrichment/email", email, windows=_RATE),
        Route("POST", "/enrichment/phone", phone, windows=_RATE),
        Route("POST", "/enrichment/person", profile, windows=_RATE),
        Route("POST", "/enrichment/email-to-person", reverse, windows=_RATE),
        Route("GET", "/account/key-info", key_info, Purpose.FREE),
    ),
    key_of=header_key("x-api-key"),
    refusals=Refusals(
        bad_key=_error(401, "Missing or invalid API key"),
        no_credit=_error(402, "The fair use limit of the plan is reached"),
        rate_limited=lambda wait: _error(429, "Too many requests", {"Retry-After": str(wait)}),
        invalid=_error(400, "The question could not be read"),
        unavailable=_error(500, "Internal server error"),
    ),
)
