"""POST of 100 contacts and GET of 100 finished records, against a bare ASGI handler on the same database."""

from collections.abc import Iterator, Mapping
from itertools import cycle
from uuid import UUID

from bare import INSERT, SCHEMA
from children import Child, product, reference
from database import opened
from load import Target, load
from machine import busy_s, measured_core
from people import PER_BATCH, finished_outcome, post_bodies
from table import Line, Measured

from openenrich.core.contact import Contact, Field
from openenrich.engine.ports import NewBatch, NewContact
from openenrich.store.workspaces import utc_now
from openenrich.wiring import Store

CONNECTIONS = 8
_PATH = "/api/v2/contact/enrich/bulk"
_WARM_UP_S = 1.5
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
    with reference("bare.py", (), environment, measured_core()) as child:
        target = Target.of(child.facts["url"])
        bare = await _measured(child, target, (target.request("POST", "/bare", "", body) for body in cycle(bodies)), seconds)
    lines = [Line("POST 100 contacts, bare handler", "requests/s", bare, None)]
    with product(_SERVE, environment, measured_core()) as child:
        target = Target.of(child.facts["url"])
        for key, title in ((waiting, "waiting for a slot"), (admitted, "each admitted to the queue")):
            requests = (target.request("POST", _PATH, key, body) for body in cycle(bodies))
            result = await _measured(child, target, requests, seconds)
            lines.append(Line(f"POST 100 contacts, {title}", "requests/s", result, bare))
    return lines


async def get(environment: Mapping[str, str], seconds: float) -> list[Line]:
    """Sixteen finished batches in turn; then the same at half of the highest rate, for the latency that callers see."""
    async with opened(environment) as store:
        await store.pool.execute(SCHEMA)
        key = await _key(store, "reading", _NO_LIMIT)
        batches = [await _finished_batch(store, key) for _ in range(16)]
    with reference("bare.py", (), environment, measured_core()) as child:
        target = Target.of(child.facts["url"])
        requests = cycle([target.request("GET", f"/bare/{batch}") for batch in batches])
        bare = await _measured(child, target, requests, seconds)
    lines = [Line("GET 100 records, bare handler", "requests/s", bare, None)]
    with product(_SERVE, environment, measured_core()) as child:
        target = Target.of(child.facts["url"])
        requests = cycle([target.request("GET", f"{_PATH}/{batch}", key) for batch in batches])
        full = await _measured(child, target, requests, seconds)
        lines.append(Line("GET 100 records", "requests/s", full, bare))
        half = await _measured(child, target, requests, seconds, rate=full.rate / 2)
        lines.append(Line("GET 100 records at half of that rate", "requests/s", half, None))
    return lines


async def _measured(
    child: Child, target: Target, requests: Iterator[bytes], seconds: float, rate: float | None = None
) -> Measured:
    await load(target, requests, seconds=_WARM_UP_S, connections=CONNECTIONS, rate=rate)
    before = busy_s(child.pid)
    result = await load(target, requests, seconds=seconds, connections=CONNECTIONS, rate=rate)
    return Measured.of(result, (busy_s(child.pid) - before) / seconds)


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
