"""When a vendor may be asked: pace, concurrency, pauses and the circuit breaker.

Rates hold over all workers (the `Pace` port keeps them in the database); concurrency and the breaker are this
process's own. A vendor that may not be asked is skipped for the contact, never waited for without end: a vendor
that fails, is slow or has no credit does not fail the contact.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from openenrich.core.vendor import Limits, Reason, Refused, Reply, Vendor
from openenrich.engine.ports import Clock, Pace, VendorKey

_PAUSES = {Reason.BAD_KEY: 600.0, Reason.NO_CREDIT: 600.0}
"""Seconds that a key rests after its vendor said so; the operator sees it in `openenrich vendors list`."""

_BREAK_AFTER = 5
_FIRST_BREAK_S = 15.0
_LONGEST_BREAK_S = 300.0


@dataclass(slots=True)
class _Health:
    """One key of one vendor as this process sees it."""

    gate: asyncio.Semaphore
    resting_until: datetime | None = None
    reason: Reason | None = None
    failures: int = 0
    breaks: int = 0


class Throttle:
    """Shared by all contacts of a worker. ``longest_wait_s`` is how long a contact waits for a vendor's pace.

    ``time_speed`` is how fast the vendors' time runs: 1 outside of the sandbox.
    """

    def __init__(self, pace: Pace, clock: Clock, longest_wait_s: float, time_speed: float = 1.0) -> None:
        self._pace = pace
        self._clock = clock
        self._longest_wait_s = longest_wait_s
        self._time_speed = time_speed
        self._health: dict[tuple[str, str], _Health] = {}

    def usable(self, vendor: Vendor, keys: Sequence[VendorKey]) -> tuple[VendorKey, ...]:
        """The keys that are not resting, in the order of the pool."""
        now = self._clock.now()
        return tuple(key for key in keys if not _rests(self._of(vendor, key), now))

    @asynccontextmanager
    async def turn(self, vendor: Vendor, key: VendorKey) -> AsyncIterator[Refused | None]:
        """Wait for a slot and hold it during the call; yields a refusal when the wait would be too long."""
        waits = [await self._slot(vendor, key, *rate) for rate in _rates(vendor.limits)]
        wait = max(waits, default=0.0)
        if wait > self._longest_wait_s:
            yield Refused(Reason.RATE_LIMITED, after_s=wait, code="own_pace")
            return
        if wait > 0:
            await self._clock.sleep(wait)
        async with self._of(vendor, key).gate:
            yield None

    async def poll_turn(self, vendor: Vendor, key: VendorKey) -> None:
        """Wait for a slot of the limits that hold for polling."""
        rates = _rates(vendor.poll_limits)
        waits = [await self._slot(vendor, key, f"poll-{window}", rate, burst) for window, rate, burst in rates]
        if waits and max(waits) > 0:
            await self._clock.sleep(max(waits))

    def heard(self, vendor: Vendor, key: VendorKey, reply: Reply) -> None:
        """Learn from an answer: rest a bad or empty key, open the breaker after several outages in a row."""
        health = self._of(vendor, key)
        match reply:
            case Refused(reason=(Reason.BAD_KEY | Reason.NO_CREDIT) as reason):
                self._rest(health, _PAUSES[reason], reason)
            case Refused(reason=Reason.UNAVAILABLE):
                health.failures += 1
                if health.failures >= _BREAK_AFTER:
                    self._rest(health, min(_FIRST_BREAK_S * 2**health.breaks, _LONGEST_BREAK_S), Reason.UNAVAILABLE)
                    health.breaks += 1
                    health.failures = _BREAK_AFTER - 1  # half open: one failure after the rest breaks again
            case Refused():
                pass
            case _:
                health.failures = health.breaks = 0

    def _rest(self, health: _Health, seconds: float, reason: Reason) -> None:
        health.resting_until = self._clock.now() + timedelta(seconds=seconds)
        health.reason = reason

    async def _slot(self, vendor: Vendor, key: VendorKey, window: str, per_second: float, burst: int) -> float:
        name = f"{vendor.name}/{key.label}/{window}"
        return await self._pace.reserve(name, per_second * self._time_speed, burst)

    def _of(self, vendor: Vendor, key: VendorKey) -> _Health:
        health = self._health.get((vendor.name, key.label))
        if health is None:
            health = _Health(asyncio.Semaphore(vendor.limits.concurrency or 10_000))
            self._health[vendor.name, key.label] = health
        return health


def _rests(health: _Health, now: datetime) -> bool:
    return health.resting_until is not None and now < health.resting_until


def _rates(limits: Limits) -> list[tuple[str, float, int]]:
    """Name, calls per second and burst of each window.

    The burst is taken off the rate, so that no window of the vendor's, however it is cut, sees more than it allows.
    """
    windows = (("second", limits.per_second, 1), ("minute", limits.per_minute, 60), ("day", limits.per_day, 86_400))
    rates: list[tuple[str, float, int]] = []
    for name, limit, seconds in windows:
        if limit is not None:
            burst = max(1, limit // 10)
            rates.append((name, max(limit - burst, 1) / seconds, burst))
    return rates
