"""Forager: addresses, mobile number and the whole profile, each by a question of its own, from the profile's handle.

What surprised us: the account's number is part of every path. It belongs into the base address of this vendor in the
settings, in the place of the ``0`` below, with which everything is a 403; keys of different accounts cannot be mixed.
Of the contact values a miss is an empty list, of a profile a 404 with a JSON body; neither is billed, a search by name
always is (their page "API Credit Pricing"; a client that tried it live). By address they look among personal ones
first. In their recipe a place is a mere text. Prices per credit are not published: an estimate. The balance stands at
``/api/users/current/``, outside the base address, and nothing takes several people at once (their OpenAPI).
"""

from collections.abc import Sequence

import msgspec

from openenrich.core.company import company_of, headquarters_of
from openenrich.core.contact import EmailClaim, EmailFound, EmailKind, Field, Known, PhoneFound, Values
from openenrich.core.dates import api_date
from openenrich.core.linkedin import company_url
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
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._curriculum import latest, study
from openenrich.vendors._identity import other_person
from openenrich.vendors._known_parts import read_known
from openenrich.vendors._statuses import refusal

_NAMED = frozenset({Known.FIRST_NAME, Known.LAST_NAME, Known.DOMAIN})
_LINKEDIN = frozenset({Known.LINKEDIN})
_ADDRESS = frozenset({Known.WORK_EMAIL})


def _operation(
    name: str, field: Field, need: frozenset[Known], price: int, hits: float, charge: Charge = Charge.PER_MATCH
) -> Operation:
    return Operation(name, frozenset({field}), (need,), price * 1000, charge, hit_rate=hits)


VENDOR = Vendor(
    name="forager",
    title="Forager",
    docs="https://docs.forager.ai",
    base_url="https://api-v2.forager.ai/api/0/datastorage",
    auth=HeaderKey("X-API-KEY"),
    style=Style.SYNC,
    operations=(
        _operation("email", Field.WORK_EMAIL, _LINKEDIN, 5, 0.4),
        _operation("personal_email", Field.PERSONAL_EMAIL, _LINKEDIN, 5, 0.4),
        _operation("phone", Field.PHONE, _LINKEDIN, 15, 0.35),
        _operation("profile", Field.PROFILE, _LINKEDIN, 1, 0.7),
        _operation("search", Field.PROFILE, _NAMED, 1, 0.4, Charge.PER_CALL),
        _operation("reverse", Field.PROFILE, _ADDRESS, 5, 0.3),
    ),
    credit_price=MicroUsd(35_000),
    limits=Limits(per_second=5),  # not published
    region="unknown",
    timeout_s=60.0,
    experimental=True,  # useless before its base address is set
)
_PATHS = {
    "email": "/person_contacts_lookup/work_emails/",
    "personal_email": "/person_contacts_lookup/personal_emails/",
    "phone": "/person_contacts_lookup/phone_numbers/",
    "profile": "/person_detail_lookup/",
    "search": "/person_role_search/",
    "reverse": "/person_detail_reverse_lookup/by_email/",
}
_CLAIMS = {"valid": EmailClaim.DELIVERABLE, "invalid": EmailClaim.INVALID}


class _Named(msgspec.Struct, frozen=True):
    name: str | None = None
    place_type: str | None = None


class _Place(msgspec.Struct, frozen=True):
    name: str | None = None
    osm_locations: tuple[_Named, ...] = ()

    def part(self, *kinds: str) -> str | None:
        return next((part.name for part in self.osm_locations if part.place_type in kinds), None)


class _Account(msgspec.Struct, frozen=True):
    public_identifier: str | None = None
    public_profile_url: str | None = None
    industry: _Named = _Named()


class _Address(msgspec.Struct, frozen=True):
    street_number: str | None = None
    street_name: str | None = None
    city: str | None = None
    state: str | None = None
    postcode: str | None = None
    country: str | None = None


class _Organization(msgspec.Struct, frozen=True):
    """Of a search all of it, elsewhere the name, the domain and the account."""

    name: str | None = None
    domain: str | None = None
    website: str | None = None
    description: str | None = None
    founded_date: str | None = None
    employees_range: str | None = None
    employees_amount: int | None = None
    linkedin_info: _Account = _Account()
    addresses: tuple[_Address, ...] = ()


class _Role(msgspec.Struct, frozen=True):
    role_title: str | None = None
    description: str | None = None
    is_current: bool = False
    start_date: str | None = None
    end_date: str | None = None
    organization: _Organization = _Organization()


class _School(msgspec.Struct, frozen=True):
    school_name: str | None = None
    degree: str | None = None
    field_of_study: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class _Person(msgspec.Struct, frozen=True):
    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    headline: str | None = None
    description: str | None = None
    location: _Place | str = _Place()
    linkedin_info: _Account = _Account()
    skills: tuple[_Named, ...] = ()
    languages: tuple[_Named, ...] = ()
    roles: tuple[_Role, ...] = ()
    educations: tuple[_School, ...] = ()


class _Match(_Role, frozen=True):
    """A position of a search, which is for present ones, and who holds it."""

    is_current: bool = True
    person: _Person = _Person()


class _Search(msgspec.Struct, frozen=True):
    search_results: tuple[_Match, ...]


class _Email(msgspec.Struct, frozen=True):
    email: str
    email_type: str | None = None
    validation_status: str = ""


class _Phone(msgspec.Struct, frozen=True):
    phone_number: str


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    asked: dict[str, object] = {"linkedin_public_identifier": person.linkedin_handle}
    if ask.operation == "search":
        asked = {"person_name": person.full_name, "organization_domains": [person.domain], "role_is_current": True}
    elif ask.operation == "reverse":
        asked = {"email": person.work_email}
    return HttpRequest("POST", _PATHS[ask.operation], json=asked)


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404 and response.body.lstrip().startswith(b"{"):
        return NotFound()
    refused = refusal(response)
    if refused:
        return refused
    match ask.operation:
        case "email" | "personal_email":
            values = Values(emails=_emails(ask, read_known(response.body, tuple[_Email, ...])))
        case "phone":
            numbers = read_known(response.body, tuple[_Phone, ...])
            values = Values(phones=tuple(PhoneFound(phone.phone_number) for phone in numbers))
        case "search":
            values = Values(profile=_match(ask, read_known(response.body, _Search)))
        case _:
            person = read_known(response.body, _Person)
            values = Values(profile=_profile(person, person.roles))
            stranger = other_person(ask, _account(person))
            if stranger:
                return stranger
    return Found(values) if values != Values() else NotFound()


def _emails(ask: Ask, found: Sequence[_Email]) -> tuple[EmailFound, ...]:
    """Which question was asked says whose mailbox it is: the type is a free text."""
    kind = EmailKind.WORK if ask.operation == "email" else EmailKind.PERSONAL
    return tuple(
        EmailFound(email.email, kind, _CLAIMS.get(email.validation_status, EmailClaim.UNKNOWN)) for email in found
    )


def _match(ask: Ask, search: _Search) -> Profile | None:
    """The name is searched for as words: only somebody of the very name is the person."""
    asked = (ask.contact.full_name or "").casefold()
    namesakes = [match for match in search.search_results if (match.person.full_name or "").casefold() == asked]
    return _profile(namesakes[0].person, namesakes[:1]) if namesakes else None


def _account(person: _Person) -> str | None:
    handle = person.linkedin_info.public_identifier
    return person.linkedin_info.public_profile_url or (profile_url(handle) if handle else None)


def _profile(person: _Person, roles: Sequence[_Role]) -> Profile | None:
    place = _Place(person.location) if isinstance(person.location, str) else person.location
    city, region, nation = parts_of_place(place.name)
    jobs = [_position(role) for role in roles]
    return profile_of(
        full_name=person.full_name,
        first_name=person.first_name,
        last_name=person.last_name,
        headline=person.headline,
        description=person.description,
        city=place.part("city", "town", "village") or city,
        region=place.part("state", "region", "province") or region,
        nation=place.part("country") or nation,
        linkedin_url=_account(person),
        educations=[_study(school) for school in person.educations],
        languages=[Language(language.name) for language in person.languages if language.name],
        skills=[skill.name for skill in person.skills if skill.name],
        current=latest(jobs),
        jobs=jobs,
    )


def _position(role: _Role) -> Employment | None:
    return job_of(
        title=role.role_title,
        company=_employer(role.organization),
        description=role.description,
        is_current=role.is_current,
        start_at=api_date(role.start_date),
        end_at=api_date(role.end_date),
    )


def _employer(company: _Organization) -> Company | None:
    handle = company.linkedin_info.public_identifier
    founded = (company.founded_date or "")[:4]
    address = company.addresses[0] if company.addresses else _Address()
    return company_of(
        name=company.name,
        website=company.website or company.domain,
        linkedin_url=company_url(handle) if handle else company.linkedin_info.public_profile_url,
        description=company.description,
        founded=int(founded) if founded.isdecimal() else None,
        headcount=company.employees_amount,
        size=company.employees_range,
        industry=company.linkedin_info.industry.name,
        locations=headquarters_of(
            street=" ".join(part for part in (address.street_number, address.street_name) if part),
            city=address.city,
            region=address.state,
            postal_code=address.postcode,
            nation=address.country,
        ),
    )


def _study(school: _School) -> Education:
    degree = (school.degree, school.field_of_study)
    return study(school.school_name, degree, api_date(school.start_date), api_date(school.end_date))
