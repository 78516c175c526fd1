"""The operator's vendor keys: from the database (encrypted), and from the settings.

Read often and changed seldom, so the pools are kept for a few seconds; a new key works without a restart.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

import msgspec

from openenrich.core.vendor import NoKey
from openenrich.engine.ports import Catalogue, VendorKey
from openenrich.store.postgres import Pool
from openenrich.store.secrets import Vault

_KEEP_S = 5.0


class StoredKey(msgspec.Struct, frozen=True):
    """A vendor key as a list shows it."""

    vendor: str
    label: str
    workspace: str | None
    source: str


class StoredKeyring:
    """Implements `Keyring`. ``from_settings`` maps a vendor to keys that the settings give."""

    def __init__(
        self, pool: Pool, vault: Vault, catalogue: Catalogue, from_settings: Mapping[str, Sequence[str]]
    ) -> None:
        self._pool = pool
        self._vault = vault
        self._catalogue = catalogue
        self._from_settings = from_settings
        self._stored: dict[str, list[tuple[UUID | None, VendorKey]]] = {}
        self._read_at = -_KEEP_S
        self._reading = asyncio.Lock()

    async def pool(self, workspace_id: UUID, vendor: str) -> Sequence[VendorKey]:
        if isinstance(self._catalogue[vendor].vendor.auth, NoKey):
            return (VendorKey("none", ""),)
        await self._refresh()
        stored = self._stored.get(vendor, [])
        own = [key for owner, key in stored if owner == workspace_id]
        shared = [key for owner, key in stored if owner is None]
        return (*own, *shared, *self._settings_keys(vendor))

    def _settings_keys(self, vendor: str) -> tuple[VendorKey, ...]:
        secrets = self._from_settings.get(vendor, ())
        return tuple(VendorKey(f"settings-{number}", secret) for number, secret in enumerate(secrets, start=1))

    async def set_key(self, vendor: str, label: str, secret: str, now: datetime) -> None:
        """Store or replace a key that every workspace may use."""
        await self._pool.execute(
            "INSERT INTO vendor_key (id, vendor, label, ciphertext, created_at) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (vendor, label) DO UPDATE SET ciphertext = excluded.ciphertext",
            uuid4(),
            vendor,
            label,
            self._vault.encrypt(secret),
            now,
        )
        self._read_at = -_KEEP_S

    async def listed(self) -> list[StoredKey]:
        """Which keys there are, without the keys."""
        rows = await self._pool.fetch(
            "SELECT v.vendor, v.label, w.name AS workspace FROM vendor_key v"
            " LEFT JOIN workspace w ON w.id = v.workspace_id ORDER BY v.vendor, v.created_at"
        )
        stored = [StoredKey(row["vendor"], row["label"], row["workspace"], "database") for row in rows]
        given = [
            StoredKey(vendor, key.label, None, "settings")
            for vendor in sorted(self._from_settings)
            for key in self._settings_keys(vendor)
        ]
        return [*stored, *given]

    async def _refresh(self) -> None:
        """Everybody waits for the first reading: a contact that sees no keys would end without asking anybody."""
        if not self._is_stale():
            return
        async with self._reading:
            if self._is_stale():
                await self._read()
                self._read_at = time.monotonic()

    def _is_stale(self) -> bool:
        return time.monotonic() - self._read_at >= _KEEP_S

    async def _read(self) -> None:
        rows = await self._pool.fetch(
            "SELECT vendor, label, workspace_id, ciphertext FROM vendor_key ORDER BY created_at"
        )
        stored: dict[str, list[tuple[UUID | None, VendorKey]]] = {}
        for row in rows:
            key = VendorKey(row["label"], self._vault.decrypt(row["ciphertext"]))
            stored.setdefault(row["vendor"], []).append((row["workspace_id"], key))
        self._stored = stored
