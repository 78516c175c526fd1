"""LinkdAPI: the profile as the network shows it, by handle; a miss is a 200 without success."""

from typing import Any, Final

from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Refusals, Route, header_key, text
from openenrich.sandbox.people import Job, Person
from openenrich.sandbox.vendors._network import PHRASES, day_of

_NEVER: Final = {"year": 0, "month": 0, "day": 0}


def _answer(data: object, status: int = 200, message: str = "", inside: int | None = None) -> Answer:
    """``inside`` is the status that the body speaks of."""
    body = {"success": data is not None, "statusCode": inside or status, "message": message, "errors": None}
    return Answer({**body, "data": data}, status)


def full_profile(call: Call) -> Answer:
    """GET /api/v1/profile/full?username=; nobody in this world is known by a ``urn``."""
    username, urn = text(call.query, "username"), text(call.query, "urn")
    if not (username or urn):
        return _answer(None, 400, "username or urn is required")
    person = call.world.by_linkedin(username) if username else None
    found = person is not None and call.knows(person).profile
    call.bill("profile", username or urn, credits_billed=CREDIT if found else 0)
    if person is None or not found:
        return _answer(None, message="Profile not found", inside=404)
    return _answer(_record(person), message="Data retrieved successfully")


def _record(person: Person) -> dict[str, Any]:
    company = person.company
    place = f"{company.city}, {company.region}"
    return {
        "urn": f"ACoAA{person.linkedin_id:030d}",
        "username": person.handle,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "headline": f"{person.job.role.title} at {company.name}",
        "summary": "",
        "followerCount": person.connections,
        "connectionsCount": person.connections,
        "geo": {
            "country": company.country.name,
            "city": place,
            "full": f"{place}, {company.country.name}",
            "countryCode": company.country.code.lower(),
        },
        "industry": {"name": company.industry},
        "languages": [{"name": name.title(), "proficiency": PHRASES[level - 1]} for name, level in person.languages],
        "educations": [
            {
                "schoolName": school.name,
                "fieldOfStudy": school.major.title(),
                "degree": school.degree.title(),
                "start": {**_NEVER, "year": school.start},
                "end": {**_NEVER, "year": school.end},
            }
            for school in person.schools
        ],
        "fullPositions": [_position(job) for job in person.jobs],
        "position": [_position(person.job)],
        "skills": [{"name": skill} for skill in person.skills],
        "currentPositions": [{"companyName": company.legal_name}],
    }


def _position(job: Job) -> dict[str, Any]:
    return {
        "companyId": job.company.linkedin_id,
        "companyName": job.company.legal_name,
        "companyIndustry": job.company.industry,
        "title": job.role.title,
        "location": job.company.city,
        "description": "",
        "employmentType": "Full-time",
        "start": day_of(job.start, 0),
        "end": day_of(job.end, 0) if job.end else _NEVER,
    }


DESK: Final = Desk(
    name="linkdapi",
    version="",
    credit_price=10_000,
    routes=(Route("GET", "/api/v1/profile/full", full_profile),),
    key_of=header_key("X-linkdapi-apikey"),
    refusals=Refusals(
        bad_key=_answer(None, 401, "Invalid API key"),
        no_credit=_answer(None, message="Not enough credits", inside=402),
        rate_limited=lambda _wait: _answer(None, 429, "Too many requests"),
        invalid=_answer(None, 400, "The question could not be read"),
        unavailable=_answer(None, 503, "Service unavailable"),
    ),
)
