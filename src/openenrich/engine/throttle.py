"""When a vendor may be asked: pace, concurrency, pauses and the circuit breaker.

Rates hold over all workers (the `Pace` port keeps them in the database); concurrency and the breaker are this
process's own. A vendor that may not be asked is skipped for the contact, never waited for without end: a vendor
that fails, is slow or has no credit does not fail the contact.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from openenrich.core.vendor import Limits, Reason, Refused, Reply, Vendor
from openenrich.engine.ports import Clock, Pace, VendorKey

LONGEST_RETRY_S = 20.0
"""A vendor that wants to be left alone for longer is passed by, and its key rests."""

_LONGEST_REST_S = 600.0
_PAUSES = {Reason.BAD_KEY: _LONGEST_REST_S, Reason.NO_CREDIT: _LONGEST_REST_S}
"""Seconds that a key rests after its vendor said so."""

_BREAK_AFTER = 5
_FIRST_BREAK_S = 15.0
_LONGEST_BREAK_S = 300.0
_MOST_BREAKS = 10

OWN_PACE = "own_pace"
OWN_CONCURRENCY = "own_concurrency"
"""Codes of refusals that are ours: the vendor was not asked."""

Wait = Callable[[float], Coroutine[Any, Any, None]]


@dataclass(slots=True)
class _Health:
    """One key of one vendor as this process sees it."""

    gate: asyncio.Semaphore
    resting_until: datetime | None = None
    failures: int = 0
    breaks: int = 0


class Throttle:
    """Shared by all contacts of a worker. ``longest_wait_s`` is how long a contact waits for a vendor.

    ``time_speed`` is how fast the vendors' time runs: 1 outside of the sandbox.
    """

    def __init__(self, pace: Pace, clock: Clock, longest_wait_s: float, time_speed: float = 1.0) -> None:
        self._pace = pace
        self._clock = clock
        self._longest_wait_s = longest_wait_s
        self._time_speed = time_speed
        self._health: dict[tuple[str, VendorKey], _Health] = {}

    def usable(self, vendor: Vendor, keys: Sequence[VendorKey]) -> tuple[VendorKey, ...]:
        """The keys that are not resting, in the order of the pool."""
        now = self._clock.now()
        return tuple(key for key in keys if not _rests(self._of(vendor, key), now))

    @asynccontextmanager
    async def turn(self, vendor: Vendor, key: VendorKey, wait: Wait | None = None) -> AsyncIterator[Refused | None]:
        """Hold a place and a slot during the call; yields a refusal when the wait would be too long.

        The place comes first: whoever waits for one must not hold a slot that is past when it is used. ``wait``
        sleeps, and may raise to give up.
        """
        wait = wait or self._clock.sleep
        gate = self._of(vendor, key).gate
        if not await _enter(gate, wait, self._longest_wait_s):
            yield Refused(Reason.RATE_LIMITED, code=OWN_CONCURRENCY)
            return
        try:
            pause = await self._reserve(vendor, key, "", vendor.limits, self._longest_wait_s)
            if pause is None:
                yield Refused(Reason.RATE_LIMITED, code=OWN_PACE)
                return
            if pause > 0:
                await wait(pause)
            yield None
        finally:
            gate.release()

    async def poll_turn(self, vendor: Vendor, key: VendorKey) -> None:
        """Wait for a slot of the limits that hold for polling, however long: what is bought will be read."""
        pause = await self._reserve(vendor, key, "poll-", vendor.poll_limits, None)
        if pause:
            await self._clock.sleep(pause)

    def heard(self, vendor: Vendor, key: VendorKey, reply: Reply) -> None:
        """Learn from an answer: rest a bad or empty key, open the breaker after several outages in a row."""
        health = self._of(vendor, key)
        match reply:
            case Refused(reason=(Reason.BAD_KEY | Reason.NO_CREDIT) as reason):
                self._rest(health, _PAUSES[reason])
            case Refused(reason=Reason.UNAVAILABLE):
                self._failed(health)
            case Refused(reason=Reason.RATE_LIMITED, after_s=float() as after_s) if after_s > LONGEST_RETRY_S:
                self._rest(health, min(after_s, _LONGEST_REST_S))
            case Refused(reason=Reason.RATE_LIMITED | Reason.UNREADABLE):
                pass  # neither well nor out of order
            case _:
                health.failures = health.breaks = 0

    def _failed(self, health: _Health) -> None:
        if _rests(health, self._clock.now()):
            return  # a call that was under way when the breaker opened tells nothing new
        health.failures += 1
        if health.failures >= _BREAK_AFTER:
            self._rest(health, min(_FIRST_BREAK_S * 2.0**health.breaks, _LONGEST_BREAK_S))
            health.breaks = min(health.breaks + 1, _MOST_BREAKS)
            health.failures = _BREAK_AFTER - 1  # half open: one failure after the rest breaks again

    def _rest(self, health: _Health, seconds: float) -> None:
        health.resting_until = self._clock.now() + timedelta(seconds=seconds / self._time_speed)

    async def _reserve(
        self, vendor: Vendor, key: VendorKey, prefix: str, limits: Limits, longest_wait_s: float | None
    ) -> float | None:
        """The seconds until all windows allow a call; ``None`` when one of them would take too long."""
        pause = 0.0
        for window, per_second, burst in _rates(limits):
            name = f"{vendor.name}/{key.label}/{prefix}{window}"
            wait = await self._pace.reserve(name, per_second * self._time_speed, burst, longest_wait_s)
            if wait is None:
                return None
            pause = max(pause, wait)
        return pause

    def _of(self, vendor: Vendor, key: VendorKey) -> _Health:
        """By the key itself and not its label: a replaced key does not rest for the old one's faults."""
        health = self._health.get((vendor.name, key))
        if health is None:
            health = _Health(asyncio.Semaphore(vendor.limits.concurrency or 10_000))
            self._health[vendor.name, key] = health
        return health


async def _enter(gate: asyncio.Semaphore, wait: Wait, longest_wait_s: float) -> bool:
    """Take a place at the gate; false when none came free in time. What ``wait`` raises is passed on."""
    if not gate.locked():
        return await gate.acquire()
    entering = asyncio.ensure_future(gate.acquire())
    waiting = asyncio.ensure_future(wait(longest_wait_s))
    try:
        await asyncio.wait((entering, waiting), return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            waiting.result()
        return entering.done()
    except BaseException:
        if entering.done():
            gate.release()
        raise
    finally:
        entering.cancel()
        waiting.cancel()


def _rests(health: _Health, now: datetime) -> bool:
    return health.resting_until is not None and now < health.resting_until


def _rates(limits: Limits) -> list[tuple[str, float, int]]:
    """Name, calls per second and burst of each window, the longest first: what it refuses costs the others nothing.

    The burst is taken off the rate, so that no window of the vendor's, however it is cut, sees more than it allows.
    """
    windows = (("day", limits.per_day, 86_400), ("minute", limits.per_minute, 60), ("second", limits.per_second, 1))
    rates: list[tuple[str, float, int]] = []
    for name, limit, seconds in windows:
        if limit is not None:
            burst = max(1, limit // 10)
            rates.append((name, max(limit - burst, 1) / seconds, burst))
    return rates
