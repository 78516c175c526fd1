"""Cognism: a free preview with flags and a number to redeem; redeeming costs a credit, a second time nothing."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

from openenrich.sandbox.companies import Company
from openenrich.sandbox.coverage import Claim, Knowledge, Record
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, full_name_of, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Person
from openenrich.sandbox.trade import Role

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_QUALITIES: Final = {Claim.VALID: "HIGH_PLUS", Claim.CATCH_ALL: "HIGH", Claim.RISKY: "MEDIUM"}
_LEVELS: Final = {"cxo": "Executive-Level", "vp": "VP-Level", "director": "Director", "manager": "Manager"}
_TYPES: Final = {"private": "Privately Held", "public": "Public Company"}


def _error(status: int, key: str, words: str) -> Answer:
    return Answer([{"key": key, "code": status, "msg": words}], status)


def enrich(call: Call) -> Answer:
    """POST /contact/enrich: by profile, address, or name and employer; free."""
    body = call.body
    profile, address = text(body, "linkedinUrl"), text(body, "email")
    name, company = full_name_of(body, "firstName", "lastName"), text(body, "accountWebsite", "accountName")
    if not (profile or address or (name and company)):
        return _error(400, "InvalidRequest", "A required parameter is missing")
    if profile:
        person = call.world.by_linkedin(profile)
    else:
        person = call.world.by_email(address) if address else call.world.by_name(name, company)
    known = call.knows(person) if person else None
    results = [_preview(person, known)] if person and known and _in_file(known) else []
    return Answer({"matchScore": 45 if results else 0, "results": results})


def _in_file(known: Knowledge) -> bool:
    return known.profile or bool(known.email or known.phone)


def _preview(person: Person, known: Knowledge) -> dict[str, Any]:
    return {
        **_identity(person),
        "hasEmail": known.email is not None,
        "hasMobilePhoneNumbers": known.phone_record is Record.RIGHT,
        "hasDirectPhoneNumbers": known.phone_record is Record.LANDLINE,
        "hasSkills": known.profile,
        "account": {"id": f"ca-{person.company.id}", "name": person.company.legal_name, "hasDomain": True},
    }


def _identity(person: Person) -> dict[str, Any]:
    return {
        "id": f"cg-{person.id}",
        "fullName": person.full_name,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "jobTitle": person.job.role.title,
        "redeemId": base64.b64encode(f"cg-{person.id};{person.company.id}".encode()).decode(),
    }


def redeem(call: Call) -> Answer:
    """POST /contact/redeem: 1 to 20 numbers of previews."""
    asked = call.body.get("redeemIds")
    numbers = [str(item) for item in asked] if isinstance(asked, list) else []
    people = [_redeemed(call, number) for number in numbers]
    found = [person for person in people if person]
    if not 0 < len(numbers) <= 20 or len(found) < len(numbers):
        return _error(400, "InvalidRequest", "Redeem ID is invalid")
    for person in found:
        owned = call.ledger.own(call.vendor, person.id, "contact")
        call.bill("contact", str(person.id), credits_billed=0 if owned else CREDIT)
    return Answer({"totalResults": len(found), "results": [_contact(person, call.knows(person)) for person in found]})


def _redeemed(call: Call, number: str) -> Person | None:
    try:
        person = base64.b64decode(number, validate=True).decode().partition(";")[0].removeprefix("cg-")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return call.world.people[int(person)] if person.isdecimal() and int(person) < len(call.world.people) else None


def _contact(person: Person, known: Knowledge) -> dict[str, Any]:
    """Whatever is not known is left out."""
    company, role = person.company, person.job.role
    contact: dict[str, Any] = {
        **_identity(person),
        **_rank(role),
        "linkedinUrl": person.linkedin_url,
        "city": company.city,
        "state": company.region,
        "country": company.country.name,
        "account": _account(company),
        "positionStartDate": _words(person.job.start),
    }
    if known.email:
        contact["email"] = {"address": known.email, "quality": _QUALITIES[known.claim]}
    if known.phone:
        mobile = known.phone_record is Record.RIGHT
        phone = {"number": known.phone, "numberType": "MOBILE" if mobile else "FIXED_LINE", "score": 90, "dnc": False}
        contact["mobilePhoneNumbers" if mobile else "directPhoneNumbers"] = [phone]
    return {**contact, **_history(person)} if known.profile else contact


def _rank(role: Role) -> dict[str, Any]:
    level = _LEVELS.get(role.level, "Non-Manager")
    return {"managementLevel": level, "jobFunction": ["OVERSIGHT", role.role.upper().replace("_", " ")]}


def _history(person: Person) -> dict[str, Any]:
    return {
        "skills": list(person.skills),
        "education": [
            {
                "school": school.name,
                "degree": f"{school.degree}, {school.major}".title(),
                "start": str(school.start),
                "end": str(school.end),
            }
            for school in person.schools
        ],
        "previousAccounts": [
            {
                "name": job.company.legal_name,
                "title": job.role.title,
                "start": _words(job.start),
                "end": _words(job.end or job.start),
            }
            for job in person.jobs[1:]
        ],
    }


def _account(company: Company) -> dict[str, Any]:
    least, _, most = company.size.rstrip("+").partition("-")
    place: Mapping[str, str] = {
        "addressType": "hq",
        "country": company.country.name,
        "state": company.region,
        "city": company.city,
        "street": company.street,
    }
    return {
        "id": f"ca-{company.id}",
        "name": company.legal_name,
        "domain": company.domain,
        "industry": [company.industry],
        "founded": company.founded,
        "headcount": company.headcount,
        "sizeFrom": int(least),
        "sizeTo": int(most) if most else None,
        "type": _TYPES.get(company.ownership, company.ownership.title()),
        "linkedinUrl": company.linkedin_url,
        "location": [place],
    }


def _words(month: str) -> str:
    """``2022-03`` -> ``March 2022``."""
    return f"{_MONTHS[int(month[5:]) - 1]} {month[:4]}"


DESK: Final = Desk(
    name="cognism",
    version="/api/search",
    credit_price=500_000,
    routes=(
        Route("POST", "/contact/enrich", enrich, Purpose.FREE),
        Route("POST", "/contact/redeem", redeem),
    ),
    windows=(Window(1000, 60),),
    key_of=header_key("", bearer=True, query="api_key"),
    refusals=Refusals(
        bad_key=_error(401, "MissingCredentials", "Missing required credentials"),
        no_credit=_error(402, "PaymentRequired", "Out of credits"),
        rate_limited=lambda _wait: Answer({"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, 429),
        invalid=_error(400, "InvalidRequest", "The body could not be read"),
        unavailable=_error(500, "Internal", "Internal server error"),
    ),
)
