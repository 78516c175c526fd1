"""UpLead: one record by name and domain or by address, free when its address is not known to be good."""

from collections.abc import Mapping
from typing import Any, Final

from openenrich.sandbox.coverage import Claim, Knowledge, Record
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, full_name_of, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Person

_STATUSES: Final = {Claim.VALID: "valid", Claim.CATCH_ALL: "accept_all", Claim.RISKY: "unknown"}
_LEVELS: Final = {"cxo": "CX", "owner": "C", "partner": "C", "vp": "VP", "director": "D", "manager": "M"}


def _error(status: int, kind: str, message: str, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer({"error": {"type": kind, "message": message}}, status, headers or {})


def person_search(call: Call) -> Answer:
    """GET or POST /person-search: an address, or a name and a domain."""
    asked = {**call.query, **call.body}
    address, name, domain = text(asked, "email"), full_name_of(asked), text(asked, "domain")
    if not (address or (name and "." in domain)):
        return _error(400, "invalid_parameters", "email, or first_name, last_name and domain")
    person = call.world.by_email(address) if address else call.world.by_name(name, domain)
    known = call.knows(person) if person else None
    record = _record(person, known) if person and known else None
    paid = record is not None and record["email_status"] in {"valid", "accept_all"}
    call.bill("person", address, name, domain, credits_billed=CREDIT if paid else 0)
    return Answer({"data": record, "availableCredits": call.balance()})


def _record(person: Person, known: Knowledge) -> dict[str, Any] | None:
    if not (known.profile or known.email or known.phone):
        return None
    company, role = person.company, person.job.role
    return {
        "id": f"up-{person.id}",
        "first_name": person.first_name,
        "last_name": person.last_name,
        "title": role.title,
        "job_function": role.role.replace("_", " "),
        "job_sub_function": role.sub_role.replace("_", " ").title() if role.sub_role else None,
        "management_level": _LEVELS.get(role.level),
        "email": known.email,
        "email_status": _STATUSES[known.claim] if known.email else None,
        "phone_number": known.phone if known.phone_record is Record.LANDLINE else None,
        "mobile_directdial": known.phone if known.phone_record is Record.RIGHT else None,
        "city": company.city,
        "state": company.region,
        "country": company.country.code,
        "linkedin_url": person.linkedin_url,
        "industry": company.industry,
        "domain": company.domain,
        "company_name": company.legal_name,
    }


def credits_left(call: Call) -> Answer:
    """GET /credits."""
    return Answer({"email": "owner@example.com", "credits": call.balance()})


DESK: Final = Desk(
    name="uplead",
    version="/v2",
    credit_price=600_000,
    routes=(
        Route("GET", "/person-search", person_search),
        Route("POST", "/person-search", person_search),
        Route("GET", "/credits", credits_left, Purpose.FREE),
    ),
    windows=(Window(500, 60),),
    key_of=header_key("Authorization"),
    refusals=Refusals(
        bad_key=_error(401, "unauthorized", "Invalid API key"),
        no_credit=_error(403, "forbidden", "You do not have enough credits"),
        rate_limited=lambda wait: _error(
            429, "rate_limit", "Too many requests", {"Retry-After": str(wait), "X-RateLimit-Remaining": "0"}
        ),
        invalid=_error(400, "invalid_parameters", "The question could not be read"),
        unavailable=_error(500, "server_error", "Internal error"),
    ),
)
