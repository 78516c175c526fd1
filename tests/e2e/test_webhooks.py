"""Webhooks as a receiver sees them: what arrives, in which order, how often, and that the bytes verify."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import asyncpg
import pytest
import pytest_asyncio
from aiohttp import web

from e2e.processes import Api, World, create_key, database, server, until
from e2e.stranger import Event, Receiver, Stranger, asked, nothing_found, person, receiver, world_says

pytestmark = pytest.mark.asyncio(loop_scope="module")

# A worker looks for jobs that were put back for later at half its take-over time: that is how soon it can retry.
SETTINGS = {
    "OPENENRICH_WEBHOOKS_ALLOW_PRIVATE": "1",
    "OPENENRICH_WEBHOOKS_RETRY_AFTER_S": "0.2,0.2,0.2,0.2,0.2",
    "OPENENRICH_WORKER_TAKEOVER_S": "0.6",
}
ATTEMPTS = 6
PRIVATE = ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433")


@pytest_asyncio.fixture(loop_scope="module")
async def taking() -> AsyncIterator[Receiver]:
    async with receiver() as listening:
        yield listening


def both(taking: Receiver) -> dict[str, object]:
    return {"webhook_url": f"{taking.url}/batch", "webhook_events": {"contact_finished": f"{taking.url}/contact"}}


async def batch_event(taking: Receiver) -> Event:
    events: list[Event] = await until(lambda: taking.at("/batch"), 30, "the batch event has come")
    return events[0]


async def test_each_contact_is_announced_once_and_then_the_batch(stranger: Stranger, taking: Receiver) -> None:
    names = ["Mira", "Jonas", "Notfound", "Catchall"]
    rows = [person(name, custom={"n": str(number)}) for number, name in enumerate(names)]
    enrichment_id = await stranger.start(rows, name="Announced", **both(taking))
    batch = await batch_event(taking)
    contacts = taking.at("/contact")
    result = await stranger.get(enrichment_id)
    assert taking.events[-1] is batch
    assert len(contacts) == len(rows)
    for event in contacts:
        assert list(event.body) == ["id", "name", "status", "cost", "data"]
        assert (event.body["id"], event.body["name"]) == (enrichment_id, "Announced")
        assert event.body["status"] == "IN_PROGRESS"
        assert len(event.body["data"]) == 1
    assert sorted((event.body["data"][0] for event in contacts), key=lambda row: row["custom"]["n"]) == result.rows
    assert batch.raw == result.raw


async def test_the_bytes_verify_with_the_api_key_and_with_no_other(stranger: Stranger, taking: Receiver) -> None:
    await stranger.start([person("Mira", custom={"word": "Łódź 東京"})], **both(taking))
    await batch_event(taking)
    assert len(taking.events) == 2
    for event in taking.events:
        assert event.verifies(stranger.key)
        assert not event.verifies(stranger.key.upper())
        assert event.headers["Content-Type"] == "application/json"
        assert "OpenEnrich" in event.headers["User-Agent"]


async def test_either_event_can_be_had_alone_and_an_empty_url_means_none(stranger: Stranger, taking: Receiver) -> None:
    kinds = {"webhook_url": "", "webhook_events": {"contact_finished": f"{taking.url}/contact"}}
    await stranger.enrich([person("Mira")], webhook_url="", webhook_events={"contact_finished": ""})
    await stranger.enrich([person("Mira")], **kinds)
    await until(lambda: taking.at("/contact"))
    await stranger.start([person("Mira")], webhook_url=f"{taking.url}/batch")
    await batch_event(taking)
    assert [event.path for event in taking.events] == ["/contact", "/batch"]


async def test_out_of_credits_the_batch_event_has_a_data_array(
    session: aiohttp.ClientSession, api: Api, world: World, place: dict[str, str], taking: Receiver
) -> None:
    poor = Stranger(session, api.url, await create_key(place, credits=0))
    people = (await world_says(session, world.url, "people?limit=2"))["people"]
    enrichment_id = await poor.start([asked(one) for one in people], **both(taking))
    event = await batch_event(taking)
    assert event.body["status"] == "CREDITS_INSUFFICIENT"
    assert [nothing_found(row) for row in event.body["data"]] == [True, True]
    assert event.raw == (await poor.get(enrichment_id)).raw
    assert event.verifies(poor.key)


async def test_canceled_the_batch_event_has_a_data_array(
    session: aiohttp.ClientSession, api: Api, place: dict[str, str], taking: Receiver
) -> None:
    one_at_a_time = {**place, "OPENENRICH_API_CONCURRENT_CONTACTS": "1"}
    client = Stranger(session, api.url, await create_key(one_at_a_time))
    enrichment_id = await client.start([person("Slow"), person("Mira")], **both(taking))
    await client.own(enrichment_id, "cancel", "POST")
    event = await batch_event(taking)
    assert event.body["status"] == "CANCELED"
    assert len(event.body["data"]) == 2
    assert event.raw == (await client.get(enrichment_id)).raw


async def test_a_list_of_bad_contacts_only_is_announced_too(stranger: Stranger, taking: Receiver) -> None:
    await stranger.start([{"first_name": "Mira"}], query="?silentFail=true", **both(taking))
    event = await batch_event(taking)
    assert event.body["status"] == "FINISHED"
    assert nothing_found(event.body["data"][0])


async def test_a_receiver_that_fails_gets_six_attempts_of_the_same_bytes_and_is_left_alone(
    stranger: Stranger, taking: Receiver, place: dict[str, str]
) -> None:
    taking.answers["/failing"] = 500
    enrichment_id = await stranger.start([person("Mira")], webhook_url=f"{taking.url}/failing")
    assert await deliveries(place, enrichment_id) == [("batch", "exhausted", ATTEMPTS)]
    await stranger.start([person("Mira")], webhook_url=f"{taking.url}/batch")
    await batch_event(taking)
    attempts = taking.at("/failing")
    assert len(attempts) == ATTEMPTS
    assert len({(event.raw, event.signature) for event in attempts}) == 1
    assert attempts[0].verifies(stranger.key)


@pytest.mark.parametrize("status", [200, 201, 204, 299])
async def test_any_2xx_is_success(stranger: Stranger, taking: Receiver, place: dict[str, str], status: int) -> None:
    taking.answers["/batch"] = status
    enrichment_id = await stranger.start([person("Mira")], webhook_url=f"{taking.url}/batch")
    assert await deliveries(place, enrichment_id) == [("batch", "delivered", 1)]


async def test_a_redirect_is_a_failure_and_is_not_followed(
    stranger: Stranger, taking: Receiver, place: dict[str, str]
) -> None:
    elsewhere = f"{taking.url}/elsewhere"
    taking.answers["/moved"] = web.Response(status=307, headers={"Location": elsewhere})
    enrichment_id = await stranger.start([person("Mira")], webhook_url=f"{taking.url}/moved")
    assert await deliveries(place, enrichment_id) == [("batch", "exhausted", ATTEMPTS)]
    assert taking.at("/elsewhere") == []


async def test_a_receiver_that_recovers_is_not_told_twice(
    stranger: Stranger, taking: Receiver, place: dict[str, str]
) -> None:
    taking.answers["/batch"] = 503
    enrichment_id = await stranger.start([person("Mira")], webhook_url=f"{taking.url}/batch")
    await until(lambda: len(taking.at("/batch")) == 2)
    del taking.answers["/batch"]
    assert await deliveries(place, enrichment_id) == [("batch", "delivered", len(taking.at("/batch")))]
    assert 3 <= len(taking.at("/batch")) < ATTEMPTS


async def test_the_batch_event_waits_until_every_contact_event_was_tried_once_and_for_no_retry(
    stranger: Stranger, taking: Receiver, place: dict[str, str]
) -> None:
    taking.answers["/contact"] = 500
    rows = [person(f"Given{number}", custom={"n": str(number)}) for number in range(8)]
    enrichment_id = await stranger.start(rows, **both(taking))
    await batch_event(taking)
    before = taking.events[: [event.path for event in taking.events].index("/batch")]
    assert {event.body["data"][0]["custom"]["n"] for event in before} == {str(number) for number in range(8)}
    states = await deliveries(place, enrichment_id)
    assert states == [("batch", "delivered", 1), *[("contact", "exhausted", ATTEMPTS)] * 8]
    assert len(taking.at("/contact")) == 8 * ATTEMPTS


@asynccontextmanager
async def fresh(server_url: str, place: dict[str, str], **settings: str) -> AsyncIterator[dict[str, str]]:
    """Variables with a database of their own, for tests that start and kill servers."""
    async with database(server_url) as url:
        yield {**place, "OPENENRICH_DATABASE_URL": url, **settings}


async def test_private_addresses_are_refused_by_default_and_no_connection_is_made(
    server_url: str, place: dict[str, str], session: aiohttp.ClientSession
) -> None:
    connected: list[object] = []

    def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.append(writer.get_extra_info("peername"))
        writer.close()

    listener = await asyncio.start_server(connect, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    async with fresh(server_url, place) as environment, listener:
        del environment["OPENENRICH_WEBHOOKS_ALLOW_PRIVATE"]
        async with server(environment) as running:
            client = Stranger(session, running.url, await create_key(environment))
            urls = [f"http://{host}:{port}/batch" for host in PRIVATE]
            ids = [await client.start([person("Mira")], webhook_url=url) for url in urls]
            for enrichment_id in ids:
                assert await deliveries(environment, enrichment_id) == [("batch", "exhausted", ATTEMPTS)]
    assert connected == []


async def test_a_retry_survives_the_death_of_the_server(
    server_url: str, place: dict[str, str], session: aiohttp.ClientSession, taking: Receiver
) -> None:
    taking.answers["/batch"] = 500
    patient = {"OPENENRICH_WEBHOOKS_RETRY_AFTER_S": "3,3,3,3,3", "OPENENRICH_WORKER_TAKEOVER_S": "2"}
    async with fresh(server_url, place, **patient) as environment:
        async with server(environment) as first:
            key = await create_key(environment)
            await Stranger(session, first.url, key).start([person("Mira")], webhook_url=f"{taking.url}/batch")
            await batch_event(taking)
            await first.kill()
        del taking.answers["/batch"]
        assert len(taking.at("/batch")) == 1
        async with server(environment):
            await until(lambda: len(taking.at("/batch")) == 2, 30, "the second attempt has come")
    first_try, second_try = taking.at("/batch")
    assert (second_try.raw, second_try.signature) == (first_try.raw, first_try.signature)
    assert second_try.verifies(key)


async def deliveries(place: dict[str, str], enrichment_id: str) -> list[tuple[str, str, int]]:
    """Kind, state and number of attempts of an enrichment's events, once none of them will be tried again."""
    connection = await asyncpg.connect(place["OPENENRICH_DATABASE_URL"])

    async def ended() -> list[tuple[str, str, int]] | None:
        rows = await connection.fetch(
            "SELECT kind, state, attempts FROM delivery WHERE batch_id = $1 ORDER BY kind", enrichment_id
        )
        over = rows and all(row["state"] in {"delivered", "exhausted"} for row in rows)
        return [(row["kind"], row["state"], row["attempts"]) for row in rows] if over else None

    try:
        states: list[tuple[str, str, int]] = await until(ended, 30, "every delivery has come to its end")
    finally:
        await connection.close()
    return states
