"""UpLead: work e-mail, numbers and a short profile out of one record, from a name and a domain or from an address.

What surprised us: the key goes into ``Authorization`` without a word before it; a profile of the professional network
cannot be asked for, although the answer names one; a record whose address is invalid or unknown costs nothing; levels
are the letters M, D, VP, C and CX. Their own page does not say how a used-up account answers: a 402, and a 403 that
speaks of credits, are read so; every other 403 is an account that is paused or has no plan.
"""

import msgspec

from openenrich.core.company import company_of
from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, LineType, PhoneFound, Values
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.places import country, us_state
from openenrich.core.profile import Profile
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
from openenrich.vendors._known_parts import read_known
from openenrich.vendors._statuses import refusal

_NAMED = frozenset({Known.FIRST_NAME, Known.LAST_NAME, Known.DOMAIN})
_ADDRESS = frozenset({Known.WORK_EMAIL})
_CONTACT = frozenset({Field.WORK_EMAIL, Field.PHONE})
_PROFILE = frozenset({Field.PROFILE})
VENDOR = Vendor(
    name="uplead",
    title="UpLead",
    docs="https://docs.uplead.com",
    base_url="https://api.uplead.com/v2",
    auth=HeaderKey("Authorization"),
    style=Style.SYNC,
    operations=(
        Operation("person", _CONTACT, (_NAMED,), 1000, Charge.PER_MATCH, also_returns=_PROFILE, hit_rate=0.35),
        Operation("reverse", _PROFILE, (_ADDRESS,), 1000, Charge.PER_MATCH, also_returns=_CONTACT, hit_rate=0.4),
    ),
    credit_price=MicroUsd(600_000),
    limits=Limits(per_minute=500),
    region="unknown",
)
_CLAIMS = {
    "valid": EmailClaim.DELIVERABLE,
    "accept_all": EmailClaim.CATCH_ALL,
    "accept-all": EmailClaim.CATCH_ALL,
    "invalid": EmailClaim.INVALID,
}
_PAID = {EmailClaim.DELIVERABLE, EmailClaim.CATCH_ALL}
_LEVELS = {"CX": "C"}


class _Person(msgspec.Struct, frozen=True):
    first_name: str | None = None
    last_name: str | None = None
    title: str | None = None
    job_function: str | None = None
    job_sub_function: str | None = None
    management_level: str | None = None
    email: str | None = None
    email_status: str | None = None
    phone_number: str | None = None
    mobile_directdial: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    linkedin_url: str | None = None
    industry: str | None = None
    domain: str | None = None
    company_name: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    data: _Person | tuple[_Person, ...] = ()


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "domain": person.domain,
        "email": person.work_email,
    }
    return HttpRequest("GET", "/person-search", query={name: value for name, value in told.items() if value})


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    if response.status == 404:
        return NotFound()
    refused = _refusal(response)
    if refused:
        return refused
    data = read_known(response.body, _Answer).data
    person = next(iter(data), _Person()) if isinstance(data, tuple) else data
    claim = _CLAIMS.get(person.email_status or "", EmailClaim.UNKNOWN)
    emails = (EmailFound(person.email, claim=claim),) if person.email else ()
    values = Values(emails, _phones(person), _profile(person))
    billed = 1000 if emails and claim in _PAID else 0
    return Found(values, billed) if values != Values() else NotFound()


def _refusal(response: HttpResponse) -> Refused | None:
    spent = response.status == 403 and b"credit" in response.body.lower()
    return refusal(response, {403: Reason.NO_CREDIT} if spent else {})


def _phones(person: _Person) -> tuple[PhoneFound, ...]:
    """``phone_number`` is not said to be a mobile, and is often the company's."""
    mobile, other, nation = person.mobile_directdial, person.phone_number, _nation(person)
    found = [PhoneFound(mobile, LineType.MOBILE, country=nation)] if mobile else []
    return (*found, PhoneFound(other, country=nation)) if other and other != mobile else tuple(found)


def _nation(person: _Person) -> str | None:
    named = country(person.country)
    return named[1] if named else None


def _profile(person: _Person) -> Profile | None:
    level = person.management_level or ""
    return profile_of(
        first_name=person.first_name,
        last_name=person.last_name,
        full_name=" ".join(part for part in (person.first_name, person.last_name) if part),
        city=person.city,
        region=(us_state(person.state) if _nation(person) == "US" else None) or person.state,
        nation=person.country,
        linkedin_url=person.linkedin_url,
        current=job_of(
            title=person.title,
            company=company_of(name=person.company_name, website=person.domain, industry=person.industry),
            levels=(_LEVELS.get(level, level),),
            role=person.job_function,
            sub_role=person.job_sub_function,
            is_current=True,
        ),
    )


def balance() -> HttpRequest:
    return HttpRequest("GET", "/credits")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = _refusal(response)
    return refused or Balance(round(msgspec.json.decode(response.body)["credits"] * 1000))
