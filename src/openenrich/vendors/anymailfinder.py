"""Anymail Finder: the verified work e-mail from a name and an employer, or from a profile alone.

What surprised us: the key goes into ``Authorization`` without a word before it; the search is live and may take three
minutes, within which nobody may ask again; the address may be at another employer, because the person has moved on
(the employer that is named with it is passed on, so that the two can be compared); an address that is merely
``risky`` is free; the same search is free again for 30 days. There is no batch: a bulk search takes minutes and is
charged when it is downloaded. A webhook takes the place of the answer, so none is asked for.
"""

import msgspec

from openenrich.core.company import company_of
from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, Values
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
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
    Repeat,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._identity import other_person
from openenrich.vendors._statuses import refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
VENDOR = Vendor(
    name="anymailfinder",
    title="Anymail Finder",
    docs="https://anymailfinder.com/email-finder-api/docs",
    base_url="https://api.anymailfinder.com",
    auth=HeaderKey("Authorization"),
    style=Style.SYNC,
    operations=(
        Operation(
            name="find",
            returns=frozenset({Field.WORK_EMAIL}),
            also_returns=frozenset({Field.PROFILE}),
            needs=(_NAME | {Known.DOMAIN}, frozenset({Known.LINKEDIN}), _NAME | {Known.COMPANY_NAME}),
            credits=1000,
            charge=Charge.PER_VERIFIED,
            hit_rate=0.45,
        ),
    ),
    credit_price=MicroUsd(72_500),
    limits=Limits(),  # none is published; a busy server says 503
    region="unknown",
    timeout_s=185.0,
    deadline_s=190.0,
    repeat=Repeat.ASK_AGAIN,
)


class _Answer(msgspec.Struct, frozen=True):
    email_status: str
    email: str | None = None
    valid_email: str | None = None
    person_full_name: str | None = None
    person_job_title: str | None = None
    person_company_name: str | None = None
    person_linkedin_url: str | None = None
    credits_charged: float | None = None


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {
        "full_name": person.full_name,
        "domain": person.domain,
        "company_name": person.company_name,
        "linkedin_url": person.linkedin_url,
    }
    search = {name: value for name, value in told.items() if value}
    return HttpRequest("POST", "/v5.1/find-email/person", json=search)


def read(ask: Ask, response: HttpResponse) -> Reply:
    refused = refusal(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    if answer.email_status == "blacklisted":
        return Refused(Reason.SUPPRESSED, code="blacklisted")
    billed = None if answer.credits_charged is None else round(answer.credits_charged * 1000)
    address = answer.valid_email or answer.email
    if not address or answer.email_status == "not_found":
        return NotFound(billed)
    claim = EmailClaim.DELIVERABLE if answer.email_status == "valid" else EmailClaim.UNKNOWN
    values = Values(emails=(EmailFound(address, claim=claim),), profile=_profile(answer))
    return other_person(ask, answer.person_linkedin_url) or Found(values, billed)


def _profile(answer: _Answer) -> Profile | None:
    """The full name stands alone: where it parts is not said."""
    job = job_of(title=answer.person_job_title, company=company_of(name=answer.person_company_name), is_current=True)
    if job is None and not answer.person_linkedin_url:
        return None
    return profile_of(full_name=answer.person_full_name, linkedin_url=answer.person_linkedin_url, current=job)


def balance() -> HttpRequest:
    return HttpRequest("GET", "/v5.1/account")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    return refused or Balance(round(msgspec.json.decode(response.body)["credits_left"] * 1000))
