"""People Data Labs: everything in one lower-case record; 404 is a miss, a boolean is a value one has not paid for."""

from collections.abc import Mapping
from typing import Any, Final

from openenrich.sandbox.companies import Company
from openenrich.sandbox.coverage import Knowledge, Record
from openenrich.sandbox.desk import (
    CREDIT,
    Answer,
    Call,
    Desk,
    Refusals,
    Route,
    flag,
    full_name_of,
    header_key,
    rows,
    text,
)
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Person
from openenrich.sandbox.vendors._person_record import person_record, titled

_COMPANY_CREDITS: Final = 357
"""Companies are paid from a pool of their own: this is its price in credits for people."""
_KINDS: Final = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "payment_required",
    404: "not_found",
    429: "rate_limit_error",
    500: "api_error",
}


def _error(status: int, message: str, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer({"status": status, "error": {"type": _KINDS[status], "message": message}}, status, headers or {})


def enrich(call: Call) -> Answer:
    """GET or POST /person/enrich; parameters in the query or the body."""
    status, body = _enrich(call, {**call.query, **call.body})
    return Answer(body, status, _headers(call, 1 if status == 200 else 0))


def enrich_many(call: Call) -> Answer:
    """POST /person/bulk: an array in the order of the requests."""
    asked = rows(call.body.get("requests"))
    if not 0 < len(asked) <= 100:
        return _error(400, "Request object must contain 1 to 100 requests")
    answers = []
    for request in asked:
        params = request.get("params")
        status, body = _enrich(call, params if isinstance(params, dict) else {})
        answers.append({**body, "status": status, "metadata": request.get("metadata")})
    return Answer(answers, headers=_headers(call, sum(answer["status"] == 200 for answer in answers)))


def enrich_company(call: Call) -> Answer:
    """GET /company/enrich: the record stands beside the status. Every tenth company is not on file."""
    asked = {name: text(call.query, name) for name in ("website", "profile", "name")}
    if not any(asked.values()):
        return _error(400, "A website, a profile or a name is needed")
    company = _company(call, **asked)
    known = company if company and company.id % 10 else None
    call.bill("company", *asked.values(), credits_billed=_COMPANY_CREDITS if known else 0)
    if known is None:
        return Answer(_body(404, "No records were found matching your request"), 404, _headers(call, 0))
    return Answer({"status": 200, "likelihood": 9, **_company_record(known)}, headers=_headers(call, 1))


def _company(call: Call, website: str, profile: str, name: str) -> Company | None:
    if profile:
        handle = profile.rstrip("/").rpartition("/")[2].lower()
        return next((company for company in call.world.companies if company.handle == handle), None)
    return call.world.company(website or name)


def _company_record(company: Company) -> dict[str, Any]:
    place = {
        "locality": company.city.lower(),
        "region": company.region.lower(),
        "country": company.country.name.lower(),
    }
    return {
        "id": company.handle,
        "name": company.legal_name.lower(),
        "display_name": company.legal_name,
        "size": company.size,
        "employee_count": company.headcount,
        "founded": company.founded,
        "industry": company.industry.lower(),
        "type": company.ownership,
        "website": company.domain,
        "linkedin_url": f"linkedin.com/company/{company.handle}",
        "linkedin_id": str(company.linkedin_id),
        "linkedin_follower_count": company.headcount * 7,
        "summary": f"{company.name} works in {company.industry.lower()}.",
        "tags": [company.industry.lower()],
        "employee_growth_rate": True,
        "location": {"name": ", ".join(place.values()), **place, "street_address": company.street.lower()},
    }


def _headers(call: Call, spent: int) -> dict[str, str]:
    left = str(call.balance())
    return {
        "x-ratelimit-limit": "{'minute': 1000}",
        "x-ratelimit-remaining": "{'minute': 999}",
        "x-call-credits-type": "enrich",
        "x-call-credits-spent": str(spent),
        "x-totallimit-remaining": left,
        "x-totallimit-purchased-remaining": left,
        "x-totallimit-overages-remaining": "0",
    }


def _enrich(call: Call, params: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    profile, address = _one(params, "profile"), _one(params, "email")
    name = text(params, "name") or full_name_of(params)
    company = text(params, "company")
    if not (profile or address or (name and company)):
        return 400, _body(400, "A profile, an email, or a name with a company is needed")
    person, likelihood = _person(call, profile, address, name, company)
    question = (profile, address, name, company, text(params, "required"))
    record = _record(call, person, params) if person and likelihood >= _least(params) else None
    call.bill("person", *question, credits_billed=CREDIT if record else 0)
    if record is None:
        return 404, _body(404, "No records were found matching your request")
    shown = titled(record) if flag(params, "titlecase") else record
    return 200, {"status": 200, "likelihood": likelihood, "data": shown}


def _body(status: int, message: str) -> dict[str, Any]:
    return {"status": status, "error": {"type": _KINDS[status], "message": message}}


def _one(params: Mapping[str, Any], name: str) -> str:
    """``profile`` may be a list in a body."""
    value = params.get(name)
    return (
        next((item for item in value if isinstance(item, str)), "") if isinstance(value, list) else text(params, name)
    )


def _least(params: Mapping[str, Any]) -> int:
    asked = str(params.get("min_likelihood", ""))
    return int(asked) if asked.isdigit() else 2


def _person(call: Call, profile: str, address: str, name: str, company: str) -> tuple[Person | None, int]:
    if profile:
        return call.world.by_linkedin(profile), 10
    if address:
        return call.world.by_email(address), 9
    return call.world.by_name(name, company), 8


def _record(call: Call, person: Person, params: Mapping[str, Any]) -> dict[str, Any] | None:
    known = call.knows(person)
    if not _in_file(known):
        return None
    record = person_record(person, known)
    required = text(params, "required")
    return record if not required or _holds(required, record) else None


def _in_file(known: Knowledge) -> bool:
    records = (known.email_record, known.phone_record, known.personal_record)
    return known.profile or any(record is not Record.NOTHING for record in records)


def _holds(required: str, record: Mapping[str, Any]) -> bool:
    """``a AND b``, ``a OR b`` over names of fields; AND binds tighter, brackets are taken as blanks."""
    expression = required.replace("(", " ").replace(")", " ")
    return any(all(bool(record.get(name.strip())) for name in part.split(" AND ")) for part in expression.split(" OR "))


DESK: Final = Desk(
    name="peopledatalabs",
    version="/v5",
    credit_price=280_000,
    routes=(
        Route("GET", "/person/enrich", enrich, windows=(Window(1000, 60),)),
        Route("POST", "/person/enrich", enrich, windows=(Window(1000, 60),)),
        Route("GET", "/company/enrich", enrich_company, windows=(Window(1000, 60),)),
        Route("POST", "/person/bulk", enrich_many, windows=(Window(1000, 60),)),
    ),
    key_of=header_key("X-Api-Key", query="api_key"),
    refusals=Refusals(
        bad_key=_error(401, "Request contained a missing or invalid key"),
        no_credit=_error(402, "You have reached your account maximum"),
        rate_limited=lambda wait: _error(
            429, "An error occurred due to requests hitting the API too quickly", {"x-ratelimit-reset": str(wait)}
        ),
        invalid=_error(400, "Request object must be valid JSON"),
        unavailable=_error(500, "The server encountered an unexpected condition"),
    ),
)
