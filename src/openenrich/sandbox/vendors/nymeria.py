"""Nymeria: one record per match in lower case, some of it behind asterisks; ``require`` names what must be in it."""

from collections.abc import Mapping
from typing import Any, Final

from openenrich.sandbox.coverage import Knowledge, Record
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Refusals, Route, header_key, rows, text
from openenrich.sandbox.people import Person

_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "email": ("work_email", "personal_emails"),
    "professional-email": ("work_email",),
    "personal-email": ("personal_emails",),
    "phone": ("mobile_phone", "phone_numbers"),
}


def _error(status: int, kind: str, message: str) -> Answer:
    return Answer(_body(status, kind, message), status)


def _body(status: int, kind: str, message: str) -> dict[str, Any]:
    return {"status": status, "error": {"type": kind, "message": message}}


def enrich(call: Call) -> Answer:
    """GET /person/enrich?profile= or ?email=."""
    body = _enrich(call, call.query)
    return Answer(body, body["status"], _headers(call, int("data" in body)))


def enrich_many(call: Call) -> Answer:
    """POST /person/enrich/bulk: an array in the order of the requests, each with its metadata."""
    asked = rows(call.body.get("requests"))
    if not asked:
        return _error(400, "invalid_request_error", "No requests")
    answers = []
    for request in asked:
        params = request.get("params")
        params = params if isinstance(params, dict) else {}
        answers.append({"metadata": request.get("metadata"), "params": params, **_enrich(call, params)})
    return Answer(answers, headers=_headers(call, sum("data" in answer for answer in answers)))


def _enrich(call: Call, params: Mapping[str, Any]) -> dict[str, Any]:
    profile, address = text(params, "profile", "linkedin_username"), text(params, "email")
    required = [part for part in text(params, "require").split(",") if part]
    if not (profile or address) or not set(required) <= set(_PARTS):
        return _body(400, "invalid_request_error", "A profile or an email is needed")
    person = call.world.by_linkedin(profile) if profile else call.world.by_email(address)
    record = _record(person, call.knows(person)) if person else None
    if record and not all(any(record[name] for name in _PARTS[part]) for part in required):
        record = None
    call.bill("person", profile, address, ",".join(required), credits_billed=CREDIT if record else 0)
    if record is None:
        return _body(404, "not_found", "There were no records found matching your request.")
    return {"status": 200, "data": record}


def _headers(call: Call, spent: int) -> dict[str, str]:
    headers = {"X-Call-Credits-Spent": str(spent), "X-Call-Credits-Type": "person"}
    return {**headers, "X-Total-Limit-Remaining": str(call.balance())}


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
    routes=(Route("GET", "/person/enrich", enrich), Route("POST", "/person/enrich/bulk", enrich_many)),
    key_of=header_key("X-Api-Key"),
    refusals=Refusals(
        bad_key=_error(401, "authentication_error", "Invalid API key"),
        no_credit=_error(402, "account_error", "Your plan has lapsed or your credits are used up."),
        rate_limited=lambda wait: Answer({"message": "Too many requests"}, 429, {"Retry-After": str(wait)}),
        invalid=_error(400, "invalid_request_error", "The question could not be read"),
        unavailable=_error(500, "server_error", "Internal server error"),
    ),
)
