"""Coresignal: one record by profile address, with a full company on every position; companies; a 404 is a free miss."""

from typing import Any, Final

from openenrich.sandbox.companies import Company
from openenrich.sandbox.coverage import Claim, Knowledge
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Job, Person
from openenrich.sandbox.vendors._network import PHRASES, day_of

_LEVELS: Final = {
    "cxo": "C-Level",
    "vp": "President/Vice President",
    "director": "Director",
    "manager": "Manager",
    "senior": "Senior",
    "entry": "Specialist",
    "owner": "Owner",
    "partner": "Partner",
}
_DEPARTMENTS: Final = {"human_resources": "Human Resources", "customer_service": "Customer Service"}
_STATUSES: Final = {Claim.VALID: "verified", Claim.CATCH_ALL: "matched_email", Claim.RISKY: "guessed_common_pattern"}
_TYPES: Final = {
    "private": "Privately Held",
    "public": "Public Company",
    "nonprofit": "Nonprofit",
    "educational": "Educational",
    "government": "Government Agency",
}
_PRICE: Final = 20 * CREDIT


def _detail(status: int, words: str) -> Answer:
    return Answer({"detail": words}, status)


def enrich(call: Call) -> Answer:
    """GET /employee_multi_source/enrich?social_url=."""
    asked = text(call.query, "social_url")
    if not asked:
        return _detail(422, "social_url is required")
    person = call.world.by_linkedin(asked)
    known = call.knows(person) if person else None
    return _answer(call, "employee", asked, _record(person, known) if person and known and known.profile else None)


def enrich_company(call: Call) -> Answer:
    """GET /company_multi_source/enrich?website=. Every tenth company is not on file."""
    asked = text(call.query, "website")
    if not asked:
        return _detail(422, "website is required")
    company = call.world.company(asked)
    return _answer(call, "company", asked, _company_record(company) if company and company.id % 10 else None)


def _answer(call: Call, product: str, asked: str, record: dict[str, Any] | None) -> Answer:
    call.bill(product, asked, credits_billed=_PRICE if record else 0)
    headers = {"x-credits-remaining": str(call.balance())}
    return Answer(record, headers=headers) if record else Answer({"detail": "No record found"}, 404, headers)


def search(call: Call) -> Answer:
    """POST /employee_multi_source/search/es_dsl: free, and in this world it never finds anybody."""
    return Answer([], headers={"x-credits-remaining": str(call.balance())})


def _record(person: Person, known: Knowledge) -> dict[str, Any]:
    job, company = person.job, person.company
    return {
        "id": 500_000_000 + person.id,
        "full_name": person.full_name,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "headline": f"{job.role.title} at {company.name}",
        "summary": None,
        "professional_network_url": person.linkedin_url,
        "linkedin_shorthand_names": [person.handle],
        "location_full": f"{company.city}, {company.region}, {company.country.name}",
        "location_country": company.country.name,
        "location_country_iso2": company.country.code,
        "location_city": company.city,
        "location_state": company.region,
        "connections_count": person.connections,
        "followers_count": person.connections,
        "inferred_skills": list(person.skills),
        "primary_professional_email": known.email,
        "primary_professional_email_status": _STATUSES[known.claim] if known.email else None,
        "active_experience_title": job.role.title,
        "active_experience_department": _department(job),
        "active_experience_management_level": _LEVELS[job.role.level],
        "active_experience_company_id": company.linkedin_id,
        "is_decision_maker": int(job.role.level in {"cxo", "vp", "owner", "partner", "director"}),
        "experience": [_experience(item) for item in person.jobs],
        "education": [
            {
                "institution_name": school.name,
                "degree": f"{school.degree} {school.major}".title(),
                "date_from_year": school.start,
                "date_to_year": school.end,
            }
            for school in person.schools
        ],
        "languages": [
            {"language": name.title(), "proficiency": PHRASES[level - 1]} for name, level in person.languages
        ],
    }


def _department(job: Job) -> str:
    return _DEPARTMENTS.get(job.role.role, job.role.role.title())


def _experience(job: Job) -> dict[str, Any]:
    start, end = day_of(job.start), day_of(job.end) if job.end else None
    return {
        "active_experience": int(end is None),
        "position_title": job.role.title,
        "department": _department(job),
        "management_level": _LEVELS[job.role.level],
        "location": job.company.city,
        "description": None,
        "date_from": job.start,
        "date_from_year": start["year"],
        "date_from_month": start["month"],
        "date_to": job.end,
        "date_to_year": end["year"] if end else None,
        "date_to_month": end["month"] if end else None,
        **_company(job.company),
    }


def _company(company: Company) -> dict[str, Any]:
    return {
        "company_id": company.linkedin_id,
        "company_name": company.legal_name,
        "company_type": _TYPES[company.ownership],
        "company_founded_year": company.founded,
        "company_website": f"https://www.{company.domain}",
        "company_professional_network_url": company.linkedin_url,
        "company_size_range": f"{company.size} employees",
        "company_employees_count": company.headcount,
        "company_industry": company.industry,
        "company_categories_and_keywords": [company.industry.lower()],
        "company_followers_count": company.headcount * 3,
        "company_hq_full_address": f"{company.street}; {company.city}, {company.region}; {company.country.code}",
        "company_hq_country": company.country.name,
        "company_hq_country_iso2": company.country.code,
        "company_hq_city": company.city,
        "company_hq_state": company.region,
        "company_hq_street": company.street,
        "company_hq_zipcode": None,
    }


def _company_record(company: Company) -> dict[str, Any]:
    """The words of a position, without their beginning, where the company's own record has the same."""
    shown = _company(company)
    plain = ("type", "founded_year", "website", "professional_network_url", "size_range", "employees_count", "industry")
    more = (
        "categories_and_keywords",
        "hq_country",
        "hq_country_iso2",
        "hq_city",
        "hq_state",
        "hq_street",
        "hq_zipcode",
    )
    return {
        "id": 90_000_000 + company.id,
        "company_name": company.legal_name,
        **{name: shown[f"company_{name}"] for name in plain + more},
        "founded_year": str(company.founded),
        "description": None,
        "followers_count_professional_network": company.headcount * 3,
    }


DESK: Final = Desk(
    name="coresignal",
    version="/cdapi/v2",
    credit_price=19_600,
    routes=(
        Route("GET", "/employee_multi_source/enrich", enrich),
        Route("GET", "/company_multi_source/enrich", enrich_company),
        Route("POST", "/employee_multi_source/search/es_dsl", search, Purpose.FREE),
    ),
    windows=(Window(5, 1),),
    key_of=header_key("apikey"),
    refusals=Refusals(
        bad_key=_detail(401, "Unauthorized"),
        no_credit=_detail(402, "Insufficient credits"),
        rate_limited=lambda _wait: _detail(429, "Too many requests"),
        invalid=_detail(422, "The body could not be read"),
        unavailable=_detail(503, "Service unavailable"),
    ),
)
