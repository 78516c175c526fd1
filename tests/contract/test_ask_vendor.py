"""One question to one vendor: what is written when, what is repeated, and what is never bought twice.

Jobs and reports are in ``test_ask_for_jobs.py``, records that are redeemed in ``test_redeem.py``.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from contract.asking import (
    BAD_KEY,
    BROKEN,
    NO_CREDIT,
    TOO_FAST,
    TWO_KEYS,
    UNCERTAIN,
    asked,
    open_purchase,
    result,
    stopped,
)
from contract.fakes import ADA, FORGIVING, HIT, NOW, POLLED, SYNC, Stage, adapter_of, claimed, settled
from openenrich.core.vendor import Limits, NotFound, Pending, Reason, Refused, Vendor
from openenrich.engine.ask_vendor import ask, resume
from openenrich.engine.ports import LostClaimError, MaybeSentError, NeverSentError, Purchase, Step, StoppingError


class TestTheOrderOfTheJournal:
    async def test_the_intent_is_written_before_the_call_leaves_and_the_answer_after_it(self) -> None:
        stage = Stage().says(HIT)
        assert await asked(stage) == result(HIT)
        assert stage.events == ["intent first", "call first", "done"]
        [answer] = stage.journal.answers
        assert (answer.reply, answer.cost) == (HIT, 20_000)

    async def test_a_miss_is_an_answer_and_costs_nothing_where_results_are_charged(self) -> None:
        stage = Stage().says(NotFound())
        assert await asked(stage) == result(NotFound())
        assert (stage.events[-1], stage.journal.answers[0].cost) == ("done", 0)

    async def test_a_refusal_frees_the_question_for_others(self) -> None:
        stage = Stage().says(Refused(Reason.INPUT_REFUSED, code="422"))
        assert await asked(stage) == result(Refused(Reason.INPUT_REFUSED, code="422"))
        assert stage.journal.steps == [Step.FAILED]
        assert not stage.journal.live

    async def test_nothing_leaves_when_the_claim_is_lost_before_the_intent(self) -> None:
        stage = Stage().says(HIT)

        async def lost(intent: object) -> Purchase:
            raise LostClaimError

        stage.journal.begin = lost  # type: ignore[method-assign]
        with pytest.raises(LostClaimError):
            await asked(stage)
        assert not stage.events

    async def test_an_answer_that_comes_after_the_claim_was_lost_is_not_written(self) -> None:
        stage = Stage().says(HIT)
        stage.transport.gate.clear()
        task = asyncio.ensure_future(asked(stage))
        await settled()
        stage.journal.tokens[1] = claimed().token
        stage.transport.gate.set()
        with pytest.raises(LostClaimError):
            await task
        assert stage.journal.steps == [Step.STARTED]


class TestThePoolOfKeys:
    @pytest.mark.parametrize("refusal", [BAD_KEY, NO_CREDIT])
    async def test_a_bad_or_empty_key_rests_and_the_next_one_is_asked(self, refusal: Refused) -> None:
        stage = Stage(keys=TWO_KEYS)
        stage.transport.by_key = {"first": [refusal], "second": [HIT]}
        assert await asked(stage) == result(HIT)
        assert stage.events == ["intent first", "call first", "failed", "intent second", "call second", "done"]
        assert [key.label for key in stage.throttle.usable(SYNC, TWO_KEYS)] == ["second"]

    async def test_when_every_key_is_refused_the_last_refusal_is_the_answer(self) -> None:
        stage = Stage(keys=TWO_KEYS).says(BAD_KEY, NO_CREDIT)
        assert await asked(stage) == result(NO_CREDIT)
        assert not stage.throttle.usable(SYNC, TWO_KEYS)

    async def test_a_vendor_whose_keys_all_rest_is_passed_by_without_a_call(self) -> None:
        stage = Stage().says(BAD_KEY)
        await asked(stage)
        stage.events.clear()
        assert await asked(stage) == result(Refused(Reason.UNAVAILABLE, code="no_usable_key"))
        assert not stage.events

    async def test_a_key_whose_own_limit_is_used_up_gives_way_to_the_next_one(self) -> None:
        stage = Stage(replace(SYNC, limits=Limits(per_second=10)), keys=TWO_KEYS).says(HIT)
        stage.pace.waits["acme/first/second"] = None
        assert await asked(stage) == result(HIT)
        assert stage.events == ["intent second", "call second", "done"]

    async def test_what_has_to_wait_too_long_for_its_turn_leaves_no_trace(self) -> None:
        stage = Stage(replace(SYNC, limits=Limits(per_second=10))).says(HIT)
        stage.pace.waits["acme/first/second"] = 31.0
        assert await asked(stage) == result(Refused(Reason.RATE_LIMITED, code="own_pace"))
        assert not stage.events


class TestWhatIsRepeated:
    async def test_too_fast_waits_and_repeats_at_most_three_times(self) -> None:
        stage = Stage().says(TOO_FAST)
        assert await asked(stage) == result(TOO_FAST)
        assert stage.events == ["intent first", *["call first"] * 4, "failed"]
        assert stage.clock.elapsed == 2 + 4 + 8

    async def test_the_vendors_own_pause_is_kept(self) -> None:
        stage = Stage().says(Refused(Reason.RATE_LIMITED, after_s=11.0), HIT)
        assert await asked(stage) == result(HIT)
        assert stage.clock.elapsed == 11

    async def test_a_vendor_that_wants_to_be_left_alone_for_long_is_passed_by_and_rests(self) -> None:
        stage = Stage().says(Refused(Reason.RATE_LIMITED, after_s=300.0))
        assert await asked(stage) == result(Refused(Reason.RATE_LIMITED, after_s=300.0))
        assert stage.events.count("call first") == 1
        assert not stage.throttle.usable(SYNC, stage.keys)

    async def test_the_sandboxs_fast_time_shortens_pauses(self) -> None:
        stage = Stage(time_speed=20.0).says(TOO_FAST, HIT)
        await asked(stage)
        assert stage.clock.elapsed == pytest.approx(0.1)

    async def test_a_server_error_is_repeated_where_the_answer_comes_at_once(self) -> None:
        stage = Stage().says(BROKEN, BROKEN, HIT)
        assert await asked(stage) == result(HIT)
        assert stage.events == ["intent first", *["call first"] * 3, "done"]

    async def test_a_server_error_is_not_repeated_where_a_job_may_have_been_made(self) -> None:
        stage = Stage(POLLED).says(BROKEN)
        assert await asked(stage) == result(BROKEN)
        assert stage.events == ["intent first", "call first", "failed"]

    @pytest.mark.parametrize("vendor", [SYNC, POLLED, FORGIVING])
    async def test_what_was_never_sent_is_repeated(self, vendor: Vendor) -> None:
        stage = Stage(vendor).says(NeverSentError(), HIT)
        assert await asked(stage) == result(HIT)
        assert stage.events == ["intent first", "call first", "call first", "done"]

    async def test_what_can_not_be_sent_at_all_is_an_outage_and_not_uncertain(self) -> None:
        stage = Stage().says(NeverSentError())
        assert await asked(stage) == result(Refused(Reason.UNAVAILABLE, code="never_sent"))
        assert stage.journal.steps == [Step.FAILED]

    @pytest.mark.parametrize("reason", [Reason.INPUT_REFUSED, Reason.SUPPRESSED, Reason.UNREADABLE])
    async def test_other_refusals_are_not_repeated(self, reason: Reason) -> None:
        stage = Stage().says(Refused(reason))
        await asked(stage)
        assert stage.events.count("call first") == 1


class TestWhatMayHaveBeenSent:
    async def test_it_is_uncertain_and_never_asked_again_by_anybody(self) -> None:
        stage = Stage().says(MaybeSentError())
        assert await asked(stage, claimed(1)) == UNCERTAIN
        assert stage.events == ["intent first", "call first", "uncertain"]
        assert await asked(stage, claimed(2)) == UNCERTAIN
        assert stage.events.count("call first") == 1

    async def test_a_vendor_that_bills_a_repeat_once_may_be_asked_again_later(self) -> None:
        stage = Stage(FORGIVING).says(MaybeSentError(), HIT)
        assert await asked(stage, claimed(1)) == result(Refused(Reason.UNAVAILABLE, code="no_answer"))
        assert stage.journal.steps == [Step.FAILED]
        assert await asked(stage, claimed(2)) == result(HIT)

    async def test_a_call_that_is_cancelled_in_the_air_stays_started_for_whoever_resumes(self) -> None:
        stage = Stage().says(HIT)
        stage.transport.gate.clear()
        task = asyncio.ensure_future(asked(stage))
        await settled()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert stage.journal.steps == [Step.STARTED]


class TestUnreadableAnswers:
    @pytest.mark.parametrize("error", [KeyError("x"), TypeError(), ValueError(), IndexError(), AttributeError()])
    async def test_an_adapter_that_raises_on_an_answer_has_met_a_shape_it_does_not_know(self, error: Exception) -> None:
        def read(*_: object) -> None:
            raise error

        stage = Stage(adapter=replace(adapter_of(SYNC), read=read)).says(HIT)  # type: ignore[arg-type]  # never returns
        assert await asked(stage) == result(Refused(Reason.UNREADABLE, code="200"))
        assert stage.journal.steps == [Step.FAILED]

    async def test_an_adapter_that_raises_on_a_question_sends_nothing(self) -> None:
        def request(_: object) -> None:
            raise KeyError("company")

        stage = Stage(adapter=replace(adapter_of(SYNC), request=request))  # type: ignore[arg-type]  # never returns
        assert await asked(stage) == result(Refused(Reason.UNREADABLE, code="request"))
        assert stage.events == ["intent first", "failed"]


class TestRepeatedRequests:
    async def test_a_question_without_a_job_is_repeated_until_it_is_answered(self) -> None:
        stage = Stage().says(Pending(after_s=5.0), Pending(after_s=5.0), HIT)
        assert await asked(stage) == result(HIT)
        assert stage.events == ["intent first", *["call first"] * 3, "done"]
        assert stage.clock.elapsed == 10

    async def test_it_is_not_repeated_beyond_the_deadline(self) -> None:
        stage = Stage(replace(SYNC, deadline_s=60.0)).says(Pending(after_s=20.0))
        assert await asked(stage) == result(Refused(Reason.UNAVAILABLE, code="deadline"))
        assert stage.clock.elapsed == 60
        assert stage.journal.steps == [Step.FAILED]


class TestStopping:
    async def test_a_worker_that_stops_begins_no_call(self) -> None:
        stage = Stage().says(HIT)
        stage.stopping.set()
        with pytest.raises(StoppingError):
            await asked(stage)
        assert not stage.events

    async def test_stopping_while_waiting_for_the_turn_leaves_no_trace(self) -> None:
        stage = Stage(replace(SYNC, limits=Limits(per_second=1))).says(HIT)
        stage.pace.waits["acme/first/second"] = 20.0
        await stopped(stage, asked(stage), lambda: bool(stage.pace.reserved))
        assert (stage.events, stage.clock.elapsed) == ([], 0)

    async def test_stopping_between_two_tries_frees_the_question(self) -> None:
        stage = Stage().says(TOO_FAST)
        await stopped(stage, asked(stage), lambda: "call first" in stage.events)
        assert stage.events[-1] == "failed"
        assert (stage.journal.steps, stage.journal.rows[1].reply) == ([Step.FAILED], None)

    async def test_stopping_while_a_job_runs_leaves_it_submitted(self) -> None:
        stage = Stage(POLLED).says(Pending("job-1")).reads({})
        await stopped(stage, asked(stage), lambda: "submitted" in stage.events)
        assert (stage.journal.steps, stage.journal.rows[1].vendor_job) == ([Step.SUBMITTED], "job-1")

    async def test_stopping_while_waiting_for_anothers_purchase_leaves_that_one_alone(self) -> None:
        stage = Stage()
        shared = open_purchase(stage, claimed(2), Step.STARTED, mine=False)
        await stopped(stage, resume(stage.desk, claimed(1), shared), lambda: stage.clock.elapsed > 1)
        assert stage.journal.steps == [Step.STARTED]


class TestSharing:
    async def test_two_contacts_with_the_same_question_buy_one_answer(self) -> None:
        stage = Stage().says(HIT)
        stage.transport.gate.clear()
        both = [asyncio.ensure_future(asked(stage, claimed(number))) for number in (1, 2)]
        await settled()
        stage.transport.gate.set()
        assert await asyncio.gather(*both) == [result(HIT)] * 2
        assert stage.events == ["intent first", "call first", "done"]

    async def test_an_answer_that_was_bought_before_serves_at_once(self) -> None:
        stage = Stage().says(HIT)
        await asked(stage, claimed(1))
        assert await asked(stage, claimed(2)) == result(HIT)
        assert (stage.events.count("call first"), stage.clock.elapsed) == (1, 0)

    async def test_a_purchase_that_does_not_end_is_not_waited_for_beyond_the_deadline(self) -> None:
        stage = Stage(replace(SYNC, deadline_s=60.0)).says(HIT)
        stage.transport.gate.clear()
        first = asyncio.ensure_future(asked(stage, claimed(1)))
        await settled()
        assert await asked(stage, claimed(2)) == result(Refused(Reason.UNAVAILABLE, code="shared"))
        assert stage.clock.elapsed == pytest.approx(60, abs=1)
        stage.transport.gate.set()
        assert await first == result(HIT)

    async def test_when_the_other_one_gives_up_without_an_answer_the_question_is_asked_anew(self) -> None:
        stage = Stage().says(HIT)
        other = claimed(1)
        left = open_purchase(stage, other, Step.STARTED, mine=False)
        waiting = asyncio.ensure_future(resume(stage.desk, claimed(2), left))
        await settled()
        stage.journal.rows[7] = msgspec.structs.replace(left, step=Step.FAILED)
        assert await waiting is None


class TestResuming:
    async def test_a_submitted_job_is_polled_on(self) -> None:
        stage, who = Stage(POLLED).reads({"job-1": HIT}), claimed()
        assert await resume(stage.desk, who, open_purchase(stage, who, Step.SUBMITTED, "job-1")) == result(HIT)
        assert stage.events == ["poll first", "done"]

    async def test_it_gets_a_full_deadline_however_long_ago_it_was_begun(self) -> None:
        stage, who = Stage(POLLED).reads({}, {"job-1": HIT}), claimed()
        old = msgspec.structs.replace(
            open_purchase(stage, who, Step.SUBMITTED, "job-1"), started_at=NOW - timedelta(days=1)
        )
        assert await resume(stage.desk, who, old) == result(HIT)

    async def test_what_was_started_is_uncertain(self) -> None:
        stage, who = Stage().says(HIT), claimed()
        assert await resume(stage.desk, who, open_purchase(stage, who, Step.STARTED)) == UNCERTAIN
        assert stage.events == ["uncertain"]

    async def test_what_was_started_is_asked_again_where_a_repeat_is_billed_once(self) -> None:
        stage, who = Stage(FORGIVING).says(HIT), claimed()
        assert await resume(stage.desk, who, open_purchase(stage, who, Step.STARTED)) is None
        assert stage.events == ["failed"]

    async def test_a_job_whose_key_is_gone_is_uncertain(self) -> None:
        stage, who = Stage(POLLED).reads({"job-1": HIT}), claimed()
        left = open_purchase(stage, who, Step.SUBMITTED, "job-1", key="withdrawn")
        assert await resume(stage.desk, who, left) == UNCERTAIN
        assert stage.events == ["uncertain"]


async def test_a_vendor_is_not_asked_more_often_at_once_than_it_allows() -> None:
    stage = Stage(replace(SYNC, limits=Limits(concurrency=3))).says(HIT)
    people = [msgspec.structs.replace(ADA, last_name=f"Sample{number}") for number in range(12)]
    answers = await asyncio.gather(
        *(ask(stage.desk, claimed(number), stage.question(person)) for number, person in enumerate(people))
    )
    assert answers == [result(HIT)] * 12
    assert stage.transport.most_at_once == 3


async def test_neither_a_key_nor_a_person_is_in_what_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    def read(*_: object) -> None:
        raise KeyError(f"{ADA.last_name} secret-1")

    stage = Stage(adapter=replace(adapter_of(SYNC), read=read)).says(HIT)  # type: ignore[arg-type]  # never returns
    await asked(stage)
    said = "".join(capsys.readouterr())
    assert "vendor.unreadable" in said
    assert "Sample" not in said
    assert "secret" not in said + repr(stage.keys) + repr(stage.throttle._health)
