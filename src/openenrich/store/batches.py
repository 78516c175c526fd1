"""Batches and their contacts: accepting, admitting, settling, cancelling. Each is one transaction.

Lock order, everywhere: workspace, then contacts, then batches. A workspace has at most ``concurrent_contacts`` in
the queue; finishing one admits the next, in the order of arrival (section 3). So a list of 100,000 people waits in
its own table, and nobody else waits behind it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from openenrich.core.ledger import Prices
from openenrich.core.outcome import BatchStatus, Outcome
from openenrich.engine.ports import BatchView, LostClaimError, NewBatch, Settlement, Wire
from openenrich.store.account import OpenAccount
from openenrich.store.new_contacts import History, NewRow, new_rows
from openenrich.store.postgres import Connection, Pool
from openenrich.store.queue import enqueue_contacts, enqueue_deliveries
from openenrich.store.sql import load

_SQL = load("batches")
_DELIVERIES = load("deliveries")
_EMPTY = Outcome()

Row = Any


@dataclass(frozen=True, slots=True)
class Terms:
    """What the operator has set: prices, and how long results and history live."""

    prices: Prices
    history: timedelta


class Batches:
    """The store's side of an enrichment. ``wire`` makes the bytes that are kept and sent."""

    def __init__(self, pool: Pool, wire: Wire, terms: Terms) -> None:
        self._pool = pool
        self._wire = wire
        self._terms = terms

    async def accept(self, batch: NewBatch, now: datetime) -> UUID:
        """Store the batch, reserve for as many contacts as may start, and queue those: all or nothing."""
        batch_id, history = uuid4(), History(batch.workspace_id, now - self._terms.history)
        async with self._pool.acquire() as connection, connection.transaction():
            rows = await new_rows(connection, batch.contacts, history, self._wire, self._terms.prices)
            good = sum(row.record is None for row in rows)
            await connection.execute(
                _SQL["insert_batch"],
                batch_id,
                batch.workspace_id,
                batch.key_id,
                batch.name,
                batch.webhook_url,
                batch.contact_webhook_url,
                batch.api_version,
                len(rows),
                good,
                now,
            )
            account = await self._insert_contacts(connection, batch_id, batch.workspace_id, rows, now)
            if not good:
                await self._finish(connection, batch_id, now)
            await self._admit(connection, account, now)
            await account.store(connection, now)
        return batch_id

    async def settle(self, settlements: Sequence[Settlement]) -> list[Exception | None]:
        """End contacts of any number of workspaces; a settlement whose claim was lost gets `LostClaimError`."""
        finished: set[int] = set()
        async with self._pool.acquire() as connection, connection.transaction():
            for workspace_id in sorted({item.workspace_id for item in settlements}):
                group = [item for item in settlements if item.workspace_id == workspace_id]
                finished |= await self._settle_workspace(connection, workspace_id, group)
        return [None if item.contact_id in finished else LostClaimError() for item in settlements]

    async def cancel(self, workspace_id: UUID, batch_id: UUID, now: datetime) -> bool:
        """Contacts that wait cost nothing and stay empty; those that run settle as usual. Cancelling twice is fine."""
        async with self._pool.acquire() as connection, connection.transaction():
            account = await OpenAccount.lock(connection, workspace_id)
            # Not locked, the workspace is: a claim takes contact, then batch; the other way round would be a deadlock.
            row = await connection.fetchrow(_SQL["batch_of_workspace"], batch_id, workspace_id)
            if row is None:
                return False
            if row["finished_at"] is None:
                queued = await connection.fetch(_SQL["skip_queued_of_batch"], batch_id, now)
                for contact in queued:
                    account.release(contact["held"], batch_id, contact["id"], "canceled before it started")
                await self._end_early(connection, batch_id, BatchStatus.CANCELED, now, already=len(queued))
                await self._admit(connection, account, now)
                await account.store(connection, now)
        return True

    async def finished_view(self, workspace_id: UUID, batch_id: UUID, now: datetime) -> BatchView | None:
        """The envelope, with records when it has ended."""
        row = await self._pool.fetchrow(_SQL["batch"], batch_id, workspace_id, now - self._terms.history)
        if row is None:
            return None
        records = tuple(row["records"] or ())
        if None in records:  # some were skipped before they started
            records = await self._records(self._pool, batch_id)
        return BatchView(row["id"], row["name"], BatchStatus(row["status"]), row["credits"], records)

    async def purge(self, now: datetime) -> None:
        """Forget batches past retention, with everything that hangs on them, and answers nobody refers to any more."""
        await self._pool.execute(_SQL["purge"], now - self._terms.history)
        await self._pool.execute(_SQL["purge_purchases"], now - self._terms.history)

    async def _insert_contacts(
        self, connection: Connection, batch_id: UUID, workspace_id: UUID, rows: Sequence[NewRow], now: datetime
    ) -> OpenAccount:
        """Write them, started at once where all of them may start and nobody was there before.

        Most lists are longer than the free slots and only wait: they are written before the account is locked, so
        that many POSTs of one workspace do not stand in line while they write.
        """
        worst = [row.worst for row in rows if row.record is None]
        free_now = (await OpenAccount.look(connection, workspace_id)).covers(worst)
        account = await OpenAccount.lock(connection, workspace_id) if free_now else None
        at_once = account is not None and account.covers(worst) and not await _somebody_waits(connection, workspace_id)
        state = "queued" if at_once else "waiting"
        columns = map(list, zip(*rows, strict=True))
        written = await connection.fetch(_SQL["insert_contacts"], batch_id, workspace_id, now, state, *columns)
        account = account or await OpenAccount.lock(connection, workspace_id)
        started = [row for row in written if row["state"] == "queued"]
        for row in started:
            account.reserve(row["worst"], batch_id, row["id"])
        await enqueue_contacts(connection, [row["id"] for row in started])
        return account

    async def _admit(self, connection: Connection, account: OpenAccount, now: datetime) -> None:
        """Fill the workspace's free slots from those that wait.

        When the next one's worst case is not covered although nothing runs that could give credits back, its
        whole enrichment ends CREDITS_INSUFFICIENT; while something runs, it waits for that to settle.
        """
        while (slots := account.slots - account.running) > 0:
            waiting = await connection.fetch(_SQL["next_waiting"], account.workspace_id, slots)
            if not waiting:
                return
            started: list[int] = []
            short: UUID | None = None
            for row in waiting:
                if not account.reserve(row["worst"], row["batch_id"], row["id"]):
                    short = row["batch_id"]
                    break
                started.append(row["id"])
            await connection.execute(_SQL["queue_contacts"], started)
            await enqueue_contacts(connection, started)
            if short is None or account.account.reserved > 0:
                return
            await self._end_early(connection, short, BatchStatus.CREDITS_INSUFFICIENT, now)

    async def _end_early(
        self, connection: Connection, batch_id: UUID, ending: BatchStatus, now: datetime, already: int = 0
    ) -> None:
        """Skip what waits; ``already`` contacts of the batch were skipped before."""
        skipped = await connection.fetch(_SQL["skip_waiting_of_batch"], batch_id, now)
        gone = already + len(skipped)
        remaining = await connection.fetchval(_SQL["end_batch_early"], batch_id, ending.value, gone)
        if remaining == 0:
            await self._finish(connection, batch_id, now)

    async def _settle_workspace(
        self, connection: Connection, workspace_id: UUID, group: Sequence[Settlement]
    ) -> set[int]:
        now = max(item.at for item in group)
        account = await OpenAccount.lock(connection, workspace_id)
        rows = await connection.fetch(
            _SQL["finish_contacts"],
            now,
            [item.contact_id for item in group],
            [item.token for item in group],
            [msgspec.json.encode(item.outcome) for item in group],
            [item.record for item in group],
            [msgspec.json.encode((item.won, item.because)) for item in group],
            [item.charged for item in group],
        )
        if not rows:
            return set()
        by_id = {item.contact_id: item for item in group}
        for row in rows:
            note = by_id[row["id"]].note
            account.settle(row["held"], row["charged"], row["batch_id"], row["id"], note)
        await self._remember(connection, workspace_id, rows, by_id, now)
        await self._sample(connection, [by_id[row["id"]] for row in rows])
        await self._count_down(connection, rows, now)
        await self._admit(connection, account, now)
        await account.store(connection, now)
        return {row["id"] for row in rows}

    async def _sample(self, connection: Connection, ended: Sequence[Settlement]) -> None:
        """Keep what confirmed addresses teach about their companies."""
        known = [(item.contact_id, item.sample, item.at) for item in ended if item.sample is not None]
        if known:
            await connection.execute(
                _SQL["keep_samples"],
                [number for number, _, _ in known],
                [sample.domain for _, sample, _ in known],
                [msgspec.json.encode(sample) for _, sample, _ in known],
                [at for _, _, at in known],
            )

    async def _remember(
        self,
        connection: Connection,
        workspace_id: UUID,
        rows: Sequence[Row],
        by_id: dict[int, Settlement],
        now: datetime,
    ) -> None:
        # Two equal contacts of one group: the later row wins, so that one INSERT never names a key twice.
        fresh = {
            (row["history_key"], field.value): row["id"]
            for row in rows
            for field in by_id[row["id"]].remember
            if row["history_key"] is not None
        }
        if fresh:
            keys, fields = zip(*fresh, strict=True)
            await connection.execute(
                _SQL["write_history"], workspace_id, now, list(keys), list(fields), list(fresh.values())
            )

    async def _count_down(self, connection: Connection, rows: Sequence[Row], now: datetime) -> None:
        number = Counter(row["batch_id"] for row in rows)
        charged: Counter[UUID] = Counter()
        for row in rows:
            charged[row["batch_id"]] += row["charged"]
        ids = sorted(number)
        await connection.fetch(_SQL["lock_batches"], ids)
        batches = await connection.fetch(
            _SQL["count_down"], ids, [number[key] for key in ids], [charged[key] for key in ids]
        )
        for batch in batches:
            if batch["contact_webhook_url"]:
                await self._announce_contacts(connection, batch, rows, now)
            if batch["remaining"] == 0:
                await self._finish(connection, batch["id"], now)

    async def _announce_contacts(self, connection: Connection, batch: Row, rows: Sequence[Row], now: datetime) -> None:
        done = [row for row in rows if row["batch_id"] == batch["id"]]
        ids = [uuid4() for _ in done]
        bodies = [
            self._wire.body(
                BatchView(batch["id"], batch["name"], BatchStatus.IN_PROGRESS, batch["credits"], (row["record"],)),
                with_data=True,
            )
            for row in done
        ]
        await connection.execute(
            _DELIVERIES["insert_contact_events"],
            batch["workspace_id"],
            batch["id"],
            batch["key_id"],
            batch["contact_webhook_url"],
            now,
            ids,
            [row["id"] for row in done],
            bodies,
        )
        await enqueue_deliveries(connection, ids)

    async def _finish(self, connection: Connection, batch_id: UUID, now: datetime) -> None:
        """The batch has ended: final state, and its event, held back until every contact event was tried once."""
        row = await connection.fetchrow(
            "SELECT workspace_id, key_id, name, ending, credits, webhook_url FROM batch WHERE id = $1", batch_id
        )
        status = BatchStatus(row["ending"] or BatchStatus.FINISHED)
        await connection.execute(_SQL["finish_batch"], batch_id, status.value, now)
        if not row["webhook_url"]:
            return
        records = await self._records(connection, batch_id)
        body = self._wire.body(BatchView(batch_id, row["name"], status, row["credits"], records), with_data=True)
        delivery_id = uuid4()
        state = await connection.fetchval(
            _DELIVERIES["insert_batch_event"],
            delivery_id,
            row["workspace_id"],
            batch_id,
            row["key_id"],
            row["webhook_url"],
            now,
            body,
        )
        if state == "pending":
            await enqueue_deliveries(connection, [delivery_id])

    async def _records(self, connection: Connection | Pool, batch_id: UUID) -> tuple[bytes, ...]:
        rows = await connection.fetch(_SQL["records"], batch_id)
        return tuple(row["record"] or self._wire.record(row["input"], row["custom"], _EMPTY) for row in rows)


async def _somebody_waits(connection: Connection, workspace_id: UUID) -> bool:
    waits: bool = await connection.fetchval(_SQL["somebody_waits"], workspace_id)
    return waits
