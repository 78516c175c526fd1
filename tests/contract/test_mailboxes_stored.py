"""What the verifier remembers, on a real PostgreSQL: findings, domains, hosts to leave alone, samples of patterns."""

from datetime import timedelta

import msgspec
import pytest

from contract.test_store import NOW, accept, caller, claim, ending, ids, person
from openenrich.core.mailbox import CatchAll, MailboxCheck, MailboxStatus
from openenrich.core.patterns import Sample
from openenrich.core.smtp_replies import Stage
from openenrich.engine.mail_ports import Due
from openenrich.engine.ports import AddressSample
from openenrich.lists.directory import DirectoryPerson
from openenrich.store.directory import replace_directory
from openenrich.store.mailboxes import StoredMailboxes
from openenrich.store.samples import StoredSamples
from openenrich.store.secrets import Vault
from openenrich.wiring import Store

ADDRESS = "ada.sample@north.test"
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=seconds) for seconds in (1, 60, 3600, 86_400))
LIFETIME = 30 * DAY
GOOD = MailboxCheck(
    ADDRESS,
    MailboxStatus.DELIVERABLE,
    "accepted",
    stage=Stage.RCPT,
    mx="mx.north.test",
    code=250,
    catch_all=CatchAll.REFUSES,
    flags=frozenset({"role"}),
    checked_at=NOW,
    transcript=(f"> RCPT TO:<{ADDRESS}>", "< 250 ok"),
)
OPEN = MailboxCheck(
    ADDRESS, MailboxStatus.UNKNOWN, "greylisted", code=450, checked_at=NOW, retry_at=NOW + 6 * MINUTE, attempt=2
)
SETTLED = msgspec.structs.replace(OPEN, status=MailboxStatus.DELIVERABLE, retry_at=None, attempt=3)
GIVEN_UP = msgspec.structs.replace(OPEN, retry_at=None, attempt=3)


async def number_of(store: Store) -> int:
    """The id of the only mailbox."""
    number: int = await store.pool.fetchval("SELECT id FROM mailbox")
    return number


async def jobs(store: Store) -> list[tuple[str, str]]:
    rows = await store.pool.fetch("SELECT dedupe_key, payload FROM pgqueuer WHERE entrypoint = 'verify' ORDER BY id")
    return [(row["dedupe_key"], row["payload"].decode()) for row in rows]


async def count(store: Store, table: str) -> int:
    number: int = await store.pool.fetchval(f"SELECT count(*) FROM {table}")
    return number


class TestFindings:
    async def test_a_finding_is_recalled_until_it_expires(self, store: Store) -> None:
        await store.mailboxes.keep(GOOD, LIFETIME, NOW)
        whole = msgspec.structs.replace(GOOD, transcript=())
        assert await store.mailboxes.recall(ADDRESS, NOW) == whole
        assert await store.mailboxes.recall(ADDRESS, NOW + LIFETIME - SECOND) == whole
        assert await store.mailboxes.recall(ADDRESS, NOW + LIFETIME) is None

    async def test_another_address_has_no_part_in_it(self, store: Store) -> None:
        await store.mailboxes.keep(GOOD, LIFETIME, NOW)
        assert await store.mailboxes.recall("ada.sample@south.test", NOW) is None

    async def test_it_is_found_however_the_address_is_written(self, store: Store) -> None:
        await store.mailboxes.keep(GOOD, LIFETIME, NOW)
        found = await store.mailboxes.recall(ADDRESS.upper(), NOW)
        assert found is not None
        assert (found.address, found.status) == (ADDRESS.upper(), MailboxStatus.DELIVERABLE)

    async def test_a_later_finding_takes_the_place_of_the_earlier_one(self, store: Store) -> None:
        gone = msgspec.structs.replace(GOOD, status=MailboxStatus.INVALID, reason="no_user", code=550)
        await store.mailboxes.keep(GOOD, LIFETIME, NOW)
        await store.mailboxes.keep(gone, DAY, NOW + HOUR)
        found = await store.mailboxes.recall(ADDRESS, NOW + HOUR)
        assert found == msgspec.structs.replace(gone, transcript=())
        assert await store.mailboxes.recall(ADDRESS, NOW + HOUR + DAY) is None
        assert await count(store, "mailbox") == 1

    @pytest.mark.parametrize("check", [GOOD, OPEN], ids=["settled", "open"])
    async def test_no_column_names_the_address_in_the_clear(self, store: Store, check: MailboxCheck) -> None:
        await store.mailboxes.keep(check, LIFETIME, NOW)
        row = await store.pool.fetchrow("SELECT * FROM mailbox")
        queued = await store.pool.fetch("SELECT * FROM pgqueuer")
        logged = await store.pool.fetch("SELECT * FROM pgqueuer_log")
        raw = [value for record in (row, *queued, *logged) for value in record.values()]
        shown = b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in raw).lower()
        assert b"mx.north.test" in shown or check is OPEN
        assert [part for part in (ADDRESS.encode(), b"ada", b"sample") if part in shown] == []
        assert store.vault.decrypt(row["address"]) == ADDRESS

    async def test_whoever_has_another_master_key_does_not_find_it(self, store: Store) -> None:
        stranger = StoredMailboxes(store.pool, Vault(b"\x01" * 32))
        await store.mailboxes.keep(GOOD, LIFETIME, NOW)
        assert await stranger.recall(ADDRESS, NOW) is None
        await stranger.keep(SETTLED, LIFETIME, NOW)
        assert await store.mailboxes.recall(ADDRESS, NOW) == msgspec.structs.replace(GOOD, transcript=())


class TestOpenAnswers:
    async def test_an_open_answer_is_kept_and_told_to_whoever_has_its_number(self, store: Store) -> None:
        await store.mailboxes.keep(OPEN, timedelta(0), NOW)
        assert await store.mailboxes.recall(ADDRESS, NOW) == OPEN
        assert await store.mailboxes.recall(ADDRESS, NOW + HOUR) == OPEN
        assert await store.mailboxes.due(await number_of(store)) == Due(ADDRESS, 2, NOW + 6 * MINUTE)

    async def test_it_is_forgotten_when_nobody_follows_it_up(self, store: Store) -> None:
        await store.mailboxes.keep(OPEN, LIFETIME, NOW)
        assert await store.mailboxes.recall(ADDRESS, NOW + 6 * MINUTE + 2 * HOUR) is None

    async def test_one_job_reminds_of_it_at_the_time_of_the_next_try(self, store: Store) -> None:
        await store.mailboxes.keep(OPEN, timedelta(0), NOW)
        await store.mailboxes.keep(OPEN, timedelta(0), NOW)
        number = await number_of(store)
        assert await jobs(store) == [(f"verify:{number}", str(number))]
        wait = await store.pool.fetchval("SELECT execute_after - created FROM pgqueuer WHERE entrypoint = 'verify'")
        assert abs(wait - 6 * MINUTE) < SECOND

    async def test_a_settled_answer_needs_no_job(self, store: Store) -> None:
        await store.mailboxes.keep(GOOD, LIFETIME, NOW)
        assert await jobs(store) == []
        assert await store.mailboxes.due(await number_of(store)) is None

    async def test_an_open_answer_that_was_settled_is_not_due_any_more(self, store: Store) -> None:
        await store.mailboxes.keep(OPEN, timedelta(0), NOW)
        await store.mailboxes.keep(SETTLED, LIFETIME, NOW + HOUR)
        assert await store.mailboxes.due(await number_of(store)) is None
        assert await store.mailboxes.recall(ADDRESS, NOW + DAY) == SETTLED

    async def test_one_that_was_given_up_is_forgotten_at_once(self, store: Store) -> None:
        await store.mailboxes.keep(OPEN, timedelta(0), NOW)
        await store.mailboxes.keep(GIVEN_UP, timedelta(0), NOW + HOUR)
        assert await store.mailboxes.due(await number_of(store)) is None
        assert await store.mailboxes.recall(ADDRESS, NOW + HOUR) is None

    async def test_a_number_that_nobody_has_is_not_due(self, store: Store) -> None:
        assert await store.mailboxes.due(1) is None

    async def test_one_that_no_job_reminds_of_gets_a_job_when_its_time_has_come(self, store: Store) -> None:
        await store.mailboxes.keep(OPEN, timedelta(0), NOW)
        await store.mailboxes.keep(msgspec.structs.replace(GOOD, address="bo@north.test"), LIFETIME, NOW)
        await store.pool.execute("DELETE FROM pgqueuer")
        number = await store.pool.fetchval("SELECT id FROM mailbox WHERE retry_at IS NOT NULL")
        assert await store.mailboxes.requeue_stranded(NOW + 5 * MINUTE) == 0
        assert await store.mailboxes.requeue_stranded(NOW + 7 * MINUTE) == 1
        assert await jobs(store) == [(f"verify:{number}", str(number))]
        assert await store.mailboxes.requeue_stranded(NOW + 8 * MINUTE) == 0

    async def test_one_that_stays_open_in_its_own_job_gets_the_next_job_when_that_one_has_ended(
        self, store: Store
    ) -> None:
        await store.mailboxes.keep(OPEN, timedelta(0), NOW)
        await store.pool.execute("UPDATE pgqueuer SET status = 'picked'")
        again = msgspec.structs.replace(OPEN, retry_at=NOW + 20 * MINUTE, attempt=3)
        await store.mailboxes.keep(again, timedelta(0), NOW + 6 * MINUTE)
        await store.pool.execute("DELETE FROM pgqueuer WHERE status = 'picked'")
        await store.mailboxes.requeue_stranded(NOW + 21 * MINUTE)
        number = await number_of(store)
        assert await jobs(store) == [(f"verify:{number}", str(number))]
        assert await store.mailboxes.due(number) == Due(ADDRESS, 3, NOW + 20 * MINUTE)


async def probe(store: Store, findings: str, lifetime: timedelta = LIFETIME) -> None:
    """Tests of one domain, one after the other: ``a``, it accepts every name; ``r``, it refuses."""
    for letter in findings:
        found = CatchAll.ACCEPTS if letter == "a" else CatchAll.REFUSES
        await store.mailboxes.keep_domain("north.test", "hosts", found, lifetime, NOW)


class TestDomains:
    async def test_a_test_is_remembered_for_its_domain_and_group_of_hosts(self, store: Store) -> None:
        await probe(store, "a")
        assert await store.mailboxes.domain("north.test", "hosts", NOW) is CatchAll.ACCEPTS
        assert await store.mailboxes.domain("south.test", "hosts", NOW) is None
        assert await store.mailboxes.domain("north.test", "others", NOW) is None

    async def test_it_expires(self, store: Store) -> None:
        await probe(store, "r")
        assert await store.mailboxes.domain("north.test", "hosts", NOW + LIFETIME - SECOND) is CatchAll.REFUSES
        assert await store.mailboxes.domain("north.test", "hosts", NOW + LIFETIME) is None

    @pytest.mark.parametrize(
        ("findings", "expected"),
        [
            ("aaa", CatchAll.ACCEPTS),
            ("aar", CatchAll.ACCEPTS),
            ("arr", CatchAll.REFUSES),
            ("raa", CatchAll.ACCEPTS),
            ("rarar", CatchAll.REFUSES),
            ("aaaaarrr", CatchAll.REFUSES),
            ("aaaaarr", CatchAll.ACCEPTS),
            ("ar", CatchAll.REFUSES),
            ("ra", CatchAll.ACCEPTS),
        ],
    )
    async def test_the_majority_of_the_last_five_tests_holds_and_the_latest_when_they_are_even(
        self, store: Store, findings: str, expected: CatchAll
    ) -> None:
        await probe(store, findings)
        assert await store.mailboxes.domain("north.test", "hosts", NOW) is expected

    async def test_no_more_than_five_tests_are_kept_the_latest_first(self, store: Store) -> None:
        await probe(store, "aaarrar")
        recent = await store.pool.fetchval("SELECT recent FROM mail_domain")
        assert recent == ["refuses", "accepts", "refuses", "refuses", "accepts"]

    @pytest.mark.parametrize(
        ("findings", "life"),
        [
            ("rrr", LIFETIME),
            ("rra", 3 * DAY),
            ("rar", 3 * DAY),
            ("arrrr", 3 * DAY),  # the first of five
            ("arrrrr", LIFETIME),  # the last five agree
        ],
    )
    async def test_a_domain_whose_last_tests_disagree_is_tested_again_sooner(
        self, store: Store, findings: str, life: timedelta
    ) -> None:
        await probe(store, findings)
        assert await store.mailboxes.domain("north.test", "hosts", NOW + life - SECOND) is not None
        assert await store.mailboxes.domain("north.test", "hosts", NOW + life) is None

    async def test_disagreement_lengthens_no_life(self, store: Store) -> None:
        await probe(store, "ra", DAY)
        assert await store.mailboxes.domain("north.test", "hosts", NOW + DAY) is None


FIRST, MOST = 15 * MINUTE, HOUR


class TestGroupsThatAreLeftAlone:
    async def test_nobody_is_left_alone_at_first(self, store: Store) -> None:
        assert await store.mailboxes.blocked_until("hosts", NOW) is None

    async def test_a_group_that_blocks_us_is_left_alone_for_the_first_time_span(self, store: Store) -> None:
        await store.mailboxes.trip("hosts", FIRST, MOST, NOW)
        assert await store.mailboxes.blocked_until("hosts", NOW) == NOW + FIRST
        assert await store.mailboxes.blocked_until("hosts", NOW + FIRST - SECOND) == NOW + FIRST
        assert await store.mailboxes.blocked_until("hosts", NOW + FIRST) is None
        assert await store.mailboxes.blocked_until("others", NOW) is None

    async def test_each_time_doubles_the_span_up_to_the_most(self, store: Store) -> None:
        at, spans = NOW, []
        for _ in range(24):
            await store.mailboxes.trip("hosts", FIRST, MOST, at)
            until = await store.mailboxes.blocked_until("hosts", at)
            assert until is not None
            spans.append(until - at)
            at = until
        assert spans == [FIRST, 2 * FIRST, *[MOST] * 22]

    async def test_hearing_of_the_block_again_meanwhile_lengthens_nothing(self, store: Store) -> None:
        await store.mailboxes.trip("hosts", FIRST, MOST, NOW)
        for _ in range(5):
            await store.mailboxes.trip("hosts", FIRST, MOST, NOW + MINUTE)
        assert await store.mailboxes.blocked_until("hosts", NOW + MINUTE) == NOW + FIRST
        await store.mailboxes.trip("hosts", FIRST, MOST, NOW + FIRST)
        assert await store.mailboxes.blocked_until("hosts", NOW + FIRST) == NOW + 3 * FIRST

    async def test_a_group_that_answers_again_begins_anew(self, store: Store) -> None:
        await store.mailboxes.trip("hosts", FIRST, MOST, NOW)
        await store.mailboxes.calm("hosts", NOW + FIRST)
        await store.mailboxes.trip("hosts", FIRST, MOST, NOW + HOUR)
        assert await store.mailboxes.blocked_until("hosts", NOW + HOUR) == NOW + HOUR + FIRST

    async def test_an_answer_to_a_question_of_before_ends_no_block(self, store: Store) -> None:
        await store.mailboxes.trip("hosts", FIRST, MOST, NOW)
        await store.mailboxes.calm("hosts", NOW + MINUTE)
        assert await store.mailboxes.blocked_until("hosts", NOW + MINUTE) == NOW + FIRST

    async def test_one_group_that_answers_calms_no_other(self, store: Store) -> None:
        await store.mailboxes.trip("hosts", FIRST, MOST, NOW)
        await store.mailboxes.calm("others", NOW + FIRST)
        await store.mailboxes.trip("hosts", FIRST, MOST, NOW + FIRST)
        assert await store.mailboxes.blocked_until("hosts", NOW + FIRST) == NOW + 3 * FIRST


class TestForgetting:
    async def test_what_is_past_its_time_is_deleted_and_nothing_else(self, store: Store) -> None:
        short = msgspec.structs.replace(GOOD, address="bo@north.test")
        await store.mailboxes.keep(short, DAY, NOW)
        await store.mailboxes.keep(GOOD, LIFETIME, NOW)
        await store.mailboxes.keep_domain("north.test", "hosts", CatchAll.REFUSES, DAY, NOW)
        await store.mailboxes.keep_domain("south.test", "hosts", CatchAll.REFUSES, LIFETIME, NOW)
        await store.mailboxes.purge(NOW + DAY - SECOND)
        assert (await count(store, "mailbox"), await count(store, "mail_domain")) == (2, 2)
        await store.mailboxes.purge(NOW + DAY + SECOND)
        assert (await count(store, "mailbox"), await count(store, "mail_domain")) == (1, 1)
        assert await store.mailboxes.recall(ADDRESS, NOW + DAY) is not None
        assert await store.mailboxes.domain("south.test", "hosts", NOW + DAY) is CatchAll.REFUSES

    async def test_an_open_answer_stays_until_its_next_try_is_long_past(self, store: Store) -> None:
        await store.mailboxes.keep(OPEN, timedelta(0), NOW)
        await store.mailboxes.purge(NOW + HOUR)
        assert await count(store, "mailbox") == 1
        await store.mailboxes.purge(NOW + 3 * HOUR)
        assert await count(store, "mailbox") == 0


ADA = AddressSample("north.test", "Ada", "Sample", "ada.sample")
BO = AddressSample("north.test", "Bo", "Sample", "bo.sample")


def taught(sample: AddressSample) -> Sample:
    return Sample(sample.first, sample.last, sample.local)


async def confirmed(store: Store, sample: AddressSample | None, at: timedelta = timedelta(0)) -> None:
    """A contact of a batch of its own that ended with that address."""
    batch = await accept(store, await caller(store), person(1))
    [number] = await ids(store, batch)
    settlement = ending(await claim(store, number))
    await store.journal.settle(msgspec.structs.replace(settlement, sample=sample, at=NOW + at))


def listed(**known: str) -> DirectoryPerson:
    return DirectoryPerson(**{name: known.get(name) for name in DirectoryPerson.__struct_fields__})


class TestSamples:
    async def test_an_unknown_company_has_none(self, store: Store) -> None:
        await confirmed(store, None)
        assert await StoredSamples(store.pool).of("north.test") == ()

    async def test_confirmed_contacts_teach_about_their_domain_the_latest_first(self, store: Store) -> None:
        await confirmed(store, ADA)
        await confirmed(store, BO, HOUR)
        await confirmed(store, AddressSample("south.test", "Cy", "Sample", "cy"))
        assert await StoredSamples(store.pool).of("north.test") == (taught(BO), taught(ADA))
        assert await StoredSamples(store.pool).of("south.test") == (Sample("Cy", "Sample", "cy"),)

    async def test_a_sample_goes_with_its_batch(self, store: Store) -> None:
        await confirmed(store, ADA)
        await confirmed(store, BO)
        gone = await store.pool.fetchval(
            "SELECT c.batch_id FROM contact c JOIN address_sample s ON s.contact_id = c.id ORDER BY c.id LIMIT 1"
        )
        await store.pool.execute("DELETE FROM batch WHERE id = $1", gone)
        assert await StoredSamples(store.pool).of("north.test") == (taught(BO),)

    async def test_the_directory_teaches_too(self, store: Store) -> None:
        await confirmed(store, ADA)
        people = (
            listed(first_name="Dee", last_name="Sample", work_email="dsample@north.test", company_domain="north.test"),
            listed(full_name="Eve Sample", work_email="esample@North.test", company_domain="https://www.north.test/"),
            listed(first_name="Fay", last_name="Sample", work_email="fay@south.test", company_domain="south.test"),
        )
        assert await replace_directory(store.pool, "directory", people) == 3
        known = await StoredSamples(store.pool).of("north.test")
        assert known[0] == taught(ADA)
        assert set(known[1:]) == {Sample("Dee", "Sample", "dsample"), Sample("Eve", "Sample", "esample")}

    @pytest.mark.parametrize(
        "known",
        [
            {"first_name": "Dee", "last_name": "Sample"},
            {"first_name": "Dee", "last_name": "Sample", "personal_email": "dee@north.test"},
            {"first_name": "Dee", "last_name": "Sample", "work_email": "dee@parent.test"},
            {"first_name": "Dee", "last_name": "Sample", "work_email": "north.test"},
            {"first_name": "Dee", "work_email": "dee@north.test"},
            {"last_name": "Sample", "work_email": "dee@north.test"},
        ],
    )
    async def test_but_only_whole_names_with_an_address_at_that_very_domain(
        self, store: Store, known: dict[str, str]
    ) -> None:
        await replace_directory(store.pool, "directory", [listed(**known, company_domain="north.test")])
        assert await store.pool.fetchval("SELECT domain FROM directory") == "north.test"
        assert await StoredSamples(store.pool).of("north.test") == ()

    async def test_a_large_company_is_not_read_as_a_whole(self, store: Store) -> None:
        people = [
            listed(
                first_name="Dee",
                last_name=f"Sample{number}",
                work_email=f"dee{number}@north.test",
                company_domain="north.test",
            )
            for number in range(40)
        ]
        await replace_directory(store.pool, "directory", people)
        assert len(await StoredSamples(store.pool).of("north.test")) == 30
