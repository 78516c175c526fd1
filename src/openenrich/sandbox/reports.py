"""What the simulated vendors send to the callback addresses they were given, when a job is done.

As vendors do: unsigned unless the vendor's own file adds a header, tried three times, and given up without a word.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

import aiohttp
import msgspec

from openenrich.sandbox.latency import Pace

_TRIES: Final = 3
_BETWEEN_TRIES_S: Final = 10.0
_PATIENCE: Final = aiohttp.ClientTimeout(total=10.0)


class Reports:
    """The reports of one running sandbox that are still on their way."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._under_way: set[asyncio.Task[None]] = set()

    def send(self, url: str, body: object, at: float, headers: Mapping[str, str]) -> None:
        """POST ``body`` as JSON once the sandbox's clock has reached ``at``."""
        task = asyncio.create_task(self._deliver(url, msgspec.json.encode(body), at, headers))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _deliver(self, url: str, body: bytes, at: float, headers: Mapping[str, str]) -> None:
        await self._pace.sleep(max(0.0, at - self._pace.now()))
        async with aiohttp.ClientSession(timeout=_PATIENCE) as session:
            for _ in range(_TRIES):
                if await _taken(session, url, body, headers):
                    return
                await self._pace.sleep(_BETWEEN_TRIES_S)

    def forget(self) -> None:
        """Nothing that is under way arrives any more."""
        for task in self._under_way:
            task.cancel()


async def _taken(session: aiohttp.ClientSession, url: str, body: bytes, headers: Mapping[str, str]) -> bool:
    try:
        async with session.post(url, data=body, headers={"Content-Type": "application/json", **headers}) as answer:
            return answer.ok
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return False
