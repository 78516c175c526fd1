"""Snov.io: the work e-mail from a name and a domain, as a job behind an exchanged token.

What surprised us: the job's id stands under ``data`` or under ``meta``; there is no failed state, so only our own
deadline ends a job; addresses that are merely "unknown" are charged too.
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
    HttpRequest,
    HttpResponse,
    Limits,
    NotFound,
    Operation,
    Reason,
    Refused,
    Reply,
    Style,
    TokenExchange,
    Vendor,
)
from openenrich.vendors._jobs import job
from openenrich.vendors._statuses import poll_refusal, refusal

VENDOR = Vendor(
    name="snov",
    title="Snov.io",
    docs="https://snov.io/api",
    base_url="https://api.snov.io",
    auth=TokenExchange("/v1/oauth/access_token", form={"grant_type": "client_credentials"}),
    style=Style.POLLED,
    operations=(
        Operation(
            name="find",
            returns=frozenset({Field.WORK_EMAIL}),
            needs=(frozenset({Known.FIRST_NAME, Known.LAST_NAME, Known.DOMAIN}),),
            credits=1000,
            charge=Charge.PER_RESULT,
        ),
    ),
    credit_price=MicroUsd(39_000),
    limits=Limits(per_minute=20),  # 60 a minute for the account, shared by submissions and polls
    poll_limits=Limits(per_minute=40),
    region="unknown",
)


class _Email(msgspec.Struct, frozen=True):
    email: str
    smtp_status: str = ""
    unknown_status_reason: str | None = None
    is_valid_format: bool = True
    is_disposable: bool = False
    is_gibberish: bool = False


class _Row(msgspec.Struct, frozen=True):
    result: tuple[_Email, ...]


class _Result(msgspec.Struct, frozen=True):
    status: str
    data: tuple[_Row, ...] = ()


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    row = {"first_name": person.first_name, "last_name": person.last_name, "domain": person.domain}
    return HttpRequest("POST", "/v2/emails-by-domain-by-name/start", json={"rows": [row]})


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    refused = refusal(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body)
    if answer.get("success") is False:
        return Refused(Reason.INPUT_REFUSED, code="success_false")
    places = [place for place in (answer.get("data"), answer.get("meta")) if isinstance(place, dict)]
    return job(VENDOR, next((place["task_hash"] for place in places if "task_hash" in place), None))


def poll(tokens: Sequence[str]) -> HttpRequest:
    return HttpRequest("GET", "/v2/emails-by-domain-by-name/result", query={"task_hash": tokens[0]})


def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    refused = poll_refusal(tokens, response)
    if refused is not None:
        return refused
    result = msgspec.json.decode(response.body, type=_Result)
    if result.status == "not_enough_credits":
        return {tokens[0]: Refused(Reason.NO_CREDIT, code=result.status, final=True)}
    return {tokens[0]: _reply(result.data[0])} if result.status == "completed" else {}


def _reply(row: _Row) -> Reply:
    usable = [e for e in row.result if e.is_valid_format and not e.is_disposable and not e.is_gibberish]
    emails = tuple(EmailFound(email.email, claim=_claim(email)) for email in usable)
    return Found(Values(emails)) if emails else NotFound()


def _claim(email: _Email) -> EmailClaim:
    if email.smtp_status == "valid":
        return EmailClaim.DELIVERABLE
    caught = email.smtp_status == "unknown" and email.unknown_status_reason == "catchall"
    return EmailClaim.CATCH_ALL if caught else EmailClaim.UNKNOWN


def balance() -> HttpRequest:
    return HttpRequest("GET", "/v1/get-balance")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    # The balance is a decimal in a text.
    return refused or Balance(round(float(msgspec.json.decode(response.body)["data"]["balance"]) * 1000))
