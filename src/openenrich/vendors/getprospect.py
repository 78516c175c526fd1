"""GetProspect: the work e-mail from a name and an employer.

What surprised us: answers are wrapped in ``data`` or, formerly, flat; a miss is a 404 or a 200 without an address; an
accept-all address is free on some plans and charged on others, so it is counted as charged; there is no balance to be
asked, only a remainder in each answer. Experimental because requests alone are published (its reference at
getprospect.readme.io settled the key's header and the four inputs), and everything else is what clients have seen;
some of them take 429 for a used-up month, its own list of errors for too many requests. A call by profile exists, but
its answers are seen in forms that contradict each other: it is left aside. So is the key in the query.
"""

from typing import Any

import msgspec

from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, Values
from openenrich.core.money import MicroUsd
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
VENDOR = Vendor(
    name="getprospect",
    title="GetProspect",
    docs="https://getprospect.readme.io",
    base_url="https://api.getprospect.com",
    auth=HeaderKey("apiKey"),
    style=Style.SYNC,
    operations=(
        Operation(
            name="find",
            returns=frozenset({Field.WORK_EMAIL}),
            needs=(_NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME}),
            credits=1000,
            charge=Charge.PER_RESULT,
            hit_rate=0.35,
        ),
    ),
    credit_price=MicroUsd(50_000),
    limits=Limits(),  # none is published
    region="unknown",
    timeout_s=30.0,
    experimental=True,
)
_CLAIMS = {
    "valid": EmailClaim.DELIVERABLE,
    "accept_all": EmailClaim.CATCH_ALL,
    "invalid": EmailClaim.INVALID,
}


class _Email(msgspec.Struct, frozen=True):
    email: str | None = None
    status: str | None = None


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "domain": person.domain,
        "company": person.company_name,
    }
    return HttpRequest("GET", "/v2/email-finder", query={name: value for name, value in told.items() if value})


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    if response.status == 404:
        return NotFound()
    refused = refusal(response)
    if refused:
        return refused
    body = msgspec.json.decode(response.body, type=dict[str, Any])
    if not {"data", "email", "status", "success"} & body.keys():
        raise ValueError("an answer of another kind")
    answer = msgspec.convert(body.get("data", body) or {}, type=_Email)
    if not answer.email:
        return NotFound()
    claim = _CLAIMS.get((answer.status or "").lower(), EmailClaim.UNKNOWN)
    return Found(Values(emails=(EmailFound(answer.email, claim=claim),)))
