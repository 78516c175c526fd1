"""Workspaces, their API keys and their credits by hand."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec

from openenrich.engine.ports import Caller
from openenrich.store.account import OpenAccount
from openenrich.store.batcher import Batcher
from openenrich.store.postgres import Pool
from openenrich.store.secrets import Vault
from openenrich.store.sql import load

_SQL = load("workspaces")


class ApiKey(msgspec.Struct, frozen=True):
    """A key as a list shows it: never the key itself."""

    id: UUID
    name: str
    workspace: str
    created_at: datetime
    revoked_at: datetime | None


class LedgerLine(msgspec.Struct, frozen=True):
    """An entry of the ledger; amounts in thousandths of a credit."""

    at: datetime
    kind: str
    amount: int
    held: int
    balance: int
    reserved: int
    note: str
    batch_id: UUID | None


class Defaults(msgspec.Struct, frozen=True):
    """What a new workspace starts with."""

    rate_limit: int = 60
    concurrent_contacts: int = 100
    credits: int = 1_000_000


class Workspaces:
    """Implements the account side of `Frontdoor`."""

    def __init__(self, pool: Pool, vault: Vault, defaults: Defaults) -> None:
        self._pool = pool
        self._vault = vault
        self._defaults = defaults
        self._doorbell: Batcher[tuple[bytes, datetime], Caller | None] = Batcher(self._identify)

    async def identify(self, key: str, now: datetime) -> Caller | None:
        """Who it is, and the count of this minute with this request; requests of one moment are counted together."""
        return await self._doorbell.submit((self._vault.digest(key), now))

    async def _identify(self, items: Sequence[tuple[bytes, datetime]]) -> list[Caller | Exception | None]:
        asked = Counter(digest for digest, _ in items)
        minute = max(now for _, now in items).replace(second=0, microsecond=0)
        rows = await self._pool.fetch(_SQL["identify"], list(asked), list(asked.values()), minute)
        by_digest = {row["digest"]: row for row in rows}
        behind = Counter({row["workspace_id"]: row["together"] for row in rows})
        return [self._caller(by_digest.get(digest), behind) for digest, _ in items]

    def _caller(self, row: Any, behind: Counter[UUID]) -> Caller | None:
        """``behind`` are those of the same moment and workspace that have no number yet."""
        if row is None:
            return None
        workspace_id = row["workspace_id"]
        behind[workspace_id] -= 1
        used = row["used"] - behind[workspace_id]
        return Caller(workspace_id, row["id"], row["rate_limit"], used, row["in_progress_response"])

    async def balance(self, workspace_id: UUID) -> int | None:
        balance: int | None = await self._pool.fetchval("SELECT balance FROM workspace WHERE id = $1", workspace_id)
        return balance

    async def create_key(
        self,
        name: str,
        workspace: str,
        *,
        credits_to_grant: int | None,
        rate_limit: int | None,
        in_progress: int | None,
        now: datetime,
    ) -> str:
        """A new key, shown once. A workspace that does not exist yet is made and given its first credits."""
        key = str(uuid4())
        async with self._pool.acquire() as connection, connection.transaction():
            limits = self._defaults.rate_limit, self._defaults.concurrent_contacts
            made = await connection.fetchval(_SQL["insert_workspace"], uuid4(), workspace, *limits, now)
            workspace_id = await connection.fetchval("SELECT id FROM workspace WHERE name = $1", workspace)
            amount = credits_to_grant if credits_to_grant is not None else (self._defaults.credits if made else 0)
            if amount:
                account = await OpenAccount.lock(connection, workspace_id)
                account.grant(amount, f"granted with API key {name!r}")
                await account.store(connection, now)
            await connection.execute(
                _SQL["insert_key"],
                uuid4(),
                workspace_id,
                name,
                self._vault.digest(key),
                self._vault.encrypt(key),
                in_progress,
                now,
                rate_limit,
            )
        return key

    async def keys(self) -> list[ApiKey]:
        return [ApiKey(**dict(row)) for row in await self._pool.fetch(_SQL["keys"])]

    async def revoke(self, key: str, now: datetime) -> bool:
        """Revoke by id, name or the key itself; false when there is none such."""
        done = await self._pool.fetch(_SQL["revoke"], key, self._vault.digest(key), now)
        return bool(done)

    async def grant(self, workspace: str, amount: int, note: str, now: datetime) -> int | None:
        """Add credits; the new balance, or ``None`` for an unknown workspace. ``ValueError``: too much taken away."""
        async with self._pool.acquire() as connection, connection.transaction():
            workspace_id = await connection.fetchval("SELECT id FROM workspace WHERE name = $1", workspace)
            if workspace_id is None:
                return None
            account = await OpenAccount.lock(connection, workspace_id)
            account.grant(amount, note)
            await account.store(connection, now)
            return account.account.balance

    async def ledger(self, workspace: str, limit: int) -> list[LedgerLine]:
        """The newest entries first."""
        rows: list[Any] = await self._pool.fetch(_SQL["ledger"], workspace, limit)
        return [LedgerLine(**dict(row)) for row in rows]


def utc_now() -> datetime:
    """The present, aware."""
    return datetime.now(UTC)
