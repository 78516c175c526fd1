"""Where vendors report to us: addresses that nobody can guess, and what a report writes into the journal.

An address is a purchase's number and a keyed digest of it, so none has to be stored; a database under another master
key has other addresses.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from openenrich.core.vendor import Reply
from openenrich.engine.ports import OpenJob, Step
from openenrich.store.postgres import Pool
from openenrich.store.secrets import Vault
from openenrich.store.sql import load

_SQL = load("callbacks")
_NUMBER_BYTES = 8
_DIGEST_BYTES = 16


class CallbackAddresses:
    """Implements `Addresses`. ``public_url`` is what the server is called from outside; empty: it can not be."""

    def __init__(self, vault: Vault, public_url: str) -> None:
        self._vault = vault
        self._public_url = public_url.rstrip("/")

    def callback_url(self, vendor: str, purchase_id: int) -> str | None:
        return f"{self._public_url}/callbacks/{vendor}/{self.token(vendor, purchase_id)}" if self._public_url else None

    def token(self, vendor: str, purchase_id: int) -> str:
        number = purchase_id.to_bytes(_NUMBER_BYTES)
        return base64.urlsafe_b64encode(number + self._digest(vendor, number)).decode().rstrip("=")

    def purchase_id(self, vendor: str, token: str) -> int | None:
        """The purchase that an address belongs to; ``None`` for one that we never gave away."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (binascii.Error, ValueError):
            return None
        number, digest = raw[:_NUMBER_BYTES], raw[_NUMBER_BYTES:]
        known = self._vault.same(digest, self._digest(vendor, number))
        return int.from_bytes(number) if known else None

    def _digest(self, vendor: str, number: bytes) -> bytes:
        return self._vault.seal(b"callback:" + vendor.encode() + b":" + number)[:_DIGEST_BYTES]


class StoredCallbacks:
    """Implements `CallbackBook`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def jobs(self, vendor: str, purchase_id: int) -> tuple[OpenJob, ...]:
        return tuple(_job(row) for row in await self._pool.fetch(_SQL["jobs"], vendor, purchase_id))

    async def wake(self, purchase_ids: Sequence[int], at: datetime) -> None:
        await self._pool.execute(_SQL["wake"], list(purchase_ids), at)

    async def answer(self, purchase_id: int, step: Step, reply: Reply, cost: int, at: datetime) -> bool:
        written = await self._pool.fetchval(
            _SQL["answer"], purchase_id, step.value, msgspec.json.encode(reply), cost, at
        )
        return written is not None


def _job(row: Any) -> OpenJob:
    return OpenJob(
        id=row["id"],
        workspace_id=row["workspace_id"],
        operation=row["operation"],
        step=Step(row["step"]),
        vendor_job=row["vendor_job"],
        key_label=row["key_label"],
    )
