"""A vendor's limit over all workers, on a real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from time import perf_counter

import pytest

from openenrich.engine.ports import Pace
from openenrich.store.pace import PostgresPace
from openenrich.store.postgres import Pool, open_pool


@pytest.fixture
async def pools(database_url: str) -> AsyncIterator[list[Pool]]:
    """Two workers' connections to one database."""
    async with open_pool(database_url, size=4) as one, open_pool(database_url, size=4) as other:
        yield [one, other]


async def times(pace: Pace, count: int, per_second: float, burst: int, name: str = "v/k/second") -> list[float]:
    """When the calls would leave, in seconds of this machine."""

    async def one() -> float:
        wait = await pace.reserve(name, per_second, burst)
        assert wait is not None
        return perf_counter() + wait

    return sorted(await asyncio.gather(*(one() for _ in range(count))))


def most_in_a_window(moments: list[float], seconds: float) -> int:
    return max(sum(start <= moment < start + seconds for moment in moments) for start in moments)


def gaps(moments: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(moments)]


async def test_a_hundred_calls_at_fifty_a_second_leave_no_second_with_more(pools: list[Pool]) -> None:
    moments = await times(PostgresPace(pools[0]), 100, per_second=45, burst=5)
    assert most_in_a_window(moments, 1.0) <= 50
    assert moments[-1] - moments[0] == pytest.approx(95 / 45, abs=0.3)


async def test_two_workers_keep_one_pace(pools: list[Pool]) -> None:
    one, other = (PostgresPace(pool) for pool in pools)
    for worker in (one, other):
        await times(worker, 1, 45, 5)  # both are at work: connecting is not what is measured
    both = await asyncio.gather(times(one, 50, 45, 5), times(other, 50, 45, 5))
    moments = sorted([*both[0], *both[1]])
    assert most_in_a_window(moments, 1.0) <= 50
    assert moments[-1] - moments[0] == pytest.approx(95 / 45, abs=0.3)
    assert both[0][0] < both[1][-1]
    assert both[1][0] < both[0][-1], "they take turns, neither waits for the other's end"


async def test_two_workers_never_get_the_same_slot(pools: list[Pool]) -> None:
    one, other = (PostgresPace(pool) for pool in pools)
    for _ in range(5):
        await asyncio.gather(times(one, 4, 2, 1), times(other, 4, 2, 1))
    # 40 slots of half a second were given out, and each of them once.
    wait = await one.reserve("v/k/second", 2, 1)
    assert wait is not None
    assert 19.0 < wait <= 20.0


async def test_a_burst_leaves_at_once_and_the_rest_one_by_one(pools: list[Pool]) -> None:
    began = perf_counter()
    moments = await times(PostgresPace(pools[0]), 15, per_second=5, burst=10)
    assert sum(moment - began < 0.15 for moment in moments) == 10
    assert gaps(moments[10:]) == pytest.approx([0.2] * 4, abs=0.1)


async def test_an_idle_limit_saves_up_no_more_than_its_burst(pools: list[Pool]) -> None:
    pace = PostgresPace(pools[0])
    await pace.reserve("v/k/second", 5, 2)
    await pools[0].execute("UPDATE pace SET next_at = next_at - interval '1 hour'")
    waits = [await pace.reserve("v/k/second", 5, 2) for _ in range(4)]
    assert waits[:2] == [0, 0]
    assert waits[2:] == pytest.approx([0.2, 0.4], abs=0.1)


async def test_limits_do_not_wait_for_each_other(pools: list[Pool]) -> None:
    pace = PostgresPace(pools[0])
    await times(pace, 20, 1, 1)
    assert await pace.reserve("another/k/second", 1, 1) == 0


async def test_who_would_wait_too_long_is_turned_away_and_reserves_nothing(pools: list[Pool]) -> None:
    pace = PostgresPace(pools[0])
    waits = await asyncio.gather(*(pace.reserve("v/k/second", 1, 1, 3.5) for _ in range(50)))
    served = sorted(wait for wait in waits if wait is not None)
    assert served == pytest.approx([0, 1, 2, 3], abs=0.3)
    for _ in range(20):
        assert await pace.reserve("v/k/second", 1, 1, 2.0) is None
    assert await pace.reserve("v/k/second", 1, 1) == pytest.approx(4, abs=0.5)


async def test_a_limit_so_slow_that_nobody_waits_for_it_still_serves_whoever_comes_in_time(pools: list[Pool]) -> None:
    pace = PostgresPace(pools[0])
    daily = 90 / 86_400
    waits = await asyncio.gather(*(pace.reserve("v/k/day", daily, 10, 30.0) for _ in range(500)))
    assert sum(wait is not None for wait in waits) == 10
    await pools[0].execute("UPDATE pace SET next_at = next_at - interval '16 minutes'")
    assert await pace.reserve("v/k/day", daily, 10, 30.0) == 0, "those who were turned away left nothing behind"
