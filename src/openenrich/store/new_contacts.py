"""The contacts of a POST as the rows they become: normalised, recognised from history, priced at their worst case.

Nothing is written here. What a row costs is decided when it settles.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import msgspec

from openenrich.core.contact import Field
from openenrich.core.identity import history_key
from openenrich.core.ledger import Prices, worst_case
from openenrich.core.outcome import Outcome
from openenrich.core.rehearsal import rehearse
from openenrich.engine.ports import NewContact, Wire
from openenrich.store.postgres import Connection
from openenrich.store.sql import load

_SQL = load("batches")
_EMPTY = Outcome()
_NOTHING: frozenset[Field] = frozenset()


class NewRow(NamedTuple):
    """A contact as it is inserted. One that has a record already is done: ``silentFail`` skipped it."""

    subject: bytes | None
    wanted: str
    free: str
    history_key: bytes | None
    input: bytes
    custom: bytes
    worst: int
    record: bytes | None


class History(NamedTuple):
    """Whose history counts, and since when."""

    workspace_id: UUID
    since: datetime


async def new_rows(
    connection: Connection, contacts: Sequence[NewContact], history: History, wire: Wire, prices: Prices
) -> list[NewRow]:
    """One row per contact, in the order of the POST."""
    keys = [None if item.contact is None else history_key(item.contact) for item in contacts]
    known = await _known(connection, history, [key for key in keys if key is not None])
    return [
        _row(item, key, known.get(key or b"", _NOTHING), wire, prices) for item, key in zip(contacts, keys, strict=True)
    ]


async def _known(connection: Connection, history: History, keys: list[bytes]) -> dict[bytes, frozenset[Field]]:
    rows = await connection.fetch(_SQL["known_history"], history.workspace_id, keys, history.since)
    known: dict[bytes, frozenset[Field]] = {}
    for row in rows:
        known[row["key"]] = known.get(row["key"], _NOTHING) | {Field(row["field"])}
    return known


def _row(item: NewContact, key: bytes | None, known: frozenset[Field], wire: Wire, prices: Prices) -> NewRow:
    if item.contact is None:
        return NewRow(None, "", "", None, item.input, item.custom, 0, wire.record(item.input, item.custom, _EMPTY))
    free = known & (item.wanted | {Field.PROFILE}) if known else known
    is_test = rehearse(item.contact, item.wanted, 0.0) is not None
    wanted_names, free_names, worst = _order(item.wanted, free, prices)
    return NewRow(
        subject=msgspec.json.encode(item.contact),
        wanted=wanted_names,
        free=free_names,
        history_key=key,
        input=item.input,
        custom=item.custom,
        worst=0 if is_test else worst,
        record=None,
    )


@lru_cache(maxsize=256)
def _order(wanted: frozenset[Field], free: frozenset[Field], prices: Prices) -> tuple[str, str, int]:
    """Both sets as texts, and the worst case: nearly all contacts of a list want the same."""
    return ",".join(sorted(wanted)), ",".join(sorted(free)), worst_case(wanted, free, prices)
