"""What a company's known addresses say about the next one."""

import re
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openenrich.core.addresses import Address, parse_address
from openenrich.core.pattern_priors import confidence, priors
from openenrich.core.patterns import (
    NOTHING,
    Candidate,
    Learned,
    Pattern,
    Sample,
    apply,
    explain,
    learn,
    rank,
    spellings,
)

LOCAL = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
COLLEAGUES = (
    ("Otto", "Hahn"),
    ("Anneke", "Visser"),
    ("Bea", "Lindqvist"),
    ("Clara", "Roussel"),
    ("Desmond", "Quimby"),
    ("Ebba", "Dahlgren"),
    ("Fleur", "Bakker"),
    ("Graham", "Yarrow"),
)

plain_people = st.sampled_from([("Mira", "Okafor"), ("Tess", "Barlow"), ("Arjun", "Nair"), ("Hazel", "Winslow")])
people = st.sampled_from(
    [
        ("Mira", "Okafor"),
        ("Jürgen", "Weiß"),
        ("José Ángel", "García Márquez"),
        ("Jean-Baptiste", "de la Tour"),
        ("Anneke", "van der Berg"),
        ("Zoë", "O'Connor"),
        ("Lan", "Nguyễn Thị"),
        ("Seo-yeon", "Park"),
        ("Юрий", "Щербаков"),
        ("小明", "王"),
        ("William J.", "Thornburyson"),
        ("J.", "Smith"),
        ("Mira", ""),
        ("", "Okafor"),
        ("Al", "Li"),
        ("Mary Ann", "Ashdown"),
    ]
)
any_names = st.one_of(people, st.tuples(st.text(max_size=20), st.text(max_size=20)))
patterns = st.sampled_from(Pattern)
samples = st.builds(
    lambda named, pattern, odd: Sample(named[0], named[1], next(iter(apply(pattern, spellings(*named))), odd)),
    any_names,
    patterns,
    st.sampled_from(["x17", "info", "chief.wizard", ""]),
)


def written(pattern: Pattern, count: int) -> list[Sample]:
    """So many colleagues whose addresses follow the pattern; they have a middle name where it needs one."""
    middle = " Kay" if pattern in {Pattern.FIRST_MIDDLE_LAST, Pattern.FIRST_M_LAST} else ""
    named = [(first + middle, last) for first, last in COLLEAGUES[:count]]
    return [Sample(first, last, apply(pattern, spellings(first, last))[0]) for first, last in named]


def locals_of(candidates: tuple[Candidate, ...]) -> list[str]:
    return [candidate.local for candidate in candidates]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (Pattern.FIRST_DOT_LAST, "mira.okafor"),
        (Pattern.FLAST, "mokafor"),
        (Pattern.FIRSTL, "mirao"),
        (Pattern.FIRST, "mira"),
        (Pattern.FIRSTLAST, "miraokafor"),
        (Pattern.LAST_DOT_FIRST, "okafor.mira"),
        (Pattern.LASTFIRST, "okaformira"),
        (Pattern.FFLAST, "miokafor"),
        (Pattern.FIRST_UNDERSCORE_LAST, "mira_okafor"),
        (Pattern.FIRST_MIDDLE_LAST, "mira.anne.okafor"),
        (Pattern.LAST, "okafor"),
        (Pattern.F_HYPHEN_LAST, "m-okafor"),
        (Pattern.FIRST_M_LAST, "mira.a.okafor"),
        (Pattern.F_DOT_LAST, "m.okafor"),
        (Pattern.LFIRST, "omira"),
        (Pattern.FL, "mo"),
        (Pattern.LASTF, "okaform"),
        (Pattern.FIRST_HYPHEN_LAST, "mira-okafor"),
    ],
)
def test_each_pattern_makes_its_address(pattern: Pattern, expected: str) -> None:
    assert apply(pattern, spellings("Mira Anne", "Okafor"))[0] == expected
    assert pattern in explain("Mira Anne", "Okafor", expected)


def test_every_pattern_has_a_share() -> None:
    for size in (None, 1, 10, 11, 50, 51, 200, 1000, 250_000):
        shares = priors(size)
        assert set(shares) == set(Pattern)
        assert min(shares.values()) > 0
        assert sum(shares.values()) == pytest.approx(0.77)


@pytest.mark.parametrize(
    ("first", "last", "local", "expected"),
    [
        ("Jürgen", "Weiß", "juergen.weiss", {Pattern.FIRST_DOT_LAST}),
        ("Anneke", "van der Berg", "aberg", {Pattern.FLAST}),
        ("Anneke", "van der Berg", "anneke.van.der.berg", {Pattern.FIRST_DOT_LAST}),
        ("Min-jun", "Kim", "kim.minjun", {Pattern.LAST_DOT_FIRST, Pattern.FIRST_DOT_LAST}),
        ("William", "Ashdown", "bill", {Pattern.FIRST}),
        ("Mira", "Venkataraman", "mvenkata", {Pattern.FLAST}),
        ("Martín", "Avilés", "martin2", {Pattern.FIRST}),
        ("Mira", "Okafor", "MOkafor", {Pattern.FLAST}),
        ("Mira", "Okafor", "mira+list", {Pattern.FIRST}),
        ("Mira", "Okafor", "sales", set()),
        ("Mira", "Okafor", "", set()),
        ("", "", "mira", set()),
    ],
)
def test_a_known_address_is_explained(first: str, last: str, local: str, expected: set[Pattern]) -> None:
    assert explain(first, last, local) == expected


@pytest.mark.parametrize(("number", "sure"), [(0, 0.40), (2, 0.76), (3, 0.81), (5, 0.85)])
@pytest.mark.parametrize("pattern", [Pattern.FIRST_DOT_LAST, Pattern.FLAST])
def test_agreeing_colleagues_make_as_sure_as_measured(number: int, sure: float, pattern: Pattern) -> None:
    learned = learn(written(pattern, number))
    assert learned.confidence == pytest.approx(sure)
    if number:
        best = rank("Mira", "Okafor", learned)[0]
        assert best.pattern is pattern
        assert best.probability == pytest.approx(sure)


def test_four_of_five_make_less_sure_than_five() -> None:
    learned = learn([*written(Pattern.FLAST, 4), Sample("Tess", "Barlow", "tess.barlow")])
    assert learned.agreement == pytest.approx(0.8)
    assert learned.confidence == pytest.approx(0.80)


def test_disagreeing_colleagues_make_less_sure_than_one() -> None:
    split = learn([Sample("Otto", "Hahn", "otto.hahn"), Sample("Tess", "Barlow", "tbarlow")])
    assert split.confidence < learn(written(Pattern.FLAST, 1)).confidence
    assert set(locals_of(rank("Mira", "Okafor", split, most=2))) == {"mira.okafor", "mokafor"}


def test_addresses_that_fit_nothing_make_every_guess_less_likely() -> None:
    odd = learn([Sample("Otto", "Hahn", "x17"), Sample("Tess", "Barlow", "x18")])
    assert odd.number == 2
    assert odd.leading is None
    assert rank("Mira", "Okafor", odd)[0].probability < rank("Mira", "Okafor", NOTHING)[0].probability


def test_an_ambiguous_address_is_shared_between_the_patterns_that_fit() -> None:
    alone = learn([Sample("Min-jun", "Kim", "kim.minjun")])
    assert {pattern for pattern, _ in alone.weights} == {Pattern.LAST_DOT_FIRST, Pattern.FIRST_DOT_LAST}
    assert sum(weight for _, weight in alone.weights) == pytest.approx(1)


@pytest.mark.parametrize("pattern", [Pattern.LAST_DOT_FIRST, Pattern.FIRST_DOT_LAST])
def test_other_colleagues_settle_an_ambiguous_address(pattern: Pattern) -> None:
    learned = learn([*written(pattern, 4), Sample("Min-jun", "Kim", "kim.minjun")])
    assert learned.leading is pattern
    assert learned.agreement > 0.95


def test_an_address_given_twice_and_a_shared_mailbox_count_once_and_not_at_all() -> None:
    hahn = Sample("Otto", "Hahn", "ohahn")
    assert learn([hahn, Sample("otto", "HAHN", "OHahn"), Sample("Tess", "Barlow", "info")]).number == 1


def test_nothing_known_is_nothing_learned() -> None:
    assert learn([]) == NOTHING == Learned()


def test_a_number_is_tried_only_when_the_plain_form_is_taken() -> None:
    learned = learn(written(Pattern.FIRST, 3))
    assert rank("Mira", "Okafor", learned)[0].local == "mira"
    best = rank("Mira", "Okafor", learned, taken=frozenset({"mira"}))
    assert best[0].local == "mira2"
    assert best[0].probability < 0.81
    assert "mira" not in locals_of(best)
    assert rank("Mira", "Okafor", learned, taken=frozenset({"mira", "mira2"}))[0].local == "mira3"
    assert rank("Mira", "Okafor", learned, taken=frozenset({"mira", "mira1"}))[0].local == "mira2"
    assert not any(character.isdigit() for local in locals_of(rank("Mira", "Okafor", learned)) for character in local)


def test_a_numbered_colleague_confirms_the_pattern() -> None:
    learned = learn([*written(Pattern.FIRST, 2), Sample("Martín", "Avilés", "martin2")])
    assert (learned.leading, learned.agreement) == (Pattern.FIRST, 1.0)


def test_small_companies_use_the_first_name_far_more_and_large_ones_the_initial() -> None:
    def share(local: str, size: int) -> float:
        return next(
            item.probability for item in rank("Mira", "Okafor", NOTHING, size=size, most=99) if item.local == local
        )

    assert share("mira", 5) > 2 * share("mira", 30)
    assert share("mira", 30) > share("mira", 5000)
    assert share("mokafor", 5000) > 2 * share("mokafor", 5)
    assert share("mira.okafor", 5000) > share("mira.okafor", 5)


def test_the_country_adds_the_other_order() -> None:
    at_home = rank("Haruka", "Kuroda", learn(written(Pattern.FLAST, 3)), country="JP")
    abroad = rank("Haruka", "Kuroda", learn(written(Pattern.FLAST, 3)), country="GB")
    assert locals_of(at_home)[:2] == ["hkuroda", "kharuka"]
    assert "kharuka" not in locals_of(abroad)


@pytest.mark.parametrize(
    ("shown", "asked", "before", "after"),
    [
        (Sample("Sören", "Bäcker", "soeren.baecker"), ("Jürgen", "Köhler"), "jurgen.kohler", "juergen.koehler"),
        (Sample("Bram", "van Dijk", "bram.dijk"), ("Anneke", "van der Berg"), "anneke.vanderberg", "anneke.berg"),
        (
            Sample("Inés", "Peña Sáenz", "ines.penasaenz"),
            ("Lucía", "García Márquez"),
            "lucia.garcia",
            "lucia.garciamarquez",
        ),
        (
            Sample("Anne-Sophie", "Roussel", "anne-sophie.roussel"),
            ("Jean-Luc", "Vasseur"),
            "jeanluc.vasseur",
            "jean-luc.vasseur",
        ),
    ],
)
def test_how_a_company_writes_one_name_teaches_how_it_writes_another(
    shown: Sample, asked: tuple[str, str], before: str, after: str
) -> None:
    assert rank(*asked, NOTHING)[0].local == before
    assert rank(*asked, learn([shown]))[0].local == after


def test_nicknames_and_cut_surnames_come_late_until_the_company_shows_them() -> None:
    nicknamed = [Sample("Robert", "Hahn", "bob.hahn"), Sample("Thomas", "Visser", "tom.visser")]
    assert rank("David", "Ashdown", NOTHING)[0].local == "david.ashdown"
    usual = rank("David", "Ashdown", learn(written(Pattern.FIRST_DOT_LAST, 2)), most=99)
    informal = rank("David", "Ashdown", learn(nicknamed), most=99)
    assert probability(informal, "dave.ashdown") > 3 * probability(usual, "dave.ashdown")
    cut = [Sample("Mira", "Venkataraman", "mvenkatar"), Sample("Tess", "Bhattacharya", "tbhattach")]
    assert rank("Otto", "Krishnamurthy", learn(written(Pattern.FLAST, 2)))[0].local == "okrishnamurthy"
    assert probability(rank("Otto", "Krishnamurthy", learn(cut)), "okrishnam") > 0.3


def probability(candidates: tuple[Candidate, ...], local: str) -> float:
    return next((item.probability for item in candidates if item.local == local), 0.0)


@pytest.mark.parametrize("pattern", [Pattern.FIRST_MIDDLE_LAST, Pattern.FIRST_M_LAST])
def test_who_has_no_middle_name_is_first_last_where_the_others_have_one(pattern: Pattern) -> None:
    colleagues = [("Otto Karl", "Hahn"), ("Tess Anne", "Barlow"), ("Bea Lou", "Yarrow")]
    learned = learn([Sample(*name, apply(pattern, spellings(*name))[0]) for name in colleagues])
    best = rank("Mira", "Okafor", learned)[0]
    assert best.local == "mira.okafor"
    assert best.probability > 0.81


def test_a_name_too_long_for_a_mailbox_is_left_to_shorter_patterns() -> None:
    first, last = "m" * 40, "o" * 40
    taken = frozenset({"m" + last, first})
    found = locals_of(rank(first, last, NOTHING, taken=taken, most=99))
    assert f"{first}2" in found
    assert max(map(len, found)) <= 64
    assert f"{first}.{last}" not in found


@given(any_names, st.lists(samples, max_size=6), st.integers(0, 40), st.none() | st.integers(1, 10**6), st.data())
def test_guesses_are_few_valid_different_and_honest(
    named: tuple[str, str], known: list[Sample], most: int, size: int | None, data: st.DataObject
) -> None:
    country = data.draw(st.sampled_from([None, "DE", "JP", "VN"]))
    free = rank(*named, learn(known), size=size, country=country, most=40)
    taken = frozenset(data.draw(st.lists(st.sampled_from(locals_of(free)), max_size=5))) if free else frozenset()
    found = rank(*named, learn(known), size=size, country=country, taken=taken, most=most)
    assert len(found) <= most
    assert all(LOCAL.fullmatch(local) and len(local) <= 64 for local in locals_of(found))
    assert all(isinstance(parse_address(f"{local}@example.com"), Address) for local in locals_of(found))
    assert len(set(locals_of(found))) == len(found)
    assert not set(locals_of(found)) & taken
    assert all(one.probability >= other.probability > 0 for one, other in pairwise(found))
    assert sum(item.probability for item in found) <= 1 + 1e-9


@given(any_names, patterns)
def test_what_a_pattern_makes_is_explained_by_it(named: tuple[str, str], pattern: Pattern) -> None:
    for local in apply(pattern, spellings(*named)):
        assert pattern in explain(*named, local)


@given(plain_people | people, patterns, st.integers(0, len(COLLEAGUES) - 1))
def test_one_more_agreeing_colleague_never_makes_the_first_guess_less_likely(
    named: tuple[str, str], pattern: Pattern, count: int
) -> None:
    # Somebody without the part that the pattern needs is the less likely to be found, the surer the pattern is.
    assume(bool(apply(pattern, spellings(*named))))
    before = rank(*named, learn(written(pattern, count)), most=1)
    after = rank(*named, learn(written(pattern, count + 1)), most=1)
    assert after[0].probability >= before[0].probability - 1e-9


@given(st.integers(0, 200), st.floats(0, 1), st.floats(0, 1))
def test_confidence_grows_with_number_and_agreement(number: int, low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert 0 <= confidence(number, low) <= confidence(number, high) <= confidence(number + 1, high) <= 0.92


@given(st.lists(samples, max_size=8))
def test_the_order_of_samples_does_not_matter(known: list[Sample]) -> None:
    forwards, backwards = learn(known), learn(known[::-1])
    assert forwards.number == backwards.number
    assert forwards.agreement == pytest.approx(backwards.agreement)
    assert dict(forwards.weights) == pytest.approx(dict(backwards.weights))
    assert dict(forwards.manners) == pytest.approx(dict(backwards.manners))
