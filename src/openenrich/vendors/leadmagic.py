"""LeadMagic: five questions at five prices: e-mail by name or by profile, mobile, personal e-mail, profile.

What surprised us: nothing found is a 200 with nulls or a 404; a frozen account has no credit whatever its balance
says; mobile numbers come without a word about the line. Their documents write names with underscores here and in camel
case there, and their own clients read profiles of an older form as well: both are understood. There is no batch: a
bulk job wants 45 seconds between looks and gives its rows by another call.
"""

import re
from typing import Any

import msgspec

from openenrich.core.company import company_of, headquarters_of
from openenrich.core.contact import EmailClaim, EmailFound, EmailKind, Field, Known, PhoneFound, Values
from openenrich.core.dates import period
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.places import parts_of_place
from openenrich.core.profile import Company, Education, Employment, Profile
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
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._identity import other_person
from openenrich.vendors._statuses import refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_LINKEDIN = frozenset({Known.LINKEDIN})


def _operation(
    name: str, returns: Field, needs: tuple[frozenset[Known], ...], price: int, hits: float, *also: Field
) -> Operation:
    wins, extra = frozenset({returns}), frozenset(also)
    return Operation(name, wins, needs, price * 1000, Charge.PER_RESULT, also_returns=extra, hit_rate=hits)


VENDOR = Vendor(
    name="leadmagic",
    title="LeadMagic",
    docs="https://leadmagic.io/docs",
    base_url="https://api.leadmagic.io",
    auth=HeaderKey("X-API-Key"),
    style=Style.SYNC,
    operations=(
        _operation(
            "email", Field.WORK_EMAIL, (_NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME}), 1, 0.4, Field.COMPANY
        ),
        _operation("email_by_profile", Field.WORK_EMAIL, (_LINKEDIN,), 5, 0.35),
        _operation("mobile", Field.PHONE, (_LINKEDIN, frozenset({Known.WORK_EMAIL})), 5, 0.3),
        _operation("personal_email", Field.PERSONAL_EMAIL, (_LINKEDIN,), 2, 0.3),
        _operation("profile", Field.PROFILE, (_LINKEDIN,), 1, 0.8),
    ),
    credit_price=MicroUsd(24_500),
    limits=Limits(per_minute=300),  # the least of the figures that their documents give
    region="unknown",
)
_PATHS = {
    "email": "/v1/people/email-finder",
    "email_by_profile": "/v1/people/b2b-profile-email",
    "mobile": "/v1/people/mobile-finder",
    "personal_email": "/v1/people/personal-email-finder",
    "profile": "/v1/people/profile-search",
}
_HUMP = re.compile(r"(?<=[a-z0-9])[A-Z]")
_CLAIMS = {"valid": EmailClaim.DELIVERABLE, "valid_catch_all": EmailClaim.PROBABLE, "invalid": EmailClaim.INVALID}


class _Job(msgspec.Struct, frozen=True):
    """The later names come first; ``subtitle`` is the company, ``caption`` the time."""

    position_title: str | None = None
    company_name: str | None = None
    company_website: str | None = None
    employment_period: str | None = None
    title: str | None = None
    subtitle: str | None = None
    caption: str | None = None


class _School(msgspec.Struct, frozen=True):
    institution_name: str | None = None
    degree: str | None = None
    attendance_period: str | None = None
    title: str | None = None
    subtitle: str | None = None
    caption: str | None = None


class _Place(msgspec.Struct, frozen=True):
    street_address: str | None = None
    locality: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    """The members of all five answers; each has some of them. What was spent is in every one."""

    credits_consumed: float
    profile_url: str | None = None
    email: str | None = None
    status: str | None = None
    is_domain_catch_all: bool | None = None
    personal_email: str | None = None
    first_personal_email: str | None = None
    personal_emails: tuple[str, ...] | None = None
    mobile_number: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    professional_title: str | None = None
    headline: str | None = None
    bio: str | None = None
    about: str | None = None
    connections: int | None = None
    domain: str | None = None
    location: str | None = None
    country: str | None = None
    company_name: str | None = None
    company_website: str | None = None
    company_industry: str | None = None
    company_size: str | None = None
    company_founded: int | None = None
    company_type: str | None = None
    company_linkedin_url: str | None = None
    company_location: _Place | None = None
    work_experience: tuple[_Job, ...] | None = None
    experiences: tuple[_Job, ...] | None = None
    education: tuple[_School, ...] | None = None
    educations: tuple[_School, ...] | None = None


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "domain": person.domain,
        "company_name": person.company_name,
        "profile_url": person.linkedin_url,
        "work_email": person.work_email,
    }
    return HttpRequest("POST", _PATHS[ask.operation], json={name: value for name, value in told.items() if value})


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404:
        return NotFound()
    refused = refusal(response)
    if refused:
        return refused
    answer = msgspec.convert(_snake(msgspec.json.decode(response.body)), type=_Answer, strict=False)
    values, billed = _values(ask.operation, answer), round(answer.credits_consumed * 1000)
    if values == Values():
        return NotFound(billed)
    return other_person(ask, answer.profile_url) or Found(values, billed)


def _snake(value: Any) -> Any:
    """``creditsConsumed`` as ``credits_consumed``, at every level."""
    if isinstance(value, dict):
        return {_HUMP.sub(r"_\g<0>", name).lower(): _snake(part) for name, part in value.items()}
    return [_snake(part) for part in value] if isinstance(value, list) else value


def _values(operation: str, answer: _Answer) -> Values:
    if operation == "profile":
        return Values(profile=_profile(answer))
    if operation == "mobile":
        return Values(phones=(PhoneFound(answer.mobile_number),) if answer.mobile_number else ())
    if operation == "personal_email":
        told = (answer.personal_email, answer.first_personal_email, *(answer.personal_emails or ()))
        addresses = dict.fromkeys(address for address in told if address)
        return Values(tuple(EmailFound(address, EmailKind.PERSONAL, _claim(answer)) for address in addresses))
    if not answer.email:
        return Values()
    company = _company(answer) if operation == "email" else None
    return Values((EmailFound(answer.email, claim=_claim(answer)),), company=company)


def _claim(answer: _Answer) -> EmailClaim:
    doubt = EmailClaim.CATCH_ALL if answer.is_domain_catch_all else EmailClaim.UNKNOWN
    return _CLAIMS.get(answer.status or "", doubt)


def _company(answer: _Answer) -> Company | None:
    """What stands beside the address; without a name it only repeats the question."""
    place = answer.company_location or _Place()
    locations = headquarters_of(
        street=place.street_address,
        city=place.locality,
        region=place.region,
        postal_code=place.postal_code,
        nation=place.country,
    )
    company = company_of(
        name=answer.company_name,
        website=answer.company_website or answer.domain,
        linkedin_url=answer.company_linkedin_url,
        founded=answer.company_founded,
        size=answer.company_size,
        kind=answer.company_type,
        industry=answer.company_industry,
        locations=locations,
    )
    return company if answer.company_name else None


def _profile(answer: _Answer) -> Profile | None:
    city, region, nation = parts_of_place(answer.location, answer.country)
    jobs = [_position(job, answer) for job in answer.work_experience or answer.experiences or ()]
    now = next((job for job in jobs if job and job.is_current), None)
    headline = answer.professional_title or answer.headline
    return profile_of(
        first_name=answer.first_name,
        last_name=answer.last_name,
        full_name=answer.full_name,
        headline=headline,
        description=answer.bio or answer.about,
        city=city,
        region=region,
        nation=nation,
        linkedin_url=answer.profile_url if answer.full_name else None,  # on a miss they repeat the question
        connections=answer.connections,
        educations=[_education(school) for school in answer.education or answer.educations or ()],
        current=now or _position(_Job(headline, answer.company_name, None, "Present"), answer),
        jobs=jobs,
    )


def _position(job: _Job, answer: _Answer) -> Employment | None:
    """The head of the answer describes one company: more is known of the positions there."""
    employer = job.company_name or job.subtitle
    here = answer if employer is not None and employer == answer.company_name else _Answer(0)
    when = period(job.employment_period or job.caption)
    company = company_of(
        name=employer,
        website=job.company_website or here.company_website,
        linkedin_url=here.company_linkedin_url,
        size=here.company_size,
        industry=here.company_industry,
    )
    return job_of(
        title=job.position_title or job.title,
        company=company,
        is_current=when.is_current,
        start_at=when.start,
        end_at=when.end,
    )


def _education(school: _School) -> Education:
    when = period(school.attendance_period or school.caption)
    return Education(school.institution_name or school.title, school.degree or school.subtitle, when.start, when.end)


def balance() -> HttpRequest:
    return HttpRequest("GET", "/v1/credits")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    if refused:
        return refused
    account = msgspec.json.decode(response.body)
    return Balance(0, "frozen") if account.get("is_frozen") else Balance(round(account["credits"] * 1000))
