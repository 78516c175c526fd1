"""Findymail: verified work e-mails by name or profile, the mobile for ten credits, whose an address is, its verdict.

What surprised us: ``domain`` also takes a company's name; a miss is a null or a 404, and a 200 with ``error`` is no
miss but a failure (formerly the only word for an empty account); 423 is a paused subscription. Limits are on calls in
flight, 300 and for profiles 30; one number must do here. The reverse look-up costs one credit when it knows only the
account and two with the profile; its positions are left aside, because nobody says what is in them. Their n8n node
asks by profile under the older ``/api/search/linkedin``. No batch, and a callback is instead of an answer: not used.

The verifier says yes or no, catch-all hosts included. It takes credits of its own, which come with those of the finder
and cost a fraction of them: a tenth is counted.
"""

from typing import Any

import msgspec

from openenrich.core.company import company_of, headquarters_of
from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, LineType, PhoneFound, Values
from openenrich.core.dates import api_date
from openenrich.core.linkedin import url
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.places import country, us_state
from openenrich.core.profile import Education, Profile
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
from openenrich.vendors._verification import about, verification

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_LINKEDIN = frozenset({Known.LINKEDIN})


def _operation(name: str, returns: Field, needs: tuple[frozenset[Known], ...], price: int, hits: float) -> Operation:
    """Only verified addresses are found, and only what is found is paid for."""
    also = frozenset({Field.PROFILE}) if returns is Field.WORK_EMAIL else frozenset()
    return Operation(
        name, frozenset({returns}), needs, price * 1000, Charge.PER_RESULT, also_returns=also, hit_rate=hits
    )


VENDOR = Vendor(
    name="findymail",
    title="Findymail",
    docs="https://app.findymail.com/docs/",
    base_url="https://app.findymail.com",
    auth=HeaderKey("Authorization", "Bearer "),
    style=Style.SYNC,
    operations=(
        _operation(
            "email", Field.WORK_EMAIL, (_NAME | {Known.DOMAIN}, _LINKEDIN, _NAME | {Known.COMPANY_NAME}), 1, 0.45
        ),
        _operation("mobile", Field.PHONE, (_LINKEDIN,), 10, 0.2),  # nobody from the European Union
        _operation("reverse", Field.PROFILE, (frozenset({Known.WORK_EMAIL}),), 2, 0.5),
        verification(100, Charge.PER_CALL),
    ),
    credit_price=MicroUsd(49_000),
    limits=Limits(concurrency=30),
    region="unknown",
    timeout_s=60.0,  # the search is live
)
_LONGEST_CODE = 3
_STATUSES = {423: Reason.NO_CREDIT}
_LINES = {"mobile": LineType.MOBILE, "landline": LineType.LANDLINE, "voip": LineType.VOIP}
_VERDICTS = {True: EmailClaim.DELIVERABLE, False: EmailClaim.INVALID}


_RENAMED = {
    "fullName": "name",
    "jobTitle": "job_title",
    "companyName": "company",
    "companyWebsite": "domain",
    "companyLinkedinUrl": "company_linkedin_url",
}
"""How the reverse look-up calls what the finder calls otherwise."""


class _School(msgspec.Struct, frozen=True, rename="camel"):
    school: str | None = None
    degree: str | None = None
    field_of_study: str | None = None
    start_date: str | int | None = None
    end_date: str | int | None = None


class _Person(msgspec.Struct, frozen=True):
    """What the finder and the reverse look-up say; neither says everything."""

    name: str | None = None
    email: str | None = None
    headline: str | None = None
    summary: str | None = None
    job_title: str | None = None
    linkedin_url: str | None = None
    username: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    company: str | None = None
    domain: str | None = None
    company_linkedin_url: str | None = None
    company_city: str | None = None
    company_region: str | None = None
    company_country: str | None = None
    skills: tuple[str, ...] | None = None
    educations: tuple[_School, ...] | None = None


class _Line(msgspec.Struct, frozen=True):
    phone: str | None
    line_type: str | None = None


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    match ask.operation:
        case "mobile":
            return HttpRequest("POST", "/api/search/phone", json={"linkedin_url": person.linkedin_url})
        case "reverse":
            told = {"email": person.work_email, "with_profile": True}
            return HttpRequest("POST", "/api/search/reverse-email", json=told)
        case "verify":
            return HttpRequest("POST", "/api/verify", json={"email": person.work_email})
        case _ if person.linkedin_handle:
            return HttpRequest("POST", "/api/search/business-profile", json={"linkedin_url": person.linkedin_url})
        case _:
            told = {"name": person.full_name, "domain": person.domain or person.company_name}
            return HttpRequest("POST", "/api/search/name", json=told)


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 404 and ask.operation != "verify":
        return NotFound()
    refused = refusal(response, _STATUSES)
    if refused:
        return refused
    body = msgspec.json.decode(response.body, type=dict[str, Any])
    if body.get("error"):
        empty = "credit" in str(body["error"]).lower()
        return Refused(Reason.NO_CREDIT if empty else Reason.UNAVAILABLE, code="error_in_200")
    return _answer(ask, body)


def _answer(ask: Ask, body: dict[str, Any]) -> Reply:
    match ask.operation:
        case "mobile":
            return _mobile(msgspec.convert(body, type=_Line))
        case "reverse":
            return _reverse(
                msgspec.convert({_RENAMED.get(name, name): part for name, part in body.items()}, type=_Person)
            )
        case "verify":
            return about(ask.contact.work_email, _VERDICTS.get(body["verified"], EmailClaim.UNKNOWN))
        case _:
            return _email(ask, msgspec.convert(body["contact"], type=_Person | None) or _Person())


def _email(ask: Ask, person: _Person) -> Reply:
    """Only the name and the address are always there: without a position and an account there is no profile."""
    if not person.email:
        return NotFound()
    profile = _profile(person) if person.job_title or person.company or person.linkedin_url else None
    values = Values(emails=(EmailFound(person.email, claim=EmailClaim.DELIVERABLE),), profile=profile)
    return other_person(ask, person.linkedin_url) or Found(values)


def _mobile(line: _Line) -> Reply:
    """A landline is paid for as well; it is told as what it is."""
    if not line.phone:
        return NotFound()
    kind = _LINES.get((line.line_type or "").lower(), LineType.UNKNOWN)
    return Found(Values(phones=(PhoneFound(line.phone, kind),)))


def _reverse(person: _Person) -> Reply:
    profile = _profile(person)
    return Found(Values(profile=profile), 2000 if person.name else 1000) if profile else NotFound()


def _profile(person: _Person) -> Profile | None:
    seat = _region(person.company_region, person.company_country)
    place = headquarters_of(city=person.company_city, region=seat, nation=person.company_country)
    employer = company_of(
        name=person.company, website=person.domain, linkedin_url=person.company_linkedin_url, locations=place
    )
    return profile_of(
        full_name=person.name,
        headline=person.headline,
        description=person.summary,
        city=person.city,
        region=_region(person.region, person.country),
        nation=person.country,
        linkedin_url=person.linkedin_url or (url(person.username) if person.username else None),
        educations=[_study(school) for school in person.educations or ()],
        skills=person.skills or (),
        current=job_of(title=person.job_title, company=employer, is_current=True),
    )


def _region(text: str | None, nation: str | None) -> str | None:
    """The finder writes codes (``ARA``, ``CA``): only those of American states are understood."""
    if not text or len(text) > _LONGEST_CODE or not text.isupper():
        return text
    named = country(nation)
    return us_state(text) if named and named[1] == "US" else None


def _study(school: _School) -> Education:
    degree = ", ".join(part for part in (school.degree, school.field_of_study) if part)
    return Education(school.school, degree or None, api_date(school.start_date), api_date(school.end_date))


def balance() -> HttpRequest:
    return HttpRequest("GET", "/api/credits")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response, _STATUSES)
    return refused or Balance(round(msgspec.json.decode(response.body)["credits"] * 1000))
