"""Real components for all tests: one embedded PostgreSQL, and a fresh database from a migrated template for each."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import hypothesis
import pytest

from openenrich.settings import Settings, load
from openenrich.store.embedded import embedded_database
from openenrich.store.postgres import migrate, open_pool
from openenrich.wiring import Store, open_store

hypothesis.settings.register_profile("suite", deadline=None, max_examples=100)
hypothesis.settings.load_profile("suite")


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The embedded server; it lives under /tmp because a socket's path must be short."""
    with tempfile.TemporaryDirectory(prefix="oe-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with embedded_database(Path(folder)) as url:
            asyncio.run(_make_template(url))
            yield url


@pytest.fixture
def database_url(server_url: str) -> Iterator[str]:
    """A database of its own for one test."""
    name = f"t{uuid4().hex[:16]}"
    asyncio.run(_execute(server_url, f"CREATE DATABASE {name} TEMPLATE migrated"))
    yield _named(server_url, name)
    asyncio.run(_execute(server_url, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The variables that a process of the product needs to use this test's database and nothing else."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENENRICH_")}
    return kept | {"OPENENRICH_DATABASE_URL": database_url, "OPENENRICH_HOME": str(tmp_path / "home")}


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    return load(environment)


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    async with open_store(settings) as opened:
        yield opened


def _named(url: str, database: str) -> str:
    before, question, after = url.partition("?")
    return before.rsplit("/", 1)[0] + "/" + database + question + after


async def _make_template(url: str) -> None:
    await _execute(url, "CREATE DATABASE migrated")
    async with open_pool(_named(url, "migrated"), size=2) as pool:
        await migrate(pool)


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
