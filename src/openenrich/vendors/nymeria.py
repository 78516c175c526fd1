"""Nymeria: addresses, mobile number and a short profile from one record, at one credit per match.

What surprised us: a record is paid for whatever it holds, unless ``require`` names the wanted part; values that are not
shown come with asterisks; texts are in lower case. Their guide for version 4 settled the words of ``require``, the
header that says what was spent, and that an empty account is an ``account_error``. A name with an employer finds
nobody: a profile or an address must be known. The reply was seen in clients only, and the price is an estimate.
"""

import msgspec

from openenrich.core.company import company_of
from openenrich.core.contact import EmailFound, EmailKind, Field, Known, LineType, PhoneFound, Values
from openenrich.core.linkedin import url as profile_url
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.places import parts_of_place
from openenrich.core.profile import Profile
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
from openenrich.vendors._identity import other_person
from openenrich.vendors._known_parts import read_known
from openenrich.vendors._statuses import refusal

_LINKEDIN = (frozenset({Known.LINKEDIN}),)
_ADDRESS = (frozenset({Known.WORK_EMAIL}),)


def _operation(name: str, field: Field, needs: tuple[frozenset[Known], ...], hits: float) -> Operation:
    returns = frozenset({field})
    return Operation(
        name, returns, needs, 1000, Charge.PER_MATCH, also_returns=frozenset(Field) - returns, hit_rate=hits
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


class _Person(msgspec.Struct, frozen=True):
    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    linkedin_url: str | None = None
    linkedin_username: str | None = None
    location_name: str | None = None
    location_country: str | None = None
    industry: str | None = None
    job_title: str | None = None
    job_company_name: str | None = None
    job_company_website: str | None = None
    work_email: str | None = None
    personal_emails: tuple[str, ...] = ()
    mobile_phone: str | None = None
    phone_numbers: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()

    @property
    def account(self) -> str | None:
        return self.linkedin_url or (profile_url(self.linkedin_username) if self.linkedin_username else None)


class _Answer(msgspec.Struct, frozen=True):
    data: _Person


def request(ask: Ask) -> HttpRequest:
    told = {
        "profile": ask.contact.linkedin_url,
        "email": ask.contact.work_email,
        "require": _REQUIRED.get(ask.operation),
    }
    return HttpRequest("GET", "/person/enrich", query={name: value for name, value in told.items() if value})


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404:
        return NotFound()
    refused = refusal(response)
    if refused:
        return refused
    person = read_known(response.body, _Answer).data
    spent = response.headers.get("x-call-credits-spent")
    billed = round(float(spent) * 1000) if spent else None
    values = Values(_emails(person), _phones(person), _profile(person))
    if values == Values():
        return NotFound(billed)
    return other_person(ask, person.account) or Found(values, billed)


def _emails(person: _Person) -> tuple[EmailFound, ...]:
    work = [EmailFound(address) for address in (person.work_email,) if address]
    own = [EmailFound(address, EmailKind.PERSONAL) for address in person.personal_emails]
    return tuple(email for email in work + own if "*" not in email.address)


def _phones(person: _Person) -> tuple[PhoneFound, ...]:
    """Only the mobile phone is said to be one."""
    mobile = person.mobile_phone
    others = [PhoneFound(number) for number in person.phone_numbers if number != mobile]
    found = [PhoneFound(mobile, LineType.MOBILE), *others] if mobile else others
    return tuple(phone for phone in found if "*" not in phone.number)


def _profile(person: _Person) -> Profile | None:
    city, region, nation = parts_of_place(person.location_name, person.location_country)
    employer = company_of(name=person.job_company_name, website=person.job_company_website, industry=person.industry)
    names = " ".join(part for part in (person.first_name, person.last_name) if part)
    return profile_of(
        first_name=person.first_name,
        last_name=person.last_name,
        full_name=person.full_name or names,
        city=city,
        region=region,
        nation=nation,
        linkedin_url=person.account,
        skills=person.skills,
        current=job_of(title=person.job_title, company=employer, is_current=True),
    )
