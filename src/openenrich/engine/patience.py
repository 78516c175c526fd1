"""How long a worker waits, and what makes it leave a wait: the deadline of a vendor, and the worker's own end."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from openenrich.core.vendor import Vendor
from openenrich.engine.ports import Clock, StoppingError

_SHORTEST_S = 5.0


@dataclass(frozen=True, slots=True)
class Patience:
    """One per worker. ``time_speed``: how fast the vendors' time runs, 1 outside of the sandbox."""

    clock: Clock
    stopping: asyncio.Event
    time_speed: float = 1.0

    def now(self) -> datetime:
        return self.clock.now()

    def until(self, vendor: Vendor) -> datetime:
        """When an answer is given up: after the vendor's deadline, in its own time but not less than a few seconds."""
        return self.now() + timedelta(seconds=self.seconds_for(vendor))

    def seconds_for(self, vendor: Vendor) -> float:
        return max(vendor.deadline_s / self.time_speed, min(vendor.deadline_s, _SHORTEST_S))

    async def wait(self, seconds: float, news: asyncio.Event | None = None) -> None:
        """Sleep; wake early for ``news``; leave with `StoppingError` when the worker stops."""
        if self.stopping.is_set():
            raise StoppingError
        events = [self.stopping] if news is None else [self.stopping, news]
        waits = [asyncio.ensure_future(event.wait()) for event in events]
        sleeper = asyncio.ensure_future(self.clock.sleep(seconds))
        try:
            await asyncio.wait({sleeper, *waits}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sleeper, *waits):
                task.cancel()
        if self.stopping.is_set():
            raise StoppingError
