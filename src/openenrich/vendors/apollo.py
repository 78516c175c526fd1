"""Apollo: work e-mail and profile at once, the personal e-mail likewise, the mobile number as a job that is polled.

What surprised us: a number of the job is a signed 64-bit integer; what is not bought comes as
``email_not_unlocked@domain.com``; a pending job is a 404, and ``webhook_status`` speaks of the delivery to a webhook,
not of the result. The reference writes parameters into the query, their own clients (and we) into the body.
A mobile needs a public ``webhook_url``; jobs of the batch call are not documented, so mobiles are asked one by one.
"""

from collections.abc import Sequence

import msgspec

from openenrich.core.company import company_of, headquarters_of
from openenrich.core.contact import EmailClaim, EmailFound, EmailKind, Field, Known, LineType, PhoneFound, Values
from openenrich.core.dates import api_date
from openenrich.core.jobs import job_function
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.profile import Company, Education, Employment, Profile
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
from openenrich.vendors._jobs import job
from openenrich.vendors._statuses import refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_NEEDS = (
    frozenset({Known.LINKEDIN}),
    _NAME | {Known.DOMAIN},
    _NAME | {Known.COMPANY_NAME},
    frozenset({Known.WORK_EMAIL}),
)
_BOTH = frozenset({Field.WORK_EMAIL, Field.PROFILE})
VENDOR = Vendor(
    name="apollo",
    title="Apollo",
    docs="https://docs.apollo.io/reference/people-enrichment",
    base_url="https://api.apollo.io/api/v1",
    auth=HeaderKey("x-api-key"),
    style=Style.SYNC,
    operations=(
        Operation("person", _BOTH, _NEEDS, 1000, Charge.PER_MATCH, hit_rate=0.55, batch=10),
        Operation(
            "personal_email",
            frozenset({Field.PERSONAL_EMAIL}),
            _NEEDS,
            1000,
            Charge.PER_MATCH,
            also_returns=_BOTH,
            hit_rate=0.25,
            batch=10,
        ),
        Operation(
            "mobile",
            frozenset({Field.PHONE}),
            _NEEDS,
            9000,
            Charge.PER_RESULT,
            hit_rate=0.35,
            calls_back=True,
            style=Style.POLLED,
        ),
    ),
    credit_price=MicroUsd(25_000),
    limits=Limits(per_minute=1000),
    region="unknown",
    timeout_s=30.0,
    deadline_s=180.0,
    poll_every_s=10.0,
)
_FLAGS = {"personal_email": {"reveal_personal_emails": True}, "mobile": {"reveal_phone_number": True}}
_CLAIMS = {"verified": EmailClaim.DELIVERABLE, "bounced": EmailClaim.INVALID}
_LINES = {"mobile": LineType.MOBILE, "work_direct": LineType.LANDLINE, "home": LineType.LANDLINE}
_ROLES = {"engineering_technical": "engineering_and_technical", "medical_health": "medical_and_health"}


class _Organization(msgspec.Struct, frozen=True):
    id: str | None = None
    name: str | None = None
    primary_domain: str | None = None
    website_url: str | None = None
    linkedin_url: str | None = None
    linkedin_uid: str | None = None
    founded_year: int | None = None
    industry: str | None = None
    keywords: tuple[str, ...] | None = None
    estimated_num_employees: int | None = None
    short_description: str | None = None
    street_address: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class _Job(msgspec.Struct, frozen=True):
    """A position, or where there is a degree, a school."""

    title: str | None = None
    organization_name: str | None = None
    organization_id: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    current: bool | None = None
    description: str | None = None
    degree: str | None = None
    kind: str | None = None


class _Person(msgspec.Struct, frozen=True):
    id: str
    first_name: str | None = None
    last_name: str | None = None
    name: str | None = None
    linkedin_url: str | None = None
    title: str | None = None
    headline: str | None = None
    email: str | None = None
    email_status: str | None = None
    personal_emails: tuple[str, ...] | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    seniority: str | None = None
    departments: tuple[str, ...] | None = None
    subdepartments: tuple[str, ...] | None = None
    functions: tuple[str, ...] | None = None
    employment_history: tuple[_Job, ...] | None = None
    organization: _Organization | None = None


class _Answer(msgspec.Struct, frozen=True):
    person: _Person | None
    request_id: int | str | None = None


class _Answers(msgspec.Struct, frozen=True):
    matches: tuple[msgspec.Raw, ...]


class _Number(msgspec.Struct, frozen=True):
    sanitized_number: str | None = None
    raw_number: str | None = None
    type_cd: str | None = None
    status_cd: str | None = None


class _Numbers(msgspec.Struct, frozen=True):
    id: str
    phone_numbers: tuple[_Number, ...] | None = None


class _Result(msgspec.Struct, frozen=True):
    people: tuple[_Numbers, ...] = ()
    credits_consumed: float = 0


class _Poll(msgspec.Struct, frozen=True):
    webhook_status: str = ""
    webhook_result: _Result | None = None


class _Problem(msgspec.Struct, frozen=True):
    error_code: str = ""


def request(ask: Ask) -> HttpRequest:
    body: dict[str, object] = {**_told(ask), **_FLAGS.get(ask.operation, {})}
    if ask.operation == "mobile":
        body["webhook_url"] = ask.callback_url
    return HttpRequest("POST", "/people/match", json=body)


def _told(ask: Ask) -> dict[str, str]:
    person = ask.contact
    told = {
        "linkedin_url": person.linkedin_url,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "domain": person.domain,
        "organization_name": person.company_name,
        "email": person.work_email,
    }
    return {name: value for name, value in told.items() if value}


def request_batch(asks: Sequence[Ask]) -> HttpRequest:
    flags = _FLAGS.get(asks[0].operation, {})
    return HttpRequest("POST", "/people/bulk_match", json={"details": [_told(ask) for ask in asks], **flags})


def read(ask: Ask, response: HttpResponse) -> Reply:
    refused = _refused(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    if answer.person is not None and ask.operation == "mobile":
        token = f"{answer.request_id}#{answer.person.id}" if answer.request_id else None
        return other_person(ask, answer.person.linkedin_url) or job(VENDOR, token)
    return _reply(ask, answer.person)


def _reply(ask: Ask, person: _Person | None) -> Reply:
    if person is None:
        return NotFound()
    values = Values(_emails(person), profile=_profile(person))
    return other_person(ask, person.linkedin_url) or (Found(values) if values != Values() else NotFound())


def read_batch(asks: Sequence[Ask], response: HttpResponse) -> dict[str, Reply] | Refused:
    """The matches stand in the order of the question, with nulls for nobody."""
    refused = _refused(response)
    if refused:
        return refused
    matches = msgspec.json.decode(response.body, type=_Answers).matches
    return {ask.row: _row(ask, match) for ask, match in zip(asks, matches, strict=True)}


def _row(ask: Ask, match: msgspec.Raw) -> Reply:
    """A row that cannot be read leaves the others readable: they are paid for."""
    try:
        person: _Person | None = msgspec.json.decode(match, type=_Person | None)
        return _reply(ask, person)
    except SHAPE_ERRORS:
        return Refused(Reason.UNREADABLE)


def _refused(response: HttpResponse) -> Refused | None:
    """How an empty account answers is not documented; seen is a 422 that speaks of credits."""
    broke = response.status == 422 and b"credit" in response.body.lower()
    return refusal(response, {422: Reason.NO_CREDIT} if broke else {})


def poll(tokens: Sequence[str]) -> HttpRequest:
    return HttpRequest("GET", f"/webhook_result/{tokens[0].partition('#')[0]}")


def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    replies = {token: _polled(token.partition("#")[2], response) for token in tokens}
    return {token: reply for token, reply in replies.items() if reply is not None}


def _polled(person: str, response: HttpResponse) -> Reply | None:
    if response.status in {400, 404, 410}:
        code = msgspec.json.decode(response.body, type=_Problem).error_code
        return None if code == "result_pending" else Refused(Reason.UNAVAILABLE, code=code, final=True)
    refused = _refused(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Poll)
    if answer.webhook_result is not None:
        return _phones(person, answer.webhook_result)
    return Refused(Reason.UNAVAILABLE, code="failed", final=True) if answer.webhook_status == "failed" else None


def _phones(person: str, result: _Result) -> Reply:
    """The one credit of the match is not among the consumed ones. A number of the head office is nobody's."""
    billed = round(result.credits_consumed * 1000) + 1000
    numbers = [number for found in result.people if found.id == person for number in found.phone_numbers or ()]
    usable = [number for number in numbers if number.status_cd != "invalid_number" and number.type_cd != "work_hq"]
    phones = [(number.sanitized_number or number.raw_number, number.type_cd or "") for number in usable]
    found = tuple(PhoneFound(number, _LINES.get(kind, LineType.UNKNOWN)) for number, kind in phones if number)
    return Found(Values(phones=found), billed) if found else NotFound(billed)


def _emails(person: _Person) -> tuple[EmailFound, ...]:
    claim = _CLAIMS.get(person.email_status or "", EmailClaim.UNKNOWN)
    work = [EmailFound(person.email, claim=claim)] if person.email and _is_shown(person.email) else []
    own = [EmailFound(email, EmailKind.PERSONAL) for email in person.personal_emails or () if _is_shown(email)]
    return (*work, *own)


def _is_shown(address: str) -> bool:
    return not address.startswith("email_not_unlocked@")


def _profile(person: _Person) -> Profile | None:
    history = person.employment_history or ()
    held = [item for item in history if not item.degree and item.kind != "education"]
    home = person.organization or _Organization()
    main = next((item for item in held if item.current and item.organization_id == home.id), None)
    main = main or next((item for item in held if item.current), _Job(person.title, home.name, home.id, current=True))
    return profile_of(
        first_name=person.first_name,
        last_name=person.last_name,
        full_name=person.name,
        headline=person.headline,
        city=person.city,
        region=person.state,
        nation=person.country,
        linkedin_url=person.linkedin_url,
        educations=[_school(item) for item in history if item not in held],
        current=_position(main, person, is_main=True),
        jobs=[_position(item, person) for item in held if item is not main],
    )


def _position(item: _Job, person: _Person, *, is_main: bool = False) -> Employment | None:
    """Rank and function are those of the present position."""
    home = person.organization
    role, sub_role = _function(person) if is_main else (None, None)
    at_home = home is not None and home.id == item.organization_id
    return job_of(
        title=item.title,
        company=_employer(home) if home and at_home else company_of(name=item.organization_name),
        levels=(person.seniority,) if is_main and person.seniority else (),
        role=role,
        sub_role=sub_role,
        description=item.description,
        is_current=item.current,
        start_at=api_date(item.start_date),
        end_at=api_date(item.end_date),
    )


def _function(person: _Person) -> tuple[str | None, str | None]:
    """``master_sales`` with ``sales_operations``; the first department that can be understood."""
    sub_role = next(iter(person.subdepartments or ()), None)
    names = [name.removeprefix("master_") for name in (*(person.departments or ()), *(person.functions or ()))]
    roles = [_ROLES.get(name, name) for name in names]
    return next((role for role in roles if job_function(role, sub_role)), None), sub_role


def _employer(company: _Organization) -> Company | None:
    number = company.linkedin_uid or ""
    return company_of(
        name=company.name,
        website=company.website_url or company.primary_domain,
        linkedin_url=company.linkedin_url,
        linkedin_number=int(number) if number.isdigit() else None,
        description=company.short_description,
        founded=company.founded_year,
        headcount=company.estimated_num_employees,
        industry=company.industry,
        specialties=company.keywords or (),
        locations=headquarters_of(
            street=company.street_address,
            city=company.city,
            region=company.state,
            postal_code=company.postal_code,
            nation=company.country,
        ),
    )


def _school(item: _Job) -> Education:
    return Education(item.organization_name, item.degree, api_date(item.start_date), api_date(item.end_date))


def balance() -> HttpRequest:
    return HttpRequest("POST", "/usage_stats/credit_usage_stats", json={})


def read_balance(response: HttpResponse) -> Balance | Refused:
    """Only a master key may ask; that another one may not says nothing against it."""
    refused = refusal(response, {403: Reason.UNAVAILABLE})
    if refused:
        return refused
    left = msgspec.json.decode(response.body)["credit_usage_stats"]["lead_credit"]["left_over"]
    return Balance(round(left * 1000))
