"""Which verifiers are asked about one address, in which order, and what of their answers counts."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import msgspec
import pytest

from contract.fake_journal import FakeJournal
from contract.fakes import (
    FakeAddresses,
    FakeClock,
    FakePace,
    FakeTransport,
    claimed,
)
from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, Values
from openenrich.core.money import MicroUsd
from openenrich.core.outcome import EmailStatus
from openenrich.core.vendor import (
    Ask,
    Charge,
    Found,
    HeaderKey,
    HttpRequest,
    HttpResponse,
    Limits,
    NotFound,
    Operation,
    Pending,
    Reason,
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.core.verdict import Checked, Opinion
from openenrich.engine.ask_vendor import Desk, open_desk
from openenrich.engine.check_address import AddressChecker
from openenrich.engine.patience import Patience
from openenrich.engine.ports import Claimed, LostClaimError, MaybeSentError, Purchase, Step, StoppingError, VendorKey
from openenrich.engine.throttle import Throttle
from openenrich.vendors._discover import VendorAdapter

ADA = "ada@example.com"
GOOD, PROBABLE, CATCH_ALL, BAD, _ = EmailStatus
YES, MAYBE, ANY_NAME, UNKNOWN, NO = EmailClaim
ADDRESS = frozenset({Known.WORK_EMAIL})
VERIFY = Operation(
    "verify", frozenset({Field.WORK_EMAIL}), (ADDRESS,), credits=1000, charge=Charge.PER_RESULT, verifies=True
)
FIND = Operation("find", frozenset({Field.WORK_EMAIL}), (ADDRESS,), credits=1000, charge=Charge.PER_RESULT)
PRICES = {"cheap": 1_000, "middling": 2_000, "dear": 3_000}
Answer = Reply | Exception


def verifier(name: str, price: int, *operations: Operation, style: Style = Style.SYNC) -> Vendor:
    return Vendor(
        name=name,
        title=name,
        docs="https://example.com/docs",
        base_url="https://api.example.com",
        auth=HeaderKey("X-Key"),
        style=style,
        operations=operations or (VERIFY,),
        credit_price=MicroUsd(price),
        limits=Limits(),
        region="EU",
    )


def says(claim: EmailClaim, address: str = ADA) -> Found:
    return Found(Values(emails=(EmailFound(address, claim=claim),)))


def smtp(status: EmailStatus | None) -> Opinion:
    """What our own verifier found out, or could not."""
    return Opinion("smtp", status, "asked")


def _request(ask: Ask) -> HttpRequest:
    return HttpRequest("POST", "/" + ask.operation, json=msgspec.to_builtins(ask.contact))


def _read(_: Ask, response: HttpResponse) -> Reply:
    reply: Reply = msgspec.json.decode(response.body, type=Reply)
    return reply


def _poll(tokens: Sequence[str]) -> HttpRequest:
    return HttpRequest("GET", "/jobs", query={"ids": tokens[0]})


def _read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    return {tokens[0]: msgspec.json.decode(response.body, type=Reply)}


def adapter(vendor: Vendor) -> VendorAdapter:
    plain = VendorAdapter(vendor, _request, _read)
    return replace(plain, poll=_poll, read_poll=_read_poll) if vendor.style is Style.POLLED else plain


class Market(FakeTransport):
    """Says what was written for each verifier, one after the other, the last for ever."""

    def __init__(self, answers: dict[str, list[Answer]]) -> None:
        super().__init__([])
        self._answers = answers
        self.told: list[tuple[str, object]] = []

    async def send(self, adapter: object, key: VendorKey, request: HttpRequest, timeout_s: float) -> HttpResponse:
        name = adapter.vendor.name  # type: ignore[attr-defined]  # an Adapter
        self.told.append((name, request.json))
        script = self._answers[name]
        said = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(said, Exception):
            raise said
        return HttpResponse(200, msgspec.json.encode(said))


class Keys:
    """The same keys for every vendor, but for those that the workspace has none for."""

    def __init__(self, missing: str = "") -> None:
        self.missing = missing

    async def pool(self, workspace_id: UUID, vendor: str) -> Sequence[VendorKey]:
        return () if vendor == self.missing else (VendorKey("first", f"secret of {vendor}"),)


@dataclass(frozen=True)
class Own:
    """Our own verifier, which has only one thing to say."""

    opinion: Opinion | None = None
    asked: list[str] = field(default_factory=list)

    async def look(self, address: str) -> Opinion | None:
        self.asked.append(address)
        return self.opinion


class Shop:
    """A worker with these verifiers, in dearest-first order, which is not the order that counts."""

    def __init__(
        self, *vendors: Vendor, own: Opinion | None = None, missing: str = "", **said: Answer | list[Answer]
    ) -> None:
        known = vendors or tuple(verifier(name, PRICES[name]) for name in sorted(said, key=lambda name: -PRICES[name]))
        answers: dict[str, list[Answer]] = {vendor.name: [says(UNKNOWN)] for vendor in known}
        answers |= {name: item if isinstance(item, list) else [item] for name, item in said.items()}
        self.market = Market(answers)
        self.own = Own(own)
        self.clock, self.stopping = FakeClock(), asyncio.Event()
        self.journal = FakeJournal(self.market.events)
        self.throttle = Throttle(FakePace(), self.clock, 30.0)
        self.vendors = {vendor.name: vendor for vendor in known}
        self.desk = self._desk(missing)

    def _desk(self, missing: str) -> Desk:
        return open_desk(
            {name: adapter(vendor) for name, vendor in self.vendors.items()},
            self.journal,  # type: ignore[arg-type]  # claims and settlements are not asked for here
            Keys(missing),
            FakeAddresses(""),
            self.market,
            self.throttle,
            Patience(self.clock, self.stopping, 1.0),
        )

    async def check(self, needed: int = 1, order: tuple[str, ...] = (), who: Claimed | None = None) -> Checked:
        return await AddressChecker(self.desk, self.own, needed, order).check(who or claimed(), ADA)

    @property
    def asked(self) -> list[str]:
        return [name for name, _ in self.market.told]


def opinions(checked: Checked) -> Mapping[str, EmailStatus | None]:
    return {item.source: item.status for item in checked.opinions}


class TestOurOwnVerifier:
    async def test_it_is_asked_first_and_what_it_knows_is_not_bought(self) -> None:
        shop = Shop(own=smtp(GOOD), cheap=says(YES))
        assert await shop.check() == Checked((smtp(GOOD),), 1)
        assert (shop.own.asked, shop.asked) == ([ADA], [])

    async def test_where_it_could_not_tell_one_is_paid_for(self) -> None:
        shop = Shop(own=smtp(None), cheap=says(NO))
        assert opinions(await shop.check()) == {"smtp": None, "cheap": BAD}

    async def test_where_it_is_off_it_has_no_opinion(self) -> None:
        shop = Shop(cheap=says(YES))
        assert opinions(await shop.check()) == {"cheap": GOOD}

    async def test_it_is_one_of_those_that_are_needed(self) -> None:
        shop = Shop(own=smtp(GOOD), cheap=says(YES), dear=says(YES))
        assert opinions(await shop.check(needed=2)) == {"smtp": GOOD, "cheap": GOOD}

    async def test_without_any_other_verifier_its_word_is_all_there_is(self) -> None:
        nobody = Shop(verifier("finder", 1, FIND), own=smtp(None))
        assert await nobody.check(needed=3) == Checked((smtp(None),), 3)


class TestWhoIsAsked:
    async def test_the_cheapest_comes_first_and_is_enough(self) -> None:
        shop = Shop(dear=says(YES), cheap=says(YES), middling=says(YES))
        assert await shop.check() == Checked((Opinion("cheap", GOOD),), 1)
        assert shop.asked == ["cheap"]

    async def test_the_operators_order_comes_before_the_price(self) -> None:
        shop = Shop(dear=says(YES), cheap=says(YES), middling=says(YES))
        await shop.check(needed=2, order=("dear",))
        assert shop.asked == ["dear", "cheap"]

    async def test_a_verifier_is_told_the_address_and_nothing_of_the_person(self) -> None:
        shop = Shop(cheap=says(YES))
        await shop.check()
        assert shop.market.told == [("cheap", {"work_email": ADA})]

    async def test_who_finds_is_not_asked_to_verify(self) -> None:
        shop = Shop(verifier("both", 1, FIND, VERIFY), both=says(YES))
        await shop.check()
        assert [row.operation for row in shop.journal.rows.values()] == ["verify"]

    async def test_a_verifier_without_a_key_is_passed_by(self) -> None:
        shop = Shop(dear=says(YES), cheap=says(YES), missing="cheap")
        assert opinions(await shop.check()) == {"dear": GOOD}

    async def test_a_verifier_whose_key_rests_is_passed_by(self) -> None:
        shop = Shop(dear=says(YES), cheap=says(YES))
        shop.throttle.heard(shop.vendors["cheap"], VendorKey("first", "secret of cheap"), Refused(Reason.NO_CREDIT))
        await shop.check()
        assert shop.asked == ["dear"]

    async def test_who_must_call_back_is_not_asked_where_nobody_can_call_us(self) -> None:
        calling = verifier("calling", 1, replace(VERIFY, calls_back=True))
        shop = Shop(calling, verifier("cheap", 2), cheap=says(YES))
        await shop.check()
        assert shop.asked == ["cheap"]


class TestWhenItIsEnough:
    async def test_as_many_as_are_needed_are_asked(self) -> None:
        shop = Shop(dear=says(YES), cheap=says(YES), middling=says(MAYBE))
        assert opinions(await shop.check(needed=2)) == {"cheap": GOOD, "middling": PROBABLE}

    async def test_a_contradiction_gets_a_third_opinion(self) -> None:
        shop = Shop(own=smtp(GOOD), cheap=says(NO), middling=says(YES), dear=says(YES))
        assert opinions(await shop.check(needed=2)) == {"smtp": GOOD, "cheap": BAD, "middling": GOOD}

    async def test_where_every_name_is_accepted_one_more_is_asked(self) -> None:
        shop = Shop(own=smtp(CATCH_ALL), cheap=says(ANY_NAME), dear=says(YES))
        assert opinions(await shop.check()) == {"smtp": CATCH_ALL, "cheap": CATCH_ALL}
        assert shop.asked == ["cheap"]

    async def test_who_runs_out_of_verifiers_has_what_there_is(self) -> None:
        shop = Shop(cheap=says(UNKNOWN), dear=says(UNKNOWN))
        assert opinions(await shop.check()) == {"cheap": None, "dear": None}


class TestWhatCounts:
    async def test_not_knowing_is_no_answer_and_the_next_one_is_asked(self) -> None:
        shop = Shop(cheap=says(UNKNOWN), dear=says(NO))
        assert opinions(await shop.check()) == {"cheap": None, "dear": BAD}

    @pytest.mark.parametrize(
        "answer",
        [
            Refused(Reason.BAD_KEY, code="401"),
            Refused(Reason.NO_CREDIT, code="402"),
            Refused(Reason.INPUT_REFUSED, code="422"),
            Refused(Reason.UNREADABLE),
            NotFound(),
            says(YES, "somebody.else@example.com"),
            Found(Values()),
        ],
        ids=str,
    )
    async def test_a_refusal_a_miss_and_another_address_say_nothing(self, answer: Answer) -> None:
        shop = Shop(cheap=answer, dear=says(NO))
        assert opinions(await shop.check()) == {"dear": BAD}

    async def test_an_address_is_the_same_however_it_is_written(self) -> None:
        shop = Shop(cheap=says(YES, " Ada@Example.COM "))
        assert opinions(await shop.check()) == {"cheap": GOOD}

    async def test_a_call_that_may_have_been_paid_for_is_left_alone_and_another_one_asked(self) -> None:
        shop = Shop(cheap=MaybeSentError("timeout"), dear=says(YES))
        assert opinions(await shop.check()) == {"dear": GOOD}
        assert shop.asked == ["cheap", "dear"]
        assert shop.journal.steps == [Step.UNCERTAIN, Step.DONE]

    async def test_a_job_is_waited_for(self) -> None:
        shop = Shop(verifier("slow", 1, style=Style.POLLED), slow=[Pending("job-1", 2.0), says(YES)])
        assert opinions(await shop.check()) == {"slow": GOOD}
        assert shop.clock.elapsed > 0


class TestTheJournal:
    async def test_a_verdict_is_bought_once_for_a_workspace(self) -> None:
        shop = Shop(cheap=says(YES))
        first = await shop.check(who=claimed(1))
        assert await shop.check(who=claimed(2)) == first
        assert shop.asked == ["cheap"]
        assert [answer.cost for answer in shop.journal.answers] == [1_000]

    async def test_a_verdict_that_was_given_for_nothing_costs_nothing(self) -> None:
        shop = Shop(cheap=Found(says(UNKNOWN).values, billed=0))
        await shop.check()
        assert [answer.cost for answer in shop.journal.answers] == [0]

    async def test_who_takes_over_finds_what_was_bought(self) -> None:
        shop = Shop(cheap=says(YES), dear=says(YES))
        before = await shop.check(needed=2, who=claimed(1))
        assert await shop.check(needed=2, who=claimed(1)) == before
        assert shop.asked == ["cheap", "dear"]

    async def test_what_a_verifier_does_not_know_serves_nobody_and_is_asked_again(self) -> None:
        shop = Shop(cheap=[says(UNKNOWN), says(YES)])
        assert opinions(await shop.check(who=claimed(1))) == {"cheap": None}
        assert opinions(await shop.check(who=claimed(2))) == {"cheap": GOOD}
        assert shop.journal.steps == [Step.FAILED, Step.DONE]

    async def test_who_takes_over_does_not_pay_again_for_what_a_verifier_did_not_know(self) -> None:
        shop = Shop(cheap=[says(UNKNOWN), says(YES)])
        before = await shop.check(who=claimed(1))
        heir = msgspec.structs.replace(claimed(1), purchases=tuple(shop.journal.rows.values()))
        assert await shop.check(who=heir) == before
        assert shop.asked == ["cheap"]


class TestWhoStops:
    async def test_a_worker_that_stops_asks_nobody_more(self) -> None:
        shop = Shop(cheap=says(YES))
        shop.stopping.set()
        with pytest.raises(StoppingError):
            await shop.check()
        assert shop.asked == []

    async def test_a_lost_claim_ends_the_check(self) -> None:
        shop = Shop(cheap=says(YES))

        async def lost(intent: object) -> Purchase:
            raise LostClaimError

        shop.journal.begin = lost  # type: ignore[method-assign]
        with pytest.raises(LostClaimError):
            await shop.check()
        assert shop.asked == []
