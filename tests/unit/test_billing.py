"""What an answer cost: the vendor's own word first, then its charge model."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core.billing import cost
from openenrich.core.contact import EmailClaim, EmailFound, EmailKind, Field, Known, PhoneFound, Values
from openenrich.core.money import MicroUsd
from openenrich.core.profile import Profile
from openenrich.core.vendor import (
    Charge,
    Found,
    HeaderKey,
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

FIND = Operation(
    "find",
    returns=frozenset({Field.WORK_EMAIL}),
    also_returns=frozenset({Field.PHONE, Field.PROFILE}),
    needs=(frozenset({Known.DOMAIN}),),
    credits=2000,
    charge=Charge.PER_RESULT,
)
VENDOR = Vendor(
    name="acme",
    title="Acme",
    docs="https://example.com/docs",
    base_url="https://api.example.com",
    auth=HeaderKey("X-Key"),
    style=Style.SYNC,
    operations=(FIND,),
    credit_price=MicroUsd(20_000),
    limits=Limits(),
    region="EU",
)
PRICE = 40_000
PROVEN = Found(Values(emails=(EmailFound("ada@example.com", claim=EmailClaim.DELIVERABLE),)))
UNPROVEN = Found(Values(emails=(EmailFound("ada@example.com", claim=EmailClaim.CATCH_ALL),)))
PERSONAL = Found(Values(emails=(EmailFound("ada@mail.test", EmailKind.PERSONAL, EmailClaim.DELIVERABLE),)))
SIDE = Found(Values(phones=(PhoneFound("+33 6 39 98 12 34"),), profile=Profile(full_name="Ada Sample")))
EMPTY = Found(Values())
MISS = NotFound()


def price(charge: Charge, reply: Reply) -> int:
    return cost(VENDOR, replace(FIND, charge=charge), reply)


@pytest.mark.parametrize(
    ("charge", "reply", "expected"),
    [
        (Charge.FREE, PROVEN, 0),
        (Charge.FREE, MISS, 0),
        (Charge.PER_CALL, PROVEN, PRICE),
        (Charge.PER_CALL, EMPTY, PRICE),
        (Charge.PER_CALL, MISS, PRICE),
        (Charge.PER_MATCH, PROVEN, PRICE),
        (Charge.PER_MATCH, SIDE, PRICE),
        (Charge.PER_MATCH, MISS, 0),
        (Charge.PER_RESULT, PROVEN, PRICE),
        (Charge.PER_RESULT, UNPROVEN, PRICE),
        (Charge.PER_RESULT, SIDE, 0),
        (Charge.PER_RESULT, PERSONAL, 0),
        (Charge.PER_RESULT, EMPTY, 0),
        (Charge.PER_RESULT, MISS, 0),
        (Charge.PER_VERIFIED, PROVEN, PRICE),
        (Charge.PER_VERIFIED, UNPROVEN, 0),
        (Charge.PER_VERIFIED, MISS, 0),
    ],
)
def test_the_charge_model_decides_when_the_vendor_says_nothing(charge: Charge, reply: Reply, expected: int) -> None:
    assert price(charge, reply) == expected


@pytest.mark.parametrize("charge", list(Charge))
@pytest.mark.parametrize("reply", [Found(PROVEN.values, billed=500), NotFound(billed=500)])
def test_what_the_vendor_says_it_charged_counts_whatever_was_declared(charge: Charge, reply: Reply) -> None:
    assert price(charge, reply) == 10_000


def test_a_vendor_that_says_it_charged_nothing_is_believed() -> None:
    assert price(Charge.PER_CALL, Found(PROVEN.values, billed=0)) == 0
    assert price(Charge.PER_CALL, NotFound(billed=0)) == 0


@pytest.mark.parametrize("charge", list(Charge))
@pytest.mark.parametrize("reply", [Pending("job-1"), *(Refused(reason) for reason in Reason)])
def test_waiting_and_refusals_are_free(charge: Charge, reply: Reply) -> None:
    assert price(charge, reply) == 0


def test_the_operators_own_price_of_a_credit_counts() -> None:
    assert cost(replace(VENDOR, credit_price=MicroUsd(5_000)), FIND, PROVEN) == 10_000


@given(charge=st.sampled_from(Charge), billed=st.none() | st.integers(0, 10**6), hit=st.booleans())
def test_a_cost_is_a_whole_number_and_never_negative(charge: Charge, billed: int | None, hit: bool) -> None:  # noqa: FBT001 - drawn
    reply: Reply = Found(PROVEN.values, billed) if hit else NotFound(billed)
    amount = price(charge, reply)
    assert isinstance(amount, int)
    assert amount >= 0
