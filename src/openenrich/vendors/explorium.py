"""Explorium: work e-mail, phone with e-mails, or profile, in two steps: first the person's number, then the data.

What surprised us: 403 is an empty account; the address stands under a misspelt name; texts are in lower case; an answer
may be a list of one; a 200 may say ``failure``. Their own clients (n8n node, MCP server) ask ``bulk_enrich``, which
always sells e-mail and phone together; as their limit counts people and not calls, a batch would gain nothing either.
A match is in no price list, and a lost second answer may be paid again: hence experimental.
"""

from typing import TypeVar

import msgspec

from openenrich.core.casing import company_name, title
from openenrich.core.company import company_of
from openenrich.core.contact import EmailClaim, EmailFound, EmailKind, Field, Known, LineType, PhoneFound, Values
from openenrich.core.dates import api_date
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.profile import Company, Education, Employment, Profile
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
    Reason,
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._curriculum import latest
from openenrich.vendors._identity import other_person
from openenrich.vendors._jobs import job
from openenrich.vendors._known_parts import read_known
from openenrich.vendors._statuses import refusal

_LINKEDIN = frozenset({Known.LINKEDIN})
_EMPLOYED = frozenset({Known.FIRST_NAME, Known.LAST_NAME, Known.COMPANY_NAME})
_ADDRESS = frozenset({Known.WORK_EMAIL})
_EMAIL = frozenset({Field.WORK_EMAIL})
_EMAILS = frozenset({Field.WORK_EMAIL, Field.PERSONAL_EMAIL})
_PERSONAL = frozenset({Field.PERSONAL_EMAIL})
_PHONE = frozenset({Field.PHONE})
_PROFILE = frozenset({Field.PROFILE})
_ANY = (_LINKEDIN, _ADDRESS, _EMPLOYED)
VENDOR = Vendor(
    name="explorium",
    title="Explorium",
    docs="https://developers.explorium.ai",
    base_url="https://api.explorium.ai/v1",
    auth=HeaderKey("api_key"),
    style=Style.REDEEMED,
    operations=(
        Operation(
            "email", _EMAIL, (_LINKEDIN, _EMPLOYED), 2000, Charge.PER_MATCH, also_returns=_PERSONAL, hit_rate=0.4
        ),
        Operation("phone", _PHONE, _ANY, 5000, Charge.PER_MATCH, also_returns=_EMAILS, hit_rate=0.3),
        Operation("profile", _PROFILE, _ANY, 1000, Charge.PER_MATCH, hit_rate=0.7),
    ),
    credit_price=MicroUsd(40_000),
    limits=Limits(per_minute=200),
    region="unknown",
    experimental=True,
)
_Data = TypeVar("_Data")
_STATUSES = {403: Reason.NO_CREDIT}
_CONTACTS = "/prospects/contacts_information/enrich"
_CONTACT_TYPES = {"email": ("email",), "phone": ("email", "phone")}
_KINDS = {
    "professional": EmailKind.WORK,
    "current_professional": EmailKind.WORK,
    "personal": EmailKind.PERSONAL,
}
_CLAIMS = {
    "valid": EmailClaim.DELIVERABLE,
    "catch_all": EmailClaim.CATCH_ALL,
    "catch-all": EmailClaim.CATCH_ALL,
    "invalid": EmailClaim.INVALID,
}


class _Context(msgspec.Struct, frozen=True):
    request_status: str = ""


class _Said(msgspec.Struct, frozen=True):
    response_context: _Context = _Context()


class _Prospect(msgspec.Struct, frozen=True):
    prospect_id: str | None = None


class _Matched(msgspec.Struct, frozen=True):
    matched_prospects: tuple[_Prospect, ...]


class _Address(msgspec.Struct, frozen=True):
    address: str
    type: str = ""


class _Number(msgspec.Struct, frozen=True):
    phone_number: str


class _Contacts(msgspec.Struct, frozen=True):
    professions_email: str | None = None
    professional_email: str | None = None
    professional_email_status: str = ""
    emails: tuple[_Address, ...] = ()
    mobile_phone: str | None = None
    phone_numbers: tuple[_Number, ...] = ()


class _Named(msgspec.Struct, frozen=True):
    name: str | None = None
    website: str | None = None


class _Job(msgspec.Struct, frozen=True):
    company: _Named = _Named()
    title: _Named | str = ""
    start_date: str | None = None
    end_date: str | None = None
    is_primary: bool = False


class _School(msgspec.Struct, frozen=True):
    school: _Named = _Named()
    degrees: tuple[str, ...] = ()
    majors: tuple[str, ...] = ()
    start_date: str | None = None
    end_date: str | None = None


class _Person(msgspec.Struct, frozen=True):
    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    city: str | None = None
    region_name: str | None = None
    country_name: str | None = None
    linkedin: str | None = None
    linkedin_url_array: tuple[str, ...] = ()
    job_title: str | None = None
    job_department_main: str | None = None
    job_level_main: str = ""
    job_seniority_level: str = ""
    company_name: str | None = None
    company_website: str | None = None
    company_linkedin: str | None = None
    experience: tuple[_Job, ...] = ()
    education: tuple[_School, ...] = ()
    skills: tuple[str, ...] = ()


class _OfContacts(msgspec.Struct, frozen=True):
    data: _Contacts | tuple[_Contacts, ...] = ()


class _OfPerson(msgspec.Struct, frozen=True):
    data: _Person | tuple[_Person, ...] = ()


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {
        "linkedin": person.linkedin_url,
        "email": person.work_email,
        "full_name": person.full_name,
        "company_name": person.company_name,
    }
    prospect = {name: value for name, value in told.items() if value}
    return HttpRequest("POST", "/prospects/match", json={"prospects_to_match": [prospect]})


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    refused = _refusal(response)
    if refused:
        return refused
    prospects = read_known(response.body, _Matched).matched_prospects
    number = next((prospect.prospect_id for prospect in prospects if prospect.prospect_id), None)
    return job(VENDOR, number) if number else NotFound()


def _refusal(response: HttpResponse) -> Refused | None:
    refused = refusal(response, _STATUSES)
    if refused or read_known(response.body, _Said).response_context.request_status != "failure":
        return refused
    return Refused(Reason.UNAVAILABLE, code="failure")


def redeem(ask: Ask, token: str) -> HttpRequest:
    if ask.operation == "profile":
        return HttpRequest("POST", "/prospects/profiles/enrich", json={"prospect_id": token})
    types = {"contact_types": list(_CONTACT_TYPES[ask.operation])}
    return HttpRequest("POST", _CONTACTS, json={"prospect_id": token, "parameters": types})


def read_redeem(ask: Ask, token: str, response: HttpResponse) -> Reply:
    del token
    refused = _refusal(response)
    if refused:
        return refused
    if ask.operation == "profile":
        return _profile_reply(ask, _one(read_known(response.body, _OfPerson).data, _Person()))
    contacts = _one(read_known(response.body, _OfContacts).data, _Contacts())
    values = Values(_emails(contacts), _phones(contacts))
    return NotFound() if values == Values() else Found(values)


def _one(data: _Data | tuple[_Data, ...], nothing: _Data) -> _Data:
    return next(iter(data), nothing) if isinstance(data, tuple) else data


def _profile_reply(ask: Ask, person: _Person) -> Reply:
    profile = _profile(person)
    return other_person(ask, _account(person)) or (Found(Values(profile=profile)) if profile else NotFound())


def _emails(contacts: _Contacts) -> tuple[EmailFound, ...]:
    """The list repeats the main address; former employers' are left aside."""
    main = contacts.professions_email or contacts.professional_email
    claim = _CLAIMS.get(contacts.professional_email_status, EmailClaim.UNKNOWN)
    first = [EmailFound(main, claim=claim)] if main else []
    others = [item for item in contacts.emails if item.type in _KINDS and item.address != main]
    return tuple(dict.fromkeys(first + [EmailFound(item.address, _KINDS[item.type]) for item in others]))


def _phones(contacts: _Contacts) -> tuple[PhoneFound, ...]:
    """Only the mobile phone is said to be one."""
    mobile = contacts.mobile_phone
    others = [PhoneFound(item.phone_number) for item in contacts.phone_numbers if item.phone_number != mobile]
    return (PhoneFound(mobile, LineType.MOBILE), *others) if mobile else tuple(others)


def _profile(person: _Person) -> Profile | None:
    jobs = [(item.is_primary, _position(item, person)) for item in person.experience]
    main = [position for is_primary, position in jobs if is_primary]
    head = _Job(_Named(person.company_name, person.company_website), person.job_title or "", is_primary=True)
    now = next(iter(main), None) or latest(position for _, position in jobs) or _position(head, person)
    return profile_of(
        full_name=person.full_name,
        first_name=person.first_name,
        last_name=person.last_name,
        city=person.city,
        region=person.region_name,
        nation=person.country_name,
        linkedin_url=_account(person),
        educations=[_study(school) for school in person.education],
        skills=person.skills,
        current=now,
        jobs=[position for _, position in jobs],
    )


def _account(person: _Person) -> str | None:
    return person.linkedin or next(iter(person.linkedin_url_array), None)


def _position(item: _Job, person: _Person) -> Employment | None:
    """The head of the record describes the main position: more is known of that one."""
    start, end, main = api_date(item.start_date), api_date(item.end_date), item.is_primary
    return job_of(
        title=item.title if isinstance(item.title, str) else item.title.name,
        company=_employer(item.company, person.company_linkedin if main else None),
        levels=(person.job_level_main, person.job_seniority_level) if main else (),
        role=person.job_department_main if main else None,
        is_current=True if main else (not end if start or end else None),
        start_at=start,
        end_at=end,
    )


def _employer(company: _Named, linkedin_url: str | None) -> Company | None:
    return company_of(name=company.name, website=company.website, linkedin_url=linkedin_url)


def _study(school: _School) -> Education:
    name = school.school.name
    return Education(
        school_name=company_name(name) if name else None,
        degree=title(", ".join(school.degrees + school.majors)) or None,
        start_at=api_date(school.start_date),
        end_at=api_date(school.end_date),
    )


def balance() -> HttpRequest:
    return HttpRequest("GET", "/credits")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response, _STATUSES)
    if refused:
        return refused
    account = msgspec.json.decode(response.body)
    return Balance(round(account["remaining_credits"] * 1000), account.get("account_type") or "")
