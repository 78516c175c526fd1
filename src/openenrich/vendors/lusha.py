"""Lusha: e-mails of both kinds, or phones, with the present employer, by one search that reveals at once.

What surprised us: a search costs a credit even when it finds nobody, so the bill is read from the answer; a miss is an
error in the row of a good answer; 451 and ``COMPLIANCE_RESTRICTED`` mean that the person must be left alone. The page
"Search and Enrich Contacts" settled that this call never turns into a job. A credit's price is by quote.
The bill is one for all people of a call (the search itself is a credit per 25 of them) and is shared among the found.
"""

from collections.abc import Sequence

import msgspec

from openenrich.core.company import company_of, headquarters_of
from openenrich.core.contact import EmailClaim, EmailFound, EmailKind, Field, Known, LineType, PhoneFound, Values
from openenrich.core.domains import domain
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.profile import Company, Employment, Profile
from openenrich.core.vendor import (
    SHAPE_ERRORS,
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
    Reason,
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._identity import other_person
from openenrich.vendors._statuses import refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_NEEDS = (
    frozenset({Known.LINKEDIN}),
    _NAME | {Known.DOMAIN},
    _NAME | {Known.COMPANY_NAME},
    frozenset({Known.WORK_EMAIL}),
)
_ALSO = frozenset({Field.PROFILE})
VENDOR = Vendor(
    name="lusha",
    title="Lusha",
    docs="https://docs.lusha.com/enrichment/search-and-enrich-contacts",
    base_url="https://api.lusha.com",
    auth=HeaderKey("api_key"),
    style=Style.SYNC,
    operations=(
        Operation(
            "email",
            frozenset({Field.WORK_EMAIL, Field.PERSONAL_EMAIL}),
            _NEEDS,
            2000,
            Charge.PER_RESULT,
            also_returns=_ALSO,
            batch=100,
        ),
        Operation(
            "phone",
            frozenset({Field.PHONE}),
            _NEEDS,
            6000,
            Charge.PER_RESULT,
            also_returns=_ALSO,
            hit_rate=0.4,
            batch=100,
        ),
    ),
    credit_price=MicroUsd(100_000),
    limits=Limits(per_minute=300, per_day=50_000),  # and 5000 an hour, of the plan that has keys
    region="unknown",
)
_REVEALED = {"email": "emails", "phone": "phones"}
_REASONS = {"COMPLIANCE_RESTRICTED": Reason.SUPPRESSED, "ENRICH_FAILED": Reason.UNAVAILABLE}
_MISSES = frozenset({"NOT_FOUND", "NO_SCORE"})
_KINDS = {"work": EmailKind.WORK, "private": EmailKind.PERSONAL}
_CLAIMS = {"A+": EmailClaim.PROBABLE, "A": EmailClaim.PROBABLE}
_LINES = {"mobile": LineType.MOBILE, "direct": LineType.LANDLINE, "work": LineType.LANDLINE}


class _Place(msgspec.Struct, frozen=True):
    city: str | None = None
    state: str | None = None
    country: str | None = None
    country_iso2: str | None = msgspec.field(default=None, name="countryIso2")
    zip_code: str | None = msgspec.field(default=None, name="zipCode")


class _Headcount(msgspec.Struct, frozen=True):
    exact: int | None = None
    min: int | None = None
    max: int | None = None


class _Links(msgspec.Struct, frozen=True):
    linkedin: str | None = None


class _Company(msgspec.Struct, frozen=True, rename="camel"):
    name: str | None = None
    domain: str | None = None
    description: str | None = None
    company_type: str | None = None
    year_founded: int | None = None
    employee_count: _Headcount | None = None
    industry: str | None = None
    specialties: tuple[str, ...] | None = None
    location: _Place | None = None
    social_links: _Links | None = None
    linkedin_followers: int | None = None


class _Title(msgspec.Struct, frozen=True):
    title: str | None = None
    departments: tuple[str, ...] | None = None
    seniority: str | None = None


class _Past(msgspec.Struct, frozen=True, rename="camel"):
    company: _Company | None = None
    job_title: _Title | None = None


class _Email(msgspec.Struct, frozen=True):
    email: str
    type: str | None = None
    confidence: str | None = None


class _Phone(msgspec.Struct, frozen=True):
    number: str
    type: str | None = None


class _Error(msgspec.Struct, frozen=True):
    code: str


class _Row(msgspec.Struct, frozen=True, rename="camel"):
    error: _Error | None = None
    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    job_title: _Title | None = None
    location: _Place | None = None
    emails: tuple[_Email, ...] | None = None
    phones: tuple[_Phone, ...] | None = None
    company: _Company | None = None
    social_links: _Links | None = None
    previous_employment: tuple[_Past, ...] | None = None


class _Billing(msgspec.Struct, frozen=True, rename="camel"):
    credits_charged: float | None = None


class _Reference(msgspec.Struct, frozen=True, rename="camel"):
    client_reference_id: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    results: tuple[msgspec.Raw, ...]
    billing: _Billing = _Billing()


def request(ask: Ask) -> HttpRequest:
    return request_batch([ask])


def request_batch(asks: Sequence[Ask]) -> HttpRequest:
    body = {"contacts": [_told(ask) for ask in asks], "reveal": [_REVEALED[asks[0].operation]]}
    return HttpRequest("POST", "/v3/contacts/search-and-enrich", json=body)


def _told(ask: Ask) -> dict[str, str]:
    person = ask.contact
    told = {
        "clientReferenceId": ask.row,
        "linkedinUrl": person.linkedin_url,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "companyDomain": person.domain,
        "companyName": person.company_name,
        "email": person.work_email,
    }
    return {name: value for name, value in told.items() if value}


def read(ask: Ask, response: HttpResponse) -> Reply:
    refused = refusal(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    row = _by_reference([ask], answer.results).get(ask.row)
    return _with_bill({ask.row: _reply(ask, row)}, answer.billing)[ask.row]


def read_batch(asks: Sequence[Ask], response: HttpResponse) -> dict[str, Reply] | Refused:
    """A 451 for all of them says nothing of anybody: those to be left alone are refused in their rows."""
    refused = refusal(response, {451: Reason.UNAVAILABLE})
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    rows = _by_reference(asks, answer.results)
    return _with_bill({ask.row: _row(ask, rows.get(ask.row)) for ask in asks}, answer.billing)


def _by_reference(asks: Sequence[Ask], rows: Sequence[msgspec.Raw]) -> dict[str, msgspec.Raw]:
    """Rows by our own name for them; without names they must be as many as the questions, in their order."""
    if len(asks) == len(rows) == 1:
        return {asks[0].row: rows[0]}
    names = [msgspec.json.decode(row, type=_Reference).client_reference_id for row in rows]
    if None in names:
        return {ask.row: row for ask, row in zip(asks, rows, strict=True)}
    return {name or "": row for name, row in zip(names, rows, strict=True)}


def _row(ask: Ask, row: msgspec.Raw | None) -> Reply:
    """A row that cannot be read leaves the others readable: they are paid for."""
    try:
        return _reply(ask, row)
    except SHAPE_ERRORS:
        return Refused(Reason.UNREADABLE)


def _reply(ask: Ask, raw: msgspec.Raw | None) -> Reply:
    """A person who is not mentioned was not found."""
    row = msgspec.json.decode(raw, type=_Row) if raw is not None else None
    if row is None or (row.error and row.error.code in _MISSES):
        return NotFound()
    if row.error:
        return Refused(_REASONS.get(row.error.code, Reason.UNREADABLE), code=row.error.code)
    values = Values(_emails(row), _phones(row), _profile(row))
    if values == Values():
        return NotFound()
    return other_person(ask, row.social_links.linkedin if row.social_links else None) or Found(values)


def _with_bill(replies: dict[str, Reply], billing: _Billing) -> dict[str, Reply]:
    """The charge of the call, in equal parts on those who were found, or else on the first of the others."""
    found = [row for row, reply in replies.items() if isinstance(reply, Found)]
    bearers = found or [row for row, reply in replies.items() if isinstance(reply, NotFound)][:1]
    if billing.credits_charged is None or not bearers:
        return replies
    share, rest = divmod(round(billing.credits_charged * 1000), len(bearers))
    parts = {row: share + (place < rest) for place, row in enumerate(bearers)}
    return {row: _billed(reply, parts.get(row)) for row, reply in replies.items()}


def _billed(reply: Reply, part: int | None) -> Reply:
    return msgspec.structs.replace(reply, billed=part) if isinstance(reply, Found | NotFound) else reply


def _emails(row: _Row) -> tuple[EmailFound, ...]:
    """An address of an unknown kind counts only at the employer."""
    home = domain(row.company.domain or "") if row.company else None
    at_work = {True: EmailKind.WORK, False: None}
    kinds = [
        (item, _KINDS.get(item.type or "") or at_work[item.email.rpartition("@")[2].lower() == home])
        for item in row.emails or ()
    ]
    return tuple(
        EmailFound(item.email, kind, _CLAIMS.get(item.confidence or "", EmailClaim.UNKNOWN))
        for item, kind in kinds
        if kind
    )


def _phones(row: _Row) -> tuple[PhoneFound, ...]:
    return tuple(PhoneFound(item.number, _LINES.get(item.type or "", LineType.UNKNOWN)) for item in row.phones or ())


def _profile(row: _Row) -> Profile | None:
    place = row.location or _Place()
    past = [_position(job.job_title, job.company, is_current=False) for job in row.previous_employment or ()]
    return profile_of(
        first_name=row.first_name,
        last_name=row.last_name,
        full_name=row.full_name,
        city=place.city,
        region=place.state,
        nation=place.country_iso2 or place.country,
        linkedin_url=row.social_links.linkedin if row.social_links else None,
        current=_position(row.job_title, row.company, is_current=True),
        jobs=past,
    )


def _position(title: _Title | None, company: _Company | None, *, is_current: bool) -> Employment | None:
    title = title or _Title()
    return job_of(
        title=title.title,
        company=_employer(company) if company else None,
        levels=(title.seniority,) if title.seniority else (),
        role=next(iter(title.departments or ()), None),
        is_current=is_current,
    )


def _employer(company: _Company) -> Company | None:
    place, count = company.location or _Place(), company.employee_count or _Headcount()
    return company_of(
        name=company.name,
        website=company.domain,
        linkedin_url=company.social_links.linkedin if company.social_links else None,
        followers=company.linkedin_followers,
        description=company.description,
        founded=company.year_founded,
        headcount=count.exact,
        size=f"{count.min}-{count.max}" if count.min is not None and count.max is not None else None,
        kind=company.company_type,
        industry=company.industry,
        specialties=company.specialties or (),
        locations=headquarters_of(
            city=place.city, region=place.state, postal_code=place.zip_code, nation=place.country_iso2 or place.country
        ),
    )


def balance() -> HttpRequest:
    return HttpRequest("GET", "/v3/account/usage")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    if refused:
        return refused
    account = msgspec.json.decode(response.body)
    plan = account.get("plan")
    return Balance(round(account["credits"]["remaining"] * 1000), plan if isinstance(plan, str) else "")
