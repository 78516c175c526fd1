"""What comes of a request that several questions share: refusals, lost answers, rows left out, and a worker's end."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.asking import (
    BAD_KEY,
    BROKEN,
    NO_ANSWER,
    NOT_TAKEN,
    TOO_FAST,
    TWO_KEYS,
    UNCERTAIN,
    result,
    stopped,
)
from contract.fakes import BATCH, HIT, Rows, Stage, adapter_of, each, hit, settled, until
from contract.gathering import others_of, together, under_way
from openenrich.core.evidence import Attempt
from openenrich.core.vendor import (
    Found,
    HttpRequest,
    Limits,
    NotFound,
    Pending,
    Reason,
    Refused,
    Repeat,
    Reply,
)
from openenrich.engine.ports import OPEN, Intent, MaybeSentError, NeverSentError, Purchase, Step, StoppingError

PACED = replace(BATCH, limits=Limits(per_second=10))
PACE = "acme/first/second"
HITS = [result(hit(name)) for name in "abc"]
FORGIVING = replace(BATCH, repeat=Repeat.ASK_AGAIN)


def taking(*refused: str) -> Callable[[Rows], Reply | Mapping[str, Reply]]:
    """A vendor that refuses a request as a whole when one of these persons is in it."""
    knows = each(hit)
    return lambda rows: NOT_TAKEN if set(refused) & set(rows.values()) else knows(rows)


class TestRefusalsOfTheWholeRequest:
    async def test_a_bad_key_is_everybodys_refusal_and_is_heard_once(self) -> None:
        stage = Stage(BATCH).says(BAD_KEY)
        assert await together(stage, "a", "b", "c") == [result(BAD_KEY)] * 3
        assert stage.events == [*["intent first"] * 3, "call first", *["failed"] * 3]
        assert not stage.throttle.usable(BATCH, stage.keys)

    async def test_the_next_key_is_asked_by_everybody_together(self) -> None:
        stage = Stage(BATCH, keys=TWO_KEYS)
        stage.transport.by_key = {"first": [BAD_KEY], "second": [each(hit)]}
        assert await together(stage, "a", "b", "c") == HITS
        assert stage.transport.asked == [("a", "b", "c")] * 2

    async def test_too_fast_repeats_the_whole_request(self) -> None:
        stage = Stage(BATCH).says(TOO_FAST, Refused(Reason.RATE_LIMITED, after_s=11.0), each(hit))
        assert await together(stage, "a", "b", "c") == HITS
        assert stage.transport.asked == [("a", "b", "c")] * 3
        assert stage.events == [*["intent first"] * 3, *["call first"] * 3, *["done"] * 3]
        assert stage.clock.elapsed == 2 + 11

    @pytest.mark.parametrize("said", [BROKEN, NeverSentError()])
    async def test_what_was_certainly_not_served_is_repeated_as_it_was(self, said: Refused | Exception) -> None:
        stage = Stage(BATCH).says(said, each(hit))
        assert await together(stage, "a", "b", "c") == HITS
        assert stage.transport.asked[0] == ("a", "b", "c")

    async def test_an_outage_that_all_rows_tell_of_counts_as_one(self) -> None:
        stage = Stage(BATCH).says(each(lambda _: BROKEN))
        for names in ("abc", "def"):
            await together(stage, *names)
        assert stage.throttle.usable(BATCH, stage.keys)

    async def test_an_answer_that_can_not_be_read_is_everybodys_and_is_not_asked_for_again(self) -> None:
        def read_batch(*_: object) -> None:
            raise KeyError("people")

        adapter = replace(adapter_of(BATCH), read_batch=read_batch)  # type: ignore[arg-type]  # never returns
        stage = Stage(BATCH, adapter=adapter).says(each(hit))
        assert await together(stage, "a", "b") == [result(Refused(Reason.UNREADABLE, code="200"))] * 2
        assert stage.transport.asked == [("a", "b")]


class TestRequestsThatAreTakenApart:
    async def test_one_bad_row_costs_nobody_else_the_answer(self) -> None:
        stage = Stage(BATCH).says(taking("b"))
        assert await together(stage, "a", "b", "c") == [HITS[0], result(NOT_TAKEN), HITS[2]]
        assert stage.transport.asked == [("a", "b", "c"), ("a",), ("b",), ("c",)]
        assert sorted(stage.journal.steps) == [Step.DONE, Step.DONE, Step.FAILED]
        assert stage.events.count("intent first") == 3

    async def test_each_question_waits_for_a_turn_of_its_own(self) -> None:
        stage = Stage(PACED).says(taking("b"))
        await together(stage, "a", "b", "c")
        assert stage.pace.reserved == [PACE] * 4

    async def test_also_where_one_call_at_a_time_is_allowed(self) -> None:
        stage = Stage(replace(BATCH, limits=Limits(concurrency=1))).says(taking("b"))
        assert await together(stage, "a", "b", "c") == [HITS[0], result(NOT_TAKEN), HITS[2]]
        assert stage.transport.most_at_once == 1

    async def test_a_question_alone_is_not_asked_again(self) -> None:
        stage = Stage(BATCH).says(taking("b"))
        assert await together(stage, "b") == [result(NOT_TAKEN)]
        assert stage.transport.asked == [("b",)]

    async def test_a_refused_row_among_answered_ones_is_its_own_affair(self) -> None:
        stage = Stage(BATCH).says({"1": hit("a"), "2": NOT_TAKEN, "3": hit("c")})
        assert await together(stage, "a", "b", "c") == [HITS[0], result(NOT_TAKEN), HITS[2]]
        assert stage.transport.asked == [("a", "b", "c")]

    async def test_a_request_that_can_not_be_written_is_taken_apart_before_anything_is_sent(self) -> None:
        def request_batch(asks: object) -> HttpRequest:
            raise ValueError(asks)

        adapter = replace(adapter_of(BATCH), request_batch=request_batch)
        stage = Stage(BATCH, adapter=adapter).says(each(hit))
        assert await together(stage, "a", "b", "c") == HITS
        assert stage.transport.asked == [("a",), ("b",), ("c",)]

    async def test_what_our_own_limits_then_forbid_is_refused_and_may_be_asked_again(self) -> None:
        stage = Stage(PACED).says(NOT_TAKEN, each(hit))
        stage.transport.gate.clear()
        asking = asyncio.ensure_future(together(stage, "a", "b"))
        await until(lambda: bool(stage.transport.asked))
        stage.pace.waits[PACE] = None
        stage.transport.gate.set()
        assert await asking == [result(Refused(Reason.RATE_LIMITED, code="own_pace"))] * 2
        assert stage.journal.steps == [Step.FAILED] * 2
        stage.pace.waits[PACE] = 0.0
        assert await together(stage, "a", "b") == HITS[:2]

    async def test_a_lost_answer_to_one_of_them_leaves_that_one_uncertain(self) -> None:
        lost = each(hit)
        stage = Stage(BATCH).says(
            lambda rows: NOT_TAKEN if len(rows) > 1 else MaybeSentError() if "b" in rows.values() else lost(rows)
        )
        assert await together(stage, "a", "b", "c") == [HITS[0], UNCERTAIN, HITS[2]]
        assert sorted(stage.journal.steps) == [Step.DONE, Step.DONE, Step.UNCERTAIN]

    async def test_a_worker_that_stops_hands_back_who_waits_and_hears_out_who_is_in_the_air(self) -> None:
        stage = Stage(replace(BATCH, limits=Limits(concurrency=1)))

        def refuses(_: Rows) -> Refused:
            stage.transport.gate.clear()  # the calls that follow are held back
            return NOT_TAKEN

        stage.says(refuses, each(hit))
        asking = [asyncio.ensure_future(under_way(stage, number, name)) for number, name in enumerate("ab", 1)]
        await until(lambda: stage.transport.asked == [("a", "b"), ("a",)])
        await settled()
        stage.stopping.set()
        await settled()
        stage.transport.gate.set()
        heard, handed_back = await asyncio.gather(*asking, return_exceptions=True)
        assert heard == result(hit("a"))
        assert isinstance(handed_back, StoppingError)
        assert stage.journal.steps == [Step.DONE, Step.FAILED]

    async def test_a_contact_that_is_cancelled_then_does_not_take_the_others_answers_along(self) -> None:
        stage = Stage(replace(BATCH, limits=Limits(concurrency=1)))

        def refuses(_: Rows) -> Refused:
            stage.transport.gate.clear()
            return NOT_TAKEN

        stage.says(refuses, each(hit))
        leaving, other = [asyncio.ensure_future(under_way(stage, n, name)) for n, name in enumerate("ab", 1)]
        await until(lambda: stage.transport.asked == [("a", "b"), ("a",)])
        leaving.cancel()
        await settled()
        stage.transport.gate.set()
        assert await other == result(hit("b"))
        assert stage.journal.steps == [Step.STARTED, Step.DONE]


class TestLostAnswers:
    async def test_to_the_whole_request_leave_everybody_uncertain_and_nobody_asks_again(self) -> None:
        stage = Stage(BATCH).says(MaybeSentError())
        assert await together(stage, "a", "b", "c") == [UNCERTAIN] * 3
        assert await together(stage, "a", "b", "c") == [UNCERTAIN] * 3
        assert stage.transport.asked == [("a", "b", "c")]
        assert stage.journal.steps == [Step.UNCERTAIN] * 3

    async def test_of_a_vendor_that_bills_a_repeat_once_may_be_asked_for_again(self) -> None:
        stage = Stage(FORGIVING).says(MaybeSentError(), each(hit))
        assert await together(stage, "a", "b", "c") == [result(NO_ANSWER)] * 3
        assert stage.journal.steps == [Step.FAILED] * 3
        assert await together(stage, "a", "b", "c") == HITS

    async def test_a_row_that_the_answer_leaves_out_is_unreadable_and_never_a_miss(self) -> None:
        stage = Stage(BATCH).says({"1": hit("a"), "3": hit("c")})
        missing = result(Refused(Reason.UNREADABLE, code="row_missing"))
        assert await together(stage, "a", "b", "c") == [HITS[0], missing, HITS[2]]
        assert stage.journal.steps == [Step.DONE, Step.FAILED, Step.DONE]

    async def test_an_empty_answer_is_unreadable_for_everybody(self) -> None:
        stage = Stage(BATCH).says({})
        assert await together(stage, "a", "b") == [result(Refused(Reason.UNREADABLE, code="row_missing"))] * 2

    async def test_a_row_that_wants_the_request_repeated_can_not_be_read(self) -> None:
        stage = Stage(BATCH).says({"1": hit("a"), "2": Pending()})
        assert await together(stage, "a", "b") == [HITS[0], result(Refused(Reason.UNREADABLE, code="pending"))]
        assert stage.journal.steps == [Step.DONE, Step.FAILED]

    async def test_misses_and_hits_go_to_their_own_contacts(self) -> None:
        stage = Stage(BATCH).says({"3": hit("c"), "1": NotFound(), "2": hit("b")})
        assert await together(stage, "a", "b", "c") == [result(NotFound()), *HITS[1:]]
        assert [answer.cost for answer in stage.journal.answers] == [0, 20_000, 20_000]


class TestStopping:
    async def test_while_a_request_gathers_leaves_no_trace(self) -> None:
        stage = Stage(BATCH, gather_s=10.0)
        with others_of(stage):
            await stopped(stage, self.both(stage), lambda: stage.desk.gatherer._open != {})
        assert (stage.events, stage.clock.elapsed) == ([], 0)

    async def test_while_a_request_waits_for_its_turn_leaves_no_trace(self) -> None:
        stage = Stage(PACED, gather_s=0.0)
        stage.pace.waits[PACE] = 20.0
        await stopped(stage, self.both(stage), lambda: bool(stage.pace.reserved))
        assert (stage.events, stage.clock.elapsed) == ([], 0)

    async def test_between_two_tries_frees_all_questions(self) -> None:
        stage = Stage(BATCH).says(TOO_FAST)
        await stopped(stage, self.both(stage), lambda: "call first" in stage.events)
        assert stage.events == [*["intent first"] * 2, "call first", *["failed"] * 2]
        assert not stage.journal.live

    async def test_a_worker_that_stops_begins_no_request(self) -> None:
        stage = Stage(BATCH).says(each(hit))
        stage.stopping.set()
        with pytest.raises(StoppingError):
            await under_way(stage, 1, "a")
        await settled()
        assert not stage.events

    async def test_when_the_loop_ends_what_is_in_the_air_stays_started(self) -> None:
        stage = Stage(BATCH).says(each(hit))
        stage.transport.gate.clear()
        contacts = [asyncio.ensure_future(under_way(stage, number, name)) for number, name in enumerate("ab", 1)]
        await until(lambda: bool(stage.transport.asked))
        [serving] = stage.desk.gatherer._serving
        serving.cancel()
        ends = await asyncio.gather(*contacts, return_exceptions=True)
        assert [type(end) for end in ends] == [asyncio.CancelledError] * 2
        assert stage.journal.steps == [Step.STARTED] * 2

    async def test_when_the_loop_ends_what_only_gathers_leaves_no_trace(self) -> None:
        stage = Stage(BATCH, gather_s=10.0)
        contacts = [asyncio.ensure_future(under_way(stage, number, name)) for number, name in enumerate("ab", 1)]
        await settled()
        [serving] = stage.desk.gatherer._serving
        serving.cancel()
        ends = await asyncio.gather(*contacts, return_exceptions=True)
        assert [type(end) for end in ends] == [StoppingError] * 2
        assert not stage.events

    async def test_when_the_loop_ends_while_intents_are_written_nothing_was_sent(self) -> None:
        stage, writing = Stage(BATCH).says(each(hit)), asyncio.Event()
        begin = stage.journal.begin

        async def slow(intent: Intent) -> Purchase:
            await writing.wait()
            return await begin(intent)

        stage.journal.begin = slow  # type: ignore[method-assign]
        contact = asyncio.ensure_future(under_way(stage, 1, "a"))
        await settled()
        [serving] = stage.desk.gatherer._serving
        serving.cancel()
        await settled()
        writing.set()
        with pytest.raises(StoppingError):
            await contact
        assert stage.events == ["intent first", "failed"]

    async def both(self, stage: Stage) -> None:
        """Two contacts that share a request: both are told to stop."""
        ends = await asyncio.gather(under_way(stage, 1, "a"), under_way(stage, 2, "b"), return_exceptions=True)
        assert [type(end) for end in ends] == [StoppingError] * 2
        raise StoppingError


MOODS = ("well", "well", "well", "too fast", "broken", "not taken", "bad key", "never sent", "lost")
SAID: Mapping[str, Refused | Exception] = {
    "too fast": TOO_FAST,
    "broken": BROKEN,
    "not taken": NOT_TAKEN,
    "bad key": BAD_KEY,
    "never sent": NeverSentError(),
    "lost": MaybeSentError(),
}
REPLIES: Mapping[str, Reply | None] = {"hit": HIT, "miss": NotFound(), "refused": NOT_TAKEN, "left out": None}


@dataclass
class Moody:
    """A vendor of changing moods, who remembers what may have been billed."""

    moods: list[str]
    people: Mapping[str, str]
    billed: Counter[str] = field(default_factory=Counter)

    def __call__(self, rows: Rows) -> Reply | Mapping[str, Reply] | Exception:
        mood = self.moods.pop() if self.moods else "well"
        if mood == "lost":
            self.billed.update(rows.values())
        if mood != "well":
            return SAID[mood]
        known = {row: REPLIES[self.people[name]] for row, name in rows.items()}
        replies = {row: reply for row, reply in known.items() if reply is not None}
        self.billed.update(rows[row] for row, reply in replies.items() if isinstance(reply, Found | NotFound))
        return replies if len(rows) > 1 else next(iter(replies.values()), NOT_TAKEN)


@given(
    questions=st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from([0.0, 0.03, 2.0])), min_size=1, max_size=9),
    people=st.fixed_dictionaries(
        {name: st.sampled_from(["hit", "hit", "miss", "refused", "left out"]) for name in "abcdef"}
    ),
    moods=st.lists(st.sampled_from(MOODS), max_size=8),
    batch=st.integers(1, 4),
    concurrency=st.sampled_from([None, 1, 2]),
    keys=st.sampled_from([TWO_KEYS, TWO_KEYS[:1]]),
)
async def test_whatever_happens_nothing_is_bought_twice_and_every_contact_has_exactly_one_answer(
    questions: list[tuple[str, float]],
    people: dict[str, str],
    moods: list[str],
    batch: int,
    concurrency: int | None,
    keys: tuple[object, ...],
) -> None:
    vendor = replace(
        BATCH, operations=(replace(BATCH.operations[0], batch=batch),), limits=Limits(concurrency=concurrency)
    )
    vendor_says = Moody(moods, people)
    stage = Stage(vendor, keys=keys).says(vendor_says)  # type: ignore[arg-type]  # keys

    async def contact(number: int, name: str, after_s: float) -> Attempt:
        await stage.clock.sleep(after_s)
        return await under_way(stage, number, name)

    attempts = await asyncio.gather(*(contact(number, *question) for number, question in enumerate(questions)))

    assert all(attempt.uncertain or attempt.reply is not None for attempt in attempts)
    assert not OPEN & set(stage.journal.steps)
    assert max(vendor_says.billed.values(), default=0) <= 1
    assert all(len(asked) == len(set(asked)) <= batch for asked in stage.transport.asked)
    assert len(stage.journal.answers) == len(stage.journal.rows)
