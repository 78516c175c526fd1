"""Vendor limits over all workers: the generic cell rate algorithm, one row a limit, several slots an update.

Time is the database's, so that workers whose clocks differ keep one pace.
"""

from openenrich.store.batcher import Batcher
from openenrich.store.postgres import Pool

_RESERVE = """
INSERT INTO pace (name, next_at)
VALUES ($1, clock_timestamp() + ($2::float8 * ($4::int - ($3::int - 1))) * interval '1 second')
ON CONFLICT (name) DO UPDATE
SET next_at = greatest(pace.next_at, clock_timestamp() - ($2 * ($3 - 1)) * interval '1 second')
              + ($2 * $4) * interval '1 second'
RETURNING extract(epoch FROM next_at - ($2 * $4) * interval '1 second' - clock_timestamp())::float8
"""


class PostgresPace:
    """Implements `Pace`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._lanes: dict[str, Batcher[tuple[float, int], float]] = {}

    async def reserve(self, name: str, per_second: float, burst: int) -> float:
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = self._lane(name)
        return await lane.submit((per_second, burst))

    def _lane(self, name: str) -> Batcher[tuple[float, int], float]:
        async def write(items: object) -> list[float | Exception]:
            rates: list[tuple[float, int]] = list(items)  # type: ignore[call-overload]
            per_second, burst = rates[0]
            interval = 1.0 / per_second
            first = float(await self._pool.fetchval(_RESERVE, name, interval, burst, len(rates)))
            return [max(0.0, first + interval * number) for number in range(len(rates))]

        return Batcher(write, most=20)
