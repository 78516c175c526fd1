"""Questions that share a request: contacts waiting for the same operation of a vendor go out together.

The window is short, and the wait for the vendor's turn is part of it: the busier a vendor, the fuller its requests.
Each contact keeps its own row in the journal. It sits down, is told when the request has its turn, writes its intent,
and hands its question in; or it leaves, and the others go without it. A request that is refused because of what is
in it is taken apart, so that one bad row costs nobody else the answer.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Protocol

import msgspec

from openenrich.core.vendor import Adapter, Ask, Operation, Pending, Reason, Refused, Reply
from openenrich.engine.patience import Patience
from openenrich.engine.ports import StoppingError, VendorKey
from openenrich.engine.send_question import Answers, Sender, question
from openenrich.engine.throttle import Throttle

_NO_ROW = Refused(Reason.UNREADABLE, code="row_missing")
_Place = tuple[str, str, VendorKey]


class Seat(Protocol):
    """A place in a request that has its turn. ``refused``: it has none, because our own limits forbid it."""

    @property
    def refused(self) -> Refused | None: ...

    async def ask(self, ask: Ask) -> Reply | None:
        """Hand the question in. ``None`` when it may have been billed without an answer reaching us."""


class _Single:
    """A request of one question."""

    def __init__(self, sender: Sender, adapter: Adapter, key: VendorKey, refused: Refused | None) -> None:
        self._sender, self._adapter, self._key = sender, adapter, key
        self.refused = refused

    async def ask(self, ask: Ask) -> Reply | None:
        return _answer_for(ask, await self._sender.send(question(self._adapter, self._key, [ask])))


class _Shared:
    """A place at a table."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.turn: asyncio.Future[Refused | None] = loop.create_future()
        self.decision: asyncio.Future[Ask | None] = loop.create_future()
        self.answer: asyncio.Future[Reply | None] = loop.create_future()
        self.refused: Refused | None = None

    async def ask(self, ask: Ask) -> Reply | None:
        if self.decision.cancelled():
            raise StoppingError  # the loop ends, and the others' request with it
        self.decision.set_result(ask)
        # Shielded: whoever stops waiting must not take the answer from the others of the request.
        return await asyncio.shield(self.answer)

    def leave(self) -> None:
        """Take no part, or no more."""
        if not self.decision.done():
            self.decision.set_result(None)

    def fail(self, error: Exception) -> None:
        for future in (self.turn, self.answer):
            if not future.done():
                future.set_exception(error)
                future.exception()  # whoever sat here may have left

    def abandon(self) -> None:
        """The loop ends: a question that was handed in may be in the air, and nobody may say that it is not."""
        if self.turn.done():
            self.answer.cancel()
        self.fail(StoppingError())


class Gatherer:
    """One per worker. ``window_s`` is how long the first question of a request waits for company."""

    def __init__(self, sender: Sender, throttle: Throttle, patience: Patience, window_s: float = 0.0) -> None:
        self._sender = sender
        self._throttle = throttle
        self._patience = patience
        self._window_s = window_s
        self._open: dict[_Place, _Table] = {}
        self._contacts = 0
        self._serving: set[asyncio.Task[None]] = set()

    @contextmanager
    def present(self) -> Iterator[None]:
        """A contact is under way. Alone, it need not wait for company."""
        self._contacts += 1
        try:
            yield
        finally:
            self._contacts -= 1

    @asynccontextmanager
    async def seat(self, adapter: Adapter, key: VendorKey, operation: Operation) -> AsyncIterator[Seat]:
        """A place in the next request to this operation with this key, once it has its turn."""
        if operation.batch == 1:
            async with self._throttle.turn(adapter.vendor, key, self._patience.wait) as refused:
                yield _Single(self._sender, adapter, key, refused)
            return
        seat = _Shared()
        self._table(adapter, key, operation).sit(seat)
        try:
            seat.refused = await asyncio.shield(seat.turn)
            yield seat
        finally:
            seat.leave()

    def _table(self, adapter: Adapter, key: VendorKey, operation: Operation) -> "_Table":
        place = (adapter.vendor.name, operation.name, key)
        table = self._open.get(place)
        if table is None:
            table = _Table(operation.batch)
            self._open[place] = table
            table.closed = lambda: self._open.pop(place, None) if self._open.get(place) is table else None
            task = asyncio.create_task(self._serve(adapter, key, table))
            self._serving.add(task)  # the loop alone would not keep it alive
            task.add_done_callback(self._serving.discard)
        return table

    async def _serve(self, adapter: Adapter, key: VendorKey, table: "_Table") -> None:
        try:
            answers, asks = await self._one_request(adapter, key, table)
            if len(asks) > 1 and _is_of_its_content(answers):
                await asyncio.gather(*(self._alone(adapter, key, seat, ask) for seat, ask in asks.items()))
            for seat, ask in asks.items():
                if not seat.answer.done():
                    seat.answer.set_result(_answer_for(ask, answers))
        except Exception as error:  # noqa: BLE001 - raised in everybody who sits here
            for seat in table.seats:
                seat.fail(error)
        except asyncio.CancelledError:
            for seat in table.seats:
                seat.abandon()
            raise
        finally:
            table.close()

    async def _one_request(
        self, adapter: Adapter, key: VendorKey, table: "_Table"
    ) -> tuple[Answers, dict[_Shared, Ask]]:
        """Wait for company and for the turn, let everybody write down what they buy, and send."""
        if self._contacts > 1 and table.most > 1 and self._window_s > 0:
            await self._patience.wait(self._window_s, table.full)
        async with self._throttle.turn(adapter.vendor, key, self._patience.wait) as refused:
            table.close()
            for seat in table.seats:
                seat.turn.set_result(refused)
            decisions = await asyncio.gather(*(seat.decision for seat in table.seats))
            asks = _numbered(table.seats, decisions)
            if refused is not None or not asks:
                return refused, {}
            return await self._sender.send(question(adapter, key, list(asks.values()))), asks

    async def _alone(self, adapter: Adapter, key: VendorKey, seat: _Shared, ask: Ask) -> None:
        """The question by itself, after the request that it was part of was refused."""
        try:
            async with self._throttle.turn(adapter.vendor, key, self._patience.wait) as refused:
                answers = refused or await self._sender.send(question(adapter, key, [ask]))
        except Exception as error:  # noqa: BLE001 - raised in this seat alone: the others' calls may be in the air
            seat.fail(error)
        else:
            seat.answer.set_result(_answer_for(ask, answers))


class _Table:
    """Who shares the next request."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.seats: list[_Shared] = []
        self.full = asyncio.Event()
        self.closed: Callable[[], object] = lambda: None

    def sit(self, seat: "_Shared") -> None:
        self.seats.append(seat)
        if len(self.seats) >= self.most:
            self.close()

    def close(self) -> None:
        """Whoever comes now begins another request."""
        self.full.set()
        self.closed()


def _numbered(seats: Sequence[_Shared], decisions: Sequence[Ask | None]) -> dict[_Shared, Ask]:
    """The questions that are handed in; rows are numbered from 1."""
    handed_in = [(seat, ask) for seat, ask in zip(seats, decisions, strict=True) if ask is not None]
    return {seat: msgspec.structs.replace(ask, row=str(row)) for row, (seat, ask) in enumerate(handed_in, 1)}


def _is_of_its_content(answers: Answers) -> bool:
    return isinstance(answers, Refused) and (
        answers.reason is Reason.INPUT_REFUSED or (answers.reason is Reason.UNREADABLE and answers.code == "request")
    )


def _answer_for(ask: Ask, answers: Answers) -> Reply | None:
    """The row's own answer. A row that was left out is no miss: nothing was said about it."""
    match answers.get(ask.row, _NO_ROW) if isinstance(answers, Mapping) else answers:
        case Pending(token=""):  # a whole request can be repeated, and `Sender` has done so; a row of it can not
            return Refused(Reason.UNREADABLE, code="pending")
        case answer:
            return answer
