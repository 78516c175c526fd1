"""People Data Labs: mobile phone, personal e-mail or profile, all from one record at one price per match; companies.

What surprised us: what the plan does not include comes as ``true`` instead of a value; texts are in lower case and
addresses without a scheme; a record without the wanted field is paid for unless ``required`` names it; 404 is a miss.
Their client writes the key of a GET into the URL; ours stays in the header of their POSTs, which both calls take.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from openenrich.core.casing import company_name, title
from openenrich.core.company import company_of, headquarters_of
from openenrich.core.contact import EmailFound, EmailKind, Field, Known, LineType, PhoneFound, Values
from openenrich.core.dates import api_date
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.profile import Company, Education, Employment, Language, Profile
from openenrich.core.vendor import (
    SHAPE_ERRORS,
    Ask,
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

_ALL = frozenset(Field) - {Field.COMPANY}
_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_NEEDS = (
    frozenset({Known.LINKEDIN}),
    _NAME | {Known.DOMAIN},
    _NAME | {Known.COMPANY_NAME},
    frozenset({Known.WORK_EMAIL}),
)
_FIRMS = (frozenset({Known.DOMAIN}), frozenset({Known.COMPANY_LINKEDIN}), frozenset({Known.COMPANY_NAME}))


def _operation(name: str, field: Field, hits: float) -> Operation:
    """A hundred fit into a batch, but from eighty on their gateway may give up (502)."""
    wanted = frozenset({field})
    return Operation(name, wanted, _NEEDS, 1000, Charge.PER_MATCH, also_returns=_ALL - wanted, hit_rate=hits, batch=80)


VENDOR = Vendor(
    name="peopledatalabs",
    title="People Data Labs",
    docs="https://docs.peopledatalabs.com/docs/person-enrichment-api",
    base_url="https://api.peopledatalabs.com/v5",
    auth=HeaderKey("X-Api-Key"),
    style=Style.SYNC,
    operations=(
        _operation("phone", Field.PHONE, 0.35),
        _operation("personal_email", Field.PERSONAL_EMAIL, 0.5),
        _operation("profile", Field.PROFILE, 0.75),
        Operation(  # from a pool of its own, whose credit costs about $0.10
            "company", frozenset({Field.COMPANY}), _FIRMS, 357, Charge.PER_MATCH, hit_rate=0.8
        ),
    ),
    credit_price=MicroUsd(280_000),
    limits=Limits(per_minute=100),  # of a free key; paid ones have 1000
    region="US",
)
_REQUIRED = {"phone": "mobile_phone", "personal_email": "personal_emails"}
_PROFICIENCY = ("ELEMENTARY", "LIMITED_WORKING", "PROFESSIONAL_WORKING", "FULL_PROFESSIONAL", "NATIVE_OR_BILINGUAL")


class _Place(msgspec.Struct, frozen=True):
    locality: str | None = None
    region: str | None = None
    country: str | None = None
    street_address: str | None = None
    postal_code: str | None = None


class _Company(msgspec.Struct, frozen=True):
    name: str | None = None
    display_name: str | None = None
    summary: str | None = None
    tags: tuple[str, ...] = ()
    size: str | None = None
    employee_count: int | None = None
    linkedin_follower_count: int | None = None
    founded: int | None = None
    industry: str | None = None
    type: str | None = None
    website: str | None = None
    linkedin_url: str | None = None
    linkedin_id: int | None = None
    location: _Place = _Place()


class _Title(msgspec.Struct, frozen=True):
    name: str | None = None
    role: str | None = None
    sub_role: str | None = None
    levels: tuple[str, ...] = ()


class _Job(msgspec.Struct, frozen=True):
    company: _Company = _Company()
    title: _Title = _Title()
    start_date: str | None = None
    end_date: str | None = None
    is_primary: bool = False
    summary: str | None = None


class _School(msgspec.Struct, frozen=True):
    name: str | None = None


class _Education(msgspec.Struct, frozen=True):
    school: _School = _School()
    degrees: tuple[str, ...] = ()
    majors: tuple[str, ...] = ()
    start_date: str | None = None
    end_date: str | None = None


class _Language(msgspec.Struct, frozen=True):
    name: str | None = None
    proficiency: int | None = None


class _Email(msgspec.Struct, frozen=True):
    address: str | None = None
    type: str | None = None


class _Person(msgspec.Struct, frozen=True):
    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    headline: str | None = None
    summary: str | None = None
    linkedin_url: str | None = None
    linkedin_id: int | None = None
    linkedin_connections: int | None = None
    work_email: str | None = None
    recommended_personal_email: str | None = None
    personal_emails: tuple[str, ...] = ()
    emails: tuple[_Email, ...] = ()
    mobile_phone: str | None = None
    phone_numbers: tuple[str, ...] = ()
    location_locality: str | None = None
    location_region: str | None = None
    location_country: str | None = None
    job_company_employee_count: int | None = None
    skills: tuple[str, ...] = ()
    languages: tuple[_Language, ...] = ()
    experience: tuple[_Job, ...] = ()
    education: tuple[_Education, ...] = ()


class _Answer(msgspec.Struct, frozen=True):
    data: _Person


def request(ask: Ask) -> HttpRequest:
    if ask.operation == "company":
        return HttpRequest("GET", "/company/enrich", query=_firm(ask))
    return HttpRequest("GET", "/person/enrich", query=_told(ask))


def _told(ask: Ask) -> dict[str, str]:
    person = ask.contact
    told = {
        "profile": person.linkedin_url,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "company": person.domain or person.company_name,
        "email": person.work_email,
        "required": _REQUIRED.get(ask.operation),
    }
    return {name: value for name, value in told.items() if value}


def _firm(ask: Ask) -> dict[str, str]:
    firm = ask.contact
    told = {"website": firm.domain, "profile": firm.company_linkedin_url, "name": firm.company_name}
    return {name: value for name, value in told.items() if value}


def request_batch(asks: Sequence[Ask]) -> HttpRequest:
    rows = [{"metadata": {"row": ask.row}, "params": _told(ask)} for ask in asks]
    return HttpRequest("POST", "/person/bulk", json={"requests": rows})


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404:
        return NotFound()
    refused = refusal(response)
    if refused:
        return refused
    plain = _values_only(msgspec.json.decode(response.body))
    if ask.operation != "company":
        return _reply(ask, plain, _billed(response))
    company = _employer(msgspec.convert(plain, type=_Company, strict=False))
    return Found(Values(company=company)) if company else NotFound()


def read_batch(asks: Sequence[Ask], response: HttpResponse) -> dict[str, Reply] | Refused:
    """The rows come in our order, each with its metadata and a status of its own."""
    refused = refusal(response)
    if refused:
        return refused
    items = _values_only(msgspec.json.decode(response.body))
    pairs = zip(asks, items, strict=True)
    rows = {item.get("metadata", {}).get("row", ask.row): item for ask, item in pairs}
    return {ask.row: _row(ask, rows[ask.row]) for ask in asks}


def _row(ask: Ask, row: dict[str, Any]) -> Reply:
    """A row that cannot be read leaves the others readable: they are paid for."""
    status = row["status"]
    if status == 404:
        return NotFound()
    try:
        return refusal(HttpResponse(status, b"")) or _reply(ask, row, 1000)
    except SHAPE_ERRORS:
        return Refused(Reason.UNREADABLE)


def _reply(ask: Ask, plain: Any, billed: int | None) -> Reply:
    person = msgspec.convert(plain, type=_Answer, strict=False).data  # ids are numbers in quotes
    values = Values(_emails(person), _phones(person), _profile(person))
    if values == Values():
        return NotFound(billed)
    return other_person(ask, person.linkedin_url) or Found(values, billed)


def _billed(response: HttpResponse) -> int | None:
    spent = response.headers.get("x-call-credits-spent")
    return round(float(spent) * 1000) if spent else None


def _values_only(value: Any) -> Any:
    """Without nulls, and without the flags that stand for what the plan leaves out."""
    if isinstance(value, dict):
        kept = {name: _values_only(part) for name, part in value.items() if part is not None}
        return {name: part for name, part in kept.items() if name == "is_primary" or not isinstance(part, bool)}
    return [_values_only(part) for part in value if part is not None] if isinstance(value, list) else value


def _emails(person: _Person) -> tuple[EmailFound, ...]:
    """Addresses of former employers are left aside."""
    typed = [(email.type, email.address) for email in person.emails]
    work = [person.work_email, *(address for kind, address in typed if kind == "current_professional")]
    own = [person.recommended_personal_email, *person.personal_emails]
    own += [address for kind, address in typed if kind == "personal"]
    found = [EmailFound(address) for address in work if address]
    return tuple(dict.fromkeys(found + [EmailFound(address, EmailKind.PERSONAL) for address in own if address]))


def _phones(person: _Person) -> tuple[PhoneFound, ...]:
    """Only the mobile phone is said to be one."""
    mobile = person.mobile_phone
    others = [PhoneFound(number) for number in person.phone_numbers if number != mobile]
    return (PhoneFound(mobile, LineType.MOBILE), *others) if mobile else tuple(others)


def _profile(person: _Person) -> Profile | None:
    headcount = person.job_company_employee_count
    jobs = [(job.is_primary, _position(job, headcount)) for job in person.experience]
    return profile_of(
        full_name=person.full_name,
        first_name=person.first_name,
        last_name=person.last_name,
        headline=person.headline,
        description=person.summary,
        city=person.location_locality,
        region=person.location_region,
        nation=person.location_country,
        linkedin_url=person.linkedin_url,
        linkedin_number=person.linkedin_id,
        connections=person.linkedin_connections,
        educations=[_study(education) for education in person.education],
        languages=[_language(it.name, it.proficiency) for it in person.languages if it.name],
        skills=person.skills,
        current=next((job for is_primary, job in jobs if is_primary), None),
        jobs=[job for _, job in jobs],
    )


def _position(job: _Job, headcount: int | None) -> Employment | None:
    """``headcount`` is the one of the present employer. A missing end means "goes on" only with a known start."""
    start, end = api_date(job.start_date), api_date(job.end_date)
    return job_of(
        title=job.title.name,
        company=_employer(job.company, headcount if job.is_primary else None),
        levels=job.title.levels,
        role=job.title.role,
        sub_role=job.title.sub_role,
        description=job.summary,
        is_current=True if job.is_primary else (not end if start or end else None),
        start_at=start,
        end_at=end,
    )


def _employer(company: _Company, headcount: int | None = None) -> Company | None:
    place = company.location
    return company_of(
        name=company.display_name or company.name,
        website=company.website,
        linkedin_url=company.linkedin_url,
        linkedin_number=company.linkedin_id,
        followers=company.linkedin_follower_count,
        description=company.summary,
        founded=company.founded,
        headcount=company.employee_count or headcount,
        size=company.size,
        kind=company.type,
        industry=company.industry,
        specialties=company.tags,
        locations=headquarters_of(
            street=place.street_address,
            city=place.locality,
            region=place.region,
            postal_code=place.postal_code,
            nation=place.country,
        ),
    )


def _study(education: _Education) -> Education:
    school = education.school.name
    return Education(
        school_name=company_name(school) if school else None,
        degree=title(", ".join(education.degrees + education.majors)) or None,
        start_at=api_date(education.start_date),
        end_at=api_date(education.end_date),
    )


def _language(name: str, level: int | None) -> Language:
    return Language(title(name), _PROFICIENCY[level - 1] if level and level <= 5 else None)
