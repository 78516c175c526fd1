"""The API's view of the store, put together from its parts."""

from datetime import datetime
from uuid import UUID

import asyncpg

from openenrich.engine.ports import BatchView, Caller, Explanation, NewBatch, Progress
from openenrich.store.batches import Batches
from openenrich.store.postgres import Pool, pending_migrations
from openenrich.store.reading import Reading
from openenrich.store.workspaces import Workspaces


class StoreFrontdoor:
    """Implements `Frontdoor`."""

    def __init__(self, pool: Pool, workspaces: Workspaces, batches: Batches, reading: Reading) -> None:
        self._pool = pool
        self._workspaces = workspaces
        self._batches = batches
        self._reading = reading

    async def identify(self, key: str, now: datetime) -> Caller | None:
        return await self._workspaces.identify(key, now)

    async def accept(self, batch: NewBatch, now: datetime) -> UUID:
        return await self._batches.accept(batch, now)

    async def view(self, workspace_id: UUID, batch_id: UUID, *, partial: bool, now: datetime) -> BatchView | None:
        return await self._reading.view(workspace_id, batch_id, partial=partial, now=now)

    async def balance(self, workspace_id: UUID) -> int | None:
        return await self._workspaces.balance(workspace_id)

    async def cancel(self, workspace_id: UUID, batch_id: UUID, now: datetime) -> bool:
        return await self._batches.cancel(workspace_id, batch_id, now)

    async def progress(self, workspace_id: UUID, batch_id: UUID) -> Progress | None:
        return await self._reading.progress(workspace_id, batch_id)

    async def explain(self, workspace_id: UUID, batch_id: UUID) -> tuple[Explanation, ...] | None:
        return await self._reading.explain(workspace_id, batch_id)

    async def ready(self) -> bool:
        try:
            return not await pending_migrations(self._pool)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
