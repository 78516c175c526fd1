"""Snov.io: the work e-mail from a name and a domain, as a job behind an exchanged token.

What surprised us: the job's id stands under ``data`` or under ``meta``; there is no failed state, so only our own
deadline ends a job; addresses that are merely "unknown" are charged too. Results stand in the order in which the
answer to the submission repeats the rows; one that it does not repeat was not taken. A company's name alone is not
asked: its domain is a job of its own, at a price of its own, and a job cannot be followed by another.
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
    Pending,
    Reason,
    Refused,
    Reply,
    Style,
    TokenExchange,
    Vendor,
    job_of,
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
            batch=10,
        ),
    ),
    credit_price=MicroUsd(39_000),
    limits=Limits(per_minute=20),  # 60 a minute for the account, shared by submissions and polls
    poll_limits=Limits(per_minute=40),
    region="unknown",
)
_CLAIMS = {"valid": EmailClaim.DELIVERABLE, "not_valid": EmailClaim.INVALID}


class _Email(msgspec.Struct, frozen=True):
    email: str
    smtp_status: str = ""
    unknown_status_reason: str | None = None
    is_valid_format: bool = True
    is_disposable: bool = False
    is_gibberish: bool = False


class _Row(msgspec.Struct, frozen=True):
    result: tuple[_Email, ...]


class _Repeated(msgspec.Struct, frozen=True):
    """A row as the answer to the submission repeats it."""

    first_name: str
    last_name: str
    domain: str

    def is_of(self, ask: Ask) -> bool:
        asked = (ask.contact.first_name, ask.contact.last_name, ask.contact.domain)
        return asked == (self.first_name, self.last_name, self.domain)


class _Result(msgspec.Struct, frozen=True):
    status: str
    data: tuple[_Row, ...] = ()


def request(ask: Ask) -> HttpRequest:
    return request_batch([ask])


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    return _taken(response)


def request_batch(asks: Sequence[Ask]) -> HttpRequest:
    people = [ask.contact for ask in asks]
    rows = [{"first_name": one.first_name, "last_name": one.last_name, "domain": one.domain} for one in people]
    report = {"webhook_url": asks[0].callback_url} if asks[0].callback_url else {}
    return HttpRequest("POST", "/v2/emails-by-domain-by-name/start", json={"rows": rows, **report})


def read_batch(asks: Sequence[Ask], response: HttpResponse) -> dict[str, Reply] | Refused:
    taken = _taken(response)
    if isinstance(taken, Refused):
        return taken
    meta = msgspec.json.decode(response.body).get("meta") or {}
    places = _places(asks, msgspec.convert(meta.get("rows") or (), tuple[_Repeated, ...]))
    not_taken = Refused(Reason.INPUT_REFUSED, code="not_taken")
    return {
        ask.row: not_taken if place is None else Pending(f"{taken.token}#{place}", taken.after_s)
        for ask, place in zip(asks, places, strict=True)
    }


def _places(asks: Sequence[Ask], repeated: Sequence[_Repeated]) -> list[int | None]:
    """Where each question's result will stand. Rows that are all there may be repeated in other letters."""
    if len(repeated) in {0, len(asks)}:
        return list(range(len(asks)))
    return [next((place for place, row in enumerate(repeated) if row.is_of(ask)), None) for ask in asks]


def _taken(response: HttpResponse) -> Pending | Refused:
    refused = refusal(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body)
    if answer.get("success") is False:
        return Refused(Reason.INPUT_REFUSED, code="success_false")
    places = [place for place in (answer.get("data"), answer.get("meta")) if isinstance(place, dict)]
    return job(VENDOR, next((place["task_hash"] for place in places if "task_hash" in place), None))


def poll(tokens: Sequence[str]) -> HttpRequest:
    return HttpRequest("GET", "/v2/emails-by-domain-by-name/result", query={"task_hash": job_of(tokens[0])})


def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    refused = poll_refusal(tokens, response)
    if refused is not None:
        return refused
    result = msgspec.json.decode(response.body, type=_Result)
    if result.status == "not_enough_credits":
        return dict.fromkeys(tokens, Refused(Reason.NO_CREDIT, code=result.status, final=True))
    return {token: _reply(_row(token, result.data)) for token in tokens} if result.status == "completed" else {}


def _row(token: str, rows: Sequence[_Row]) -> _Row:
    return rows[int(token.partition("#")[2] or 0)]


def _reply(row: _Row) -> Reply:
    usable = [e for e in row.result if e.is_valid_format and not e.is_disposable and not e.is_gibberish]
    emails = tuple(EmailFound(email.email, claim=_claim(email)) for email in usable)
    return Found(Values(emails)) if emails else NotFound()


def _claim(email: _Email) -> EmailClaim:
    if email.smtp_status in _CLAIMS:
        return _CLAIMS[email.smtp_status]
    caught = email.smtp_status == "unknown" and email.unknown_status_reason == "catchall"
    return EmailClaim.CATCH_ALL if caught else EmailClaim.UNKNOWN


def balance() -> HttpRequest:
    return HttpRequest("GET", "/v1/get-balance")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    # The balance is a decimal in a text.
    return refused or Balance(round(float(msgspec.json.decode(response.body)["data"]["balance"]) * 1000))
