"""POST of 100 contacts and GET of 100 finished records, against a bare ASGI handler on the same database."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from uuid import UUID

from bare import INSERT, SCHEMA
from children import Child, product, reference
from database import opened
from load import Target, load
from machine import busy_s, measured_core
from people import PER_BATCH, finished_outcome, post_bodies
from table import Line, Measured, Round

from openenrich.core.contact import Contact, Field
from openenrich.engine.ports import NewBatch, NewContact
from openenrich.store.workspaces import utc_now
from openenrich.wiring import Store

CONNECTIONS = 8
_PATH = "/api/v2/contact/enrich/bulk"
_WARM_UP_S = 1.0
_ROUNDS = 5
_NO_LIMIT = 2_000_000_000
_SERVE = ("serve", "--port", "0", "--workers-inside", "0")
_ALL = frozenset({Field.WORK_EMAIL, Field.PERSONAL_EMAIL, Field.PHONE})


async def post(environment: Mapping[str, str], seconds: float) -> list[Line]:
    """No worker runs: in the first line the contacts wait, in the second each one is admitted, held and queued."""
    bodies = post_bodies(250)
    async with opened(environment) as store:
        await store.pool.execute(SCHEMA)
        waiting = await _key(store, "waiting", 1)
        admitted = await _key(store, "admitted", _NO_LIMIT)
    with _both(environment) as (bare, ours):
        plain = Side(bare, cycle(bare.target.request("POST", "/bare", "", body) for body in bodies))
        waits = Side(ours, cycle(ours.target.request("POST", _PATH, waiting, body) for body in bodies))
        starts = Side(ours, cycle(ours.target.request("POST", _PATH, admitted, body) for body in bodies))
        return [
            *await _compared("POST 100 contacts", plain, "waiting for a slot", waits, seconds),
            *await _compared("POST 100 contacts", plain, "admitted and queued", starts, seconds),
        ]


async def get(environment: Mapping[str, str], seconds: float) -> list[Line]:
    """Sixteen finished batches in turn; then the same at half of the highest rate, for the latency that callers see."""
    async with opened(environment) as store:
        await store.pool.execute(SCHEMA)
        key = await _key(store, "reading", _NO_LIMIT)
        batches = [await _finished_batch(store, key) for _ in range(16)]
    with _both(environment) as (bare, ours):
        plain = Side(bare, cycle([bare.target.request("GET", f"/bare/{batch}") for batch in batches]))
        full = Side(ours, cycle([ours.target.request("GET", f"{_PATH}/{batch}", key) for batch in batches]))
        lines = await _compared("GET 100 records", plain, "finished", full, seconds)
        rate = lines[-1].value.rate / 2
        calm = await _round(full, seconds, rate)
        return [*lines, Line("GET 100 records, at half of that rate", Measured.of([calm]))]


@dataclass(frozen=True, slots=True)
class Server:
    """One of the two servers, both alive: whichever is not asked sleeps."""

    pid: int
    target: Target


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison."""

    server: Server
    requests: Iterator[bytes]


@contextmanager
def _both(environment: Mapping[str, str]) -> Iterator[tuple[Server, Server]]:
    """The bare server and ours, on the same core and the same database."""
    core = measured_core()
    with reference("bare.py", (), environment, core) as bare, product(_SERVE, environment, core) as ours:
        yield _server(bare), _server(ours)


def _server(child: Child) -> Server:
    return Server(child.pid, Target.of(child.facts["url"]))


async def _compared(what: str, plain: Side, name: str, ours: Side, seconds: float) -> list[Line]:
    """Turn by turn, so that whatever else the machine does meets both."""
    for side in (plain, ours):
        await load(side.server.target, side.requests, seconds=_WARM_UP_S, connections=CONNECTIONS)
    rounds = [(await _round(plain, seconds / _ROUNDS), await _round(ours, seconds / _ROUNDS)) for _ in range(_ROUNDS)]
    bare = Measured.of([turn for turn, _ in rounds])
    return [
        Line(f"{what}, bare handler", bare),
        Line(f"{what}, {name}", Measured.of([turn for _, turn in rounds]), bare),
    ]


async def _round(side: Side, seconds: float, rate: float | None = None) -> Round:
    before = busy_s(side.server.pid)
    result = await load(side.server.target, side.requests, seconds=seconds, connections=CONNECTIONS, rate=rate)
    return Round(result, busy_s(side.server.pid) - before)


async def _key(store: Store, workspace: str, slots: int) -> str:
    key = await store.workspaces.create_key(
        "bench", workspace, credits_to_grant=10**15, rate_limit=_NO_LIMIT, in_progress=None, now=utc_now()
    )
    await store.pool.execute("UPDATE workspace SET concurrent_contacts = $2 WHERE name = $1", workspace, slots)
    return key


async def _finished_batch(store: Store, key: str) -> UUID:
    """A batch as the store leaves it when every contact has settled, and the same bytes for the bare handler."""
    caller = await store.workspaces.identify(key, utc_now())
    if caller is None:
        raise SystemExit("the benchmark's key is not known")
    contact = NewContact(Contact(first_name="Maria", last_name="Keller", domain="example.com"), _ALL, b"{}", b"{}")
    batch = NewBatch(caller.workspace_id, caller.key_id, "finished", (contact,) * PER_BATCH)
    batch_id = await store.batches.accept(batch, utc_now())
    record = store.wire.record(b'{"first_name":"Maria","last_name":"Keller"}', b'{"crm_id":"1"}', finished_outcome())
    await store.pool.execute("UPDATE contact SET state = 'done', record = $2 WHERE batch_id = $1", batch_id, record)
    await store.pool.execute("UPDATE batch SET status = 'FINISHED', finished_at = now() WHERE id = $1", batch_id)
    await store.pool.execute("INSERT INTO bare_batch VALUES ($1, 'finished')", batch_id)
    await store.pool.execute(INSERT, batch_id, list(range(PER_BATCH)), [record] * PER_BATCH)
    return batch_id
