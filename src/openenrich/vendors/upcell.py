"""Upcell: the mobile number from a profile, the work e-mail from a name and a domain, the profile from what is known.

What surprised us: there are two hosts and two spellings. Their own node for n8n asks ``app.upcell.io`` for an e-mail in
snake case, and we do; a client of others asks ``api.upcell.io`` in camel case. What is not known we leave out, where
the node says an empty text. Errors, limits, balance and prices are not public: statuses are read as usual, prices are
estimates. In which member the found profile stands nobody says, so any will do.
"""

from typing import Any

import msgspec

from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, PhoneFound, Values
from openenrich.core.linkedin import handle
from openenrich.core.money import MicroUsd
from openenrich.core.person import profile_of
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
from openenrich.vendors._statuses import refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_LINKEDIN = frozenset({Known.LINKEDIN})
_NAMED = (_NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME})
_ADDRESS = frozenset({Known.WORK_EMAIL})
_EMAIL, _PHONE, _PROFILE = (frozenset({field}) for field in (Field.WORK_EMAIL, Field.PHONE, Field.PROFILE))
VENDOR = Vendor(
    name="upcell",
    title="Upcell",
    docs="https://api.upcell.io/docs",
    base_url="https://app.upcell.io/v1",
    auth=HeaderKey("Authorization"),
    style=Style.SYNC,
    operations=(
        Operation("email", _EMAIL, (_NAME | {Known.DOMAIN},), 1000, Charge.PER_RESULT),
        Operation("mobile", _PHONE, (_LINKEDIN,), 5000, Charge.PER_RESULT, hit_rate=0.35),
        Operation("account", _PROFILE, _NAMED, 1000, Charge.PER_RESULT),
        Operation("reverse", _PROFILE, (_ADDRESS,), 1000, Charge.PER_RESULT),
    ),
    credit_price=MicroUsd(100_000),
    limits=Limits(per_second=5),
    region="unknown",
    experimental=True,
)


class _Contact(msgspec.Struct, frozen=True, rename="camel"):
    mobile_phone: str | None = None


class _Mobile(msgspec.Struct, frozen=True):
    contact: _Contact | None = None


class _Email(msgspec.Struct, frozen=True):
    email: str | None = None
    verified: bool | None = None


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    match ask.operation:
        case "mobile":
            return HttpRequest(
                "POST", "/enrich/contact", json={"linkedinUrl": person.linkedin_url, "fields": ["mobile"]}
            )
        case "email":
            told = {"first_name": person.first_name, "last_name": person.last_name, "company_domain": person.domain}
            return HttpRequest("POST", "/enrich/email", json=told)
    known = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "company_name": person.company_name,
        "company_domain": person.domain,
        "email": person.work_email,
    }
    return HttpRequest("POST", "/enrich/socialurl", json={name: value for name, value in known.items() if value})


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404:
        return NotFound()
    refused = refusal(response)
    if refused:
        return refused
    match ask.operation:
        case "mobile":
            values = Values(phones=_phones(msgspec.json.decode(response.body, type=_Mobile)))
        case "email":
            values = Values(emails=_emails(msgspec.json.decode(response.body, type=_Email)))
        case _:
            values = Values(profile=_account(msgspec.json.decode(response.body, type=dict[str, Any])))
    return Found(values) if values != Values() else NotFound()


def _phones(answer: _Mobile) -> tuple[PhoneFound, ...]:
    """Only the name of the member says that it is a mobile."""
    number = answer.contact.mobile_phone if answer.contact else None
    return (PhoneFound(number),) if number else ()


def _emails(answer: _Email) -> tuple[EmailFound, ...]:
    claim = EmailClaim.DELIVERABLE if answer.verified else EmailClaim.UNKNOWN
    return (EmailFound(answer.email, claim=claim),) if answer.email else ()


def _account(answer: dict[str, Any]) -> Profile | None:
    found = (value for value in answer.values() if isinstance(value, str) and handle(value))
    return profile_of(linkedin_url=next(found, None))
