"""The promises that the database keeps, on a real PostgreSQL."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from openenrich.core.contact import Contact, EmailFound, Field, Values
from openenrich.core.outcome import BatchStatus, Email, EmailStatus, Outcome
from openenrich.core.vendor import Found, NotFound
from openenrich.engine.ports import Answer, Claimed, Intent, LostClaimError, NewBatch, NewContact, Settlement, Step
from openenrich.wiring import Store

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
WORK = frozenset({Field.WORK_EMAIL})
EVERYTHING = frozenset({Field.WORK_EMAIL, Field.PERSONAL_EMAIL, Field.PHONE})
FOUND = Outcome(
    work_emails=(Email("ada@north.test", EmailStatus.DELIVERABLE),),
    best_work_email=Email("ada@north.test", EmailStatus.DELIVERABLE),
)


async def caller(store: Store, credits_granted: int = 100, workspace: str = "north") -> tuple[UUID, UUID]:
    """The ids of a workspace and a key with credits."""
    key = await store.workspaces.create_key(
        "test", workspace, credits_to_grant=credits_granted * 1000, rate_limit=None, in_progress=None, now=NOW
    )
    found = await store.workspaces.identify(key, NOW)
    assert found is not None
    return found.workspace_id, found.key_id


def person(number: int, wanted: frozenset[Field] = WORK) -> NewContact:
    contact = Contact(first_name="Ada", last_name=f"Sample{number}", domain="north.test")
    return NewContact(contact, wanted, b'{"first_name":"Ada"}', b'{"row":"%d"}' % number)


async def accept(store: Store, who: tuple[UUID, UUID], *people: NewContact, **more: str) -> UUID:
    return await store.batches.accept(NewBatch(*who, "list", people, **more), NOW)


async def ids(store: Store, batch: UUID, state: str = "queued") -> list[int]:
    rows = await store.pool.fetch(
        "SELECT id FROM contact WHERE batch_id = $1 AND state = $2 ORDER BY position", batch, state
    )
    return [row["id"] for row in rows]


async def claim(store: Store, contact_id: int, at: datetime = NOW) -> Claimed:
    claimed = await store.journal.claim(contact_id, at)
    assert claimed is not None
    return claimed


def ending(
    claimed: Claimed, outcome: Outcome = FOUND, charged: int = 1000, remember: frozenset[Field] = WORK
) -> Settlement:
    return Settlement(
        claimed.id, claimed.token, claimed.workspace_id, outcome, b"{}", charged, NOW, {}, {}, remember, "found"
    )


def intent(claimed: Claimed, digest: bytes = b"question", vendor: str = "one") -> Intent:
    return Intent(
        claimed.id,
        claimed.token,
        claimed.workspace_id,
        vendor,
        "find",
        digest,
        WORK,
        "main",
        NOW + timedelta(seconds=1),
    )


async def status(store: Store, workspace: UUID, batch: UUID) -> BatchStatus:
    view = await store.batches.finished_view(workspace, batch, NOW)
    assert view is not None
    return view.status


async def test_accepting_stores_reserves_and_queues_in_one_transaction(store: Store):
    who = await caller(store)
    await accept(store, who, person(1, EVERYTHING), person(2))
    row = await store.pool.fetchrow("SELECT balance, reserved, running FROM workspace")
    assert (row["balance"], row["reserved"], row["running"]) == (100_000, 15_000, 2)
    assert await store.pool.fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'enrich'") == 2


async def test_a_workspace_has_at_most_its_hundred_contacts_in_the_queue(store: Store):
    who = await caller(store, 1000)
    first = await accept(store, who, *(person(number) for number in range(100)))
    second = await accept(store, who, person(200), person(201))
    assert (len(await ids(store, first)), len(await ids(store, second))) == (100, 0)
    claimed = await claim(store, (await ids(store, first))[0])
    await store.journal.settle(ending(claimed))
    assert len(await ids(store, second)) == 1


async def test_another_workspace_does_not_wait_for_a_full_one(store: Store):
    await accept(store, await caller(store, 1000), *(person(number) for number in range(100)))
    batch = await accept(store, await caller(store, 10, "south"), person(1))
    assert len(await ids(store, batch)) == 1


async def test_an_empty_balance_ends_the_job_at_once_as_credits_insufficient(store: Store):
    workspace, key = await caller(store, 0)
    batch = await accept(store, (workspace, key), person(1), webhook_url="https://example.com/hook")
    assert await status(store, workspace, batch) is BatchStatus.CREDITS_INSUFFICIENT
    body = await store.pool.fetchval("SELECT body FROM delivery WHERE batch_id = $1", batch)
    assert len(msgspec.json.decode(body)["data"]) == 1


async def test_a_contact_waits_while_running_ones_may_give_credits_back(store: Store):
    workspace, key = await caller(store, 15)
    batch = await accept(store, (workspace, key), person(1, EVERYTHING), person(2, EVERYTHING))
    assert (len(await ids(store, batch)), len(await ids(store, batch, "waiting"))) == (1, 1)
    await store.journal.settle(ending(await claim(store, (await ids(store, batch))[0])))
    assert len(await ids(store, batch)) == 1
    assert await store.pool.fetchval("SELECT balance FROM workspace") == 14_000


async def test_when_nothing_can_give_credits_back_the_rest_stays_empty(store: Store):
    workspace, key = await caller(store, 15)
    batch = await accept(store, (workspace, key), person(1, EVERYTHING), person(2, EVERYTHING))
    await store.journal.settle(ending(await claim(store, (await ids(store, batch))[0]), charged=14_000))
    assert await status(store, workspace, batch) is BatchStatus.CREDITS_INSUFFICIENT
    row = await store.pool.fetchrow("SELECT balance, reserved, running FROM workspace")
    assert (row["balance"], row["reserved"], row["running"]) == (1000, 0, 0)


async def test_settling_twice_charges_once(store: Store):
    who = await caller(store)
    batch = await accept(store, who, person(1))
    claimed = await claim(store, (await ids(store, batch))[0])
    await store.journal.settle(ending(claimed))
    with pytest.raises(LostClaimError):
        await store.journal.settle(ending(claimed))
    assert await store.pool.fetchval("SELECT balance FROM workspace") == 99_000


async def test_a_worker_that_lost_its_claim_can_write_nothing(store: Store):
    batch = await accept(store, await caller(store), person(1))
    [contact] = await ids(store, batch)
    asleep = await claim(store, contact)
    purchase = await store.journal.begin(intent(asleep))
    await claim(store, contact, NOW + timedelta(seconds=30))
    with pytest.raises(LostClaimError):
        await store.journal.begin(intent(asleep, b"another"))
    with pytest.raises(LostClaimError):
        await store.journal.record(Answer(purchase.id, asleep.token, Step.DONE, NOW, NotFound()))
    with pytest.raises(LostClaimError):
        await store.journal.settle(ending(asleep))


async def test_whoever_takes_over_finds_what_was_bought(store: Store):
    batch = await accept(store, await caller(store), person(1))
    [contact] = await ids(store, batch)
    before = await claim(store, contact)
    done = await store.journal.begin(intent(before, b"done"))
    answer = Found(Values(emails=(EmailFound("ada@north.test"),)))
    await store.journal.record(Answer(done.id, before.token, Step.DONE, NOW, answer, cost=24_500))
    job = await store.journal.begin(intent(before, b"job", "two"))
    await store.journal.record(Answer(job.id, before.token, Step.SUBMITTED, NOW, vendor_job="j1"))
    await store.journal.begin(intent(before, b"lost", "three"))
    after = await claim(store, contact, NOW + timedelta(seconds=30))
    assert [(item.step, item.vendor_job, item.reply) for item in after.purchases] == [
        (Step.DONE, "", answer),
        (Step.SUBMITTED, "j1", None),
        (Step.STARTED, "", None),
    ]
    await store.journal.record(Answer(job.id, after.token, Step.DONE, NOW, NotFound()))


async def test_two_contacts_with_the_same_question_share_one_purchase(store: Store):
    batch = await accept(store, await caller(store), person(1), person(1))
    first, second = [await claim(store, contact) for contact in await ids(store, batch)]
    ours, theirs = await asyncio.gather(store.journal.begin(intent(first)), store.journal.begin(intent(second)))
    assert ours.id == theirs.id
    assert {ours.mine, theirs.mine} == {True, False}


async def test_an_answer_that_was_bought_is_not_bought_again_by_a_later_contact(store: Store):
    who = await caller(store)
    batch = await accept(store, who, person(1), person(2))
    first, second = [await claim(store, contact) for contact in await ids(store, batch)]
    purchase = await store.journal.begin(intent(first))
    await store.journal.record(Answer(purchase.id, first.token, Step.DONE, NOW, NotFound()))
    again = await store.journal.begin(intent(second))
    assert (again.id, again.mine, again.reply) == (purchase.id, False, NotFound())


async def test_an_answer_past_its_time_is_bought_afresh(store: Store):
    who = await caller(store)
    batch = await accept(store, who, person(1), person(2))
    first, second = [await claim(store, contact) for contact in await ids(store, batch)]
    purchase = await store.journal.begin(intent(first))
    await store.journal.record(Answer(purchase.id, first.token, Step.DONE, NOW, NotFound()))
    later = msgspec.structs.replace(intent(second), at=NOW + timedelta(days=91))
    assert (await store.journal.begin(later)).id != purchase.id


async def test_a_failed_call_may_be_made_again_and_an_uncertain_one_may_not(store: Store):
    batch = await accept(store, await caller(store), person(1), person(2), person(3))
    one, two, three = [await claim(store, contact) for contact in await ids(store, batch)]
    failed = await store.journal.begin(intent(one))
    await store.journal.record(Answer(failed.id, one.token, Step.FAILED, NOW))
    again = await store.journal.begin(intent(two))
    assert again.id != failed.id
    await store.journal.record(Answer(again.id, two.token, Step.UNCERTAIN, NOW))
    assert (await store.journal.begin(intent(three))).step is Step.UNCERTAIN


async def test_a_job_left_open_by_a_contact_that_ended_is_adopted(store: Store):
    batch = await accept(store, await caller(store), person(1), person(2))
    first, second = [await claim(store, contact) for contact in await ids(store, batch)]
    job = await store.journal.begin(intent(first))
    await store.journal.record(Answer(job.id, first.token, Step.SUBMITTED, NOW, vendor_job="j1"))
    await store.journal.settle(ending(first, Outcome(), 0, frozenset()))
    adopted = await store.journal.begin(intent(second))
    assert (adopted.id, adopted.mine, adopted.adopted, adopted.vendor_job) == (job.id, True, True, "j1")
    await store.journal.record(Answer(job.id, second.token, Step.DONE, NOW, NotFound()))


async def test_the_same_person_again_is_free_and_comes_with_what_was_found(store: Store):
    who = await caller(store)
    batch = await accept(store, who, person(1))
    await store.journal.settle(ending(await claim(store, (await ids(store, batch))[0])))
    again = await accept(store, who, person(1, EVERYTHING))
    [contact] = await ids(store, again)
    assert await store.pool.fetchval("SELECT held FROM contact WHERE id = $1", contact) == 13_000
    claimed = await claim(store, contact)
    assert claimed.free == WORK
    assert claimed.history is not None
    assert claimed.history.best_work_email == FOUND.best_work_email


async def test_history_belongs_to_one_workspace(store: Store):
    batch = await accept(store, await caller(store), person(1))
    await store.journal.settle(ending(await claim(store, (await ids(store, batch))[0])))
    other = await accept(store, await caller(store, 10, "south"), person(1))
    assert (await claim(store, (await ids(store, other))[0])).free == frozenset()


async def test_cancelling_lets_running_contacts_settle_and_frees_the_rest(store: Store):
    workspace, key = await caller(store, 1000)
    batch = await accept(store, (workspace, key), *(person(number) for number in range(102)))
    running = await claim(store, (await ids(store, batch))[0])
    assert await store.batches.cancel(workspace, batch, NOW)
    assert len(await ids(store, batch, "skipped")) == 101
    assert await status(store, workspace, batch) is BatchStatus.IN_PROGRESS
    await store.journal.settle(ending(running))
    assert await status(store, workspace, batch) is BatchStatus.CANCELED
    row = await store.pool.fetchrow("SELECT balance, reserved, running FROM workspace")
    assert (row["balance"], row["reserved"], row["running"]) == (999_000, 0, 0)


async def test_nobody_cancels_or_reads_another_workspaces_job(store: Store):
    batch = await accept(store, await caller(store), person(1))
    stranger, _ = await caller(store, 10, "south")
    assert not await store.batches.cancel(stranger, batch, NOW)
    assert await store.batches.finished_view(stranger, batch, NOW) is None


async def test_a_job_older_than_the_history_window_is_gone(store: Store):
    workspace, key = await caller(store)
    batch = await accept(store, (workspace, key), person(1))
    await store.journal.settle(ending(await claim(store, (await ids(store, batch))[0])))
    assert await store.batches.finished_view(workspace, batch, NOW + timedelta(days=91)) is None
    await store.batches.purge(NOW + timedelta(days=91))
    assert await store.pool.fetchval("SELECT count(*) FROM contact") == 0
    assert await store.pool.fetchval("SELECT count(*) FROM ledger_entry") > 0


async def test_every_entry_of_the_ledger_explains_itself_and_they_add_up(store: Store):
    who = await caller(store)
    batch = await accept(store, who, person(1), person(2, EVERYTHING))
    for contact in await ids(store, batch):
        await store.journal.settle(ending(await claim(store, contact)))
    rows = await store.pool.fetch("SELECT * FROM ledger_entry ORDER BY id")
    balance = await store.pool.fetchrow("SELECT balance, reserved FROM workspace")
    assert all(row["note"] for row in rows)
    assert sum(row["amount"] for row in rows) == balance["balance"] == rows[-1]["balance"] == 98_000
    assert sum(row["held"] for row in rows) == balance["reserved"] == rows[-1]["reserved"] == 0


async def test_contacts_and_deliveries_that_no_job_reminds_of_get_a_new_one(store: Store):
    await accept(store, await caller(store), person(1), contact_webhook_url="https://example.com/one")
    await store.pool.execute("DELETE FROM pgqueuer")
    assert await store.journal.requeue_stranded() == 1
    assert await store.journal.requeue_stranded() == 0


async def test_a_call_that_outlived_its_contact_and_its_worker_is_reported_as_uncertain(store: Store):
    batch = await accept(store, await caller(store), person(1), person(2))
    ended, running = [await claim(store, contact) for contact in await ids(store, batch)]
    for claimed in (ended, running):
        await store.journal.begin(intent(claimed, digest=str(claimed.id).encode()))
    await store.journal.settle(ending(ended, Outcome(), 0, frozenset()))
    assert await store.journal.give_up_orphans(NOW) == 0
    assert await store.journal.give_up_orphans(NOW + timedelta(minutes=1)) == 1
    steps = await store.pool.fetch("SELECT step FROM purchase ORDER BY id")
    assert [row["step"] for row in steps] == ["uncertain", "started"]


async def test_requests_are_counted_per_workspace_and_calendar_minute(store: Store):
    options = {"credits_to_grant": 0, "rate_limit": 5, "in_progress": None, "now": NOW}
    one = await store.workspaces.create_key("one", "north", **options)
    two = await store.workspaces.create_key("two", "north", **options)
    used = [await store.workspaces.identify(key, NOW) for key in (one, two, one)]
    assert [found.used for found in used if found] == [1, 2, 3]
    later = await store.workspaces.identify(one, NOW + timedelta(minutes=1))
    assert later is not None
    assert later.used == 1


async def test_a_revoked_key_is_unknown_at_once(store: Store):
    key = await store.workspaces.create_key(
        "one", "north", credits_to_grant=0, rate_limit=None, in_progress=None, now=NOW
    )
    assert await store.workspaces.revoke(key, NOW)
    assert await store.workspaces.identify(key, NOW) is None
    assert not await store.workspaces.revoke(str(uuid4()), NOW)
