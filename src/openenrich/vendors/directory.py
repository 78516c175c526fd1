"""The operator's own list of people: free, asked first, never sent anywhere.

The questions are answered inside the process by the local transport, in the shape read here. A namesake with another
profile is left aside; two people who still fit the same question are nobody, because the list does not say which one
was meant.
"""

import msgspec

from openenrich.core.contact import EmailClaim, EmailFound, EmailKind, Field, Known, LineType, PhoneFound, Values
from openenrich.core.money import MicroUsd
from openenrich.core.vendor import (
    Ask,
    Charge,
    Found,
    HttpRequest,
    HttpResponse,
    Limits,
    NoKey,
    NotFound,
    Operation,
    Repeat,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._identity import other_person
from openenrich.vendors._short_profile import short_profile
from openenrich.vendors._statuses import refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_LINKEDIN = frozenset({Known.LINKEDIN})
VENDOR = Vendor(
    name="directory",
    title="Your own directory",
    docs="docs/operations.md",
    base_url="local://directory",
    auth=NoKey(),
    style=Style.LOCAL,
    operations=(
        Operation(
            name="lookup",
            returns=frozenset({Field.WORK_EMAIL, Field.PERSONAL_EMAIL, Field.PHONE, Field.PROFILE}),
            needs=(_LINKEDIN, _NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME}),
            optional=_NAME | _LINKEDIN | {Known.DOMAIN, Known.COMPANY_NAME},
            credits=0,
            charge=Charge.FREE,
            hit_rate=0.1,
        ),
    ),
    credit_price=MicroUsd(0),
    limits=Limits(),
    region="local",
    repeat=Repeat.ASK_AGAIN,
)


class _Person(msgspec.Struct, frozen=True):
    """Someone in the list; what is empty is absent."""

    first_name: str | None = None
    last_name: str | None = None
    work_email: str | None = None
    personal_email: str | None = None
    mobile: str | None = None
    phone: str | None = None
    title: str | None = None
    company_name: str | None = None
    company_domain: str | None = None
    linkedin_url: str | None = None
    city: str | None = None
    country: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    people: tuple[_Person, ...]


def request(ask: Ask) -> HttpRequest:
    known = {item.value: getattr(ask.contact, item.value) for item in sorted(ask.contact.known())}
    return HttpRequest("GET", "/lookup", query=known)


def read(ask: Ask, response: HttpResponse) -> Reply:
    refused = refusal(response)
    if refused:
        return refused
    listed = msgspec.json.decode(response.body, type=_Answer).people
    people = [person for person in listed if other_person(ask, person.linkedin_url) is None]
    values = _values(people[0]) if len(people) == 1 else Values()
    return Found(values) if values.fields() else NotFound()


def _values(person: _Person) -> Values:
    # The operator vouches for its own list, and no later vendor is to be paid for what is already known:
    # that is the strongest claim there is, and verification still outweighs it.
    sure = EmailClaim.DELIVERABLE
    work = EmailFound(person.work_email, EmailKind.WORK, sure) if person.work_email else None
    personal = EmailFound(person.personal_email, EmailKind.PERSONAL, sure) if person.personal_email else None
    mobile = PhoneFound(person.mobile, LineType.MOBILE) if person.mobile else None
    fixed = PhoneFound(person.phone) if person.phone else None
    return Values(
        emails=tuple(email for email in (work, personal) if email),
        phones=tuple(phone for phone in (mobile, fixed) if phone),
        profile=short_profile(
            first_name=person.first_name,
            last_name=person.last_name,
            title=person.title,
            company_name=person.company_name,
            company_website=person.company_domain,
            linkedin_url=person.linkedin_url,
            city=person.city,
            nation=person.country,
        ),
    )
