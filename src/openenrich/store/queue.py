"""The seam to the durable queue: what is put in, inside the caller's own transaction.

PgQueuer stores the jobs; ``openenrich/wiring.py`` runs them. Three kinds exist: ``enrich`` (payload: the contact's
id), ``deliver`` (the delivery's id) and ``verify`` (the id of a mailbox whose answer is still open). A job is only a
reminder: the rows it names decide what happens, so a job that runs twice does no harm.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from pgqueuer.queries import Queries

from openenrich.store.postgres import Connection

ENRICH = "enrich"
DELIVER = "deliver"
VERIFY = "verify"


async def enqueue_contacts(connection: Connection, ids: Sequence[int]) -> None:
    """One job per contact, committed with the transaction that ``connection`` is in."""
    await _enqueue(connection, ENRICH, [str(number).encode() for number in ids])


async def enqueue_deliveries(connection: Connection, ids: Sequence[UUID], after_s: float = 0) -> None:
    """One job per delivery, due after ``after_s`` seconds."""
    await _enqueue(connection, DELIVER, [str(number).encode() for number in ids], after_s)


async def enqueue_checks(connection: Connection, ids: Sequence[int], after_s: float = 0) -> None:
    """One job per open answer of a mail host, due after ``after_s`` seconds."""
    await _enqueue(connection, VERIFY, [str(number).encode() for number in ids], after_s)


async def _enqueue(connection: Connection, kind: str, payloads: list[bytes], after_s: float = 0) -> None:
    if not payloads:
        return
    count = len(payloads)
    await Queries.from_asyncpg_connection(connection).enqueue(
        [kind] * count,
        list(payloads),
        [0] * count,
        [timedelta(seconds=after_s)] * count,
        [f"{kind}:{payload.decode()}" for payload in payloads],
        on_conflict="skip",
    )
