"""Enrow: verified work e-mails only, from a full name and an employer, as a job that is polled.

What surprised us: a 422 means too few credits, and a person who was not found is called ``invalid``.
"""

from collections.abc import Sequence

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
    Reason,
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._jobs import job
from openenrich.vendors._statuses import poll_refusal, refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
VENDOR = Vendor(
    name="enrow",
    title="Enrow",
    docs="https://enrow.readme.io",
    base_url="https://api.enrow.io",
    auth=HeaderKey("x-api-key"),
    style=Style.POLLED,
    operations=(
        Operation(
            name="find",
            returns=frozenset({Field.WORK_EMAIL}),
            needs=(_NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME}),
            credits=1000,
            charge=Charge.PER_VERIFIED,
        ),
    ),
    credit_price=MicroUsd(12_000),
    limits=Limits(per_second=10),  # polls are not limited
    region="unknown",
)
_STATUSES = {422: Reason.NO_CREDIT}


class _Job(msgspec.Struct, frozen=True):
    id: str


class _Result(msgspec.Struct, frozen=True):
    qualification: str
    email: str | None = None


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {"fullname": person.full_name, "company_domain": person.domain, "company_name": person.company_name}
    search = {name: value for name, value in told.items() if value}
    return HttpRequest("POST", "/email/find/single", json=search)


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    refused = refusal(response, _STATUSES)
    return refused or job(VENDOR, msgspec.json.decode(response.body, type=_Job).id)


def poll(tokens: Sequence[str]) -> HttpRequest:
    return HttpRequest("GET", "/email/find/single", query={"id": tokens[0]})


def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    refused = poll_refusal(tokens, response, _STATUSES)
    if refused is not None:
        return refused
    result = msgspec.json.decode(response.body, type=_Result)
    return {} if result.qualification == "ongoing" else {tokens[0]: _reply(result)}


def _reply(result: _Result) -> Reply:
    if not result.email or result.qualification == "invalid":
        return NotFound()
    claim = EmailClaim.DELIVERABLE if result.qualification == "valid" else EmailClaim.UNKNOWN
    return Found(Values(emails=(EmailFound(result.email, claim=claim),)))


def balance() -> HttpRequest:
    return HttpRequest("GET", "/account/info")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response, _STATUSES)
    return refused or Balance(round(msgspec.json.decode(response.body)["credits"] * 1000))
