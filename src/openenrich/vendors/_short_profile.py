"""The little that finders say about a person besides the address: one position, an account, a place.

Vendors that sell whole profiles build theirs themselves. Nothing is guessed here, what was not said is left out, and
an answer that names neither a position nor an account is no profile.
"""

from openenrich.core.company import company_of, person_network
from openenrich.core.linkedin import handle
from openenrich.core.places import country
from openenrich.core.profile import Employment, Employments, Location, Profile


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
    """The profile, or ``None`` when there is nothing in it; empty texts count as unknown.

    The names are there so that the profile of a namesake can be told from the person's.
    """
    position = _position(title, company_name, company_website)
    network = person_network(handle(linkedin_url)) if linkedin_url else None
    if position is None and network is None:
        return None
    return Profile(
        first_name=first_name or None,
        last_name=last_name or None,
        full_name=" ".join(part for part in (first_name, last_name) if part) or None,
        location=_location(city, nation),
        social_profiles=network,
        employment=Employments(current=position, all=(position,)) if position else None,
    )


def _position(title: str | None, company_name: str | None, company_website: str | None) -> Employment | None:
    if not title and not company_name:
        return None
    company = company_of(name=company_name, website=company_website)
    return Employment(title=title or None, company=company, is_current=True)


def _location(city: str | None, nation: str | None) -> Location | None:
    name, code = country(nation) or (None, None)
    return Location(city=city or None, country=name, country_code=code) if city or name else None
