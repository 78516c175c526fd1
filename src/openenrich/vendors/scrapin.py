"""ScrapIn: the profile with the present company, read live from the network, from the profile alone.

What surprised us: ``success`` may be false on a 200, and a place is a text or an object, a skill a text or an object.
The GET that their page "Get Profile Data" shows answers with a name and a headline; the rest must be named, which their
customers' clients do in a POST. The price is ours, and whether a private profile costs anything is open. Hence
experimental.
"""

import msgspec

from openenrich.core.company import company_of, headquarters_of
from openenrich.core.contact import Field, Known, Values
from openenrich.core.linkedin import url as profile_url
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.places import parts_of_place
from openenrich.core.profile import Company, Education, Employment, Language, Profile
from openenrich.core.vendor import (
    Ask,
    Charge,
    Found,
    HttpRequest,
    HttpResponse,
    Limits,
    NotFound,
    Operation,
    QueryKey,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._curriculum import Day, latest, proficiency, study
from openenrich.vendors._identity import other_person
from openenrich.vendors._known_parts import read_known
from openenrich.vendors._statuses import refusal

VENDOR = Vendor(
    name="scrapin",
    title="ScrapIn",
    docs="https://docs.scrapin.io",
    base_url="https://api.scrapin.io",
    auth=QueryKey("apikey"),
    style=Style.SYNC,
    operations=(
        Operation(
            name="profile",
            returns=frozenset({Field.PROFILE}),
            needs=(frozenset({Known.LINKEDIN}),),
            credits=1000,
            charge=Charge.PER_MATCH,
            hit_rate=0.8,
        ),
    ),
    credit_price=MicroUsd(20_000),  # not published: the price of others who read the same source
    limits=Limits(concurrency=10),
    region="unknown",
    timeout_s=40.0,  # theirs is about 30
    experimental=True,
)

_PARTS = ("Company", "Summary", "Experience", "Education", "Skills", "Languages")


class _Named(msgspec.Struct, frozen=True):
    name: str = ""
    proficiency: str = ""


class _Place(msgspec.Struct, frozen=True, rename="camel"):
    """``geographic_area`` is the region of a company, ``state`` the one of a person."""

    city: str | None = None
    state: str | None = None
    country: str | None = None
    country_code: str | None = None
    geographic_area: str | None = None
    postal_code: str | None = None


class _Span(msgspec.Struct, frozen=True):
    start: Day = Day()
    end: Day = Day()


class _Job(msgspec.Struct, frozen=True, rename="camel"):
    title: str | None = None
    company_name: str | None = None
    description: str | None = None
    start_end_date: _Span = _Span()
    linked_in_url: str | None = None
    linked_in_id: int | str = ""


class _School(msgspec.Struct, frozen=True, rename="camel"):
    school_name: str | None = None
    degree_name: str | None = None
    field_of_study: str | None = None
    start_end_date: _Span = _Span()


class _Jobs(msgspec.Struct, frozen=True, rename="camel"):
    position_history: tuple[_Job, ...] = ()


class _Schools(msgspec.Struct, frozen=True, rename="camel"):
    education_history: tuple[_School, ...] = ()


class _Person(msgspec.Struct, frozen=True, rename="camel"):
    public_identifier: str | None = None
    member_identifier: int | str = ""
    connections_count: int | None = None
    linked_in_url: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    headline: str | None = None
    summary: str | None = None
    location: _Place | str = ""
    positions: _Jobs = _Jobs()
    schools: _Schools = _Schools()
    skills: tuple[_Named | str, ...] = ()
    languages: tuple[_Named | str, ...] = ()


class _Company(msgspec.Struct, frozen=True, rename="camel"):
    name: str | None = None
    website_url: str | None = None
    linked_in_url: str | None = None
    linked_in_id: int | str = ""
    description: str | None = None
    industry: str | None = None
    employee_count: int | None = None
    founded_on: Day = Day()
    specialities: tuple[str, ...] = ()
    headquarter: _Place = _Place()


class _Answer(msgspec.Struct, frozen=True):
    success: bool
    credits_consumed: float | None = None
    person: _Person | None = None
    company: _Company = _Company()


def request(ask: Ask) -> HttpRequest:
    parts = {f"include{part}": True for part in _PARTS}
    body = {"linkedInUrl": ask.contact.linkedin_url, "includes": parts}
    return HttpRequest("POST", "/v1/enrichment/profile", json=body)


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404:
        return NotFound()
    refused = refusal(response)
    if refused:
        return refused
    answer = read_known(response.body, _Answer)
    person, spent = answer.person, answer.credits_consumed
    billed = None if spent is None else round(spent * 1000)
    if not answer.success or person is None or not (person.first_name or person.last_name):
        return NotFound(billed)
    return other_person(ask, _url(person)) or Found(Values(profile=_profile(person, answer.company)), billed)


def _url(person: _Person) -> str | None:
    identifier = person.public_identifier
    return person.linked_in_url or (profile_url(identifier) if identifier else None)


def _profile(person: _Person, company: _Company) -> Profile | None:
    place = person.location
    if isinstance(place, str):
        city, region, nation = parts_of_place(place)
    else:
        city, region, nation = place.city, place.state, place.country_code or place.country
    jobs = [_position(job, company) for job in person.positions.position_history]
    return profile_of(
        first_name=person.first_name,
        last_name=person.last_name,
        full_name=" ".join(part for part in (person.first_name, person.last_name) if part),
        headline=person.headline,
        description=person.summary,
        city=city,
        region=region,
        nation=nation,
        linkedin_url=_url(person),
        linkedin_number=_number(person.member_identifier),
        connections=person.connections_count,
        educations=[_study(school) for school in person.schools.education_history],
        languages=[_language(item) for item in person.languages if _name(item)],
        skills=[name for item in person.skills if (name := _name(item))],
        current=latest(jobs),
        jobs=jobs,
    )


def _name(item: _Named | str) -> str:
    return item if isinstance(item, str) else item.name


def _language(item: _Named | str) -> Language:
    return Language(item) if isinstance(item, str) else Language(item.name, proficiency(item.proficiency))


def _number(identifier: int | str) -> int | None:
    return int(identifier) if str(identifier).isdecimal() else None


def _position(job: _Job, company: _Company) -> Employment | None:
    start, end = job.start_end_date.start.text, job.start_end_date.end.text
    return job_of(
        title=job.title,
        company=_employer(job, company if job.company_name == company.name else _Company()),
        description=job.description,
        is_current=not end if start or end else None,
        start_at=start,
        end_at=end,
    )


def _employer(job: _Job, company: _Company) -> Company | None:
    """The answer describes one company: more is known of the positions there."""
    place = company.headquarter
    return company_of(
        name=job.company_name,
        website=company.website_url,
        linkedin_url=company.linked_in_url or job.linked_in_url,
        linkedin_number=_number(company.linked_in_id) or _number(job.linked_in_id),
        description=company.description,
        founded=company.founded_on.year,
        headcount=company.employee_count,
        industry=company.industry,
        specialties=company.specialities,
        locations=headquarters_of(
            city=place.city, region=place.geographic_area, postal_code=place.postal_code, nation=place.country
        ),
    )


def _study(school: _School) -> Education:
    when = school.start_end_date
    return study(school.school_name, (school.degree_name, school.field_of_study), when.start.text, when.end.text)
