"""The connection pool and the schema: opening, migrating, and saying clearly what is wrong.

Migrations are the numbered files in ``migrations/``; each runs once, in order, in a transaction, under an
advisory lock so that ten starting processes migrate once. PgQueuer brings and upgrades its own tables.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

import asyncpg
from pgqueuer.queries import Queries

Connection = Any
Pool = Any

_LOCK = 0x0BE2_9E12  # any constant: the advisory lock of this product's migrations


class DatabaseProblemError(Exception):
    """The database cannot be used; the text is one sentence with the remedy."""


class _Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """A connection that is given back as it is: nothing here changes a session, so nothing has to be reset."""

    def get_reset_query(self) -> str:
        return ""


@asynccontextmanager
async def open_pool(url: str, *, size: int = 12) -> AsyncIterator[Pool]:
    """A pool on a reachable PostgreSQL 15 or newer."""
    try:
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=size,
            command_timeout=60,
            server_settings=_SESSION,
            connection_class=_Connection,
        )
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise DatabaseProblemError(
            f"PostgreSQL cannot be reached ({type(error).__name__}): start it, or correct OPENENRICH_DATABASE_URL."
        ) from error
    try:
        await _refuse_old_server(pool)
        yield pool
    finally:
        await pool.close()


_SESSION = {"application_name": "openenrich", "timezone": "UTC", "jit": "off"}


async def _refuse_old_server(pool: Pool) -> None:
    version = int(await pool.fetchval("SHOW server_version_num"))
    if version < 150_000:
        raise DatabaseProblemError(f"PostgreSQL {version // 10_000} is too old: use version 15 or newer.")


def migrations() -> list[tuple[int, str]]:
    """Number and text of every migration, in order."""
    folder = files("openenrich.store").joinpath("migrations")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name.split("_", 1)[0]), folder.joinpath(name).read_text(encoding="utf-8")) for name in names]


async def migrate(pool: Pool) -> list[int]:
    """Bring the schema up to date; the numbers of the migrations that ran."""
    async with pool.acquire() as connection:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        try:
            applied = await _migrate_own(connection)
            await _migrate_queue(connection)
        finally:
            await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)
    return applied


async def pending_migrations(pool: Pool) -> list[int]:
    """Migrations that this version has and the database lacks."""
    if await pool.fetchval("SELECT to_regclass('schema_migration')") is None:
        return [number for number, _ in migrations()]
    done = {row["number"] for row in await pool.fetch("SELECT number FROM schema_migration")}
    return [number for number, _ in migrations() if number not in done]


async def _migrate_own(connection: Connection) -> list[int]:
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migration"
        " (number integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    done = {row["number"] for row in await connection.fetch("SELECT number FROM schema_migration")}
    fresh = [(number, text) for number, text in migrations() if number not in done]
    for number, text in fresh:
        async with connection.transaction():
            await connection.execute(text)
            await connection.execute("INSERT INTO schema_migration (number) VALUES ($1)", number)
    return [number for number, _ in fresh]


async def _migrate_queue(connection: Connection) -> None:
    queries = Queries.from_asyncpg_connection(connection)
    if await queries.schema_is_installed():
        await queries.upgrade()
    else:
        await queries.install()
