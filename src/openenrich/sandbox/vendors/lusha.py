"""Lusha: up to a hundred people a call, the bill in the answer, a credit for each search, people who opted out."""

from collections.abc import Mapping
from typing import Any, Final

from openenrich.sandbox.companies import Company
from openenrich.sandbox.coverage import Claim, Knowledge, Record
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key, rows, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Person
from openenrich.sandbox.trade import Role

_CONFIDENCE: Final = {Claim.VALID: "A+", Claim.CATCH_ALL: "A", Claim.RISKY: "B"}
_PER_SEARCH: Final = 25
"""So many people are searched for one credit."""
_LEVELS: Final = {"cxo": "C-Level", "vp": "Vice President"}


def _error(status: int, message: str, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer({"statusCode": status, "message": message, "errors": []}, status, headers or {})


def search_and_enrich(call: Call) -> Answer:
    """POST /v3/contacts/search-and-enrich."""
    asked, reveal = rows(call.body.get("contacts")), call.body.get("reveal")
    wanted = [str(item) for item in reveal] if isinstance(reveal, list) else []
    if not 0 < len(asked) <= 100 or not all(_usable(row) for row in asked) or not set(wanted) <= {"emails", "phones"}:
        return _error(400, "contacts: 1 to 100, each with an identifier; reveal: emails, phones")
    results = [_row(call, row, wanted, search=0 if place % _PER_SEARCH else 1) for place, row in enumerate(asked)]
    charged = sum(cost for _, cost in results)
    found = [shown for shown, _ in results]
    return Answer(
        {
            "requestId": "sandbox",
            "results": found,
            "billing": {
                "creditsCharged": charged,
                "resultsReturned": sum("error" not in shown for shown in found),
            },
        }
    )


def _usable(row: Mapping[str, Any]) -> bool:
    named = text(row, "firstName") and text(row, "lastName") and text(row, "companyName", "companyDomain")
    return bool(text(row, "id", "linkedinUrl", "email") or named)


def _row(call: Call, row: Mapping[str, Any], wanted: list[str], search: int) -> tuple[dict[str, Any], int]:
    """The row of an answer, and its price: its part of the search, found or not, and the reveals."""
    person = _person(call, row)
    known = call.knows(person) if person else None
    in_file = known is not None and (known.profile or any((known.email, known.phone, known.personal)))
    found = person if in_file and person and not person.suppressed else None
    emails = _emails(known) if known and found and "emails" in wanted else []
    phones = _phones(known) if known and found and "phones" in wanted else []
    cost = search + (1 if emails else 0) + (5 if phones else 0)
    question = [text(row, name) for name in ("linkedinUrl", "email", "firstName", "lastName", "companyDomain")]
    call.bill("enrich", *question, text(row, "companyName"), ",".join(wanted), credits_billed=cost * CREDIT)
    reference = {"clientReferenceId": row.get("clientReferenceId")}
    if person and person.suppressed:
        return {**reference, "error": {"code": "COMPLIANCE_RESTRICTED", "message": "The person opted out"}}, cost
    if found is None:
        return {**reference, "error": {"code": "NOT_FOUND", "message": "No contact was found"}}, cost
    return {**reference, **_identity(found), "emails": emails, "phones": phones}, cost


def _person(call: Call, row: Mapping[str, Any]) -> Person | None:
    if profile := text(row, "linkedinUrl"):
        return call.world.by_linkedin(profile)
    if address := text(row, "email"):
        return call.world.by_email(address)
    company = text(row, "companyDomain", "companyName")
    return call.world.by_name(f"{text(row, 'firstName')} {text(row, 'lastName')}", company)


def _emails(known: Knowledge) -> list[dict[str, Any]]:
    own = [{"email": known.personal, "type": "private", "confidence": "A"}] if known.personal else []
    work = [{"email": known.email, "type": "work", "confidence": _CONFIDENCE[known.claim]}] if known.email else []
    return [{**item, "updateDate": "2026-01-05"} for item in (*own, *work)]


def _phones(known: Knowledge) -> list[dict[str, Any]]:
    if known.phone is None:
        return []
    line = "mobile" if known.phone_record is Record.RIGHT else "direct"
    return [{"number": known.phone, "type": line, "doNotCall": False, "updateDate": "2026-01-05"}]


def _identity(person: Person) -> dict[str, Any]:
    company = person.company
    return {
        "id": f"lu-{person.id}",
        "firstName": person.first_name,
        "lastName": person.last_name,
        "fullName": person.full_name,
        "jobTitle": _title(person.job.role),
        "location": {**_place(company), "isEuContact": company.country.code not in {"US", "CA", "AU"}},
        "company": _company(company),
        "socialLinks": {"linkedin": person.linkedin_url},
        "previousEmployment": [
            {
                "company": {"name": job.company.legal_name, "domain": job.company.domain},
                "jobTitle": {"title": job.role.title},
            }
            for job in person.jobs[1:]
        ],
    }


def _title(role: Role) -> dict[str, Any]:
    level = _LEVELS.get(role.level, role.level.title())
    return {"title": role.title, "departments": [role.role.replace("_", " ").title()], "seniority": level}


def _place(company: Company) -> dict[str, Any]:
    return {
        "country": company.country.name,
        "countryIso2": company.country.code,
        "state": company.region,
        "city": company.city,
    }


def _company(company: Company) -> dict[str, Any]:
    least, _, most = company.size.partition("-")
    span = {"min": int(least), "max": int(most)} if least.isdigit() and most.isdigit() else {}
    return {
        "id": f"c-{company.id}",
        "name": company.legal_name,
        "domain": f"www.{company.domain}",
        "description": None,
        "companyType": company.ownership,
        "yearFounded": company.founded,
        "employeeCount": {"exact": company.headcount, **span},
        "industry": company.industry,
        "specialties": [],
        "location": _place(company),
        "socialLinks": {"linkedin": f"https://www.linkedin.com/company/{company.handle}"},
    }


def usage(call: Call) -> Answer:
    """GET /v3/account/usage."""
    spent, left = call.ledger.spent(call.vendor) // CREDIT, call.balance()
    return Answer(
        {
            "credits": {"total": spent + left, "used": spent, "remaining": left},
            "plan": "Sandbox",
            "rateLimits": {},
            "pricing": {"revealEmail": 1, "revealPhone": 5},
        }
    )


DESK: Final = Desk(
    name="lusha",
    version="",
    credit_price=100_000,
    routes=(
        Route("POST", "/v3/contacts/search-and-enrich", search_and_enrich),
        Route("GET", "/v3/account/usage", usage, Purpose.FREE),
    ),
    key_of=header_key("api_key"),
    refusals=Refusals(
        bad_key=_error(401, "Invalid API key"),
        no_credit=_error(402, "Insufficient credits"),
        rate_limited=lambda wait: _error(429, "Rate limit exceeded", {"retry-after": str(wait)}),
        invalid=_error(400, "The body could not be read"),
        unavailable=_error(500, "Internal server error"),
    ),
    windows=(Window(300, 60), Window(5000, 3600)),
)
