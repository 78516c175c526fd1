"""Questions that share a request: who goes together, how long that is waited for, and who leaves.

What comes of the request is in ``test_gathered_answers.py``.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import msgspec
import pytest

from contract.asking import TWO_KEYS, asked, person, result
from contract.fakes import BATCH, FIND, SYNC, Stage, adapter_of, claimed, each, hit, settled, until
from contract.gathering import others_of, together, under_way
from openenrich.core.ordering import Offer
from openenrich.core.vendor import Limits, Operation, Reason, Refused, Vendor
from openenrich.engine.ask_vendor import ask
from openenrich.engine.ports import Intent, LostClaimError, Purchase, Step

PACED = replace(BATCH, limits=Limits(per_second=10))
PACE = "acme/first/second"


def stage(vendor: Vendor = BATCH, gather_s: float = 0.05) -> Stage:
    """A vendor that knows everybody."""
    return Stage(vendor, gather_s=gather_s).says(each(hit))


class TestWhoGoesTogether:
    async def test_an_intent_for_each_precedes_the_one_call_and_an_answer_for_each_follows_it(self) -> None:
        here = stage()
        assert await together(here, "a", "b", "c") == [result(hit("a")), result(hit("b")), result(hit("c"))]
        assert here.events == [*["intent first"] * 3, "call first", *["done"] * 3]
        assert here.transport.asked == [("a", "b", "c")]

    async def test_rows_are_numbered_and_each_answer_is_paid_by_its_own_contact(self) -> None:
        here = stage()
        await together(here, "a", "b")
        assert here.transport.requests[0].json == {"1": "a", "2": "b"}
        assert [(answer.purchase_id, answer.reply, answer.cost) for answer in here.journal.answers] == [
            (1, hit("a"), 20_000),
            (2, hit("b"), 20_000),
        ]

    @pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
    async def test_a_request_never_holds_more_than_the_vendor_takes(self, count: int) -> None:
        here = stage()
        names = [f"n{number}" for number in range(count)]
        assert await together(here, *names) == [result(hit(name)) for name in names]
        assert sorted(name for asked in here.transport.asked for name in asked) == names
        assert len(here.transport.asked) == -(-count // 3)
        assert max(map(len, here.transport.asked)) <= 3

    async def test_one_slot_of_the_vendors_pace_serves_the_whole_request(self) -> None:
        here = stage(PACED)
        await together(here, "a", "b", "c")
        assert here.pace.reserved == [PACE]

    async def test_a_vendor_that_takes_one_at_a_time_is_asked_for_each(self) -> None:
        here = stage(SYNC)
        await together(here, "a", "b")
        assert here.transport.asked == [("a",), ("b",)]
        assert here.clock.elapsed == 0

    async def test_questions_to_different_operations_go_apart(self) -> None:
        other = Operation("other", FIND.returns, FIND.needs, 1000, FIND.charge, batch=3)
        here = stage(replace(BATCH, operations=(*BATCH.operations, other)))
        question = msgspec.structs.replace(here.question(person("b")), offer=Offer(here.vendor, other))
        await asyncio.gather(asked(here, claimed(1, person("a"))), ask(here.desk, claimed(2), question))
        assert sorted(here.transport.asked) == [("a",), ("b",)]

    async def test_questions_with_different_keys_go_apart(self) -> None:
        here = stage()
        with others_of(here):
            first = asyncio.ensure_future(under_way(here, 1, "a"))
            await asyncio.sleep(0)
            here.keyring.keys = (TWO_KEYS[1],)
            await asyncio.gather(first, under_way(here, 2, "b"))
        assert sorted(here.events) == ["call first", "call second", "done", "done", "intent first", "intent second"]

    async def test_the_report_of_the_first_row_counts_for_all(self) -> None:
        here = Stage(BATCH, public_url="https://enrich.example.org").says(each(hit))
        await together(here, "a", "b")
        assert here.transport.requests[0].query == {"report": "https://enrich.example.org/callbacks/acme/1"}


class TestHowLongCompanyIsWaitedFor:
    async def test_a_contact_alone_does_not_wait(self) -> None:
        here = stage(gather_s=10.0)
        assert await together(here, "a") == [result(hit("a"))]
        assert (here.transport.asked, here.clock.elapsed) == ([("a",)], 0)

    async def test_among_others_the_first_question_waits_for_the_window(self) -> None:
        here = stage(gather_s=10.0)
        with others_of(here):
            assert await together(here, "a") == [result(hit("a"))]
        assert here.clock.elapsed == 10

    async def test_contacts_that_have_ended_are_no_company(self) -> None:
        here = stage(gather_s=10.0)
        await together(here, "a", "b", "c")
        await together(here, "d")
        assert here.clock.elapsed == 0

    async def test_whoever_comes_within_the_window_joins_and_whoever_comes_later_begins_another_request(self) -> None:
        here = stage(gather_s=10.0)

        async def later(seconds: float, number: int, name: str) -> None:
            await here.clock.sleep(seconds)
            await under_way(here, number, name)

        with others_of(here):
            await asyncio.gather(later(0, 1, "a"), later(9, 2, "b"), later(11, 3, "c"))
        assert here.transport.asked == [("a", "b"), ("c",)]
        assert here.clock.elapsed == 21

    async def test_a_full_request_goes_at_once(self) -> None:
        here = stage(gather_s=10.0)
        await together(here, "a", "b", "c")
        assert here.clock.elapsed == 0

    async def test_what_does_not_fit_into_a_full_request_waits_for_company_of_its_own(self) -> None:
        here = stage(gather_s=10.0)
        await together(here, "a", "b", "c", "d")
        assert here.transport.asked == [("a", "b", "c"), ("d",)]
        assert here.clock.elapsed == 10

    async def test_a_full_request_that_leaves_does_not_close_the_one_that_gathers_behind_it(self) -> None:
        here = stage(gather_s=10.0)
        contacts = asyncio.ensure_future(together(here, "a", "b", "c", "d"))
        await here.clock.sleep(5)
        await asyncio.gather(contacts, under_way(here, 9, "e"))
        assert here.transport.asked == [("a", "b", "c"), ("d", "e")]

    async def test_without_a_window_only_those_of_the_same_moment_go_together(self) -> None:
        here = stage(gather_s=0.0)
        await together(here, "a", "b")
        assert (here.transport.asked, here.clock.elapsed) == ([("a", "b")], 0)

    async def test_the_wait_for_the_vendors_pace_is_part_of_the_window(self) -> None:
        here = stage(PACED)
        here.pace.waits[PACE] = 3.0
        first = asyncio.ensure_future(under_way(here, 1, "a"))
        await until(lambda: here.pace.reserved == [PACE])
        assert await under_way(here, 2, "b") == result(hit("b"))
        assert await first == result(hit("a"))
        assert here.transport.asked == [("a", "b")]
        assert (here.pace.reserved, here.clock.elapsed) == ([PACE], 3)

    async def test_while_a_request_is_in_the_air_the_next_one_gathers(self) -> None:
        here = stage(replace(BATCH, limits=Limits(concurrency=1)))
        here.transport.gate.clear()
        contacts = [asyncio.ensure_future(under_way(here, 1, "a"))]
        await until(lambda: here.transport.asked == [("a",)])
        contacts += [asyncio.ensure_future(under_way(here, number, name)) for number, name in enumerate("bc", 2)]
        await settled()
        here.transport.gate.set()
        await asyncio.gather(*contacts)
        assert here.transport.asked == [("a",), ("b", "c")]
        assert here.transport.most_at_once == 1


class TestWhoLeaves:
    """The others go without them."""

    def losing(self, here: Stage, contact_id: int) -> None:
        begin = here.journal.begin

        async def lost(intent: Intent) -> Purchase:
            if intent.contact_id == contact_id:
                raise LostClaimError
            return await begin(intent)

        here.journal.begin = lost  # type: ignore[method-assign]

    async def test_a_contact_whose_claim_is_lost(self) -> None:
        here = stage()
        self.losing(here, 2)
        contacts = (under_way(here, number, name) for number, name in enumerate("abc", 1))
        first, lost, third = await asyncio.gather(*contacts, return_exceptions=True)
        assert (first, third) == (result(hit("a")), result(hit("c")))
        assert isinstance(lost, LostClaimError)
        assert here.transport.asked == [("a", "c")]

    async def test_when_nobody_is_left_nothing_is_sent(self) -> None:
        here = stage()
        self.losing(here, 1)
        with pytest.raises(LostClaimError):
            await under_way(here, 1, "a")
        await settled()
        assert not here.events

    async def test_a_contact_that_is_cancelled_while_the_request_gathers(self) -> None:
        here = stage(gather_s=10.0)
        contacts = [asyncio.ensure_future(under_way(here, number, name)) for number, name in enumerate("ab", 1)]
        await settled()
        await self.cancelled(contacts[0])
        assert await contacts[1] == result(hit("b"))
        assert here.transport.asked == [("b",)]
        assert here.events == ["intent first", "call first", "done"]

    async def test_a_contact_that_is_cancelled_while_it_writes_its_intent(self) -> None:
        here, writing = stage(), asyncio.Event()
        begin = here.journal.begin

        async def slow(intent: Intent) -> Purchase:
            if intent.contact_id == 1:
                await writing.wait()
            return await begin(intent)

        here.journal.begin = slow  # type: ignore[method-assign]
        contacts = [asyncio.ensure_future(under_way(here, number, name)) for number, name in enumerate("ab", 1)]
        await until(lambda: here.events == ["intent first"])
        await settled()
        assert not here.transport.asked  # nobody leaves before everybody has written what is bought
        await self.cancelled(contacts[0])
        assert await contacts[1] == result(hit("b"))
        assert here.transport.asked == [("b",)]

    async def test_a_contact_that_is_cancelled_in_the_air_leaves_its_answer_open_and_the_others_have_theirs(
        self,
    ) -> None:
        here = stage()
        here.transport.gate.clear()
        contacts = [asyncio.ensure_future(under_way(here, number, name)) for number, name in enumerate("ab", 1)]
        await until(lambda: bool(here.transport.asked))
        await self.cancelled(contacts[0])
        here.transport.gate.set()
        assert await contacts[1] == result(hit("b"))
        assert here.journal.steps == [Step.STARTED, Step.DONE]

    async def test_a_contact_whose_claim_is_lost_in_the_air_writes_nothing_and_the_others_have_theirs(self) -> None:
        here = stage()
        here.transport.gate.clear()
        contacts = [asyncio.ensure_future(under_way(here, number, name)) for number, name in enumerate("ab", 1)]
        await until(lambda: bool(here.transport.asked))
        here.journal.tokens[1] = claimed().token
        here.transport.gate.set()
        lost, other = await asyncio.gather(*contacts, return_exceptions=True)
        assert isinstance(lost, LostClaimError)
        assert other == result(hit("b"))
        assert here.journal.steps == [Step.STARTED, Step.DONE]

    async def test_a_contact_whose_question_is_bought_already_takes_that_answer(self) -> None:
        here = stage()
        await together(here, "a")
        assert await together(here, "a", "b", "c") == [result(hit(name)) for name in "abc"]
        assert here.transport.asked == [("a",), ("b", "c")]

    async def test_two_contacts_with_the_same_question_share_a_row(self) -> None:
        here = stage()
        assert await together(here, "a", "b", "a") == [result(hit(name)) for name in "aba"]
        assert here.transport.asked == [("a", "b")]
        assert here.events.count("intent first") == 2

    async def cancelled(self, contact: asyncio.Task[object]) -> None:
        contact.cancel()
        with pytest.raises(asyncio.CancelledError):
            await contact
        await settled()


class TestOwnLimits:
    async def test_they_refuse_everybody_and_leave_no_trace(self) -> None:
        here = stage(PACED)
        here.pace.waits[PACE] = None
        assert await together(here, "a", "b") == [result(Refused(Reason.RATE_LIMITED, code="own_pace"))] * 2
        assert not here.events

    async def test_the_next_key_is_asked_by_everybody_together(self) -> None:
        here = Stage(PACED, keys=TWO_KEYS).says(each(hit))
        here.pace.waits[PACE] = None
        assert await together(here, "a", "b") == [result(hit("a")), result(hit("b"))]
        assert here.events == [*["intent second"] * 2, "call second", *["done"] * 2]

    async def test_a_place_that_does_not_come_free_in_time_refuses_everybody(self) -> None:
        here = Stage(replace(BATCH, limits=Limits(concurrency=1)), longest_wait_s=30.0).says(each(hit))
        here.transport.gate.clear()
        first = asyncio.ensure_future(under_way(here, 9, "z"))
        await until(lambda: bool(here.transport.asked))
        assert await together(here, "a", "b") == [result(Refused(Reason.RATE_LIMITED, code="own_concurrency"))] * 2
        here.transport.gate.set()
        assert await first == result(hit("z"))

    async def test_a_pace_that_fails_is_everybodys_error_and_the_next_request_starts_afresh(self) -> None:
        here = stage(PACED)
        here.pace.broken = True
        contacts: Sequence[object] = await asyncio.gather(
            under_way(here, 1, "a"), under_way(here, 2, "b"), return_exceptions=True
        )
        assert [type(error) for error in contacts] == [ConnectionError] * 2
        assert not here.events
        here.pace.broken = False
        assert await together(here, "a", "b") == [result(hit("a")), result(hit("b"))]


async def test_a_vendor_that_declares_a_batch_without_the_functions_for_it_is_a_bug_that_is_raised() -> None:
    here = Stage(BATCH, adapter=replace(adapter_of(BATCH), request_batch=None))
    errors = await asyncio.gather(under_way(here, 1, "a"), under_way(here, 2, "b"), return_exceptions=True)
    assert [type(error) for error in errors] == [TypeError] * 2
