"""Hunter: an address, or its verdict, at once or 202 and the same question again; companies. Its rate answer is 403."""

from typing import Final

from openenrich.sandbox.companies import Company
from openenrich.sandbox.coverage import Claim, Knowledge
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, full_name_of, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Person
from openenrich.sandbox.vendors._opinions import Opinion, opinion, slow

_STATUSES: Final = {Claim.VALID: "valid", Claim.CATCH_ALL: "accept_all", Claim.RISKY: "unknown"}
_SCORES: Final = {Claim.VALID: 96, Claim.CATCH_ALL: 78, Claim.RISKY: 61}
_SLOW_PEOPLE: Final = 25
"""One person in so many needs a long search."""
_COMPANY_CREDITS: Final = 200
_CHECK_CREDITS: Final = 500
_CHECKED: Final = {
    Opinion.GOOD: ("valid", "deliverable", 96),
    Opinion.ACCEPTED: ("accept_all", "risky", 74),
    Opinion.BAD: ("invalid", "undeliverable", 4),
    Opinion.UNKNOWN: ("unknown", "risky", 50),
}
_SLOW_CHECKS: Final = 0.05
_SIZES: Final = {"501-1000": "501-1K", "1001-5000": "1K-5K", "5001-10000": "5K-10K", "10001+": "10K-50K"}


def _error(status: int, word: str, details: str) -> Answer:
    return Answer({"errors": [{"id": word, "code": status, "details": details}]}, status)


def find(call: Call) -> Answer:
    """GET /email-finder."""
    handle = text(call.query, "linkedin_handle")
    company = text(call.query, "domain", "company")
    name = full_name_of(call.query)
    if not handle and not (company and name):
        return _error(400, "wrong_params", "Give a domain or company and a name, or a LinkedIn handle.")
    person = call.world.by_linkedin(handle) if handle else call.world.by_name(name, company)
    if person and person.suppressed:
        return _error(451, "claimed_email", "The person asked us not to process their data.")
    if person and person.id % _SLOW_PEOPLE == 0 and _still_searching(call, person):
        return Answer({"meta": {"params": _params(call)}}, 202)
    known = call.knows(person) if person else None
    found = person is not None and known is not None and known.email is not None
    call.bill("email-finder", handle, name, company, credits_billed=CREDIT if found else 0)
    data = _hit(person, known) if person and known and found else _miss(call)
    return Answer({"data": data, "meta": {"params": _params(call)}})


def _still_searching(call: Call, person: Person) -> bool:
    return _unfinished(call, str(person.id))


def _unfinished(call: Call, subject: str) -> bool:
    search = f"{call.vendor}/{call.key}/{subject}"
    return call.jobs.searching(search, call.pace.now(), call.pace.job_s(call.vendor))


def _params(call: Call) -> dict[str, str | None]:
    names = ("first_name", "last_name", "full_name", "domain", "company", "linkedin_handle", "max_duration")
    return {name: call.query.get(name) for name in names}


def _hit(person: Person, known: Knowledge) -> dict[str, object]:
    address = known.email or ""
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": address,
        "score": _SCORES[known.claim],
        "domain": address.rpartition("@")[2],
        "accept_all": known.claim is Claim.CATCH_ALL,
        "position": person.job.role.title,
        "twitter": None,
        "linkedin_url": person.linkedin_url,
        "phone_number": None,
        "company": person.company.legal_name,
        "sources": [],
        "verification": {"date": "2026-05-02", "status": _STATUSES[known.claim]},
    }


def _miss(call: Call) -> dict[str, object]:
    return {
        "first_name": call.query.get("first_name"),
        "last_name": call.query.get("last_name"),
        "email": None,
        "score": None,
        "domain": call.query.get("domain"),
        "accept_all": None,
        "position": None,
        "twitter": None,
        "linkedin_url": None,
        "phone_number": None,
        "company": None,
        "sources": [],
        "verification": {"date": None, "status": None},
    }


def verify(call: Call) -> Answer:
    """GET /email-verifier: half a credit."""
    address = text(call.query, "email")
    if not address:
        return _error(400, "wrong_params", "You are missing the email parameter.")
    person = call.world.by_email(address)
    if person and person.suppressed:
        return _error(451, "claimed_email", "The person asked us not to process their data.")
    if slow(call, address, _SLOW_CHECKS) and _unfinished(call, address):
        return Answer({"meta": {"params": {"email": address}}}, 202)
    call.bill("verify", address, credits_billed=_CHECK_CREDITS)
    believed = opinion(call, address)
    status, result, score = _CHECKED[believed]
    data = {
        "status": status,
        "result": result,
        "score": score,
        "email": address,
        "regexp": True,
        "gibberish": False,
        "disposable": False,
        "webmail": False,
        "mx_records": True,
        "smtp_server": True,
        "smtp_check": believed is Opinion.GOOD,
        "accept_all": believed is Opinion.ACCEPTED,
        "block": believed is Opinion.UNKNOWN,
        "sources": [],
    }
    return Answer({"data": data, "meta": {"params": {"email": address}}})


def find_company(call: Call) -> Answer:
    """GET /companies/find: every tenth company is not on file."""
    asked = text(call.query, "domain")
    if not asked:
        return _error(400, "wrong_params", "You are missing the domain parameter.")
    company = call.world.company(asked)
    known = company if company and company.id % 10 else None
    call.bill("company", asked, credits_billed=_COMPANY_CREDITS if known else 0)
    if known is None:
        return _error(404, "not_found", "We could not find this company.")
    return Answer({"data": _company(known), "meta": {"domain": asked}})


def _company(company: Company) -> dict[str, object]:
    return {
        "id": f"c{company.id}",
        "name": company.name,
        "legalName": company.legal_name,
        "domain": company.domain,
        "domainAliases": [],
        "site": {"phoneNumbers": [], "emailAddresses": []},
        "category": {"sector": company.industry, "industryGroup": None, "industry": company.industry},
        "tags": [company.industry],
        "description": f"{company.name} works in {company.industry.lower()}.",
        "foundedYear": company.founded,
        "location": f"{company.city}, {company.region}, {company.country.name}",
        "geo": {
            "streetAddress": company.street,
            "city": company.city,
            "postalCode": None,
            "state": company.region,
            "country": company.country.name,
            "countryCode": company.country.code,
        },
        "logo": None,
        "linkedin": {"handle": f"company/{company.handle}"},
        "twitter": {"handle": None},
        "type": company.ownership,
        "companyType": company.ownership,
        "phone": None,
        "metrics": {"employees": _SIZES.get(company.size, company.size), "annualRevenue": None},
        "tech": [],
        "parent": {"domain": None},
    }


def account(call: Call) -> Answer:
    """GET /account."""
    left = call.balance()
    pool = {
        "used": call.ledger.spent(call.vendor) // CREDIT,
        "available": left + call.ledger.spent(call.vendor) // CREDIT,
    }
    return Answer(
        {
            "data": {
                "plan_name": "Sandbox",
                "reset_date": "2026-12-31",
                "requests": {"searches": pool, "verifications": pool, "credits": pool},
            }
        }
    )


DESK: Final = Desk(
    name="hunter",
    version="/v2",
    credit_price=24_500,
    routes=(
        Route("GET", "/email-finder", find, windows=(Window(15, 1), Window(500, 60))),
        Route("GET", "/email-verifier", verify, windows=(Window(10, 1), Window(300, 60))),
        Route("GET", "/companies/find", find_company, windows=(Window(15, 1), Window(500, 60))),
        Route("GET", "/account", account, Purpose.FREE),
    ),
    key_of=header_key("X-API-KEY", bearer=True, query="api_key"),
    refusals=Refusals(
        bad_key=_error(401, "authentication_failed", "No user found for the API key supplied."),
        no_credit=_error(429, "too_many_requests", "You have used up your quota for this period."),
        rate_limited=lambda _wait: _error(403, "rate_limit_exceeded", "Too many requests per second or minute."),
        invalid=_error(400, "wrong_params", "The parameters could not be read."),
        unavailable=_error(500, "internal_error", "Something went wrong on our side."),
    ),
)
