"""Datagma: calls that answer at once, the key in the query, errors as numbers of gRPC, lines of unknown kind."""

from collections.abc import Mapping
from typing import Final

from openenrich.sandbox.coverage import Claim, Knowledge
from openenrich.sandbox.desk import (
    CREDIT,
    Answer,
    Call,
    Desk,
    Purpose,
    Refusals,
    Route,
    flag,
    header_key,
    text,
)
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Person

_MOBILE_COST: Final = 30 * CREDIT
_MISS: Final = Answer({"code": 5, "message": "Not found", "details": []}, 404)


def _error(status: int, code: int, message: str) -> Answer:
    return Answer({"code": code, "message": message, "details": []}, status)


def _name(asked: Mapping[str, str]) -> str:
    parts = (text(asked, "firstName"), text(asked, "lastName"))
    return text(asked, "fullName") or (" ".join(parts) if all(parts) else "")


def find_email(call: Call) -> Answer:
    """GET /v8/findEmail: a guess at a catch-all domain costs nothing."""
    name, company = _name(call.query), text(call.query, "company")
    if not (name and company):
        return _error(400, 3, "A name and a company are required")
    person = call.world.by_name(name, company)
    known = call.knows(person) if person else None
    certain = known is not None and known.email is not None and known.claim is Claim.VALID
    call.bill("findEmail", name, company, credits_billed=CREDIT if certain else 0)
    if known is None or known.email is None:
        return Answer({"status": "Unknown", "mxfound": person is not None, "creditBurn": "0"})
    return Answer(
        {
            "email": known.email,
            "emailDomain": known.email.rpartition("@")[2],
            "status": "Valid" if certain else "Most Probable",
            "patterns": [],
            "mxfound": True,
            "smtpCheck": known.claim is not Claim.RISKY,
            "cachAll": known.claim is Claim.CATCH_ALL,
            "creditBurn": "1" if certain else "0",
        }
    )


def search(call: Call) -> Answer:
    """GET /v1/search: numbers by a profile, an address or both."""
    profile, address = text(call.query, "username"), text(call.query, "email")
    if not (profile or address):
        return _error(400, 3, "username or email is required")
    person = call.world.by_linkedin(profile) if profile else call.world.by_email(address)
    known = call.knows(person) if person else None
    found = known is not None and known.phone is not None
    call.bill("search", profile, address, credits_billed=_MOBILE_COST if found else 0)
    if person is None or known is None or not found:
        return _MISS
    shown = {
        "names": [{"first": person.first_name, "last": person.last_name}],
        "jobs": [{"title": person.job.role.title, "company": person.company.legal_name}],
        "urls": [{"domain": "linkedin.com", "url": person.linkedin_url}],
        "emails": [{"address": known.email}] if known.email else [],
        "phones": _phones(known),
    }
    return Answer({"person": shown, "creditBurn": 30})


def full(call: Call) -> Answer:
    """GET /v2/full: two credits for a match, thirty more for a mobile."""
    data, name = text(call.query, "data"), _name(call.query)
    by_itself = "@" in data or "linkedin.com/in/" in data
    if not data or not (by_itself or name):
        return _error(400, 3, "data is required, and a name beside a company")
    person = _person(call, data, name)
    known = call.knows(person) if person else None
    wants_phone = flag(call.query, "phoneFull")
    phone = known.phone if known and wants_phone else None
    if person is None or known is None or not (known.profile or phone):
        call.bill("full", data, name, str(wants_phone), credits_billed=0)
        return _MISS
    cost = 2 * CREDIT + (_MOBILE_COST if phone else 0)
    call.bill("full", data, name, str(wants_phone), credits_billed=cost)
    return Answer({**_record(person, known), "phoneFull": _numbers(known, phone), "creditBurn": cost // CREDIT})


def _person(call: Call, data: str, name: str) -> Person | None:
    if "linkedin.com/in/" in data:
        return call.world.by_linkedin(data)
    return call.world.by_email(data) if "@" in data else call.world.by_name(name, data)


def _numbers(known: Knowledge, phone: str | None) -> dict[str, object] | None:
    return {"phones": _phones(known), "emails": []} if phone else None


def _phones(known: Knowledge) -> list[dict[str, object]]:
    return [{"displayInternational": known.phone, "linkedWhatsapp": False}]


def _record(person: Person, known: Knowledge) -> dict[str, object]:
    company = person.company
    basic = {
        "name": person.full_name,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "jobTitle": person.job.role.title,
        "company": company.legal_name,
        "linkedInUrl": person.linkedin_url,
        "city": company.city,
        "region": company.region,
        "country": company.country.name,
        "extractedRole": person.job.role.role.replace("_", " ").title(),
        "extractedSeniority": person.job.role.level.title(),
    }
    firm = {
        "name": company.legal_name,
        "website": f"https://{company.domain}",
        "yearFounded": str(company.founded),
        "industry": company.industry,
        "size": company.size,
        "locality": company.city,
        "region": company.region,
        "country": company.country.name,
        "linkedUrl": company.linkedin_url,
    }
    status = "Valid" if known.claim is Claim.VALID else "Unknown"
    person_block = {"basic": basic if known.profile else {"name": person.full_name}}
    return {
        "email": known.email,
        "emailStatus": status,
        "person": person_block,
        "company": {"basic": firm} if known.profile else None,
    }


def account(call: Call) -> Answer:
    """GET /v1/mine: a number in a text."""
    return Answer({"currentCredit": str(call.balance())})


DESK: Final = Desk(
    name="datagma",
    version="/api/ingress",
    credit_price=16_333,
    routes=(
        Route("GET", "/v8/findEmail", find_email),
        Route("GET", "/v1/search", search),
        Route("GET", "/v2/full", full),
        Route("GET", "/v1/mine", account, Purpose.FREE),
    ),
    key_of=header_key("", query="apiId"),
    refusals=Refusals(
        bad_key=_error(401, 16, "apiId is not valid"),
        no_credit=_error(500, 13, "can't get credit"),
        rate_limited=lambda wait: Answer({"code": 8, "message": "Too many requests"}, 429, {"Retry-After": str(wait)}),
        invalid=_error(400, 3, "The question could not be read"),
        unavailable=_error(500, 13, "Internal error"),
    ),
    windows=(Window(10, 1),),
)
