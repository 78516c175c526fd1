"""LeadMagic: five questions at five prices: e-mail by name or by profile, mobile, personal e-mail, profile.

What surprised us: nothing found is a 200 with nulls or a 404; a frozen account has no credit whatever its balance
says; mobile numbers come without a word about the line.
"""

import msgspec

from openenrich.core.company import company_of
from openenrich.core.contact import EmailClaim, EmailFound, EmailKind, Field, Known, PhoneFound, Values
from openenrich.core.dates import period
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.places import parts_of_place
from openenrich.core.profile import Education, Employment, Profile
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


def _operation(name: str, returns: Field, needs: tuple[frozenset[Known], ...], price: int, hits: float) -> Operation:
    return Operation(name, frozenset({returns}), needs, price * 1000, Charge.PER_RESULT, hit_rate=hits)


VENDOR = Vendor(
    name="leadmagic",
    title="LeadMagic",
    docs="https://leadmagic.io/docs",
    base_url="https://api.leadmagic.io",
    auth=HeaderKey("X-API-Key"),
    style=Style.SYNC,
    operations=(
        _operation("email", Field.WORK_EMAIL, (_NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME}), 1, 0.4),
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
_CLAIMS = {"valid": EmailClaim.DELIVERABLE, "valid_catch_all": EmailClaim.PROBABLE, "invalid": EmailClaim.INVALID}


class _Job(msgspec.Struct, frozen=True):
    position_title: str | None = None
    company_name: str | None = None
    company_website: str | None = None
    employment_period: str | None = None


class _School(msgspec.Struct, frozen=True):
    institution_name: str | None = None
    degree: str | None = None
    attendance_period: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    """The members of all five answers; each has some of them. What was spent is in every one."""

    credits_consumed: float
    profile_url: str | None = None
    email: str | None = None
    status: str | None = None
    is_domain_catch_all: bool | None = None
    personal_email: str | None = None
    first_personal_email: str | None = None
    mobile_number: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    professional_title: str | None = None
    bio: str | None = None
    location: str | None = None
    country: str | None = None
    company_name: str | None = None
    company_website: str | None = None
    company_industry: str | None = None
    work_experience: tuple[_Job, ...] | None = None
    education: tuple[_School, ...] | None = None


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
    answer = msgspec.json.decode(response.body, type=_Answer)
    values, billed = _values(ask.operation, answer), round(answer.credits_consumed * 1000)
    if values == Values():
        return NotFound(billed)
    return other_person(ask, answer.profile_url) or Found(values, billed)


def _values(operation: str, answer: _Answer) -> Values:
    if operation == "profile":
        return Values(profile=_profile(answer))
    if operation == "mobile":
        return Values(phones=(PhoneFound(answer.mobile_number),) if answer.mobile_number else ())
    personal = operation == "personal_email"
    address = answer.personal_email or answer.first_personal_email if personal else answer.email
    kind = EmailKind.PERSONAL if personal else EmailKind.WORK
    doubt = EmailClaim.CATCH_ALL if answer.is_domain_catch_all else EmailClaim.UNKNOWN
    claim = _CLAIMS.get(answer.status or "", doubt)
    return Values(emails=(EmailFound(address, kind, claim),) if address else ())


def _profile(answer: _Answer) -> Profile | None:
    city, region, nation = parts_of_place(answer.location, answer.country)
    jobs = [_position(job, answer) for job in answer.work_experience or ()]
    now = next((job for job in jobs if job and job.is_current), None)
    return profile_of(
        first_name=answer.first_name,
        last_name=answer.last_name,
        full_name=answer.full_name,
        headline=answer.professional_title,
        description=answer.bio,
        city=city,
        region=region,
        nation=nation,
        linkedin_url=answer.profile_url if answer.full_name else None,  # on a miss they repeat the question
        educations=[_education(school) for school in answer.education or ()],
        current=now or _position(_Job(answer.professional_title, answer.company_name, None, "Present"), answer),
        jobs=jobs,
    )


def _position(job: _Job, answer: _Answer) -> Employment | None:
    """The head of the answer describes one company: more is known of the positions there."""
    here = job.company_name is not None and job.company_name == answer.company_name
    website, industry = (answer.company_website, answer.company_industry) if here else (None, None)
    when = period(job.employment_period)
    return job_of(
        title=job.position_title,
        company=company_of(name=job.company_name, website=job.company_website or website, industry=industry),
        is_current=when.is_current,
        start_at=when.start,
        end_at=when.end,
    )


def _education(school: _School) -> Education:
    when = period(school.attendance_period)
    return Education(school.institution_name, school.degree, when.start, when.end)


def balance() -> HttpRequest:
    return HttpRequest("GET", "/v1/credits")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    if refused:
        return refused
    account = msgspec.json.decode(response.body)
    return Balance(0, "frozen") if account.get("is_frozen") else Balance(round(account["credits"] * 1000))
