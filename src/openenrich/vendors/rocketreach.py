"""RocketReach: professional e-mail, personal e-mail, phone or detailed profile, each with its own price, by look-up.

What surprised us: the reply to a look-up may be finished already, and otherwise the person's own id is the job; a
failed look-up is a miss; without ``return_cached_emails=false`` addresses are shown before they are verified. This is
the ``/universal`` family of paths, the only one whose prices in credits are published; what a credit costs is by quote.
Their Python client knows the older paths (``/person/lookup``), with the same names of inputs, which reveal everything.
The bulk call reports to a webhook registered in the account alone, and is left out.
"""

from collections.abc import Sequence

import msgspec

from openenrich.core.company import company_of
from openenrich.core.contact import EmailClaim, EmailFound, EmailKind, Field, Known, LineType, PhoneFound, Values
from openenrich.core.dates import api_date
from openenrich.core.money import MicroUsd
from openenrich.core.names import split_full_name
from openenrich.core.person import job_of, profile_of
from openenrich.core.profile import Company, Education, Employment, Profile
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
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._identity import other_person
from openenrich.vendors._jobs import job
from openenrich.vendors._statuses import poll_refusal, refusal

_NEEDS = (
    frozenset({Known.LINKEDIN}),
    frozenset({Known.FIRST_NAME, Known.LAST_NAME, Known.COMPANY_NAME}),
    frozenset({Known.WORK_EMAIL}),
)


def _operation(name: str, field: Field, credits_taken: int, hits: float) -> Operation:
    """The outline of a profile comes with everything."""
    wanted = frozenset({field})
    also = frozenset({Field.PROFILE}) - wanted
    return Operation(name, wanted, _NEEDS, credits_taken, Charge.PER_RESULT, also_returns=also, hit_rate=hits)


VENDOR = Vendor(
    name="rocketreach",
    title="RocketReach",
    docs="https://docs.rocketreach.co/reference/people-data-api",
    base_url="https://api.rocketreach.co/api/v2",
    auth=HeaderKey("Api-Key"),
    style=Style.POLLED,
    operations=(
        _operation("email", Field.WORK_EMAIL, 2000, 0.45),
        _operation("personal_email", Field.PERSONAL_EMAIL, 3000, 0.45),
        _operation("phone", Field.PHONE, 6000, 0.35),
        _operation("profile", Field.PROFILE, 1000, 0.75),
    ),
    credit_price=MicroUsd(100_000),
    limits=Limits(per_second=10, per_minute=15),
    region="unknown",
    deadline_s=120.0,
    poll_limits=Limits(per_second=8),
    poll_every_s=3.0,
)
_FLAGS = {
    "email": "reveal_professional_email",
    "personal_email": "reveal_personal_email",
    "phone": "reveal_phone",
    "profile": "reveal_detailed_person_enrichment",
}
_CLAIMS = {
    "valid": EmailClaim.DELIVERABLE,
    "accept-all": EmailClaim.CATCH_ALL,
    "invalid": EmailClaim.INVALID,
}
_KINDS = {"professional": EmailKind.WORK, "personal": EmailKind.PERSONAL}
_LINES = {
    "mobile": LineType.MOBILE,
    "landline": LineType.LANDLINE,
    "work": LineType.LANDLINE,
    "home": LineType.LANDLINE,
    "office": LineType.LANDLINE,
    "direct dial": LineType.LANDLINE,
}


class _Email(msgspec.Struct, frozen=True):
    email: str | None = None
    smtp_valid: str | None = None
    type: str | None = None


class _Phone(msgspec.Struct, frozen=True):
    number: str | None = None
    e164: str | None = None
    country_code: str | int | None = None
    type: str | None = None
    validity: str | None = None
    recommended: bool = False


class _Job(msgspec.Struct, frozen=True):
    title: str | None = None
    company_name: str | None = None
    company_linkedin_url: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    department: str | None = None
    sub_department: str | None = None
    highest_level: str | None = None
    is_current: bool | None = None
    description: str | None = None


class _School(msgspec.Struct, frozen=True):
    school: str | None = None
    degree: str | None = None
    major: str | None = None
    start: int | str | None = None
    end: int | str | None = None


class _Person(msgspec.Struct, frozen=True):
    id: int | None = None
    status: str | None = None
    name: str | None = None
    linkedin_url: str | None = None
    connections: int | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    country_code: str | None = None
    current_title: str | None = None
    current_employer: str | None = None
    current_employer_domain: str | None = None
    current_employer_website: str | None = None
    current_employer_linkedin_url: str | None = None
    current_employer_industry: str | None = None
    job_history: tuple[_Job, ...] | None = None
    education: tuple[_School, ...] | None = None
    skills: tuple[str, ...] | None = None
    recommended_professional_email: str | None = None
    recommended_personal_email: str | None = None
    emails: tuple[_Email, ...] | None = None
    phones: tuple[_Phone, ...] | None = None


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {
        "linkedin_url": person.linkedin_url,
        "name": person.full_name,
        "current_employer": person.company_name,
        "email": person.work_email,
    }
    flags = {flag: "true" if name == ask.operation else "false" for name, flag in _FLAGS.items()}
    query = {name: value for name, value in told.items() if value} | flags
    return HttpRequest("GET", "/universal/person/lookup", query=query | {"return_cached_emails": "false"})


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404:
        return NotFound()
    refused = refusal(response)
    if refused:
        return refused
    person = msgspec.json.decode(response.body, type=_Person)
    stranger = other_person(ask, person.linkedin_url)
    if stranger:
        return stranger
    return _reply(person) or job(VENDOR, str(person.id) if person.id else None)


def poll(tokens: Sequence[str]) -> HttpRequest:
    return HttpRequest("GET", "/universal/person/check_status", query={"ids": tokens[0]})


def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    refused = poll_refusal(tokens, response)
    if refused is not None:
        return refused
    people = msgspec.json.decode(response.body, type=tuple[_Person, ...])
    replies = {str(person.id): reply for person in people if (reply := _reply(person))}
    return {token: replies[token] for token in tokens if token in replies}


def _reply(person: _Person) -> Reply | None:
    """``None`` while the look-up goes on."""
    if person.status == "failed":
        return NotFound()
    if person.status != "complete":
        return None
    values = Values(_emails(person), _phones(person), _profile(person))
    return Found(values) if values != Values() else NotFound()


def _emails(person: _Person) -> tuple[EmailFound, ...]:
    """What is recommended goes first. Addresses of a role and disposable ones are nobody's."""
    best = (person.recommended_professional_email, person.recommended_personal_email)
    known = [(item.email, _KINDS.get(item.type or ""), item.smtp_valid or "") for item in person.emails or ()]
    listed = {address for address, _, _ in known}
    extra = [
        EmailFound(address, kind)
        for address, kind in zip(best, (EmailKind.WORK, EmailKind.PERSONAL), strict=True)
        if address and address not in listed
    ]
    known.sort(key=lambda item: item[0] not in best)
    found = [
        EmailFound(address, kind, _CLAIMS.get(state, EmailClaim.UNKNOWN))
        for address, kind, state in known
        if address and kind
    ]
    return (*extra, *found)


def _phones(person: _Person) -> tuple[PhoneFound, ...]:
    usable = [phone for phone in person.phones or () if phone.validity != "invalid"]
    usable.sort(key=lambda phone: not phone.recommended)
    return tuple(
        PhoneFound(number, _LINES.get((phone.type or "").lower(), LineType.UNKNOWN), country=_nation(phone))
        for phone in usable
        if (number := phone.e164 or phone.number)
    )


def _nation(phone: _Phone) -> str | None:
    """``US``; a dialling code says less than the number itself."""
    code = str(phone.country_code or "")
    return code if len(code) == 2 and code.isalpha() else None


def _profile(person: _Person) -> Profile | None:
    held = person.job_history or ()
    here = [item for item in held if item.is_current]
    main = next((item for item in here if item.company_name == person.current_employer), next(iter(here), None))
    alone = job_of(title=person.current_title, company=_employer(person), is_current=True)
    jobs = [_position(item, _employer(person) if item is main else None) for item in held]
    first, last = split_full_name(person.name or "")
    return profile_of(
        first_name=first,
        last_name=last,
        full_name=person.name,
        city=person.city,
        region=person.region,
        nation=person.country_code or person.country,
        linkedin_url=person.linkedin_url,
        connections=person.connections,
        educations=[_study(school) for school in person.education or ()],
        skills=person.skills or (),
        current=jobs[held.index(main)] if main else alone,
        jobs=jobs,
    )


def _employer(person: _Person) -> Company | None:
    return company_of(
        name=person.current_employer,
        website=person.current_employer_website or person.current_employer_domain,
        linkedin_url=person.current_employer_linkedin_url,
        industry=person.current_employer_industry,
    )


def _position(item: _Job, present: Company | None) -> Employment | None:
    return job_of(
        title=item.title,
        company=present or company_of(name=item.company_name, linkedin_url=item.company_linkedin_url),
        levels=(item.highest_level,) if item.highest_level else (),
        role=item.department,
        sub_role=item.sub_department,
        description=item.description,
        is_current=item.is_current,
        start_at=api_date(item.start_date),
        end_at=api_date(item.end_date),
    )


def _study(school: _School) -> Education:
    degree = ", ".join(part for part in (school.degree, school.major) if part) or None
    return Education(school.school, degree, api_date(school.start), api_date(school.end))


def balance() -> HttpRequest:
    return HttpRequest("GET", "/universal/account/")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    if refused:
        return refused
    pools = msgspec.json.decode(response.body)["credit_usage"]
    pool = next((pool for pool in pools if "universal" in str(pool["credit_type"]).lower()), pools[0])
    left = pool["remaining"]
    return Balance(None if left is None else round(left * 1000))
