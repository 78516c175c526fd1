"""Enrow: verified work e-mails only, from a full name and an employer, as a job of one or of many that is polled.

What surprised us: a 422 means too few credits, and a person who was not found is called ``invalid``. Their clients
also read answers with a ``status`` beside or instead of the ``qualification``, finished at once or not. A job may hold
5000 people, but is estimated in minutes: ours hold few.

The verdict about an address is a job as well, valid or invalid, catch-all hosts included; it is paid for when it is
submitted. The row of its token is ``verify``.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, Values
from openenrich.core.money import MicroUsd
from openenrich.core.vendor import (
    SHAPE_ERRORS,
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
    job_of,
)
from openenrich.vendors._jobs import job
from openenrich.vendors._statuses import refusal
from openenrich.vendors._verification import about, verification

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
            batch=100,
        ),
        verification(250, Charge.PER_CALL),
    ),
    credit_price=MicroUsd(12_000),
    limits=Limits(per_second=10),  # polls are not limited
    region="unknown",
    deadline_s=180.0,
)
_STATUSES = {422: Reason.NO_CREDIT}


_ONGOING = frozenset({"ongoing", "pending", "processing", "partial"})
_LONGEST_WAIT_S = 3600
_VERDICTS = {"valid": EmailClaim.DELIVERABLE, "invalid": EmailClaim.INVALID}
_VERIFYING = "#verify"


class _Answer(msgspec.Struct, frozen=True):
    """A job, its state, its result, or several of these: of one search, or of many."""

    id: str | None = None
    batch_id: str | None = None
    qualification: str | None = None
    status: str | None = None
    email: str | None = None
    general: dict[str, Any] = {}
    results: tuple[dict[str, Any], ...] = ()


def request(ask: Ask) -> HttpRequest:
    if ask.operation == "verify":
        told: dict[str, object] = {"email": ask.contact.work_email}
        return HttpRequest("POST", "/email/verify/single", json={**told, **_settings(ask)})
    return HttpRequest("POST", "/email/find/single", json={**_told(ask), **_settings(ask)})


def request_batch(asks: Sequence[Ask]) -> HttpRequest:
    body = {"searches": [_told(ask) for ask in asks], **_settings(asks[0])}
    return HttpRequest("POST", "/email/find/bulk", json=body)


def _told(ask: Ask) -> dict[str, object]:
    person = ask.contact
    told = {"fullname": person.full_name, "company_domain": person.domain, "company_name": person.company_name}
    return {name: value for name, value in told.items() if value}


def _settings(ask: Ask) -> dict[str, object]:
    return {"settings": {"webhook": ask.callback_url}} if ask.callback_url else {}


def read(ask: Ask, response: HttpResponse) -> Reply:
    refused = _refused(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    if ask.operation == "verify":
        verdict = _verdict(answer, ask.contact.work_email) if answer.qualification else None
        return verdict or Pending(job(VENDOR, answer.id).token + _VERIFYING, VENDOR.poll_every_s)
    finished = answer.email or answer.qualification
    return (finished and _reply(answer)) or job(VENDOR, answer.id)


def read_batch(asks: Sequence[Ask], response: HttpResponse) -> dict[str, Reply] | Refused:
    refused = _refused(response)
    if refused:
        return refused
    answer = msgspec.json.decode(response.body, type=_Answer)
    number = job(VENDOR, answer.id or answer.batch_id).token
    tokens = {ask.row: f"{number}#{place}/{len(asks)}" for place, ask in enumerate(asks)}
    finished = _rows(tuple(tokens.values()), answer) if answer.results else {}
    return {row: finished.get(token, Pending(token, VENDOR.poll_every_s)) for row, token in tokens.items()}


def _refused(response: HttpResponse) -> Refused | None:
    refused = refusal(response, _STATUSES)
    reset = response.headers.get("x-ratelimit-reset", "")
    if refused and refused.reason is Reason.RATE_LIMITED and reset.isdigit() and int(reset) < _LONGEST_WAIT_S:
        return Refused(refused.reason, float(reset), refused.code)
    return refused


def poll(tokens: Sequence[str]) -> HttpRequest:
    if tokens[0].endswith(_VERIFYING):
        return HttpRequest("GET", "/email/verify/single", query={"id": job_of(tokens[0])})
    which = "bulk" if "#" in tokens[0] else "single"
    return HttpRequest("GET", f"/email/find/{which}", query={"id": job_of(tokens[0])})


def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    refused = _refused(response)
    if refused:
        return dict.fromkeys(tokens, refused)
    if response.status == 202:
        return {}
    answer = msgspec.json.decode(response.body, type=_Answer)
    verifying = tokens[0].endswith(_VERIFYING)
    if verifying or "#" not in tokens[0]:
        reply = _verdict(answer, answer.email) if verifying else _reply(answer)
        return {tokens[0]: reply} if reply else {}
    status = answer.general["status"] if answer.general else answer.status
    if status == "failed":
        return dict.fromkeys(tokens, Refused(Reason.UNAVAILABLE, code=status, final=True))
    return {} if status in _ONGOING else _rows(tokens, answer)


def _rows(tokens: Sequence[str], answer: _Answer) -> dict[str, Reply]:
    replies = {token: _read_row(_row(token, answer.results)) for token in tokens}
    return {token: reply for token, reply in replies.items() if reply}


def _row(token: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """By its number, counted from 0, else by its place, which only tells while no row is missing."""
    place, _, total = token.partition("#")[2].partition("/")
    numbered = {str(row.get("index")): row for row in rows}
    if place in numbered and "0" in numbered:
        return numbered[place]
    if len(rows) != int(total):
        raise ValueError("rows are missing")
    return rows[int(place)]


def _read_row(row: dict[str, Any]) -> Reply | None:
    """A row that cannot be read leaves the others readable: they are paid for."""
    try:
        return _reply(msgspec.convert(row, type=_Answer))
    except SHAPE_ERRORS:
        return Refused(Reason.UNREADABLE)


def _reply(result: _Answer) -> Reply | None:
    """Nothing while it goes on."""
    word = result.qualification or result.status
    if not word:
        raise ValueError("neither a result nor a state")
    if word in _ONGOING:
        return None
    if word == "failed":
        return Refused(Reason.UNAVAILABLE, code=word, final=True)
    if not result.email or word == "invalid":
        return NotFound()
    claim = EmailClaim.DELIVERABLE if word == "valid" else EmailClaim.UNKNOWN
    return Found(Values(emails=(EmailFound(result.email, claim=claim),)))


def _verdict(answer: _Answer, address: str | None) -> Reply | None:
    """Nothing while it goes on."""
    word = answer.qualification or answer.status
    if not word:
        raise ValueError("neither a verdict nor a state")
    if word in _ONGOING:
        return None
    if word == "failed":
        return Refused(Reason.UNAVAILABLE, code=word, final=True)
    return about(address, _VERDICTS.get(word, EmailClaim.UNKNOWN))


def balance() -> HttpRequest:
    return HttpRequest("GET", "/account/info")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response, _STATUSES)
    return refused or Balance(round(msgspec.json.decode(response.body)["credits"] * 1000))
