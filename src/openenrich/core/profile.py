"""The professional profile of a person, in the exact shape of the v2 API.

The structures are the ones of the seed's ``Person``, ``Employment`` and ``EmploymentCompany`` schemas; what is
unknown is left out of the encoded body (``omit_defaults``), so that no null can leave. Dates are texts in the
one form the API knows, ``YYYY-MM-DDTHH:MM:SSZ``; ``core/dates.py`` makes them from what vendors write.
"""

import msgspec


class Location(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the person says to be."""

    country: str | None = None
    country_code: str | None = None
    city: str | None = None
    region: str | None = None


class Network(msgspec.Struct, frozen=True, omit_defaults=True):
    """One account on the professional network, of a person or of a company."""

    id: int | None = None
    url: str | None = None
    handle: str | None = None
    connection_count: int | None = None


class SocialProfiles(msgspec.Struct, frozen=True, omit_defaults=True):
    """Both names carry the same content: older clients read ``linkedin`` (decision 5)."""

    professional_network: Network | None = None
    linkedin: Network | None = None

    @classmethod
    def of(cls, network: Network) -> "SocialProfiles":
        return cls(professional_network=network, linkedin=network)


class Education(msgspec.Struct, frozen=True, omit_defaults=True):
    """One school; dates as API texts."""

    school_name: str | None = None
    degree: str | None = None
    start_at: str | None = None
    end_at: str | None = None


class Language(msgspec.Struct, frozen=True, omit_defaults=True):
    """``proficiency`` is one of the five words of section 12, or left out; it is never guessed."""

    language: str
    proficiency: str | None = None


class JobFunction(msgspec.Struct, frozen=True, omit_defaults=True):
    """A function of the house taxonomy (section 12), never a vendor's code."""

    function: str
    sub_function: str | None = None


class Headquarters(msgspec.Struct, frozen=True, omit_defaults=True):
    """A structured address; may be wholly empty."""

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    country_code: str | None = None


class Office(msgspec.Struct, frozen=True, omit_defaults=True):
    """Other offices are raw lines only."""

    line1: str | None = None
    line2: str | None = None


class CompanyLocations(msgspec.Struct, frozen=True, omit_defaults=True):
    """``offices`` is a list or left out, never null."""

    headquarters: Headquarters | None = None
    offices: tuple[Office, ...] | None = None


class Industry(msgspec.Struct, frozen=True, omit_defaults=True):
    """The professional network's industry name, free text for us."""

    main_industry: str


class Company(msgspec.Struct, frozen=True, omit_defaults=True):
    """A company as an employment shows it. ``year_founded`` and ``headcount`` may be 0: unknown (seed)."""

    id: str | None = None
    name: str | None = None
    domain: str | None = None
    website: str | None = None
    description: str | None = None
    year_founded: int | None = None
    headcount: int | None = None
    headcount_range: str | None = None
    company_type: str | None = None
    specialties: tuple[str, ...] | None = None
    locations: CompanyLocations | None = None
    industry: Industry | None = None
    social_profiles: SocialProfiles | None = None


class Employment(msgspec.Struct, frozen=True, omit_defaults=True):
    """One position. ``end_at`` is absent while ``is_current``."""

    title: str | None = None
    seniority: str | None = None
    job_functions: tuple[JobFunction, ...] | None = None
    description: str | None = None
    company: Company | None = None
    is_current: bool | None = None
    start_at: str | None = None
    end_at: str | None = None


class Employments(msgspec.Struct, frozen=True, omit_defaults=True):
    """``current`` is always the full object and the first of ``all`` (section 12)."""

    current: Employment | None = None
    all: tuple[Employment, ...] | None = None


class Profile(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person. ``id`` is a UUIDv5 of the canonical handle; vendors' own ids never leave."""

    id: str | None = None
    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    headline: str | None = None
    description: str | None = None
    location: Location | None = None
    social_profiles: SocialProfiles | None = None
    educations: tuple[Education, ...] | None = None
    languages: tuple[Language, ...] | None = None
    skills: tuple[str, ...] | None = None
    employment: Employments | None = None
