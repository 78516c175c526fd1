"""Takes a list through the HTTP API: a hundred rows a request, a few requests at a time.

Promises constant memory, whatever the list's length, and that nothing is sent twice: what is with the server
already is only followed. When credits run out it sends no more; the rest of the list is for another run.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from openenrich.commands.answers import FieldCount, Result, Story
from openenrich.commands.api_client import ApiClient, Pause, UnknownEnrichmentError
from openenrich.commands.lines import defect_of, parts, person
from openenrich.commands.runfile import RunFile
from openenrich.core.contact import Field
from openenrich.core.outcome import BatchStatus
from openenrich.lists.reader import Row

_AT_A_TIME: Final = 4
_SHORT_LIST: Final = 200


@dataclass(slots=True)
class Tally:
    """How far the whole list is: the latest counts of every part."""

    wanted: int
    _parts: dict[int, tuple[FieldCount, ...]] = field(default_factory=dict)

    def note(self, part: int, counts: Sequence[FieldCount]) -> None:
        self._parts[part] = tuple(counts)

    def of(self, name: Field) -> tuple[int, int]:
        """Of one field: people done, people found."""
        counts = [count for part in self._parts.values() for count in part if count.field is name]
        return sum(count.done for count in counts), sum(count.found for count in counts)


@dataclass(frozen=True, slots=True)
class Sending:
    """One run over one list. ``show`` is told whenever there is news."""

    client: ApiClient
    run: RunFile
    fields: tuple[Field, ...]
    name: str
    tally: Tally
    show: Callable[[Tally], None]
    pause: Pause = asyncio.sleep

    async def all(self, people: Iterable[Row]) -> None:
        """Bring every part to its end, or as many as there are credits for."""
        places, short = asyncio.Semaphore(_AT_A_TIME), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for number, rows in parts(people):
                # A place is free before the next rows are read: no more of the list is in memory than is on its way.
                await places.acquire()
                if short.is_set():
                    break
                task = group.create_task(self._part(number, rows, short))
                task.add_done_callback(lambda _: places.release())

    async def _part(self, number: int, rows: Sequence[Row], short: asyncio.Event) -> None:
        ended = self.run.ended(number)
        if ended is None:
            result, stories = await self._bring_to_end(number, rows)
            self.run.end(number, result, stories)
        else:
            result = ended.result
        if result.status is BatchStatus.CREDITS_INSUFFICIENT:
            short.set()
        self.tally.note(number, _counts(result, rows, self.fields))
        self.show(self.tally)

    async def _bring_to_end(self, number: int, rows: Sequence[Row]) -> tuple[Result, tuple[Story, ...]]:
        begun = self.run.begun(number)
        if begun is not None:
            try:
                return await self._follow(number, begun)
            except UnknownEnrichmentError:
                pass  # past its retention, or the database is another one: it is begun anew
        enrichment_id = await self.client.start(
            f"{self.name} ({number + 1})", [person(row, self.fields) for row in rows]
        )
        self.run.begin(number, enrichment_id)
        return await self._follow(number, enrichment_id)

    async def _follow(self, number: int, enrichment_id: str) -> tuple[Result, tuple[Story, ...]]:
        while True:
            progress = await self.client.progress(enrichment_id)
            self.tally.note(number, progress.fields)
            self.show(self.tally)
            if progress.status.final and (result := await self.client.result(enrichment_id)):
                return result, await self.client.stories(enrichment_id)
            await self.pause(0.3 if self.tally.wanted <= _SHORT_LIST else 1.0)


def _counts(result: Result, rows: Sequence[Row], fields: Iterable[Field]) -> tuple[FieldCount, ...]:
    """The last counts of a part, from its result."""
    good = sum(defect_of(row) is None for row in rows)
    found = [record.contact_info.found() for record in result.data]
    return tuple(FieldCount(name, good, good, sum(name in one for one in found)) for name in fields)
