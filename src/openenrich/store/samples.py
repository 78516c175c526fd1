"""Known addresses of a company: those that earlier contacts were confirmed with, and the operator's own directory."""

import msgspec

from openenrich.core.evidence import mail_domain
from openenrich.core.patterns import Sample
from openenrich.engine.ports import AddressSample
from openenrich.store.postgres import Pool

_MOST = 30
_CONFIRMED = "SELECT sample FROM address_sample WHERE domain = $1 ORDER BY at DESC LIMIT $2"
_LISTED = "SELECT person FROM directory WHERE domain = $1 LIMIT $2"


class _Listed(msgspec.Struct, frozen=True):
    """What of a person in the directory can be a sample."""

    first_name: str = ""
    last_name: str = ""
    work_email: str = ""


class StoredSamples:
    """Implements `Samples`. Shared by all workspaces: only the pattern leaves, never an address."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of(self, domain: str) -> tuple[Sample, ...]:
        confirmed = [
            msgspec.json.decode(row["sample"], type=AddressSample)
            for row in await self._pool.fetch(_CONFIRMED, domain, _MOST)
        ]
        listed = [
            msgspec.json.decode(row["person"], type=_Listed) for row in await self._pool.fetch(_LISTED, domain, _MOST)
        ]
        own = (Sample(item.first, item.last, item.local) for item in confirmed)
        known = (
            Sample(item.first_name, item.last_name, item.work_email.rpartition("@")[0])
            for item in listed
            if item.first_name and item.last_name and mail_domain(item.work_email) == domain
        )
        return (*own, *known)
