"""The journal of paid calls: claims, intents and answers, written in groups.

The row of a call is written before the call leaves, under a unique key per question, so that nobody can buy the
same answer twice; the token in it fences off a worker that lost its claim. See docs/decisions/0002.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from openenrich.core.contact import Contact, Field
from openenrich.core.outcome import Outcome
from openenrich.core.vendor import Reply
from openenrich.engine.ports import OPEN, Answer, Claimed, Intent, LostClaimError, Purchase, Settlement, Step
from openenrich.store.batcher import Batcher
from openenrich.store.batches import Batches
from openenrich.store.postgres import Connection, Pool
from openenrich.store.queue import enqueue_contacts, enqueue_deliveries
from openenrich.store.sql import load

_SQL = load("journal")
_read_reply = msgspec.json.Decoder(Reply).decode
_read_contact = msgspec.json.Decoder(Contact).decode
_read_outcome = msgspec.json.Decoder(Outcome).decode

Row = Any
_Question = tuple[UUID, str, str, bytes]


class PostgresJournal:
    """Implements `Journal`. ``reuse`` is how long a bought answer may serve other contacts of the workspace."""

    def __init__(self, pool: Pool, batches: Batches, reuse: timedelta) -> None:
        self._pool = pool
        self._reuse = reuse
        self._claims: Batcher[tuple[int, datetime], Claimed | None] = Batcher(self._claim)
        self._begins: Batcher[Intent, Purchase] = Batcher(self._begin)
        self._looks: Batcher[int, Purchase] = Batcher(self._look)
        self._answers: Batcher[Answer, None] = Batcher(self._record)
        self._ends: Batcher[Settlement, None] = Batcher(batches.settle, most=50)

    async def claim(self, contact_id: int, now: datetime) -> Claimed | None:
        return await self._claims.submit((contact_id, now))

    async def begin(self, intent: Intent) -> Purchase:
        return await self._begins.submit(intent)

    async def record(self, answer: Answer) -> None:
        await self._answers.submit(answer)

    async def settle(self, settlement: Settlement) -> None:
        await self._ends.submit(settlement)

    async def look(self, purchase_id: int) -> Purchase:
        return await self._looks.submit(purchase_id)

    async def requeue_stranded(self) -> int:
        """Give open contacts and deliveries that no job reminds of a new job: a belt beside the braces."""
        async with self._pool.acquire() as connection, connection.transaction():
            contacts = [row["id"] for row in await connection.fetch(_SQL["stranded"])]
            deliveries = [row["id"] for row in await connection.fetch(_SQL["stranded_deliveries"])]
            await enqueue_contacts(connection, contacts)
            await enqueue_deliveries(connection, deliveries)
        return len(contacts) + len(deliveries)

    async def give_up_orphans(self, before: datetime) -> int:
        """Calls that outlived their contact in a worker that was then killed: reported as uncertain."""
        return len(await self._pool.fetch(_SQL["give_up_orphans"], before))

    async def _look(self, purchase_ids: Sequence[int]) -> list[Purchase]:
        rows = {row["id"]: row for row in await self._pool.fetch(_SQL["look"], list(set(purchase_ids)))}
        return [_purchase(rows[number], mine=False) for number in purchase_ids]

    async def _claim(self, items: Sequence[tuple[int, datetime]]) -> list[Claimed | Exception | None]:
        tokens = {contact_id: uuid4() for contact_id, _ in items}
        async with self._pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch(_SQL["claim"], items[0][1], list(tokens), list(tokens.values()))
            await connection.execute(_SQL["start_batches"], list({row["batch_id"] for row in rows}))
            purchases = await self._taken_over(connection, rows, min(now for _, now in items))
            claimed = {row["id"]: await self._claimed(connection, row, purchases) for row in rows}
        return [claimed.get(contact_id) for contact_id, _ in items]

    async def _taken_over(self, connection: Connection, rows: Sequence[Row], now: datetime) -> dict[int, list[Row]]:
        """What was bought before: by a worker that ran these contacts, or for an earlier contact of the same person.

        Open purchases of the former are ours now, and whoever made them is fenced off.
        """
        again = [row for row in rows if row["started_at"] < now]
        if again:
            await connection.execute(_SQL["take_over"], [row["id"] for row in again], [row["token"] for row in again])
        fresh = [row["id"] for row in rows if row["started_at"] >= now]
        heirs = await connection.fetch(_SQL["inherit"], fresh, now, now - self._reuse) if fresh else []
        taken: dict[int, list[Row]] = {}
        ids = [row["id"] for row in again] + sorted({row["contact_id"] for row in heirs})
        for row in await connection.fetch(_SQL["purchases"], ids) if ids else ():
            taken.setdefault(row["contact_id"], []).append(row)
        return taken

    async def _claimed(self, connection: Connection, row: Row, purchases: dict[int, list[Row]]) -> Claimed:
        free = frozenset(Field(name) for name in row["free"])
        return Claimed(
            id=row["id"],
            token=row["token"],
            workspace_id=row["workspace_id"],
            batch_id=row["batch_id"],
            contact=_read_contact(row["subject"]),
            wanted=frozenset(Field(name) for name in row["wanted"]),
            input=row["input"],
            custom=row["custom"],
            started_at=row["started_at"],
            history=await self._history(connection, row, free) if free else None,
            free=free,
            purchases=tuple(_purchase(item, mine=item["mine"]) for item in purchases.get(row["id"], ())),
        )

    async def _history(self, connection: Connection, row: Row, free: frozenset[Field]) -> Outcome:
        """What earlier enrichments of the same person found, field by field (section 10)."""
        names = [field.value for field in free]
        past = await connection.fetch(_SQL["history"], row["workspace_id"], row["history_key"], names)
        merged = Outcome()
        for item in past:
            merged = merged.taking(_read_outcome(item["outcome"]), frozenset({Field(item["field"])}))
        return merged

    async def _begin(self, intents: Sequence[Intent]) -> list[Purchase | Exception]:
        async with self._pool.acquire() as connection, connection.transaction():
            held = await connection.fetch(
                _SQL["held_claims"], [item.contact_id for item in intents], [item.token for item in intents]
            )
            ours = {row["id"] for row in held}
            wanted = [item for item in intents if item.contact_id in ours]
            known = await self._known(connection, wanted) if wanted else {}
            fresh = {_question(item): item for item in wanted if _question(item) not in known}
            bought = await self._insert(connection, list(fresh.values())) if fresh else {}
            if len(bought) < len(fresh):  # somebody else was faster
                known |= await self._known(connection, [item for key, item in fresh.items() if key not in bought])
            results = {id(item): _answer_for(item, bought, known) for item in wanted}
            await self._adopt(connection, wanted, results)
            await self._note_attempts(connection, wanted, results)
        return [results.get(id(item), LostClaimError()) for item in intents]

    async def _known(self, connection: Connection, intents: Sequence[Intent]) -> dict[_Question, Row]:
        """Live purchases of the same questions; those past their time are put away first."""
        rows = await connection.fetch(_SQL["live"], *map(list, zip(*map(_question, intents), strict=True)))
        limit = intents[0].at - self._reuse
        stale = [row["id"] for row in rows if row["finished_at"] is not None and row["finished_at"] < limit]
        if stale:
            await connection.execute(_SQL["expire"], stale)
        return {
            (row["workspace_id"], row["vendor"], row["operation"], row["digest"]): row
            for row in rows
            if row["id"] not in stale
        }

    async def _insert(self, connection: Connection, intents: Sequence[Intent]) -> dict[_Question, Row]:
        columns = [
            [item.workspace_id for item in intents],
            [item.vendor for item in intents],
            [item.operation for item in intents],
            [item.digest for item in intents],
            [item.contact_id for item in intents],
            [item.token for item in intents],
            [item.key_label for item in intents],
            [item.at for item in intents],
        ]
        rows = await connection.fetch(_SQL["insert_purchases"], *columns)
        return {(row["workspace_id"], row["vendor"], row["operation"], row["digest"]): row for row in rows}

    async def _adopt(self, connection: Connection, intents: Sequence[Intent], results: dict[int, Purchase]) -> None:
        """An open purchase whose contact has ended meanwhile goes on under the one that asks now."""
        adopted = [(results[id(item)].id, item.token, item.contact_id) for item in intents if results[id(item)].adopted]
        if adopted:
            await connection.execute(_SQL["adopt"], *map(list, zip(*adopted, strict=True)))

    async def _note_attempts(
        self, connection: Connection, intents: Sequence[Intent], results: dict[int, Purchase]
    ) -> None:
        await connection.execute(
            _SQL["insert_attempts"],
            [item.contact_id for item in intents],
            [results[id(item)].id for item in intents],
            [results[id(item)].mine for item in intents],
            [",".join(sorted(item.fields)) for item in intents],
            [item.at for item in intents],
        )

    async def _record(self, answers: Sequence[Answer]) -> list[Exception | None]:
        rows = await self._pool.fetch(
            _SQL["record"],
            [item.purchase_id for item in answers],
            [item.token for item in answers],
            [item.step.value for item in answers],
            [None if item.reply is None else msgspec.json.encode(item.reply) for item in answers],
            [item.vendor_job for item in answers],
            [item.cost for item in answers],
            [item.at for item in answers],
        )
        written = {row["id"] for row in rows}
        return [None if item.purchase_id in written else LostClaimError() for item in answers]


def _question(intent: Intent) -> _Question:
    return intent.workspace_id, intent.vendor, intent.operation, intent.digest


def _answer_for(intent: Intent, bought: dict[_Question, Row], known: dict[_Question, Row]) -> Purchase:
    """The new purchase for the contact that made it; the existing one for everybody else who asked the same."""
    row = bought.get(_question(intent))
    if row is not None:
        mine = row["contact_id"] == intent.contact_id
        return Purchase(
            row["id"],
            intent.vendor,
            intent.operation,
            Step.STARTED,
            mine,
            started_at=row["started_at"],
            key_label=row["key_label"],
        )
    row = known[_question(intent)]
    open_still = row["step"] in OPEN
    # A started call of a contact that has ended is still in the air in some worker: its answer is waited for.
    left_behind = row["orphan"] and row["step"] == Step.SUBMITTED
    mine = open_still and (row["contact_id"] == intent.contact_id or left_behind)
    return msgspec.structs.replace(_purchase(row, mine=mine), adopted=mine)


def _purchase(row: Row, *, mine: bool) -> Purchase:
    return Purchase(
        id=row["id"],
        vendor=row["vendor"],
        operation=row["operation"],
        step=Step(row["step"]),
        mine=mine,
        reply=None if row["reply"] is None else _read_reply(row["reply"]),
        vendor_job=row["vendor_job"],
        started_at=row["started_at"],
        cost=row["cost"],
        key_label=row["key_label"],
        called_back=row["called_back_at"],
    )
