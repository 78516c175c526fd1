"""Tomba: the work e-mail from a name and an employer, or from a profile alone, now and then with a telephone number.

What surprised us: a key that is not one is a 400 with ``authentication_failed``; 402 is not about credits but says that
the person's mail server could not be asked just now; ``phone_number`` may be a boolean, which is no number. Limits
belong to the plan and come with every answer; a day that is used up is a 429 with nothing left of the day. How an
account without searches is told is written nowhere: a refusal whose type speaks of credit, quota or limit is taken
for it. Members of ``/me`` as in Tomba's own documentation repository, where ``domains`` counts the searches. There is
no batch: a bulk is created, started, watched and downloaded. ``enrich_mobile`` costs more and is not asked for.
"""

import msgspec

from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, PhoneFound, Values
from openenrich.core.money import MicroUsd
from openenrich.core.vendor import (
    Ask,
    Balance,
    Charge,
    Found,
    HeaderKeys,
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
from openenrich.vendors._short_profile import short_profile
from openenrich.vendors._statuses import refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
VENDOR = Vendor(
    name="tomba",
    title="Tomba",
    docs="https://docs.tomba.io",
    base_url="https://api.tomba.io/v1",
    auth=HeaderKeys(("X-Tomba-Key", "X-Tomba-Secret")),
    style=Style.SYNC,
    operations=(
        Operation(
            name="find",
            returns=frozenset({Field.WORK_EMAIL}),
            also_returns=frozenset({Field.PHONE, Field.PROFILE}),
            needs=(_NAME | {Known.DOMAIN}, frozenset({Known.LINKEDIN}), _NAME | {Known.COMPANY_NAME}),
            credits=1000,
            charge=Charge.PER_RESULT,
        ),
    ),
    credit_price=MicroUsd(50_000),
    limits=Limits(),
    region="unknown",
    timeout_s=30.0,
)
_STATUSES = {402: Reason.UNAVAILABLE}
_USED_UP = ("credit", "quota", "limit")
_CLAIMS = {"valid": EmailClaim.DELIVERABLE, "invalid": EmailClaim.INVALID}


class _Person(msgspec.Struct, frozen=True):
    email: str | None
    accept_all: bool | None = None
    disposable: bool | None = None
    webmail: bool | None = None
    verification: dict[str, str | None] | None = None
    first_name: str | None = None
    last_name: str | None = None
    country: str | None = None
    phone_number: str | bool | None = None
    position: str | None = None
    company: str | None = None
    website_url: str | None = None
    linkedin: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    data: msgspec.Raw


class _Error(msgspec.Struct, frozen=True):
    type: str = ""


class _Errors(msgspec.Struct, frozen=True):
    errors: _Error = _Error()


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    if person.linkedin_url:
        return HttpRequest("GET", "/linkedin", query={"url": person.linkedin_url})
    told = {
        "domain": person.domain,
        "company": person.company_name,
        "first_name": person.first_name,
        "last_name": person.last_name,
    }
    return HttpRequest("GET", "/email-finder", query={name: value for name, value in told.items() if value})


def read(ask: Ask, response: HttpResponse) -> Reply:
    refused = _refusal(response)
    if refused:
        return refused
    data = msgspec.json.decode(response.body, type=_Answer).data
    if not msgspec.json.decode(data):
        return NotFound()  # empty, of whatever kind
    person = msgspec.json.decode(data, type=_Person)
    if not person.email or person.disposable:
        return NotFound()
    return other_person(ask, person.linkedin) or Found(_values(person, person.email))


def _refusal(response: HttpResponse) -> Refused | None:
    refused = refusal(response, _STATUSES)
    if refused is None:
        return None
    if refused.reason is Reason.RATE_LIMITED:
        return _too_fast(response, refused)
    kind = _kind(response)
    if kind == "authentication_failed":
        return Refused(Reason.BAD_KEY, code=kind)
    used_up = response.status in {400, 403} and any(word in kind for word in _USED_UP)
    return Refused(Reason.NO_CREDIT, code=str(response.status)) if used_up else refused


def _too_fast(response: HttpResponse, refused: Refused) -> Refused:
    """The day's end is too far off to wait for: another key may fare better."""
    if response.headers.get("x-daily-request-left") == "0":
        return Refused(Reason.NO_CREDIT, code="daily_limit")
    minute = response.headers.get("x-minute-reset-seconds", "")
    wait = refused.after_s if refused.after_s is not None else float(minute) if minute.isdigit() else None
    return Refused(Reason.RATE_LIMITED, wait, refused.code)


def _kind(response: HttpResponse) -> str:
    """The error's type; nothing where a proxy in front of them speaks."""
    if not response.body.lstrip().startswith(b"{"):
        return ""
    return msgspec.json.decode(response.body, type=_Errors).errors.type.lower()


def _values(person: _Person, address: str) -> Values:
    profile = short_profile(
        first_name=person.first_name,
        last_name=person.last_name,
        title=person.position,
        company_name=person.company,
        company_website=person.website_url,
        linkedin_url=person.linkedin,
        nation=person.country,
    )
    number = person.phone_number if isinstance(person.phone_number, str) else None
    phones = (PhoneFound(number, country=person.country),) if number else ()
    return Values((EmailFound(address, claim=_claim(person)),), phones, profile)


def _claim(person: _Person) -> EmailClaim:
    if person.accept_all:
        return EmailClaim.CATCH_ALL
    status = (person.verification or {}).get("status") or ""
    claim = _CLAIMS.get(status, EmailClaim.UNKNOWN)
    return EmailClaim.PROBABLE if person.webmail and claim is EmailClaim.DELIVERABLE else claim


def balance() -> HttpRequest:
    return HttpRequest("GET", "/me")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = _refusal(response)
    if refused:
        return refused
    account = msgspec.json.decode(response.body)["data"]
    searches = account["requests"]["domains"]
    left = searches["available"] - searches["used"]
    return Balance(round(left * 1000), account["pricing"].get("name") or "")
