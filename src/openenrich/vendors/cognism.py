"""Cognism: numbers, work e-mail and the whole profile of a contact that is first looked up free, then redeemed.

The redemption alone costs a credit, and it is left out when the preview says that the wanted value is not there, or
names somebody else. Redeeming a contact again is free, so a repeat does no harm (their help centre).
What surprised us: members have two spellings (``linkedinUrl`` and ``linkedinURL``, ``jobFunction`` and ``jobFunctions``
and more), of which their published Postman collection has the first of each; errors are a list; what the contract
does not include is silently left out. How a used-up account answers is not documented: a 402, or a 400 about credits.
Sold by contract: the price is an estimate.
"""

import msgspec

from openenrich.core.company import company_of, headquarters_of
from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, LineType, PhoneFound, Values
from openenrich.core.dates import api_date
from openenrich.core.jobs import job_function
from openenrich.core.money import MicroUsd
from openenrich.core.names import same_person
from openenrich.core.person import job_of, profile_of
from openenrich.core.profile import Company, Education, Employment, Profile
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
    Reason,
    Refused,
    Repeat,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._curriculum import study
from openenrich.vendors._identity import other_person
from openenrich.vendors._jobs import job
from openenrich.vendors._known_parts import read_known
from openenrich.vendors._statuses import refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_PERSON = (frozenset({Known.LINKEDIN}), _NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME})
_ANYHOW = (*_PERSON, frozenset({Known.WORK_EMAIL}))
_BESIDES = _NAME | {Known.DOMAIN, Known.COMPANY_NAME}  # whatever fits raises the score of a match
_SOLD = frozenset({Field.WORK_EMAIL, Field.PHONE, Field.PROFILE})


def _operation(name: str, field: Field, needs: tuple[frozenset[Known], ...], hits: float) -> Operation:
    returns = frozenset({field})
    return Operation(
        name, returns, needs, 1000, Charge.PER_MATCH, optional=_BESIDES, also_returns=_SOLD - returns, hit_rate=hits
    )


VENDOR = Vendor(
    name="cognism",
    title="Cognism",
    docs="https://developers.cognism.com",
    base_url="https://app.cognism.com/api/search",
    auth=HeaderKey("Authorization", "Bearer "),
    style=Style.REDEEMED,
    operations=(
        _operation("email", Field.WORK_EMAIL, _PERSON, 0.45),
        _operation("mobile", Field.PHONE, _ANYHOW, 0.4),
        _operation("profile", Field.PROFILE, _ANYHOW, 0.6),
    ),
    credit_price=MicroUsd(500_000),
    limits=Limits(per_minute=1000),
    region="unknown",
    repeat=Repeat.ASK_AGAIN,
    experimental=True,
)
_CLAIMS = {"highplus": EmailClaim.PROBABLE, "high": EmailClaim.PROBABLE}
_LINES = {"MOBILE": LineType.MOBILE, "FIXED_LINE": LineType.LANDLINE, "VOIP": LineType.VOIP}
_LEVELS = {"Executive-Level": "C-Level"}
_Date = str | int | None


class _Preview(msgspec.Struct, frozen=True, rename="camel"):
    """A flag that is missing is no denial: which ones are shown depends on the contract."""

    redeem_id: str
    first_name: str | None = None
    last_name: str | None = None
    has_email: bool = True
    has_mobile_phone_numbers: bool = True


class _Previews(msgspec.Struct, frozen=True):
    results: tuple[_Preview, ...] = ()
    contacts: tuple[_Preview, ...] = ()


class _Email(msgspec.Struct, frozen=True):
    address: str
    quality: str = ""


class _Phone(msgspec.Struct, frozen=True, rename="camel"):
    number: str
    number_type: str = ""


class _School(msgspec.Struct, frozen=True):
    school: str | None = None
    degree: str | None = None
    field: str | None = None
    start: _Date = None
    end: _Date = None


class _Former(msgspec.Struct, frozen=True, rename="camel"):
    name: str | None = None
    title: str | None = None
    job_title: str | None = None
    start: _Date = None
    end: _Date = None


class _Place(msgspec.Struct, frozen=True, rename="camel"):
    address_type: str = ""
    type: str = ""
    street: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None


class _Account(msgspec.Struct, frozen=True, rename="camel"):
    name: str | None = None
    domain: str | None = None
    website: str | None = None
    description: str | None = None
    founded: int | None = None
    headcount: int | None = None
    size_from: int | None = None
    size_to: int | None = None
    type: str | None = None
    linkedin_url: str | None = None
    linkedin_account: str | None = msgspec.field(name="linkedinURL", default=None)
    industry: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    location: tuple[_Place, ...] = ()
    locations: tuple[_Place, ...] = ()


class _Contact(msgspec.Struct, frozen=True, rename="camel"):
    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    job_title: str | None = None
    management_level: str | None = None
    seniority: str | None = None
    job_function: tuple[str, ...] = ()
    job_functions: tuple[str, ...] = ()
    position_start_date: _Date = None
    linkedin_url: str | None = None
    linkedin_account: str | None = msgspec.field(name="linkedinURL", default=None)
    city: str | None = None
    state: str | None = None
    country: str | None = None
    skills: tuple[str, ...] = ()
    education: tuple[_School, ...] = ()
    email: _Email | None = None
    mobile_phone_numbers: tuple[_Phone, ...] = ()
    direct_phone_numbers: tuple[_Phone, ...] = ()
    account: _Account = _Account()
    previous_accounts: tuple[_Former, ...] = ()


class _Contacts(msgspec.Struct, frozen=True):
    results: tuple[_Contact, ...] = ()
    result: tuple[_Contact, ...] = ()


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {
        "linkedinUrl": person.linkedin_url,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "accountWebsite": person.domain,
        "accountName": person.company_name,
        "email": person.work_email,
    }
    return HttpRequest("POST", "/contact/enrich", json={name: value for name, value in told.items() if value})


def read(ask: Ask, response: HttpResponse) -> Reply:
    refused = _refusal(response)
    if refused:
        return refused
    answer = read_known(response.body, _Previews)
    preview = next(iter(answer.results or answer.contacts), None)
    if preview is None or not _is_worth_it(ask, preview):
        return NotFound()
    return job(VENDOR, preview.redeem_id)


def _is_worth_it(ask: Ask, preview: _Preview) -> bool:
    person = ask.contact
    holds = {"email": preview.has_email, "mobile": preview.has_mobile_phone_numbers}.get(ask.operation, True)
    named = same_person(person.first_name, person.last_name, preview.first_name, preview.last_name)
    return holds and named is not False


def redeem(ask: Ask, token: str) -> HttpRequest:
    del ask
    query = {"mergePhonesAndLocations": "true"}
    return HttpRequest("POST", "/contact/redeem", query=query, json={"redeemIds": [token]})


def read_redeem(ask: Ask, token: str, response: HttpResponse) -> Reply:
    del token  # the answer may have a newer one
    refused = _refusal(response)
    if refused:
        return refused
    answer = read_known(response.body, _Contacts)
    contact = next(iter(answer.results or answer.result), _Contact())
    values = Values(_emails(contact), _phones(contact), _profile(contact))
    return other_person(ask, _account_of(contact)) or (Found(values) if values != Values() else NotFound())


def _account_of(contact: _Contact) -> str | None:
    return contact.linkedin_url or contact.linkedin_account


def _refusal(response: HttpResponse) -> Refused | None:
    """A 400 may be about the account as well as about the question."""
    about = response.body.lower() if response.status == 400 else b""
    if b"entitle" in about:
        return refusal(response, {400: Reason.BAD_KEY})
    return refusal(response, {400: Reason.NO_CREDIT} if b"credit" in about else {})


def _emails(contact: _Contact) -> tuple[EmailFound, ...]:
    email = contact.email
    if email is None or not email.address:
        return ()
    quality = "".join(letter for letter in email.quality.lower().replace("+", "plus") if letter.isalpha())
    return (EmailFound(email.address, claim=_CLAIMS.get(quality, EmailClaim.UNKNOWN)),)


def _phones(contact: _Contact) -> tuple[PhoneFound, ...]:
    """In the first list a line that could be either is a mobile, in the second it is not known."""
    mobile = [(phone, LineType.MOBILE) for phone in contact.mobile_phone_numbers]
    direct = [(phone, LineType.UNKNOWN) for phone in contact.direct_phone_numbers]
    return tuple(PhoneFound(phone.number, _LINES.get(phone.number_type, line)) for phone, line in mobile + direct)


def _profile(contact: _Contact) -> Profile | None:
    functions = contact.job_function or contact.job_functions
    levels = [level for level in (contact.management_level, contact.seniority) if level]
    current = job_of(
        title=contact.job_title,
        company=_employer(contact.account),
        levels=[_LEVELS.get(level, level) for level in levels],
        role=next((role for role in functions if job_function(role)), None),
        is_current=True,
        start_at=api_date(contact.position_start_date),
    )
    return profile_of(
        full_name=contact.full_name,
        first_name=contact.first_name,
        last_name=contact.last_name,
        city=contact.city,
        region=contact.state,
        nation=contact.country,
        linkedin_url=_account_of(contact),
        educations=[_study(school) for school in contact.education],
        skills=contact.skills,
        current=current,
        jobs=[_former(account) for account in contact.previous_accounts],
    )


def _former(account: _Former) -> Employment | None:
    return job_of(
        title=account.title or account.job_title,
        company=company_of(name=account.name),
        is_current=False,
        start_at=api_date(account.start),
        end_at=api_date(account.end),
    )


def _employer(account: _Account) -> Company | None:
    places = account.location or account.locations
    headquarters = (place for place in places if "hq" in {place.address_type.lower(), place.type.lower()})
    place = next(headquarters, _Place())
    span = f"{account.size_from}-{account.size_to}" if account.size_to else None
    return company_of(
        name=account.name,
        website=account.domain or account.website,
        linkedin_url=account.linkedin_url or account.linkedin_account,
        description=account.description,
        founded=account.founded,
        headcount=account.headcount,
        size=span or (f"{account.size_from}+" if account.size_from else None),
        kind=account.type,
        industry=next(iter(account.industry or account.industries), None),
        locations=headquarters_of(
            street=place.street, city=place.city, region=place.state, postal_code=place.zip, nation=place.country
        ),
    )


def _study(school: _School) -> Education:
    return study(school.school, (school.degree, school.field), api_date(school.start), api_date(school.end))
