"""The operator's vendor keys on a real database: whose they are, when a change is seen, and that nobody sees half."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest

from openenrich.engine.ports import VendorKey
from openenrich.store.vendor_keys import StoredKeyring
from openenrich.wiring import Store

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NOBODY = UUID(int=0)
KEY = VendorKey("main", "secret-1")


def keyring(store: Store, **from_settings: Sequence[str]) -> StoredKeyring:
    """A process that has just started: it has read nothing yet."""
    return StoredKeyring(store.pool, store.vault, store.catalogue, from_settings)


async def test_contacts_that_start_at_the_same_moment_all_see_the_stored_keys(store: Store) -> None:
    await keyring(store).set_key("hunter", "main", "secret-1", NOW)
    fresh = keyring(store)
    pools = await asyncio.gather(*(fresh.pool(NOBODY, "hunter") for _ in range(20)))
    assert [tuple(pool) for pool in pools] == [(KEY,)] * 20


async def test_a_reading_that_fails_is_not_taken_for_an_empty_ring(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keyring(store).set_key("hunter", "main", "secret-1", NOW)
    fresh = keyring(store)

    async def broken() -> None:
        raise asyncpg.InterfaceError("connection lost")

    with monkeypatch.context() as patched:
        patched.setattr(fresh, "_read", broken)
        with pytest.raises(asyncpg.InterfaceError):
            await fresh.pool(NOBODY, "hunter")
    assert tuple(await fresh.pool(NOBODY, "hunter")) == (KEY,)


async def test_a_workspaces_own_key_comes_before_the_shared_ones_and_is_nobody_elses(store: Store) -> None:
    await store.workspaces.create_key("k", "mine", credits_to_grant=0, rate_limit=None, in_progress=None, now=NOW)
    mine = await store.pool.fetchval("SELECT id FROM workspace WHERE name = 'mine'")
    await store.pool.execute(
        "INSERT INTO vendor_key (id, workspace_id, vendor, label, ciphertext, created_at)"
        " VALUES ($1, $2, 'hunter', 'own', $3, $4)",
        uuid4(),
        mine,
        store.vault.encrypt("secret-2"),
        NOW,
    )
    ring = keyring(store, hunter=("secret-3",))
    await ring.set_key("hunter", "main", "secret-1", NOW)
    shared = (KEY, VendorKey("settings-1", "secret-3"))
    assert tuple(await ring.pool(mine, "hunter")) == (VendorKey("own", "secret-2"), *shared)
    assert tuple(await ring.pool(NOBODY, "hunter")) == shared


async def test_a_key_is_replaced_under_its_label_and_listed_without_its_secret(store: Store) -> None:
    ring = keyring(store)
    await ring.set_key("hunter", "main", "secret-0", NOW)
    await ring.set_key("hunter", "main", "secret-1", NOW)
    assert tuple(await ring.pool(NOBODY, "hunter")) == (KEY,)
    [listed] = await ring.listed()
    assert (listed.vendor, listed.label, listed.workspace, listed.source) == ("hunter", "main", None, "database")
    assert "secret" not in repr(listed) + repr(KEY)
