"""A vendor's report: whose it is, whether it is believed, and that each answer is written once.

What the waiting contact does is in ``test_ask_for_jobs.py``.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec
import pytest

from contract.asking import UNCERTAIN, asked, person, result
from contract.fake_journal import FakeBook
from contract.fakes import CALLING, FIND, HIT, NOW, POLLED, SYNC, FakeKeyring, Stage, claimed, hit, settled, until
from openenrich.core.vendor import Callback, KeyHash, NotFound, Pending, Reason, Refused, Reply, Style, Vendor
from openenrich.engine.accept_callback import Reception, accept_callback
from openenrich.engine.ports import Heard, MaybeSentError, Purchase, Step, VendorKey
from openenrich.vendors._discover import VendorAdapter

PUBLIC = "https://enrich.example.org"
SIGNING = replace(CALLING, callback_auth=KeyHash("X-Api-Key-Hash"))
MIXED = replace(SYNC, operations=(FIND, replace(FIND, name="call", style=Style.CALLBACK, calls_back=True)))


@dataclass
class Server:
    """A server that hears reports, in front of a worker's journal."""

    vendor: Vendor = CALLING
    adapter: VendorAdapter | None = None
    keys: Sequence[VendorKey] = (VendorKey("first", "secret-1"),)
    stage: Stage = field(init=False)

    def __post_init__(self) -> None:
        self.stage = Stage(self.vendor, adapter=self.adapter, keys=self.keys, public_url=PUBLIC)

    def bought(
        self, number: int = 1, job: str = "job-1", step: Step = Step.SUBMITTED, operation: str = "find"
    ) -> Purchase:
        """A purchase as a worker has written it."""
        row = Purchase(
            number, "acme", operation, step, mine=True, vendor_job=job, started_at=NOW, key_label="first"
        )  # fmt: skip
        self.stage.journal.rows[number] = row
        return row

    async def hears(
        self, says: Mapping[str, Reply] | bytes, purchase: int = 1, vendor: str = "acme", signature: str | None = None
    ) -> Heard:
        stage = self.stage
        book = FakeBook(stage.journal)
        reception = Reception(stage.desk.catalogue, book, FakeKeyring(self.keys), stage.clock)
        body = says if isinstance(says, bytes) else msgspec.json.encode(says)
        headers = {} if signature is None else {"x-api-key-hash": signature}
        return await accept_callback(reception, vendor, purchase, Callback(body, headers))

    def row(self, number: int = 1) -> Purchase:
        return self.stage.journal.rows[number]


class TestWhoseReportItIs:
    async def test_an_answer_is_written_with_what_it_cost(self) -> None:
        server = Server()
        server.bought()
        assert await server.hears({"job-1": HIT}) is Heard.TAKEN
        assert (server.row().step, server.row().reply, server.row().cost) == (Step.DONE, HIT, 20_000)

    async def test_a_purchase_that_we_do_not_have_is_unknown(self) -> None:
        server = Server()
        server.bought()
        assert await server.hears({"job-1": HIT}, purchase=2) is Heard.UNKNOWN
        assert server.row().step is Step.SUBMITTED

    @pytest.mark.parametrize("vendor", ["other", ""])
    async def test_a_purchase_at_another_vendor_is_unknown(self, vendor: str) -> None:
        server = Server()
        server.bought()
        assert await server.hears({"job-1": HIT}, vendor=vendor) is Heard.UNKNOWN
        assert server.row().step is Step.SUBMITTED

    async def test_a_vendor_that_was_switched_off_is_unknown(self) -> None:
        server = Server()
        server.stage.journal.rows[1] = msgspec.structs.replace(server.bought(), vendor="gone")
        assert await server.hears({"job-1": HIT}, vendor="gone") is Heard.UNKNOWN

    async def test_a_job_that_is_not_ours_is_left_alone(self) -> None:
        server = Server()
        server.bought()
        assert await server.hears({"job-2": HIT}) is Heard.TAKEN
        assert server.row().step is Step.SUBMITTED

    @pytest.mark.parametrize(
        ("reply", "step", "cost"),
        [
            (NotFound(), Step.DONE, 0),
            (NotFound(billed=500), Step.DONE, 10_000),
            (Refused(Reason.NO_CREDIT, code="402"), Step.FAILED, 0),
        ],
    )
    async def test_misses_and_refusals_are_answers_too(self, reply: Reply, step: Step, cost: int) -> None:
        server = Server()
        server.bought()
        await server.hears({"job-1": reply})
        assert (server.row().step, server.row().reply, server.row().cost) == (step, reply, cost)

    async def test_a_job_that_is_reported_as_pending_goes_on_waiting(self) -> None:
        server = Server()
        server.bought()
        assert await server.hears({"job-1": Pending("job-1")}) is Heard.TAKEN
        assert (server.row().step, server.row().reply) == (Step.SUBMITTED, None)


class TestSeveralRowsOfOneJob:
    async def test_a_report_to_any_of_their_addresses_answers_all(self) -> None:
        server = Server()
        for number in (1, 2, 3):
            server.bought(number, f"job-1#{number}")
        says: dict[str, Reply] = {"job-1#1": hit("a"), "job-1#2": NotFound(), "job-1#3": hit("c")}
        assert await server.hears(says, purchase=2) is Heard.TAKEN
        assert [row.reply for row in server.stage.journal.rows.values()] == [hit("a"), NotFound(), hit("c")]
        assert server.stage.journal.steps == [Step.DONE] * 3

    async def test_rows_that_it_leaves_out_go_on_waiting(self) -> None:
        server = Server()
        server.bought(1, "job-1#1")
        server.bought(2, "job-1#2")
        await server.hears({"job-1#2": HIT})
        assert server.stage.journal.steps == [Step.SUBMITTED, Step.DONE]

    async def test_other_jobs_are_not_touched(self) -> None:
        server = Server()
        server.bought(1, "job-1#1")
        server.bought(2, "job-2#1")
        await server.hears({"job-1#1": HIT, "job-2#1": HIT})
        assert server.stage.journal.steps == [Step.DONE, Step.SUBMITTED]

    async def test_the_adapter_is_given_the_tokens_of_all_open_rows_the_addressed_one_first(self) -> None:
        given: list[Sequence[str]] = []

        def read_callback(tokens: Sequence[str], _: Callback) -> dict[str, Reply]:
            given.append(tuple(tokens))
            return {}

        server = Server(adapter=replace(_adapter(Server()), read_callback=read_callback))
        for number in (1, 2, 3):
            server.bought(number, f"job-1#{number}", Step.DONE if number == 3 else Step.SUBMITTED)
        await server.hears({}, purchase=2)
        assert given == [("job-1#2", "job-1#1")]


class TestProof:
    """A vendor that signs with the hash of our key is believed when the hash is right."""

    RIGHT = hashlib.sha256(b"secret-1").hexdigest()

    async def test_the_right_hash_is_believed(self) -> None:
        server = Server(SIGNING)
        server.bought()
        assert await server.hears({"job-1": HIT}, signature=self.RIGHT) is Heard.TAKEN
        assert server.row().step is Step.DONE

    @pytest.mark.parametrize("signature", [None, "", "secret-1", hashlib.sha256(b"secret-2").hexdigest(), "ä"])
    async def test_a_wrong_or_missing_hash_changes_nothing(self, signature: str | None) -> None:
        server = Server(SIGNING)
        server.bought()
        assert await server.hears({"job-1": HIT}, signature=signature) is Heard.NOT_AUTHENTIC
        assert server.row().step is Step.SUBMITTED

    async def test_only_the_key_that_the_question_was_asked_with_counts(self) -> None:
        server = Server(SIGNING, keys=(VendorKey("first", "secret-1"), VendorKey("second", "secret-2")))
        server.bought()
        other = hashlib.sha256(b"secret-2").hexdigest()
        assert await server.hears({"job-1": HIT}, signature=other) is Heard.NOT_AUTHENTIC

    async def test_a_key_that_was_withdrawn_proves_nothing(self) -> None:
        server = Server(SIGNING, keys=())
        server.bought()
        assert await server.hears({"job-1": HIT}, signature=self.RIGHT) is Heard.NOT_AUTHENTIC

    async def test_a_polled_vendors_report_wakes_nobody_without_it(self) -> None:
        server = Server(replace(POLLED, callback_auth=KeyHash("X-Api-Key-Hash")))
        server.bought()
        assert await server.hears(b"done", signature="wrong") is Heard.NOT_AUTHENTIC
        assert server.row().called_back is None


class TestReportsOfPolledVendors:
    async def test_wake_whoever_waits_and_are_not_believed(self) -> None:
        server = Server(POLLED)
        server.bought()
        assert await server.hears({"job-1": HIT}) is Heard.TAKEN
        assert (server.row().step, server.row().reply, server.row().called_back) == (Step.SUBMITTED, None, NOW)

    async def test_wake_everybody_with_a_row_of_the_job(self) -> None:
        server = Server(POLLED)
        server.bought(1, "job-1#1")
        server.bought(2, "job-1#2")
        server.bought(3, "job-2")
        await server.hears(b"anything at all")
        assert [row.called_back for row in server.stage.journal.rows.values()] == [NOW, NOW, None]

    async def test_the_contact_then_reads_at_once(self) -> None:
        server = Server(replace(POLLED, poll_every_s=30.0))
        contact = asyncio.ensure_future(asked(server.stage.says(Pending("job-1")).reads({"job-1": HIT})))
        await until(lambda: server.stage.clock.elapsed >= 3)
        assert await server.hears(b"ready") is Heard.TAKEN
        assert await contact == result(HIT)
        assert server.stage.clock.elapsed < 5

    async def test_the_style_of_the_operation_decides(self) -> None:
        server = Server(MIXED)
        server.bought(1, "job-1", operation="find")
        server.bought(2, "job-2", operation="call")
        await server.hears({"job-1": HIT}, purchase=1)
        await server.hears({"job-2": HIT}, purchase=2)
        assert server.stage.journal.steps == [Step.SUBMITTED, Step.DONE]


class TestEarlyReports:
    async def test_a_report_that_is_faster_than_the_submissions_answer_waits_for_it(self) -> None:
        server = Server()
        row = server.bought(step=Step.STARTED, job="")
        report = asyncio.ensure_future(server.hears({"job-1": HIT}))
        await until(lambda: server.stage.clock.elapsed > 1)
        server.stage.journal.rows[1] = msgspec.structs.replace(row, step=Step.SUBMITTED, vendor_job="job-1")
        assert await report is Heard.TAKEN
        assert server.row().step is Step.DONE

    async def test_after_a_moment_the_vendor_is_told_to_come_again(self) -> None:
        server = Server()
        server.bought(step=Step.STARTED, job="")
        assert await server.hears({"job-1": HIT}) is Heard.TOO_EARLY
        assert server.row().step is Step.STARTED
        assert server.stage.clock.elapsed == 5

    async def test_a_forged_one_learns_nothing_by_coming_early(self) -> None:
        server = Server(SIGNING)
        server.bought(step=Step.STARTED, job="")
        assert await server.hears({"job-1": HIT}, signature="wrong") is Heard.NOT_AUTHENTIC


class TestReportsThatAreTooLateOrComeAgain:
    async def test_twice_is_once(self) -> None:
        server = Server()
        server.bought()
        assert [await server.hears({"job-1": HIT}) for _ in range(2)] == [Heard.TAKEN] * 2
        assert server.stage.events == ["reported done"]

    async def test_a_second_report_does_not_replace_the_first(self) -> None:
        server = Server()
        server.bought()
        await server.hears({"job-1": HIT})
        await server.hears({"job-1": NotFound()})
        assert server.row().reply == HIT

    async def test_two_at_the_same_moment_write_once(self) -> None:
        server = Server()
        server.bought()
        await asyncio.gather(server.hears({"job-1": HIT}), server.hears({"job-1": NotFound()}))
        assert len(server.stage.events) == 1

    @pytest.mark.parametrize("step", [Step.DONE, Step.FAILED])
    async def test_a_purchase_that_has_its_answer_keeps_it(self, step: Step) -> None:
        server = Server()
        server.stage.journal.rows[1] = msgspec.structs.replace(server.bought(step=step), reply=NotFound())
        assert await server.hears({"job-1": HIT}) is Heard.TAKEN
        assert server.row().reply == NotFound()

    async def test_a_late_report_settles_what_was_uncertain(self) -> None:
        server = Server()
        server.stage.says(MaybeSentError())
        assert await asked(server.stage) == UNCERTAIN
        assert await server.hears({"": HIT}) is Heard.TAKEN  # the job's number never reached us
        assert (server.row().step, server.row().reply, server.row().cost) == (Step.DONE, HIT, 20_000)

    async def test_and_whoever_asks_the_same_then_has_the_answer_for_nothing(self) -> None:
        server = Server()
        server.stage.says(MaybeSentError())
        await asked(server.stage, claimed(1))
        await server.hears({"": HIT})
        assert await asked(server.stage, claimed(2)) == result(HIT)
        assert server.stage.events.count("call first") == 1


class TestReportsThatCanNotBeRead:
    @pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'{"job-1": {"type": "else"}}'])
    async def test_a_shape_that_is_not_known_changes_nothing(self, body: bytes) -> None:
        server = Server()
        server.bought()
        assert await server.hears(body) is Heard.UNREADABLE
        assert server.row().step is Step.SUBMITTED

    async def test_what_it_said_is_not_logged(self, capsys: pytest.CaptureFixture[str]) -> None:
        server = Server()
        server.bought()
        await server.hears(b'{"job-1": "Ada Sample"}')
        said = "".join(capsys.readouterr())
        assert "vendor.callback_unreadable" in said
        assert "Sample" not in said

    async def test_a_vendor_that_calls_back_without_the_function_for_it_is_a_bug_that_is_raised(self) -> None:
        server = Server(adapter=replace(_adapter(Server()), read_callback=None))
        server.bought()
        with pytest.raises(TypeError, match="read_callback"):
            await server.hears({"job-1": HIT})


async def test_from_the_question_to_the_answer_with_several_contacts_in_one_request() -> None:
    server = Server(replace(CALLING, operations=(replace(FIND, batch=3, calls_back=True),)))
    stage = server.stage.says({"1": Pending("job-1#a"), "2": Pending("job-1#b")})
    contacts = [asyncio.ensure_future(asked(stage, claimed(n, person(name)))) for n, name in enumerate("ab", 1)]
    await until(lambda: stage.journal.steps == [Step.SUBMITTED] * 2)
    assert stage.transport.requests[0].query == {"report": f"{PUBLIC}/callbacks/acme/1"}
    assert await server.hears({"job-1#a": hit("a"), "job-1#b": NotFound()}) is Heard.TAKEN
    assert await asyncio.gather(*contacts) == [result(hit("a")), result(NotFound())]
    await settled()
    assert stage.transport.asked == [("a", "b")]


def _adapter(server: Server) -> VendorAdapter:
    adapter = server.stage.desk.catalogue["acme"]
    assert isinstance(adapter, VendorAdapter)
    return adapter
