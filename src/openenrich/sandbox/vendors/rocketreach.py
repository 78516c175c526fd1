"""RocketReach: a look-up is finished at once or goes on under the person's own id; what was revealed is remembered."""

from typing import Any, Final

from openenrich.sandbox.coverage import Claim, Knowledge, Record
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, flag, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Job, Person

_FIRST_ID: Final = 1000
_FLAGS: Final = (
    "reveal_professional_email",
    "reveal_personal_email",
    "reveal_phone",
    "reveal_detailed_person_enrichment",
)
_DETAIL: Final = 8
"""The place of the last flag."""
_STATES: Final = {Claim.VALID: "valid", Claim.CATCH_ALL: "accept-all", Claim.RISKY: "unknown"}
_LEVELS: Final = {"cxo": "C-Level", "vp": "VP", "owner": "Owner", "partner": "Partner", "director": "Director"}


def _error(status: int, message: str) -> Answer:
    return Answer({"status": "error", "message": message}, status)


def look_up(call: Call) -> Answer:
    """GET /universal/person/lookup. The id carries what is revealed, so that a poll shows the same."""
    profile, address = text(call.query, "linkedin_url"), text(call.query, "email")
    name, employer = text(call.query, "name"), text(call.query, "current_employer")
    if not (profile or address or (name and employer)):
        return _error(400, "linkedin_url, email, or name with current_employer is needed")
    flags = sum(1 << place for place, name_of in enumerate(_FLAGS) if flag(call.query, name_of))
    person = _person(call, profile, address, name, employer)
    known = call.knows(person) if person else None
    in_file = known is not None and (known.profile or (flags != _DETAIL and _has_contacts(known)))
    billed = _cost(known, flags) if known and in_file else 0
    call.bill("lookup", profile, address, name, employer, str(flags), credits_billed=billed)
    if person is None or not in_file:
        return _error(404, "No profile was found")
    return Answer(_state(call, person, flags))


def _person(call: Call, profile: str, address: str, name: str, employer: str) -> Person | None:
    if profile:
        return call.world.by_linkedin(profile)
    return call.world.by_email(address) if address else call.world.by_name(name, employer)


def _has_contacts(known: Knowledge) -> bool:
    return any((known.email, known.phone, known.personal))


def _cost(known: Knowledge, flags: int) -> int:
    held = (known.email, known.personal, known.phone, known.profile)
    prices = (2, 3, 6, 1)
    return CREDIT * sum(
        price for place, (value, price) in enumerate(zip(held, prices, strict=True)) if value and flags & 1 << place
    )


def check(call: Call) -> Answer:
    """GET /universal/person/check_status?ids=."""
    found = []
    for item in text(call.query, "ids").split(","):
        number = int(item) - _FIRST_ID if item.isdigit() else -1
        if 0 <= number < len(call.world.people) * 16:
            found.append(_state(call, call.world.people[number // 16], number % 16))
    return Answer(found) if found else _error(400, "ids are needed")


def _state(call: Call, person: Person, flags: int) -> dict[str, Any]:
    """Every third person is known at once."""
    search = f"{call.vendor}/{call.key}/{person.id}/{flags}"
    known = call.knows(person)
    outline = _outline(person, person.id * 16 + flags + _FIRST_ID)
    if person.id % 3 and call.jobs.searching(search, call.pace.now(), call.pace.job_s(call.vendor)):
        return {**outline, "status": "searching", "emails": [], "phones": []}
    shown = _contacts(known, flags)
    detail = (
        _detail(person)
        if known.profile and flags & _DETAIL
        else {"job_history": None, "education": None, "skills": None}
    )
    return {**outline, "status": "complete", **shown, **detail}


def _outline(person: Person, number: int) -> dict[str, Any]:
    company = person.company
    return {
        "id": number,
        "name": person.full_name,
        "linkedin_url": person.linkedin_url,
        "connections": person.connections,
        "location": f"{company.city}, {company.region}, {company.country.name}",
        "city": company.city,
        "region": company.region,
        "country": company.country.name,
        "country_code": company.country.code,
        "current_title": person.job.role.title,
        "current_employer": company.legal_name,
        "current_employer_domain": company.domain,
        "current_employer_linkedin_url": f"https://www.linkedin.com/company/{company.handle}",
    }


def _contacts(known: Knowledge, flags: int) -> dict[str, Any]:
    work = known.email if flags & 1 else None
    own = known.personal if flags & 2 else None
    phone = known.phone if flags & 4 else None
    emails = [{"email": own, "smtp_valid": "valid", "type": "personal", "grade": "A"}] if own else []
    if work:
        state = _STATES[known.claim]
        emails.append({"email": work, "smtp_valid": state, "type": "professional", "grade": "A"})
    line = "mobile" if known.phone_record is Record.RIGHT else "landline"
    return {
        "recommended_professional_email": work,
        "recommended_personal_email": own,
        "emails": emails,
        "phones": [
            {"number": phone, "e164": phone, "type": line, "validity": "valid", "recommended": True},
        ]
        if phone
        else [],
    }


def _detail(person: Person) -> dict[str, Any]:
    return {
        "job_history": [_job(job) for job in person.jobs],
        "education": [
            {
                "school": school.name,
                "degree": school.degree.title(),
                "major": school.major.title(),
                "start": school.start,
                "end": school.end,
            }
            for school in person.schools
        ],
        "skills": list(person.skills),
    }


def _job(job: Job) -> dict[str, Any]:
    return {
        "title": job.role.title,
        "company_name": job.company.legal_name,
        "company_id": job.company.id,
        "start_date": job.start,
        "end_date": job.end or "Present",
        "department": job.role.role.replace("_", " ").title(),
        "sub_department": job.role.sub_role.replace("_", " ").title() if job.role.sub_role else None,
        "highest_level": _LEVELS.get(job.role.level, job.role.level.title()),
        "is_current": job.end is None,
        "description": None,
    }


def account(call: Call) -> Answer:
    """GET /universal/account/."""
    spent, left = call.ledger.spent(call.vendor) // CREDIT, call.balance()
    pool = {"credit_type": "universal", "allocated": spent + left, "used": spent, "remaining": left}
    return Answer({"id": 1, "state": "registered", "credit_usage": [pool], "rate_limits": []})


DESK: Final = Desk(
    name="rocketreach",
    version="/api/v2",
    credit_price=100_000,
    routes=(
        Route("GET", "/universal/person/lookup", look_up, windows=(Window(15, 60),)),
        Route("GET", "/universal/person/check_status", check, Purpose.POLL),
        Route("GET", "/universal/account/", account, Purpose.FREE),
    ),
    key_of=header_key("Api-Key"),
    refusals=Refusals(
        bad_key=_error(401, "Invalid API key"),
        no_credit=_error(402, "Out of credits"),
        rate_limited=lambda wait: Answer({"message": "Request was throttled"}, 429, {"Retry-After": str(wait)}),
        invalid=_error(400, "The request could not be read"),
        unavailable=_error(500, "Internal server error"),
    ),
    windows=(Window(10, 1),),
)
