"""Webhook deliveries: the outbox, its attempts, and what holds the batch event back."""

from datetime import datetime
from uuid import UUID

from openenrich.engine.deliver_webhook import Delivery, DeliveryAttempt
from openenrich.store.postgres import Pool
from openenrich.store.queue import enqueue_deliveries
from openenrich.store.secrets import Vault
from openenrich.store.sql import load

_SQL = load("deliveries")


class StoredDeliveries:
    """Implements `Outbox`."""

    def __init__(self, pool: Pool, vault: Vault) -> None:
        self._pool = pool
        self._vault = vault

    async def take(self, delivery_id: UUID) -> Delivery | None:
        """A delivery that still has to be made, with the key that signs it; ``None`` when there is nothing to do."""
        row = await self._pool.fetchrow(_SQL["take"], delivery_id)
        if row is None or row["state"] != "pending":
            return None
        return Delivery(
            id=row["id"],
            url=row["url"],
            body=row["body"],
            signing_key=self._vault.decrypt(row["ciphertext"]),
            attempts=row["attempts"],
            next_at=row["next_at"],
        )

    async def record(self, attempt: DeliveryAttempt) -> None:
        """Write an attempt; the first one of the last contact event lets the batch event go (section 7)."""
        async with self._pool.acquire() as connection, connection.transaction():
            batch_id = await connection.fetchval("SELECT batch_id FROM delivery WHERE id = $1", attempt.delivery_id)
            await connection.fetchval(_SQL["lock_batch"], batch_id)
            row = await connection.fetchrow(
                _SQL["record_attempt"],
                attempt.delivery_id,
                attempt.state,
                attempt.next_at or attempt.at,
                attempt.at,
                attempt.number - 1,
            )
            if row is None:
                return
            await connection.execute(
                _SQL["insert_attempt"],
                attempt.delivery_id,
                attempt.number,
                attempt.at,
                attempt.status,
                attempt.error,
                attempt.latency_ms,
            )
            if row["kind"] == "contact" and row["attempts"] == 1:
                await self._let_go(connection, row["batch_id"], attempt.at)

    async def _let_go(self, connection: Pool, batch_id: UUID, at: datetime) -> None:
        freed = await connection.fetchval(_SQL["unblock_batch_event"], batch_id, at)
        if freed is not None:
            await enqueue_deliveries(connection, [freed])
