"""``POST /api/openenrich/v1/verify``: addresses in, what our own verifier found out about each, with its evidence.

Costs no credits and asks no paid verifier. What is still open says when it will be known; ask again then.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from http import HTTPStatus
from typing import Final

import msgspec

from openenrich.core.mailbox import CatchAll, MailboxCheck, MailboxStatus
from openenrich.web.errors import VERIFY_EMAILS, VERIFY_OFF, Refusal, bad_request
from openenrich.web.exchange import Call, Reply

Find = Callable[[str], Awaitable[MailboxCheck]]
"""An address, to what was found out about it."""

MOST_ADDRESSES: Final = 25
_MOST_BYTES: Final = 64 * 1024
_LONGEST: Final = 320


class VerificationRequest(msgspec.Struct, frozen=True):
    """1 to 25 addresses."""

    emails: list[str]


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """``status`` UNKNOWN is never INVALID; ``retry_at`` says when an open answer is asked for again."""

    email: str
    status: MailboxStatus
    reason: str
    catch_all: CatchAll
    flags: tuple[str, ...] = ()
    mx: str = ""
    provider: str = ""
    smtp_code: int = 0
    smtp_enhanced_code: str = ""
    checked_at: datetime | None = None
    retry_at: datetime | None = None

    @classmethod
    def of(cls, email: str, check: MailboxCheck) -> "Finding":
        return cls(
            email=email,
            status=check.status,
            reason=check.reason,
            catch_all=check.catch_all,
            flags=tuple(sorted(check.flags)),
            mx=check.mx,
            provider=check.provider,
            smtp_code=check.code,
            smtp_enhanced_code=check.enhanced,
            checked_at=check.checked_at,
            retry_at=check.retry_at,
        )


class Findings(msgspec.Struct, frozen=True):
    """In the order of the request."""

    results: tuple[Finding, ...]


class Verification:
    """The handler. ``find`` is ``None`` when the verifier is off."""

    def __init__(self, find: Find | None) -> None:
        self._find = find

    async def verify(self, call: Call) -> Reply:
        emails = _decoded(await call.body(_MOST_BYTES))
        if self._find is None:
            raise Refusal(VERIFY_OFF)
        checks = await asyncio.gather(*(self._find(email) for email in emails))
        found = Findings(tuple(Finding.of(email, check) for email, check in zip(emails, checks, strict=True)))
        return Reply(HTTPStatus.OK, msgspec.json.encode(found))


def _decoded(body: bytes) -> list[str]:
    try:
        emails = msgspec.json.decode(body, type=VerificationRequest).emails
    except msgspec.ValidationError as error:
        raise Refusal(bad_request(str(error))) from None
    except RecursionError:
        raise Refusal(bad_request("Body is nested too deeply")) from None
    except ValueError:  # malformed JSON, or bytes that are not UTF-8
        raise Refusal(bad_request("Body is not valid JSON")) from None
    given = [email.strip() for email in emails]
    if not 1 <= len(given) <= MOST_ADDRESSES or not all(0 < len(email) <= _LONGEST for email in given):
        raise Refusal(VERIFY_EMAILS)
    return given
