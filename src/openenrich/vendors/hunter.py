"""Hunter: the work e-mail from a name and an employer, or from a profile alone.

What surprised us: 403 is the rate limit and 429 the used-up month; 202 means that the search goes on and the same
question must be asked again.
"""

import msgspec

from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, Values
from openenrich.core.money import MicroUsd
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
    Pending,
    Reason,
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._short_profile import short_profile
from openenrich.vendors._statuses import refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
VENDOR = Vendor(
    name="hunter",
    title="Hunter",
    docs="https://hunter.io/api-documentation/v2",
    base_url="https://api.hunter.io/v2",
    auth=HeaderKey("X-API-KEY"),
    style=Style.SYNC,
    operations=(
        Operation(
            name="find",
            returns=frozenset({Field.WORK_EMAIL}),
            also_returns=frozenset({Field.PROFILE}),
            needs=(_NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME}, frozenset({Known.LINKEDIN})),
            credits=1000,
            charge=Charge.PER_RESULT,
            hit_rate=0.45,
        ),
    ),
    credit_price=MicroUsd(24_500),
    limits=Limits(per_second=15, per_minute=500),
    region="unknown",
    timeout_s=30.0,  # the search itself may take the 20 s that we allow it
)
_STATUSES = {403: Reason.RATE_LIMITED, 429: Reason.NO_CREDIT, 451: Reason.SUPPRESSED}
_CLAIMS = {
    "valid": EmailClaim.DELIVERABLE,
    "webmail": EmailClaim.PROBABLE,
    "accept_all": EmailClaim.CATCH_ALL,
    "invalid": EmailClaim.INVALID,
}


class _Person(msgspec.Struct, frozen=True):
    email: str | None
    first_name: str | None = None
    last_name: str | None = None
    position: str | None = None
    company: str | None = None
    linkedin_url: str | None = None
    verification: dict[str, str | None] | None = None


class _Answer(msgspec.Struct, frozen=True):
    data: _Person


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "domain": person.domain,
        "company": person.company_name,
        "linkedin_handle": person.linkedin_handle,
        "max_duration": "20",  # the longest search that may be asked for finds most
    }
    return HttpRequest("GET", "/email-finder", query={name: value for name, value in told.items() if value})


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    if response.status == 202:
        return Pending()
    if response.status == 404:
        return NotFound()
    return refusal(response, _STATUSES) or _reply(msgspec.json.decode(response.body, type=_Answer).data)


def _reply(person: _Person) -> Reply:
    status = (person.verification or {}).get("status") or ""
    if not person.email or status == "disposable":
        return NotFound()
    email = EmailFound(person.email, claim=_CLAIMS.get(status, EmailClaim.UNKNOWN))
    profile = short_profile(
        first_name=person.first_name,
        last_name=person.last_name,
        title=person.position,
        company_name=person.company,
        linkedin_url=person.linkedin_url,
    )
    return Found(Values(emails=(email,), profile=profile))


def balance() -> HttpRequest:
    return HttpRequest("GET", "/account")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response, _STATUSES)
    if refused:
        return refused
    account = msgspec.json.decode(response.body)["data"]
    pool = account["requests"].get("credits") or account["requests"]["searches"]
    remaining = pool.get("remaining")
    left = pool["available"] - pool["used"] if remaining is None else remaining
    return Balance(round(left * 1000), account.get("plan_name") or "")
