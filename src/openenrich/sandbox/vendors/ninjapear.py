"""NinjaPear: knows no account of the network; a header says what a call cost, and a profile costs also as a miss."""

from typing import Any, Final

from openenrich.sandbox.coverage import Claim
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
    text,
)
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Job, Person

_PROFILE_COST: Final = 3 * CREDIT
_EMAIL_COST: Final = 2 * CREDIT
_EMAIL_MISS: Final = CREDIT // 2


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer({"error": message}, status, headers or {})


_MISSING: Final = _error(400, "Invalid parameters provided")


def _cost(amount: int) -> dict[str, str]:
    return {"X-NinjaPear-Credit-Cost": f"{amount / CREDIT:g}"}


def work_email(call: Call) -> Answer:
    """GET /v1/employee/work-email: 2 credits, and half a one for nothing."""
    name, domain = full_name_of(call.query), text(call.query, "domain")
    if not (name and domain):
        return _MISSING
    person = call.world.by_name(name, domain)
    known = call.knows(person) if person else None
    address = known.email if known and known.claim is not Claim.RISKY else None
    cost = _EMAIL_COST if address else _EMAIL_MISS
    call.bill("work-email", name, domain, credits_billed=cost)
    return Answer({"work_email": address}, headers=_cost(cost))


def profile(call: Call) -> Answer:
    """GET /v1/employee/profile: by address, or by name and employer."""
    address, name, employer = (
        text(call.query, "work_email"),
        full_name_of(call.query),
        text(call.query, "employer_website"),
    )
    if not (address or (name and employer)):
        return _MISSING
    person = call.world.by_email(address) if address else call.world.by_name(name, employer)
    call.bill("profile", address, name, employer, credits_billed=_PROFILE_COST)
    if person is None or not call.knows(person).profile:
        return _error(404, "Person not found", _cost(_PROFILE_COST))
    return Answer(_record(person), headers=_cost(_PROFILE_COST))


def _record(person: Person) -> dict[str, Any]:
    company = person.company
    return {
        "id": f"np-{person.id}",
        "slug": person.handle,
        "profile_pic_url": None,
        "first_name": person.first_name,
        "middle_name": None,
        "last_name": person.last_name,
        "full_name": person.full_name,
        "bio": None,
        "follower_count": None,
        "following_count": None,
        "country": company.country.code,
        "city": company.city,
        "state": company.region,
        "x_handle": None,
        "x_profile_url": None,
        "personal_website": None,
        "work_experience": [_experience(job) for job in person.jobs],
        "education": [
            {
                "major": f"{school.degree.title()} {school.major.title()}",
                "school": school.name,
                "start_date": f"{school.start}-01",
                "end_date": f"{school.end}-01",
            }
            for school in person.schools
        ],
    }


def _experience(job: Job) -> dict[str, Any]:
    return {
        "role": job.role.title,
        "company_name": job.company.legal_name,
        "company_website": job.company.domain,
        "description": None,
        "start_date": job.start,
        "end_date": job.end,
    }


def balance(call: Call) -> Answer:
    """GET /v1/meta/credit-balance."""
    return Answer({"credit_balance": call.balance()})


DESK: Final = Desk(
    name="ninjapear",
    version="/api",
    credit_price=20_000,
    routes=(
        Route("GET", "/v1/employee/work-email", work_email),
        Route("GET", "/v1/employee/profile", profile),
        Route("GET", "/v1/meta/credit-balance", balance, Purpose.FREE),
    ),
    windows=(Window(50, 60),),
    key_of=header_key("", bearer=True),
    refusals=Refusals(
        bad_key=_error(401, "Invalid API Key"),
        no_credit=_error(403, "You have run out of credits"),
        rate_limited=lambda wait: _error(429, "Rate limited. Please retry", {"Retry-After": str(wait)}),
        invalid=_error(400, "Invalid parameters provided"),
        unavailable=_error(503, "Enrichment failed, please retry"),
    ),
)
