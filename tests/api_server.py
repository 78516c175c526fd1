"""The API over real HTTP, in front of an engine that only remembers: support for the contract tests."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import msgspec
import uvicorn

from openenrich.core.outcome import BatchStatus, Outcome
from openenrich.engine.ports import BatchView, Caller, Explanation, NewBatch, Progress
from openenrich.web.api import WebOptions, create_app
from openenrich.web.wire import V2Wire

NOON = datetime(2026, 5, 4, 12, 0, 20, 500_000, tzinfo=UTC)
KEY = "3f1c2d4e-0000-4000-8000-00000000abcd"


@dataclass
class FixedClock:
    time: datetime = NOON

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class Stored:
    batch: NewBatch
    status: BatchStatus = BatchStatus.CREATED
    credits: int = 0
    outcomes: Mapping[int, Outcome] = field(default_factory=dict)


@dataclass
class FakeFrontdoor:
    """`Frontdoor` in memory: one workspace, one key, and enrichments that a test moves on by hand."""

    workspace_id: UUID = field(default_factory=uuid4)
    rate_limit: int = 60
    in_progress_response: int | None = None
    credits: int | None = 5_000_000
    is_ready: bool = True
    breaks: Exception | None = None
    counts: dict[datetime, int] = field(default_factory=dict)
    batches: dict[UUID, Stored] = field(default_factory=dict)
    progresses: dict[UUID, Progress] = field(default_factory=dict)
    explanations: dict[UUID, tuple[Explanation, ...]] = field(default_factory=dict)

    @property
    def accepted(self) -> NewBatch:
        return list(self.batches.values())[-1].batch

    async def identify(self, key: str, now: datetime) -> Caller | None:
        if key != KEY:
            return None
        minute = now.replace(second=0, microsecond=0)
        self.counts[minute] = self.counts.get(minute, 0) + 1
        return Caller(
            workspace_id=self.workspace_id,
            key_id=UUID(KEY),
            rate_limit=self.rate_limit,
            used=self.counts[minute],
            in_progress_response=self.in_progress_response,
        )

    async def accept(self, batch: NewBatch, now: datetime) -> UUID:
        if self.breaks:
            raise self.breaks
        batch_id = uuid4()
        self.batches[batch_id] = Stored(batch)
        return batch_id

    async def view(self, workspace_id: UUID, batch_id: UUID, *, partial: bool, now: datetime) -> BatchView | None:
        if self.breaks:
            raise self.breaks
        stored = self._own(workspace_id, batch_id)
        if stored is None:
            return None
        wire = V2Wire()
        rows = enumerate(stored.batch.contacts) if partial or stored.status.final else ()
        records = tuple(wire.record(row.input, row.custom, stored.outcomes.get(at, Outcome())) for at, row in rows)
        return BatchView(batch_id, stored.batch.name, stored.status, stored.credits, records)

    async def balance(self, workspace_id: UUID) -> int | None:
        return self.credits

    async def cancel(self, workspace_id: UUID, batch_id: UUID, now: datetime) -> bool:
        stored = self._own(workspace_id, batch_id)
        if stored is None:
            return False
        stored.status = BatchStatus.CANCELED
        return True

    async def progress(self, workspace_id: UUID, batch_id: UUID) -> Progress | None:
        return self.progresses.get(batch_id)

    async def explain(self, workspace_id: UUID, batch_id: UUID) -> tuple[Explanation, ...] | None:
        return self.explanations.get(batch_id)

    async def ready(self) -> bool:
        if self.breaks:
            raise self.breaks
        return self.is_ready

    def _own(self, workspace_id: UUID, batch_id: UUID) -> Stored | None:
        stored = self.batches.get(batch_id)
        return stored if stored and stored.batch.workspace_id == workspace_id else None


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


@dataclass
class Api:
    """A client of the served application. Every call carries the good key unless told otherwise."""

    session: aiohttp.ClientSession
    door: FakeFrontdoor
    clock: FixedClock
    port: int

    async def ask(self, method: str, path: str, *, key: str | None = KEY, **request: Any) -> Answer:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        headers |= request.pop("headers", {})
        async with self.session.request(method, path, headers=headers, allow_redirects=False, **request) as answer:
            return Answer(answer.status, answer.headers, await answer.read())

    async def get(self, path: str, **request: Any) -> Answer:
        return await self.ask("GET", path, **request)

    async def start(self, body: Any, query: str = "") -> Answer:
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return await self.ask("POST", f"/api/v2/contact/enrich/bulk{query}", data=BytesIO(raw))

    async def started(self, body: Any, query: str = "") -> UUID:
        answer = await self.start(body, query)
        assert answer.status == 200, answer.body
        return UUID(answer.json()["enrichment_id"])

    async def result(self, enrichment_id: UUID | str, query: str = "") -> Answer:
        return await self.get(f"/api/v2/contact/enrich/bulk/{enrichment_id}{query}")


@asynccontextmanager
async def serving(
    options: WebOptions | None = None,
    metrics: Callable[[], bytes] | None = None,
) -> AsyncIterator[Api]:
    """A uvicorn server on a port of its own, and a client for it."""
    door, clock = FakeFrontdoor(), FixedClock()
    app = create_app(door, clock, options or WebOptions(), metrics)
    config = uvicorn.Config(app, port=0, lifespan="off", ws="none", log_config=None)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    [listener] = server.servers
    port = listener.sockets[0].getsockname()[1]
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            yield Api(session, door, clock, port)
    finally:
        listener.close()


def contact(**changes: Any) -> dict[str, Any]:
    """A good contact with changes; ``None`` leaves a member out."""
    row = {
        "first_name": "Mira",
        "last_name": "Okafor",
        "domain": "northwind.example.com",
        "enrich_fields": ["contact.work_emails"],
    } | changes
    return {name: value for name, value in row.items() if value is not None}


def body_of(*rows: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A good body around the rows."""
    return {"name": "Spring fair", "data": list(rows or (contact(),))} | members


def assert_no_null(value: Any) -> None:
    """Neither null nor a null inside, however deep."""
    assert value is not None
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inside:
        assert_no_null(item)
