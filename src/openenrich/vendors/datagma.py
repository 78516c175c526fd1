"""Datagma: work e-mail by name, mobile by profile or address or name, and profile, each by a call of its own.

What surprised us: the key stands in the query of every call; errors are numbers of gRPC whatever the status, 5 being a
miss; the flag of catch-all domains is spelled ``cachAll``, and such addresses are free; what was charged may be a text;
``/v2/full`` is paid for whatever it finds. The code of the vendor's own demonstration settled where each call puts its
numbers and that a 13 with "can't get credit" is an empty account. Its help page still says 75 credits for a mobile, the
newer documents 30. E-mails beside a mobile are left aside: nothing says whose they are. So are former positions and
schools, whose members are not documented. An old n8n node still asks ``/v2/findEmail`` and names itself as ``source``:
neither is documented. Experimental: all but the first call is known from clients only.
"""

from typing import Any

import msgspec

from openenrich.core.company import company_of, headquarters_of
from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, LineType, PhoneFound, Values
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.profile import Profile
from openenrich.core.vendor import (
    Ask,
    Balance,
    Charge,
    Found,
    HttpRequest,
    HttpResponse,
    Limits,
    NotFound,
    Operation,
    QueryKey,
    Reason,
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._identity import other_person
from openenrich.vendors._short_profile import short_profile
from openenrich.vendors._statuses import refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_NAMED = (_NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME})
_LINKEDIN = (frozenset({Known.LINKEDIN}),)
_ADDRESS = (frozenset({Known.WORK_EMAIL}),)
_EMAIL, _PHONE, _PROFILE = (frozenset({field}) for field in (Field.WORK_EMAIL, Field.PHONE, Field.PROFILE))
VENDOR = Vendor(
    name="datagma",
    title="Datagma",
    docs="https://datagmaapi.readme.io",
    base_url="https://gateway.datagma.net/api/ingress",
    auth=QueryKey("apiId"),
    style=Style.SYNC,
    operations=(
        Operation("email", _EMAIL, _NAMED, 1000, Charge.PER_VERIFIED, hit_rate=0.4),
        Operation("email_by_profile", _EMAIL, _LINKEDIN, 2000, Charge.PER_MATCH, frozenset(), _PROFILE, 0.35),
        Operation("mobile", _PHONE, _LINKEDIN + _ADDRESS, 30_000, Charge.PER_RESULT, _ADDRESS[0], _PROFILE, 0.3),
        Operation("mobile_by_name", _PHONE, _NAMED, 32_000, Charge.PER_RESULT, frozenset(), _EMAIL | _PROFILE, 0.2),
        Operation("profile", _PROFILE, _LINKEDIN + _NAMED, 2000, Charge.PER_MATCH, frozenset(), _EMAIL, 0.6),
        Operation("reverse", _PROFILE, _ADDRESS, 2000, Charge.PER_MATCH, frozenset(), _EMAIL, 0.5),
    ),
    credit_price=MicroUsd(16_333),
    limits=Limits(per_second=10),
    region="unknown",
    timeout_s=30.0,  # they look on the public web while we wait
    experimental=True,
)
_MISS = 5
_REASONS = {3: Reason.INPUT_REFUSED, 7: Reason.BAD_KEY, 8: Reason.RATE_LIMITED, 16: Reason.BAD_KEY}


class _Phone(msgspec.Struct, frozen=True, rename="camel"):
    display_international: str | None = None
    country_code: int | str | None = None
    number: int | str | None = None

    @property
    def text(self) -> str:
        calling = f"+{self.country_code}" if self.country_code and self.number else ""
        return self.display_international or f"{calling}{self.number or ''}"


class _Value(msgspec.Struct, frozen=True):
    value: str | None = None


class _Lines(msgspec.Struct, frozen=True, rename="camel"):
    mobiles: tuple[_Value, ...] | None = None
    work_phones: tuple[_Value, ...] | None = None


class _Phones(msgspec.Struct, frozen=True):
    phones: tuple[_Phone, ...] | None = None


class _Basic(msgspec.Struct, frozen=True, rename="camel"):
    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    job_title: str | None = None
    company: str | None = None
    linked_in_url: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    extracted_role: str | None = None
    extracted_seniority: str | None = None
    email: str | None = None
    email_status: str | None = None


class _Name(msgspec.Struct, frozen=True):
    first: str | None = None
    last: str | None = None


class _Job(msgspec.Struct, frozen=True):
    title: str | None = None
    company: str | None = None


class _Url(msgspec.Struct, frozen=True):
    domain: str | None = None
    url: str | None = None


class _Person(msgspec.Struct, frozen=True):
    """``basic`` is the answer of ``/v2/full``, the other members are the one of ``/v1/search``."""

    basic: _Basic | None = None
    phones: tuple[_Phone, ...] | None = None
    names: tuple[_Name, ...] | None = None
    jobs: tuple[_Job, ...] | None = None
    urls: tuple[_Url, ...] | None = None


class _Company(msgspec.Struct, frozen=True, rename="camel"):
    name: str | None = None
    website: str | None = None
    year_founded: int | None = None
    industry: str | None = None
    size: int | str | None = None
    locality: str | None = None
    region: str | None = None
    country: str | None = None
    linked_url: str | None = None


class _Firm(msgspec.Struct, frozen=True):
    basic: _Company | None = None


class _Answer(msgspec.Struct, frozen=True, rename="camel"):
    code: int = 0
    message: str = ""
    email: str | None = None
    email_v2: Any = None
    email_status: str | None = None
    status: str | None = None
    smtp_check: bool | None = None
    cach_all: bool | None = None
    credit_burn: float | None = None
    person: _Person | None = None
    company: _Firm | None = None
    phone_full: _Phones | None = None
    phone: _Lines | None = None


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    if ask.operation == "email":
        path, told = (
            "/v8/findEmail",
            {
                "firstName": person.first_name,
                "lastName": person.last_name,
                "company": person.domain or person.company_name,
                "findEmailV2Step": "3",  # the whole address: the domain alone costs the same
                "findEmailV2Country": "General",
            },
        )
    elif ask.operation == "mobile":
        path, told = (
            "/v1/search",
            {
                "username": person.linkedin_url,
                "email": person.work_email,
                "minimumMatch": "1",
            },
        )
    else:
        path, told = (
            "/v2/full",
            {
                "data": person.linkedin_url or person.work_email or person.domain or person.company_name,
                "fullName": person.full_name,
                "personFull": "true",
                "companyPremium": "true",
                "phoneFull": "true" if ask.operation == "mobile_by_name" else None,
            },
        )
    return HttpRequest("GET", path, query={name: value for name, value in told.items() if value})


def read(ask: Ask, response: HttpResponse) -> Reply:
    answer = _decoded(response)
    if isinstance(answer, Refused):
        return answer
    if answer.code == _MISS:
        return NotFound()
    person = answer.person or _Person()
    values = Values(_emails(answer), _phones(answer), _profile(ask, answer))
    billed = None if answer.credit_burn is None else round(answer.credit_burn * 1000)
    if values == Values():
        return NotFound(billed)
    return other_person(ask, _account(person)) or Found(values, billed)


def _decoded(response: HttpResponse) -> _Answer | Refused:
    """The number decides; the status only where there is no number."""
    if not response.body.lstrip().startswith(b"{"):
        return refusal(response) or Refused(Reason.UNREADABLE, code=str(response.status))
    answer = msgspec.json.decode(response.body, type=_Answer, strict=False)
    if answer.code == 0:
        return refusal(response) or answer
    if answer.code == _MISS:
        return answer
    empty = answer.code in {8, 13} and "credit" in answer.message.lower()
    reason = Reason.NO_CREDIT if empty else _REASONS.get(answer.code, Reason.UNAVAILABLE)
    code = response.status if reason is Reason.UNAVAILABLE else answer.code  # a 5xx may be asked again
    return Refused(reason, response.seconds_to_wait(), str(code))


def _emails(answer: _Answer) -> tuple[EmailFound, ...]:
    basic = (answer.person or _Person()).basic or _Basic()
    second = answer.email_v2 if isinstance(answer.email_v2, str) else None
    address = answer.email or second or basic.email
    if not address:
        return ()
    told = (answer.status or answer.email_status or basic.email_status or "").lower()
    checked = told == "valid" if answer.smtp_check is None else answer.smtp_check
    certain = EmailClaim.DELIVERABLE if checked else EmailClaim.UNKNOWN
    return (EmailFound(address, claim=EmailClaim.CATCH_ALL if answer.cach_all else certain),)


def _phones(answer: _Answer) -> tuple[PhoneFound, ...]:
    """Only one of the three places says what kind of line it is."""
    lines = answer.phone or _Lines()
    plain = [*((answer.person or _Person()).phones or ()), *((answer.phone_full or _Phones()).phones or ())]
    found = dict.fromkeys((line.value for line in lines.mobiles or ()), LineType.MOBILE)
    others = [*(phone.text for phone in plain), *(line.value for line in lines.work_phones or ())]
    found |= {number: LineType.UNKNOWN for number in others if number not in found}
    return tuple(PhoneFound(number, line) for number, line in found.items() if number)


def _account(person: _Person) -> str | None:
    if person.basic:
        return person.basic.linked_in_url
    return next((link.url for link in person.urls or () if link.domain == "linkedin.com"), None)


def _profile(ask: Ask, answer: _Answer) -> Profile | None:
    person = answer.person or _Person()
    basic = person.basic
    if basic is None:
        named, held = next(iter(person.names or ()), _Name()), next(iter(person.jobs or ()), _Job())
        return short_profile(
            first_name=named.first,
            last_name=named.last,
            title=held.title,
            company_name=held.company,
            linkedin_url=_account(person),
        )
    if not basic.job_title and (ask.contact.linkedin_handle or not basic.linked_in_url):
        return None  # what is left may be what we said ourselves
    return _whole_profile(basic, (answer.company or _Firm()).basic or _Company())


def _whole_profile(basic: _Basic, firm: _Company) -> Profile | None:
    employer = company_of(
        name=firm.name or basic.company,
        website=firm.website,
        linkedin_url=firm.linked_url,
        founded=firm.year_founded,
        size=str(firm.size or ""),
        industry=firm.industry,
        locations=headquarters_of(city=firm.locality, region=firm.region, nation=firm.country),
    )
    return profile_of(
        first_name=basic.first_name,
        last_name=basic.last_name,
        full_name=basic.name,
        city=basic.city,
        region=basic.region,
        nation=basic.country,
        linkedin_url=basic.linked_in_url,
        current=job_of(
            title=basic.job_title,
            company=employer,
            levels=(basic.extracted_seniority,) if basic.extracted_seniority else (),
            role=basic.extracted_role,
            is_current=True,
        ),
    )


def balance() -> HttpRequest:
    return HttpRequest("GET", "/v1/mine")


def read_balance(response: HttpResponse) -> Balance | Refused:
    answer = _decoded(response)
    if isinstance(answer, Refused):
        return answer
    # The balance is a number in a text.
    return Balance(round(float(msgspec.json.decode(response.body)["currentCredit"]) * 1000))
