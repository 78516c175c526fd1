"""LeadMagic: one small question per product, the charge in the answer, lines untyped, a miss a 200 with null."""

from collections.abc import Callable
from typing import Final

from openenrich.sandbox.coverage import Claim, Knowledge
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

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STATUSES: Final = {Claim.VALID: "valid", Claim.CATCH_ALL: "valid_catch_all"}
_PEOPLE: Final = (Window(500, 60),)


def _error(status: int, kind: str, title: str, headers: dict[str, str] | None = None) -> Answer:
    problem = {"type": kind, "title": title, "status": status, "code": kind, "docs": ""}
    meta = {"request_id": "sandbox", "timestamp": "2026-01-01T00:00:00Z"}
    return Answer({"success": False, "errors": [problem], "meta": meta}, status, headers or {})


def find_email(call: Call) -> Answer:
    """POST /v1/people/email-finder."""
    name, company = full_name_of(call.body), text(call.body, "domain", "company_name")
    if not (name and company):
        return _error(400, "invalid_request", "A name and domain or company_name are required")
    person = call.world.by_name(name, company)
    known = call.knows(person) if person else None
    if person is None or known is None or known.email is None or known.claim is Claim.RISKY:
        call.bill("email-finder", name, company, credits_billed=0)
        return Answer({"email": None, "status": "not_found", "credits_consumed": 0, "message": "No email found."})
    call.bill("email-finder", name, company, credits_billed=CREDIT)
    return Answer(_email(person, known))


def _email(person: Person, known: Knowledge) -> dict[str, object]:
    company = person.company
    return {
        "email": known.email,
        "status": _STATUSES[known.claim],
        "credits_consumed": 1,
        "message": "Valid email found.",
        "first_name": person.first_name,
        "last_name": person.last_name,
        "domain": company.domain,
        "employment_verified": True,
        "is_domain_catch_all": known.claim is Claim.CATCH_ALL,
        "has_mx": True,
        "mx_record": company.mail_host,
        "mx_provider": company.mail_provider,
        "mx_security_gateway": False,
        "company_name": company.legal_name,
        "company_industry": company.industry,
        "company_size": company.size,
        "company_founded": company.founded,
        "company_type": company.ownership,
        "company_linkedin_url": f"linkedin.com/company/{company.handle}",
        "company_location": {"country": company.country.name},
    }


Show = Callable[[Person, Knowledge], dict[str, object] | None]


def _by_reference(product: str, cost: int, names: tuple[str, ...], miss: dict[str, object], show: Show) -> Handler:
    """A product that is asked by a profile URL or an address and answers one flat object."""

    def handler(call: Call) -> Answer:
        asked = text(call.body, *names)
        if not asked:
            return _error(400, "invalid_request", f"One of {', '.join(names)} is required")
        person = call.world.by_email(asked) if "@" in asked else call.world.by_linkedin(asked)
        shown = show(person, call.knows(person)) if person else None
        call.bill(product, asked, credits_billed=cost * CREDIT if shown else 0)
        if shown is None:
            return Answer({**miss, "credits_consumed": 0, "message": "Not found"})
        return Answer({**shown, "credits_consumed": cost, "message": "Found"})

    return handler


def _show_mobile(person: Person, known: Knowledge) -> dict[str, object] | None:
    """A landline looks just the same: this vendor does not type its lines."""
    if known.phone is None:
        return None
    return {"profile_url": person.linkedin_url, "email": None, "mobile_number": known.phone}


def _show_personal(person: Person, known: Knowledge) -> dict[str, object] | None:
    if known.personal is None:
        return None
    return {"profile_url": person.linkedin_url, "personal_email": known.personal, "status": "found"}


def _show_work(person: Person, known: Knowledge) -> dict[str, object] | None:
    if known.email is None or known.claim is Claim.RISKY:
        return None
    return {"email": known.email, "profile_url": person.linkedin_url}


def _show_handle(person: Person, known: Knowledge) -> dict[str, object] | None:
    return {"profile_url": person.linkedin_url} if known.profile else None


def _show_profile(person: Person, known: Knowledge) -> dict[str, object] | None:
    if not known.profile:
        return None
    company = person.company
    return {
        "profile_url": person.linkedin_url,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "full_name": person.full_name,
        "professional_title": person.job.role.title,
        "bio": f"{person.job.role.title} at {company.name}.",
        "location": f"{company.city}, {company.region}",
        "country": company.country.name,
        "followers_range": f"{person.connections}+",
        "company_name": company.legal_name,
        "company_industry": company.industry,
        "company_website": company.domain,
        "total_tenure_years": str(2026 - int(person.jobs[-1].start[:4])),
        "work_experience": [_experience(job) for job in person.jobs],
        "education": [
            {
                "institution_name": school.name,
                "degree": f"{school.degree} {school.major}".title(),
                "attendance_period": f"{school.start} - {school.end}",
            }
            for school in person.schools
        ],
        "certifications": [],
        "honors": [],
    }


def _experience(job: Job) -> dict[str, object]:
    return {
        "position_title": job.role.title,
        "company_name": job.company.legal_name,
        "employment_period": f"{_words(job.start)} - {_words(job.end) if job.end else 'Present'}",
        "company_website": job.company.domain,
    }


def _words(month: str) -> str:
    """``2022-03`` -> ``Mar 2022``."""
    return f"{_MONTHS[int(month[5:]) - 1]} {month[:4]}"


def credits_left(call: Call) -> Answer:
    """GET /v1/credits, formerly POST /credits."""
    left = float(call.balance())
    body = {"credits": left, "is_frozen": False, "credits_frozen": 0, "credits_liquid": left}
    return Answer({**body, "credit_freeze_message": None})


_REFERENCE: Final = ("profile_url", "work_email", "personal_email")
_PRODUCTS: Final[dict[tuple[str, str], Handler]] = {
    ("/people/email-finder", "/email-finder"): find_email,
    ("/people/b2b-profile-email", "/b2b-social-email"): _by_reference(
        "b2b-profile-email", 5, ("profile_url",), {"email": None}, _show_work
    ),
    ("/people/mobile-finder", "/mobile-finder"): _by_reference(
        "mobile-finder", 5, _REFERENCE, {"mobile_number": None}, _show_mobile
    ),
    ("/people/personal-email-finder", "/personal-email-finder"): _by_reference(
        "personal-email-finder", 2, ("profile_url",), {"personal_email": None, "status": "not_found"}, _show_personal
    ),
    ("/people/profile-search", "/profile-search"): _by_reference(
        "profile-search", 1, ("profile_url",), {"full_name": None}, _show_profile
    ),
    ("/people/b2b-profile", "/b2b-profile"): _by_reference(
        "b2b-profile", 10, ("work_email", "personal_email"), {"profile_url": None}, _show_handle
    ),
}
"""Present and former path of each product."""

DESK: Final = Desk(
    name="leadmagic",
    version="/v1",
    credit_price=24_500,
    routes=(
        *(Route("POST", path, handler, windows=_PEOPLE) for paths, handler in _PRODUCTS.items() for path in paths),
        Route("GET", "/credits", credits_left, Purpose.FREE),
        Route("POST", "/credits", credits_left, Purpose.FREE),
    ),
    key_of=header_key("X-API-Key"),
    refusals=Refusals(
        bad_key=_error(401, "unauthorized", "Invalid API key"),
        no_credit=_error(402, "insufficient_credits", "Not enough credits"),
        rate_limited=lambda wait: _error(
            429,
            "rate_limited",
            "Too many requests",
            {"Retry-After": str(wait), "RateLimit-Remaining": "0", "RateLimit-Reset": str(wait)},
        ),
        invalid=_error(400, "invalid_request", "The body could not be read"),
        unavailable=_error(503, "service_unavailable", "Please try again"),
    ),
)
