"""Reacher: an open verifier that the operator runs; off until ``[vendors.reacher]`` says where, with its ``base_url``.

The key is the secret that its server was given, or any word where it has none. A server of one's own takes no money
for a check, but its conversations cost a share of host and licence: a small price is declared, which asks it before
those that take more, and ``credit_price_usd`` corrects it. A repeat costs no more than that.

What surprised us: "invalid" is also said when nobody could connect, and when the mail host refuses the server itself,
so it counts only with a conversation behind it; a wrong secret is a 400; a full mailbox is "risky" and left open.
"""

from typing import Final

import msgspec

from openenrich.core.contact import EmailClaim
from openenrich.core.money import MicroUsd
from openenrich.core.vendor import (
    Ask,
    Charge,
    HeaderKey,
    HttpRequest,
    HttpResponse,
    Limits,
    Reason,
    Refused,
    Repeat,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._statuses import refusal
from openenrich.vendors._verification import about, says, verification

_SECRET: Final = "x-reacher-secret"
VENDOR = Vendor(
    name="reacher",
    title="Reacher (self-hosted)",
    docs="https://docs.reacher.email/advanced/openapi/v1-check_email",
    base_url="https://reacher.invalid",
    auth=HeaderKey(_SECRET),
    style=Style.SYNC,
    operations=(verification(charge=Charge.PER_CALL, decided=0.75),),
    credit_price=MicroUsd(200),
    limits=Limits(concurrency=20),
    region="local",
    timeout_s=60.0,
    repeat=Repeat.UNCERTAIN,
    experimental=True,
)


class _Misc(msgspec.Struct, frozen=True):
    is_disposable: bool | None = None


class _Mx(msgspec.Struct, frozen=True):
    accepts_mail: bool | None = None


class _Smtp(msgspec.Struct, frozen=True):
    """Without a conversation there is an ``error`` instead of all of it."""

    can_connect_smtp: bool = False
    has_full_inbox: bool = False
    is_catch_all: bool = False
    is_deliverable: bool = False
    is_disabled: bool = False


class _Syntax(msgspec.Struct, frozen=True):
    is_valid_syntax: bool = True


class _Answer(msgspec.Struct, frozen=True):
    is_reachable: str
    misc: _Misc = _Misc()
    mx: _Mx = _Mx()
    smtp: _Smtp = _Smtp()
    syntax: _Syntax = _Syntax()


def request(ask: Ask) -> HttpRequest:
    return HttpRequest("POST", "/v1/check_email", json={"to_email": ask.contact.work_email})


def read(ask: Ask, response: HttpResponse) -> Reply:
    if response.status == 400 and says(response, _SECRET):
        return Refused(Reason.BAD_KEY, code="400")
    refused = refusal(response)
    return refused or about(ask.contact.work_email, _claim(msgspec.json.decode(response.body, type=_Answer)))


def _claim(answer: _Answer) -> EmailClaim:
    smtp = answer.smtp
    if answer.misc.is_disposable or answer.mx.accepts_mail is False or not answer.syntax.is_valid_syntax:
        return EmailClaim.INVALID
    if not smtp.can_connect_smtp:
        return EmailClaim.UNKNOWN
    if smtp.is_disabled:
        return EmailClaim.INVALID
    if smtp.is_catch_all:
        return EmailClaim.CATCH_ALL
    return _heard(answer.is_reachable, smtp)


def _heard(word: str, smtp: _Smtp) -> EmailClaim:
    """What is left of "risky" is a role's address, or a full mailbox."""
    if word == "safe" or (word == "risky" and smtp.is_deliverable and not smtp.has_full_inbox):
        return EmailClaim.DELIVERABLE
    return EmailClaim.INVALID if word == "invalid" and not smtp.is_deliverable else EmailClaim.UNKNOWN
