"""From replies to a verdict, the times of another try, and names that nobody has (email-verification, 5 to 9)."""

import re
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openenrich.core.addresses import is_role
from openenrich.core.mailbox import (
    STRONG_SIGNAL,
    WEAK_SIGNAL,
    CatchAll,
    MailboxCheck,
    MailboxStatus,
    conclude,
    invented_names,
    retry_after_s,
)
from openenrich.core.smtp_replies import Reading, ReplyClass
from openenrich.sandbox.mail.plausible import looks_like_a_name

DELIVERABLE, PROBABLE, CATCH_ALL, INVALID, INVALID_DOMAIN, UNKNOWN = MailboxStatus
REFUSES, ACCEPTS, OPEN, UNTESTED = CatchAll
NO_VERDICT = [
    ReplyClass.BLOCKED,
    ReplyClass.SESSION,
    ReplyClass.GREYLISTED,
    ReplyClass.TEMPORARY,
    ReplyClass.SESSION_LIMIT,
    ReplyClass.UNCLEAR,
]
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0


def reading(
    kind: ReplyClass,
    code: int = 550,
    *,
    reason: str = "said",
    wait_s: float | None = None,
    against_us: bool = False,
) -> Reading:
    return Reading(
        kind=kind,
        reason=reason,
        code=code,
        enhanced=None,
        permanent=code >= 500,
        wait_s=wait_s,
        against_us=against_us,
    )


@pytest.mark.parametrize(
    ("kind", "code", "catch_all", "status", "reason"),
    [
        (ReplyClass.ACCEPTED, 250, REFUSES, DELIVERABLE, "accepted"),
        (ReplyClass.ACCEPTED, 250, ACCEPTS, CATCH_ALL, "catch_all"),
        (ReplyClass.ACCEPTED, 250, OPEN, CATCH_ALL, "catch_all_untested"),
        (ReplyClass.ACCEPTED, 250, UNTESTED, CATCH_ALL, "catch_all_untested"),
        (ReplyClass.ACCEPTS_ANYTHING, 250, UNTESTED, CATCH_ALL, "said"),
        (ReplyClass.ACCEPTS_ANYTHING, 252, REFUSES, CATCH_ALL, "said"),
        (ReplyClass.NO_USER, 550, UNTESTED, INVALID, "said"),
        (ReplyClass.NO_USER, 550, ACCEPTS, INVALID, "said"),
        (ReplyClass.DISABLED, 550, UNTESTED, INVALID, "said"),
        (ReplyClass.FULL, 552, UNTESTED, INVALID, "mailbox_full"),
        (ReplyClass.FULL, 552, REFUSES, INVALID, "mailbox_full"),
        (ReplyClass.FULL, 452, REFUSES, PROBABLE, "mailbox_full_for_now"),
        (ReplyClass.FULL, 452, ACCEPTS, CATCH_ALL, "mailbox_full_for_now"),
        (ReplyClass.FULL, 452, OPEN, CATCH_ALL, "mailbox_full_for_now"),
        (ReplyClass.FULL, 452, UNTESTED, CATCH_ALL, "mailbox_full_for_now"),
        (ReplyClass.THROTTLED, 450, UNTESTED, PROBABLE, "said"),
        (ReplyClass.THROTTLED, 550, UNTESTED, PROBABLE, "said"),
        (ReplyClass.NOT_HOSTED, 550, UNTESTED, UNKNOWN, "said"),
        (ReplyClass.GREYLISTED, 451, UNTESTED, UNKNOWN, "said"),
        (ReplyClass.TEMPORARY, 451, UNTESTED, UNKNOWN, "said"),
        (ReplyClass.BLOCKED, 550, UNTESTED, UNKNOWN, "said"),
        (ReplyClass.SESSION, 550, UNTESTED, UNKNOWN, "said"),
        (ReplyClass.SESSION_LIMIT, 452, UNTESTED, UNKNOWN, "said"),
        (ReplyClass.UNCLEAR, 550, UNTESTED, UNKNOWN, "said"),
    ],
)
def test_the_table_of_the_specification(
    kind: ReplyClass, code: int, catch_all: CatchAll, status: MailboxStatus, reason: str
):
    assert conclude(reading(kind, code), catch_all) == (status, reason)


@pytest.mark.parametrize("kind", [ReplyClass.NO_USER, ReplyClass.DISABLED])
def test_a_directory_in_doubt_makes_nobody_invalid(kind: ReplyClass):
    assert conclude(reading(kind), UNTESTED, doubted=True) == (UNKNOWN, "contradicted")


def test_a_domain_is_not_hosted_when_its_host_says_so_twice():
    said = reading(ReplyClass.NOT_HOSTED, reason="relay_denied")
    assert conclude(said, UNTESTED) == (UNKNOWN, "relay_denied")
    assert conclude(said, UNTESTED, confirmed=True) == (INVALID_DOMAIN, "relay_denied")


@pytest.mark.parametrize("catch_all", [ACCEPTS, OPEN, UNTESTED])
def test_on_a_catch_all_domain_one_strong_signal_or_two_weak_ones_are_enough(catch_all: CatchAll):
    accepted = reading(ReplyClass.ACCEPTED, 250)
    assert conclude(accepted, catch_all, WEAK_SIGNAL)[0] is CATCH_ALL
    assert conclude(accepted, catch_all, WEAK_SIGNAL + WEAK_SIGNAL)[0] is PROBABLE
    assert conclude(accepted, catch_all, STRONG_SIGNAL)[0] is PROBABLE
    assert conclude(reading(ReplyClass.ACCEPTS_ANYTHING, 250), catch_all, STRONG_SIGNAL)[0] is PROBABLE


@given(
    kind=st.sampled_from(ReplyClass),
    code=st.sampled_from([250, 450, 550]),
    catch_all=st.sampled_from(CatchAll),
    signals=st.integers(0, 5),
)
def test_no_signal_makes_a_refused_mailbox_good_nor_an_unknown_one_anything(
    kind: ReplyClass, code: int, catch_all: CatchAll, signals: int
):
    status, reason = conclude(reading(kind, code), catch_all, signals)
    assert reason
    if kind in NO_VERDICT:
        assert status is UNKNOWN
    if status is DELIVERABLE:
        assert (kind, catch_all) == (ReplyClass.ACCEPTED, REFUSES)
    if status is INVALID:
        assert kind in {ReplyClass.NO_USER, ReplyClass.DISABLED, ReplyClass.FULL}


@pytest.mark.parametrize(
    ("kind", "code", "waits"),
    [
        (ReplyClass.GREYLISTED, 451, [70.0, 6 * MINUTE, 20 * MINUTE, HOUR]),
        (ReplyClass.TEMPORARY, 451, [5 * MINUTE, 30 * MINUTE]),
        (ReplyClass.SESSION, 550, [0.0]),
        (ReplyClass.SESSION_LIMIT, 452, [0.0, 0.0]),
        (ReplyClass.NOT_HOSTED, 550, [DAY]),
        (ReplyClass.FULL, 452, [DAY]),
        (ReplyClass.FULL, 552, []),
        (ReplyClass.THROTTLED, 450, []),
        (ReplyClass.BLOCKED, 550, []),
        (ReplyClass.NO_USER, 550, []),
        (ReplyClass.DISABLED, 550, []),
        (ReplyClass.ACCEPTED, 250, []),
        (ReplyClass.ACCEPTS_ANYTHING, 252, []),
        (ReplyClass.UNCLEAR, 550, []),
    ],
)
def test_when_a_host_is_asked_again(kind: ReplyClass, code: int, waits: list[float]):
    said = reading(kind, code)
    assert [retry_after_s(said, attempt) for attempt in range(1, len(waits) + 3)] == [*waits, None, None]


def test_a_host_that_names_the_time_is_taken_at_its_word_for_an_hour_at_most():
    assert retry_after_s(reading(ReplyClass.GREYLISTED, 451, wait_s=300), 1) == 300
    assert retry_after_s(reading(ReplyClass.TEMPORARY, 451, wait_s=90), 2) == 90
    assert retry_after_s(reading(ReplyClass.GREYLISTED, 451, wait_s=2 * HOUR), 1) == HOUR
    assert retry_after_s(reading(ReplyClass.GREYLISTED, 451, wait_s=300), 5) is None


def test_a_temporary_refusal_in_the_words_of_a_block_is_tried_twice_in_all():
    said = reading(ReplyClass.TEMPORARY, 451, reason="policy", against_us=True)
    assert retry_after_s(said, 1) == 5 * MINUTE
    assert retry_after_s(said, 2) is None


@pytest.mark.parametrize("reason", ["not_offered", "smtputf8_not_offered", "dnssec_bogus"])
def test_what_time_does_not_mend_is_not_tried_again(reason: str):
    assert retry_after_s(reading(ReplyClass.TEMPORARY, 0, reason=reason), 1) is None


LOCALS = st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12), min_size=1, max_size=4).flatmap(
    lambda parts: st.sampled_from([".", "_", "-"]).map(lambda separator: separator.join(parts))
)


@given(local=LOCALS, seed=st.integers())
def test_an_invented_name_has_the_shape_of_the_target_and_is_never_it(local: str, seed: int):
    human, letters = invented_names(local, Random(seed))
    assert local not in {human, letters}
    assert re.sub(r"[a-z]+", "a", human) == re.sub(r"[a-z]+", "a", local)
    assert not is_role(human)
    assert human != letters
    wanted, got = re.split(r"[._-]", local), re.split(r"[._-]", human)
    longest = max(map(len, wanted))
    for want, have in zip(wanted, got, strict=True):
        if longest > 1 and want is not wanted[0] and len(want) > 2:
            assert abs(len(want) - len(have)) <= 3, (want, have)


@given(local=st.text(max_size=64), seed=st.integers())
@example(local="", seed=1)
@example(local="12345", seed=1)
@example(local='"ada quimby"', seed=1)
@example(local="a" * 64, seed=1)
@example(local=".".join("abcdefghijklmnop"), seed=1)
def test_whatever_the_target_is_the_invented_names_are_plain(local: str, seed: int):
    human, letters = invented_names(local, Random(seed))
    assert re.fullmatch(r"[a-z]+(?:[._-][a-z]+)*", human)
    assert re.fullmatch(r"[a-z]{12,16}", letters)
    assert 3 <= len(human) <= 64
    assert local.casefold() not in {human, letters}


@pytest.mark.parametrize(
    ("local", "shape"),
    [
        ("ada.quimby", r"[a-z]{3,5}\.[a-z]{5,7}"),
        ("a.quimby", r"[a-z]\.[a-z]{5,7}"),
        ("quimby.a", r"[a-z]{5,8}\.[a-z]"),
        ("aquimby", r"[a-z]{6,8}"),
        ("ada", r"[a-z]{5,7}"),
        ("ada-maria.quimby", r"[a-z]{3,4}-[a-z]{4,6}\.[a-z]{5,7}"),
        ("ada_quimby7", r"[a-z]{3,5}_[a-z]{5,7}"),
        ("ada.quimby+list", r"[a-z]{3,5}\.[a-z]{5,7}"),
        ("zoë.o'connor", r"[a-z]{3,5}\.[a-z]{6,8}"),
        ("42", r"[a-z]{5,7}\.[a-z]{6,8}"),
    ],
)
def test_the_shape_is_that_of_the_person(local: str, shape: str):
    for seed in range(50):
        assert re.fullmatch(shape, invented_names(local, Random(seed))[0])


def test_invented_names_are_new_each_time_and_the_same_for_the_same_dice():
    names = {invented_names("ada.quimby", Random(seed)) for seed in range(500)}
    assert len({human for human, _ in names}) > 490
    assert len({letters for _, letters in names}) == 500
    assert invented_names("ada.quimby", Random(7)) == invented_names("ada.quimby", Random(7))


@pytest.mark.parametrize(
    "local", ["ada.quimby", "a.quimby", "quimby", "aquimby", "ada", "maximilian.featherstonehaugh"]
)
def test_filters_that_let_only_names_pass_mostly_let_the_first_one_pass(local: str):
    passed = sum(looks_like_a_name(invented_names(local, Random(seed))[0]) for seed in range(300))
    assert passed >= 270


def test_a_check_that_knows_only_its_verdict_can_be_written():
    check = MailboxCheck(address="ada@example.com", status=UNKNOWN, reason="timeout")
    assert (check.catch_all, check.stage, check.retry_at, check.flags) == (UNTESTED, None, None, frozenset())
