"""Contacts through the whole waterfall: one worker, vendors that answer at once, every call journalled and paid.

The reference is a bare loop that makes the same HTTP calls with the same client against the same sandbox, and keeps
nothing. The calls are recorded beforehand, on contacts of their own.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from unittest.mock import patch

import aiohttp
from children import product, reference
from database import opened
from machine import busy_s, measured_core, other_cores
from people import PER_BATCH
from table import Line, Measured

from openenrich.core.contact import Field
from openenrich.core.identity import Defect, normalise
from openenrich.engine.ports import NewBatch, NewContact
from openenrich.sandbox.people import Person
from openenrich.sandbox.world import World
from openenrich.settings import load
from openenrich.store.workspaces import utc_now
from openenrich.wiring import Store, open_worker

_PEOPLE = 8000
_RECORDED = 300
_ALL = frozenset({Field.WORK_EMAIL, Field.PERSONAL_EMAIL, Field.PHONE})
_SANDBOX = ("sandbox", "--port", "0", "--people", str(_PEOPLE), "--speed", "0", "--no-faults")
_VENDORS = ("hunter", "enrow", "icypeas", "leadmagic", "peopledatalabs", "prospeo")
"""Always the same ones, whatever else the catalogue holds by now."""
_LOOK_EVERY_S = 0.02


async def waterfall(environment: Mapping[str, str], seconds: float) -> list[Line]:
    """All fields wanted of people with a name, an employer and a profile; 100 at once, the default of a workspace."""
    people = World(people=_PEOPLE).people
    with product(_SANDBOX, environment, other_cores()) as sandbox, TemporaryDirectory() as folder:
        settings = {**environment, **_settings(sandbox.facts)}
        async with opened(settings) as store:
            calls = await _recorded(store, settings, people[:_RECORDED])
            each = len(calls) / _RECORDED
            ours = await _worked(store, settings, people[_RECORDED:], seconds)
        file = Path(folder) / "calls.json"
        file.write_text(json.dumps(calls), encoding="utf-8")
        bare = _replayed(settings, file, seconds, each)
    what = f"{each:.1f} vendor calls a contact"
    return [
        Line(f"waterfall, bare loop of {what}", bare, unit="contacts/s"),
        Line(f"waterfall, one worker, {what}", ours, bare, unit="contacts/s"),
    ]


def _settings(facts: Mapping[str, Any]) -> dict[str, str]:
    """The sandbox's own, less the vendors that take no part."""
    parts = ("VERIFY", "WATERFALL", *(f"VENDORS_{name.upper()}" for name in _VENDORS))
    kept = tuple(f"OPENENRICH_{part}_" for part in parts)
    return {name: str(value) for name, value in facts.items() if name.startswith(kept)}


async def _recorded(store: Store, settings: Mapping[str, str], people: Sequence[Person]) -> list[dict[str, Any]]:
    """Every HTTP call that the product makes for these people."""
    calls: list[dict[str, Any]] = []
    send = aiohttp.ClientSession._request  # noqa: SLF001 - the one place that all its calls pass through

    async def relay(session: aiohttp.ClientSession, method: str, url: Any, **more: Any) -> aiohttp.ClientResponse:
        body = more.get("data")
        call = {"method": method, "url": str(url), "params": more.get("params"), "headers": more.get("headers")}
        calls.append(call | ({"text": body.decode()} if isinstance(body, bytes) else {"form": body}))
        return await send(session, method, url, **more)

    await _accept(store, "recorded", people)
    with patch.object(aiohttp.ClientSession, "_request", relay):
        async with _working(store, settings):
            await _until_done(store, len(people))
    await store.pool.execute("DELETE FROM batch")
    return calls


@asynccontextmanager
async def _working(store: Store, settings: Mapping[str, str]) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    async with open_worker(load(settings), store, stopping) as worker:
        running = asyncio.create_task(worker.run())
        yield
        stopping.set()
        await running


async def _worked(store: Store, settings: Mapping[str, str], people: Sequence[Person], seconds: float) -> Measured:
    """A worker as an operator starts it, from the moment at which it has found its pace."""
    await _accept(store, "measured", people)
    with product(("work",), settings, measured_core()) as worker:
        first = await _until_done(store, 2 * PER_BATCH)
        start, busy = perf_counter(), busy_s(worker.pid)
        await asyncio.sleep(seconds)
        done = await _done(store) - first
        return Measured(done / (perf_counter() - start), 1000 * (busy_s(worker.pid) - busy) / done)


def _replayed(settings: Mapping[str, str], file: Path, seconds: float, each: float) -> Measured:
    with reference("replay.py", (str(file), str(seconds)), settings, measured_core()) as child:
        contacts = child.facts["calls"] / each
        return Measured(contacts / child.facts["seconds"], 1000 * child.facts["busy_s"] / contacts)


async def _accept(store: Store, workspace: str, people: Sequence[Person]) -> None:
    key = await store.workspaces.create_key(
        "bench", workspace, credits_to_grant=10**15, rate_limit=None, in_progress=None, now=utc_now()
    )
    caller = await store.workspaces.identify(key, utc_now())
    if caller is None:
        raise SystemExit("the benchmark's key is not known")
    for start in range(0, len(people), PER_BATCH):
        contacts = tuple(_contact(person) for person in people[start : start + PER_BATCH])
        await store.batches.accept(NewBatch(caller.workspace_id, caller.key_id, "bench", contacts), utc_now())


def _contact(person: Person) -> NewContact:
    contact = normalise(
        first_name=person.first_name,
        last_name=person.last_name,
        domain=person.company.domain,
        company_name=person.company.legal_name,
        linkedin_url=person.linkedin_url,
    )
    if isinstance(contact, Defect):
        raise SystemExit(f"the sandbox's person {person.id} is no contact: {contact}")
    return NewContact(contact, _ALL, b"{}", b"{}")


async def _until_done(store: Store, number: int) -> int:
    """Wait for so many finished contacts; how many there are then."""
    while (done := await _done(store)) < number:  # noqa: ASYNC110 - it happens in another process
        await asyncio.sleep(_LOOK_EVERY_S)
    return done


async def _done(store: Store) -> int:
    number: int = await store.pool.fetchval("SELECT count(*) FROM contact WHERE state = 'done'")
    return number
