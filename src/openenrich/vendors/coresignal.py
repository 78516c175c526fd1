"""Coresignal: the whole profile with a full company on every position, and often a work e-mail; companies.

What surprised us: "current" is the number 1; addresses are partly guesses and say so in their status; there is no call
for the balance, but every answer carries it, so a free search asks for it. The profile goes into the query (their page
"Enrich: Employee API"), not into the path as in their n8n node, for paths are logged; hence a company is asked for by
its domain alone. Bulk calls take their own numbers only.
"""

import msgspec

from openenrich.core.company import company_of, headquarters_of
from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, Values
from openenrich.core.dates import api_date, api_date_of
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.profile import Company, Education, Employment, Language, Profile
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
from openenrich.vendors._curriculum import latest, proficiency
from openenrich.vendors._identity import other_person
from openenrich.vendors._known_parts import read_known
from openenrich.vendors._statuses import refusal

VENDOR = Vendor(
    name="coresignal",
    title="Coresignal",
    docs="https://docs.coresignal.com/employee-data/api/enrich",
    base_url="https://api.coresignal.com/cdapi/v2",
    auth=HeaderKey("apikey"),
    style=Style.SYNC,
    operations=(
        Operation(
            name="profile",
            returns=frozenset({Field.PROFILE}),
            also_returns=frozenset({Field.WORK_EMAIL}),
            needs=(frozenset({Known.LINKEDIN}),),
            credits=20_000,
            charge=Charge.PER_MATCH,
            hit_rate=0.8,
        ),
        Operation(
            name="company",
            returns=frozenset({Field.COMPANY}),
            needs=(frozenset({Known.DOMAIN}),),
            credits=20_000,
            charge=Charge.PER_MATCH,
            hit_rate=0.8,
        ),
    ),
    credit_price=MicroUsd(19_600),
    limits=Limits(per_second=5),  # of the smallest plan; others have up to 100
    region="unknown",
)
_CLAIMS = {"verified": EmailClaim.DELIVERABLE, "matched_email": EmailClaim.PROBABLE}


class _Job(msgspec.Struct, frozen=True):
    active_experience: int = 0
    position_title: str | None = None
    department: str | None = None
    management_level: str = ""
    description: str | None = None
    date_from: str | None = None
    date_from_year: int | None = None
    date_from_month: int | None = None
    date_to: str | None = None
    date_to_year: int | None = None
    date_to_month: int | None = None
    company_id: int | None = None
    company_name: str | None = None
    company_type: str | None = None
    company_founded_year: int | None = None
    company_website: str | None = None
    company_linkedin_url: str | None = None
    company_professional_network_url: str | None = None
    company_size_range: str | None = None
    company_employees_count: int | None = None
    company_industry: str | None = None
    company_categories_and_keywords: tuple[str, ...] = ()
    company_followers_count: int | None = None
    company_hq_country: str | None = None
    company_hq_country_iso2: str | None = None
    company_hq_city: str | None = None
    company_hq_state: str | None = None
    company_hq_street: str | None = None
    company_hq_zipcode: str | None = None


class _School(msgspec.Struct, frozen=True):
    institution_name: str | None = None
    degree: str | None = None
    date_from_year: int | None = None
    date_to_year: int | None = None


class _Language(msgspec.Struct, frozen=True):
    language: str
    proficiency: str = ""


class _Person(msgspec.Struct, frozen=True):
    id: int
    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    headline: str | None = None
    summary: str | None = None
    linkedin_url: str | None = None
    professional_network_url: str | None = None
    location_country: str | None = None
    location_country_iso2: str | None = None
    location_city: str | None = None
    location_state: str | None = None
    connections_count: int | None = None
    inferred_skills: tuple[str, ...] = ()
    primary_professional_email: str | None = None
    primary_professional_email_status: str = ""
    active_experience_title: str | None = None
    active_experience_company_id: int | None = None
    experience: tuple[_Job, ...] = ()
    education: tuple[_School, ...] = ()
    languages: tuple[_Language, ...] = ()


class _Firm(msgspec.Struct, frozen=True):
    id: int
    company_name: str | None = None
    website: str | None = None
    website_domain: str | None = None
    linkedin_url: str | None = None
    professional_network_url: str | None = None
    description: str | None = None
    description_enriched: str | None = None
    type: str | None = None
    founded_year: int | None = None
    size_range: str | None = None
    employees_count: int | None = None
    industry: str | None = None
    categories_and_keywords: tuple[str, ...] = ()
    followers_count_linkedin: int | None = None
    followers_count_professional_network: int | None = None
    hq_country: str | None = None
    hq_country_iso2: str | None = None
    hq_city: str | None = None
    hq_state: str | None = None
    hq_street: str | None = None
    hq_zipcode: str | None = None


def request(ask: Ask) -> HttpRequest:
    if ask.operation == "company":
        return HttpRequest("GET", "/company_multi_source/enrich", query={"website": ask.contact.domain or ""})
    return HttpRequest("GET", "/employee_multi_source/enrich", query={"social_url": ask.contact.linkedin_url or ""})


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404:
        return NotFound()
    refused = refusal(response)
    if refused:
        return refused
    if ask.operation == "company":
        company = _firm(read_known(response.body, _Firm))
        return Found(Values(company=company)) if company else NotFound()
    person = read_known(response.body, _Person)
    url = person.professional_network_url or person.linkedin_url
    profile = _profile(person, url)
    found = Found(Values(emails=_emails(person), profile=profile))
    return other_person(ask, url) or (found if profile else NotFound())


def _emails(person: _Person) -> tuple[EmailFound, ...]:
    """Everything that begins with ``guessed_`` is a pattern without evidence."""
    address = person.primary_professional_email
    claim = _CLAIMS.get(person.primary_professional_email_status, EmailClaim.UNKNOWN)
    return (EmailFound(address, claim=claim),) if address else ()


def _profile(person: _Person, url: str | None) -> Profile | None:
    jobs = [(job, _position(job)) for job in person.experience]
    main = [position for job, position in jobs if _is_main(person, job)]
    positions = [position for _, position in jobs]
    return profile_of(
        full_name=person.full_name,
        first_name=person.first_name,
        last_name=person.last_name,
        headline=person.headline,
        description=person.summary,
        city=person.location_city,
        region=person.location_state,
        nation=person.location_country_iso2 or person.location_country,
        linkedin_url=url,
        connections=person.connections_count,
        educations=[_study(school) for school in person.education],
        languages=[Language(item.language, proficiency(item.proficiency)) for item in person.languages],
        skills=person.inferred_skills,
        current=next((position for position in main if position), None) or latest(positions),
        jobs=positions,
    )


def _is_main(person: _Person, job: _Job) -> bool:
    """Several positions may be active: the head of the record repeats the main one."""
    here = (job.position_title, job.company_id)
    return job.active_experience == 1 and here == (person.active_experience_title, person.active_experience_company_id)


def _position(job: _Job) -> Employment | None:
    return job_of(
        title=job.position_title,
        company=_employer(job),
        levels=(job.management_level,),
        role=job.department,
        description=job.description,
        is_current=job.active_experience == 1,
        start_at=api_date_of(job.date_from_year, job.date_from_month) or api_date(job.date_from),
        end_at=api_date_of(job.date_to_year, job.date_to_month) or api_date(job.date_to),
    )


def _employer(job: _Job) -> Company | None:
    return company_of(
        name=job.company_name,
        website=job.company_website,
        linkedin_url=job.company_professional_network_url or job.company_linkedin_url,
        followers=job.company_followers_count,
        founded=job.company_founded_year,
        headcount=job.company_employees_count,
        size=job.company_size_range,
        kind=job.company_type,
        industry=job.company_industry,
        specialties=job.company_categories_and_keywords,
        locations=headquarters_of(
            street=job.company_hq_street,
            city=job.company_hq_city,
            region=job.company_hq_state,
            postal_code=job.company_hq_zipcode,
            nation=job.company_hq_country_iso2 or job.company_hq_country,
        ),
    )


def _firm(firm: _Firm) -> Company | None:
    return company_of(
        name=firm.company_name,
        website=firm.website or firm.website_domain,
        linkedin_url=firm.professional_network_url or firm.linkedin_url,
        followers=firm.followers_count_professional_network or firm.followers_count_linkedin,
        description=firm.description or firm.description_enriched,
        founded=firm.founded_year,
        headcount=firm.employees_count,
        size=firm.size_range,
        kind=firm.type,
        industry=firm.industry,
        specialties=firm.categories_and_keywords,
        locations=headquarters_of(
            street=firm.hq_street,
            city=firm.hq_city,
            region=firm.hq_state,
            postal_code=firm.hq_zipcode,
            nation=firm.hq_country_iso2 or firm.hq_country,
        ),
    )


def _study(school: _School) -> Education:
    start, end = api_date_of(school.date_from_year), api_date_of(school.date_to_year)
    return Education(school.institution_name, school.degree, start, end)


def balance() -> HttpRequest:
    """Searches are free, and nobody has this number."""
    return HttpRequest("POST", "/employee_multi_source/search/es_dsl", json={"query": {"term": {"id": 0}}})


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = None if response.status == 404 else refusal(response)
    left = response.headers.get("x-credits-remaining")
    return refused or Balance(round(float(left) * 1000) if left else None)
