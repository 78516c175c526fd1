"""Polling that is shared: jobs waiting for the same vendor and key are read together.

Vendors that allow few reads a minute answer many jobs in one (Vendor.poll_batch). Callers that ask while a read
is waiting for its turn join it.
"""

import asyncio
from collections.abc import Sequence

import msgspec
import structlog

from openenrich.core.vendor import Adapter, Reason, Refused, Reply
from openenrich.engine.ports import MaybeSentError, NeverSentError, Transport, VendorKey
from openenrich.engine.throttle import Throttle

log = structlog.get_logger()

_SHAPE_ERRORS = (KeyError, IndexError, TypeError, ValueError, AttributeError, msgspec.MsgspecError)


class Poller:
    """One per worker."""

    def __init__(self, transport: Transport, throttle: Throttle) -> None:
        self._transport = transport
        self._throttle = throttle
        self._rounds: dict[tuple[str, str], _Round] = {}

    async def poll(self, adapter: Adapter, key: VendorKey, token: str) -> Reply | None:
        """The job's reply, or ``None`` while it is pending."""
        place = (adapter.vendor.name, key.label)
        current = self._rounds.get(place)
        if current is None or len(current.tokens) >= adapter.vendor.poll_batch:
            current = _Round()
            self._rounds[place] = current
            current.task = asyncio.create_task(self._read(adapter, key, current))
        current.tokens.append(token)
        # Shielded: a caller that stops waiting must not stop the others' read.
        return (await asyncio.shield(current.task)).get(token)

    async def _read(self, adapter: Adapter, key: VendorKey, current: "_Round") -> dict[str, Reply]:
        await asyncio.sleep(0)
        await self._throttle.poll_turn(adapter.vendor, key)
        place = (adapter.vendor.name, key.label)
        if self._rounds.get(place) is current:
            del self._rounds[place]
        return await self._ask(adapter, key, tuple(dict.fromkeys(current.tokens)))

    async def _ask(self, adapter: Adapter, key: VendorKey, tokens: Sequence[str]) -> dict[str, Reply]:
        if adapter.poll is None or adapter.read_poll is None:
            raise TypeError(f"{adapter.vendor.name} answered with a job but declares no poll()")
        try:
            response = await self._transport.send(adapter, key, adapter.poll(tokens), adapter.vendor.timeout_s)
            return adapter.read_poll(tokens, response)
        except (NeverSentError, MaybeSentError):
            return dict.fromkeys(tokens, Refused(Reason.UNAVAILABLE))
        except _SHAPE_ERRORS as error:
            log.warning("vendor.poll_unreadable", vendor=adapter.vendor.name, error=type(error).__name__)
            return dict.fromkeys(tokens, Refused(Reason.UNREADABLE))


class _Round:
    """The jobs that the next read will ask for."""

    def __init__(self) -> None:
        self.tokens: list[str] = []
        self.task: asyncio.Task[dict[str, Reply]]
