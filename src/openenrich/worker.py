"""A worker: runs the jobs of the durable queue until it is told to stop, and keeps house.

A job is only a reminder (see ``store/queue.py``). A job that fails for a reason of ours is put back with a growing
pause; one whose worker died is taken over after ``worker.takeover_s``.
"""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import msgspec
import structlog
from pgqueuer.db import AsyncpgPoolDriver
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job
from pgqueuer.qm import QueueManager
from pgqueuer.queries import Queries

from openenrich.clock import SystemClock
from openenrich.diagnosis import frames
from openenrich.engine.deliver_webhook import Courier, Outbox, deliver
from openenrich.engine.enrich_contact import Workshop, enrich
from openenrich.engine.ports import StoppingError
from openenrich.settings import Settings
from openenrich.store.batches import Batches
from openenrich.store.journal import PostgresJournal
from openenrich.store.mailboxes import StoredMailboxes
from openenrich.store.postgres import Pool
from openenrich.store.queue import DELIVER, ENRICH, VERIFY
from openenrich.store.vendor_order import stored_order
from openenrich.verify.own import OwnMailVerifier

log = structlog.get_logger()

_BATCH = 100
_HOUSEKEEPING_S = 30.0
_LONGEST_PAUSE_S = 60.0
_ORPHAN_AGE = timedelta(minutes=5)
"""Longer than any vendor's deadline: a call that old has nobody left who waits for it."""


@dataclass(slots=True)
class Worker:
    """Built by ``wiring.py``. `run` returns when ``stopping`` is set and everything is handed back."""

    pool: Pool
    workshop: Workshop
    outbox: Outbox
    mailboxes: StoredMailboxes
    own_verifier: OwnMailVerifier | None
    courier: Courier
    journal: PostgresJournal
    batches: Batches
    settings: Settings
    stopping: asyncio.Event
    _clock: SystemClock = field(default_factory=SystemClock)

    async def run(self) -> None:
        """Work until told to stop."""
        await self._learn_order()
        manager = QueueManager(Queries(AsyncpgPoolDriver(self.pool)))
        manager.entrypoint(ENRICH, accepts_context=False)(self._enrich)
        manager.entrypoint(DELIVER, accepts_context=False)(self._deliver)
        manager.entrypoint(VERIFY, accepts_context=False)(self._verify)
        watcher = asyncio.create_task(self._watch(manager))
        keeper = asyncio.create_task(self._keep_house())
        try:
            await manager.run(
                batch_size=_BATCH,
                # Also how often a dead worker's jobs are looked for: nobody notifies of those.
                dequeue_timeout=timedelta(seconds=min(self.settings.worker.takeover_s / 2, 5)),
                max_concurrent_tasks=max(self.settings.worker.contacts_in_flight, 2 * _BATCH),
                heartbeat_timeout=timedelta(seconds=self.settings.worker.takeover_s),
            )
        finally:
            watcher.cancel()
            keeper.cancel()
            await asyncio.gather(watcher, keeper, return_exceptions=True)
        await self._await_late_answers()

    async def _watch(self, manager: QueueManager) -> None:
        await self.stopping.wait()
        manager.shutdown.set()

    async def _enrich(self, job: Job) -> None:
        await self._guarded(job, lambda: enrich(self.workshop, int(job.payload or b"0")))

    async def _deliver(self, job: Job) -> None:
        await self._guarded(job, lambda: self._attempt(UUID((job.payload or b"").decode())))

    async def _verify(self, job: Job) -> None:
        """An answer of a mail host that was still open. Without a verifier of our own it stays open until forgotten."""
        if self.own_verifier is not None:
            verifier = self.own_verifier
            await self._guarded(job, lambda: self._ask_again(verifier, int(job.payload or b"0")))

    async def _ask_again(self, verifier: OwnMailVerifier, number: int) -> None:
        pause = await verifier.retry(number)
        if pause is not None:
            raise RetryRequested(delay=timedelta(seconds=max(pause, 0)), reason="still open")

    async def _attempt(self, delivery_id: UUID) -> None:
        pause = await deliver(self.outbox, self.courier, self._clock, self.settings.webhooks.retry_after_s, delivery_id)
        if pause is not None:
            raise RetryRequested(delay=timedelta(seconds=max(pause, 0)), reason="next attempt")

    async def _guarded(self, job: Job, work: Callable[[], Awaitable[None]]) -> None:
        if self.stopping.is_set():
            raise RetryRequested(delay=timedelta(0), reason="worker stopping")
        try:
            await work()
        except RetryRequested:
            raise
        except StoppingError:
            raise RetryRequested(delay=timedelta(0), reason="worker stopping") from None
        except Exception as error:
            pause = min(2.0 ** min(job.attempts, 6), _LONGEST_PAUSE_S)
            payload = (job.payload or b"").decode()
            log.error("job.failed", kind=job.entrypoint, id=payload, pause_s=pause, **_trouble(error))  # noqa: TRY400 - see diagnosis.py
            raise RetryRequested(delay=timedelta(seconds=pause), reason=type(error).__name__) from error

    async def _keep_house(self) -> None:
        while True:
            try:
                stranded = await self.journal.requeue_stranded()
                if stranded:
                    log.warning("queue.stranded_requeued", count=stranded)
                await self.journal.give_up_orphans(self._clock.now() - _ORPHAN_AGE)
                await self._learn_order()
                await self.batches.purge(self._clock.now())
                await self.mailboxes.purge(self._clock.now())
                await self.mailboxes.requeue_stranded(self._clock.now())
                await self.pool.execute("DELETE FROM pgqueuer_log WHERE created < now() - interval '1 hour'")
            except Exception as error:  # noqa: BLE001 - the next round tries again; a dead keeper would be noticed late
                log.error("housekeeping.failed", **_trouble(error))  # noqa: TRY400 - see diagnosis.py
            await asyncio.sleep(_HOUSEKEEPING_S)

    async def _learn_order(self) -> None:
        """The order of vendors may be changed while workers run."""
        terms, stored = self.workshop.terms, await stored_order(self.pool)
        policy = msgspec.structs.replace(terms.policy, order={**self.settings.policy().order, **stored})
        self.workshop.terms = dataclasses.replace(terms, policy=policy)

    async def _await_late_answers(self) -> None:
        late = set(self.workshop.late)
        if late:
            await asyncio.wait(late, timeout=self.settings.worker.stop_grace_s)
        for task in late:
            task.cancel()


def _trouble(error: Exception) -> dict[str, object]:
    return {"error": type(error).__name__, "frames": frames(error)}
