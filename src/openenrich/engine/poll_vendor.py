"""Polling that is shared: jobs waiting for the same vendor and key are read together.

Vendors that allow few reads a minute answer many jobs in one (Vendor.poll_batch). Callers that ask while a read
is waiting for its turn join it. A job that shared reads keep leaving out is read alone, at the same pace. The rows of
one job (``job#row``) are always read together.
"""

import asyncio
from collections.abc import Mapping, Sequence

import structlog

from openenrich.core.vendor import SHAPE_ERRORS, Adapter, Reason, Refused, Reply, job_of
from openenrich.engine.ports import MaybeSentError, NeverSentError, Transport, VendorKey
from openenrich.engine.throttle import Throttle

log = structlog.get_logger()

_UNMENTIONED = 2
_COUNTED_MOST = 10_000


_Place = tuple[str, VendorKey]
_Shelf = tuple[str, VendorKey, str]
"""What one read can cover: any jobs of a key, or the rows of one job."""


class Poller:
    """One per worker."""

    def __init__(self, transport: Transport, throttle: Throttle) -> None:
        self._transport = transport
        self._throttle = throttle
        self._rounds: dict[_Shelf, _Round] = {}
        self._unmentioned: dict[tuple[str, VendorKey, str], int] = {}

    async def poll(self, adapter: Adapter, key: VendorKey, token: str) -> Reply | None:
        """The job's reply, or ``None`` while it is pending."""
        place = (adapter.vendor.name, key)
        alone = self._unmentioned.get((*place, token), 0) >= _UNMENTIONED
        current = self._begin(adapter, key, "") if alone else self._join(adapter, key, token)
        current.tokens.append(token)
        # Shielded: a caller that stops waiting must not stop the others' read.
        return (await asyncio.shield(current.task)).get(token)

    def _join(self, adapter: Adapter, key: VendorKey, token: str) -> "_Round":
        """The round that waits for its turn, or a new one when there is none or it is full."""
        job = job_of(token) if "#" in token else ""
        shelf = (adapter.vendor.name, key, job)
        current = self._rounds.get(shelf)
        if current is None or (not job and len(current.tokens) >= adapter.vendor.poll_batch):
            current = self._rounds[shelf] = self._begin(adapter, key, job)
        return current

    def _begin(self, adapter: Adapter, key: VendorKey, job: str) -> "_Round":
        current = _Round(job)
        current.task = asyncio.create_task(self._read(adapter, key, current))
        current.task.add_done_callback(_heed)
        return current

    async def _read(self, adapter: Adapter, key: VendorKey, current: "_Round") -> dict[str, Reply]:
        shelf = (adapter.vendor.name, key, current.job)
        try:
            await asyncio.sleep(0)
            await self._throttle.poll_turn(adapter.vendor, key)
        finally:
            if self._rounds.get(shelf) is current:
                del self._rounds[shelf]
        tokens = tuple(dict.fromkeys(current.tokens))
        replies = await self._ask(adapter, key, tokens)
        if not current.job:
            self._note_unmentioned((adapter.vendor.name, key), tokens, replies)
        return replies

    async def _ask(self, adapter: Adapter, key: VendorKey, tokens: Sequence[str]) -> dict[str, Reply]:
        if adapter.poll is None or adapter.read_poll is None:
            raise TypeError(f"{adapter.vendor.name} answered with a job but declares no poll()")
        try:
            response = await self._transport.send(adapter, key, adapter.poll(tokens), adapter.vendor.timeout_s)
            return adapter.read_poll(tokens, response)
        except (NeverSentError, MaybeSentError):
            return dict.fromkeys(tokens, Refused(Reason.UNAVAILABLE))
        except SHAPE_ERRORS as error:
            log.warning("vendor.poll_unreadable", vendor=adapter.vendor.name, error=type(error).__name__)
            return dict.fromkeys(tokens, Refused(Reason.UNREADABLE))

    def _note_unmentioned(self, place: _Place, tokens: Sequence[str], replies: Mapping[str, Reply]) -> None:
        """A shared read may show a page of the newest jobs only: count how often it left a job out."""
        if len(self._unmentioned) > _COUNTED_MOST:
            self._unmentioned.clear()  # jobs that nobody waits for any more
        for token in tokens:
            job = (*place, token)
            if token not in replies and len(tokens) > 1:
                self._unmentioned[job] = self._unmentioned.get(job, 0) + 1
            elif not isinstance(replies.get(token), Refused):
                self._unmentioned.pop(job, None)


class _Round:
    """The jobs that the next read will ask for; ``job`` when they are the rows of one."""

    def __init__(self, job: str) -> None:
        self.job = job
        self.tokens: list[str] = []
        self.task: asyncio.Task[dict[str, Reply]]


def _heed(task: asyncio.Task[dict[str, Reply]]) -> None:
    """Callers raise what went wrong; when all of them have left, nobody needs to."""
    if not task.cancelled():
        task.exception()
