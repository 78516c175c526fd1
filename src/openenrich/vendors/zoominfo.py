"""ZoomInfo: numbers, work e-mail and the whole profile of one record, at one credit for a record that is new.

What surprised us: the fields must be named, and one that the contract does not include spoils the whole question, so
each operation names few; somebody without the wanted field is no match when it is required; an empty account is a 400
whose code is PFAPI0011; a record once bought is free for the length of the contract. The employer is told by name
only. Without ``application/vnd.api+json`` in Accept there is a 406. As in their n8n node the token comes from the
gateway, but with the pair in the form, which they take as well as HTTP Basic. In a batch a row repeats its question, or
else the order counts. Sold by contract: the price is an estimate.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from openenrich.core.company import company_of, headquarters_of
from openenrich.core.contact import EmailFound, Field, Known, LineType, PhoneFound, Values
from openenrich.core.dates import api_date
from openenrich.core.linkedin import company_handle, handle
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.profile import Company, Education, Employment, Profile
from openenrich.core.vendor import (
    SHAPE_ERRORS,
    Ask,
    Balance,
    Charge,
    Found,
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
    TokenExchange,
    Vendor,
)
from openenrich.vendors._curriculum import study
from openenrich.vendors._identity import other_person
from openenrich.vendors._known_parts import read_known
from openenrich.vendors._statuses import refusal

_NAMED = frozenset({Known.FIRST_NAME, Known.LAST_NAME, Known.COMPANY_NAME})
_PERSON = (frozenset({Known.LINKEDIN}), _NAMED)
_ANYHOW = (*_PERSON, frozenset({Known.WORK_EMAIL}))


def _operation(name: str, field: Field, needs: tuple[frozenset[Known], ...], hits: float) -> Operation:
    returns = frozenset({field})
    also = frozenset({Field.PROFILE}) - returns
    return Operation(
        name, returns, needs, 1000, Charge.PER_MATCH, optional=_NAMED, also_returns=also, hit_rate=hits, batch=25
    )


VENDOR = Vendor(
    name="zoominfo",
    title="ZoomInfo",
    docs="https://docs.zoominfo.com",
    base_url="https://api.zoominfo.com/gtm",
    auth=TokenExchange("/oauth/v1/token", form={"grant_type": "client_credentials"}),
    style=Style.SYNC,
    operations=(
        _operation("email", Field.WORK_EMAIL, _PERSON, 0.5),
        _operation("mobile", Field.PHONE, _ANYHOW, 0.4),
        _operation("profile", Field.PROFILE, _ANYHOW, 0.65),
    ),
    credit_price=MicroUsd(500_000),
    limits=Limits(per_second=5),  # of the smallest contract
    region="unknown",
    repeat=Repeat.ASK_AGAIN,
    experimental=True,
)
_WHO = (
    *("firstName", "lastName", "jobTitle", "managementLevel", "jobFunction", "externalUrls"),
    *("city", "state", "country"),
)
_WHERE = ("companyName", "companyWebsite")
_HISTORY = (
    *("positionStartDate", "education", "employmentHistory"),
    *("companyStreet", "companyCity", "companyState", "companyZipCode", "companyCountry", "companyDescriptionList"),
    *("companyType", "companyEmployeeCount", "companyEmployeeRange", "companyPrimaryIndustry"),
    "companySocialMediaUrls",
)
_FIELDS = {
    "email": ("email", "emailAlt", *_WHO, *_WHERE),
    "mobile": ("mobilePhone", "mobilePhoneAlt", "phone", "directPhoneAlt", *_WHO, *_WHERE),
    "profile": (*_WHO, *_WHERE, *_HISTORY),
}
_REQUIRED = {"email": ["email"], "mobile": ["mobilePhone"]}
_MEDIA_TYPE = "application/vnd.api+json"


class _Alternative(msgspec.Struct, frozen=True):
    value: str


class _Function(msgspec.Struct, frozen=True):
    name: str | None = None
    department: str | None = None


class _Link(msgspec.Struct, frozen=True):
    url: str = ""


class _Degree(msgspec.Struct, frozen=True, rename="camel"):
    degree: str | None = None
    area_of_study: str | None = None


class _School(msgspec.Struct, frozen=True, rename="camel"):
    school: str | None = None
    education_degree: _Degree = _Degree()


class _Employer(msgspec.Struct, frozen=True, rename="camel"):
    company_name: str | None = None
    company_website: str | None = None


class _Former(msgspec.Struct, frozen=True, rename="camel"):
    job_title: str | None = None
    management_level: str | tuple[str, ...] = ()
    from_date: str | None = None
    to_date: str | None = None
    company: _Employer = _Employer()


class _Company(msgspec.Struct, frozen=True, rename="camel"):
    name: str | None = None
    website: str | None = None
    type: str | None = None
    description: str | None = None
    employee_count: int | None = None
    employee_range: str | None = None
    industries: tuple[str, ...] = ()
    primary_industry: str | tuple[str, ...] = ()
    street: str | None = None
    city: str | None = None
    state: str | None = None
    zip_code: str | None = None
    country: str | None = None
    social_media_urls: tuple[_Link, ...] = ()


class _Person(msgspec.Struct, frozen=True, rename="camel"):
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    email_alt: tuple[_Alternative, ...] = ()
    mobile_phone: str | None = None
    mobile_phone_alt: tuple[_Alternative, ...] = ()
    phone: str | None = None
    direct_phone_alt: tuple[_Alternative, ...] = ()
    job_title: str | None = None
    job_function: _Function | tuple[_Function, ...] = ()
    management_level: str | tuple[str, ...] = ()
    position_start_date: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    external_urls: tuple[str | _Link, ...] = ()
    education: tuple[_School, ...] = ()
    employment_history: tuple[_Former, ...] = ()
    company: _Company = _Company()


class _Record(msgspec.Struct, frozen=True):
    type: str
    attributes: _Person = _Person()


class _Answer(msgspec.Struct, frozen=True):
    data: tuple[dict[str, Any], ...]


def request(ask: Ask) -> HttpRequest:
    return request_batch([ask])


def request_batch(asks: Sequence[Ask]) -> HttpRequest:
    operation = asks[0].operation
    attributes: dict[str, object] = {
        "matchPersonInput": [_told(ask) for ask in asks],
        "outputFields": list(_FIELDS[operation]),
    }
    if operation in _REQUIRED:
        attributes["requiredFields"] = _REQUIRED[operation]
    body = {"data": {"type": "ContactEnrich", "attributes": attributes}}
    headers = {"Accept": _MEDIA_TYPE, "Content-Type": _MEDIA_TYPE}
    return HttpRequest("POST", "/data/v1/contacts/enrich", json=body, headers=headers)


def _told(ask: Ask) -> dict[str, str]:
    person = ask.contact
    told = {
        "externalURL": person.linkedin_url,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "companyName": person.company_name,
        "emailAddress": person.work_email,
    }
    return {name: value for name, value in told.items() if value}


def read(ask: Ask, response: HttpResponse) -> Reply:
    return _refusal(response) or _reply(ask, read_known(response.body, _Answer).data[0])


def read_batch(asks: Sequence[Ask], response: HttpResponse) -> dict[str, Reply] | Refused:
    refused = _refusal(response)
    if refused:
        return refused
    rows = read_known(response.body, _Answer).data
    return {ask.row: _row(ask, row, rows) for ask, row in zip(asks, rows, strict=True)}


def _row(ask: Ask, row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Reply:
    """``row`` stands where ours should. One that cannot be read leaves the others readable: they are paid for."""
    told = _told(ask).items()
    try:
        return _reply(ask, next((own for own in rows if told <= own.get("meta", {}).get("input", {}).items()), row))
    except SHAPE_ERRORS:
        return Refused(Reason.UNREADABLE)


def _reply(ask: Ask, row: Mapping[str, Any]) -> Reply:
    record = msgspec.convert(row, type=_Record, strict=False)
    if record.type != "Contact":
        return NotFound()
    person = record.attributes
    values = Values(_emails(person), _phones(person), _profile(person))
    if values == Values():
        return NotFound()
    return other_person(ask, _account(person)) or Found(values)


def _refusal(response: HttpResponse) -> Refused | None:
    spent = response.status == 400 and b"PFAPI0011" in response.body
    return refusal(response, {400: Reason.NO_CREDIT} if spent else {})


def _emails(person: _Person) -> tuple[EmailFound, ...]:
    """How sure they are is said of the record, never of the address."""
    addresses = [person.email, *(other.value for other in person.email_alt)]
    return tuple(EmailFound(address) for address in dict.fromkeys(addresses) if address)


def _phones(person: _Person) -> tuple[PhoneFound, ...]:
    mobile = [person.mobile_phone, *(other.value for other in person.mobile_phone_alt)]
    direct = [person.phone, *(other.value for other in person.direct_phone_alt)]
    lines = dict.fromkeys(direct, LineType.UNKNOWN) | dict.fromkeys(mobile, LineType.MOBILE)
    return tuple(PhoneFound(number, lines[number]) for number in dict.fromkeys(mobile + direct) if number)


def _account(person: _Person) -> str | None:
    urls = (link.url if isinstance(link, _Link) else link for link in person.external_urls)
    return next((url for url in urls if handle(url)), None)


def _profile(person: _Person) -> Profile | None:
    functions = (person.job_function,) if isinstance(person.job_function, _Function) else person.job_function
    function = functions[0] if functions else _Function()
    current = job_of(
        title=person.job_title,
        company=_present(person.company),
        levels=_several(person.management_level),
        role=function.department,
        sub_role=function.name,
        is_current=True,
        start_at=api_date(person.position_start_date),
    )
    return profile_of(
        first_name=person.first_name,
        last_name=person.last_name,
        full_name=" ".join(part for part in (person.first_name, person.last_name) if part),
        city=person.city,
        region=person.state,
        nation=person.country,
        linkedin_url=_account(person),
        educations=[_study(school) for school in person.education],
        current=current,
        jobs=[_former(held) for held in person.employment_history if api_date(held.to_date)],
    )


def _former(held: _Former) -> Employment | None:
    """Those that have ended: the present one is described by the record itself."""
    return job_of(
        title=held.job_title,
        company=company_of(name=held.company.company_name, website=held.company.company_website),
        levels=_several(held.management_level),
        is_current=False,
        start_at=api_date(held.from_date),
        end_at=api_date(held.to_date),
    )


def _present(company: _Company) -> Company | None:
    accounts = (link.url for link in company.social_media_urls if company_handle(link.url))
    return company_of(
        name=company.name,
        website=company.website,
        linkedin_url=next(accounts, None),
        description=company.description,
        headcount=company.employee_count,
        size=company.employee_range,
        kind=company.type,
        industry=next(iter((*_several(company.primary_industry), *company.industries)), None),
        locations=headquarters_of(
            street=company.street,
            city=company.city,
            region=company.state,
            postal_code=company.zip_code,
            nation=company.country,
        ),
    )


def _study(school: _School) -> Education:
    degree = school.education_degree
    return study(school.school, (degree.degree, degree.area_of_study), None, None)


def _several(words: str | Sequence[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def balance() -> HttpRequest:
    return HttpRequest("GET", "/data/v1/users/usage", headers={"Accept": _MEDIA_TYPE})


def read_balance(response: HttpResponse) -> Balance | Refused:
    """The new records that are left; the limits of requests and of records beside them are no credit."""
    refused = _refusal(response)
    if refused:
        return refused
    limits = read_known(response.body, _Answer).data[0]["attributes"]["usage"]
    left = next((limit["usageRemaining"] for limit in limits if limit["limitType"] == "uniqueIdLimit"), None)
    return Balance(None if left is None else round(left * 1000))
