"""SIGTERM in the middle of the work: the process ends soon and well, others go on at once, nothing is bought twice."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from e2e.processes import UNAIDED, Child, World, create_key, database, sandbox, server, until, worker
from e2e.stranger import Answer, Stranger, asked, billed, person, world_says

pytestmark = pytest.mark.asyncio(loop_scope="module")

STOPS_WITHIN_S = 10.0
SPEED = 30.0
# Enough of every kind: at once, polled, with a token, expensive.
VENDORS = ("leadmagic", "enrow", "icypeas", "peopledatalabs", "prospeo", "hunter", "snov", "dropcontact")
# So long that no test could wait for it: whoever goes on with a contact was given it.
NEVER_TAKEN_OVER_S = "600"


@asynccontextmanager
async def a_place(server_url: str, home: Path, speed: float = SPEED) -> AsyncIterator[tuple[World, dict[str, str]]]:
    """A slow world, so that there is a middle of the work, and the variables that lead to it."""
    async with sandbox(speed=speed) as world, database(server_url) as url:
        settings = {
            "OPENENRICH_DATABASE_URL": url,
            "OPENENRICH_HOME": str(home),
            "OPENENRICH_WORKER_TAKEOVER_S": NEVER_TAKEN_OVER_S,
        }
        yield world, {**world.only(*VENDORS), **UNAIDED, **settings}


async def start(client: Stranger, session: aiohttp.ClientSession, world: World) -> str:
    """A hundred people."""
    people = (await world_says(session, world.url, "people?offset=100&limit=100"))["people"]
    return await client.start([asked(one) for one in people])


async def finished(client: Stranger, enrichment_id: str) -> int:
    progress = (await client.own(enrichment_id, "progress")).body
    return int(progress["finished"])


async def stopped_in_the_middle(process: Child, client: Stranger, enrichment_id: str) -> None:
    """SIGTERM once some contacts are done and most are running; it has to end well and soon."""

    async def some() -> bool:
        return await finished(client, enrichment_id) >= 3

    await until(some, 30, "some contacts are done")
    assert await process.stop(STOPS_WITHIN_S) == 0, process.said()
    assert "Traceback" not in process.said()
    assert await finished(client, enrichment_id) < 90, "nothing was left to hand back: slow the world down"


async def in_order(answer: Answer, client: Stranger, session: aiohttp.ClientSession, world: World) -> None:
    """Everything is there, charged once, bought once."""
    purchases = await world_says(session, world.url, "purchases")
    assert (answer.status, answer.body["status"], len(answer.rows)) == (200, "FINISHED", 100)
    assert answer.credits == sum(map(billed, answer.rows)) > 300
    assert await client.balance() == 100_000 - answer.credits
    assert purchases["total"] > 100
    assert purchases["repeated"] == []


async def test_a_server_that_stops_hands_its_contacts_to_a_worker_that_waits(
    server_url: str, tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with a_place(server_url, tmp_path) as (world, place), server(place, workers_inside=0) as api:
        client = Stranger(session, api.url, await create_key(place, credits=100_000))
        async with server(place) as stopping:
            enrichment_id = await start(client, session, world)
            async with worker(place):
                await stopped_in_the_middle(stopping, client, enrichment_id)
                answer = await client.result(enrichment_id, 40)
        await in_order(answer, client, session, world)


async def test_a_worker_that_stops_leaves_its_contacts_to_one_that_comes_later(
    server_url: str, tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with a_place(server_url, tmp_path) as (world, place), server(place, workers_inside=0) as api:
        client = Stranger(session, api.url, await create_key(place, credits=100_000))
        async with worker(place) as stopping:
            enrichment_id = await start(client, session, world)
            await stopped_in_the_middle(stopping, client, enrichment_id)
        async with worker(place):
            answer = await client.result(enrichment_id, 40)
        await in_order(answer, client, session, world)


async def test_vendors_that_hang_hold_nobody_up_and_are_not_paid_again(
    server_url: str, tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with a_place(server_url, tmp_path, speed=8) as (world, place), server(place, workers_inside=0) as api:
        client = Stranger(session, api.url, await create_key(place, credits=100_000))
        await fault(session, world, vendor="leadmagic", kind="hang", count=20)
        async with worker(place) as stopping:
            people = (await world_says(session, world.url, "people?offset=100&limit=4"))["people"]
            enrichment_id = await client.start([asked(one) for one in people])
            await until(lambda: hanging(session, world, 3), 30, "some vendors hang")
            assert await stopping.stop(STOPS_WITHIN_S) == 0, stopping.said()
        await fault(session, world, vendor="leadmagic", kind="hang", probability=0)
        async with worker(place):
            answer = await client.result(enrichment_id, 60)
        assert answer.body["status"] == "FINISHED"
        purchases = await world_says(session, world.url, "purchases")
        assert purchases["repeated"] == []
        assert purchases["asked_again"] == []


async def test_a_server_without_work_stops_at_once_though_clients_stay_connected(
    server_url: str, tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with a_place(server_url, tmp_path) as (_, place), server(place) as stopping:
        client = Stranger(session, stopping.url, await create_key(place))
        assert (await client.enrich([person("Mira")])).body["status"] == "FINISHED"
        begun = time.monotonic()
        assert await stopping.stop(STOPS_WITHIN_S) == 0
        assert time.monotonic() - begun < 3
        assert stopping.said() == ""


async def fault(session: aiohttp.ClientSession, world: World, **rule: object) -> None:
    """Let something go wrong at a vendor."""
    async with session.post(f"{world.url}/_sandbox/faults", json=rule) as response:
        assert response.status == 200, await response.text()


async def hanging(session: aiohttp.ClientSession, world: World, number: int) -> bool:
    calls = await world_says(session, world.url, "calls")
    return bool(calls["leadmagic"]["paid"] >= number)
