"""The person record of People Data Labs: texts in lower case, links without scheme, dates as precise as known."""

from typing import Any

from openenrich.sandbox.companies import Company
from openenrich.sandbox.coverage import Knowledge, Record
from openenrich.sandbox.people import Job, Person, School
from openenrich.sandbox.trade import Role


def person_record(person: Person, known: Knowledge) -> dict[str, Any]:
    """Identity and contact values always; the curriculum vitae where the vendor has the profile."""
    record = _identity(person) | _contact_values(known) | _present_job(person)
    return record | (_history(person) if known.profile else {"skills": [], "experience": [], "education": []})


def titled(value: Any) -> Any:
    """``titlecase=true``: names and places with capitals; addresses, links and numbers as they are."""
    if isinstance(value, dict):
        return {key: titled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [titled(item) for item in value]
    return value.title() if isinstance(value, str) and not any(mark in value for mark in "@./") else value


def _identity(person: Person) -> dict[str, Any]:
    company = person.company
    place = {
        "locality": company.city.lower(),
        "region": company.region.lower(),
        "country": company.country.name.lower(),
    }
    return {
        "id": f"pdl-{person.id}",
        "full_name": person.full_name.lower(),
        "first_name": person.first_name.lower(),
        "last_name": person.last_name.lower(),
        "linkedin_url": f"linkedin.com/in/{person.handle}",
        "linkedin_username": person.handle,
        "linkedin_id": str(person.linkedin_id),
        "linkedin_connections": person.connections,
        "headline": f"{person.job.role.title} at {company.name}".lower(),
        "location_name": ", ".join(place.values()),
        **{f"location_{name}": value for name, value in place.items()},
    }


def _contact_values(known: Knowledge) -> dict[str, Any]:
    """A value, nothing, or ``True``: there is one, outside the account's bundle."""
    personal = True if known.personal_record is Record.BOOLEAN else known.personal
    mobile: object = known.phone if known.phone_record is Record.RIGHT else None
    if known.phone_record is Record.BOOLEAN:
        mobile = True
    addresses = [{"address": known.email, "type": "current_professional", "num_sources": 3}] if known.email else []
    if isinstance(personal, str):
        addresses.append({"address": personal, "type": "personal", "num_sources": 1})
    numbers = [known.phone] if known.phone else []
    return {
        "work_email": True if known.email_record is Record.BOOLEAN else known.email,
        "recommended_personal_email": personal,
        "personal_emails": [personal] if isinstance(personal, str) else personal or [],
        "emails": addresses,
        "mobile_phone": mobile,
        "phone_numbers": numbers,
        "phones": [
            {"number": number, "first_seen": "2021-02-01", "last_seen": "2026-01-10", "num_sources": 2}
            for number in numbers
        ],
    }


def _present_job(person: Person) -> dict[str, Any]:
    job, company = person.job, person.company
    return {
        "job_title": job.role.title.lower(),
        "job_title_role": job.role.role,
        "job_title_sub_role": job.role.sub_role,
        "job_title_levels": [job.role.level],
        "job_start_date": job.start,
        "job_company_name": company.legal_name.lower(),
        "job_company_website": company.domain,
        "job_company_size": company.size,
        "job_company_employee_count": company.headcount,
        "job_company_founded": company.founded,
        "job_company_industry": company.industry.lower(),
        "job_company_type": company.ownership,
        "job_company_linkedin_url": f"linkedin.com/company/{company.handle}",
        "job_company_linkedin_id": str(company.linkedin_id),
    }


def _history(person: Person) -> dict[str, Any]:
    return {
        "skills": list(person.skills),
        "languages": [{"name": name, "proficiency": level} for name, level in person.languages],
        "experience": [_experience(job) for job in person.jobs],
        "education": [_education(school) for school in person.schools],
    }


def _experience(job: Job) -> dict[str, Any]:
    return {
        "company": _company(job.company),
        "title": _title(job.role),
        "start_date": job.start,
        "end_date": job.end,
        "is_primary": job.end is None,
        "location_names": [],
        "summary": None,
    }


def _title(role: Role) -> dict[str, Any]:
    return {"name": role.title.lower(), "role": role.role, "sub_role": role.sub_role, "levels": [role.level]}


def _company(company: Company) -> dict[str, Any]:
    place = {
        "locality": company.city.lower(),
        "region": company.region.lower(),
        "country": company.country.name.lower(),
    }
    return {
        "name": company.legal_name.lower(),
        "id": company.handle,
        "size": company.size,
        "founded": company.founded,
        "industry": company.industry.lower(),
        "type": company.ownership,
        "website": company.domain,
        "linkedin_url": f"linkedin.com/company/{company.handle}",
        "linkedin_id": str(company.linkedin_id),
        "location": {
            "name": ", ".join(place.values()),
            **place,
            "street_address": company.street.lower(),
            "postal_code": None,
        },
    }


def _education(school: School) -> dict[str, Any]:
    return {
        "school": {"name": school.name.lower(), "type": "post-secondary institution", "website": None},
        "degrees": [school.degree],
        "majors": [school.major],
        "start_date": str(school.start),
        "end_date": str(school.end),
    }
