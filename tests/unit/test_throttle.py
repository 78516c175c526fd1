"""When a vendor may be asked: pace, places, rests and the breaker, on a clock that jumps."""

import asyncio
from dataclasses import replace
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.fakes import HIT, SYNC, FakeClock, FakePace, settled
from openenrich.core.vendor import Limits, NotFound, Reason, Refused, Vendor
from openenrich.engine.ports import StoppingError, VendorKey
from openenrich.engine.throttle import Throttle, _rates

KEY = VendorKey("main", "secret")
UNLIMITED = Limits()
OUTAGE = Refused(Reason.UNAVAILABLE, code="503")


class Gauge:
    """A throttle with its clock and pace."""

    def __init__(self, limits: Limits = UNLIMITED, *, longest_wait_s: float = 30.0, time_speed: float = 1.0) -> None:
        self.vendor: Vendor = replace(SYNC, limits=limits)
        self.clock, self.pace = FakeClock(), FakePace()
        self.throttle = Throttle(self.pace, self.clock, longest_wait_s, time_speed)

    def hears(self, *replies: object) -> None:
        for reply in replies:
            self.throttle.heard(self.vendor, KEY, reply)  # type: ignore[arg-type]  # replies only

    @property
    def usable(self) -> bool:
        return self.throttle.usable(self.vendor, (KEY,)) == (KEY,)

    async def rests_for(self) -> float:
        """Seconds from now until the key may be used again; looked at every second."""
        waited = 0
        while not self.usable:
            await self.clock.sleep(1)
            waited += 1
        return waited

    async def turn(self) -> Refused | None:
        async with self.throttle.turn(self.vendor, KEY) as refused:
            return refused


class TestThePace:
    async def test_every_limit_of_the_vendor_is_kept(self) -> None:
        gauge = Gauge(Limits(per_second=10, per_minute=100, per_day=1000))
        assert await gauge.turn() is None
        assert sorted(gauge.pace.reserved) == ["acme/main/day", "acme/main/minute", "acme/main/second"]

    async def test_the_call_waits_for_the_slowest_of_them(self) -> None:
        gauge = Gauge(Limits(per_second=10, per_minute=100))
        gauge.pace.waits = {"acme/main/second": 1.0, "acme/main/minute": 7.0}
        assert await gauge.turn() is None
        assert gauge.clock.elapsed == 7

    async def test_a_wait_that_is_too_long_is_a_refusal_that_uses_up_no_shorter_limit(self) -> None:
        gauge = Gauge(Limits(per_second=10, per_day=1000))
        gauge.pace.waits = {"acme/main/day": 86.0}
        assert await gauge.turn() == Refused(Reason.RATE_LIMITED, code="own_pace")
        assert (gauge.pace.reserved, gauge.clock.elapsed) == ([], 0)

    async def test_a_vendor_without_limits_is_asked_at_once(self) -> None:
        gauge = Gauge()
        assert await gauge.turn() is None
        assert not gauge.pace.reserved

    @given(limit=st.integers(1, 10_000))
    def test_no_window_however_it_is_cut_sees_more_than_the_limit(self, limit: int) -> None:
        for seconds, limits in ((1, Limits(limit)), (60, Limits(None, limit)), (86_400, Limits(None, None, limit))):
            [(_, per_second, burst)] = _rates(limits)
            # The worst window: all but one of a burst, and one call per interval.
            assert burst - 1 + ceil(round(per_second * seconds, 6)) <= limit
            assert per_second > 0


class TestPolling:
    async def test_polls_have_limits_of_their_own(self) -> None:
        gauge = Gauge(Limits(per_second=1))
        vendor = replace(gauge.vendor, poll_limits=Limits(per_minute=20))
        await gauge.throttle.poll_turn(vendor, KEY)
        assert gauge.pace.reserved == ["acme/main/poll-minute"]

    async def test_a_poll_waits_as_long_as_it_takes(self) -> None:
        gauge = Gauge(longest_wait_s=30.0)
        gauge.pace.waits = {"acme/main/poll-minute": 120.0}
        await gauge.throttle.poll_turn(replace(gauge.vendor, poll_limits=Limits(per_minute=20)), KEY)
        assert gauge.clock.elapsed == 120


class TestPlaces:
    async def test_there_are_as_many_as_the_vendor_allows(self) -> None:
        gauge = Gauge(Limits(concurrency=2))
        inside = most = 0

        async def call() -> None:
            nonlocal inside, most
            async with gauge.throttle.turn(gauge.vendor, KEY) as refused:
                assert refused is None
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0)
                inside -= 1

        await asyncio.gather(*(call() for _ in range(20)))
        assert most == 2

    async def test_a_slot_is_taken_only_with_a_place_so_that_it_is_not_past_when_it_is_used(self) -> None:
        gauge = Gauge(Limits(per_second=10, concurrency=1))
        async with gauge.throttle.turn(gauge.vendor, KEY):
            waiting = asyncio.ensure_future(gauge.turn())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert len(gauge.pace.reserved) == 1
        assert await waiting is None
        assert len(gauge.pace.reserved) == 2

    async def test_nobody_waits_for_a_place_without_end(self) -> None:
        gauge = Gauge(Limits(concurrency=1), longest_wait_s=30.0)
        async with gauge.throttle.turn(gauge.vendor, KEY):
            assert await gauge.turn() == Refused(Reason.RATE_LIMITED, code="own_concurrency")
            assert gauge.clock.elapsed == 30
        assert await gauge.turn() is None

    async def test_a_call_that_fails_gives_its_place_back(self) -> None:
        gauge = Gauge(Limits(concurrency=1))
        with pytest.raises(ZeroDivisionError):
            async with gauge.throttle.turn(gauge.vendor, KEY):
                raise ZeroDivisionError
        assert await gauge.turn() is None
        assert gauge.clock.elapsed == 0

    async def test_whoever_is_cancelled_while_waiting_takes_no_place(self) -> None:
        gauge = Gauge(Limits(concurrency=1))
        async with gauge.throttle.turn(gauge.vendor, KEY):
            waiting = asyncio.ensure_future(gauge.turn())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        await settled()
        assert await gauge.turn() is None
        assert gauge.clock.elapsed == 0

    async def test_a_worker_that_stops_does_not_wait_for_a_place(self) -> None:
        gauge = Gauge(Limits(concurrency=1))

        async def stop(_: float) -> None:
            raise StoppingError

        async with gauge.throttle.turn(gauge.vendor, KEY):
            with pytest.raises(StoppingError):
                async with gauge.throttle.turn(gauge.vendor, KEY, stop):
                    pytest.fail("there is no place")
        assert await gauge.turn() is None


class TestRests:
    @pytest.mark.parametrize("reason", [Reason.BAD_KEY, Reason.NO_CREDIT])
    async def test_a_bad_or_empty_key_rests_for_ten_minutes(self, reason: Reason) -> None:
        gauge = Gauge()
        gauge.hears(Refused(reason))
        assert await gauge.rests_for() == 600

    async def test_a_rest_is_shorter_where_time_runs_faster(self) -> None:
        gauge = Gauge(time_speed=20)
        gauge.hears(Refused(Reason.BAD_KEY))
        assert await gauge.rests_for() == 30

    def test_only_that_key_rests(self) -> None:
        gauge, other = Gauge(), VendorKey("other", "secret-2")
        gauge.hears(Refused(Reason.BAD_KEY))
        assert gauge.throttle.usable(gauge.vendor, (KEY, other)) == (other,)

    def test_a_key_that_the_operator_replaced_does_not_rest_for_the_old_one(self) -> None:
        gauge, replaced = Gauge(), VendorKey("main", "a new secret")
        gauge.hears(Refused(Reason.BAD_KEY))
        assert gauge.throttle.usable(gauge.vendor, (replaced,)) == (replaced,)

    async def test_a_vendor_that_asks_for_a_long_pause_gets_it(self) -> None:
        gauge = Gauge()
        gauge.hears(Refused(Reason.RATE_LIMITED, after_s=120.0))
        assert await gauge.rests_for() == 120

    async def test_but_not_a_day(self) -> None:
        gauge = Gauge()
        gauge.hears(Refused(Reason.RATE_LIMITED, after_s=86_400.0))
        assert await gauge.rests_for() == 600

    @pytest.mark.parametrize(
        "reply",
        [HIT, NotFound(), Refused(Reason.RATE_LIMITED), Refused(Reason.INPUT_REFUSED), Refused(Reason.UNREADABLE)],
    )
    def test_other_answers_are_no_reason_to_rest(self, reply: object) -> None:
        gauge = Gauge()
        gauge.hears(*[reply] * 20)
        assert gauge.usable


class TestTheBreaker:
    def test_it_opens_after_five_outages_in_a_row(self) -> None:
        gauge = Gauge()
        gauge.hears(*[OUTAGE] * 4)
        assert gauge.usable
        gauge.hears(OUTAGE)
        assert not gauge.usable

    @pytest.mark.parametrize("reply", [HIT, NotFound(), Refused(Reason.INPUT_REFUSED), Refused(Reason.SUPPRESSED)])
    def test_a_vendor_that_answers_in_between_is_not_out_of_order(self, reply: object) -> None:
        gauge = Gauge()
        gauge.hears(*[OUTAGE] * 4, reply, *[OUTAGE] * 4)
        assert gauge.usable

    @pytest.mark.parametrize("reply", [Refused(Reason.RATE_LIMITED), Refused(Reason.UNREADABLE)])
    def test_a_sign_that_says_nothing_does_not_close_it(self, reply: object) -> None:
        gauge = Gauge()
        gauge.hears(*[OUTAGE] * 4, reply, OUTAGE)
        assert not gauge.usable

    async def test_after_a_rest_one_more_outage_opens_it_for_twice_as_long(self) -> None:
        gauge = Gauge()
        gauge.hears(*[OUTAGE] * 5)
        rests = [await gauge.rests_for()]
        for _ in range(6):
            gauge.hears(OUTAGE)
            rests.append(await gauge.rests_for())
        assert rests == [15, 30, 60, 120, 240, 300, 300]

    async def test_after_a_rest_one_answer_closes_it(self) -> None:
        gauge = Gauge()
        gauge.hears(*[OUTAGE] * 5)
        await gauge.rests_for()
        gauge.hears(HIT, *[OUTAGE] * 4)
        assert gauge.usable
        gauge.hears(OUTAGE)
        assert await gauge.rests_for() == 15

    async def test_calls_that_were_under_way_when_it_opened_do_not_make_the_rest_longer(self) -> None:
        gauge = Gauge()
        gauge.hears(*[OUTAGE] * 100)
        assert await gauge.rests_for() == 15
        gauge.hears(OUTAGE)
        assert await gauge.rests_for() == 30

    async def test_a_vendor_that_is_out_of_order_for_days_does_not_break_the_arithmetic(self) -> None:
        gauge = Gauge()
        gauge.hears(*[OUTAGE] * 5)
        for _ in range(1100):
            await gauge.clock.sleep(300)
            gauge.hears(OUTAGE)
        assert await gauge.rests_for() == 300
