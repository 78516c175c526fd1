"""The ledger adds up, whatever happens in whatever order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core.contact import Field
from openenrich.core.ledger import (
    Account,
    Entry,
    EntryKind,
    Prices,
    charge,
    grant,
    release,
    reserve,
    settle,
    worst_case,
)
from openenrich.core.money import Credits

BILLABLE = frozenset({Field.WORK_EMAIL, Field.PERSONAL_EMAIL, Field.PHONE})


def account(balance: int, reserved: int = 0) -> Account:
    return Account(Credits(balance), Credits(reserved))


def test_a_contact_with_all_three_kinds_costs_fourteen_credits_at_the_most():
    assert worst_case(BILLABLE, frozenset(), Prices()) == 14_000


def test_fields_that_history_answers_are_neither_reserved_nor_charged():
    free = frozenset({Field.PHONE})
    assert worst_case(BILLABLE, free, Prices()) == 4000
    assert charge(BILLABLE, BILLABLE, free, Prices()) == 4000


def test_a_kind_that_was_not_wanted_is_not_charged_even_if_it_was_found():
    assert charge(BILLABLE, frozenset({Field.WORK_EMAIL}), frozenset(), Prices()) == 1000


def test_the_profile_is_free():
    wanted = frozenset({Field.PROFILE, Field.WORK_EMAIL})
    assert worst_case(wanted, frozenset(), Prices()) == 1000
    assert charge(frozenset({Field.PROFILE}), wanted, frozenset(), Prices()) == 0


def test_reserving_more_than_is_free_is_refused_and_changes_nothing():
    assert reserve(account(14_000, 1000), 13_001) is None


def test_settling_frees_what_was_held_and_takes_what_was_used():
    after, entry = settle(account(20_000, 14_000), 14_000, 1000)
    assert (after.balance, after.reserved) == (19_000, 0)
    assert (entry.kind, entry.amount, entry.held) == (EntryKind.SETTLE, -1000, -14_000)


@pytest.mark.parametrize(("held", "charged"), [(1000, 1001), (1000, -1), (3000, 0)])
def test_settling_outside_of_what_was_held_is_a_bug_not_a_booking(held: int, charged: int):
    with pytest.raises(ValueError, match="held"):
        settle(account(5000, 2000), held, charged)


def test_reserved_credits_cannot_be_taken_away_by_hand():
    with pytest.raises(ValueError, match="free to take away"):
        grant(account(5000, 4000), -1001)


actions = st.lists(
    st.tuples(st.sampled_from(["grant", "reserve", "settle", "release"]), st.integers(0, 20_000), st.floats(0, 1)),
    max_size=60,
)


@given(actions)
def test_after_any_history_the_entries_add_up_and_nothing_is_negative(history: list[tuple[str, int, float]]):
    state, open_holds, entries = account(0), [], []
    for action, amount, share in history:
        done: tuple[Account, Entry] | None = None
        if action == "grant":
            done = grant(state, amount)
        elif action == "reserve":
            done = reserve(state, amount)
            if done is not None:
                open_holds.append(amount)
        elif open_holds:
            held = open_holds.pop()
            done = settle(state, held, int(held * share)) if action == "settle" else release(state, held)
        if done is not None:
            state, entry = done
            entries.append(entry)
        assert 0 <= state.reserved <= state.balance
        assert state.reserved == sum(open_holds)
    assert state.balance == sum(entry.amount for entry in entries)
    assert state.reserved == sum(entry.held for entry in entries)
