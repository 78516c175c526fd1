"""Whom to ask next: the operator's order, then the expected cost of a hit."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core.contact import Field, Known
from openenrich.core.money import MicroUsd
from openenrich.core.ordering import Offer, expected_cost, ranked
from openenrich.core.vendor import Charge, HeaderKey, Limits, Operation, Style, Vendor

WORK, PHONE = Field.WORK_EMAIL, Field.PHONE


def offer(
    name: str,
    price: int,
    charge: Charge = Charge.PER_RESULT,
    hit_rate: float = 0.4,
    *,
    returns: Field = WORK,
    operation: str = "find",
) -> Offer:
    """An operation that costs ``price`` millionths of a dollar."""
    asked = Operation(
        operation, frozenset({returns}), (frozenset({Known.DOMAIN}),), credits=1000, charge=charge, hit_rate=hit_rate
    )
    vendor = Vendor(
        name=name,
        title=name,
        docs="",
        base_url="",
        auth=HeaderKey("X-Key"),
        style=Style.SYNC,
        operations=(asked,),
        credit_price=MicroUsd(price),
        limits=Limits(),
        region="EU",
    )
    return Offer(vendor, asked)


def names(*offers: Offer, field: Field = WORK, preferred: tuple[str, ...] = ()) -> list[str]:
    return [one.vendor.name for one in ranked(field, offers, preferred)]


def test_the_cheapest_hit_comes_first() -> None:
    assert names(offer("dear", 30_000), offer("cheap", 10_000), offer("free", 0, Charge.FREE)) == [
        "free",
        "cheap",
        "dear",
    ]


def test_a_vendor_that_charges_every_call_costs_its_price_per_hit() -> None:
    per_call = offer("call", 10_000, Charge.PER_CALL, hit_rate=0.25)
    assert expected_cost(per_call) == 40_000
    assert names(per_call, offer("result", 30_000)) == ["result", "call"]


@pytest.mark.parametrize("charge", [Charge.PER_RESULT, Charge.PER_MATCH, Charge.PER_VERIFIED])
def test_a_vendor_that_charges_hits_costs_its_price_however_seldom_it_hits(charge: Charge) -> None:
    assert expected_cost(offer("one", 10_000, charge, hit_rate=0.05)) == 10_000


def test_a_hit_rate_of_zero_is_dear_and_not_a_division_by_zero() -> None:
    assert expected_cost(offer("never", 10_000, Charge.PER_CALL, hit_rate=0.0)) == 1_000_000


def test_at_equal_cost_the_better_hit_rate_comes_first_and_then_the_name() -> None:
    assert names(offer("b", 10, hit_rate=0.5), offer("c", 10, hit_rate=0.9), offer("a", 10, hit_rate=0.5)) == [
        "c",
        "a",
        "b",
    ]


def test_the_operators_order_comes_before_cost_and_what_is_free_before_both() -> None:
    offers = [offer("cheap", 10), offer("dear", 90_000), offer("middle", 20_000), offer("free", 0, Charge.FREE)]
    assert names(*offers, preferred=("dear", "middle")) == ["free", "dear", "middle", "cheap"]


def test_a_preferred_vendor_without_a_key_is_simply_not_there() -> None:
    assert names(offer("one", 10), preferred=("absent", "one")) == ["one"]


def test_only_vendors_that_return_the_field_are_asked_for_it() -> None:
    assert names(offer("mail", 10), offer("phone", 10, returns=PHONE), field=PHONE) == ["phone"]


def test_two_operations_of_one_vendor_are_two_offers() -> None:
    both = ranked(WORK, [offer("one", 10, operation="b"), offer("one", 10, operation="a")])
    assert [one.key for one in both] == [("one", "a"), ("one", "b")]


def test_the_order_is_the_same_however_the_offers_come() -> None:
    offers = [offer("a", 10), offer("b", 10), offer("c", 5), offer("d", 20, Charge.PER_CALL)]
    assert {tuple(names(*some)) for some in permutations(offers)} == {("c", "a", "b", "d")}


@given(
    prices=st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 10**6), min_size=1),
    preferred=st.lists(st.sampled_from("abcdefgh"), unique=True),
)
def test_nobody_is_lost_or_asked_twice(prices: dict[str, int], preferred: list[str]) -> None:
    order = names(*(offer(name, price) for name, price in prices.items()), preferred=tuple(preferred))
    assert sorted(order) == sorted(prices)
    wished = [name for name in preferred if name in prices]
    assert order[: len(wished)] == wished
    costs = [prices[name] for name in order[len(wished) :]]
    assert costs == sorted(costs)
