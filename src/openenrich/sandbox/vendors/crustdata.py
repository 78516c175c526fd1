"""Crustdata: an entry per identifier, without matches where nobody is known; a profile costs one credit."""

from typing import Any, Final

from openenrich.sandbox.coverage import Claim, Knowledge
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Job, Person

_MOST: Final = 25
_CONTACT: Final = {"contact.business_emails": 1, "contact.personal_emails": 2, "contact.phone_numbers": 2}
"""Credits for each person of whom there is one."""
_STATUSES: Final = {Claim.VALID: "deliverable", Claim.CATCH_ALL: "risky", Claim.RISKY: "unknown"}
_LEVELS: Final = {
    "cxo": "CXO",
    "vp": "Vice President",
    "director": "Director",
    "manager": "Manager",
    "senior": "Senior",
    "entry": "Entry Level",
    "owner": "Owner / Partner",
    "partner": "Owner / Partner",
}
_FUNCTIONS: Final = {"human_resources": "Human Resources", "customer_service": "Customer Success and Support"}
_PARTS: Final = ("basic_profile", "experience", "education", "skills", "professional_network", "social_handles")


def _error(status: int, kind: str, message: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer({"error": {"type": kind, "message": message, "metadata": []}}, status, headers or {})


_INVALID: Final = _error(400, "invalid_request", "Exactly one kind of identifier and known fields are needed")


def enrich(call: Call) -> Answer:
    """POST /person/enrich."""
    fields = _texts(call, "fields") or list(_PARTS)
    return _entries(call, fields, set(_PARTS))


def enrich_contact(call: Call) -> Answer:
    """POST /person/contact/enrich."""
    fields = _texts(call, "fields") or list(_CONTACT)
    return _entries(call, fields, set(_CONTACT))


def _texts(call: Call, name: str) -> list[str]:
    value = call.body.get(name)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _entries(call: Call, fields: list[str], allowed: set[str]) -> Answer:
    kinds = {
        "professional_network_profile_url": "professional_network_profile_urls",
        "business_email": "business_emails",
    }
    asked = [(kind, value) for kind, name in kinds.items() for value in _texts(call, name)]
    if not 0 < len(asked) <= _MOST or len({kind for kind, _ in asked}) > 1 or not set(fields) <= allowed:
        return _INVALID
    entries, spent = [], 0
    for kind, value in asked:
        matched, cost = _matches(call, value, fields)
        call.bill(kind, value, *sorted(fields), credits_billed=cost * CREDIT)
        entries.append({"matched_on": value, "match_type": kind, "matches": matched})
        spent += cost
    return Answer(entries, headers={"x-credits-used": str(spent)})


def _matches(call: Call, value: str, fields: list[str]) -> tuple[list[dict[str, Any]], int]:
    """The one match or none, and its credits."""
    person = call.world.by_email(value) if "@" in value else call.world.by_linkedin(value)
    if person is None or not call.knows(person).profile:
        return [], 0
    contact = _contact(call.knows(person))
    shown = {name: contact[name] for name in fields if contact.get(name)}
    cost = sum(_CONTACT[name] for name in shown) if set(fields) <= set(_CONTACT) else 1
    parts = _parts(person)
    data = {name: parts[name] for name in fields if name in parts}
    if set(fields) <= set(_CONTACT):
        data["contact"] = {name.removeprefix("contact."): values for name, values in shown.items()}
    return [{"confidence_score": 1.0, "person_data": {"crustdata_person_id": person.id, **data}}], cost


def _contact(known: Knowledge) -> dict[str, list[object]]:
    """A landline looks just the same."""
    return {
        "contact.business_emails": [{"email": known.email, "status": _STATUSES[known.claim]}] if known.email else [],
        "contact.personal_emails": [{"email": known.personal, "status": "deliverable"}] if known.personal else [],
        "contact.phone_numbers": [known.phone] if known.phone else [],
    }


def _parts(person: Person) -> dict[str, Any]:
    company, title = person.company, person.job.role.title
    return {
        "basic_profile": {
            "name": person.full_name,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "headline": f"{title} at {company.name}",
            "current_title": title,
            "summary": None,
            "languages": [name.title() for name, _ in person.languages],
            "location": {
                "full_location": f"{company.city}, {company.region}, {company.country.name}",
                "city": company.city,
                "state": company.region,
                "country": company.country.name,
            },
        },
        "professional_network": {"connections": person.connections, "followers": person.connections},
        "social_handles": {
            "professional_network_identifier": {"profile_url": person.linkedin_url, "slug": person.handle}
        },
        "experience": {
            "employment_details": {
                "current": [_position(job) for job in person.jobs if job.end is None],
                "past": [_position(job) for job in person.jobs if job.end],
            }
        },
        "education": {
            "schools": [
                {"school": school.name, "degree": school.degree.title(), "field_of_study": school.major.title()}
                for school in person.schools
            ]
        },
        "skills": {"professional_network_skills": list(person.skills)},
    }


def _position(job: Job) -> dict[str, Any]:
    company = job.company
    return {
        "name": company.legal_name,
        "title": job.role.title,
        "start_date": f"{job.start}-01",
        "end_date": f"{job.end}-01" if job.end else None,
        "seniority_level": _LEVELS[job.role.level],
        "function_category": _FUNCTIONS.get(job.role.role, job.role.role.title()),
        "company_website_domain": company.domain,
        "company_professional_network_profile_url": company.linkedin_url,
        "company_headcount_range": company.size,
        "company_headcount_latest": company.headcount,
        "company_industries": [company.industry],
        "company_type": company.ownership,
        "company_hq_location": f"{company.city}, {company.region}, {company.country.name}",
    }


def credits_left(call: Call) -> Answer:
    """GET /account/credits."""
    return Answer({"account": {"credits": call.balance(), "recurring_credits": None}})


DESK: Final = Desk(
    name="crustdata",
    version="",
    credit_price=100_000,
    routes=(
        Route("POST", "/person/enrich", enrich, windows=(Window(15, 60),)),
        Route("POST", "/person/contact/enrich", enrich_contact, windows=(Window(15, 60),)),
        Route("GET", "/account/credits", credits_left, Purpose.FREE),
    ),
    key_of=header_key("", bearer=True),
    refusals=Refusals(
        bad_key=_error(401, "authentication_error", "Invalid API key"),
        no_credit=_error(403, "insufficient_credits", "Not enough credits"),
        rate_limited=lambda wait: _error(429, "rate_limit_exceeded", "Too many requests", {"Retry-After": str(wait)}),
        invalid=_INVALID,
        unavailable=_error(500, "internal_error", "Internal server error"),
    ),
)
