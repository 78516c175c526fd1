"""VoilaNorbert: the work e-mail from a full name and an employer, as a contact that is looked at until it is done.

What surprised us: bodies are forms; the answer to the submission may be the result already; a company whose domain it
cannot find is a 400, which is about this person and not about us; there is a score and no verdict, so even the best
address is only probable; the same contact again is free. The older prefix is the only one with a documented way to
read a result back. ``X-RateLimit-Reset`` is a time of day, and nobody here has a clock. A batch is an upload of CSV,
so there is none.
"""

from collections.abc import Sequence

import msgspec

from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, Values
from openenrich.core.money import MicroUsd
from openenrich.core.vendor import (
    Ask,
    Balance,
    BasicKey,
    Charge,
    Found,
    HttpRequest,
    HttpResponse,
    Limits,
    NotFound,
    Operation,
    Refused,
    Repeat,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._jobs import job
from openenrich.vendors._statuses import poll_refusal, refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
VENDOR = Vendor(
    name="voilanorbert",
    title="VoilaNorbert",
    docs="https://api.voilanorbert.com/2018-01-08/",
    base_url="https://api.voilanorbert.com/2018-01-08",
    auth=BasicKey("openenrich"),  # any name will do
    style=Style.POLLED,
    operations=(
        Operation(
            name="find",
            returns=frozenset({Field.WORK_EMAIL}),
            needs=(_NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME}),
            credits=1000,
            charge=Charge.PER_RESULT,
        ),
    ),
    credit_price=MicroUsd(49_000),
    limits=Limits(per_minute=40),  # 120 a minute for the account, shared by submissions and polls
    poll_limits=Limits(per_minute=80),
    region="unknown",
    deadline_s=120.0,
    poll_every_s=10.0,
    repeat=Repeat.ASK_AGAIN,
)
_LIKELY = 70


class _Email(msgspec.Struct, frozen=True):
    email: str | None = None
    score: float | None = None


class _Contact(msgspec.Struct, frozen=True):
    id: int | str
    searching: bool
    email: _Email | None = None


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {
        "name": person.full_name,
        "domain": person.domain,
        "company": person.company_name,
        "webhook": ask.callback_url,
    }
    return HttpRequest("POST", "/search/name", form={name: value for name, value in told.items() if value})


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    refused = refusal(response)
    if refused:
        return refused
    contact = msgspec.json.decode(response.body, type=_Contact)
    return job(VENDOR, str(contact.id)) if contact.searching else _reply(contact)


def poll(tokens: Sequence[str]) -> HttpRequest:
    return HttpRequest("GET", f"/contacts/{tokens[0]}")


def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    refused = poll_refusal(tokens, response)
    if refused is not None:
        return refused
    contact = msgspec.json.decode(response.body, type=_Contact)
    if str(contact.id) != tokens[0]:
        raise ValueError("another contact than the one that was asked for")
    return {} if contact.searching else {tokens[0]: _reply(contact)}


def _reply(contact: _Contact) -> Reply:
    email = contact.email or _Email()
    if not email.email:
        return NotFound()
    likely = email.score is not None and email.score >= _LIKELY
    claim = EmailClaim.PROBABLE if likely else EmailClaim.UNKNOWN
    return Found(Values(emails=(EmailFound(email.email, claim=claim),)))


def balance() -> HttpRequest:
    return HttpRequest("GET", "/organization/credits")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    return refused or Balance(round(msgspec.json.decode(response.body)["remains"] * 1000))
