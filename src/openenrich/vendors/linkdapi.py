"""LinkdAPI: the whole profile, read live from the network, from the profile alone.

What surprised us: nearly every answer is a 200, so ``success`` and the ``statusCode`` inside decide; a miss has no data
or no success; a request without a User-Agent is a 503; unknown parts of a date are 0. Member ids go into ``urn``. The
balance can be read, but with the key in another header than here, so it is not (their page "Account & Credits").
"""

from dataclasses import replace

import msgspec

from openenrich.core.company import company_of
from openenrich.core.contact import Field, Known, Values
from openenrich.core.linkedin import company_url, is_member_id
from openenrich.core.linkedin import url as profile_url
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.places import parts_of_place
from openenrich.core.profile import Company, Education, Employment, Language, Profile
from openenrich.core.vendor import (
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
from openenrich.vendors._curriculum import Day, latest, proficiency, study
from openenrich.vendors._identity import other_person
from openenrich.vendors._known_parts import read_known
from openenrich.vendors._statuses import refusal

VENDOR = Vendor(
    name="linkdapi",
    title="LinkdAPI",
    docs="https://linkdapi.com/docs",
    base_url="https://linkdapi.com",
    auth=HeaderKey("X-linkdapi-apikey"),
    style=Style.SYNC,
    operations=(
        Operation(
            name="profile",
            returns=frozenset({Field.PROFILE}),
            needs=(frozenset({Known.LINKEDIN}),),
            credits=1000,
            charge=Charge.PER_MATCH,
            hit_rate=0.85,
        ),
    ),
    credit_price=MicroUsd(10_000),
    limits=Limits(per_minute=30, concurrency=10),  # with up to 9,999 credits; more credits allow more
    region="unknown",
    timeout_s=40.0,
)

_NOBODY = ("doesn't exist", "cannot be displayed")


class _Named(msgspec.Struct, frozen=True):
    name: str = ""
    proficiency: str = ""


class _Place(msgspec.Struct, frozen=True):
    country: str | None = None
    city: str | None = None
    full: str | None = None
    countryCode: str | None = None  # noqa: N815 - the vendor's spelling, as below


class _School(msgspec.Struct, frozen=True, rename="camel"):
    school_name: str | None = None
    field_of_study: str | None = None
    degree: str | None = None
    start: Day = Day()
    end: Day = Day()


class _Job(msgspec.Struct, frozen=True, rename="camel"):
    company_id: int | str = ""
    company_name: str | None = None
    company_link: str | None = msgspec.field(default=None, name="companyURL")
    company_industry: str | None = None
    title: str | None = None
    description: str | None = None
    start: Day = Day()
    end: Day = Day()


class _Person(msgspec.Struct, frozen=True, rename="camel"):
    id: int = 0
    username: str = ""
    first_name: str | None = None
    last_name: str | None = None
    headline: str | None = None
    summary: str | None = None
    connections_count: int | None = None
    geo: _Place = _Place()
    languages: tuple[_Named, ...] = ()
    educations: tuple[_School, ...] = ()
    skills: tuple[_Named, ...] = ()
    full_positions: tuple[_Job, ...] = ()
    position: tuple[_Job, ...] = ()


class _Answer(msgspec.Struct, frozen=True, rename="camel"):
    success: bool
    status_code: int = 404
    message: str = ""
    errors: object = None
    data: _Person | None = None


def request(ask: Ask) -> HttpRequest:
    handle = ask.contact.linkedin_handle or ""
    return HttpRequest("GET", "/api/v1/profile/full", query={"urn" if is_member_id(handle) else "username": handle})


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404:
        return NotFound()
    refused = refusal(response)
    if refused:
        return refused
    answer = read_known(response.body, _Answer)
    if not answer.success or answer.data is None:
        return _unsuccessful(answer, response)
    return _found(ask, answer.data)


def _unsuccessful(answer: _Answer, response: HttpResponse) -> Reply:
    """A failure of theirs or of the account stands inside a 200; what has no such status is a miss."""
    if any(words in f"{answer.message} {answer.errors}" for words in _NOBODY):
        return NotFound()
    if "credit" in answer.message.lower():
        return Refused(Reason.NO_CREDIT, code="200")
    inside = replace(response, status=answer.status_code if answer.status_code >= 400 else 404)
    return NotFound() if inside.status == 404 else refusal(inside) or NotFound()


def _found(ask: Ask, person: _Person) -> Reply:
    url = profile_url(person.username) if person.username else None
    profile = _profile(person, url)
    return other_person(ask, url) or (Found(Values(profile=profile)) if profile else NotFound())


def _profile(person: _Person, url: str | None) -> Profile | None:
    city, region, nation = parts_of_place(person.geo.full or person.geo.city, person.geo.country)
    jobs = [_position(job) for job in person.full_positions or person.position]
    return profile_of(
        first_name=person.first_name,
        last_name=person.last_name,
        full_name=" ".join(part for part in (person.first_name, person.last_name) if part),
        headline=person.headline,
        description=person.summary,
        city=city,
        region=region,
        nation=person.geo.countryCode or nation,
        linkedin_url=url,
        linkedin_number=person.id or None,
        connections=person.connections_count,
        educations=[_study(school) for school in person.educations],
        languages=[Language(item.name, proficiency(item.proficiency)) for item in person.languages if item.name],
        skills=[skill.name for skill in person.skills if skill.name],
        current=latest(jobs),
        jobs=jobs,
    )


def _position(job: _Job) -> Employment | None:
    start, end = job.start.text, job.end.text
    return job_of(
        title=job.title,
        company=_employer(job),
        description=job.description,
        is_current=not end if start or end else None,
        start_at=start,
        end_at=end,
    )


def _employer(job: _Job) -> Company | None:
    """The company's number is as good as its handle in an address of the network."""
    number = str(job.company_id)
    return company_of(
        name=job.company_name,
        linkedin_url=job.company_link or (company_url(number) if number else None),
        linkedin_number=int(number) if number.isdigit() else None,
        industry=job.company_industry,
    )


def _study(school: _School) -> Education:
    return study(school.school_name, (school.degree, school.field_of_study), school.start.text, school.end.text)
