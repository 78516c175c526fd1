"""What our own verifier remembers: mailboxes, which domains accept every name, and groups of hosts to leave alone.

Addresses are encrypted and found by a keyed digest. An answer that is still open keeps its place with the time of the
next try, and a job in the durable queue reminds of it; ``unknown`` itself is never kept beyond that.
"""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from openenrich.core.mailbox import CatchAll, MailboxCheck
from openenrich.engine.mail_ports import Due
from openenrich.store.postgres import Pool
from openenrich.store.queue import enqueue_checks
from openenrich.store.secrets import Vault
from openenrich.store.sql import load

_SQL = load("mailboxes")
_OPEN_FOR: Final = timedelta(hours=2)
_UNSTABLE_FOR: Final = timedelta(days=3)
_read = msgspec.json.Decoder(MailboxCheck).decode


class StoredMailboxes:
    """Implements `Memory`."""

    def __init__(self, pool: Pool, vault: Vault) -> None:
        self._pool = pool
        self._vault = vault

    async def recall(self, address: str, now: datetime) -> MailboxCheck | None:
        row = await self._pool.fetchrow(_SQL["recall"], self._key(address), now)
        return None if row is None else msgspec.structs.replace(_read(row["finding"]), address=address)

    async def keep(self, check: MailboxCheck, lifetime: timedelta, now: datetime) -> None:
        nameless = msgspec.structs.replace(check, address="", transcript=())
        expires_at = now + lifetime if check.retry_at is None else check.retry_at + _OPEN_FOR
        async with self._pool.acquire() as connection, connection.transaction():
            number = await connection.fetchval(
                _SQL["keep"],
                self._key(check.address),
                self._vault.encrypt(check.address),
                msgspec.json.encode(nameless),
                expires_at,
                check.retry_at,
                check.attempt,
            )
            if check.retry_at is not None:
                await enqueue_checks(connection, [number], (check.retry_at - now).total_seconds())

    async def due(self, number: int) -> Due | None:
        row = await self._pool.fetchrow(_SQL["due"], number)
        return None if row is None else Due(self._vault.decrypt(row["address"]), row["attempt"], row["retry_at"])

    async def domain(self, domain: str, group: str, now: datetime) -> CatchAll | None:
        known = await self._pool.fetchval(_SQL["domain"], domain, group, now)
        return None if known is None else CatchAll(known)

    async def keep_domain(
        self, domain: str, group: str, catch_all: CatchAll, lifetime: timedelta, now: datetime
    ) -> None:
        await self._pool.execute(
            _SQL["keep_domain"], domain, group, catch_all.value, now + lifetime, now + min(lifetime, _UNSTABLE_FOR)
        )

    async def blocked_until(self, group: str, now: datetime) -> datetime | None:
        until: datetime | None = await self._pool.fetchval(_SQL["blocked"], group, now)
        return until

    async def trip(self, group: str, first: timedelta, most: timedelta, now: datetime) -> None:
        await self._pool.execute(_SQL["trip"], group, now, first.total_seconds(), most.total_seconds())

    async def calm(self, group: str, now: datetime) -> None:
        await self._pool.execute(_SQL["calm"], group, now)

    async def requeue_stranded(self, now: datetime) -> int:
        """Open answers whose time has come and that no job reminds of."""
        async with self._pool.acquire() as connection, connection.transaction():
            numbers = [row["id"] for row in await connection.fetch(_SQL["stranded"], now)]
            await enqueue_checks(connection, numbers)
        return len(numbers)

    async def purge(self, now: datetime) -> None:
        """Forget what is past its time."""
        await self._pool.execute(_SQL["purge"], now)

    def _key(self, address: str) -> bytes:
        return self._vault.seal(b"mailbox:" + address.casefold().encode())
