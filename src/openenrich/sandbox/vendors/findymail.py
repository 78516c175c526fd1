"""Findymail: four questions at four prices. It settles catch-all domains itself and has no numbers from Europe."""

from collections.abc import Callable
from typing import Final

from openenrich.sandbox.coverage import Claim, Knowledge, Record
from openenrich.sandbox.desk import (
    CREDIT,
    Answer,
    Call,
    Desk,
    Handler,
    Purpose,
    Refusals,
    Route,
    flag,
    header_key,
    text,
)
from openenrich.sandbox.people import Person, School
from openenrich.sandbox.vendors._opinions import Opinion, insight

_NUMBERED: Final = frozenset({"US", "CA"})
"""Countries whose people have a number here."""
_CHECK_CREDITS: Final = 100


def _message(status: int, words: str) -> Answer:
    return Answer({"message": words}, status)


def by_name(call: Call) -> Answer:
    """POST /api/search/name: a miss is a contact that is null."""
    name, company = text(call.body, "name"), text(call.body, "domain")
    if not (name and company):
        return _message(422, "The name and domain fields are required.")
    return _find(call, call.world.by_name(name, company), (name, company), Answer({"contact": None}))


def by_profile(call: Call) -> Answer:
    """POST /api/search/business-profile: a miss is a 404."""
    asked = text(call.body, "linkedin_url")
    if not asked:
        return _message(422, "The linkedin url field is required.")
    return _find(call, call.world.by_linkedin(asked), (asked,), _message(404, "Contact not found"))


def _find(call: Call, person: Person | None, asked: tuple[str, ...], miss: Answer) -> Answer:
    known = call.knows(person) if person else None
    found = known is not None and known.email is not None and known.claim is not Claim.RISKY
    call.bill("email", *asked, credits_billed=CREDIT if found else 0)
    return Answer({"contact": _contact(person, known)}) if person and known and found else miss


def _contact(person: Person, known: Knowledge) -> dict[str, object]:
    """Name, address and domain always; the rest where the profile is known."""
    address = known.email or ""
    contact: dict[str, object] = {
        "id": person.id,
        "name": person.full_name,
        "email": address,
        "domain": address.rpartition("@")[2],
    }
    if not known.profile:
        return contact
    company = person.company
    return contact | {
        "company": company.legal_name,
        "job_title": person.job.role.title,
        "linkedin_url": person.linkedin_url,
        "city": company.city,
        "region": company.region,
        "country": company.country.name,
        "company_city": company.city,
        "company_region": company.region,
        "company_country": company.country.name,
    }


Show = Callable[[Call, Person], tuple[dict[str, object], int] | None]


def _by_reference(product: str, name: str, miss: dict[str, object], show: Show) -> Handler:
    """A product that is asked by one reference; ``show`` says what it has and what it costs."""

    def handler(call: Call) -> Answer:
        asked = text(call.body, name)
        if not asked:
            return _message(422, f"The {name} field is required.")
        person = call.world.by_email(asked) if name == "email" else call.world.by_linkedin(asked)
        shown = show(call, person) if person else None
        call.bill(product, asked, credits_billed=shown[1] * CREDIT if shown else 0)
        return Answer(shown[0] if shown else miss)

    return handler


def _show_phone(call: Call, person: Person) -> tuple[dict[str, object], int] | None:
    known = call.knows(person)
    if known.phone is None or person.company.country.code not in _NUMBERED:
        return None
    kind = "Landline" if known.phone_record is Record.LANDLINE else "Mobile"
    return {"phone": known.phone, "line_type": kind}, 10


def _show_person(call: Call, person: Person) -> tuple[dict[str, object], int] | None:
    """Without the profile the account alone, for half the price."""
    if call.knows(person).profile and flag(call.body, "with_profile"):
        return _profile(person), 2
    return ({"linkedin_url": person.linkedin_url}, 1) if call.knows(person).email else None


def _profile(person: Person) -> dict[str, object]:
    company = person.company
    return {
        "linkedin_url": person.linkedin_url,
        "fullName": person.full_name,
        "username": person.handle,
        "headline": f"{person.job.role.title} at {company.name}",
        "jobTitle": person.job.role.title,
        "summary": None,
        "city": company.city,
        "region": company.region,
        "country": company.country.name,
        "companyName": company.legal_name,
        "companyWebsite": f"https://www.{company.domain}",
        "companyLinkedinUrl": company.linkedin_url,
        "isPremium": False,
        "isOpenProfile": False,
        "skills": list(person.skills),
        "jobs": [],
        "educations": [_education(school) for school in person.schools],
        "certificates": [],
    }


def _education(school: School) -> dict[str, object]:
    return {
        "school": school.name,
        "degree": school.degree,
        "fieldOfStudy": school.major,
        "startDate": str(school.start),
        "endDate": str(school.end),
    }


def verify(call: Call) -> Answer:
    """POST /api/verify: yes or no, for a credit of its own kind."""
    address = text(call.body, "email")
    if not address:
        return _message(422, "The email field is required.")
    call.bill("verify", address, credits_billed=_CHECK_CREDITS)
    return Answer({"email": address, "verified": insight(call, address) is Opinion.GOOD, "provider": "Other"})


def credits_left(call: Call) -> Answer:
    """GET /api/credits."""
    return Answer({"credits": call.balance(), "verifier_credits": call.balance()})


DESK: Final = Desk(
    name="findymail",
    version="",
    credit_price=49_000,
    routes=(
        Route("POST", "/api/search/name", by_name),
        Route("POST", "/api/search/business-profile", by_profile),
        Route("POST", "/api/search/linkedin", by_profile),
        Route("POST", "/api/search/phone", _by_reference("phone", "linkedin_url", {"phone": None}, _show_phone)),
        Route(
            "POST",
            "/api/search/reverse-email",
            _by_reference("reverse", "email", {"linkedin_url": None}, _show_person),
        ),
        Route("POST", "/api/verify", verify),
        Route("GET", "/api/credits", credits_left, Purpose.FREE),
    ),
    key_of=header_key("", bearer=True),
    refusals=Refusals(
        bad_key=_message(401, "Unauthenticated."),
        no_credit=Answer({"error": "Not enough credits"}, 402),
        rate_limited=lambda _wait: _message(429, "Too Many Attempts."),
        invalid=_message(422, "The body could not be read."),
        unavailable=_message(500, "Server Error"),
    ),
)
