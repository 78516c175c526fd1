"""`openenrich verify ADDRESS...`: our own verifier, with its evidence."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import msgspec

from openenrich.core.mailbox import MailboxStatus
from openenrich.settings import Settings
from openenrich.store.workspaces import utc_now
from openenrich.verify.own import in_words
from openenrich.wiring import open_store, open_verifier

OFF = "The mail verifier is off: set verify.helo and verify.mail_from (config.default.toml says what they are)."


class VerifierOffError(Exception):
    """The text says what to do."""


class Line(msgspec.Struct, frozen=True):
    """One address as the command prints it."""

    email: str
    status: MailboxStatus
    evidence: str
    mx: str = ""
    provider: str = ""
    smtp_code: int = 0
    smtp_enhanced_code: str = ""
    catch_all: str = ""
    flags: tuple[str, ...] = ()
    checked_at: datetime | None = None
    retry_at: datetime | None = None


async def verify(settings: Settings, addresses: Sequence[str]) -> list[Line]:
    """Ask the mail hosts. Raises `VerifierOffError`."""
    async with open_store(settings, connections=4) as store, open_verifier(settings, store) as verifier:
        if verifier is None:
            raise VerifierOffError(OFF)
        checks = await asyncio.gather(*(verifier.finding(address.strip()) for address in addresses))
    now = utc_now()
    return [
        Line(
            email=address,
            status=check.status,
            evidence=in_words(check, now),
            mx=check.mx,
            provider=check.provider,
            smtp_code=check.code,
            smtp_enhanced_code=check.enhanced,
            catch_all=check.catch_all.value,
            flags=tuple(sorted(check.flags)),
            checked_at=check.checked_at,
            retry_at=check.retry_at,
        )
        for address, check in zip(addresses, checks, strict=True)
    ]
