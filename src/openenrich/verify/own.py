"""Our own verifier as the rest of the product sees it: findings that are remembered, shared and followed up.

An answer that is still open (a greylisting host, a passing fault) is asked again by a job of the durable queue; a
contact that can wait that long looks into the memory until it is there. Equal questions of one process are one.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import msgspec

from openenrich.core.mailbox import MailboxCheck, MailboxStatus
from openenrich.core.outcome import EmailStatus
from openenrich.core.verdict import Opinion
from openenrich.engine.mail_ports import Memory
from openenrich.engine.ports import Clock
from openenrich.verify.verifier import MailVerifier, lifetime_of

SOURCE: Final = "smtp"
_LOOK_EVERY_S: Final = 1.0
_STATUS: Final = {
    MailboxStatus.DELIVERABLE: EmailStatus.DELIVERABLE,
    MailboxStatus.PROBABLE: EmailStatus.HIGH_PROBABILITY,
    MailboxStatus.CATCH_ALL: EmailStatus.CATCH_ALL,
    MailboxStatus.INVALID: EmailStatus.INVALID,
    MailboxStatus.INVALID_DOMAIN: EmailStatus.INVALID_DOMAIN,
}


class MailPatience(msgspec.Struct, frozen=True):
    """Seconds: for one conversation that somebody waits for, for one in the background, and for an open answer."""

    interactive_s: float = 20.0
    background_s: float = 120.0
    open_s: float = 75.0


class OwnMailVerifier:
    """Implements `OwnVerifier`. One per process."""

    def __init__(self, verifier: MailVerifier, memory: Memory, clock: Clock, patience: MailPatience) -> None:
        self._verifier = verifier
        self._memory = memory
        self._clock = clock
        self._patience = patience
        self._asking: dict[str, asyncio.Task[MailboxCheck]] = {}

    async def look(self, address: str) -> Opinion | None:
        """What is or can be found out now, with some patience for an answer that is still open."""
        check = await self.finding(address)
        until = self._clock.now() + timedelta(seconds=self._patience.open_s)
        while check.retry_at is not None and check.retry_at < until and self._clock.now() < until:
            await self._clock.sleep(_LOOK_EVERY_S)
            later = await self._memory.recall(address, self._clock.now())
            if later is None:
                break  # given up: it stays unknown
            check = later
        return opinion_of(check)

    async def finding(self, address: str) -> MailboxCheck:
        """What is remembered, or else what the mail host says now."""
        known = await self._memory.recall(address, self._clock.now())
        if known is not None:
            return known
        task = self._asking.get(address)
        if task is None:
            task = self._asking[address] = asyncio.create_task(self._ask(address, self._patience.interactive_s, 1))
            task.add_done_callback(lambda _: self._asking.pop(address, None))
        return await asyncio.shield(task)

    async def retry(self, number: int) -> float | None:
        """What a job of the queue does: ask again about an answer that is still open. The seconds until the next time.

        The job itself has to come again: while it runs, the queue takes no second one for the same question.
        """
        due = await self._memory.due(number)
        if due is None:
            return None
        check = await self._ask(due.address, self._patience.background_s, due.attempt + 1)
        return None if check.retry_at is None else (check.retry_at - self._clock.now()).total_seconds()

    async def _ask(self, address: str, seconds: float, attempt: int) -> MailboxCheck:
        check = await self._verifier.check(address, seconds=seconds, attempt=attempt)
        lifetime = lifetime_of(check)
        if lifetime or check.retry_at is not None or attempt > 1:
            await self._memory.keep(check, lifetime, self._clock.now())
        return check


def opinion_of(check: MailboxCheck) -> Opinion:
    """A finding as one opinion among others."""
    return Opinion(SOURCE, _STATUS.get(check.status), check.reason)


def in_words(check: MailboxCheck, now: datetime) -> str:
    """One line for a person, without the address."""
    parts = [check.reason.replace("_", " ")]
    if check.mx:
        parts.append(f"asked {check.mx}" + (f" ({check.provider})" if check.provider else ""))
    if check.code:
        parts.append(f"which said {check.code}{f' {check.enhanced}' if check.enhanced else ''}")
    if check.retry_at is not None:
        parts.append(f"again in {max(0, round((check.retry_at - now).total_seconds()))} s")
    return ", ".join(part for part in parts if part)
