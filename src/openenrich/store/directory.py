"""The operator's own list of people: imported into the database, asked first, free.

It answers in the form that its vendor module reads, so that to the waterfall it is a vendor like any other.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import msgspec

from openenrich.core.companies import company_key
from openenrich.core.domains import domain as host_of
from openenrich.core.linkedin import handle
from openenrich.core.names import folded, split_full_name
from openenrich.core.vendor import Adapter, HttpRequest, HttpResponse
from openenrich.engine.ports import VendorKey
from openenrich.store.postgres import Pool

_CHUNK = 5000
_INSERT = """
INSERT INTO directory (handle, name_key, domain, company_key, person)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[])
"""
_FIND = """
SELECT person FROM directory
WHERE ($1::text IS NOT NULL AND handle = $1)
   OR ($2::text IS NOT NULL AND name_key = $2 AND (domain = $3 OR company_key = $4))
LIMIT 3
"""


class DirectoryTransport:
    """Implements `Transport` for vendors whose base URL is ``local://``."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def send(
        self,
        adapter: Adapter,  # noqa: ARG002 - the port's signature; there is one local vendor
        key: VendorKey,  # noqa: ARG002 - the operator's own data needs no key
        request: HttpRequest,
        timeout_s: float,
    ) -> HttpResponse:
        rows = await self._pool.fetch(_FIND, *_keys(request.query), timeout=timeout_s)
        people = [msgspec.Raw(row["person"]) for row in rows]
        return HttpResponse(200, msgspec.json.encode({"people": people}))


async def replace_directory(pool: Pool, vendor: str, people: Iterable[msgspec.Struct]) -> int:
    """Put a new list in the place of the old one; the number of people. Answers from the old one are forgotten."""
    count = 0
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("DELETE FROM directory")
        await connection.execute("UPDATE purchase SET live = false WHERE vendor = $1 AND live", vendor)
        for chunk in _chunks(people):
            rows = [_row(person) for person in chunk]
            await connection.execute(_INSERT, *map(list, zip(*rows, strict=True)))
            count += len(rows)
    return count


def _chunks(people: Iterable[msgspec.Struct]) -> Iterator[list[msgspec.Struct]]:
    source = iter(people)
    while chunk := list(islice(source, _CHUNK)):
        yield chunk


def _row(person: msgspec.Struct) -> tuple[object, ...]:
    known = {key: value for key, value in msgspec.structs.asdict(person).items() if value}
    if "full_name" in known and not {"first_name", "last_name"} <= known.keys():
        first, last = split_full_name(known["full_name"])
        known |= {"first_name": first, "last_name": last}
    query = {
        "linkedin_handle": handle(known["linkedin_url"]) if "linkedin_url" in known else None,
        "first_name": known.get("first_name"),
        "last_name": known.get("last_name"),
        "domain": host_of(known["company_domain"]) if "company_domain" in known else None,
        "company_name": known.get("company_name"),
    }
    return *_keys({key: value for key, value in query.items() if value}), msgspec.json.encode(known)


def _keys(query: Mapping[str, str]) -> tuple[str | None, str | None, str | None, str | None]:
    name = folded(f"{query.get('first_name', '')} {query.get('last_name', '')}") or None
    company = company_key(query["company_name"]) if "company_name" in query else None
    return query.get("linkedin_handle"), name, query.get("domain"), company
