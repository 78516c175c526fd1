"""ZoomInfo: client credentials for a token, then records of the fields that were named, new ones for a credit."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Final

from openenrich.sandbox.companies import Company
from openenrich.sandbox.coverage import Knowledge, Record
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, full_name_of, rows, text
from openenrich.sandbox.desk import header_key as header
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Job, Person

_TOKEN_PREFIX: Final = "sandbox-token-"
_TOKEN_RUN: Final = secrets.token_hex(8)
"""Tokens of an earlier run are not known any more: the client must renew."""
_TOKEN_LIFE_S: Final = 3600
_LEVELS: Final = {"cxo": "C-Level", "vp": "VP-Level", "director": "Director", "manager": "Manager"}
_MOST: Final = 25


def _error(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Answer:
    retryable = status >= 429
    body = {"code": code, "message": message, "status": status, "requestId": "sandbox", "retryable": retryable}
    return Answer({"error": body}, status, headers or {})


def token(call: Call) -> Answer:
    """POST /oauth/v1/token."""
    pair = (text(call.body, "client_id"), text(call.body, "client_secret"))
    if text(call.body, "grant_type") != "client_credentials" or not all(part.startswith("sandbox-") for part in pair):
        return Answer({"error": "invalid_client", "error_description": "The client secret is invalid."}, 401)
    value = f"{_TOKEN_PREFIX}{_TOKEN_RUN}{secrets.token_hex(8)}"
    return Answer({"access_token": value, "token_type": "Bearer", "expires_in": _TOKEN_LIFE_S})


def enrich(call: Call) -> Answer:
    """POST /data/v1/contacts/enrich: up to 25 people."""
    data = call.body.get("data")
    attributes = data.get("attributes") if isinstance(data, dict) else None
    attributes = attributes if isinstance(attributes, dict) else {}
    asked, fields = rows(attributes.get("matchPersonInput")), _names(attributes.get("outputFields"))
    if not 0 < len(asked) <= _MOST or not fields:
        return _error(400, "PFAPI0002", "Required request parameters are missing")
    if not fields <= set(_FIELDS):
        return _error(400, "PFAPI0009", "OutputFields invalid or disallowed")
    if not all(_usable(row) for row in asked):
        return _error(400, "PFAPI0004", "There is not sufficient info for your request.")
    return Answer({"data": [_row(call, row, fields, _names(attributes.get("requiredFields"))) for row in asked]})


def usage(call: Call) -> Answer:
    """GET /data/v1/users/usage: the new records that are left, among other limits."""
    left = call.balance()
    limits = {"requestLimit": 0, "recordLimit": 0, "uniqueIdLimit": left}
    shown = [{"limitType": name, "totalLimit": most, "usageRemaining": most} for name, most in limits.items()]
    return Answer({"data": [{"id": "1", "type": "Usage", "attributes": {"usage": shown}}]})


def _names(value: object) -> set[str]:
    return {str(item) for item in value} if isinstance(value, list) else set()


def _usable(row: Mapping[str, Any]) -> bool:
    named = full_name_of(row, "firstName", "lastName") and text(row, "companyName")
    return bool(text(row, "externalURL", "emailAddress") or named)


def _row(call: Call, row: Mapping[str, Any], fields: Iterable[str], required: Iterable[str]) -> dict[str, Any]:
    person = _person(call, row)
    known = call.knows(person) if person else None
    record = _record(person, known) if person and known else {}
    complete = bool(record) and all(record.get(name) for name in required)
    asked = [text(row, name) for name in ("externalURL", "emailAddress", "firstName", "lastName", "companyName")]
    owned = person is not None and complete and call.ledger.own(call.vendor, person.id, "contact")
    call.bill("contact", *asked, ",".join(sorted(required)), credits_billed=CREDIT if complete and not owned else 0)
    if person is None or not complete:
        status = "NON_MATCH_BY_REQUIRED_FIELDS" if record else "NO_MATCH"
        return {"id": "0", "type": "NoMatch", "meta": {"input": row, "matchStatus": status}}
    meta = {"input": row, "matchStatus": "FULL_MATCH"}
    return {"id": f"{person.id}", "type": "Contact", "attributes": _chosen(record, fields), "meta": meta}


def _person(call: Call, row: Mapping[str, Any]) -> Person | None:
    if profile := text(row, "externalURL"):
        return call.world.by_linkedin(profile)
    if address := text(row, "emailAddress"):
        return call.world.by_email(address)
    return call.world.by_name(full_name_of(row, "firstName", "lastName"), text(row, "companyName"))


def _record(person: Person, known: Knowledge) -> dict[str, Any]:
    """Everything by the names of ``outputFields``; nothing when the person is not in the file."""
    if not (known.profile or known.email or known.phone):
        return {}
    role, company = person.job.role, person.company
    record = {
        "firstName": person.first_name,
        "lastName": person.last_name,
        "email": known.email,
        "mobilePhone": known.phone if known.phone_record is Record.RIGHT else None,
        "phone": known.phone if known.phone_record is Record.LANDLINE else None,
        "jobTitle": role.title,
        "managementLevel": [_LEVELS.get(role.level, "Non-Manager")],
        "jobFunction": [{"name": (role.sub_role or "").replace("_", " ").title(), "department": role.role.title()}],
        "externalUrls": [{"type": "LINKED_IN", "url": person.linkedin_url}],
        "city": company.city,
        "state": company.region,
        "country": company.country.name,
        **{f"company{name[0].upper()}{name[1:]}": value for name, value in _company(company).items()},
    }
    return {**record, **_history(person)} if known.profile else record


def _history(person: Person) -> dict[str, Any]:
    return {
        "positionStartDate": f"{person.job.start}-01",
        "education": [
            {
                "school": school.name,
                "educationDegree": {"degree": school.degree.title(), "areaOfStudy": school.major.title()},
            }
            for school in person.schools
        ],
        "employmentHistory": [_job(job) for job in person.jobs],
    }


def _job(job: Job) -> dict[str, Any]:
    return {
        "jobTitle": job.role.title,
        "managementLevel": _LEVELS.get(job.role.level, "Non-Manager"),
        "fromDate": job.start,
        "toDate": job.end or "Present",
        "company": {
            "companyId": job.company.id,
            "companyName": job.company.legal_name,
            "companyWebsite": f"www.{job.company.domain}",
        },
    }


def _company(company: Company) -> dict[str, Any]:
    return {
        "name": company.legal_name,
        "website": f"www.{company.domain}",
        "type": company.ownership.upper(),
        "employeeCount": company.headcount,
        "employeeRange": company.size,
        "primaryIndustry": [company.industry],
        "street": company.street,
        "city": company.city,
        "state": company.region,
        "zipCode": None,
        "country": company.country.name,
        "descriptionList": None,
        "socialMediaUrls": [{"type": "LINKED_IN", "url": company.linkedin_url, "followerCount": "100"}],
    }


_FIELDS: Final = (
    *("id", "firstName", "lastName", "email", "emailAlt", "mobilePhone", "mobilePhoneAlt", "phone", "directPhoneAlt"),
    *("jobTitle", "managementLevel", "jobFunction", "externalUrls", "city", "state", "country", "positionStartDate"),
    *("education", "employmentHistory", "companyName", "companyWebsite", "companyType", "companyEmployeeCount"),
    *("companyEmployeeRange", "companyPrimaryIndustry", "companyStreet", "companyCity", "companyState"),
    *("companyZipCode", "companyCountry", "companyDescriptionList", "companySocialMediaUrls"),
)


def _chosen(record: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """What was asked for; the employer's fields in an object of their own."""
    shown = {name: record[name] for name in fields if record.get(name) is not None}
    own = {name: value for name, value in shown.items() if not name.startswith("company")}
    employer = {name.removeprefix("company"): value for name, value in shown.items() if name not in own}
    return {**own, "company": {f"{name[0].lower()}{name[1:]}": value for name, value in employer.items()}}


class _ZoomInfoDesk(Desk):
    """A key here is a token of this run."""

    def accepts(self, key: str) -> bool:
        return key.startswith(_TOKEN_PREFIX + _TOKEN_RUN)


DESK: Final = _ZoomInfoDesk(
    name="zoominfo",
    version="/gtm",
    credit_price=500_000,
    routes=(
        Route("POST", "/oauth/v1/token", token, Purpose.TOKEN),
        Route("GET", "/data/v1/users/usage", usage, Purpose.FREE),
        Route("POST", "/data/v1/contacts/enrich", enrich, windows=(Window(5, 1), Window(10_800, 3600))),
    ),
    secret="sandbox-id:sandbox-secret",
    key_of=header("", bearer=True),
    refusals=Refusals(
        bad_key=_error(401, "ZI0001", "The token provided is invalid."),
        no_credit=_error(400, "PFAPI0011", "Credit Limit Reached"),
        rate_limited=lambda wait: _error(
            429, "ZI0004", "You have exceeded the rate limit.", {"Retry-After": str(wait)}
        ),
        invalid=_error(400, "PFAPI0003", "Invalid request body"),
        unavailable=_error(500, "PFAPI0007", "Internal Server Error"),
    ),
)
