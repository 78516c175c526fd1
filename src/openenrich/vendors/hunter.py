"""Hunter: the work e-mail from a name and an employer, or from a profile alone; companies; the verdict on an address.

What surprised us: 403 is the rate limit and 429 the used-up month; 202 means that the search goes on and the same
question must be asked again; a company of which something essential is missing is free. Clients write the key into
the URL; ours stays in a header. The finder's phone number is left aside, because nobody says whose it is.

The verifier may be asked 10 times a second, less than the others: it is asked about what was found, so what holds for
both holds for it. 222 is a mail host that did not answer; "webmail" is about the host, not about the mailbox.
"""

import msgspec

from openenrich.core.company import company_of, headquarters_of
from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, Values
from openenrich.core.money import MicroUsd
from openenrich.core.profile import Company
from openenrich.core.vendor import (
    Ask,
    Balance,
    Charge,
    Found,
    HeaderKey,
    HttpRequest,
    HttpResponse,
    Limits,
    NotFound,
    Operation,
    Pending,
    Reason,
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._short_profile import short_profile
from openenrich.vendors._statuses import refusal
from openenrich.vendors._verification import about, verification

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
VENDOR = Vendor(
    name="hunter",
    title="Hunter",
    docs="https://hunter.io/api-documentation/v2",
    base_url="https://api.hunter.io/v2",
    auth=HeaderKey("X-API-KEY"),
    style=Style.SYNC,
    operations=(
        Operation(
            name="find",
            returns=frozenset({Field.WORK_EMAIL}),
            also_returns=frozenset({Field.PROFILE}),
            needs=(_NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME}, frozenset({Known.LINKEDIN})),
            credits=1000,
            charge=Charge.PER_RESULT,
            hit_rate=0.45,
        ),
        Operation(
            "company", frozenset({Field.COMPANY}), (frozenset({Known.DOMAIN}),), 200, Charge.PER_MATCH, hit_rate=0.7
        ),
        verification(500, Charge.PER_CALL),
    ),
    credit_price=MicroUsd(24_500),
    limits=Limits(per_second=15, per_minute=500),
    region="unknown",
    timeout_s=30.0,  # the search itself may take the 20 s that we allow it
)
_STATUSES = {403: Reason.RATE_LIMITED, 429: Reason.NO_CREDIT, 451: Reason.SUPPRESSED}
_CLAIMS = {
    "valid": EmailClaim.DELIVERABLE,
    "webmail": EmailClaim.PROBABLE,
    "accept_all": EmailClaim.CATCH_ALL,
    "invalid": EmailClaim.INVALID,
}


_MAIL_HOST_FAILED = 222
_VERDICTS = {
    "valid": EmailClaim.DELIVERABLE,
    "accept_all": EmailClaim.CATCH_ALL,
    "invalid": EmailClaim.INVALID,
    "disposable": EmailClaim.INVALID,
}


class _Person(msgspec.Struct, frozen=True):
    email: str | None
    first_name: str | None = None
    last_name: str | None = None
    position: str | None = None
    company: str | None = None
    linkedin_url: str | None = None
    verification: dict[str, str | None] | None = None


class _Answer(msgspec.Struct, frozen=True):
    data: _Person


class _Check(msgspec.Struct, frozen=True):
    status: str
    smtp_check: bool | None = None


class _Checked(msgspec.Struct, frozen=True):
    data: _Check


class _Category(msgspec.Struct, frozen=True):
    sector: str | None = None
    industry: str | None = None


class _Place(msgspec.Struct, frozen=True, rename="camel"):
    street_address: str | None = None
    city: str | None = None
    postal_code: str | None = None
    state: str | None = None
    country: str | None = None


class _Size(msgspec.Struct, frozen=True, rename="camel"):
    """``employees`` is a range, ``10K-50K``; a number in the format of Clearbit, beside ``employeesRange``."""

    employees: int | str | None = None
    employees_range: str | None = None


class _Account(msgspec.Struct, frozen=True):
    """``handle`` is ``company/example``."""

    handle: str | None = None


class _Company(msgspec.Struct, frozen=True, rename="camel"):
    name: str | None
    domain: str | None
    description: str | None = None
    founded_year: int | None = None
    company_type: str | None = None
    type: str | None = None
    tags: tuple[str, ...] | None = None
    location: str | None = None
    category: _Category | None = None
    geo: _Place | None = None
    metrics: _Size | None = None
    linkedin: _Account | None = None


class _Found(msgspec.Struct, frozen=True):
    data: _Company


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    if ask.operation == "company":
        return HttpRequest("GET", "/companies/find", query={"domain": person.domain or ""})
    if ask.operation == "verify":
        return HttpRequest("GET", "/email-verifier", query={"email": person.work_email or ""})
    told = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "domain": person.domain,
        "company": person.company_name,
        "linkedin_handle": person.linkedin_handle,
        "max_duration": "20",  # the longest search that may be asked for finds most
    }
    return HttpRequest("GET", "/email-finder", query={name: value for name, value in told.items() if value})


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 202:
        return Pending()
    if response.status == 404 and ask.operation != "verify":
        return NotFound()
    refused = refusal(response, _STATUSES)
    if refused:
        return refused
    if ask.operation == "verify":
        return about(ask.contact.work_email, _verdict(response))
    if ask.operation == "company":
        return _firm(msgspec.json.decode(response.body, type=_Found).data)
    return _reply(msgspec.json.decode(response.body, type=_Answer).data)


def _reply(person: _Person) -> Reply:
    status = (person.verification or {}).get("status") or ""
    if not person.email or status == "disposable":
        return NotFound()
    email = EmailFound(person.email, claim=_CLAIMS.get(status, EmailClaim.UNKNOWN))
    profile = short_profile(
        first_name=person.first_name,
        last_name=person.last_name,
        title=person.position,
        company_name=person.company,
        linkedin_url=person.linkedin_url,
    )
    return Found(Values(emails=(email,), profile=profile))


def _verdict(response: HttpResponse) -> EmailClaim:
    if response.status == _MAIL_HOST_FAILED:
        return EmailClaim.UNKNOWN
    check = msgspec.json.decode(response.body, type=_Checked).data
    if check.status == "webmail" and check.smtp_check:
        return EmailClaim.DELIVERABLE
    return _VERDICTS.get(check.status, EmailClaim.UNKNOWN)


def _firm(firm: _Company) -> Reply:
    """Charged where name, trade, place and size are all there."""
    category, place, size = firm.category or _Category(), firm.geo or _Place(), firm.metrics or _Size()
    trade = category.industry or category.sector or firm.description or firm.tags
    complete = firm.name and trade and (firm.location or place.country) and (size.employees or size.employees_range)
    company = _company(firm, category, place, size)
    return Found(Values(company=company), None if complete else 0) if company else NotFound()


def _company(firm: _Company, category: _Category, place: _Place, size: _Size) -> Company | None:
    handle = (firm.linkedin or _Account()).handle
    return company_of(
        name=firm.name,
        website=firm.domain,
        linkedin_url=f"https://www.linkedin.com/{handle if '/' in handle else f'company/{handle}'}" if handle else None,
        description=firm.description,
        founded=firm.founded_year,
        headcount=size.employees if isinstance(size.employees, int) else None,
        size=size.employees_range or (size.employees if isinstance(size.employees, str) else None),
        kind=firm.company_type or firm.type,
        industry=category.industry or category.sector,
        specialties=firm.tags or (),
        locations=headquarters_of(
            street=place.street_address,
            city=place.city,
            region=place.state,
            postal_code=place.postal_code,
            nation=place.country,
        ),
    )


def balance() -> HttpRequest:
    return HttpRequest("GET", "/account")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response, _STATUSES)
    if refused:
        return refused
    account = msgspec.json.decode(response.body)["data"]
    pool = account["requests"].get("credits") or account["requests"]["searches"]
    remaining = pool.get("remaining")
    left = pool["available"] - pool["used"] if remaining is None else remaining
    return Balance(round(left * 1000), account.get("plan_name") or "")
