"""Nymeria: one record per match in lower case, some of it behind asterisks; ``require`` names what must be in it."""

from collections.abc import Mapping
from typing import Any, Final

from openenrich.sandbox.coverage import Knowledge, Record
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Refusals, Route, header_key, text
from openenrich.sandbox.people import Person

_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "email": ("work_email", "personal_emails"),
    "professional-email": ("work_email",),
    "personal-email": ("personal_emails",),
    "phone": ("mobile_phone", "phone_numbers"),
}


def _error(status: int, kind: str, message: str) -> Answer:
    return Answer({"status": status, "error": {"type": kind, "message": message}}, status)


def enrich(call: Call) -> Answer:
    """GET /person/enrich?profile= or ?email=."""
    profile, address = text(call.query, "profile", "linkedin_username"), text(call.query, "email")
    required = [part for part in text(call.query, "require").split(",") if part]
    if not (profile or address) or not set(required) <= set(_PARTS):
        return _error(400, "invalid_request_error", "A profile or an email is needed")
    person = call.world.by_linkedin(profile) if profile else call.world.by_email(address)
    record = _record(person, call.knows(person)) if person else None
    if record and not all(any(record[name] for name in _PARTS[part]) for part in required):
        record = None
    call.bill("person", profile, address, ",".join(required), credits_billed=CREDIT if record else 0)
    if record is None:
        return _error(404, "not_found", "There were no records found matching your request.")
    headers = {"X-Call-Credits-Spent": "1", "X-Call-Credits-Type": "person"}
    return Answer({"status": 200, "data": record}, headers={**headers, "X-Total-Limit-Remaining": str(call.balance())})


def _record(person: Person, known: Knowledge) -> dict[str, Any] | None:
    if not (known.profile or known.email or known.phone or known.personal):
        return None
    company = person.company
    mobile = known.phone if known.phone_record is not Record.LANDLINE else None
    return {
        "uuid": f"ny-{person.id}",
        "first_name": person.first_name.lower(),
        "last_name": person.last_name.lower(),
        "full_name": person.full_name.lower(),
        "location_name": f"{company.city}, {company.region}".lower(),
        "location_country": company.country.name.lower(),
        "industry": company.industry.lower(),
        "job_title": person.job.role.title.lower(),
        "job_company_name": company.legal_name.lower(),
        "job_company_website": company.domain,
        "work_email": _shown(known.email, known.email_record, f"*****@{company.domain}"),
        "personal_emails": [known.personal] if known.personal else [],
        "mobile_phone": _shown(mobile, known.phone_record, "+*****"),
        "phone_numbers": [known.phone] if known.phone_record is Record.LANDLINE else [],
        "linkedin_url": f"linkedin.com/in/{person.handle}",
        "linkedin_username": person.handle,
    }


def _shown(value: str | None, record: Record, mask: str) -> str | None:
    return mask if record is Record.MASKED else value


DESK: Final = Desk(
    name="nymeria",
    version="/api/v4",
    credit_price=250_000,
    routes=(Route("GET", "/person/enrich", enrich),),
    key_of=header_key("X-Api-Key"),
    refusals=Refusals(
        bad_key=_error(401, "authentication_error", "Invalid API key"),
        no_credit=_error(402, "account_error", "Your plan has lapsed or your credits are used up."),
        rate_limited=lambda wait: Answer({"message": "Too many requests"}, 429, {"Retry-After": str(wait)}),
        invalid=_error(400, "invalid_request_error", "The question could not be read"),
        unavailable=_error(500, "server_error", "Internal server error"),
    ),
)
