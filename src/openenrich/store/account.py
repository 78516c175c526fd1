"""A workspace's credits inside a transaction: the row is locked, ``core/ledger.py`` decides, the entries are kept.

Everything that changes a balance goes through `OpenAccount`, under the lock of the workspace's row: that is what
makes "the ledger always adds up" true with any number of workers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from openenrich.core import ledger
from openenrich.core.money import Credits
from openenrich.store.postgres import Connection
from openenrich.store.sql import load

_SQL = load("batches")


@dataclass(slots=True)
class OpenAccount:
    """The locked account of one workspace; `store` writes it back with all entries."""

    workspace_id: UUID
    account: ledger.Account
    running: int
    slots: int
    _entries: list[tuple[ledger.Entry, UUID | None, int | None, str]] = field(default_factory=list)

    @classmethod
    async def lock(cls, connection: Connection, workspace_id: UUID) -> "OpenAccount":
        """Take the lock; held until the transaction ends."""
        return await cls._read(connection, _SQL["lock_workspace"], workspace_id)

    @classmethod
    async def look(cls, connection: Connection, workspace_id: UUID) -> "OpenAccount":
        """A look without the lock: it may be out of date, and must not be stored."""
        return await cls._read(connection, _SQL["look_at_workspace"], workspace_id)

    @classmethod
    async def _read(cls, connection: Connection, query: str, workspace_id: UUID) -> "OpenAccount":
        row = await connection.fetchrow(query, workspace_id)
        account = ledger.Account(Credits(row["balance"]), Credits(row["reserved"]))
        return cls(workspace_id, account, row["running"], row["concurrent_contacts"])

    def covers(self, amounts: Sequence[int]) -> bool:
        """Whether so many contacts may start at once: there are slots for them, and credits for their worst cases."""
        return len(amounts) <= self.slots - self.running and sum(amounts) <= self.account.free

    def reserve(self, amount: int, batch_id: UUID, contact_id: int) -> bool:
        """Start a contact if its worst case is covered; it then counts as running."""
        done = ledger.reserve(self.account, amount)
        if done is None:
            return False
        self._note(done, batch_id, contact_id, "held while the contact runs")
        self.running += 1
        return True

    def settle(self, held: int, charged: int, batch_id: UUID, contact_id: int, note: str) -> None:
        """End a running contact at its real cost."""
        self._note(ledger.settle(self.account, held, charged), batch_id, contact_id, note)
        self.running -= 1

    def release(self, held: int, batch_id: UUID, contact_id: int, note: str) -> None:
        """End a contact that was queued and will not run."""
        self._note(ledger.release(self.account, held), batch_id, contact_id, note)
        self.running -= 1

    def grant(self, amount: int, note: str) -> None:
        """Add or take away credits by hand."""
        self._note(ledger.grant(self.account, amount), None, None, note)

    async def store(self, connection: Connection, at: datetime) -> None:
        """Write the account and its new entries; without entries nothing has changed."""
        if not self._entries:
            return
        await connection.execute(
            _SQL["store_account"], self.workspace_id, self.account.balance, self.account.reserved, self.running
        )
        entries = [entry for entry, *_ in self._entries]
        await connection.execute(
            _SQL["insert_entries"],
            self.workspace_id,
            at,
            [entry.kind.value for entry in entries],
            [entry.amount for entry in entries],
            [entry.held for entry in entries],
            [entry.balance for entry in entries],
            [entry.reserved for entry in entries],
            [batch_id for _, batch_id, _, _ in self._entries],
            [contact_id for _, _, contact_id, _ in self._entries],
            [note for _, _, _, note in self._entries],
        )
        self._entries.clear()

    def _note(
        self, change: tuple[ledger.Account, ledger.Entry], batch_id: UUID | None, contact_id: int | None, note: str
    ) -> None:
        self.account, entry = change
        self._entries.append((entry, batch_id, contact_id, note))
