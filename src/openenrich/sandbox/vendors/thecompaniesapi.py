"""The Companies API: employers alone, by domain, page or name; a miss is an empty list or an empty object."""

from collections.abc import Mapping
from typing import Final

from openenrich.sandbox.companies import Company
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Refusals, Route, text
from openenrich.sandbox.faults import Window

_BANDS: Final = {
    "11-50": "10-50",
    "51-200": "50-200",
    "201-500": "200-500",
    "501-1000": "500-1k",
    "1001-5000": "1k-5k",
    "5001-10000": "5k-10k",
    "10001+": "over-10k",
}
_KINDS: Final = {
    "private": "privately-held",
    "public": "public-company",
    "educational": "educational-institution",
    "government": "government-agency",
}


def _key_of(headers: Mapping[str, str], query: Mapping[str, str]) -> str:
    """After the word, but not encoded."""
    del query
    return headers.get("Authorization", "").removeprefix("Basic ")


def _error(status: int, word: str) -> Answer:
    return Answer({"messages": word, "status": status}, status)


def by_domain(call: Call) -> Answer:
    """GET /v2/companies/{domain}."""
    domain = call.tail.lower()
    found = _looked_up(call, domain, call.world.company_by_domain.get(domain))
    return Answer(_shown(call, found)) if found else _error(404, "companyNotFound")


def by_social(call: Call) -> Answer:
    """GET /v2/companies/by-social."""
    page = text(call.query, "linkedin").rstrip("/").lower()
    company = next((company for company in call.world.companies if company.linkedin_url == page), None)
    found = _looked_up(call, page, company)
    return Answer(_shown(call, found) if found else {})


def by_name(call: Call) -> Answer:
    """GET /v2/companies/by-name."""
    name = text(call.query, "name")
    return _hits(call, name, call.world.company(name)) if name else _error(400, "companyNameEmpty")


def _hits(call: Call, question: str, company: Company | None) -> Answer:
    found = _looked_up(call, question, company)
    cost = 1 if found else 0
    pages: dict[str, object] = {"currentPage": 1, "firstPage": 1, "lastPage": 1, "perPage": 1, "total": cost}
    hits = [_shown(call, found)] if found else []
    return Answer({"companies": hits, "meta": _taken(call, cost) | pages})


def _looked_up(call: Call, question: str, company: Company | None) -> Company | None:
    """Every eighth company is not on file."""
    found = company if company and company.id % 8 else None
    call.bill("company", question, credits_billed=CREDIT if found else 0)
    return found


def _taken(call: Call, cost: int) -> dict[str, object]:
    return {"cost": cost, "credits": call.balance(), "freeRequest": False}


def _shown(call: Call, company: Company) -> dict[str, object]:
    return {
        "id": f"c{company.id}",
        "about": {
            "name": company.name,
            "nameLegal": company.legal_name,
            "industry": company.industry.lower().replace(" ", "-"),
            "industries": [company.industry.lower().replace(" ", "-")],
            "businessType": _KINDS.get(company.ownership, company.ownership),
            "totalEmployees": _BANDS.get(company.size, company.size),
            "totalEmployeesExact": company.headcount,
            "yearFounded": company.founded,
        },
        "descriptions": {"primary": f"{company.name} works in {company.industry.lower()}."},
        "domain": {"domain": company.domain, "state": "operating"},
        "locations": {"headquarters": _seat(company)},
        "socials": {
            "linkedin": {"id": company.handle, "idNumeric": str(company.linkedin_id), "url": company.linkedin_url}
        },
        "meta": _taken(call, 1),
    }


def _seat(company: Company) -> dict[str, object]:
    country = company.country
    return {
        "address": {"raw": company.street},
        "city": {"code": company.city.lower(), "name": company.city},
        "state": {"code": company.region.lower(), "name": company.region},
        "country": {"code": country.code.lower(), "name": country.name},
    }


DESK: Final = Desk(
    name="thecompaniesapi",
    version="",
    credit_price=1900,
    routes=(
        Route("GET", "/v2/companies/by-social", by_social),
        Route("GET", "/v2/companies/by-name", by_name),
        Route("GET", "/v2/companies/{id}", by_domain),
    ),
    key_of=_key_of,
    refusals=Refusals(
        bad_key=_error(401, "invalidApiSecret"),
        no_credit=_error(403, "noCreditsRemaining"),
        rate_limited=lambda _wait: _error(429, "rateLimitError"),
        invalid=_error(400, "The parameters could not be read"),
        unavailable=_error(500, "apiError"),
    ),
    windows=(Window(50, 1),),
)
