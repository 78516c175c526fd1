"""Questions whose answers come later: jobs that are polled, and vendors that report to us."""

import asyncio
from dataclasses import replace

import pytest

from contract.asking import (
    BAD_KEY,
    BROKEN,
    NO_CREDIT,
    TOO_FAST,
    TWO_KEYS,
    asked,
    open_purchase,
    person,
    result,
    stopped,
)
from contract.fake_journal import FakeBook
from contract.fakes import CALLING, FIND, HIT, POLLED, SYNC, Stage, claimed, hit, settled, until
from openenrich.core.vendor import Limits, NotFound, Operation, Pending, Reason, Refused, Vendor
from openenrich.engine.ask_vendor import resume
from openenrich.engine.ports import MaybeSentError, NeverSentError, Step

PUBLIC = "https://enrich.example.org"


class TestJobs:
    async def test_the_job_is_in_the_journal_before_the_first_poll(self) -> None:
        stage = Stage(POLLED).says(Pending("job-1")).reads({}, {"job-1": Pending("job-1")}, {"job-1": HIT})
        assert await asked(stage) == result(HIT)
        assert stage.events == ["intent first", "call first", "submitted", *["poll first"] * 3, "done"]
        assert stage.journal.answers[0].vendor_job == "job-1"
        assert stage.transport.polled == [("job-1",)] * 3
        assert stage.clock.elapsed == 15

    async def test_a_job_that_ends_without_a_result_is_a_miss(self) -> None:
        stage = Stage(POLLED).says(Pending("job-1")).reads({"job-1": NotFound()})
        assert await asked(stage) == result(NotFound())
        assert stage.journal.steps == [Step.DONE]

    @pytest.mark.parametrize(
        "moment",
        [
            {"job-1": TOO_FAST},
            {"job-1": BROKEN},
            {"job-1": Refused(Reason.UNREADABLE)},
            {"job-1": Refused(Reason.INPUT_REFUSED, code="400")},
            NeverSentError(),
            MaybeSentError(),
        ],
    )
    async def test_a_bad_moment_of_the_read_endpoint_does_not_lose_what_was_bought(
        self, moment: dict[str, Refused] | Exception
    ) -> None:
        stage = Stage(POLLED).says(Pending("job-1")).reads(moment, {"job-1": HIT})
        assert await asked(stage) == result(HIT)
        assert stage.journal.steps == [Step.DONE]

    async def test_a_pause_that_the_read_endpoint_asks_for_is_kept(self) -> None:
        stage = Stage(POLLED).says(Pending("job-1"))
        stage.reads({"job-1": Refused(Reason.RATE_LIMITED, after_s=12.0)}, {"job-1": HIT})
        await asked(stage)
        assert stage.clock.elapsed == 5 + 12 + 5

    @pytest.mark.parametrize("reason", [Reason.UNAVAILABLE, Reason.NO_CREDIT, Reason.INPUT_REFUSED, Reason.SUPPRESSED])
    async def test_a_job_that_failed_for_good_is_failed(self, reason: Reason) -> None:
        failed = Refused(reason, code="ABORTED", final=True)
        stage = Stage(POLLED).says(Pending("job-1")).reads({"job-1": failed})
        assert await asked(stage) == result(failed)
        assert stage.journal.steps == [Step.FAILED]
        assert stage.clock.elapsed == 5

    @pytest.mark.parametrize("refusal", [BAD_KEY, NO_CREDIT])
    async def test_a_key_that_fails_while_the_job_runs_does_not_buy_it_again_with_another(
        self, refusal: Refused
    ) -> None:
        stage = Stage(POLLED, keys=TWO_KEYS).says(Pending("job-1")).reads({"job-1": refusal})
        attempt = await asked(stage)
        assert attempt == result(Refused(Reason.UNAVAILABLE, code=refusal.code))
        assert stage.journal.steps == [Step.SUBMITTED]
        assert stage.events == ["intent first", "call first", "submitted", "poll first"]
        assert [key.label for key in stage.throttle.usable(POLLED, TWO_KEYS)] == ["second"]

    async def test_a_job_that_outlives_its_deadline_stays_submitted(self) -> None:
        stage = Stage(replace(POLLED, deadline_s=60.0)).says(Pending("job-1")).reads({})
        assert await asked(stage) == result(Refused(Reason.UNAVAILABLE, code="deadline"))
        assert (stage.journal.steps, stage.clock.elapsed) == ([Step.SUBMITTED], 60)

    async def test_a_later_contact_takes_such_a_job_over_and_buys_nothing(self) -> None:
        stage = Stage(replace(POLLED, deadline_s=60.0)).says(Pending("job-1")).reads({})
        await asked(stage, claimed(1))
        stage.journal.ended.add(1)
        stage.reads({"job-1": HIT})
        assert await asked(stage, claimed(2)) == result(HIT)
        assert stage.events.count("call first") == 1
        assert stage.journal.steps == [Step.DONE]

    async def test_waiting_for_a_job_holds_no_place_of_the_vendors_concurrency(self) -> None:
        stage = Stage(replace(POLLED, limits=Limits(concurrency=1))).says(Pending("job-1"), HIT).reads({})
        first = asyncio.ensure_future(asked(stage, claimed(1)))
        await settled()
        answer = await asked(stage, claimed(2, person("Other")))
        assert answer == result(HIT)
        assert stage.clock.elapsed < 60
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first


class TestRowsOfOneJob:
    """Several contacts were sent in one request, and one job holds the answers to all of them."""

    def stage(self) -> Stage:
        vendor = replace(POLLED, operations=(replace(FIND, batch=3),), poll_limits=Limits(per_minute=20))
        rows = {"1": Pending("job-1#1"), "2": Pending("job-1#2"), "3": Pending("job-1#3")}
        return Stage(vendor).says(rows)

    async def test_each_contact_writes_the_token_of_its_own_row(self) -> None:
        stage = self.stage().reads({f"job-1#{row}": NotFound() for row in (1, 2, 3)})
        await asyncio.gather(*(asked(stage, claimed(number, person(str(number)))) for number in (1, 2, 3)))
        assert [answer.vendor_job for answer in stage.journal.answers[:3]] == ["job-1#1", "job-1#2", "job-1#3"]
        assert stage.events[:7] == [*["intent first"] * 3, "call first", *["submitted"] * 3]

    async def test_they_are_read_together_though_the_vendor_reads_one_job_at_a_time(self) -> None:
        stage = self.stage()
        stage.reads({"job-1#1": hit("1")}, {"job-1#2": NotFound(), "job-1#3": hit("3")})
        answers = await asyncio.gather(*(asked(stage, claimed(number, person(str(number)))) for number in (1, 2, 3)))
        assert answers == [result(hit("1")), result(NotFound()), result(hit("3"))]
        assert stage.transport.polled == [("job-1#1", "job-1#2", "job-1#3"), ("job-1#2", "job-1#3")]
        assert stage.journal.steps == [Step.DONE] * 3

    async def test_a_server_error_is_not_repeated_because_a_job_may_have_been_made(self) -> None:
        stage = self.stage().says(BROKEN)
        answers = await asyncio.gather(*(asked(stage, claimed(number, person(str(number)))) for number in (1, 2, 3)))
        assert answers == [result(BROKEN)] * 3
        assert stage.events == [*["intent first"] * 3, "call first", *["failed"] * 3]

    async def test_a_contact_that_leaves_does_not_take_the_others_job_along(self) -> None:
        stage = self.stage().reads({}, {"job-1#2": hit("2"), "job-1#3": hit("3")})
        leaving, *others = [asyncio.ensure_future(asked(stage, claimed(n, person(str(n))))) for n in (1, 2, 3)]
        await until(lambda: "submitted" in stage.events)
        leaving.cancel()
        assert await asyncio.gather(*others) == [result(hit("2")), result(hit("3"))]
        assert stage.journal.steps == [Step.SUBMITTED, Step.DONE, Step.DONE]


class TestReportsOfPolledVendors:
    """A report is not believed: it only ends the pause before the next read."""

    async def test_the_question_says_where_to_report(self) -> None:
        stage = Stage(POLLED, public_url=PUBLIC).says(HIT)
        await asked(stage)
        assert stage.transport.requests[0].query == {"report": f"{PUBLIC}/callbacks/acme/1"}

    async def test_without_a_public_address_it_says_nothing(self) -> None:
        stage = Stage(POLLED).says(HIT)
        await asked(stage)
        assert stage.transport.requests[0].query == {}

    async def test_whoever_waits_reads_at_once(self) -> None:
        stage = Stage(replace(POLLED, poll_every_s=30.0), public_url=PUBLIC)
        stage.says(Pending("job-1")).reads({"job-1": HIT})
        contact = asyncio.ensure_future(asked(stage))
        await until(lambda: stage.clock.elapsed >= 2)
        await FakeBook(stage.journal).wake([1], stage.clock.now())
        assert await contact == result(HIT)
        assert stage.clock.elapsed == pytest.approx(2.5, abs=0.5)

    async def test_one_report_is_one_read_and_the_pause_is_kept_again(self) -> None:
        stage = Stage(replace(POLLED, poll_every_s=30.0), public_url=PUBLIC)
        stage.says(Pending("job-1")).reads({}, {"job-1": HIT})
        contact = asyncio.ensure_future(asked(stage))
        await until(lambda: "submitted" in stage.events)
        await FakeBook(stage.journal).wake([1], stage.clock.now())
        assert await contact == result(HIT)
        assert stage.clock.elapsed == pytest.approx(30.5)

    async def test_without_a_report_the_vendors_pause_is_kept(self) -> None:
        stage = Stage(POLLED, public_url=PUBLIC).says(Pending("job-1")).reads({}, {"job-1": HIT})
        assert await asked(stage) == result(HIT)
        assert stage.clock.elapsed == 10


class TestVendorsThatOnlyCallBack:
    def stage(self, vendor: Vendor = CALLING) -> Stage:
        return Stage(vendor, public_url=PUBLIC).says(Pending("job-1"))

    async def test_the_contact_waits_and_takes_what_the_server_wrote(self) -> None:
        stage = self.stage()
        contact = asyncio.ensure_future(asked(stage))
        await until(lambda: stage.clock.elapsed >= 7)
        await FakeBook(stage.journal).answer(1, Step.DONE, HIT, 20_000, stage.clock.now())
        assert await contact == result(HIT)
        assert stage.clock.elapsed == pytest.approx(7.5, abs=0.5)
        assert stage.events == ["intent first", "call first", "submitted", "reported done"]

    async def test_a_refusal_that_was_reported_is_the_answer(self) -> None:
        stage, failed = self.stage(), Refused(Reason.NO_CREDIT, code="no_credits")
        contact = asyncio.ensure_future(asked(stage))
        await until(lambda: "submitted" in stage.events)
        await FakeBook(stage.journal).answer(1, Step.FAILED, failed, 0, stage.clock.now())
        assert await contact == result(failed)

    async def test_after_the_deadline_the_question_stays_submitted_because_the_report_may_still_come(self) -> None:
        stage = self.stage(replace(CALLING, deadline_s=60.0))
        assert await asked(stage) == result(Refused(Reason.UNAVAILABLE, code="deadline"))
        assert (stage.journal.steps, stage.clock.elapsed) == ([Step.SUBMITTED], 60)

    async def test_a_later_contact_waits_on_and_buys_nothing(self) -> None:
        stage = self.stage(replace(CALLING, deadline_s=60.0))
        await asked(stage, claimed(1))
        stage.journal.ended.add(1)
        later = asyncio.ensure_future(asked(stage, claimed(2)))
        await until(lambda: stage.clock.elapsed > 61)
        await FakeBook(stage.journal).answer(1, Step.DONE, HIT, 20_000, stage.clock.now())
        assert await later == result(HIT)
        assert stage.events.count("call first") == 1

    async def test_whoever_resumes_waits_on(self) -> None:
        stage, who = self.stage(), claimed()
        waiting = asyncio.ensure_future(resume(stage.desk, who, open_purchase(stage, who, Step.SUBMITTED, "job-1")))
        await until(lambda: stage.clock.elapsed > 1)
        await FakeBook(stage.journal).answer(7, Step.DONE, HIT, 20_000, stage.clock.now())
        assert await waiting == result(HIT)
        assert "call first" not in stage.events

    async def test_a_worker_that_stops_leaves_the_question_submitted(self) -> None:
        stage = self.stage()
        await stopped(stage, asked(stage), lambda: "submitted" in stage.events)
        assert stage.journal.steps == [Step.SUBMITTED]

    async def test_an_answer_that_comes_at_once_is_not_waited_for(self) -> None:
        stage = self.stage().says(HIT)
        assert await asked(stage) == result(HIT)
        assert (stage.events, stage.clock.elapsed) == (["intent first", "call first", "done"], 0)

    async def test_a_server_error_is_not_repeated_because_a_job_may_have_been_made(self) -> None:
        stage = self.stage().says(BROKEN)
        assert await asked(stage) == result(BROKEN)
        assert stage.events.count("call first") == 1

    @pytest.mark.parametrize(("address", "offered"), [(PUBLIC, ["find", "call"]), ("", ["find"])])
    async def test_what_has_to_be_called_back_is_only_asked_where_we_can_be_called(
        self, address: str, offered: list[str]
    ) -> None:
        called = Operation("call", FIND.returns, FIND.needs, 1000, FIND.charge, calls_back=True)
        stage = Stage(replace(SYNC, operations=(FIND, called)), public_url=address)
        assert [operation.name for operation in stage.desk.askable(stage.vendor)] == offered
