"""Enrich Layer: everything by GET; numbers and addresses are billed one by one, 403 is an empty account, 404 a miss."""

from collections.abc import Callable
from typing import Any, Final

from openenrich.sandbox.coverage import Knowledge
from openenrich.sandbox.desk import (
    CREDIT,
    Answer,
    Call,
    Desk,
    Handler,
    Purpose,
    Refusals,
    Route,
    full_name_of,
    header_key,
    text,
)
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Job, Person
from openenrich.sandbox.vendors._network import day_of


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer({"code": status, "message": message}, status, headers or {})


_MISSING: Final = _error(400, "A parameter is missing")
_NOBODY: Final = _error(404, "Not found")


def profile(call: Call) -> Answer:
    """GET /profile?profile_url=."""
    asked = text(call.query, "profile_url", "linkedin_profile_url")
    if not asked:
        return _MISSING
    person = _holder(call, call.world.by_linkedin(asked))
    call.bill("profile", asked, credits_billed=CREDIT if person else 0)
    return Answer(_record(person)) if person else _NOBODY


def resolve(call: Call) -> Answer:
    """GET /profile/resolve: 2 credits, and one more for the profile itself."""
    name, company = full_name_of(call.query), text(call.query, "company_domain")
    return _resolved(call, _by_name(call, name, company), 2, name, company)


def resolve_email(call: Call) -> Answer:
    """GET /profile/resolve/email: 3 credits, even for a deep search in vain, and one more for the profile itself."""
    address = text(call.query, "email")
    return _resolved(call, call.world.by_email(address), 3, address)


def _by_name(call: Call, name: str, company: str) -> Person | None:
    return call.world.by_name(name, company) if name and company else None


def _resolved(call: Call, person: Person | None, cost: int, *asked: str) -> Answer:
    if not all(asked):
        return _MISSING
    person, enriched = _holder(call, person), text(call.query, "enrich_profile") == "enrich"
    always = cost if text(call.query, "lookup_depth") == "deep" else 0
    call.bill("resolve", *asked, str(enriched), credits_billed=(cost + enriched if person else always) * CREDIT)
    if person is None:
        return _NOBODY
    return Answer({"url": person.linkedin_url, "profile": _record(person) if enriched else None})


def _holder(call: Call, person: Person | None) -> Person | None:
    return person if person and call.knows(person).profile else None


def _contact(product: str, show: Callable[[Knowledge], tuple[int, dict[str, Any]]]) -> Handler:
    """A list of values, each billed."""

    def handler(call: Call) -> Answer:
        asked = text(call.query, "profile_url")
        if not asked:
            return _MISSING
        person = call.world.by_linkedin(asked)
        count, body = show(call.knows(person)) if person else (0, {})
        call.bill(product, asked, credits_billed=count * CREDIT)
        return Answer(body) if person else _NOBODY

    return handler


def _numbers(known: Knowledge) -> tuple[int, dict[str, Any]]:
    """A landline looks just the same."""
    values = [known.phone] if known.phone else []
    return len(values), {"numbers": values}


def _addresses(known: Knowledge) -> tuple[int, dict[str, Any]]:
    values = [known.personal] if known.personal else []
    return len(values), {"emails": values, "invalid_emails": []}


def _record(person: Person) -> dict[str, Any]:
    company, job = person.company, person.job
    return {
        "public_identifier": person.handle,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "full_name": person.full_name,
        "occupation": f"{job.role.title} at {company.name}",
        "headline": f"{job.role.title} at {company.name}",
        "summary": None,
        "country": company.country.code,
        "country_full_name": company.country.name,
        "city": company.city,
        "state": company.region,
        "connections": person.connections,
        "follower_count": person.connections,
        "experiences": [_experience(item) for item in person.jobs],
        "education": [
            {
                "starts_at": day_of(f"{school.start}-01"),
                "ends_at": day_of(f"{school.end}-12", 31),
                "school": school.name,
                "degree_name": school.degree.title(),
                "field_of_study": school.major.title(),
            }
            for school in person.schools
        ],
        "languages": [name.title() for name, _ in person.languages],
        "skills": [],
    }


def _experience(job: Job) -> dict[str, Any]:
    return {
        "starts_at": day_of(job.start),
        "ends_at": day_of(job.end, 28) if job.end else None,
        "company": job.company.legal_name,
        "company_linkedin_profile_url": job.company.linkedin_url,
        "title": job.role.title,
        "description": None,
        "location": job.company.city,
    }


def balance(call: Call) -> Answer:
    """GET /credit-balance."""
    return Answer({"credit_balance": call.balance()})


DESK: Final = Desk(
    name="enrichlayer",
    version="/api/v2",
    credit_price=20_000,
    routes=(
        Route("GET", "/profile", profile),
        Route("GET", "/profile/resolve", resolve),
        Route("GET", "/profile/resolve/email", resolve_email),
        Route("GET", "/contact-api/personal-contact", _contact("personal-contact", _numbers)),
        Route("GET", "/contact-api/personal-email", _contact("personal-email", _addresses)),
        Route("GET", "/credit-balance", balance, Purpose.FREE),
    ),
    windows=(Window(300, 60),),
    key_of=header_key("", bearer=True),
    refusals=Refusals(
        bad_key=_error(401, "Invalid API Key"),
        no_credit=_error(403, "Not enough credits"),
        rate_limited=lambda wait: _error(429, "Too many requests", {"Retry-After": str(wait)}),
        invalid=_error(400, "The question could not be read"),
        unavailable=_error(500, "Internal server error"),
    ),
)
