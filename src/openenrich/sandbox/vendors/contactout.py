"""ContactOut: 400 is a bad key, 401 a bad question, 403 an empty pool; contacts and profiles of one shape."""

from typing import Any, Final

from openenrich.sandbox.companies import Company
from openenrich.sandbox.coverage import Claim, Knowledge
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, flag, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Job, Person

_PHONE_CREDITS: Final = 5500
_LEVELS: Final = (
    "Elementary proficiency",
    "Limited working proficiency",
    "Professional working proficiency",
    "Full professional proficiency",
    "Native or bilingual proficiency",
)
_NOT_FOUND: Final = Answer({"status_code": 404, "message": "Not Found"}, 404)


def _error(status: int, message: str) -> Answer:
    return Answer({"status_code": status, "message": message}, status)


def contacts(call: Call) -> Answer:
    """GET /v1/people/linkedin."""
    profile, kinds = text(call.query, "profile"), text(call.query, "email_type") or "personal,work"
    phone = flag(call.query, "include_phone")
    if "linkedin.com/in/" not in profile:
        return _error(401, "The profile is not valid")
    person = call.world.by_linkedin(profile)
    known = call.knows(person) if person else None
    shown = _contacts(known, kinds.split(","), phone=phone) if known else {}
    call.bill("contacts", profile, kinds, str(phone), credits_billed=_cost(shown))
    if person is None or not shown:
        return _NOT_FOUND
    return Answer({"status_code": 200, "profile": {"url": person.linkedin_url, **_filled(shown), "github": []}})


def enrich(call: Call) -> Answer:
    """POST /v1/people/enrich: contacts only for what ``include`` names."""
    profile, address = text(call.body, "linkedin_url"), text(call.body, "email")
    first, last = text(call.body, "first_name"), text(call.body, "last_name")
    name = text(call.body, "full_name") or (f"{first} {last}" if first and last else "")
    company = _first(call.body.get("company_domain")) or _first(call.body.get("company"))
    if not (profile or address or (name and company)):
        return _error(401, "An identifier of a person is needed")
    wanted = call.body.get("include")
    included = [str(item) for item in wanted] if isinstance(wanted, list) else []
    person = _person(call, profile, address, name, company)
    known = call.knows(person) if person else None
    kinds = [item.removesuffix("_email") for item in included if item.endswith("_email")]
    shown = _contacts(known, kinds, phone="phone" in included) if known else {}
    found = known is not None and (known.profile or bool(shown)) and (bool(shown) or not included)
    billed = _cost(shown) + CREDIT if found else 0
    call.bill("enrich", profile, address, name, company, ",".join(included), credits_billed=billed)
    if person is None or known is None or not found:
        return Answer({"status_code": 200, "profile": []})
    return Answer({"status_code": 200, "profile": {**_profile(person, known), **_filled(shown)}})


def _first(value: object) -> str:
    return str(value[0]) if isinstance(value, list) and value else ""


def _person(call: Call, profile: str, address: str, name: str, company: str) -> Person | None:
    if profile:
        return call.world.by_linkedin(profile)
    return call.world.by_email(address) if address else call.world.by_name(name, company)


def _contacts(known: Knowledge, kinds: list[str], *, phone: bool) -> dict[str, str]:
    held = {
        "work_email": known.email if "work" in kinds else None,
        "personal_email": known.personal if "personal" in kinds else None,
        "phone": known.phone if phone else None,
    }
    found = {name: value for name, value in held.items() if value}
    if "work_email" in found:
        found["state"] = "Verified" if known.claim is Claim.VALID else "Unverified"
    return found


def _cost(shown: dict[str, str]) -> int:
    email = CREDIT if "work_email" in shown or "personal_email" in shown else 0
    return email + (_PHONE_CREDITS if "phone" in shown else 0)


def _filled(shown: dict[str, str]) -> dict[str, Any]:
    work, own = shown.get("work_email"), shown.get("personal_email")
    return {
        "email": [address for address in (own, work) if address],
        "work_email": [work] if work else [],
        "work_email_status": {work: shown["state"]} if work else [],
        "personal_email": [own] if own else [],
        "phone": [shown["phone"]] if "phone" in shown else [],
    }


def _profile(person: Person, known: Knowledge) -> dict[str, Any]:
    company, job = person.company, person.job
    return {
        "url": person.linkedin_url,
        "full_name": person.full_name,
        "headline": f"{job.role.title} at {company.name}",
        "industry": company.industry,
        "summary": None,
        "location": f"{company.city}, {company.region}, {company.country.name}",
        "country": company.country.name,
        "followers": person.connections,
        "job_function": job.role.role.replace("_", " ").title(),
        "seniority": job.role.level.title(),
        "skills": list(person.skills) if known.profile else [],
        "company": _company(company),
        "experience": [_experience(item) for item in (person.jobs if known.profile else person.jobs[:1])],
        "education": [
            {
                "school_name": school.name,
                "degree": school.degree.title(),
                "field_of_study": school.major.title(),
                "start_date_year": str(school.start),
                "end_date_year": str(school.end),
            }
            for school in (person.schools if known.profile else ())
        ],
        "languages": [{"name": name.title(), "proficiency": _LEVELS[level - 1]} for name, level in person.languages],
        "updated_at": "2026-01-05 00:00:00",
    }


def _company(company: Company) -> dict[str, Any]:
    return {
        "name": company.legal_name,
        "url": f"https://www.linkedin.com/company/{company.handle}",
        "linkedin_company_id": company.linkedin_id,
        "domain": company.domain,
        "email_domain": company.domain,
        "overview": None,
        "type": company.ownership,
        "size": company.headcount,
        "country": company.country.name,
        "revenue": None,
        "founded_at": company.founded,
        "industry": company.industry,
        "headquarter": f"{company.street}, {company.city}",
        "website": f"http://{company.domain}",
        "specialties": [],
        "locations": [f"{company.street}, {company.city}"],
    }


def _experience(job: Job) -> dict[str, Any]:
    begin, end = job.start, job.end or ""
    return {
        "title": job.role.title,
        "company_name": job.company.legal_name,
        "linkedin_url": f"https://www.linkedin.com/company/{job.company.handle}",
        "summary": None,
        "locality": job.company.city,
        "start_date": f"{begin[:4]}{int(begin[5:])}",
        "start_date_year": int(begin[:4]),
        "start_date_month": int(begin[5:]),
        "end_date_year": int(end[:4]) if end else None,
        "end_date_month": int(end[5:]) if end else None,
        "is_current": job.end is None,
    }


def stats(call: Call) -> Answer:
    """GET /v1/stats."""
    spent, left = call.ledger.spent(call.vendor) // CREDIT, call.balance()
    usage = {"count": spent, "quota": spent + left, "remaining": left, "over_quota": 0}
    return Answer({"status_code": 200, "period": {}, "usage": usage})


DESK: Final = Desk(
    name="contactout",
    version="",
    credit_price=100_000,
    routes=(
        Route("GET", "/v1/people/linkedin", contacts, windows=(Window(150, 60),)),
        Route("POST", "/v1/people/enrich", enrich, windows=(Window(150, 60),)),
        Route("GET", "/v1/stats", stats, Purpose.FREE),
    ),
    key_of=header_key("token"),
    refusals=Refusals(
        bad_key=_error(400, "Bad credentials or invalid headers"),
        no_credit=_error(403, "You are out of credits"),
        rate_limited=lambda wait: Answer(
            {"status_code": 429, "message": "Too Many Requests"}, 429, {"retry-after": str(wait)}
        ),
        invalid=_error(401, "Bad request or invalid input"),
        unavailable=_error(500, "Server Error"),
    ),
)
