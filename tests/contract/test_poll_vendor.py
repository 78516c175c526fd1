"""Polling that is shared: many jobs in one read, nobody's impatience hurts the others, and no job is overlooked."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest

from contract.fakes import HIT, POLLED, Stage, settled
from openenrich.core.vendor import Limits, NotFound, Pending, Reason, Refused, Reply
from openenrich.engine.ports import VendorKey

SHARED = replace(POLLED, poll_batch=3, poll_limits=Limits(per_minute=20))
KEY = VendorKey("first", "secret-1")
OTHER_KEY = VendorKey("second", "secret-2")


def stage(vendor: object = SHARED) -> Stage:
    return Stage(vendor)  # type: ignore[arg-type]  # a Vendor


async def polled(here: Stage, *tokens: str, key: VendorKey = KEY) -> list[Reply | None]:
    """What several callers hear who ask at the same time."""
    adapter = here.desk.catalogue["acme"]
    return list(await asyncio.gather(*(here.desk.poller.poll(adapter, key, token) for token in tokens)))


async def test_jobs_that_are_asked_for_together_are_read_together() -> None:
    here = stage().reads({"a": HIT, "b": NotFound()})
    assert await polled(here, "a", "b", "c") == [HIT, NotFound(), None]
    assert here.transport.polled == [("a", "b", "c")]
    assert here.pace.reserved == ["acme/first/poll-minute"]


async def test_a_read_holds_no_more_jobs_than_the_vendor_answers() -> None:
    here = stage().reads({})
    await polled(here, "a", "b", "c", "d", "e")
    assert sorted(map(len, here.transport.polled)) == [2, 3]
    assert {token for read in here.transport.polled for token in read} == set("abcde")
    assert len(here.pace.reserved) == 2


async def test_a_vendor_that_reads_one_job_at_a_time_is_asked_for_each() -> None:
    here = stage(replace(SHARED, poll_batch=1)).reads({"a": HIT, "b": HIT})
    assert await polled(here, "a", "b") == [HIT, HIT]
    assert sorted(here.transport.polled) == [("a",), ("b",)]


async def test_one_job_for_two_callers_is_named_once() -> None:
    here = stage().reads({"a": HIT})
    assert await polled(here, "a", "a") == [HIT, HIT]
    assert here.transport.polled == [("a",)]


async def test_jobs_of_different_keys_are_read_apart() -> None:
    here = stage().reads({"a": HIT, "b": HIT})
    await asyncio.gather(polled(here, "a"), polled(here, "b", key=OTHER_KEY))
    assert sorted(here.events) == ["poll first", "poll second"]


async def test_whoever_comes_while_a_read_waits_for_its_turn_joins_it() -> None:
    here = stage().reads({"a": HIT, "b": HIT})
    here.pace.waits["acme/first/poll-minute"] = 3.0
    first = asyncio.ensure_future(polled(here, "a"))
    await asyncio.sleep(0)
    assert await polled(here, "b") == [HIT]
    assert await first == [HIT]
    assert here.transport.polled == [("a", "b")]


async def test_whoever_comes_while_a_read_is_under_way_waits_for_the_next_one() -> None:
    here = stage().reads({"a": HIT}, {"b": HIT})
    here.transport.gate.clear()
    first = asyncio.ensure_future(polled(here, "a"))
    await settled()
    second = asyncio.ensure_future(polled(here, "b"))
    await settled()
    here.transport.gate.set()
    assert (await first, await second) == ([HIT], [HIT])
    assert here.transport.polled == [("a",), ("b",)]


async def test_a_caller_who_leaves_does_not_take_the_read_along() -> None:
    here = stage().reads({"a": HIT, "b": HIT})
    here.transport.gate.clear()
    impatient, patient = asyncio.ensure_future(polled(here, "a")), asyncio.ensure_future(polled(here, "b"))
    await settled()
    impatient.cancel()
    await settled()
    here.transport.gate.set()
    assert await patient == [HIT]
    assert impatient.cancelled()


async def test_a_pace_that_fails_is_everybodys_error_and_the_next_read_starts_afresh() -> None:
    here = stage().reads({"a": HIT, "b": HIT})
    here.pace.broken = True
    with pytest.raises(ConnectionError):
        await polled(here, "a", "b")
    here.pace.broken = False
    assert await polled(here, "a", "b") == [HIT, HIT]


async def test_a_read_of_an_unknown_shape_refuses_all_jobs_in_it_for_now() -> None:
    here = stage()
    here.reads(NotFound())  # not a mapping of jobs
    assert await polled(here, "a", "b") == [Refused(Reason.UNREADABLE)] * 2


class TestJobsThatSharedReadsLeaveOut:
    """A vendor's page of the newest jobs does not show an old one."""

    async def read(self, here: Stage, says: Mapping[str, Reply]) -> tuple[str, ...]:
        """One round of two callers; what was asked for the job ``old``."""
        here.reads(says)
        seen = len(here.transport.polled)
        await polled(here, "new", "old")
        return next(read for read in here.transport.polled[seen:] if "old" in read)

    async def test_after_two_shared_reads_the_job_is_read_alone(self) -> None:
        here = stage()
        page = {"new": Pending("new")}
        assert [await self.read(here, page) for _ in range(3)] == [("new", "old"), ("new", "old"), ("old",)]

    async def test_its_answer_is_found_there(self) -> None:
        here = stage()
        for _ in range(2):
            await self.read(here, {})
        here.reads({"old": HIT})
        assert await polled(here, "old") == [HIT]

    async def test_when_it_is_still_pending_it_goes_back_to_the_shared_reads(self) -> None:
        here = stage()
        reads = [await self.read(here, {}) for _ in range(4)]
        assert reads == [("new", "old"), ("new", "old"), ("old",), ("new", "old")]

    async def test_a_job_that_is_said_to_be_pending_is_never_read_alone(self) -> None:
        here = stage()
        page = {"new": Pending("new"), "old": Pending("old")}
        assert [await self.read(here, page) for _ in range(5)] == [("new", "old")] * 5

    async def test_a_read_that_failed_does_not_count(self) -> None:
        here = stage()
        refused = Refused(Reason.RATE_LIMITED)
        reads = [await self.read(here, {"new": refused, "old": refused}) for _ in range(5)]
        assert reads == [("new", "old")] * 5

    async def test_reading_alone_keeps_the_pace(self) -> None:
        here = stage()
        for _ in range(3):
            await self.read(here, {})
        assert len(here.pace.reserved) == len(here.transport.polled)
        assert set(here.pace.reserved) == {"acme/first/poll-minute"}


class TestRowsOfOneJob:
    """``job#row``: what follows the sign is the adapter's own, and the job is read once for all of its rows."""

    async def test_all_rows_are_read_together_however_many_jobs_a_read_may_hold(self) -> None:
        here = stage(replace(SHARED, poll_batch=1)).reads({"a#1": HIT, "a#2": NotFound()})
        assert await polled(here, "a#1", "a#2", "a#3") == [HIT, NotFound(), None]
        assert here.transport.polled == [("a#1", "a#2", "a#3")]
        assert len(here.pace.reserved) == 1

    async def test_rows_of_different_jobs_are_read_apart(self) -> None:
        here = stage().reads({"a#1": HIT, "b#1": HIT, "a#2": HIT})
        assert await polled(here, "a#1", "b#1", "a#2") == [HIT] * 3
        assert sorted(here.transport.polled) == [("a#1", "a#2"), ("b#1",)]

    async def test_they_do_not_mix_with_jobs_of_a_single_row(self) -> None:
        here = stage().reads({"a": HIT, "a#1": HIT, "b": HIT})
        assert await polled(here, "a", "a#1", "b") == [HIT] * 3
        assert sorted(here.transport.polled) == [("a", "b"), ("a#1",)]

    async def test_a_sign_in_the_adapters_own_part_is_its_own_affair(self) -> None:
        here = stage().reads({"a#1#x": HIT, "a#1#y": HIT})
        assert await polled(here, "a#1#x", "a#1#y") == [HIT] * 2
        assert here.transport.polled == [("a#1#x", "a#1#y")]

    async def test_rows_that_a_read_leaves_out_are_pending_and_never_read_alone(self) -> None:
        here = stage().reads({})
        for _ in range(4):
            assert await polled(here, "a#1", "a#2") == [None, None]
        assert here.transport.polled == [("a#1", "a#2")] * 4

    async def test_with_different_keys_they_are_read_apart(self) -> None:
        here = stage().reads({"a#1": HIT, "a#2": HIT})
        await asyncio.gather(polled(here, "a#1"), polled(here, "a#2", key=OTHER_KEY))
        assert sorted(here.events) == ["poll first", "poll second"]
