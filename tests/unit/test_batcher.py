"""Group commit: who comes together is written together, and everybody learns what became of their own item."""

import asyncio
from collections.abc import Callable, Sequence

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.store.batcher import Batcher

Write = Callable[[Sequence[int]], Sequence[int | Exception]]


class Table:
    """Doubles what it is given, remembers the groups, and can be made to refuse."""

    def __init__(self, write: Write | None = None, *, most: int = 200) -> None:
        self.groups: list[list[int]] = []
        self.under_way = self.most_under_way = 0
        self.open = asyncio.Event()
        self.open.set()
        self._rule = write or (lambda items: [2 * item for item in items])
        self.batcher: Batcher[int, int] = Batcher(self._write, most=most)

    async def _write(self, items: Sequence[int]) -> Sequence[int | Exception]:
        self.groups.append(list(items))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(0)
            await self.open.wait()
            return self._rule(items)
        finally:
            self.under_way -= 1

    async def all(self, *items: int) -> list[int | BaseException]:
        return await asyncio.gather(*map(self.batcher.submit, items), return_exceptions=True)


def refusing(bad: int, error: Exception) -> Write:
    """As a database does: one bad item fails the whole transaction."""

    def write(items: Sequence[int]) -> Sequence[int | Exception]:
        if bad in items:
            raise error
        return [2 * item for item in items]

    return write


async def test_who_comes_together_is_written_in_one_transaction() -> None:
    table = Table()
    assert await table.all(1, 2, 3) == [2, 4, 6]
    assert table.groups == [[1, 2, 3]]


async def test_who_comes_while_a_transaction_is_under_way_is_in_the_next_one() -> None:
    table = Table()
    table.open.clear()
    first = asyncio.ensure_future(table.all(1))
    while not table.under_way:  # noqa: ASYNC110 - until the first one is in its transaction
        await asyncio.sleep(0)
    later = asyncio.ensure_future(table.all(2, 3))
    await asyncio.sleep(0)
    table.open.set()
    assert (await first, await later) == ([2], [4, 6])
    assert table.groups == [[1], [2, 3]]
    assert table.most_under_way == 1


async def test_a_transaction_holds_no_more_than_its_most() -> None:
    table = Table(most=2)
    assert await table.all(1, 2, 3, 4, 5) == [2, 4, 6, 8, 10]
    assert table.groups == [[1, 2], [3, 4], [5]]


async def test_a_result_that_is_an_exception_is_raised_for_its_own_item_only() -> None:
    lost = LookupError("lost")
    table = Table(lambda items: [lost if item == 2 else item for item in items])
    assert await table.all(1, 2, 3) == [1, lost, 3]


async def test_an_item_that_the_database_refuses_does_not_take_the_others_along() -> None:
    refused = asyncpg.UniqueViolationError("duplicate")
    table = Table(refusing(2, refused))
    assert await table.all(1, 2, 3) == [2, refused, 6]
    assert table.groups == [[1, 2, 3], [1], [2], [3]]


async def test_when_the_database_is_gone_everybody_learns_it_at_once() -> None:
    gone = ConnectionResetError()
    table = Table(refusing(2, gone))
    assert await table.all(1, 2, 3) == [gone] * 3
    assert len(table.groups) == 1


async def test_after_a_failure_the_next_item_is_written() -> None:
    table = Table(refusing(2, ConnectionResetError()))
    await table.all(1, 2)
    assert await table.all(3) == [6]


async def test_a_deadlock_is_tried_again() -> None:
    failures = [asyncpg.DeadlockDetectedError("deadlock"), asyncpg.SerializationError("serialize")]

    def write(items: Sequence[int]) -> Sequence[int]:
        if failures:
            raise failures.pop()
        return list(items)

    table = Table(write)
    assert await table.all(1, 2) == [1, 2]
    assert table.groups == [[1, 2]] * 3


async def test_a_deadlock_that_does_not_end_is_an_error() -> None:
    deadlock = asyncpg.DeadlockDetectedError("deadlock")
    table = Table(refusing(1, deadlock))
    assert await table.all(1) == [deadlock]
    assert len(table.groups) == 5


async def test_a_writer_that_forgets_an_item_is_found_out_and_nobody_waits_for_ever() -> None:
    table = Table(lambda items: list(items)[1:])
    async with asyncio.timeout(5):
        results = await table.all(1, 2)
    assert [type(result) for result in results] == [RuntimeError, RuntimeError]


async def test_a_caller_who_leaves_does_not_disturb_the_others() -> None:
    table = Table()
    table.open.clear()
    leaving, staying = (asyncio.ensure_future(table.batcher.submit(item)) for item in (1, 2))
    while not table.under_way:  # noqa: ASYNC110 - until both are in their transaction
        await asyncio.sleep(0)
    leaving.cancel()
    table.open.set()
    assert await staying == 4
    assert leaving.cancelled()
    assert table.groups == [[1, 2]]


async def test_when_the_writing_itself_is_cancelled_nobody_waits_for_ever() -> None:
    table = Table()
    table.open.clear()
    waiting = asyncio.ensure_future(table.batcher.submit(1))
    while not table.under_way:  # noqa: ASYNC110 - until it is in its transaction
        await asyncio.sleep(0)
    assert table.batcher._running is not None
    table.batcher._running.cancel()
    async with asyncio.timeout(5):
        with pytest.raises(asyncio.CancelledError):
            await waiting


@given(items=st.lists(st.integers(0, 100), max_size=40), most=st.integers(1, 10))
def test_everybody_gets_the_result_of_their_own_item_in_order(items: list[int], most: int) -> None:
    async def run() -> None:
        table = Table(most=most)
        assert await table.all(*items) == [2 * item for item in items]
        assert [item for group in table.groups for item in group] == items
        assert all(len(group) <= most for group in table.groups)

    asyncio.run(run())
