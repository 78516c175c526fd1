"""Explorium: first a person's number, then what is known under it; lower case, 403 is an empty account."""

from collections.abc import Mapping
from hashlib import sha1
from typing import Any, Final

from openenrich.sandbox.coverage import Claim, Knowledge
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key, rows, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Person

_MOST: Final = 50
_STATUSES: Final = {Claim.VALID: "valid", Claim.CATCH_ALL: "catch_all", Claim.RISKY: "unknown"}
_LEVELS: Final = {"cxo": "c-suite", "entry": "non-managerial"}


def _detail(status: int, words: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer({"detail": words}, status, headers or {})


def _context(*, found: bool) -> dict[str, Any]:
    status = "success" if found else "miss"
    return {"correlation_id": "sandbox", "request_status": status, "time_took_in_seconds": 0.1}


def match(call: Call) -> Answer:
    """POST /prospects/match: free."""
    asked = rows(call.body.get("prospects_to_match"))
    if not 0 < len(asked) <= _MOST:
        return _detail(422, "prospects_to_match needs 1 to 50 prospects")
    people = [_person(call, prospect) for prospect in asked]
    matched = [
        {"input": prospect, "prospect_id": _number(person) if person else None}
        for prospect, person in zip(asked, people, strict=True)
    ]
    count = sum(person is not None for person in people)
    context = _context(found=count > 0)
    return Answer({"response_context": context, "total_matches": count, "matched_prospects": matched})


def _person(call: Call, prospect: Mapping[str, Any]) -> Person | None:
    if linkedin := text(prospect, "linkedin"):
        person = call.world.by_linkedin(linkedin)
    elif address := text(prospect, "email"):
        person = call.world.by_email(address)
    else:
        person = call.world.by_name(text(prospect, "full_name"), text(prospect, "company_name"))
    return person if person and _in_file(call.knows(person)) else None


def _in_file(known: Knowledge) -> bool:
    return known.profile or known.email is not None or known.phone is not None or known.personal is not None


def _number(person: Person) -> str:
    """Forty hexadecimal digits; the last ones are the person's number in this world."""
    digest = sha1(person.handle.encode(), usedforsecurity=False).hexdigest()
    return f"{digest[:32]}{person.id:08x}"


def _by_number(call: Call) -> Person | None:
    number = text(call.body, "prospect_id")
    place = int(number[32:], 16) if len(number) == 40 and number.isalnum() else -1
    person = call.world.people[place] if 0 <= place < len(call.world.people) else None
    return person if person and _number(person) == number else None


def contacts(call: Call) -> Answer:
    """POST /prospects/contacts_information/enrich: 2 credits for addresses, 5 with numbers."""
    person, parameters = _by_number(call), call.body.get("parameters")
    if person is None:
        return _detail(422, "prospect_id is not known")
    types = parameters.get("contact_types") if isinstance(parameters, dict) else None
    phones = types is None or "phone" in types
    data = _contacts(call.knows(person), phones=phones)
    found = any(data.values())
    call.bill("contacts", _number(person), str(phones), credits_billed=(5 if phones else 2) * CREDIT if found else 0)
    return Answer({"response_context": _context(found=found), "data": data})


def _contacts(known: Knowledge, *, phones: bool) -> dict[str, Any]:
    """A landline is among the numbers, but not the mobile phone."""
    number = known.phone if phones else None
    addresses = [("professional", known.email), ("personal", known.personal)]
    return {
        "professions_email": known.email,
        "professional_email_status": _STATUSES[known.claim] if known.email else None,
        "emails": [{"address": address, "type": kind} for kind, address in addresses if address],
        "mobile_phone": number if known.phone_record == "right" else None,
        "phone_numbers": [{"phone_number": number}] if number else [],
    }


def profiles(call: Call) -> Answer:
    """POST /prospects/profiles/enrich: one credit, even for a thin profile."""
    person = _by_number(call)
    if person is None:
        return _detail(422, "prospect_id is not known")
    call.bill("profiles", _number(person), credits_billed=CREDIT)
    return Answer({"response_context": _context(found=True), "data": _profile(person, full=call.knows(person).profile)})


def _profile(person: Person, *, full: bool) -> dict[str, Any]:
    company, role = person.company, person.job.role
    return {
        "full_name": person.full_name.lower(),
        "gender": None,
        "city": company.city.lower(),
        "region_name": company.region.lower(),
        "country_name": company.country.name.lower(),
        "linkedin": person.linkedin_url.removeprefix("https://www."),
        "linkedin_url_array": [person.linkedin_url.removeprefix("https://www.")],
        "job_title": role.title.lower(),
        "job_department_main": role.role.replace("_", " "),
        "job_level_main": _LEVELS.get(role.level, role.level),
        "job_seniority_level": _LEVELS.get(role.level, role.level),
        "company_name": company.legal_name.lower(),
        "company_website": f"http://www.{company.domain}",
        "company_linkedin": company.linkedin_url,
        **(_history(person) if full else {"experience": [], "education": [], "skills": []}),
    }


def _history(person: Person) -> dict[str, Any]:
    return {
        "experience": [
            {
                "company": {"name": job.company.legal_name.lower(), "website": job.company.domain},
                "title": {"name": job.role.title.lower()},
                "start_date": job.start,
                "end_date": job.end,
                "is_primary": job.end is None,
            }
            for job in person.jobs
        ],
        "education": [
            {
                "school": {"name": school.name.lower()},
                "degrees": [school.degree],
                "majors": [school.major],
                "start_date": str(school.start),
                "end_date": str(school.end),
            }
            for school in person.schools
        ],
        "skills": list(person.skills),
        "interests": [],
    }


def credits_left(call: Call) -> Answer:
    """GET /credits."""
    left = call.balance()
    return Answer({"allocated_credits": left, "remaining_credits": left, "account_type": "paid"})


DESK: Final = Desk(
    name="explorium",
    version="/v1",
    credit_price=40_000,
    routes=(
        Route("POST", "/prospects/match", match, Purpose.FREE),
        Route("POST", "/prospects/contacts_information/enrich", contacts),
        Route("POST", "/prospects/profiles/enrich", profiles),
        Route("GET", "/credits", credits_left, Purpose.FREE),
    ),
    windows=(Window(200, 60),),
    key_of=header_key("api_key"),
    refusals=Refusals(
        bad_key=_detail(401, "Invalid API key"),
        no_credit=Answer({"details": "You have insufficient credits", "correlation_id": "sandbox"}, 403),
        rate_limited=lambda wait: _detail(429, "Too many requests", {"Retry-After": str(wait)}),
        invalid=_detail(422, "The body could not be read"),
        unavailable=_detail(500, "Internal server error"),
    ),
)
