"""FullEnrich: a list becomes a job; while it runs a poll is a 400; without credit it ends as a 402 with its rows."""

import hmac
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import uuid4

import msgspec

from openenrich.sandbox.companies import Company
from openenrich.sandbox.coverage import Claim, Knowledge, Record
from openenrich.sandbox.desk import (
    CREDIT,
    Answer,
    Call,
    Desk,
    Purpose,
    Refusals,
    Route,
    full_name_of,
    header_key,
    rows,
    text,
)
from openenrich.sandbox.faults import Window
from openenrich.sandbox.jobs import Job
from openenrich.sandbox.people import Job as Position
from openenrich.sandbox.people import Person, School

_KINDS: Final = {"contact.work_emails": 1, "contact.personal_emails": 3, "contact.phones": 10}
_LEVELS: Final = (
    "ELEMENTARY",
    "LIMITED_WORKING",
    "PROFESSIONAL_WORKING",
    "FULL_PROFESSIONAL",
    "NATIVE_OR_BILINGUAL",
)


def _error(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer({"code": code, "message": message}, status, headers or {})


_NO_JOB: Final = _error(404, "error.enrichment.not_found", "Enrichment ID not found")
_RUNNING: Final = _error(400, "error.enrichment.in_progress", "Enrichment not ready, try again in 30 seconds")


def submit(call: Call) -> Answer:
    """POST /contact/enrich/bulk; with an empty account the job says so, not this answer."""
    asked = rows(call.body.get("data"))
    wrong = _wrong(call, asked)
    if wrong is not None:
        return wrong
    done = [(_blank(row), 0) if call.broke else _row(call, row) for row in asked]
    job = call.submit(
        {
            "name": text(call.body, "name"),
            "status": "CREDITS_INSUFFICIENT" if call.broke else "FINISHED",
            "cost": {"credits": sum(cost for _, cost in done) // CREDIT},
            "data": [row for row, _ in done],
        }
    )
    if url := text(call.body, "webhook_url"):
        body = msgspec.json.encode(_finished(job).body)
        signature = hmac.new(call.key.encode(), body, "sha1").hexdigest()
        call.report(url, msgspec.Raw(body), at=job.ready_at, headers={"X-Signature-SHA1": signature})
    return Answer({"enrichment_id": job.id})


def _wrong(call: Call, asked: list[Mapping[str, Any]]) -> Answer | None:
    """The first defect, in the documented order."""
    checks = (
        (not text(call.body, "name"), "error.enrichment.name.empty", "Enrichment name not set"),
        (not asked, "error.enrichment.data.empty", "Data is empty"),
        (len(asked) > 100, "error.enrichment.data.exceeded", "Data contains too many contacts (max: 100)"),
    )
    defects = ((code, message) for fails, code, message in (*checks, *_row_checks(asked)) if fails)
    first = next(defects, None)
    return _error(400, *first) if first else None


def _row_checks(asked: list[Mapping[str, Any]]) -> Iterator[tuple[bool, str, str]]:
    for row in asked:
        kinds, profile = row.get("enrich_fields") or [], text(row, "linkedin_url")
        yield not kinds, "error.enrichment.enrich_fields.empty", "enrichFields cannot be empty"
        yield bool(set(kinds) - set(_KINDS)), "error.enrichment.enrich_field.value", "enrichField not valid"
        for part, words in (("first_name", "First name"), ("last_name", "Last name")):
            empty = not profile and not text(row, part)
            yield empty, f"error.enrichment.{part}.empty", f"{words} cannot be empty"
        employer = text(row, "domain", "company_name")
        yield not (profile or employer), "error.enrichment.domain.empty", "Domain cannot be empty"


def result(call: Call) -> Answer:
    """GET /contact/enrich/bulk/{id}."""
    job = call.jobs.get(call.vendor, call.tail)
    if job is None or job.key != call.key or not isinstance(job.answer, dict):
        return _NO_JOB
    if not call.ready(job):
        return _RUNNING
    return _finished(job)


def _finished(job: Job) -> Answer:
    answer = job.answer if isinstance(job.answer, dict) else {}
    return Answer({"id": job.id, **answer}, 402 if answer["status"] == "CREDITS_INSUFFICIENT" else 200)


def _blank(row: Mapping[str, Any]) -> dict[str, Any]:
    profile = text(row, "linkedin_url")
    given = {
        "first_name": text(row, "first_name"),
        "last_name": text(row, "last_name"),
        "full_name": full_name_of(row),
        "company_domain": text(row, "domain"),
        "company_name": text(row, "company_name"),
        "professional_network_url": profile,
        "linkedin_url": profile,
    }
    shown = {name: value for name, value in given.items() if value}
    empty: dict[str, Any] = {"work_emails": [], "personal_emails": [], "phones": []}
    return {"input": shown, "custom": row.get("custom") or {}, "contact_info": empty}


def _row(call: Call, row: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """A finished row and its cost."""
    profile, name, company = text(row, "linkedin_url"), full_name_of(row), text(row, "domain", "company_name")
    person = call.world.by_linkedin(profile) if profile else call.world.by_name(name, company)
    known = call.knows(person) if person and not person.suppressed else None
    shown, kinds = _blank(row), [kind for kind in _KINDS if kind in row["enrich_fields"]]
    cost = 0
    if person and known:
        for kind in kinds:
            found, billable = _values(known, person, kind)
            shown["contact_info"] |= found
            cost += _KINDS[kind] * CREDIT if billable else 0
        if known.profile:
            shown["profile"] = _profile(person)
    call.bill(" ".join(kinds), profile, name, company, credits_billed=cost)
    return shown, cost


def _values(known: Knowledge, person: Person, kind: str) -> tuple[dict[str, Any], bool]:
    """What one kind adds to a row, and whether it is billed."""
    if kind == "contact.phones":
        return _phone(known, person)
    if kind == "contact.personal_emails":
        value = {"email": known.personal, "status": "DELIVERABLE"} if known.personal else None
        return _emails("personal", value)
    return _emails("work", {"email": known.email, "status": _status(known)} if known.email else None)


def _emails(which: str, value: dict[str, Any] | None) -> tuple[dict[str, Any], bool]:
    """An invalid address is listed, never most probable and never billed."""
    if value is None:
        return {}, False
    listed: dict[str, Any] = {f"{which}_emails": [value]}
    if value["status"] == "INVALID":
        return listed, False
    return {f"most_probable_{which}_email": value, **listed}, True


def _status(known: Knowledge) -> str:
    """It verifies what it buys: doubtful addresses bounce, those at catch-all domains may show signs of life."""
    if known.claim is Claim.CATCH_ALL:
        return "HIGH_PROBABILITY" if known.email_record is Record.RIGHT else "CATCH_ALL"
    return "DELIVERABLE" if known.claim is Claim.VALID else "INVALID"


def _phone(known: Knowledge, person: Person) -> tuple[dict[str, Any], bool]:
    """A landline is listed and free."""
    if known.phone is None:
        return {}, False
    mobile = known.phone_record is Record.RIGHT
    line = {"line_type": "MOBILE" if mobile else "LANDLINE", "line_status": "ACTIVE"}
    value = {"number": known.phone, "region": person.company.country.code, **line}
    listed: dict[str, Any] = {"phones": [value]}
    return ({"most_probable_phone": value, **listed}, True) if mobile else (listed, False)


def _network(url: str, handle: str, number: int, connections: int) -> dict[str, Any]:
    account = {"id": number, "url": url, "handle": handle, "connection_count": connections}
    return {"professional_network": account, "linkedin": account}


def _profile(person: Person) -> dict[str, Any]:
    company = person.company
    positions = [_position(job) for job in person.jobs]
    return {
        "id": str(uuid4()),
        "full_name": person.full_name,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "headline": f"{person.job.role.title} at {company.name}",
        "location": _place(company),
        "social_profiles": _network(person.linkedin_url, person.handle, person.linkedin_id, person.connections),
        "educations": [_study(school) for school in person.schools],
        "languages": [
            {"language": name.title(), "proficiency": _LEVELS[level - 1]} for name, level in person.languages
        ],
        "skills": list(person.skills),
        "employment": {"current": positions[0], "all": positions},
    }


def _place(company: Company) -> dict[str, Any]:
    country = company.country
    return {"country": country.name, "country_code": country.code, "city": company.city, "region": company.region}


def _position(job: Position) -> dict[str, Any]:
    ended = {"end_at": f"{job.end}-01T00:00:00Z"} if job.end else {}
    return {
        "title": job.role.title,
        "is_current": job.end is None,
        "start_at": f"{job.start}-01T00:00:00Z",
        **ended,
        "company": _employer(job.company),
    }


def _employer(company: Company) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "name": company.legal_name,
        "domain": company.domain,
        "year_founded": company.founded,
        "headcount": company.headcount,
        "locations": {"headquarters": {"line1": company.street, **_place(company)}, "offices": []},
        "industry": {"main_industry": company.industry},
        "social_profiles": _network(company.linkedin_url, company.handle, company.linkedin_id, company.headcount),
    }


def _study(school: School) -> dict[str, str]:
    return {
        "school_name": school.name,
        "degree": f"{school.degree.title()}, {school.major.title()}",
        "start_at": f"{school.start}-01-01T00:00:00Z",
        "end_at": f"{school.end}-01-01T00:00:00Z",
    }


def balance(call: Call) -> Answer:
    """GET /account/credits."""
    return Answer({"balance": call.balance()})


DESK: Final = Desk(
    name="fullenrich",
    version="/api/v2",
    credit_price=58_000,
    routes=(
        Route("POST", "/contact/enrich/bulk", submit),
        Route("GET", "/contact/enrich/bulk/{id}", result, Purpose.POLL),
        Route("GET", "/account/credits", balance, Purpose.FREE),
    ),
    windows=(Window(60, 60),),
    key_of=header_key("", bearer=True),
    refusals=Refusals(
        bad_key=_error(401, "error.api.key", "Unknown api key"),
        no_credit=None,
        rate_limited=lambda _wait: _error(429, "error.rate.limit", "Too many requests. Try again in 1m"),
        invalid=_error(400, "error.bad_request", "The body could not be read"),
        unavailable=_error(500, "error.internal", "Internal error"),
    ),
)
