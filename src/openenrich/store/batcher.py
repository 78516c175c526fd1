"""Group commit: many callers, one transaction.

Writing every step of every contact in a transaction of its own costs one fsync each. A batcher collects what
arrives while the previous transaction is under way and writes it together; a caller returns when its own item
is committed. One batcher has one kind of statement and runs one transaction at a time, so that two batches of the
same process never wait for each other's locks.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import asyncpg

Item = TypeVar("Item")
Result = TypeVar("Result")

_TRANSIENT = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
_FAULTS_OF_AN_ITEM = (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError)


class Batcher(Generic[Item, Result]):
    """``write`` gets up to ``most`` items and returns one result (or an exception to raise) for each."""

    def __init__(
        self, write: Callable[[Sequence[Item]], Awaitable[Sequence[Result | Exception]]], *, most: int = 200
    ) -> None:
        self._write = write
        self._most = most
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._running: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Result:
        """Write the item with whatever else is waiting; returns after the commit."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._running is None:
            self._running = asyncio.create_task(self._drain())
        return await future

    async def _drain(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._write_group(group)
        finally:
            self._running = None

    async def _write_group(self, group: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._results([item for item, _ in group])
        except Exception as error:  # noqa: BLE001 - every waiting caller must learn of it; it is raised in each
            results = [error] * len(group)
        except BaseException:
            for _, future in group:
                future.cancel()
            raise
        for (_, future), result in zip(group, results, strict=True):
            if future.done():
                continue
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)

    async def _results(self, items: Sequence[Item]) -> Sequence[Result | Exception]:
        """One item that the database refuses does not take the others' writes with it."""
        try:
            return await self._with_retries(items)
        except _FAULTS_OF_AN_ITEM:
            if len(items) == 1:
                raise
        return [await self._alone(item) for item in items]

    async def _alone(self, item: Item) -> Result | Exception:
        try:
            return (await self._with_retries([item]))[0]
        except Exception as error:  # noqa: BLE001 - raised in the caller that brought the item
            return error

    async def _with_retries(self, items: Sequence[Item]) -> Sequence[Result | Exception]:
        for _ in range(4):
            try:
                return await self._written(items)
            except _TRANSIENT:
                await asyncio.sleep(0.01)
        return await self._written(items)

    async def _written(self, items: Sequence[Item]) -> Sequence[Result | Exception]:
        results = await self._write(items)
        if len(results) != len(items):
            raise RuntimeError(f"{len(results)} results for {len(items)} items")
        return results
