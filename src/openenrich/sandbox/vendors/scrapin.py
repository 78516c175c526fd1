"""ScrapIn: of the profile the parts that are named, by address; the key stands in the query, 404 is a miss."""

from typing import Any, Final

from openenrich.sandbox.companies import Company
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Refusals, Route, flag, header_key, text
from openenrich.sandbox.people import Job, Person
from openenrich.sandbox.vendors._network import day_of

_PARTS: Final = {
    "Company": "company",
    "Summary": "summary",
    "Experience": "positions",
    "Education": "schools",
    "Skills": "skills",
    "Languages": "languages",
}


def _no(status: int, words: str) -> Answer:
    return Answer({"success": False, "msg": words}, status)


def profile(call: Call) -> Answer:
    """GET or POST /v1/enrichment/profile: who it is, and what is asked for beside it."""
    asked = text({**call.query, **call.body}, "linkedInUrl")
    if not asked:
        return _no(400, "linkedInUrl is required")
    person = call.world.by_linkedin(asked)
    found = person is not None and call.knows(person).profile
    call.bill("profile", asked, credits_billed=CREDIT if found else 0)
    if person is None or not found:
        return _no(404, "Profile not found")
    left = call.balance()
    known, includes = _person(person), call.body.get("includes")
    named = includes if isinstance(includes, dict) else {}
    left_out = {name for part, name in _PARTS.items() if not flag(named, f"include{part}")}
    body = {"success": True, "credits_consumed": 1, "credits_left": left}
    shown = {name: value for name, value in known.items() if name not in left_out}
    company = {} if "company" in left_out else {"company": _company(person.company)}
    return Answer({**body, "person": shown, **company}, headers={"X-Credits-Remaining": str(left)})


def _person(person: Person) -> dict[str, Any]:
    company = person.company
    return {
        "publicIdentifier": person.handle,
        "linkedInUrl": person.linkedin_url,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "headline": f"{person.job.role.title} at {company.name}",
        "summary": None,
        "location": {"city": company.city, "state": company.region, "country": company.country.name},
        "memberIdentifier": str(person.linkedin_id),
        "followerCount": person.connections,
        "positions": {
            "positionsCount": len(person.jobs),
            "positionHistory": [_position(job) for job in person.jobs],
        },
        "schools": {
            "educationsCount": len(person.schools),
            "educationHistory": [
                {
                    "degreeName": school.degree.title(),
                    "fieldOfStudy": school.major.title(),
                    "schoolName": school.name,
                    "startEndDate": {
                        "start": {"month": None, "year": school.start},
                        "end": {"month": None, "year": school.end},
                    },
                }
                for school in person.schools
            ],
        },
        "skills": list(person.skills),
        "languages": [name.title() for name, _ in person.languages],
    }


def _position(job: Job) -> dict[str, Any]:
    return {
        "title": job.role.title,
        "companyName": job.company.legal_name,
        "description": "",
        "linkedInUrl": job.company.linkedin_url,
        "linkedInId": str(job.company.linkedin_id),
        "startEndDate": {"start": day_of(job.start), "end": day_of(job.end) if job.end else None},
    }


def _company(company: Company) -> dict[str, Any]:
    return {
        "linkedInId": str(company.linkedin_id),
        "name": company.legal_name,
        "universalName": company.handle,
        "linkedInUrl": company.linkedin_url,
        "websiteUrl": f"https://www.{company.domain}",
        "description": "",
        "tagline": "",
        "industry": company.industry,
        "employeeCount": company.headcount,
        "foundedOn": {"year": company.founded},
        "specialities": [],
        "headquarter": {
            "city": company.city,
            "geographicArea": company.region,
            "postalCode": None,
            "country": company.country.code,
        },
    }


DESK: Final = Desk(
    name="scrapin",
    version="/v1",
    credit_price=20_000,
    routes=(
        Route("GET", "/v1/enrichment/profile", profile),
        Route("POST", "/v1/enrichment/profile", profile),
    ),
    key_of=header_key("x-api-key", query="apikey"),
    refusals=Refusals(
        bad_key=_no(401, "Invalid API key"),
        no_credit=_no(402, "Not enough credits"),
        rate_limited=lambda _wait: _no(429, "Too many requests"),
        invalid=_no(400, "The question could not be read"),
        unavailable=_no(500, "Internal server error"),
    ),
)
