"""Forager: lists of contact values by handle, empty on a miss; profiles by handle, name or address, else a 404."""

from collections.abc import Callable
from typing import Any, Final

from openenrich.sandbox.companies import Company
from openenrich.sandbox.coverage import Claim, Knowledge
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Handler, Refusals, Route, header_key, text
from openenrich.sandbox.people import Job, Person

_STATUSES: Final = {Claim.VALID: "valid", Claim.CATCH_ALL: "risky", Claim.RISKY: "risky"}


def _detail(status: int, words: str) -> Answer:
    return Answer({"detail": words}, status)


_BLANK: Final = Answer({"linkedin_public_identifier": ["This field may not be blank."]}, 400)


def _values(product: str, cost: int, show: Callable[[Knowledge], list[dict[str, Any]]]) -> Handler:
    """A list of values, paid for when there is something in it."""

    def handler(call: Call) -> Answer:
        handle = text(call.body, "linkedin_public_identifier")
        if not handle or "/" in handle:
            return _BLANK
        person = call.world.by_linkedin(handle)
        shown = show(call.knows(person)) if person else []
        call.bill(product, handle, credits_billed=cost * CREDIT if shown else 0)
        return Answer(shown)

    return handler


def _work(known: Knowledge) -> list[dict[str, Any]]:
    if known.email is None:
        return []
    return [{"email": known.email, "email_type": "professional", "validation_status": _STATUSES[known.claim]}]


def _personal(known: Knowledge) -> list[dict[str, Any]]:
    if known.personal is None:
        return []
    return [{"email": known.personal, "email_type": "personal", "validation_status": "unknown"}]


def _phones(known: Knowledge) -> list[dict[str, Any]]:
    return [{"phone_number": known.phone}] if known.phone else []


def detail(call: Call) -> Answer:
    """POST /person_detail_lookup/."""
    handle = text(call.body, "linkedin_public_identifier")
    return _profile(call, "detail", 1, handle, call.world.by_linkedin(handle)) if handle else _BLANK


def by_email(call: Call) -> Answer:
    """POST /person_detail_reverse_lookup/by_email/."""
    address = text(call.body, "email")
    if "@" not in address:
        return Answer({"email": ["Enter a valid email address."]}, 400)
    return _profile(call, "by_email", 5, address, call.world.by_email(address))


def _profile(call: Call, product: str, cost: int, asked: str, person: Person | None) -> Answer:
    found = person if person and call.knows(person).profile else None
    call.bill(product, asked, credits_billed=cost * CREDIT if found else 0)
    return Answer(_record(found)) if found else _detail(404, "No person matches the given query.")


def search(call: Call) -> Answer:
    """POST /person_role_search/: a credit for every search."""
    name, domains = text(call.body, "person_name"), call.body.get("organization_domains")
    domain = str(domains[0]) if isinstance(domains, list) and domains else ""
    call.bill("search", name, domain, credits_billed=CREDIT)
    person = call.world.by_name(name, domain) if name and domain else None
    results = [_result(person)] if person and call.knows(person).profile else []
    return Answer({"search_results": results, "total_search_results": len(results)})


def _result(person: Person) -> dict[str, Any]:
    company = person.company
    whole = {
        "website": f"https://{company.domain}",
        "founded_date": f"{company.founded}-01-01",
        "employees_range": company.size,
        "employees_amount": company.headcount,
        "addresses": [{"street_name": company.street, "city": company.city, "country": company.country.name}],
    }
    role = _role(person.job)
    return {**role, "organization": {**role["organization"], **whole}, "person": _identity(person)}


def _record(person: Person) -> dict[str, Any]:
    return {
        **_identity(person),
        "roles": [_role(job) for job in person.jobs],
        "educations": [
            {
                "school_name": school.name,
                "degree": school.degree.title(),
                "field_of_study": school.major.title(),
                "start_date": f"{school.start}-01-01",
                "end_date": f"{school.end}-01-01",
            }
            for school in person.schools
        ],
        "languages": [{"name": name.title()} for name, _ in person.languages],
        "certifications": [],
    }


def _identity(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "full_name": person.full_name,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "headline": f"{person.job.role.title} at {person.company.name}",
        "description": None,
        "skills": [{"name": skill} for skill in person.skills],
        "location": _place(person.company),
        "linkedin_info": {
            "public_identifier": person.handle,
            "public_profile_url": person.linkedin_url,
            "industry": {"id": 1, "name": person.company.industry},
        },
    }


def _place(company: Company) -> dict[str, Any]:
    parts = {"city": company.city, "state": company.region, "country": company.country.name}
    return {
        "name": ", ".join(parts.values()),
        "osm_locations": [{"name": name, "place_type": kind} for kind, name in parts.items()],
    }


def _role(job: Job) -> dict[str, Any]:
    return {
        "role_title": job.role.title,
        "description": None,
        "is_current": job.end is None,
        "start_date": f"{job.start}-01",
        "end_date": f"{job.end}-01" if job.end else None,
        "organization": {
            "id": job.company.id,
            "name": job.company.legal_name,
            "domain": job.company.domain,
            "linkedin_info": {
                "public_identifier": job.company.handle,
                "public_profile_url": job.company.linkedin_url,
                "industry": {"id": 1, "name": job.company.industry},
            },
        },
    }


DESK: Final = Desk(
    name="forager",
    version="/api/0/datastorage",
    credit_price=35_000,
    routes=(
        Route("POST", "/person_contacts_lookup/work_emails/", _values("work_emails", 5, _work)),
        Route("POST", "/person_contacts_lookup/personal_emails/", _values("personal_emails", 5, _personal)),
        Route("POST", "/person_contacts_lookup/phone_numbers/", _values("phone_numbers", 15, _phones)),
        Route("POST", "/person_detail_lookup/", detail),
        Route("POST", "/person_detail_reverse_lookup/by_email/", by_email),
        Route("POST", "/person_role_search/", search),
    ),
    key_of=header_key("X-API-KEY"),
    refusals=Refusals(
        bad_key=_detail(403, "Authentication credentials were not provided."),
        no_credit=_detail(402, "Not enough credits."),
        rate_limited=lambda wait: Answer({"detail": "Request was throttled."}, 429, {"Retry-After": str(wait)}),
        invalid=_detail(400, "JSON parse error"),
        unavailable=_detail(500, "Server error"),
    ),
)
