"""Reports of vendors on a real PostgreSQL: whose address it is, which rows it is about, what may be written."""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.test_store import FOUND, NOW, accept, caller, claim, ending, ids, intent, person
from openenrich.core.contact import EmailFound, Values
from openenrich.core.outcome import Outcome
from openenrich.core.vendor import Found, NotFound, Reason, Refused
from openenrich.engine.ports import OPEN, Answer, Claimed, LostClaimError, Purchase, Step
from openenrich.settings import Settings
from openenrich.store import postgres
from openenrich.store.callbacks import CallbackAddresses, StoredCallbacks
from openenrich.store.journal import PostgresJournal
from openenrich.store.postgres import Pool, migrate, open_pool, pending_migrations
from openenrich.store.secrets import Vault
from openenrich.wiring import Store, open_store

ADDRESSES = CallbackAddresses(Vault(bytes(32)), "https://enrich.example.org")
HIT = Found(Values(emails=(EmailFound("ada@north.test"),)))
LATER = NOW + timedelta(minutes=5)


def book(store: Store) -> StoredCallbacks:
    return StoredCallbacks(store.pool)


async def contacts(store: Store, count: int, workspace: str = "north") -> list[Claimed]:
    """Running contacts of one workspace, all of different people."""
    batch = await accept(store, await caller(store, 1000, workspace), *(person(number) for number in range(count)))
    return [await claim(store, number) for number in await ids(store, batch)]


async def bought(
    store: Store,
    contact: Claimed,
    job: str = "job-1",
    *,
    vendor: str = "acme",
    key: str = "main",
    step: Step = Step.SUBMITTED,
) -> Purchase:
    """A purchase of a contact in that step; ``started`` has no job yet."""
    question = msgspec.structs.replace(intent(contact, uuid4().bytes, vendor), key_label=key)
    purchase = await store.journal.begin(question)
    if step is not Step.STARTED:
        await store.journal.record(Answer(purchase.id, contact.token, step, NOW, vendor_job=job))
    return purchase


async def jobs(store: Store, purchase: Purchase, vendor: str = "acme") -> list[int]:
    return [job.id for job in await book(store).jobs(vendor, purchase.id)]


async def seen(store: Store, purchase: Purchase) -> Purchase:
    return await store.journal.look(purchase.id)


class TestAddresses:
    def test_an_address_leads_back_to_its_purchase(self) -> None:
        url = ADDRESSES.callback_url("acme", 7)
        assert url is not None
        front, token = url.rsplit("/", 1)
        assert front == "https://enrich.example.org/callbacks/acme"
        assert ADDRESSES.purchase_id("acme", token) == 7

    @given(st.integers(0, 2**63 - 1))
    def test_whatever_its_number(self, number: int) -> None:
        token = ADDRESSES.token("acme", number)
        assert ADDRESSES.purchase_id("acme", token) == number
        assert token.isascii()
        assert not set(token) & set("=/+?#%")

    def test_a_server_without_a_public_address_gives_none_away(self) -> None:
        assert CallbackAddresses(Vault(bytes(32)), "").callback_url("acme", 7) is None

    def test_a_slash_at_the_end_of_the_public_address_is_not_doubled(self) -> None:
        with_slash = CallbackAddresses(Vault(bytes(32)), "https://enrich.example.org/")
        assert with_slash.callback_url("acme", 7) == ADDRESSES.callback_url("acme", 7)

    def test_the_number_of_another_purchase_does_not_fit_its_proof(self) -> None:
        seven, eight = (base64.urlsafe_b64decode(ADDRESSES.token("acme", number)) for number in (7, 8))
        forged = base64.urlsafe_b64encode(eight[:8] + seven[8:]).decode()
        assert ADDRESSES.purchase_id("acme", forged) is None

    @pytest.mark.parametrize("vendor", ["other", "Acme", "acm", "acme:", ""])
    def test_an_address_is_good_at_its_own_vendor_only(self, vendor: str) -> None:
        assert ADDRESSES.purchase_id(vendor, ADDRESSES.token("acme", 7)) is None

    def test_another_master_key_has_other_addresses(self) -> None:
        other = CallbackAddresses(Vault(b"\x01" * 32), "https://enrich.example.org")
        assert other.purchase_id("acme", ADDRESSES.token("acme", 7)) is None

    def test_every_part_of_an_address_counts(self) -> None:
        token = ADDRESSES.token("acme", 7)
        shorter = [token[:length] for length in range(len(token))]
        assert [ADDRESSES.purchase_id("acme", part) for part in shorter] == [None] * len(token)
        assert ADDRESSES.purchase_id("acme", f"{token}AAAA") is None

    def test_no_single_letter_of_it_can_be_changed(self) -> None:
        token = ADDRESSES.token("acme", 7)
        others = ("B" if letter == "A" else "A" for letter in token)
        changed = [token[:place] + other + token[place + 1 :] for place, other in enumerate(others)]
        assert [ADDRESSES.purchase_id("acme", one) for one in changed] == [None] * len(token)

    @pytest.mark.parametrize("token", ["", "=", "====", "a", "7", "sch\u00fcssel", "\0", "../../etc", "A" * 10_000])
    def test_garbage_belongs_to_nobody(self, token: str) -> None:
        assert ADDRESSES.purchase_id("acme", token) is None

    @given(st.text(max_size=60))
    def test_nothing_that_a_stranger_writes_is_an_address_or_an_error(self, token: str) -> None:
        assert ADDRESSES.purchase_id("acme", token) is None


class TestWhichRowsAReportIsAbout:
    async def test_a_purchase_alone_is_told_as_it_is(self, store: Store) -> None:
        [contact] = await contacts(store, 1)
        purchase = await bought(store, contact)
        [job] = await book(store).jobs("acme", purchase.id)
        assert (job.id, job.workspace_id, job.operation) == (purchase.id, contact.workspace_id, "find")
        assert (job.step, job.vendor_job, job.key_label) == (Step.SUBMITTED, "job-1", "main")

    async def test_a_purchase_that_is_not_there_has_none(self, store: Store) -> None:
        [contact] = await contacts(store, 1)
        purchase = await bought(store, contact)
        assert await book(store).jobs("acme", purchase.id + 1) == ()
        assert await book(store).jobs("acme", 2**63 - 1) == ()

    async def test_another_vendor_has_no_part_in_it(self, store: Store) -> None:
        one, two = await contacts(store, 2)
        ours, theirs = await bought(store, one), await bought(store, two, vendor="other")
        assert await jobs(store, ours, "other") == []
        assert (await jobs(store, ours), await jobs(store, theirs, "other")) == ([ours.id], [theirs.id])

    async def test_all_rows_of_a_job_come_with_it_the_addressed_one_first(self, store: Store) -> None:
        one, two, three, alone = await contacts(store, 4)
        first, second, third = [
            await bought(store, contact, f"job-1#{row}") for row, contact in enumerate((one, two, three), 1)
        ]
        await bought(store, alone, "job-2#1")
        assert await jobs(store, second) == [second.id, first.id, third.id]
        assert await jobs(store, first) == [first.id, second.id, third.id]

    async def test_a_row_may_have_any_text_after_the_first_mark(self, store: Store) -> None:
        one, two, three = await contacts(store, 3)
        first, second = await bought(store, one, "job-1#a#b"), await bought(store, two, "job-1")
        await bought(store, three, "job-11#a")
        assert await jobs(store, first) == [first.id, second.id]

    async def test_rows_of_another_workspace_do_not_come_with_it(self, store: Store) -> None:
        [ours], [theirs] = await contacts(store, 1), await contacts(store, 1, "south")
        mine, other = await bought(store, ours, "job-1#1"), await bought(store, theirs, "job-1#2")
        assert (await jobs(store, mine), await jobs(store, other)) == ([mine.id], [other.id])

    async def test_rows_asked_with_another_key_do_not_come_with_it(self, store: Store) -> None:
        one, two = await contacts(store, 2)
        mine, other = await bought(store, one, "job-1#1"), await bought(store, two, "job-1#2", key="second")
        assert (await jobs(store, mine), await jobs(store, other)) == ([mine.id], [other.id])

    @pytest.mark.parametrize("step", [Step.DONE, Step.FAILED, Step.UNCERTAIN, Step.REDEEMING, Step.STARTED])
    async def test_rows_that_do_not_wait_for_a_report_do_not_come_with_it(self, store: Store, step: Step) -> None:
        one, two = await contacts(store, 2)
        waiting, other = await bought(store, one, "job-1#1"), await bought(store, two, "job-1#2", step=step)
        assert await jobs(store, waiting) == [waiting.id]
        assert (await jobs(store, other))[0] == other.id

    async def test_rows_without_a_job_are_not_one_job(self, store: Store) -> None:
        one, two = await contacts(store, 2)
        first, _ = await bought(store, one, ""), await bought(store, two, "")
        assert await jobs(store, first) == [first.id]


class TestWaking:
    async def test_whoever_looks_sees_when_the_vendor_reported(self, store: Store) -> None:
        one, two, three = await contacts(store, 3)
        first, second, other = [await bought(store, contact) for contact in (one, two, three)]
        await book(store).wake([first.id, second.id], LATER)
        assert [(await seen(store, row)).called_back for row in (first, second, other)] == [LATER, LATER, None]
        assert (await seen(store, first)).step is Step.SUBMITTED

    async def test_a_second_report_counts_anew(self, store: Store) -> None:
        purchase = await bought(store, (await contacts(store, 1))[0])
        for minutes in (1, 2):
            await book(store).wake([purchase.id], NOW + timedelta(minutes=minutes))
        assert (await seen(store, purchase)).called_back == NOW + timedelta(minutes=2)

    @pytest.mark.parametrize("step", [Step.STARTED, Step.REDEEMING, Step.DONE, Step.FAILED, Step.UNCERTAIN])
    async def test_nobody_is_woken_who_does_not_wait(self, store: Store, step: Step) -> None:
        purchase = await bought(store, (await contacts(store, 1))[0], step=step)
        await book(store).wake([purchase.id], LATER)
        assert (await seen(store, purchase)).called_back is None


class TestAnswering:
    async def test_an_answer_is_written_with_its_cost_and_time(self, store: Store) -> None:
        purchase = await bought(store, (await contacts(store, 1))[0])
        assert await book(store).answer(purchase.id, Step.DONE, HIT, 24_500, LATER)
        row = await seen(store, purchase)
        assert (row.step, row.reply, row.cost, row.called_back) == (Step.DONE, HIT, 24_500, LATER)
        assert await finished(store, purchase) == LATER

    async def test_the_contact_that_waits_can_no_longer_write_another(self, store: Store) -> None:
        [contact] = await contacts(store, 1)
        purchase = await bought(store, contact)
        await book(store).answer(purchase.id, Step.DONE, HIT, 1, LATER)
        with pytest.raises(LostClaimError):
            await store.journal.record(Answer(purchase.id, contact.token, Step.DONE, LATER, NotFound()))
        assert (await seen(store, purchase)).reply == HIT

    async def test_two_reports_at_the_same_moment_write_one_answer(self, store: Store) -> None:
        purchase = await bought(store, (await contacts(store, 1))[0])
        written = await asyncio.gather(
            *(book(store).answer(purchase.id, Step.DONE, HIT, cost, LATER) for cost in range(8))
        )
        assert sorted(written) == [False] * 7 + [True]
        assert (await seen(store, purchase)).cost == written.index(True)

    @pytest.mark.parametrize("step", [Step.DONE, Step.FAILED])
    async def test_an_answer_that_is_there_is_not_overwritten(self, store: Store, step: Step) -> None:
        [contact] = await contacts(store, 1)
        purchase = await bought(store, contact)
        await store.journal.record(Answer(purchase.id, contact.token, step, NOW, NotFound(), cost=7))
        assert not await book(store).answer(purchase.id, Step.DONE, HIT, 24_500, LATER)
        row = await seen(store, purchase)
        assert (row.step, row.reply, row.cost, row.called_back) == (step, NotFound(), 7, None)

    @pytest.mark.parametrize("step", [Step.STARTED, Step.REDEEMING])
    async def test_a_question_that_is_still_being_asked_is_left_to_whoever_asks(self, store: Store, step: Step) -> None:
        purchase = await bought(store, (await contacts(store, 1))[0], step=step)
        assert not await book(store).answer(purchase.id, Step.DONE, HIT, 1, LATER)
        assert (await seen(store, purchase)).step is step

    async def test_a_late_answer_settles_what_was_uncertain_and_serves_whoever_asks_next(self, store: Store) -> None:
        first, second = await contacts(store, 2)
        purchase = await store.journal.begin(intent(first))
        await store.journal.record(Answer(purchase.id, first.token, Step.UNCERTAIN, NOW))
        assert await book(store).answer(purchase.id, Step.DONE, HIT, 24_500, LATER)
        shared = await store.journal.begin(intent(second))
        assert (shared.id, shared.step, shared.reply, shared.mine) == (purchase.id, Step.DONE, HIT, False)

    async def test_a_failure_that_is_reported_lets_the_question_be_asked_again(self, store: Store) -> None:
        first, second = await contacts(store, 2)
        purchase = await store.journal.begin(intent(first))
        await store.journal.record(Answer(purchase.id, first.token, Step.SUBMITTED, NOW, vendor_job="job-1"))
        assert await book(store).answer(purchase.id, Step.FAILED, Refused(Reason.NO_CREDIT), 0, LATER)
        assert (await store.journal.begin(intent(second))).id != purchase.id

    async def test_an_answer_that_comes_after_the_question_was_bought_afresh_does_not_replace_the_new_one(
        self, store: Store
    ) -> None:
        first, second, third = await contacts(store, 3)
        old = await store.journal.begin(intent(first))
        await store.journal.record(Answer(old.id, first.token, Step.UNCERTAIN, NOW))
        much_later = NOW + timedelta(days=91)
        new = await store.journal.begin(msgspec.structs.replace(intent(second), at=much_later))
        assert new.id != old.id
        assert await book(store).answer(old.id, Step.DONE, HIT, 24_500, much_later)
        assert (await seen(store, old)).reply == HIT
        assert (await store.journal.begin(msgspec.structs.replace(intent(third), at=much_later))).id == new.id

    async def test_a_purchase_that_is_gone_is_not_answered(self, store: Store) -> None:
        assert not await book(store).answer(1, Step.DONE, HIT, 1, LATER)


async def finished(store: Store, purchase: Purchase) -> datetime | None:
    at: datetime | None = await store.pool.fetchval("SELECT finished_at FROM purchase WHERE id = $1", purchase.id)
    return at


class TestTheJournalOfRedeemedRecords:
    async def test_a_record_that_a_dead_worker_was_about_to_pay_is_taken_over(self, store: Store) -> None:
        [dead] = await contacts(store, 1)
        purchase = await bought(store, dead, "record-1", step=Step.REDEEMING)
        alive = await claim(store, dead.id, NOW + timedelta(seconds=30))
        assert [(row.id, row.step, row.vendor_job, row.mine) for row in alive.purchases] == [
            (purchase.id, Step.REDEEMING, "record-1", True)
        ]
        with pytest.raises(LostClaimError):
            await store.journal.record(Answer(purchase.id, dead.token, Step.DONE, NOW, HIT, cost=1))
        await store.journal.record(Answer(purchase.id, alive.token, Step.DONE, NOW, HIT, cost=2))
        assert (await seen(store, purchase)).cost == 2

    async def test_it_is_open_until_it_is_paid(self, store: Store) -> None:
        [contact] = await contacts(store, 1)
        purchase = await bought(store, contact, "record-1")
        await store.journal.record(Answer(purchase.id, contact.token, Step.REDEEMING, NOW, vendor_job="record-1"))
        assert await finished(store, purchase) is None
        await store.journal.record(Answer(purchase.id, contact.token, Step.DONE, LATER, HIT))
        assert await finished(store, purchase) == LATER

    async def test_an_orphan_that_was_being_paid_is_uncertain_and_one_that_was_not_is_left(self, store: Store) -> None:
        ended, running = await contacts(store, 2)
        paying = await bought(store, ended, "record-1", step=Step.REDEEMING)
        waiting = await bought(store, ended, "record-2")
        held = await bought(store, running, "record-3", step=Step.REDEEMING)
        await store.journal.settle(ending(ended, Outcome(), 0, frozenset()))
        assert await store.journal.give_up_orphans(NOW) == 0
        assert await store.journal.give_up_orphans(LATER) == 1
        assert [(await seen(store, row)).step for row in (paying, waiting, held)] == [
            Step.UNCERTAIN,
            Step.SUBMITTED,
            Step.REDEEMING,
        ]
        assert await finished(store, paying) is not None

    async def test_one_that_is_being_paid_elsewhere_is_not_adopted(self, store: Store) -> None:
        first, second = await contacts(store, 2)
        purchase = await store.journal.begin(intent(first))
        await store.journal.record(Answer(purchase.id, first.token, Step.REDEEMING, NOW, vendor_job="record-1"))
        await store.journal.settle(ending(first, FOUND, 0, frozenset()))
        shared = await store.journal.begin(intent(second))
        assert (shared.id, shared.step, shared.mine, shared.adopted) == (purchase.id, Step.REDEEMING, False, False)


class CountingPool:
    """The pool of the test, and how often it was asked."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.asked: list[str] = []

    async def fetch(self, query: str, *values: object) -> list[asyncpg.Record]:
        self.asked.append(query)
        rows: list[asyncpg.Record] = await self._pool.fetch(query, *values)
        return rows


class TestLooking:
    async def test_many_who_look_at_once_are_told_from_one_reading(self, store: Store) -> None:
        waiting = [await bought(store, contact, f"job-{contact.id}") for contact in await contacts(store, 20)]
        counting = CountingPool(store.pool)
        journal = PostgresJournal(counting, store.batches, timedelta(days=90))
        rows = await asyncio.gather(*(journal.look(purchase.id) for purchase in (*reversed(waiting), *waiting)))
        assert [row.id for row in rows] == [purchase.id for purchase in (*reversed(waiting), *waiting)]
        assert len(counting.asked) == 1

    async def test_nobody_who_only_looks_may_write(self, store: Store) -> None:
        [contact] = await contacts(store, 1)
        purchase = await bought(store, contact)
        row = await seen(store, purchase)
        assert (row.mine, row.vendor_job, row.key_label, row.started_at) == (
            False,
            "job-1",
            "main",
            purchase.started_at,
        )

    async def test_whoever_takes_over_is_told_that_the_vendor_reported(self, store: Store) -> None:
        [dead] = await contacts(store, 1)
        purchase = await bought(store, dead)
        await book(store).wake([purchase.id], LATER)
        alive = await claim(store, dead.id, NOW + timedelta(seconds=30))
        assert [row.called_back for row in alive.purchases] == [LATER]

    async def test_whoever_adopts_is_told_too(self, store: Store) -> None:
        first, second = await contacts(store, 2)
        purchase = await store.journal.begin(intent(first))
        await store.journal.record(Answer(purchase.id, first.token, Step.SUBMITTED, NOW, vendor_job="job-1"))
        await book(store).wake([purchase.id], LATER)
        await store.journal.settle(ending(first, Outcome(), 0, frozenset()))
        adopted = await store.journal.begin(intent(second))
        assert (adopted.adopted, adopted.called_back) == (True, LATER)


class TestADatabaseOfBefore:
    """One that has only the first migration, and work in it."""

    STEPS = ("started", "submitted", "submitted", "done", "failed", "uncertain")

    @pytest.fixture
    async def old(self, database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pool]:
        async with open_pool(database_url, size=4) as pool:
            await pool.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            first = postgres.migrations()[:1]
            with monkeypatch.context() as before:
                before.setattr(postgres, "migrations", lambda: first)
                assert await migrate(pool) == [1]
            await self._fill(pool)
            yield pool

    async def _fill(self, pool: Pool) -> None:
        workspace, key, batch = (UUID(int=number) for number in (1, 2, 3))
        await pool.execute(
            "INSERT INTO workspace (id, name, balance, reserved, running, rate_limit, concurrent_contacts, created_at)"
            " VALUES ($1, 'north', 10000, 1000, 1, 60, 100, $2)",
            workspace,
            NOW,
        )
        await pool.execute(
            "INSERT INTO api_key (id, workspace_id, name, digest, ciphertext, created_at)"
            " VALUES ($1, $2, 'test', 'd', 'c', $3)",
            key,
            workspace,
            NOW,
        )
        await pool.execute(
            "INSERT INTO batch (id, workspace_id, key_id, name, api_version, status, total, remaining, created_at)"
            " VALUES ($1, $2, $3, 'list', 2, 'IN_PROGRESS', 1, 1, $4)",
            batch,
            workspace,
            key,
            NOW,
        )
        contact: int = await pool.fetchval(
            "INSERT INTO contact (batch_id, workspace_id, position, state, subject, wanted, free, input, custom,"
            " worst, held, token, created_at, started_at)"
            " VALUES ($1, $2, 0, 'running', $3, '{work_email}', '{}', '{}', '{}', 1000, 1000, $1, $4, $4)"
            " RETURNING id",
            batch,
            workspace,
            msgspec.json.encode(person(1).contact),
            NOW,
        )
        for number, step in enumerate(self.STEPS):
            await pool.execute(
                "WITH bought AS (INSERT INTO purchase (workspace_id, vendor, operation, digest, step, live,"
                " contact_id, token, key_label, vendor_job, cost, started_at)"
                " VALUES ($1, 'acme', 'find', $2, $3, $3 <> 'failed', $4, $5, 'main', $6, 7, $7) RETURNING id)"
                " INSERT INTO attempt SELECT $4, id, true, '{work_email}', $7 FROM bought",
                workspace,
                step.encode() + bytes([number]),
                step,
                contact,
                batch,
                f"job-1#{number}" if step == "submitted" else "",
                NOW,
            )

    async def test_gets_the_migrations_that_it_lacks_and_keeps_its_rows(self, old: Pool) -> None:
        columns = "id, step, live, digest, vendor_job, cost, started_at"
        before = await old.fetch(f"SELECT {columns} FROM purchase ORDER BY id")
        lacking = [number for number, _ in postgres.migrations()][1:]
        assert lacking[:2] == [2, 3]
        assert await pending_migrations(old) == lacking
        assert await migrate(old) == lacking
        assert await migrate(old) == await pending_migrations(old) == []
        assert await old.fetch(f"SELECT {columns} FROM purchase ORDER BY id") == before
        assert [row["step"] for row in before] == list(self.STEPS)
        assert await old.fetchval("SELECT count(called_back_at) FROM purchase") == 0

    async def test_processes_that_start_together_migrate_once(self, old: Pool) -> None:
        lacking = await pending_migrations(old)
        applied = await asyncio.gather(*(migrate(old) for _ in range(3)))
        assert sorted(applied, key=len) == [[], [], lacking]

    async def test_then_has_the_same_columns_and_indexes_as_a_new_one(self, old: Pool, server_url: str) -> None:
        await migrate(old)
        shape = (
            "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name NOT LIKE 'pgqueuer%' ORDER BY 1, 2"
        )
        indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
        template = server_url.partition("?")
        async with open_pool(f"{template[0].rsplit('/', 1)[0]}/migrated?{template[2]}", size=1) as new:
            for query in (shape, indexes):
                assert await old.fetch(query) == await new.fetch(query)

    async def test_then_finds_purchases_of_every_open_step_by_their_contact(self, old: Pool) -> None:
        await migrate(old)
        found: str = await old.fetchval("SELECT indexdef FROM pg_indexes WHERE indexname = 'purchase_open'")
        assert [step for step in OPEN if f"'{step}'" not in found] == []

    async def test_goes_on_with_the_work_that_it_had(self, old: Pool, settings: Settings) -> None:
        contact = await old.fetchval("SELECT id FROM contact")
        async with open_store(settings) as store:
            claimed = await claim(store, contact, LATER)
            assert [row.step for row in claimed.purchases] == [Step(step) for step in self.STEPS]
            _, first, second, *_ = claimed.purchases
            assert await jobs(store, second) == [second.id, first.id]
            await book(store).wake([first.id], LATER)
            assert (await seen(store, first)).called_back == LATER
            assert await book(store).answer(second.id, Step.DONE, HIT, 1, LATER)
            await store.journal.record(Answer(first.id, claimed.token, Step.REDEEMING, LATER, vendor_job="record-1"))
