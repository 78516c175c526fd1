"""Crustdata: profile, work e-mail, personal e-mail and phone, each a call of its own, from a profile or an address.

What surprised us: a call without ``x-api-version`` is a 400; a miss is an entry without matches; contact data need a
larger plan and are a 403 for the others, which says nothing against the key (their page "Contact Enrich"). A request
takes accounts or addresses, never both: hence an operation for each. Their clients also say ``preview`` and
``verified``, whose defaults we want. The job for 300, whose results lie at another host, is left out.
"""

from collections.abc import Mapping, Sequence

import msgspec

from openenrich.core.company import company_of, headquarters_of
from openenrich.core.contact import EmailClaim, EmailFound, EmailKind, Field, Known, PhoneFound, Values
from openenrich.core.dates import api_date
from openenrich.core.linkedin import handle
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.places import parts_of_place
from openenrich.core.profile import Company, Education, Employment, Language, Profile
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
from openenrich.vendors._curriculum import latest, study
from openenrich.vendors._identity import other_person
from openenrich.vendors._known_parts import read_known
from openenrich.vendors._statuses import refusal

_LINKEDIN = frozenset({Known.LINKEDIN})
_ADDRESS = frozenset({Known.WORK_EMAIL})
_BY_ADDRESS = "_by_email"


def _operation(name: str, field: Field, price: int, hits: float) -> Operation:
    need = _ADDRESS if name.endswith(_BY_ADDRESS) else _LINKEDIN
    charge = Charge.PER_MATCH if field is Field.PROFILE else Charge.PER_RESULT
    return Operation(name, frozenset({field}), (need,), price, charge, hit_rate=hits, batch=25)


VENDOR = Vendor(
    name="crustdata",
    title="Crustdata",
    docs="https://docs.crustdata.com",
    base_url="https://api.crustdata.com",
    auth=HeaderKey("Authorization", "Bearer "),
    style=Style.SYNC,
    operations=(
        _operation("profile", Field.PROFILE, 1000, 0.75),
        _operation("email", Field.WORK_EMAIL, 1000, 0.4),
        _operation("personal_email", Field.PERSONAL_EMAIL, 2000, 0.3),
        _operation("phone", Field.PHONE, 2000, 0.3),
        _operation("profile_by_email", Field.PROFILE, 1000, 0.5),
        _operation("personal_email_by_email", Field.PERSONAL_EMAIL, 2000, 0.2),
        _operation("phone_by_email", Field.PHONE, 2000, 0.2),
    ),
    credit_price=MicroUsd(100_000),  # by contract: behind those who publish a price
    limits=Limits(per_minute=15),
    region="unknown",
    timeout_s=45.0,  # contact data of 25 people take up to 25 s
)
_FIELDS = {
    "profile": ("basic_profile", "experience", "education", "skills", "professional_network", "social_handles"),
    "email": ("contact.business_emails",),
    "personal_email": ("contact.personal_emails",),
    "phone": ("contact.phone_numbers",),
}
_HEADERS = {"x-api-version": "2025-11-01"}
_CLAIMS = {"deliverable": EmailClaim.DELIVERABLE, "undeliverable": EmailClaim.INVALID, "invalid": EmailClaim.INVALID}


class _Place(msgspec.Struct, frozen=True):
    full_location: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None


class _Basic(msgspec.Struct, frozen=True):
    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    headline: str | None = None
    summary: str | None = None
    languages: tuple[str, ...] = ()
    location: _Place = _Place()


class _Job(msgspec.Struct, frozen=True):
    name: str | None = None
    company_name: str | None = None
    title: str | None = None
    description: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    seniority_level: str = ""
    function_category: str | None = None
    company_website_domain: str | None = None
    company_professional_network_profile_url: str | None = None
    company_headcount_range: str | None = None
    company_headcount_latest: int | None = None
    company_industries: tuple[str, ...] = ()
    company_type: str | None = None
    company_hq_location: str | None = None
    company_headquarters_country: str | None = None


class _Jobs(msgspec.Struct, frozen=True):
    current: tuple[_Job, ...] = ()
    past: tuple[_Job, ...] = ()


class _Experience(msgspec.Struct, frozen=True):
    employment_details: _Jobs = _Jobs()


class _School(msgspec.Struct, frozen=True):
    school: str | None = None
    degree: str | None = None
    field_of_study: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class _Education(msgspec.Struct, frozen=True):
    schools: tuple[_School, ...] = ()


class _Skills(msgspec.Struct, frozen=True):
    professional_network_skills: tuple[str, ...] = ()


class _Network(msgspec.Struct, frozen=True):
    connections: int | None = None


class _Account(msgspec.Struct, frozen=True):
    profile_url: str | None = None


class _Handles(msgspec.Struct, frozen=True):
    professional_network_identifier: _Account = _Account()


class _Email(msgspec.Struct, frozen=True):
    email: str
    status: str = ""


class _Contact(msgspec.Struct, frozen=True):
    business_emails: tuple[_Email, ...] = ()
    personal_emails: tuple[_Email, ...] = ()
    phone_numbers: tuple[str, ...] = ()


class _Person(msgspec.Struct, frozen=True):
    basic_profile: _Basic = _Basic()
    experience: _Experience = _Experience()
    education: _Education = _Education()
    skills: _Skills = _Skills()
    professional_network: _Network = _Network()
    social_handles: _Handles = _Handles()
    contact: _Contact = _Contact()


class _Match(msgspec.Struct, frozen=True):
    person_data: _Person
    confidence_score: float = 0.0


class _Entry(msgspec.Struct, frozen=True):
    matches: tuple[_Match, ...]
    matched_on: str | None = None


class _Error(msgspec.Struct, frozen=True):
    error: dict[str, object] = {}


def request(ask: Ask) -> HttpRequest:
    return request_batch([ask])


def request_batch(asks: Sequence[Ask]) -> HttpRequest:
    told = [(ask.contact.linkedin_url, ask.contact.work_email) for ask in asks]
    accounts, addresses = ([text for text in texts if text] for texts in zip(*told, strict=True))
    people = {"professional_network_profile_urls": accounts} if accounts else {"business_emails": addresses}
    kind = _kind(asks[0])
    path = "/person/enrich" if kind == "profile" else "/person/contact/enrich"
    return HttpRequest("POST", path, json={**people, "fields": list(_FIELDS[kind])}, headers=_HEADERS)


def _kind(ask: Ask) -> str:
    return ask.operation.removesuffix(_BY_ADDRESS)


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404:
        return NotFound()
    refused = _refused(response, contact_data=_kind(ask) != "profile")
    if refused:
        return refused
    (entry,) = read_known(response.body, tuple[_Entry, ...])
    return _reply(ask, entry, _billed(response))


def read_batch(asks: Sequence[Ask], response: HttpResponse) -> dict[str, Reply] | Refused:
    """An entry repeats what it was asked by. What each person cost is not said, only what all of them did."""
    if response.status == 404:
        return {ask.row: NotFound() for ask in asks}
    refused = _refused(response, contact_data=_kind(asks[0]) != "profile")
    if refused:
        return refused
    rows = msgspec.json.decode(response.body, type=tuple[msgspec.Raw, ...])
    entries = {_key(msgspec.json.decode(row)["matched_on"]): row for row in rows}
    return {ask.row: _row(ask, entries) for ask in asks}


def _key(matched_on: str) -> str:
    return handle(matched_on) or matched_on.lower()


def _row(ask: Ask, entries: Mapping[str, msgspec.Raw]) -> Reply:
    """A row that cannot be read leaves the others readable: they are paid for."""
    try:
        row = entries[_key(ask.contact.linkedin_url or ask.contact.work_email or "")]
        return _reply(ask, read_known(bytes(row), _Entry), None)
    except SHAPE_ERRORS:
        return Refused(Reason.UNREADABLE)


def _reply(ask: Ask, entry: _Entry, billed: int | None) -> Reply:
    if not entry.matches:
        return NotFound(0)
    person = max(entry.matches, key=lambda match: match.confidence_score).person_data
    values = _values(_kind(ask), person)
    url = person.social_handles.professional_network_identifier.profile_url or entry.matched_on
    return other_person(ask, url) or (NotFound(billed) if values == Values() else Found(values, billed))


def _refused(response: HttpResponse, *, contact_data: bool) -> Refused | None:
    """A 403 is an empty account, or the plan; the plan's is one about the question where contact data are asked."""
    refused = refusal(response)
    if refused is None or response.status != 403:
        return refused
    kind = str(read_known(response.body, _Error).error.get("type", ""))
    if "credit" in kind:
        return Refused(Reason.NO_CREDIT, code="403")
    return Refused(Reason.INPUT_REFUSED, code="plan") if contact_data and kind == "permission_error" else refused


def _billed(response: HttpResponse) -> int | None:
    spent = response.headers.get("x-credits-used")
    return round(float(spent) * 1000) if spent else None


def _values(operation: str, person: _Person) -> Values:
    """Numbers are untyped."""
    if operation == "profile":
        return Values(profile=_profile(person))
    contact = person.contact
    work = [EmailFound(item.email, claim=_claim(item)) for item in contact.business_emails]
    own = [EmailFound(item.email, EmailKind.PERSONAL, _claim(item)) for item in contact.personal_emails]
    emails = {"email": work, "personal_email": own}.get(operation, [])
    return Values(tuple(emails), tuple(PhoneFound(number) for number in contact.phone_numbers))


def _claim(item: _Email) -> EmailClaim:
    return _CLAIMS.get(item.status, EmailClaim.UNKNOWN)


def _profile(person: _Person) -> Profile | None:
    basic, place = person.basic_profile, person.basic_profile.location
    city, region, nation = parts_of_place(place.full_location, place.country)
    employment = person.experience.employment_details
    now = [_position(job, is_current=True) for job in employment.current]
    return profile_of(
        full_name=basic.name,
        first_name=basic.first_name,
        last_name=basic.last_name,
        headline=basic.headline,
        description=basic.summary,
        city=place.city or city,
        region=place.state or region,
        nation=nation,
        linkedin_url=person.social_handles.professional_network_identifier.profile_url,
        connections=person.professional_network.connections,
        educations=[_study(school) for school in person.education.schools],
        languages=[Language(language) for language in basic.languages],
        skills=person.skills.professional_network_skills,
        current=latest(now),
        jobs=[*now, *(_position(job, is_current=False) for job in employment.past)],
    )


def _position(job: _Job, *, is_current: bool) -> Employment | None:
    return job_of(
        title=job.title,
        company=_employer(job),
        levels=(job.seniority_level,),
        role=job.function_category,
        description=job.description,
        is_current=is_current,
        start_at=api_date(job.start_date),
        end_at=api_date(job.end_date),
    )


def _employer(job: _Job) -> Company | None:
    city, region, nation = parts_of_place(job.company_hq_location, job.company_headquarters_country)
    return company_of(
        name=job.name or job.company_name,
        website=job.company_website_domain,
        linkedin_url=job.company_professional_network_profile_url,
        headcount=job.company_headcount_latest,
        size=job.company_headcount_range,
        kind=job.company_type,
        industry=next(iter(job.company_industries), None),
        locations=headquarters_of(city=city, region=region, nation=nation),
    )


def _study(school: _School) -> Education:
    degree = (school.degree, school.field_of_study)
    return study(school.school, degree, api_date(school.start_date), api_date(school.end_date))


def balance() -> HttpRequest:
    return HttpRequest("GET", "/account/credits", headers=_HEADERS)


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body)
    return Balance(round(answer.get("account", answer)["credits"] * 1000))
