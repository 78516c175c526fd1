"""How many verifiers are asked about an address, and what their opinions make of it (verifiers reference, rule 4)."""

from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openenrich.core.contact import EmailClaim
from openenrich.core.outcome import EmailStatus
from openenrich.core.verdict import Checked, Claim, DomainMail, Opinion, Verdict, judge
from openenrich.core.verification import opinion_of, wants_another

GOOD, PROBABLE, CATCH_ALL, BAD, NO_DOMAIN = EmailStatus
YES, MAYBE, ANY_NAME, UNKNOWN, NO = EmailClaim
UNSURE: Final = None

Said = EmailStatus | None
RANK: Final = {BAD: 0, NO_DOMAIN: 0, None: 1, CATCH_ALL: 2, PROBABLE: 3, GOOD: 4}
"""From "do not write" to "write"; not knowing is between."""

some = st.lists(st.sampled_from([*EmailStatus, None]), max_size=5)
claims = st.lists(st.sampled_from(EmailClaim), max_size=3)


def opinions(*said: Said) -> tuple[Opinion, ...]:
    return tuple(Opinion(f"verifier{number}", status) for number, status in enumerate(said))


def verdict(*said: Said, needed: int = 1, finders: tuple[EmailClaim, ...] = ()) -> Verdict:
    return judge(
        well_formed=True,
        domain=DomainMail.TAKES_MAIL,
        claims=[Claim(f"finder{number}", claim) for number, claim in enumerate(finders)],
        checked=Checked(opinions(*said), needed),
    )


# --- a claim as an opinion


@pytest.mark.parametrize(
    ("claim", "status"), [(YES, GOOD), (MAYBE, PROBABLE), (ANY_NAME, CATCH_ALL), (NO, BAD), (UNKNOWN, None)]
)
def test_a_verifiers_claim_is_its_opinion_and_unknown_is_none(claim: EmailClaim, status: Said) -> None:
    assert opinion_of("acme", claim) == Opinion("acme", status)


# --- whether another one is asked


@pytest.mark.parametrize(
    ("said", "needed", "another"),
    [
        ((), 1, True),
        ((UNSURE,), 1, True),
        ((UNSURE, UNSURE, UNSURE), 1, True),
        ((GOOD,), 1, False),
        ((PROBABLE,), 1, False),
        ((BAD,), 1, False),
        ((GOOD,), 2, True),
        ((GOOD, UNSURE), 2, True),
        ((GOOD, GOOD), 2, False),
        ((GOOD, PROBABLE), 2, False),
        ((BAD,), 2, True),
        ((BAD, BAD), 2, False),
        ((NO_DOMAIN,), 3, False),
        ((GOOD, NO_DOMAIN), 3, False),
        ((CATCH_ALL,), 1, True),
        ((CATCH_ALL, CATCH_ALL), 1, False),
        ((CATCH_ALL, CATCH_ALL), 2, True),
        ((CATCH_ALL, CATCH_ALL, CATCH_ALL), 2, False),
        ((CATCH_ALL, GOOD), 1, False),
        ((CATCH_ALL, BAD), 1, False),
        ((GOOD, BAD), 1, True),
        ((BAD, GOOD), 2, True),
        ((GOOD, BAD, GOOD), 1, False),
        ((GOOD, BAD, BAD), 1, False),
        ((GOOD, BAD, CATCH_ALL), 1, True),
        ((GOOD, BAD, UNSURE), 1, True),
        ((GOOD, BAD, UNSURE, GOOD), 1, False),
    ],
)
def test_another_verifier_is_asked_until_it_is_enough(*, said: tuple[Said, ...], needed: int, another: bool) -> None:
    assert wants_another(opinions(*said), needed) is another


@given(some, st.integers(1, 4))
def test_who_knows_nothing_changes_nothing(said: list[Said], needed: int) -> None:
    assert wants_another(opinions(*said), needed) is wants_another(opinions(*said, UNSURE), needed)


@given(st.lists(st.sampled_from([GOOD, PROBABLE]), max_size=6), st.integers(1, 4))
def test_as_many_as_are_needed_are_asked_and_no_more(said: list[Said], needed: int) -> None:
    assert wants_another(opinions(*said), needed) is (len(said) < needed)


# --- what the opinions amount to


@pytest.mark.parametrize(
    ("said", "needed", "expected"),
    [
        ((GOOD,), 1, GOOD),
        ((GOOD, GOOD), 1, GOOD),
        ((GOOD, UNSURE), 1, GOOD),
        ((GOOD,), 2, PROBABLE),
        ((GOOD, UNSURE), 2, PROBABLE),
        ((GOOD, GOOD), 2, GOOD),
        ((GOOD, CATCH_ALL), 1, PROBABLE),
        ((GOOD, GOOD, CATCH_ALL), 2, PROBABLE),
        ((GOOD, PROBABLE), 1, PROBABLE),
        ((PROBABLE,), 1, PROBABLE),
        ((PROBABLE, CATCH_ALL), 1, PROBABLE),
        ((CATCH_ALL,), 1, CATCH_ALL),
        ((CATCH_ALL, CATCH_ALL), 1, CATCH_ALL),
        ((BAD,), 1, BAD),
        ((BAD, UNSURE), 2, BAD),
        ((BAD, CATCH_ALL), 1, BAD),
        ((BAD, PROBABLE), 1, BAD),
        ((NO_DOMAIN,), 1, NO_DOMAIN),
        ((NO_DOMAIN, NO_DOMAIN), 1, NO_DOMAIN),
        ((NO_DOMAIN, BAD), 1, BAD),
        ((GOOD, BAD), 1, None),
        ((GOOD, NO_DOMAIN), 1, None),
        ((GOOD, GOOD, BAD), 1, PROBABLE),
        ((GOOD, GOOD, BAD), 2, PROBABLE),
        ((GOOD, BAD, BAD), 1, BAD),
        ((GOOD, BAD, NO_DOMAIN), 1, BAD),
        ((GOOD, BAD, CATCH_ALL), 1, None),
    ],
)
def test_opinions_are_weighed(said: tuple[Said, ...], needed: int, expected: Said) -> None:
    assert verdict(*said, needed=needed).status is expected


@pytest.mark.parametrize(
    ("finders", "expected"),
    [
        ((), CATCH_ALL),
        ((ANY_NAME,), CATCH_ALL),
        ((YES,), CATCH_ALL),
        ((UNKNOWN, ANY_NAME), PROBABLE),
        ((YES, YES), PROBABLE),
        ((NO,), BAD),
        ((NO, NO), BAD),
        ((YES, NO), None),
    ],
)
def test_where_every_name_is_accepted_the_finders_decide(finders: tuple[EmailClaim, ...], expected: Said) -> None:
    assert verdict(CATCH_ALL, finders=finders).status is expected


@pytest.mark.parametrize("status", [GOOD, PROBABLE, BAD, NO_DOMAIN])
def test_who_looked_is_believed_before_who_only_claims(status: EmailStatus) -> None:
    assert verdict(status, finders=(YES, NO, NO)).status is status


@given(claims)
def test_verifiers_that_could_not_tell_leave_it_to_the_finders(finders: list[EmailClaim]) -> None:
    assert verdict(UNSURE, UNSURE, finders=tuple(finders)) == verdict(finders=tuple(finders))


@pytest.mark.parametrize(("said", "needed", "expected"), [((GOOD, GOOD), 2, PROBABLE), ((BAD, GOOD), 1, GOOD)])
def test_one_verifier_has_one_voice_and_it_is_the_latest(
    said: tuple[EmailStatus, ...], needed: int, expected: EmailStatus
) -> None:
    checked = Checked(tuple(Opinion("acme", status) for status in said), needed)
    assert judge(well_formed=True, domain=DomainMail.TAKES_MAIL, claims=[], checked=checked).status is expected


def test_syntax_and_the_name_servers_outweigh_every_verifier() -> None:
    checked = Checked(opinions(GOOD, GOOD))
    assert judge(well_formed=False, domain=DomainMail.TAKES_MAIL, claims=[], checked=checked).status is BAD
    assert judge(well_formed=True, domain=DomainMail.NULL_MX, claims=[], checked=checked).status is NO_DOMAIN


def test_a_verdict_names_its_verifiers_and_their_reasons() -> None:
    checked = Checked((Opinion("smtp", BAD, "no_such_user"), Opinion("acme", BAD, "disabled"), Opinion("other", None)))
    because = judge(well_formed=True, domain=DomainMail.TAKES_MAIL, claims=[], checked=checked).because
    assert "smtp and acme" in because
    assert "disabled, no_such_user" in because
    assert "other" not in because


@given(some, claims, st.integers(1, 4))
def test_one_more_good_opinion_never_makes_it_worse(said: list[Said], finders: list[EmailClaim], needed: int) -> None:
    assume(any(status is not None for status in said))  # before that, finders alone have spoken
    before = verdict(*said, needed=needed, finders=tuple(finders)).status
    after = verdict(*said, GOOD, needed=needed, finders=tuple(finders)).status
    assert RANK[after] >= RANK[before]


@given(st.integers(1, 6), st.integers(1, 4))
def test_good_opinions_make_it_deliverable_when_as_many_as_are_needed_agree(count: int, needed: int) -> None:
    assert verdict(*[GOOD] * count, needed=needed).status is (GOOD if count >= needed else PROBABLE)


@given(some, claims, st.integers(1, 4))
def test_a_contradiction_is_never_deliverable(said: list[Said], finders: list[EmailClaim], needed: int) -> None:
    for contrary in (BAD, NO_DOMAIN):
        assert verdict(*said, contrary, needed=needed, finders=tuple(finders)).status is not GOOD


@given(some, st.randoms(use_true_random=False), st.integers(1, 4))
def test_the_order_of_opinions_does_not_matter(said: list[Said], rng: object, needed: int) -> None:
    checked = list(opinions(*said))
    shuffled = sorted(checked, key=lambda _: rng.random())  # type: ignore[attr-defined]  # a Random, says hypothesis
    one, other = (
        judge(well_formed=True, domain=DomainMail.TAKES_MAIL, claims=[], checked=Checked(tuple(order), needed)).status
        for order in (checked, shuffled)
    )
    assert one is other


@given(some, claims, st.integers(1, 4))
def test_every_verdict_says_why(said: list[Said], finders: list[EmailClaim], needed: int) -> None:
    assert verdict(*said, needed=needed, finders=tuple(finders)).because
