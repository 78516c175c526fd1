"""Reading an enrichment: what is known so far, how far it is, and why a row says what it says."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from openenrich.core.choice import choose
from openenrich.core.contact import Contact, Field
from openenrich.core.evidence import Attempt
from openenrich.core.outcome import BatchStatus, Outcome
from openenrich.core.vendor import Found, NotFound, Pending, Refused, Reply
from openenrich.engine.ports import AttemptView, BatchView, Explanation, FieldProgress, Progress, Wire
from openenrich.store.batches import Batches
from openenrich.store.postgres import Pool
from openenrich.store.sql import load

_SQL = load("reading")
_BATCHES = load("batches")
_read_reply = msgspec.json.Decoder(Reply).decode
_read_contact = msgspec.json.Decoder(Contact).decode
_read_outcome = msgspec.json.Decoder(Outcome).decode
_read_won = msgspec.json.Decoder(tuple[dict[str, str], dict[str, str]]).decode

Row = Any


class Reading:
    """The reading side of `Frontdoor`."""

    def __init__(self, pool: Pool, batches: Batches, wire: Wire) -> None:
        self._pool = pool
        self._batches = batches
        self._wire = wire

    async def view(self, workspace_id: UUID, batch_id: UUID, *, partial: bool, now: datetime) -> BatchView | None:
        view = await self._batches.finished_view(workspace_id, batch_id, now)
        if view is None or view.status.final or not partial:
            return view
        return msgspec.structs.replace(view, records=await self._so_far(batch_id))

    async def progress(self, workspace_id: UUID, batch_id: UUID) -> Progress | None:
        row = await self._pool.fetchrow(_SQL["states"], batch_id, workspace_id)
        if row is None:
            return None
        contacts = await self._pool.fetch(_SQL["fields"], batch_id)
        return Progress(
            status=BatchStatus(row["status"]),
            contacts=row["total"],
            finished=row["finished"],
            credits=row["credits"],
            vendor_cost=row["vendor_cost"],
            calls=row["calls"],
            fields=tuple(
                _field_progress(field, contacts) for field in Field if field not in {Field.PROFILE, Field.COMPANY}
            ),
        )

    async def explain(self, workspace_id: UUID, batch_id: UUID) -> tuple[Explanation, ...] | None:
        if await self._pool.fetchrow(_SQL["states"], batch_id, workspace_id) is None:
            return None
        timeline: dict[int, list[Row]] = defaultdict(list)
        for row in await self._pool.fetch(_SQL["timeline"], batch_id):
            timeline[row["contact_id"]].append(row)
        rows = await self._pool.fetch(_SQL["explained"], batch_id, workspace_id)
        return tuple(_explanation(row, timeline[row["id"]]) for row in rows)

    async def _so_far(self, batch_id: UUID) -> tuple[bytes, ...]:
        """Finished rows as they are; running ones from the answers in the journal; the others empty."""
        replies: dict[int, list[Attempt]] = defaultdict(list)
        for row in await self._pool.fetch(_BATCHES["replies_so_far"], batch_id):
            replies[row["contact_id"]].append(Attempt(row["vendor"], row["operation"], _read_reply(row["reply"])))
        rows = await self._pool.fetch(_BATCHES["rows_so_far"], batch_id)
        return tuple(row["record"] or self._unfinished(row, replies[row["id"]]) for row in rows)

    def _unfinished(self, row: Row, attempts: Sequence[Attempt]) -> bytes:
        outcome = Outcome()
        if attempts and row["subject"] is not None:
            wanted = frozenset(Field(name) for name in row["wanted"])
            outcome = choose(_read_contact(row["subject"]), wanted, attempts, {}).outcome
        return self._wire.record(row["input"], row["custom"], outcome)


def _field_progress(field: Field, contacts: Sequence[Row]) -> FieldProgress:
    concerned = [row for row in contacts if field.value in row["wanted"]]
    outcomes = [_read_outcome(row["outcome"]) for row in concerned if row["outcome"] is not None]
    return FieldProgress(
        field=field,
        wanted=len(concerned),
        done=sum(row["state"] in {"done", "skipped"} for row in concerned),
        found=sum(field in outcome.found() for outcome in outcomes),
    )


def _explanation(row: Row, timeline: Sequence[Row]) -> Explanation:
    won, because = _read_won(row["won"]) if row["won"] is not None else ({}, {})
    return Explanation(
        position=row["position"],
        state=row["state"],
        credits=row["charged"],
        vendor_cost_micro_usd=sum(item["cost"] for item in timeline if item["mine"]),
        from_history=tuple(Field(name) for name in row["free"]),
        won=won,
        because=because,
        attempts=tuple(_attempt_view(item) for item in timeline),
    )


def _attempt_view(row: Row) -> AttemptView:
    return AttemptView(
        vendor=row["vendor"],
        operation=row["operation"],
        result=_result(row),
        fields=tuple(Field(name) for name in row["fields"]),
        cost_micro_usd=row["cost"] if row["mine"] else 0,
        shared=not row["mine"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
    )


def _result(row: Row) -> str:
    if row["reply"] is None:
        return str(row["step"])
    reply: Reply = _read_reply(row["reply"])
    match reply:
        case Found():
            return "found"
        case NotFound():
            return "not_found"
        case Refused(reason=reason):
            return reason.value
        case Pending():
            return "pending"
