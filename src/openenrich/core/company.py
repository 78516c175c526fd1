"""Companies and accounts on the professional network in the shapes and words of the API, from whatever vendors write.

Promises the eight bands of headcount, the published company types, and identifiers that are the same for the same
handle or domain whichever vendor named it. Texts wholly in lower case get their capitals here.
"""

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Final

from openenrich.core import domains, linkedin
from openenrich.core.casing import company_name, title
from openenrich.core.places import country, place_name
from openenrich.core.profile import (
    Company,
    CompanyLocations,
    Headquarters,
    Industry,
    Network,
    SocialProfiles,
)

NAMESPACE: Final = uuid.UUID("6f1d3c52-2c0b-5c1e-9a7e-5b7c1f0d8e43")
"""Fixed for ever: changing it would change every identifier that callers have stored."""

_BANDS: Final = ((10, "1-10"), (50, "11-50"), (200, "51-200"), (500, "201-500"), (1000, "501-1000"))
_LARGE_BANDS: Final = ((5000, "1001-5000"), (10_000, "5001-10000"))
_LARGEST: Final = "10001+"
_NUMBER: Final = re.compile(r"(\d{1,3}(?:[,.' \u00a0]\d{3})+|\d+)\s*(k?)\b", re.IGNORECASE)
_OPEN: Final = re.compile(r"\+|\b(?:over|more than|above)\b|>", re.IGNORECASE)
_ALONE: Final = frozenset({"self-employed", "self employed", "myself only", "just me"})
_TYPES: Final[Mapping[str, str]] = {
    word: kind
    for kind, words in {
        "Partnership": "partnership",
        "Nonprofit": "nonprofit|non profit|nonprofit organization|non profit organization|charity",
        "Educational": "educational|educational institution|education|university",
        "Privately Held": "privately held|private|private company|privately held company",
        "Public Company": "public company|public|public subsidiary|publicly held|publicly traded",
        "Self-Owned": "self owned",
        "Self-Employed": "self employed|sole proprietorship|freelance",
        "Government Agency": "government agency|government|public administration",
    }.items()
    for word in words.split("|")
}
_NETWORKS: Final = frozenset({"linkedin.com", "facebook.com", "twitter.com", "x.com", "instagram.com"})


def headcount_range(headcount: int) -> str | None:
    """The band an exact headcount falls into; none for 0, which means unknown."""
    if headcount < 1:
        return None
    return next((band for top, band in (*_BANDS, *_LARGE_BANDS) if headcount <= top), _LARGEST)


def band(text: str | None) -> str | None:
    """One of the eight bands for a vendor's range; none when the range does not fit into one of them."""
    words = (text or "").strip().lower()
    if words in _ALONE:
        return "1-10"
    numbers = [int(re.sub(r"\D", "", number)) * (1000 if k else 1) for number, k in _NUMBER.findall(words)]
    if len(numbers) == 1 and _OPEN.search(words):
        return _LARGEST if numbers[0] >= 10_000 else None
    if len(numbers) == 1:
        return headcount_range(numbers[0])
    if len(numbers) != 2 or numbers[0] > numbers[1]:
        return None
    low, high = numbers
    found = headcount_range(high)
    return found if found in {headcount_range(max(low, 1)), headcount_range(low + 1)} else None


def company_type(word: str | None) -> str | None:
    """``Privately Held`` for ``private``, ``PRIVATELY_HELD`` or ``privately-held``."""
    return _TYPES.get(" ".join(re.sub(r"[\W_]+", " ", (word or "").lower()).split()))


def company_id(domain: str | None, handle: str | None) -> str | None:
    """From the domain, which nearly every vendor knows, else from the handle on the network."""
    if domain:
        return _identifier("company-domain", domain)
    return _identifier("company-handle", handle) if handle else None


def person_id(handle: str | None, full_name: str | None = None, domain: str | None = None) -> str | None:
    """From the canonical handle; without one from name and employer's domain; from a name alone never."""
    if handle:
        return _identifier("person-handle", handle)
    return _identifier("person", f"{full_name.lower()}@{domain}") if full_name and domain else None


def person_network(
    handle: str | None, *, number: int | None = None, connections: int | None = None
) -> SocialProfiles | None:
    """A person's account; nothing without a handle."""
    if not handle:
        return None
    return SocialProfiles.of(Network(number, linkedin.url(handle), handle, connections))


def company_network(
    handle: str | None, *, number: int | None = None, followers: int | None = None
) -> SocialProfiles | None:
    """A company's account; nothing without a handle."""
    if not handle:
        return None
    return SocialProfiles.of(Network(number, linkedin.company_url(handle), handle, followers))


def headquarters_of(
    *,
    street: str | None = None,
    city: str | None = None,
    region: str | None = None,
    postal_code: str | None = None,
    nation: str | None = None,
) -> CompanyLocations | None:
    """The structured address; ``line2`` is composed as ``San Francisco, California 94105, US``."""
    named = country(nation)
    city, region = (place_name(part) if part else None for part in (city, region))
    area = " ".join(part for part in (region, postal_code) if part)
    line2 = ", ".join(part for part in (city, area, named[1] if named else None) if part)
    place = Headquarters(
        line1=place_name(street) if street else None,
        line2=line2 or None,
        city=city,
        region=region,
        country=named[0] if named else None,
        country_code=named[1] if named else None,
    )
    return CompanyLocations(headquarters=place) if place != Headquarters() else None


def company_of(
    *,
    name: str | None = None,
    website: str | None = None,
    linkedin_url: str | None = None,
    linkedin_number: int | None = None,
    followers: int | None = None,
    description: str | None = None,
    founded: int | None = None,
    headcount: int | None = None,
    size: str | None = None,
    kind: str | None = None,
    industry: str | None = None,
    specialties: Sequence[str] = (),
    locations: CompanyLocations | None = None,
) -> Company | None:
    """A company from raw parts: ``website`` or domain, ``size`` and ``kind`` in any vendor's words.

    Nothing when neither name, domain nor account is known: such a company could not be recognised again.
    """
    domain = _site(website)
    handle = linkedin.company_handle(linkedin_url) if linkedin_url else None
    if not (name or domain or handle):
        return None
    return Company(
        id=company_id(domain, handle),
        name=company_name(name) if name else None,
        domain=domain,
        website=website if website and "://" in website else None,
        description=description or None,
        year_founded=founded or None,
        headcount=headcount or None,
        headcount_range=band(size) or headcount_range(headcount or 0),
        company_type=company_type(kind),
        specialties=tuple(specialties) or None,
        locations=locations,
        industry=Industry(title(industry)) if industry else None,
        social_profiles=company_network(handle, number=linkedin_number, followers=followers),
    )


def _site(website: str | None) -> str | None:
    """The domain, unless it is the one of a network: a page there is nobody's own site."""
    domain = domains.domain(website) if website else None
    return None if domain is None or domains.registrable(domain) in _NETWORKS else domain


def _identifier(kind: str, name: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{kind}:{name}"))
