"""Wiza: work e-mail, personal e-mail, mobile, profile or the person behind an address, as one kind of job.

What surprised us: a job that could not be paid for ends as ``failed`` with a 200 and ``fail_error``; a job may be done
in the answer to its submission; a balance can be the word ``unlimited``. Their page "Credit deduction behavior" settled
that the level ``phone`` bills phones alone, and that an e-mail is billed only when at least one is ``valid``. They
publish no rate. They sell histories of positions and schools, but in an undocumented form: those are left aside. So are
lists of many people, whose answers nobody says how to tell apart. A community node sends ``email_type`` where their
documents have ``email_options``: we follow the documents.
"""

import re
from collections.abc import Sequence

import msgspec

from openenrich.core.company import company_of, headquarters_of
from openenrich.core.contact import EmailClaim, EmailFound, EmailKind, Field, Known, LineType, PhoneFound, Values
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.places import parts_of_place
from openenrich.core.profile import Profile
from openenrich.core.vendor import (
    Ask,
    Balance,
    Charge,
    Found,
    HeaderKey,
    HttpRequest,
    HttpResponse,
    KeyHash,
    Limits,
    NotFound,
    Operation,
    Reason,
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._jobs import job
from openenrich.vendors._statuses import poll_refusal, refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_PERSON = (frozenset({Known.LINKEDIN}), _NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME})
_ADDRESS = (frozenset({Known.WORK_EMAIL}),)


def _operation(
    name: str, field: Field, needs: tuple[frozenset[Known], ...], price: int, charge: Charge, hits: float
) -> Operation:
    along = frozenset({Field.PROFILE}) - {field}
    return Operation(name, frozenset({field}), needs, price * 1000, charge, also_returns=along, hit_rate=hits)


VENDOR = Vendor(
    name="wiza",
    title="Wiza",
    docs="https://docs.wiza.co",
    base_url="https://wiza.co/api",
    auth=HeaderKey("Authorization", "Bearer "),
    style=Style.POLLED,
    operations=(
        _operation("email", Field.WORK_EMAIL, _PERSON, 2, Charge.PER_VERIFIED, 0.4),
        _operation("personal_email", Field.PERSONAL_EMAIL, _PERSON + _ADDRESS, 2, Charge.PER_VERIFIED, 0.3),
        _operation("mobile", Field.PHONE, _PERSON + _ADDRESS, 5, Charge.PER_RESULT, 0.3),
        _operation("profile", Field.PROFILE, _PERSON, 1, Charge.PER_MATCH, 0.7),
        _operation("reverse", Field.PROFILE, _ADDRESS, 1, Charge.PER_MATCH, 0.5),
    ),
    credit_price=MicroUsd(25_000),
    limits=Limits(per_second=5),  # a guess: they say only that a full queue is a 429
    poll_limits=Limits(per_second=10),
    region="unknown",
    deadline_s=90.0,  # usually 25 s, up to 380 s
    callback_auth=KeyHash("x-auth-key"),
)
_LEVELS = {"email": "partial", "personal_email": "partial", "mobile": "phone", "profile": "none", "reverse": "none"}
_CLAIMS = {
    "valid": EmailClaim.DELIVERABLE,
    "catch_all": EmailClaim.CATCH_ALL,
    "invalid": EmailClaim.INVALID,
}
_LINES = {"mobile": LineType.MOBILE, "landline": LineType.LANDLINE, "voip": LineType.VOIP}
_FAILURES = {"billing_issue": Reason.NO_CREDIT}


class _Email(msgspec.Struct, frozen=True):
    email: str | None = None
    email_type: str | None = None
    email_status: str | None = None


class _Phone(msgspec.Struct, frozen=True):
    number: str | None = None
    pretty_number: str | None = None
    type: str | None = None


class _Spent(msgspec.Struct, frozen=True):
    total: float | None = None


class _Credits(msgspec.Struct, frozen=True):
    api_credits: _Spent | None = None


class _Reveal(msgspec.Struct, frozen=True):
    id: int | str
    status: str
    is_complete: bool = False
    fail_error: str | None = None
    name: str | None = None
    title: str | None = None
    location: str | None = None
    linkedin_profile_url: str | None = None
    email: str | None = None
    email_type: str | None = None
    email_status: str | None = None
    emails: tuple[_Email, ...] | None = None
    mobile_phone: str | None = None
    phone_number: str | None = None
    phones: tuple[_Phone, ...] | None = None
    company: str | None = None
    company_domain: str | None = None
    company_size: int | None = None
    company_size_range: str | None = None
    company_founded: int | None = None
    company_type: str | None = None
    company_industry: str | None = None
    company_street: str | None = None
    company_locality: str | None = None
    company_region: str | None = None
    company_country: str | None = None
    company_postal_code: str | None = None
    company_linkedin: str | None = None
    company_description: str | None = None
    credits: _Credits | None = None


class _Answer(msgspec.Struct, frozen=True):
    data: _Reveal


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {
        "profile_url": person.linkedin_url,
        "full_name": person.full_name,
        "domain": person.domain,
        "company": person.company_name,
        "email": person.work_email,
    }
    reveal = {name: value for name, value in told.items() if value}
    body: dict[str, object] = {"individual_reveal": reveal, "enrichment_level": _LEVELS[ask.operation]}
    if body["enrichment_level"] == "partial":
        personal = ask.operation == "personal_email"
        body["email_options"] = {"accept_work": not personal, "accept_personal": personal}
    if ask.callback_url:
        body["callback_url"] = ask.callback_url
    return HttpRequest("POST", "/individual_reveals", json=body)


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    refused = refusal(response)
    if refused:
        return refused
    reveal = _decoded(response)
    return _reply(reveal) if _is_done(reveal) else job(VENDOR, str(reveal.id))


def poll(tokens: Sequence[str]) -> HttpRequest:
    return HttpRequest("GET", f"/individual_reveals/{tokens[0]}")


def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    refused = poll_refusal(tokens, response)
    if refused is not None:
        return refused
    reveal = _decoded(response)
    return {tokens[0]: _reply(reveal)} if _is_done(reveal) else {}


def _decoded(response: HttpResponse) -> _Reveal:
    return msgspec.json.decode(response.body, type=_Answer, strict=False).data  # some numbers are in quotes


def _is_done(reveal: _Reveal) -> bool:
    return reveal.is_complete or reveal.status in {"finished", "failed"}


def _reply(reveal: _Reveal) -> Reply:
    if reveal.status == "failed":
        told = reveal.fail_error or ""
        reason = _FAILURES.get(told, Reason.UNAVAILABLE)
        return Refused(reason, code=told if told in _FAILURES else "failed", final=True)
    values, billed = Values(_emails(reveal), _phones(reveal), _profile(reveal)), _billed(reveal)
    return NotFound(billed) if values == Values() else Found(values, billed)


def _billed(reveal: _Reveal) -> int | None:
    spent = reveal.credits.api_credits if reveal.credits else None
    return None if spent is None or spent.total is None else round(spent.total * 1000)


def _emails(reveal: _Reveal) -> tuple[EmailFound, ...]:
    """The first address is named twice."""
    listed = (_Email(reveal.email, reveal.email_type, reveal.email_status), *(reveal.emails or ()))
    found = [
        EmailFound(
            email.email,
            EmailKind.PERSONAL if email.email_type == "personal" else EmailKind.WORK,
            _CLAIMS.get(email.email_status or "", EmailClaim.UNKNOWN),
        )
        for email in listed
        if email.email and email.email_status != "unfound"
    ]
    return tuple({email.address: email for email in found}.values())


def _phones(reveal: _Reveal) -> tuple[PhoneFound, ...]:
    """``number`` comes with and without its plus sign, ``pretty_number`` always has it."""
    listed = [(reveal.mobile_phone, LineType.MOBILE)]
    listed += [
        (phone.pretty_number or phone.number, _LINES.get(phone.type or "", LineType.UNKNOWN))
        for phone in reveal.phones or ()
    ]
    listed.append((reveal.phone_number, LineType.UNKNOWN))
    found: dict[str, PhoneFound] = {}
    for number, line in listed:
        if number:
            found.setdefault(re.sub(r"\D", "", number), PhoneFound(number, line))
    return tuple(found.values())


def _profile(reveal: _Reveal) -> Profile | None:
    """Name, employer and account may be what we said ourselves; a title or a place is not."""
    if not (reveal.title or reveal.location):
        return None
    company = company_of(
        name=reveal.company,
        website=reveal.company_domain,
        linkedin_url=reveal.company_linkedin,
        description=reveal.company_description,
        founded=reveal.company_founded,
        headcount=reveal.company_size,
        size=reveal.company_size_range,
        kind=reveal.company_type,
        industry=reveal.company_industry,
        locations=headquarters_of(
            street=reveal.company_street,
            city=reveal.company_locality,
            region=reveal.company_region,
            postal_code=reveal.company_postal_code,
            nation=reveal.company_country,
        ),
    )
    city, region, nation = parts_of_place(reveal.location)
    return profile_of(
        full_name=reveal.name,
        city=city,
        region=region,
        nation=nation,
        linkedin_url=reveal.linkedin_profile_url,
        current=job_of(title=reveal.title, company=company, is_current=True),
    )


def balance() -> HttpRequest:
    return HttpRequest("GET", "/meta/credits")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    if refused:
        return refused
    left = msgspec.json.decode(response.body)["credits"]["api_credits"]
    return Balance(None, "unlimited") if left == "unlimited" else Balance(round(float(left) * 1000))
