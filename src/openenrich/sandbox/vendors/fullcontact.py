"""FullContact: one question about an account or an address, paid for whatever comes of it; 404 is a miss."""

from typing import Any, Final

from openenrich.sandbox.coverage import Knowledge, Record
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Refusals, Route, header_key, rows, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Job, Person


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer({"status": status, "message": message}, status, headers or {})


def enrich(call: Call) -> Answer:
    """POST /person.enrich."""
    accounts = [item for item in rows(call.body.get("profiles")) if text(item, "service") == "linkedin"]
    profile = text(accounts[0], "url", "username") if accounts else ""
    address = text(call.body, "email")
    if not (profile or address):
        return _error(400, "No identifier of a person was given")
    person = call.world.by_linkedin(profile) if profile else None
    person = person or (call.world.by_email(address) if address else None)
    known = call.knows(person) if person else None
    call.bill("person", profile, address, credits_billed=CREDIT)
    if person is None or known is None or not (known.profile or known.email or known.personal or known.phone):
        return _error(404, "Profile not found")
    return Answer(_record(person, known))


def _record(person: Person, known: Knowledge) -> dict[str, Any]:
    company = person.company
    place = {
        "city": company.city,
        "region": company.region,
        "country": company.country.name,
        "countryCode": company.country.code,
        "formatted": f"{company.city}, {company.region}, {company.country.name}",
    }
    return {
        "fullName": person.full_name,
        "ageRange": None,
        "gender": None,
        "location": place["formatted"],
        "title": person.job.role.title,
        "organization": company.legal_name,
        "twitter": None,
        "linkedin": person.linkedin_url,
        "bio": None,
        "avatar": None,
        "details": {
            "name": {"given": person.first_name, "family": person.last_name, "full": person.full_name},
            **_contact_values(known),
            "profiles": {"linkedin": {"service": "linkedin", "username": person.handle, "url": person.linkedin_url}},
            "locations": [place],
            "employment": [_employment(job) for job in person.jobs] if known.profile else [],
            "education": [
                {
                    "name": school.name,
                    "degree": school.degree.title(),
                    "start": {"year": school.start},
                    "end": {"year": school.end},
                }
                for school in (person.schools if known.profile else ())
            ],
            "urls": [],
            "interests": [],
        },
        "updated": "2026-01-10",
    }


def _contact_values(known: Knowledge) -> dict[str, Any]:
    """Texts for some, pairs for others: both are met with."""
    emails: list[object] = [known.email] if known.email else []
    if known.personal:
        emails.append({"label": "personal", "value": known.personal})
    label = "mobile" if known.phone_record is Record.RIGHT else "home"
    return {"emails": emails, "phones": [{"label": label, "value": known.phone}] if known.phone else []}


def _employment(job: Job) -> dict[str, Any]:
    return {
        "name": job.company.legal_name,
        "domain": job.company.domain,
        "current": job.end is None,
        "title": job.role.title,
        "start": _month(job.start),
        **({"end": _month(job.end)} if job.end else {}),
    }


def _month(month: str) -> dict[str, int]:
    return {"year": int(month[:4]), "month": int(month[5:])}


DESK: Final = Desk(
    name="fullcontact",
    version="/v3",
    credit_price=200_000,
    routes=(Route("POST", "/person.enrich", enrich),),
    windows=(Window(6000, 60),),
    key_of=header_key("", bearer=True),
    refusals=Refusals(
        bad_key=_error(401, "The API key is invalid"),
        no_credit=_error(403, "The quota of the account is used up"),
        rate_limited=lambda _wait: _error(429, "Too many requests"),
        invalid=_error(422, "The question could not be read"),
        unavailable=_error(503, "A failure downstream", {"Retry-After": "2"}),
    ),
)
