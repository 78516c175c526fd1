"""Kaspr: work e-mail, personal e-mail or phone of a profile on the professional network, one question for each.

What surprised us: only the bare handle is understood (a whole address is answered with a 500) and the name must come
along; an unknown person is a 200 without a profile, or with an empty one, and "No credits left" may be a 200 as well;
fields have two families of names. Experimental: known from the vendor's clients only. They also settled the words of
``requiredData`` (nothing is charged unless the field is there), of the balance, and the limits. Prices are guesses.
"""

import msgspec

from openenrich.core.company import company_of, headquarters_of
from openenrich.core.contact import EmailClaim, EmailFound, EmailKind, Field, Known, PhoneFound, Values
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.places import parts_of_place
from openenrich.core.profile import Company, Profile
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
from openenrich.vendors._identity import other_person
from openenrich.vendors._statuses import refusal

_NEEDS = (frozenset({Known.LINKEDIN, Known.FIRST_NAME, Known.LAST_NAME}),)


def _operation(name: str, field: Field, credits_taken: int, hits: float) -> Operation:
    also = frozenset({Field.PROFILE})
    return Operation(
        name, frozenset({field}), _NEEDS, credits_taken, Charge.PER_RESULT, also_returns=also, hit_rate=hits
    )


VENDOR = Vendor(
    name="kaspr",
    title="Kaspr",
    docs="https://docs.developers.kaspr.io",
    base_url="https://api.developers.kaspr.io",
    auth=HeaderKey("Authorization", "Bearer "),
    style=Style.SYNC,
    operations=(
        _operation("email", Field.WORK_EMAIL, 200, 0.4),
        _operation("personal_email", Field.PERSONAL_EMAIL, 500, 0.3),
        _operation("phone", Field.PHONE, 1000, 0.4),
    ),
    credit_price=MicroUsd(500_000),
    limits=Limits(per_minute=60, per_day=500),
    region="unknown",
    experimental=True,
)
_HEADERS = {"accept-version": "v2.0"}
_SELECTORS = {"email": "workEmail", "personal_email": "directEmail", "phone": "phone"}


class _Address(msgspec.Struct, frozen=True):
    country: str | None = None
    city: str | None = None
    postal_code: str | None = msgspec.field(default=None, name="postalCode")
    line1: str | None = None


class _Company(msgspec.Struct, frozen=True, rename="camel"):
    name: str | None = None
    domains: tuple[str, ...] | None = None
    company_page_url: str | None = None
    industries: tuple[str, ...] | None = None
    industry_name: str | None = None
    staff_count: int | None = None
    main_address: _Address | None = None


class _Email(msgspec.Struct, frozen=True):
    email: str | None = None
    valid: bool | None = None


class _Person(msgspec.Struct, frozen=True, rename="camel"):
    """Older answers say professional and personal, newer ones work and direct."""

    id: str | None = None
    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    title: str | None = None
    location: str | None = None
    company_name: str | None = None
    company: _Company | None = None
    professional_emails: tuple[str, ...] | None = None
    starry_professional_email: str | None = None
    work_emails: tuple[str, ...] | None = None
    starry_work_email: str | None = None
    personal_emails: tuple[str, ...] | None = None
    starry_personal_email: str | None = None
    direct_emails: tuple[str, ...] | None = None
    starry_direct_email: str | None = None
    emails: tuple[_Email, ...] | None = None
    phones: tuple[str, ...] | None = None
    starry_phone: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    profile: _Person | None = None
    message: str = ""


def request(ask: Ask) -> HttpRequest:
    person, wanted = ask.contact, _SELECTORS[ask.operation]
    body = {
        "id": person.linkedin_handle,
        "name": person.full_name,
        "dataToGet": [wanted],
        "requiredData": [wanted],
    }
    return HttpRequest("POST", "/profile/linkedin", json=body, headers=_HEADERS)


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404:
        return NotFound()
    refused = refusal(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body or b"{}", type=_Answer)
    if answer.profile is None:
        return _without_profile(answer.message)
    values = _values(answer.profile)
    if values == Values():
        return NotFound()
    slug = answer.profile.id
    return other_person(ask, f"https://www.linkedin.com/in/{slug}" if slug else None) or Found(values)


def _without_profile(message: str) -> Reply:
    if not message:
        return NotFound()
    broke = "credit" in message.lower()
    return Refused(Reason.NO_CREDIT, code="no_credits_left") if broke else Refused(Reason.UNREADABLE, code="message")


def _values(person: _Person) -> Values:
    """What has a star is the vendor's own choice and goes first."""
    starred = (person.starry_work_email, person.starry_professional_email)
    starred_own = (person.starry_direct_email, person.starry_personal_email)
    work = (*starred, *(person.work_emails or ()), *(person.professional_emails or ()))
    own = (*starred_own, *(person.direct_emails or ()), *(person.personal_emails or ()))
    invalid = {item.email for item in person.emails or () if item.valid is False}
    emails = [(address, EmailKind.WORK) for address in work] + [(address, EmailKind.PERSONAL) for address in own]
    claims = {True: EmailClaim.INVALID, False: EmailClaim.UNKNOWN}
    found = dict.fromkeys(EmailFound(it, kind, claims[it in invalid]) for it, kind in emails if it)
    phones = dict.fromkeys(PhoneFound(number) for number in (person.starry_phone, *(person.phones or ())) if number)
    return Values(tuple(found), tuple(phones), _profile(person))


def _profile(person: _Person) -> Profile | None:
    """A name and a handle are what we asked with: without a position there is no profile."""
    company = _employer(person.company or _Company(name=person.company_name))
    job = job_of(title=person.title, company=company, is_current=True)
    if job is None:
        return None
    city, region, nation = parts_of_place(person.location)
    return profile_of(
        first_name=person.first_name,
        last_name=person.last_name,
        full_name=person.name,
        city=city,
        region=region,
        nation=nation,
        linkedin_url=f"https://www.linkedin.com/in/{person.id}" if person.id else None,
        current=job,
    )


def _employer(company: _Company) -> Company | None:
    place = company.main_address or _Address()
    return company_of(
        name=company.name,
        website=next(iter(company.domains or ()), None),
        linkedin_url=company.company_page_url,
        headcount=company.staff_count,
        industry=company.industry_name or next(iter(company.industries or ()), None),
        locations=headquarters_of(
            street=place.line1, city=place.city, postal_code=place.postal_code, nation=place.country
        ),
    )


def balance() -> HttpRequest:
    return HttpRequest("GET", "/keys/remainingCredits", headers=_HEADERS)


def read_balance(response: HttpResponse) -> Balance | Refused:
    """The pool of phone credits; -1 is unlimited."""
    refused = refusal(response)
    if refused:
        return refused
    left = msgspec.json.decode(response.body)["phoneCredits"]
    return Balance(round(left * 1000) if left >= 0 else None)
