"""ContactOut: work e-mail, personal e-mail and phone from separate pools of credits, and a profile for a search credit.

What surprised us: 400 means a bad key and 401 a bad question, and 403 is an empty pool only when the text says so; a
missing profile is an empty list instead of an object; an account that is not paid gets sample data of somebody else,
which only the profile's address gives away. Prices are by quote: ours are the middle of what is told in public.
Several people at once are left out, and with them callbacks: the batch that answers at once mixes both kinds of address
without saying which is which, and the batch that becomes a job guesses more, so both are charged differently.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from openenrich.core.company import company_of
from openenrich.core.contact import Contact, EmailClaim, EmailFound, EmailKind, Field, Known, PhoneFound, Values
from openenrich.core.dates import api_date, api_date_of
from openenrich.core.money import MicroUsd
from openenrich.core.names import folded, split_full_name
from openenrich.core.person import job_of, profile_of
from openenrich.core.places import parts_of_place
from openenrich.core.profile import (
    Company,
    CompanyLocations,
    Education,
    Employment,
    Headquarters,
    Language,
    Office,
    Profile,
)
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


def _operation(name: str, field: Field, credits_taken: int, hits: float) -> Operation:
    """A contact comes with a profile when it was searched by name."""
    wanted = frozenset({field})
    return Operation(name, wanted, _NEEDS, credits_taken, Charge.PER_RESULT, also_returns=_ALSO - wanted, hit_rate=hits)


VENDOR = Vendor(
    name="contactout",
    title="ContactOut",
    docs="https://api.contactout.com",
    base_url="https://api.contactout.com",
    auth=HeaderKey("token"),
    style=Style.SYNC,
    operations=(
        _operation("email", Field.WORK_EMAIL, 1000, 0.4),
        _operation("personal_email", Field.PERSONAL_EMAIL, 1000, 0.5),
        _operation("phone", Field.PHONE, 5500, 0.35),
        _operation("profile", Field.PROFILE, 1000, 0.7),
    ),
    credit_price=MicroUsd(100_000),
    limits=Limits(),  # not published; a 429 says how long to wait
    region="unknown",
)
_KINDS = {"email": "work", "personal_email": "personal", "phone": "none"}
_INCLUDED = {"email": "work_email", "personal_email": "personal_email", "phone": "phone"}
_LEVELS = (
    ("native", "NATIVE_OR_BILINGUAL"),
    ("bilingual", "NATIVE_OR_BILINGUAL"),
    ("full professional", "FULL_PROFESSIONAL"),
    ("professional working", "PROFESSIONAL_WORKING"),
    ("limited working", "LIMITED_WORKING"),
    ("elementary", "ELEMENTARY"),
)
_Year = int | str | None


class _Company(msgspec.Struct, frozen=True):
    name: str | None = None
    url: str | None = None
    linkedin_company_id: int | str | None = None
    domain: str | None = None
    overview: str | None = None
    type: str | None = None
    size: int | None = None
    founded_at: int | None = None
    industry: str | None = None
    headquarter: str | None = None
    website: str | None = None
    specialties: tuple[str, ...] | None = None
    locations: tuple[Any, ...] | None = None


class _Job(msgspec.Struct, frozen=True):
    title: str | None = None
    company_name: str | None = None
    linkedin_url: str | None = None
    summary: str | None = None
    start_date_year: _Year = None
    start_date_month: _Year = None
    end_date_year: _Year = None
    end_date_month: _Year = None
    is_current: bool | None = None


class _School(msgspec.Struct, frozen=True):
    school_name: str | None = None
    degree: str | None = None
    field_of_study: str | None = None
    start_date_year: _Year = None
    end_date_year: _Year = None


class _Language(msgspec.Struct, frozen=True):
    name: str
    proficiency: str | None = None


class _Person(msgspec.Struct, frozen=True):
    url: str | None = None
    work_email: tuple[str, ...] | None = None
    work_email_status: Mapping[str, str | None] | list[Any] | None = None  # an empty map is an empty list
    personal_email: tuple[str, ...] | None = None
    phone: tuple[str, ...] | None = None
    full_name: str | None = None
    headline: str | None = None
    summary: str | None = None
    location: str | None = None
    country: str | None = None
    job_function: str | None = None
    seniority: str | None = None
    skills: tuple[str, ...] | None = None
    company: _Company | list[Any] | None = None
    experience: tuple[_Job, ...] | None = None
    education: tuple[_School, ...] | None = None
    languages: tuple[_Language, ...] | None = None


class _Answer(msgspec.Struct, frozen=True):
    status_code: int = 200
    profile: _Person | list[Any] | None = None


def request(ask: Ask) -> HttpRequest:
    """By a profile's address the plain call, which takes no search credit; the profile itself is a search."""
    person = ask.contact
    if _is_plain(ask):
        query = {"profile": person.linkedin_url or "", "email_type": _KINDS[ask.operation]}
        phone = {"include_phone": "true"} if ask.operation == "phone" else {}
        return HttpRequest("GET", "/v1/people/linkedin", query=query | phone)
    told = {
        "include": [_INCLUDED[ask.operation]] if ask.operation in _INCLUDED else [],
        "linkedin_url": person.linkedin_url,
        "email": person.work_email,
        "full_name": person.full_name,
        "company_domain": [person.domain] if person.domain else None,
        "company": [person.company_name] if person.company_name else None,
    }
    body = {name: value for name, value in told.items() if value is not None}
    return HttpRequest("POST", "/v1/people/enrich", json=body)


def _is_plain(ask: Ask) -> bool:
    return ask.contact.linkedin_handle is not None and ask.operation != "profile"


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404:
        return NotFound()
    refused = _refused(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    person = answer.profile
    if answer.status_code == 404 or (isinstance(person, list) and not person):
        return NotFound()
    if not isinstance(person, _Person):
        raise TypeError("an answer without a profile")
    values = Values(_emails(person), tuple(PhoneFound(number) for number in person.phone or ()), _profile(person))
    if values == Values():
        return NotFound()
    return other_person(ask, person.url) or _stranger(ask.contact, person) or Found(values, _billed(ask, values))


def _refused(response: HttpResponse) -> Refused | None:
    broke = response.status == 403 and b"credit" in response.body.lower()
    table = {400: Reason.BAD_KEY, 401: Reason.INPUT_REFUSED, 403: Reason.NO_CREDIT if broke else Reason.BAD_KEY}
    return refusal(response, table)


def _stranger(asked: Contact, person: _Person) -> Refused | None:
    """Sample data in the answer to a question by name: not a word of the name is the same."""
    told, given = (set(folded(name or "").split()) for name in (asked.full_name, person.full_name))
    return None if not told or not given or told & given else Refused(Reason.UNREADABLE, code="other_person")


def _billed(ask: Ask, values: Values) -> int | None:
    """A search takes a credit for the person, besides the one for what was wanted."""
    operation = VENDOR.operation(ask.operation)
    if _is_plain(ask) or ask.operation == "profile":
        return None
    return 1000 + (operation.credits if values.fields() & operation.returns else 0)


def _emails(person: _Person) -> tuple[EmailFound, ...]:
    """The list ``email`` mixes both kinds and is left aside. A verified address goes first."""
    states = person.work_email_status if isinstance(person.work_email_status, Mapping) else {}
    work = [(address, (states.get(address) or "").lower() == "verified") for address in person.work_email or ()]
    work.sort(key=lambda item: not item[1])
    return (
        *(EmailFound(it, claim=EmailClaim.DELIVERABLE if good else EmailClaim.UNKNOWN) for it, good in work),
        *(EmailFound(address, EmailKind.PERSONAL) for address in person.personal_email or ()),
    )


def _profile(person: _Person) -> Profile | None:
    """An answer with contacts only names nobody: it is no profile."""
    if not person.full_name:
        return None
    employer = person.company if isinstance(person.company, _Company) else None
    held = person.experience or ()
    here = [item for item in held if item.is_current]
    main = next((item for item in here if employer and item.company_name == employer.name), next(iter(here), None))
    jobs = [_position(item, person, employer if item is main else None, is_main=item is main) for item in held]
    alone = _position(_Job(is_current=True), person, employer, is_main=True) if employer else None
    first, last = split_full_name(person.full_name)
    city, region, nation = parts_of_place(person.location, person.country)
    return profile_of(
        first_name=first,
        last_name=last,
        full_name=person.full_name,
        headline=person.headline,
        description=person.summary,
        city=city,
        region=region,
        nation=nation,
        linkedin_url=person.url,
        educations=[_study(school) for school in person.education or ()],
        languages=[_language(language) for language in person.languages or ()],
        skills=person.skills or (),
        current=jobs[held.index(main)] if main else alone,
        jobs=jobs,
    )


def _position(item: _Job, person: _Person, employer: _Company | None, *, is_main: bool) -> Employment | None:
    company = _employer(employer) if employer else company_of(name=item.company_name, linkedin_url=item.linkedin_url)
    return job_of(
        title=item.title,
        company=company,
        levels=(person.seniority,) if is_main and person.seniority else (),
        role=person.job_function if is_main else None,
        description=item.summary,
        is_current=item.is_current,
        start_at=_date(item.start_date_year, item.start_date_month),
        end_at=_date(item.end_date_year, item.end_date_month),
    )


def _date(year: _Year, month: _Year = None) -> str | None:
    return api_date_of(int(year), int(month) if month else None) if year else None


def _employer(company: _Company) -> Company | None:
    """Addresses are lines of text; only the first line can be given."""
    number = str(company.linkedin_company_id or "")
    seat = Headquarters(line1=company.headquarter) if company.headquarter else None
    offices = tuple(Office(line1=line) for line in company.locations or () if isinstance(line, str)) or None
    return company_of(
        name=company.name,
        website=company.website or company.domain,
        linkedin_url=company.url,
        linkedin_number=int(number) if number.isdigit() else None,
        description=company.overview,
        founded=company.founded_at,
        headcount=company.size,
        kind=company.type,
        industry=company.industry,
        specialties=company.specialties or (),
        locations=CompanyLocations(seat, offices) if seat or offices else None,
    )


def _study(school: _School) -> Education:
    degree = ", ".join(dict.fromkeys(part for part in (school.degree, school.field_of_study) if part)) or None
    years = (str(school.start_date_year or ""), str(school.end_date_year or ""))
    return Education(school.school_name, degree, api_date(years[0]), api_date(years[1]))


def _language(language: _Language) -> Language:
    phrase = (language.proficiency or "").lower()
    return Language(language.name, next((level for words, level in _LEVELS if words in phrase), None))


def balance() -> HttpRequest:
    return HttpRequest("GET", "/v1/stats")


def read_balance(response: HttpResponse) -> Balance | Refused:
    """The pool of e-mail credits. Prepaid accounts have no ``remaining``; there ``quota`` is what is left."""
    refused = _refused(response)
    if refused:
        return refused
    usage = msgspec.json.decode(response.body)["usage"]
    left = usage.get("remaining")
    return Balance(round((usage["quota"] if left is None else left) * 1000))
