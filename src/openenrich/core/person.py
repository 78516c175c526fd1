"""Profiles and positions out of the raw parts that vendors give, in the shapes and words of the API.

Promises right capitals, a canonical account, and ``None`` where the parts say nothing. Which part of a vendor's answer
is which is for the vendor's file; several profiles of one person are for ``core/merge.py``.
"""

from collections.abc import Iterable, Sequence

from openenrich.core.casing import person_name
from openenrich.core.casing import title as with_capitals
from openenrich.core.company import person_network
from openenrich.core.jobs import job_function, seniority
from openenrich.core.linkedin import handle
from openenrich.core.places import location_of
from openenrich.core.profile import Company, Education, Employment, Employments, Language, Profile


def job_of(
    *,
    title: str | None = None,
    company: Company | None = None,
    levels: Iterable[str] = (),
    role: str | None = None,
    sub_role: str | None = None,
    description: str | None = None,
    is_current: bool | None = None,
    start_at: str | None = None,
    end_at: str | None = None,
) -> Employment | None:
    """A position; the dates are already in the API's form. Nothing without a title and without a company."""
    if not title and company is None:
        return None
    function = job_function(role, sub_role)
    return Employment(
        title=with_capitals(title) if title else None,
        seniority=seniority(levels, title),
        job_functions=(function,) if function else None,
        description=description or None,
        company=company,
        is_current=is_current,
        start_at=start_at,
        end_at=None if is_current else end_at,
    )


def profile_of(
    *,
    first_name: str | None = None,
    last_name: str | None = None,
    full_name: str | None = None,
    headline: str | None = None,
    description: str | None = None,
    city: str | None = None,
    region: str | None = None,
    nation: str | None = None,
    linkedin_url: str | None = None,
    linkedin_number: int | None = None,
    connections: int | None = None,
    educations: Sequence[Education] = (),
    languages: Sequence[Language] = (),
    skills: Sequence[str] = (),
    current: Employment | None = None,
    jobs: Sequence[Employment | None] = (),
) -> Profile | None:
    """A person. ``jobs`` may hold ``current`` or leave it out, and holds ``None`` where `job_of` found nothing."""
    account = person_network(handle(linkedin_url or ""), number=linkedin_number, connections=connections)
    held = tuple(dict.fromkeys(job for job in (current, *jobs) if job))
    profile = Profile(
        full_name=person_name(full_name) if full_name else None,
        first_name=person_name(first_name) if first_name else None,
        last_name=person_name(last_name) if last_name else None,
        headline=with_capitals(headline) if headline else None,
        description=description or None,
        location=location_of(city, region, nation),
        social_profiles=account,
        educations=tuple(educations) or None,
        languages=tuple(languages) or None,
        skills=tuple(with_capitals(skill) for skill in skills) or None,
        employment=Employments(current=current, all=held) if held else None,
    )
    return profile if profile != Profile() else None
