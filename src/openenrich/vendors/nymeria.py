"""Nymeria: addresses, mobile number and a short profile from one record, at one credit per match.

What surprised us: a record is paid for whatever it holds, unless ``require`` names the wanted part; values that are not
shown come with asterisks; texts are in lower case. Their guide for version 4 settled the words of ``require``, the
header that says what was spent, and that an empty account is an ``account_error``. A name with an employer finds
nobody: a profile or an address must be known. The record has the members of their Go client; the price is an estimate,
and so is how many fit into a batch, which echoes our ``metadata`` with every row.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from openenrich.core.casing import company_name, title
from openenrich.core.company import company_of
from openenrich.core.contact import EmailFound, EmailKind, Field, Known, LineType, PhoneFound, Values
from openenrich.core.dates import api_date
from openenrich.core.linkedin import url as profile_url
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.places import parts_of_place
from openenrich.core.profile import Company, Education, Language, Profile
from openenrich.core.vendor import (
    SHAPE_ERRORS,
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
from openenrich.vendors._curriculum import study
from openenrich.vendors._identity import other_person
from openenrich.vendors._known_parts import read_known
from openenrich.vendors._statuses import refusal

_LINKEDIN = (frozenset({Known.LINKEDIN}),)
_ADDRESS = (frozenset({Known.WORK_EMAIL}),)


def _operation(name: str, field: Field, needs: tuple[frozenset[Known], ...], hits: float) -> Operation:
    returns = frozenset({field})
    return Operation(
        name,
        returns,
        needs,
        1000,
        Charge.PER_MATCH,
        also_returns=frozenset(Field) - {Field.COMPANY} - returns,
        hit_rate=hits,
        batch=25,
    )


VENDOR = Vendor(
    name="nymeria",
    title="Nymeria",
    docs="https://www.nymeria.io/developers",
    base_url="https://www.nymeria.io/api/v4",
    auth=HeaderKey("X-Api-Key"),
    style=Style.SYNC,
    operations=(
        _operation("email", Field.WORK_EMAIL, _LINKEDIN, 0.4),
        _operation("mobile", Field.PHONE, _LINKEDIN + _ADDRESS, 0.3),
        _operation("personal_email", Field.PERSONAL_EMAIL, _LINKEDIN + _ADDRESS, 0.45),
        _operation("profile", Field.PROFILE, _LINKEDIN, 0.6),
        _operation("reverse", Field.PROFILE, _ADDRESS, 0.4),
    ),
    credit_price=MicroUsd(250_000),  # not published
    limits=Limits(per_second=5),  # there is a limit, of unknown height
    region="unknown",
    experimental=True,
)
_REQUIRED = {"email": "professional-email", "mobile": "phone", "personal_email": "personal-email"}


_PROFICIENCY = ("ELEMENTARY", "LIMITED_WORKING", "PROFESSIONAL_WORKING", "FULL_PROFESSIONAL", "NATIVE_OR_BILINGUAL")


class _Email(msgspec.Struct, frozen=True):
    address: str = ""
    type: str | None = None


class _School(msgspec.Struct, frozen=True):
    name: str | None = None


class _Education(msgspec.Struct, frozen=True):
    school: _School = _School()
    majors: tuple[str, ...] = ()
    start_date: str | None = None
    end_date: str | None = None


class _Language(msgspec.Struct, frozen=True):
    name: str = ""
    proficiency: int = 0


class _Person(msgspec.Struct, frozen=True):
    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    linkedin_url: str | None = None
    linkedin_username: str | None = None
    linkedin_connections: int | None = None
    linkedin_summary: str | None = None
    location_name: str | None = None
    location_country: str | None = None
    industry: str | None = None
    job_title: str | None = None
    job_title_role: str | None = None
    job_title_levels: tuple[str, ...] = ()
    job_start_date: str | None = None
    job_summary: str | None = None
    job_company_name: str | None = None
    job_company_website: str | None = None
    job_company_founded: str | int = ""
    job_company_size: str | None = None
    job_company_linkedin_url: str | None = None
    work_email: str | None = None
    personal_emails: tuple[str, ...] = ()
    emails: tuple[_Email, ...] = ()
    mobile_phone: str | None = None
    phone_numbers: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    education: tuple[_Education, ...] = ()
    languages: tuple[_Language, ...] = ()

    @property
    def account(self) -> str | None:
        return self.linkedin_url or (profile_url(self.linkedin_username) if self.linkedin_username else None)


class _Answer(msgspec.Struct, frozen=True):
    data: _Person


def request(ask: Ask) -> HttpRequest:
    return HttpRequest("GET", "/person/enrich", query=_told(ask))


def request_batch(asks: Sequence[Ask]) -> HttpRequest:
    rows = [{"params": _told(ask), "metadata": {"row": ask.row}} for ask in asks]
    return HttpRequest("POST", "/person/enrich/bulk", json={"requests": rows})


def _told(ask: Ask) -> dict[str, str]:
    told = {
        "profile": ask.contact.linkedin_url,
        "email": ask.contact.work_email,
        "require": _REQUIRED.get(ask.operation),
    }
    return {name: value for name, value in told.items() if value}


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404:
        return NotFound()
    refused = refusal(response)
    if refused:
        return refused
    spent = response.headers.get("x-call-credits-spent")
    return _reply(ask, read_known(response.body, _Answer).data, round(float(spent) * 1000) if spent else None)


def read_batch(asks: Sequence[Ask], response: HttpResponse) -> dict[str, Reply] | Refused:
    """The rows come in our order, each with its metadata and a status of its own."""
    refused = refusal(response)
    if refused:
        return refused
    pairs = zip(asks, msgspec.json.decode(response.body), strict=True)
    rows = {(item.get("metadata") or {}).get("row", ask.row): item for ask, item in pairs}
    return {ask.row: _row(ask, rows[ask.row]) for ask in asks}


def _row(ask: Ask, row: dict[str, Any]) -> Reply:
    """A row that cannot be read leaves the others readable: they are paid for."""
    if row["status"] == 404:
        return NotFound()
    try:
        return refusal(HttpResponse(row["status"], b"")) or _reply(
            ask, read_known(msgspec.json.encode(row), _Answer).data, 1000
        )
    except SHAPE_ERRORS:
        return Refused(Reason.UNREADABLE)


def _reply(ask: Ask, person: _Person, billed: int | None) -> Reply:
    values = Values(_emails(person), _phones(person), _profile(person))
    if values == Values():
        return NotFound(billed)
    return other_person(ask, person.account) or Found(values, billed)


def _emails(person: _Person) -> tuple[EmailFound, ...]:
    typed = {email.address: email.type for email in person.emails}
    work = [person.work_email, *(address for address, kind in typed.items() if kind == "professional")]
    own = [*person.personal_emails, *(address for address, kind in typed.items() if kind == "personal")]
    found = [EmailFound(address) for address in work if address]
    found += [EmailFound(address, EmailKind.PERSONAL) for address in own]
    return tuple(dict.fromkeys(email for email in found if "*" not in email.address))


def _phones(person: _Person) -> tuple[PhoneFound, ...]:
    """Only the mobile phone is said to be one."""
    mobile = person.mobile_phone
    others = [PhoneFound(number) for number in person.phone_numbers if number != mobile]
    found = [PhoneFound(mobile, LineType.MOBILE), *others] if mobile else others
    return tuple(phone for phone in found if "*" not in phone.number)


def _profile(person: _Person) -> Profile | None:
    city, region, nation = parts_of_place(person.location_name, person.location_country)
    names = " ".join(part for part in (person.first_name, person.last_name) if part)
    return profile_of(
        first_name=person.first_name,
        last_name=person.last_name,
        full_name=person.full_name or names,
        description=person.linkedin_summary,
        city=city,
        region=region,
        nation=nation,
        linkedin_url=person.account,
        connections=person.linkedin_connections,
        educations=[_study(education) for education in person.education],
        languages=[_language(item) for item in person.languages if item.name],
        skills=person.skills,
        current=job_of(
            title=person.job_title,
            company=_employer(person),
            levels=person.job_title_levels,
            role=person.job_title_role,
            description=person.job_summary,
            is_current=True,
            start_at=api_date(person.job_start_date),
        ),
    )


def _employer(person: _Person) -> Company | None:
    founded = str(person.job_company_founded)
    return company_of(
        name=person.job_company_name,
        website=person.job_company_website,
        linkedin_url=person.job_company_linkedin_url,
        founded=int(founded) if founded.isdecimal() else None,
        size=person.job_company_size,
        industry=person.industry,
    )


def _study(education: _Education) -> Education:
    subjects = tuple(title(major) for major in education.majors)
    school = education.school.name
    return study(
        company_name(school) if school else None, subjects, api_date(education.start_date), api_date(education.end_date)
    )


def _language(item: _Language) -> Language:
    known = 0 < item.proficiency <= len(_PROFICIENCY)
    return Language(title(item.name), _PROFICIENCY[item.proficiency - 1] if known else None)
