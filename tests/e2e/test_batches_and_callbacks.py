"""Vendors that take several people in one request, and vendors that report instead of being asked, over real HTTP.

The sandbox is the witness: it counts what reached each vendor, and calls back to the address it was given.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from e2e.processes import UNAIDED, World, create_key, database, free_port, sandbox, server, worker
from e2e.stranger import Answer, Stranger, asked, world_says

PEOPLE = 100
SPEED = 40


@asynccontextmanager
async def place(server_url: str, world: World, home: str, *vendors: str, **more: str) -> AsyncIterator[dict[str, str]]:
    """A database of its own and these vendors only. Nobody is passed by for being busy."""
    async with database(server_url) as url:
        yield {
            "OPENENRICH_DATABASE_URL": url,
            "OPENENRICH_HOME": home,
            "OPENENRICH_WATERFALL_LONGEST_WAIT_S": "600",
            **world.only(*vendors),
            **UNAIDED,
            **more,
        }


async def enriched(
    session: aiohttp.ClientSession, url: str, environment: dict[str, str], people: list[dict[str, Any]], **more: Any
) -> tuple[Answer, list[dict[str, Any]]]:
    client = Stranger(session, url, await create_key(environment, credits=100_000, rate_limit=100_000))
    enrichment_id = await client.start([asked(one, **more) for one in people])
    answer = await client.result(enrichment_id, 120)
    return answer, (await client.own(enrichment_id, "contacts")).body["contacts"]


def asked_of(contacts: list[dict[str, Any]], vendor: str) -> list[dict[str, Any]]:
    return [attempt for contact in contacts for attempt in contact["attempts"] if attempt["vendor"] == vendor]


async def test_a_hundred_contacts_share_few_requests_and_each_pays_for_itself(server_url: str, tmp_path: Any) -> None:
    async with (
        sandbox(speed=SPEED) as world,
        place(server_url, world, str(tmp_path), "prospeo", "dropcontact") as environment,
        server(environment) as api,
        aiohttp.ClientSession() as session,
    ):
        people = (await world_says(session, world.url, f"people?limit={PEOPLE}"))["people"]
        answer, contacts = await enriched(session, api.url, environment, people)
        calls = await world_says(session, world.url, "calls")
        bought = await world_says(session, world.url, "purchases")
    assert answer.status == 200
    for vendor in ("prospeo", "dropcontact"):
        attempts = asked_of(contacts, vendor)
        assert len(attempts) > 50, vendor
        assert calls[vendor]["paid"] < len(attempts) / 3, vendor
        assert {attempt["result"] for attempt in attempts} <= {"found", "not_found"}, vendor
    spent = sum(contact["vendor_cost_micro_usd"] for contact in contacts)
    assert spent == bought["billed_micro_usd"] > 0
    assert bought["repeated"] == []
    given = [row["contact_info"].get("most_probable_work_email", {}).get("email") for row in answer.rows]
    right = [email == one["work_email"] for email, one in zip(given, people, strict=True) if email]
    assert len(right) > 40
    assert sum(right) / len(right) > 0.8, "rows of a batch went to the wrong people"


async def test_a_vendor_that_only_calls_back_fills_contacts_of_another_process(server_url: str, tmp_path: Any) -> None:
    """The server hears the report, the worker beside it waits for it: nothing but the database connects them."""
    port = free_port()
    public = {"OPENENRICH_SERVER_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    async with (
        sandbox(speed=SPEED) as world,
        place(server_url, world, str(tmp_path), "signalhire", "apollo", **public) as environment,
        server(environment, workers_inside=0, port=port) as api,
        worker(environment),
        aiohttp.ClientSession() as session,
    ):
        people = (await world_says(session, world.url, "people?limit=40"))["people"]
        answer, contacts = await enriched(session, api.url, environment, people, linkedin=True)
        calls = await world_says(session, world.url, "calls")
        bought = await world_says(session, world.url, "purchases")
    for vendor in ("signalhire", "apollo"):
        results = [attempt["result"] for attempt in asked_of(contacts, vendor)]
        assert results.count("found") > 5, vendor
        assert set(results) <= {"found", "not_found"}, vendor
    assert calls["signalhire"]["poll"] == 0
    assert calls["signalhire"]["paid"] < len(asked_of(contacts, "signalhire")) / 3
    assert sum(contact["vendor_cost_micro_usd"] for contact in contacts) == bought["billed_micro_usd"] > 0
    assert answer.credits > 0


async def test_without_a_public_address_vendors_that_call_back_are_not_asked(server_url: str, tmp_path: Any) -> None:
    async with (
        sandbox(speed=SPEED) as world,
        place(server_url, world, str(tmp_path), "signalhire", "blitz") as environment,
        server(environment) as api,
        aiohttp.ClientSession() as session,
    ):
        people = (await world_says(session, world.url, "people?limit=5"))["people"]
        _, contacts = await enriched(session, api.url, environment, people, linkedin=True)
    assert asked_of(contacts, "signalhire") == []
    assert asked_of(contacts, "blitz")


@pytest.mark.parametrize("path", ["signalhire/AAAAAAAAAAAB", "nobody/xyz", "signalhire/%00", "hunter/" + "A" * 32])
async def test_an_address_that_was_never_given_away_is_unknown(server_url: str, tmp_path: Any, path: str) -> None:
    async with (
        database(server_url) as url,
        server({"OPENENRICH_DATABASE_URL": url, "OPENENRICH_HOME": str(tmp_path)}, workers_inside=0) as api,
        aiohttp.ClientSession() as session,
        session.post(f"{api.url}/callbacks/{path}", json=[{"status": "success"}]) as answer,
    ):
        assert answer.status == 404
        assert await answer.json() == {"code": "error.not_found", "message": "Not found"}
