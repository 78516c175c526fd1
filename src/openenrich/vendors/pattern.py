"""The pattern finder: a work address guessed from how the company writes addresses, without any vendor.

The question is answered inside the process (``engine/guess_address.py``): nobody is told anything but the company's
own mail host, which hears the guesses.
"""

import msgspec

from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, Values
from openenrich.core.money import MicroUsd
from openenrich.core.vendor import (
    Ask,
    Charge,
    Found,
    HttpRequest,
    HttpResponse,
    Limits,
    NoKey,
    NotFound,
    Operation,
    Repeat,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._statuses import refusal

VENDOR = Vendor(
    name="pattern",
    title="Address patterns",
    docs="docs/operations.md",
    base_url="local://pattern",
    auth=NoKey(),
    style=Style.LOCAL,
    operations=(
        Operation(
            name="guess",
            returns=frozenset({Field.WORK_EMAIL}),
            needs=(frozenset({Known.FIRST_NAME, Known.LAST_NAME, Known.DOMAIN}),),
            credits=0,
            charge=Charge.FREE,
            hit_rate=0.4,
        ),
    ),
    credit_price=MicroUsd(0),
    limits=Limits(),
    region="local",
    timeout_s=90.0,
    deadline_s=90.0,
    repeat=Repeat.ASK_AGAIN,
)


class _Guess(msgspec.Struct, frozen=True):
    email: str
    claim: EmailClaim


class _Answer(msgspec.Struct, frozen=True):
    guesses: tuple[_Guess, ...]


def request(ask: Ask) -> HttpRequest:
    person = ask.contact
    told = {"first_name": person.first_name, "last_name": person.last_name, "domain": person.domain}
    return HttpRequest("GET", "/guess", query={name: value or "" for name, value in told.items()})


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    refused = refusal(response)
    if refused:
        return refused
    guesses = msgspec.json.decode(response.body, type=_Answer).guesses
    found = tuple(EmailFound(guess.email, claim=guess.claim) for guess in guesses)
    return Found(Values(found)) if found else NotFound()
