"""The engine's ports in memory: a clock that jumps, a journal that fences, a vendor that says what the test wrote.

`Stage` is a worker with one vendor. What reaches the outside is told in `Stage.events`, in order.
"""

import asyncio
import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec

from openenrich.core.contact import Contact, EmailFound, Field, Known, Values
from openenrich.core.money import MicroUsd
from openenrich.core.ordering import Offer
from openenrich.core.vendor import (
    Charge,
    Found,
    HeaderKey,
    HttpRequest,
    HttpResponse,
    Limits,
    Operation,
    Repeat,
    Reply,
    Style,
    Vendor,
)
from openenrich.core.waterfall import Question
from openenrich.engine.ask_vendor import Desk
from openenrich.engine.poll_vendor import Poller
from openenrich.engine.ports import Answer, Claimed, Intent, LostClaimError, Purchase, Step, VendorKey
from openenrich.engine.throttle import Throttle
from openenrich.vendors._discover import VendorAdapter

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
WORKSPACE = UUID(int=1)
WORK = frozenset({Field.WORK_EMAIL})
ADA = Contact(first_name="Ada", last_name="Sample", domain="example.com")
HIT = Found(Values(emails=(EmailFound("ada@example.com"),)))
NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME, Known.DOMAIN})

Said = Reply | Mapping[str, Reply] | Exception


class FakeClock:
    """Time that stands still while anybody works, and then jumps to the next sleeper."""

    def __init__(self) -> None:
        self._now = NOW
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._count = 0
        self._ticking: asyncio.Task[None] | None = None

    @property
    def elapsed(self) -> float:
        return (self._now - NOW).total_seconds()

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        awake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self._now + timedelta(seconds=seconds), self._count, awake))
        if self._ticking is None or self._ticking.done():
            self._ticking = asyncio.create_task(self._tick())
        await awake

    async def _tick(self) -> None:
        while self._sleepers:
            await settled()
            when, _, awake = heapq.heappop(self._sleepers)
            if not awake.done():
                self._now = max(self._now, when)
                awake.set_result(None)


async def settled() -> None:
    """Everything that can go on has gone on: nothing here waits for anything but the loop and the fake clock."""
    for _ in range(40):
        await asyncio.sleep(0)


async def until(condition: Callable[[], bool]) -> None:
    """Let the others go on until something is so."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the fakes have many conditions and no events for them
            await asyncio.sleep(0)


class FakePace:
    """Always at once, unless the test says otherwise per limit. ``None`` is "too long"."""

    def __init__(self) -> None:
        self.waits: dict[str, float | None] = {}
        self.reserved: list[str] = []
        self.broken = False

    async def reserve(
        self, name: str, per_second: float, burst: int, longest_wait_s: float | None = None
    ) -> float | None:
        if self.broken:
            raise ConnectionError
        wait = self.waits.get(name, 0.0)
        if wait is None or (longest_wait_s is not None and wait > longest_wait_s):
            return None
        self.reserved.append(name)
        return wait


class FakeTransport:
    """Says what was written for it: first for the key, then for anybody. A call can be held back by ``gate``."""

    def __init__(self, events: list[str]) -> None:
        self.events = events
        self.questions: list[Said] = []
        self.polls: list[Said] = []
        self.by_key: dict[str, list[Said]] = {}
        self.polled: list[tuple[str, ...]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.at_once = self.most_at_once = 0

    async def send(self, adapter: object, key: VendorKey, request: HttpRequest, timeout_s: float) -> HttpResponse:
        poll = request.path == "/jobs"
        if poll:
            self.polled.append(tuple(request.query["ids"].split(",")))
        self.events.append(f"{'poll' if poll else 'call'} {key.label}")
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            await self.gate.wait()
        finally:
            self.at_once -= 1
        script = self.by_key.get(key.label) or (self.polls if poll else self.questions)
        said = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(said, Exception):
            raise said
        return HttpResponse(200, msgspec.json.encode(said))


class FakeJournal:
    """The journal's promises in memory: one live purchase a question, and a token that fences."""

    def __init__(self, events: list[str]) -> None:
        self.events = events
        self.rows: dict[int, Purchase] = {}
        self.answers: list[Answer] = []
        self.live: dict[bytes, int] = {}
        self.tokens: dict[int, UUID] = {}
        self.owners: dict[int, int] = {}
        self.ended: set[int] = set()

    async def begin(self, intent: Intent) -> Purchase:
        known = self.live.get(intent.digest)
        if known is not None:
            return self._known(self.rows[known], intent)
        number = len(self.rows) + 1
        row = Purchase(
            number, intent.vendor, intent.operation, Step.STARTED, mine=True, started_at=intent.at,
            key_label=intent.key_label,
        )  # fmt: skip
        self.rows[number], self.live[intent.digest] = row, number
        self.tokens[number], self.owners[number] = intent.token, intent.contact_id
        self.events.append(f"intent {intent.key_label}")
        return row

    def _known(self, row: Purchase, intent: Intent) -> Purchase:
        open_still = row.step in {Step.STARTED, Step.SUBMITTED}
        mine = open_still and (self.owners[row.id] == intent.contact_id or self.owners[row.id] in self.ended)
        if mine:
            self.tokens[row.id], self.owners[row.id] = intent.token, intent.contact_id
        return msgspec.structs.replace(row, mine=mine, adopted=mine)

    async def record(self, answer: Answer) -> None:
        row = self.rows[answer.purchase_id]
        if self.tokens[row.id] != answer.token or row.step not in {Step.STARTED, Step.SUBMITTED}:
            raise LostClaimError
        self.rows[row.id] = msgspec.structs.replace(
            row, step=answer.step, reply=answer.reply, vendor_job=answer.vendor_job, cost=answer.cost
        )
        if answer.step is Step.FAILED:
            self.live = {digest: number for digest, number in self.live.items() if number != row.id}
        self.answers.append(answer)
        self.events.append(str(answer.step))

    async def look(self, purchase_id: int) -> Purchase:
        return msgspec.structs.replace(self.rows[purchase_id], mine=False)

    @property
    def steps(self) -> list[Step]:
        return [row.step for row in self.rows.values()]


class FakeKeyring:
    def __init__(self, keys: Sequence[VendorKey]) -> None:
        self.keys = tuple(keys)

    async def pool(self, workspace_id: UUID, vendor: str) -> Sequence[VendorKey]:
        return self.keys


FIND = Operation("find", returns=WORK, needs=(NAME,), credits=1000, charge=Charge.PER_RESULT)
SYNC = Vendor(
    name="acme",
    title="Acme",
    docs="https://example.com/docs",
    base_url="https://api.example.com",
    auth=HeaderKey("X-Key"),
    style=Style.SYNC,
    operations=(FIND,),
    credit_price=MicroUsd(20_000),
    limits=Limits(),
    region="EU",
)
POLLED = replace(SYNC, style=Style.POLLED, poll_every_s=5.0)
FORGIVING = replace(SYNC, repeat=Repeat.ASK_AGAIN)


def adapter_of(vendor: Vendor) -> VendorAdapter:
    """An adapter whose answers are replies, written down."""
    polled = vendor.style is Style.POLLED
    return VendorAdapter(
        vendor=vendor,
        request=lambda ask: HttpRequest("POST", "/find", json={"domain": ask.contact.domain}),
        read=lambda _, response: msgspec.json.decode(response.body, type=Reply),
        poll=(lambda tokens: HttpRequest("GET", "/jobs", query={"ids": ",".join(tokens)})) if polled else None,
        read_poll=(lambda _, response: msgspec.json.decode(response.body, type=dict[str, Reply])) if polled else None,
        balance=None,
        read_balance=None,
    )


def claimed(number: int = 1) -> Claimed:
    return Claimed(
        number, uuid4(), WORKSPACE, UUID(int=2), ADA, WORK, b"{}", b"{}", NOW, None, frozenset(), ()
    )  # fmt: skip


@dataclass(slots=True)
class Stage:
    """A worker with one vendor. Change what is needed before `desk` is asked for."""

    vendor: Vendor = SYNC
    keys: Sequence[VendorKey] = (VendorKey("first", "secret-1"),)
    adapter: VendorAdapter | None = None
    longest_wait_s: float = 30.0
    time_speed: float = 1.0
    events: list[str] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)
    pace: FakePace = field(default_factory=FakePace)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    transport: FakeTransport = field(init=False)
    journal: FakeJournal = field(init=False)
    throttle: Throttle = field(init=False)
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.transport, self.journal = FakeTransport(self.events), FakeJournal(self.events)
        self.throttle = Throttle(self.pace, self.clock, self.longest_wait_s, self.time_speed)
        self.desk = Desk(
            catalogue={self.vendor.name: self.adapter or adapter_of(self.vendor)},
            journal=self.journal,  # type: ignore[arg-type]  # claims and settlements are not the vendor's side
            keyring=FakeKeyring(self.keys),
            transport=self.transport,
            throttle=self.throttle,
            poller=Poller(self.transport, self.throttle),
            clock=self.clock,
            stopping=self.stopping,
            time_speed=self.time_speed,
        )

    def says(self, *said: Said) -> "Stage":
        """Answers to questions, one after the other; the last one for ever."""
        self.transport.questions = list(said)
        return self

    def reads(self, *said: Said) -> "Stage":
        """The same for polls."""
        self.transport.polls = list(said)
        return self

    def question(self, contact: Contact = ADA) -> Question:
        return Question(Offer(self.vendor, FIND), contact, WORK)
