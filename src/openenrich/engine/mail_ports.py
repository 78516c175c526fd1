"""What the verifier needs to remember, and the values that cross that border; implemented in ``store/mailboxes.py``."""

from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from openenrich.core.mailbox import CatchAll, MailboxCheck


class Due(msgspec.Struct, frozen=True):
    """An address whose answer is still open. ``attempt`` is how often its host was asked."""

    address: str
    attempt: int
    retry_at: datetime


class Memory(Protocol):
    """Shared by all workers. Times are aware UTC."""

    async def recall(self, address: str, now: datetime) -> MailboxCheck | None:
        """The last finding, if it is still good; one with ``retry_at`` is still open."""

    async def keep(self, check: MailboxCheck, lifetime: timedelta, now: datetime) -> None:
        """Remember a finding. With ``retry_at`` the durable queue is told as well."""

    async def due(self, number: int) -> Due | None:
        """The open answer that a job reminds of; ``None`` when it has been settled."""

    async def domain(self, domain: str, group: str, now: datetime) -> CatchAll | None:
        """Whether hosts of that group accept every name at the domain, as far as the last tests tell."""

    async def keep_domain(
        self, domain: str, group: str, catch_all: CatchAll, lifetime: timedelta, now: datetime
    ) -> None:
        """Remember a test. Tests that disagree make the domain unstable: the majority holds, for a shorter time."""

    async def blocked_until(self, group: str, now: datetime) -> datetime | None:
        """Until when a group of mail hosts is left alone."""

    async def trip(self, group: str, first: timedelta, most: timedelta, now: datetime) -> None:
        """Leave a group alone: for ``first``, doubling each time, at most ``most``."""

    async def calm(self, group: str, now: datetime) -> None:
        """The group answered again."""
