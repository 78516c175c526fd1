"""The little that finders say about a person besides the address: one position, an account, a place.

Vendors that sell whole profiles build theirs themselves with ``core/person.py``. An answer that names neither a
position nor an account is no profile: the rest is what the question said.
"""

from openenrich.core.company import company_of
from openenrich.core.person import job_of, profile_of
from openenrich.core.profile import Profile


def short_profile(
    *,
    first_name: str | None = None,
    last_name: str | None = None,
    title: str | None = None,
    company_name: str | None = None,
    company_website: str | None = None,
    linkedin_url: str | None = None,
    city: str | None = None,
    nation: str | None = None,
) -> Profile | None:
    """The profile, or ``None``. The names are there so that a namesake's profile can be told from the person's."""
    job = job_of(title=title, company=company_of(name=company_name, website=company_website), is_current=True)
    if job is None and not linkedin_url:
        return None
    return profile_of(
        first_name=first_name,
        last_name=last_name,
        full_name=" ".join(part for part in (first_name, last_name) if part),
        city=city,
        nation=nation,
        linkedin_url=linkedin_url,
        current=job,
    )
