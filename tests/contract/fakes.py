"""The engine's ports in memory: a clock that jumps, a journal that fences, a vendor that says what the test wrote.

`Stage` is a worker with one vendor. What reaches the outside is told in `Stage.events`, in order.
"""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec

from contract.fake_journal import WORKSPACE, FakeJournal
from openenrich.core.contact import Contact, EmailFound, Field, Known, Values
from openenrich.core.money import MicroUsd
from openenrich.core.ordering import Offer
from openenrich.core.vendor import (
    Ask,
    Charge,
    Found,
    HeaderKey,
    HttpRequest,
    HttpResponse,
    Limits,
    Operation,
    Refused,
    Repeat,
    Reply,
    Style,
    Vendor,
)
from openenrich.core.waterfall import Question
from openenrich.engine.ask_vendor import Desk, open_desk
from openenrich.engine.patience import Patience
from openenrich.engine.ports import Claimed, VendorKey
from openenrich.engine.throttle import Throttle
from openenrich.vendors._discover import VendorAdapter

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
WORK = frozenset({Field.WORK_EMAIL})
ADA = Contact(first_name="Ada", last_name="Sample", domain="example.com")
HIT = Found(Values(emails=(EmailFound("ada@example.com"),)))
NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME, Known.DOMAIN})

Rows = Mapping[str, str]
"""Last names by row."""

Said = Reply | Mapping[str, Reply] | Exception | Callable[[Rows], Reply | Mapping[str, Reply] | Exception]


class FakeClock:
    """Time that stands still while anybody works, and then jumps to the next sleeper."""

    def __init__(self) -> None:
        self._now = NOW
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._count = 0
        self._ticking: asyncio.Task[None] | None = None
        self._acts: list[asyncio.Future[None]] = []

    @property
    def elapsed(self) -> float:
        return (self._now - NOW).total_seconds()

    def at(self, seconds: float, act: Callable[[], Awaitable[object]]) -> None:
        """Let something happen when so many seconds have gone by."""

        async def later() -> None:
            await self.sleep(seconds)
            await act()

        self._acts.append(asyncio.ensure_future(later()))

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
            when = self._sleepers[0][0]
            while self._sleepers and self._sleepers[0][0] == when:  # who sleeps until then wakes up together
                _, _, awake = heapq.heappop(self._sleepers)
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
    """Says what was written for it: first for the key, then for the kind of call. ``gate`` holds every call back.

    A script may be said by rows: a function is given the persons' last names by row. ``asked`` are the last names of
    each question that left.
    """

    def __init__(self, events: list[str]) -> None:
        self.events = events
        self.scripts: dict[str, list[Said]] = {"call": [], "poll": [], "redeem": []}
        self.by_key: dict[str, list[Said]] = {}
        self.requests: list[HttpRequest] = []
        self.asked: list[tuple[str, ...]] = []
        self.polled: list[tuple[str, ...]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.at_once = self.most_at_once = 0

    async def send(self, adapter: object, key: VendorKey, request: HttpRequest, timeout_s: float) -> HttpResponse:
        kind, rows = self._noted(request)
        self.events.append(f"{kind} {key.label}")
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            await self.gate.wait()
        finally:
            self.at_once -= 1
        script = self.by_key.get(key.label) or self.scripts[kind]
        said = script.pop(0) if len(script) > 1 else script[0]
        if callable(said):
            said = said(rows)
        if isinstance(said, Exception):
            raise said
        return HttpResponse(200, msgspec.json.encode(said))

    def _noted(self, request: HttpRequest) -> tuple[str, dict[str, str]]:
        self.requests.append(request)
        if request.path == "/jobs":
            self.polled.append(tuple(request.query["ids"].split(",")))
            return "poll", {}
        if request.path.startswith("/records/"):
            return "redeem", {}
        rows: dict[str, str] = request.json  # type: ignore[assignment]  # as `adapter_of` writes it
        self.asked.append(tuple(rows.values()))
        return "call", rows


class FakeKeyring:
    def __init__(self, keys: Sequence[VendorKey]) -> None:
        self.keys = tuple(keys)

    async def pool(self, workspace_id: UUID, vendor: str) -> Sequence[VendorKey]:
        return self.keys


class FakeAddresses:
    """Addresses under ``public_url``, or none."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    def callback_url(self, vendor: str, purchase_id: int) -> str | None:
        return f"{self._public_url}/callbacks/{vendor}/{purchase_id}" if self._public_url else None


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


BATCH = replace(SYNC, operations=(replace(FIND, batch=3),))
REDEEMED = replace(SYNC, style=Style.REDEEMED)
CALLING = replace(SYNC, style=Style.CALLBACK, operations=(replace(FIND, calls_back=True),))


def adapter_of(vendor: Vendor) -> VendorAdapter:
    """An adapter whose answers are replies, written down: a vendor may do anything that its declaration allows."""
    styles = {vendor.style_of(operation) for operation in vendor.operations}
    adapter = VendorAdapter(vendor, request=lambda ask: _request([ask]), read=lambda _, got: _reply(got.body))
    if Style.POLLED in styles:
        adapter = replace(adapter, poll=_poll, read_poll=lambda _, got: _replies(got.body))
    if Style.REDEEMED in styles:
        adapter = replace(adapter, redeem=_redeem, read_redeem=lambda _, __, got: _reply(got.body))
    if Style.CALLBACK in styles:
        adapter = replace(adapter, read_callback=lambda _, callback: _replies(callback.body))
    if any(operation.batch > 1 for operation in vendor.operations):
        adapter = replace(adapter, request_batch=_request, read_batch=lambda _, got: _batch(got.body))
    return adapter


def _request(asks: Sequence[Ask]) -> HttpRequest:
    rows = {ask.row: ask.contact.last_name for ask in asks}
    query = {"report": asks[0].callback_url} if asks[0].callback_url else {}
    return HttpRequest("POST", "/find", query=query, json=rows)


def _poll(tokens: Sequence[str]) -> HttpRequest:
    return HttpRequest("GET", "/jobs", query={"ids": ",".join(tokens)})


def _redeem(ask: Ask, token: str) -> HttpRequest:
    return HttpRequest("POST", f"/records/{token}", json={ask.row: ask.contact.last_name})


def _reply(body: bytes) -> Reply:
    reply: Reply = msgspec.json.decode(body, type=Reply)
    return reply


def _replies(body: bytes) -> dict[str, Reply]:
    return msgspec.json.decode(body, type=dict[str, Reply])


def _batch(body: bytes) -> dict[str, Reply] | Refused:
    for_all = "type" in msgspec.json.decode(body)
    return msgspec.json.decode(body, type=Refused) if for_all else _replies(body)


def each(reply_for: Callable[[str], Reply]) -> Callable[[Rows], Reply | Mapping[str, Reply]]:
    """What a vendor says who knows each person by the last name."""

    def said(rows: Rows) -> Reply | Mapping[str, Reply]:
        replies = {row: reply_for(name) for row, name in rows.items()}
        return replies if len(replies) > 1 else replies.popitem()[1]

    return said


def hit(name: str) -> Found:
    """An answer that shows whose it is."""
    return Found(Values(emails=(EmailFound(f"{name.lower()}@example.com"),)))


def claimed(number: int = 1, contact: Contact = ADA) -> Claimed:
    return Claimed(
        number, uuid4(), WORKSPACE, UUID(int=2), contact, WORK, b"{}", b"{}", NOW, None, frozenset(), ()
    )  # fmt: skip


@dataclass(slots=True)
class Stage:
    """A worker with one vendor. Change what is needed before `desk` is asked for."""

    vendor: Vendor = SYNC
    keys: Sequence[VendorKey] = (VendorKey("first", "secret-1"),)
    adapter: VendorAdapter | None = None
    longest_wait_s: float = 30.0
    time_speed: float = 1.0
    public_url: str = ""
    gather_s: float = 0.05
    events: list[str] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)
    pace: FakePace = field(default_factory=FakePace)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    transport: FakeTransport = field(init=False)
    journal: FakeJournal = field(init=False)
    keyring: FakeKeyring = field(init=False)
    throttle: Throttle = field(init=False)
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.transport, self.journal = FakeTransport(self.events), FakeJournal(self.events)
        self.keyring = FakeKeyring(self.keys)
        self.throttle = Throttle(self.pace, self.clock, self.longest_wait_s, self.time_speed)
        self.desk = open_desk(
            {self.vendor.name: self.adapter or adapter_of(self.vendor)},
            self.journal,  # type: ignore[arg-type]  # claims and settlements are not the vendor's side
            self.keyring,
            FakeAddresses(self.public_url),
            self.transport,
            self.throttle,
            Patience(self.clock, self.stopping, self.time_speed),
            self.gather_s,
        )

    def says(self, *said: Said) -> "Stage":
        """Answers to questions, one after the other; the last one for ever."""
        self.transport.scripts["call"] = list(said)
        return self

    def reads(self, *said: Said) -> "Stage":
        """The same for polls."""
        self.transport.scripts["poll"] = list(said)
        return self

    def redeems(self, *said: Said) -> "Stage":
        """The same for paid calls that redeem a record."""
        self.transport.scripts["redeem"] = list(said)
        return self

    def question(self, contact: Contact = ADA) -> Question:
        return Question(Offer(self.vendor, self.vendor.operations[0]), contact, WORK)
