"""Records that are redeemed: the search is free and may be repeated, the paid call is written down before it leaves."""

import asyncio
from dataclasses import replace

import msgspec
import pytest

from contract.asking import (
    BAD_KEY,
    BROKEN,
    NO_ANSWER,
    NO_CREDIT,
    NOT_TAKEN,
    TOO_FAST,
    TWO_KEYS,
    UNCERTAIN,
    asked,
    open_purchase,
    person,
    result,
    stopped,
)
from contract.fakes import ADA, FIND, HIT, REDEEMED, Stage, adapter_of, claimed, each, hit, settled, until
from openenrich.core.contact import Contact
from openenrich.core.vendor import Ask, Charge, HttpRequest, Limits, NotFound, Pending, Reason, Refused, Repeat
from openenrich.engine.ask_vendor import ask, resume
from openenrich.engine.ports import MaybeSentError, Step, StoppingError

PACED = replace(REDEEMED, limits=Limits(per_second=10))
PACE = "acme/first/second"
BILLED_ONCE = replace(REDEEMED, repeat=Repeat.ASK_AGAIN)


def stage(vendor: object = REDEEMED, **kwargs: object) -> Stage:
    """A vendor that knows the person under ``record-1`` and sells an address."""
    here = Stage(vendor, **kwargs)  # type: ignore[arg-type]  # a Vendor, and fields of the stage
    return here.says(Pending("record-1")).redeems(HIT)


class TestTheTwoCalls:
    async def test_the_record_is_in_the_journal_and_then_that_it_is_about_to_be_paid(self) -> None:
        here = stage()
        assert await asked(here) == result(HIT)
        assert here.events == ["intent first", "call first", "submitted", "redeeming", "redeem first", "done"]
        assert [answer.vendor_job for answer in here.journal.answers] == ["record-1"] * 3
        assert here.transport.requests[-1].path == "/records/record-1"

    async def test_the_search_is_free_and_the_second_call_is_paid(self) -> None:
        here = stage()
        await asked(here)
        assert [answer.cost for answer in here.journal.answers] == [0, 0, 20_000]

    @pytest.mark.parametrize("charge", list(Charge))
    async def test_a_miss_of_the_search_pays_nothing_and_ends_the_question(self, charge: Charge) -> None:
        here = stage(replace(REDEEMED, operations=(replace(FIND, charge=charge),))).says(NotFound())
        assert await asked(here) == result(NotFound())
        assert here.events == ["intent first", "call first", "done"]
        assert here.journal.answers[-1].cost == 0

    async def test_a_miss_of_the_paid_call_costs_what_the_vendor_charges_for_calls(self) -> None:
        per_call = replace(REDEEMED, operations=(replace(FIND, charge=Charge.PER_CALL),))
        here = stage(per_call).redeems(NotFound())
        assert await asked(here) == result(NotFound())
        assert here.journal.answers[-1].cost == 20_000

    async def test_the_vendor_is_told_the_same_again_and_not_all_that_is_known(self) -> None:
        told: list[Contact] = []

        def redeem(ask: Ask, token: str) -> HttpRequest:
            told.append(ask.contact)
            return HttpRequest("POST", f"/records/{token}")

        here = stage(adapter=replace(adapter_of(REDEEMED), redeem=redeem))
        known = msgspec.structs.replace(ADA, linkedin_handle="ada-sample", company_name="Example")
        await ask(here.desk, claimed(contact=known), here.question(ADA))
        assert told == [ADA]

    async def test_each_of_the_calls_waits_for_its_turn_and_holds_no_place_in_between(self) -> None:
        here = stage(replace(PACED, limits=Limits(per_second=10, concurrency=1)))
        answers = await asyncio.gather(*(asked(here, claimed(n, person(str(n)))) for n in range(3)))
        assert answers == [result(HIT)] * 3
        assert here.pace.reserved == [PACE] * 6
        assert here.transport.most_at_once == 1

    async def test_searches_that_shared_a_request_are_redeemed_one_by_one(self) -> None:
        here = stage(replace(REDEEMED, operations=(replace(FIND, batch=3),)))
        here.says(each(lambda name: Pending(f"record-{name}"))).redeems(hit("a"), hit("b"))
        await asyncio.gather(*(asked(here, claimed(n, person(name))) for n, name in enumerate("ab")))
        assert here.events.count("call first") == 1
        assert {request.path for request in here.transport.requests[1:]} == {"/records/record-a", "/records/record-b"}
        assert here.journal.steps == [Step.DONE] * 2


class TestRefusals:
    async def test_a_refused_search_is_a_failed_question(self) -> None:
        here = stage().says(NOT_TAKEN)
        assert await asked(here) == result(NOT_TAKEN)
        assert here.events == ["intent first", "call first", "failed"]

    async def test_a_paid_call_that_was_not_served_is_repeated(self) -> None:
        here = stage().redeems(TOO_FAST, BROKEN, HIT)
        assert await asked(here) == result(HIT)
        assert here.events.count("redeem first") == 3
        assert here.events.count("call first") == 1

    @pytest.mark.parametrize("refusal", [BAD_KEY, NO_CREDIT])
    async def test_a_key_that_can_not_pay_gives_way_to_one_that_searches_and_pays(self, refusal: Refused) -> None:
        here = stage(keys=TWO_KEYS).redeems(refusal, HIT)
        assert await asked(here) == result(HIT)
        assert here.events[5:] == [
            "failed", "intent second", "call second", "submitted", "redeeming", "redeem second", "done",
        ]  # fmt: skip

    async def test_a_record_that_is_not_sold_is_a_refusal_and_costs_nothing(self) -> None:
        here = stage().redeems(Refused(Reason.SUPPRESSED))
        assert await asked(here) == result(Refused(Reason.SUPPRESSED))
        assert (here.journal.steps, here.journal.rows[1].cost) == ([Step.FAILED], 0)

    async def test_a_job_in_answer_to_the_paid_call_can_not_be_read(self) -> None:
        here = stage().redeems(Pending("job-1"))
        assert await asked(here) == result(Refused(Reason.UNREADABLE, code="pending"))
        assert here.journal.steps == [Step.FAILED]

    async def test_own_pace_leaves_the_record_to_whoever_asks_next(self) -> None:
        here = stage(PACED)
        here.transport.gate.clear()
        first = asyncio.ensure_future(asked(here, claimed(1)))
        await settled()
        here.pace.waits[PACE] = None
        here.transport.gate.set()
        assert await first == result(Refused(Reason.RATE_LIMITED, code="own_pace"))
        assert here.events == ["intent first", "call first", "submitted"]
        here.journal.ended.add(1)
        here.pace.waits[PACE] = 0.0
        assert await asked(here, claimed(2)) == result(HIT)
        assert here.events[3:] == ["redeeming", "redeem first", "done"]


class TestLostAnswers:
    async def test_to_the_search_is_no_matter_because_it_is_free(self) -> None:
        here = stage().says(MaybeSentError(), Pending("record-1"))
        assert await asked(here, claimed(1)) == result(NO_ANSWER)
        assert here.journal.steps == [Step.FAILED]
        assert await asked(here, claimed(2)) == result(HIT)

    async def test_to_the_paid_call_is_uncertain_and_nobody_pays_again(self) -> None:
        here = stage().redeems(MaybeSentError())
        assert await asked(here, claimed(1)) == UNCERTAIN
        assert here.events[-2:] == ["redeem first", "uncertain"]
        assert await asked(here, claimed(2)) == UNCERTAIN
        assert (here.events.count("call first"), here.events.count("redeem first")) == (1, 1)

    async def test_to_the_paid_call_of_a_vendor_that_bills_a_repeat_once_may_be_asked_again(self) -> None:
        here = stage(BILLED_ONCE).redeems(MaybeSentError(), HIT)
        assert await asked(here, claimed(1)) == result(NO_ANSWER)
        assert await asked(here, claimed(2)) == result(HIT)

    async def test_a_paid_call_that_is_cancelled_in_the_air_stays_redeeming(self) -> None:
        here = stage()
        task = asyncio.ensure_future(asked(here))
        await until(lambda: "redeem first" in here.events)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert here.journal.steps == [Step.REDEEMING]


class TestResuming:
    async def test_a_search_that_was_under_way_is_made_again(self) -> None:
        here, who = stage(), claimed()
        assert await resume(here.desk, who, open_purchase(here, who, Step.STARTED)) is None
        assert here.events == ["failed"]

    async def test_a_record_that_was_found_is_redeemed_without_another_search(self) -> None:
        here, who = stage(), claimed()
        assert await resume(here.desk, who, open_purchase(here, who, Step.SUBMITTED, "record-1")) == result(HIT)
        assert here.events == ["redeeming", "redeem first", "done"]

    async def test_a_record_whose_key_is_gone_is_searched_again(self) -> None:
        here, who = stage(), claimed()
        left = open_purchase(here, who, Step.SUBMITTED, "record-1", key="withdrawn")
        assert await resume(here.desk, who, left) is None
        assert here.events == ["failed"]

    async def test_what_was_about_to_be_paid_is_uncertain(self) -> None:
        here, who = stage(), claimed()
        assert await resume(here.desk, who, open_purchase(here, who, Step.REDEEMING, "record-1")) == UNCERTAIN
        assert here.events == ["uncertain"]

    async def test_what_was_about_to_be_paid_is_asked_again_where_a_repeat_is_billed_once(self) -> None:
        here, who = stage(BILLED_ONCE), claimed()
        assert await resume(here.desk, who, open_purchase(here, who, Step.REDEEMING, "record-1")) is None
        assert here.events == ["failed"]

    async def test_a_paid_call_whose_answer_is_lost_then_is_uncertain(self) -> None:
        here, who = stage().redeems(MaybeSentError()), claimed()
        assert await resume(here.desk, who, open_purchase(here, who, Step.SUBMITTED, "record-1")) == UNCERTAIN


class TestStopping:
    async def test_between_two_tries_the_record_goes_back_to_submitted(self) -> None:
        here = stage().redeems(TOO_FAST)
        await stopped(here, asked(here), lambda: "redeem first" in here.events)
        assert (here.journal.steps, here.journal.rows[1].vendor_job) == ([Step.SUBMITTED], "record-1")

    async def test_while_the_paid_call_waits_for_its_turn_it_stays_submitted(self) -> None:
        here, who = stage(PACED), claimed()
        here.pace.waits[PACE] = 20.0
        left = open_purchase(here, who, Step.SUBMITTED, "record-1")
        await stopped(here, resume(here.desk, who, left), lambda: bool(here.pace.reserved))
        assert (here.events, here.clock.elapsed) == ([], 0)

    async def test_a_worker_that_stops_begins_no_paid_call(self) -> None:
        here = stage()
        here.transport.gate.clear()
        task = asyncio.ensure_future(asked(here))
        await settled()
        here.stopping.set()
        here.transport.gate.set()
        with pytest.raises(StoppingError):
            await task
        assert here.events == ["intent first", "call first", "submitted"]
