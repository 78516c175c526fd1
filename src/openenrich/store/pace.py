"""Vendor limits over all workers: the generic cell rate algorithm, one row a limit, several slots an update.

Time is the database's, so that workers whose clocks differ keep one pace. A slot that nobody would wait for is not
given out: otherwise a vendor that many contacts pass by would stay reserved for callers who have left.
"""

from collections.abc import Sequence
from typing import Any

from openenrich.store.batcher import Batcher
from openenrich.store.postgres import Pool

_RESERVE = """
WITH locked AS (
    SELECT next_at, clock_timestamp() AS now FROM pace WHERE name = $1 FOR UPDATE
), first AS (
    SELECT greatest(next_at, now - ($2::float8 * ($3::int - 1)) * interval '1 second') AS start, now FROM locked
), waiting AS (
    SELECT start, extract(epoch FROM start - now)::float8 AS wait FROM first
), granted AS (
    SELECT start, wait,
           CASE WHEN $5::float8 IS NULL THEN $4::int
                ELSE least($4, greatest(0, floor(least(($5 - wait) / $2, $4))::int + 1)) END AS slots
    FROM waiting
)
UPDATE pace SET next_at = granted.start + ($2 * granted.slots) * interval '1 second'
FROM granted WHERE pace.name = $1
RETURNING granted.wait, granted.slots
"""
_OPEN = "INSERT INTO pace (name, next_at) VALUES ($1, '-infinity') ON CONFLICT DO NOTHING"

Slot = tuple[float, int, float | None]
"""Calls per second, burst, and the longest wait."""


class PostgresPace:
    """Implements `Pace`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._lanes: dict[str, Batcher[Slot, float | None]] = {}

    async def reserve(
        self, name: str, per_second: float, burst: int, longest_wait_s: float | None = None
    ) -> float | None:
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = self._lane(name)
        return await lane.submit((per_second, burst, longest_wait_s))

    def _lane(self, name: str) -> Batcher[Slot, float | None]:
        async def write(items: Sequence[Slot]) -> list[float | Exception | None]:
            per_second, burst, longest_wait_s = items[0]
            interval = 1.0 / per_second
            first, slots = await self._take(name, interval, burst, len(items), longest_wait_s)
            waits = [max(0.0, first + interval * number) for number in range(slots)]
            return [*waits, *[None] * (len(items) - slots)]

        # Few at a time, so that workers who come together take turns.
        return Batcher(write, most=20)

    async def _take(self, *limit: Any) -> tuple[float, int]:
        """The wait for the first slot, and how many slots there are."""
        row = await self._pool.fetchrow(_RESERVE, *limit)
        if row is None:
            await self._pool.execute(_OPEN, limit[0])
            row = await self._pool.fetchrow(_RESERVE, *limit)
        return float(row["wait"]), int(row["slots"])
