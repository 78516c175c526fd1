"""One sandbox, one server and one database for the tests of a file; workspaces keep the tests apart."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from e2e.processes import Api, World, create_key, database, sandbox, server
from e2e.stranger import Stranger


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    """The simulated vendors, quick and without faults."""
    async with sandbox(speed=200) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(
    request: pytest.FixtureRequest, server_url: str, world: World, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[dict[str, str]]:
    """The variables of every process of this file: a database and a data folder of its own, and the sandbox.

    A file that wants more of them says so in ``SETTINGS``.
    """
    home: Path = tmp_path_factory.mktemp("home")
    async with database(server_url) as url:
        yield {
            "OPENENRICH_DATABASE_URL": url,
            "OPENENRICH_HOME": str(home),
            "OPENENRICH_API_SLOW_TEST_CONTACT_S": "2",
            "OPENENRICH_WATERFALL_LONGEST_WAIT_S": "1",
            **world.settings,
            **getattr(request.module, "SETTINGS", {}),
        }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api(place: dict[str, str]) -> AsyncIterator[Api]:
    """A server with one worker inside."""
    async with server(place) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stranger(session: aiohttp.ClientSession, api: Api, place: dict[str, str]) -> Stranger:
    """A client of a workspace with credits to spare; tests that count credits compare before and after."""
    return Stranger(session, api.url, await create_key(place, credits=1_000_000, rate_limit=1_000_000))
