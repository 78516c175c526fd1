"""What is stripped from names, how they are split, and when two may be one person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core import names

name_texts = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            [
                "Dr.",
                "Mira",
                "Okafor,",
                "MBA",
                "PhD",
                "(She/Her)",
                "🚀",
                "von",
                "Ma",
                "J.",
                "-",
                "|",
                "Jr.",
                '"Mimi"',
                "é",
            ]
        ),
        max_size=6,
    ).map(" ".join),
)
people = st.sampled_from(
    ["Mira", "M.", "Mira Anne", "Jean-Luc", "Jürgen", "Okafor", "Garcia Lopez", "de la Cruz", "王", "", "Zoë"]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mira", "Mira"),
        ("  Mira \t Okafor ", "Mira Okafor"),
        ("Zoe\u0308", "Zoë"),
        ("Dr. Mira", "Mira"),
        ("Prof. Dr. Mira Okafor", "Mira Okafor"),
        ("Dipl.-Ing. Jonas Lindqvist", "Jonas Lindqvist"),
        ("Mr Jonas", "Jonas"),
        ("Okafor, MBA", "Okafor"),
        ("Okafor MBA, PhD", "Okafor"),
        ("Okafor Ph.D.", "Okafor"),
        ("Smith Jr.", "Smith"),
        ("Smith III", "Smith"),
        ("Okafor, MD", "Okafor"),
        ("Mira (She/Her)", "Mira"),
        ("Mira (she/her", "Mira"),
        ("Mira [Mimi] Okafor", "Mira Okafor"),
        ('William "Bill" Example', "William Example"),
        ("Mira 🚀", "Mira"),
        ("🏳️\u200d🌈 Mira ❤️", "Mira"),
        ("Mira🚀Okafor", "Mira Okafor"),
        ("Okafor ®", "Okafor"),
        ("Mira Okafor | Head of Supply", "Mira Okafor"),
        ("Lindqvist • hiring", "Lindqvist"),
        ("van der Berg", "van der Berg"),
        ("Jean-Luc", "Jean-Luc"),
        ("O'Brien", "O'Brien"),
        ("O\u2019Brien", "O\u2019Brien"),
        ("O´Brien", "O'Brien"),
        ("'t Hooft", "'t Hooft"),
        ("Gal·la", "Gal·la"),
        ("J.", "J."),
        ("J. R.", "J. R."),
        ("Okafor.", "Okafor"),
        ("- Okafor -", "Okafor"),
        ("王伟", "王伟"),
        ("Юрий", "Юрий"),
        ("Ma", "Ma"),
        ("Yo-Yo Ma", "Yo-Yo Ma"),
        ("Thi Do", "Thi Do"),
        ("Gen", "Gen"),
        ("Gen Sato", "Gen Sato"),
        ("Herr", "Herr"),
        ("Person 17", "Person 17"),
    ],
)
def test_decoration_goes_and_the_name_stays(text: str, expected: str) -> None:
    assert names.clean_name(text) == expected


@pytest.mark.parametrize("text", ["", "  ", "🚀", "(She/Her)", "---", ".", "\u200b"])
def test_nothing_but_decoration_is_no_name(text: str) -> None:
    assert names.clean_name(text) is None


@given(name_texts)
def test_cleaning_a_name_twice_changes_nothing(text: str) -> None:
    once = names.clean_name(text)
    assert once != ""
    if once is not None:
        assert names.clean_name(once) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mira Okafor", ("Mira", "Okafor")),
        ("Mira van der Berg", ("Mira", "van der Berg")),
        ("Dr. Mira Okafor, PhD", ("Mira", "Okafor")),
        ("Okafor, Mira", ("Mira", "Okafor")),
        ("van der Berg, Jan", ("Jan", "van der Berg")),
        ("Okafor, Mira, MBA", ("Mira", "Okafor")),
        ("Mira Okafor (She/Her) 🚀", ("Mira", "Okafor")),
        ("Mira", ("Mira", None)),
        ("王伟", ("王伟", None)),
        ("", (None, None)),
        ("🚀", (None, None)),
    ],
)
def test_a_full_name_is_split_at_the_first_space_or_turned_at_the_comma(
    text: str, expected: tuple[str | None, str | None]
) -> None:
    assert names.split_full_name(text) == expected


@given(name_texts)
def test_the_parts_of_a_full_name_are_clean(text: str) -> None:
    for part in names.split_full_name(text):
        assert part is None or names.clean_name(part) == part


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mira  OKAFOR", "mira okafor"),
        ("Zoë", "zoe"),
        ("Straße", "strasse"),
        ("Søren Łukasz", "soren lukasz"),
        ("O’Brien-Smith", "obrien smith"),
        ("Юрий", "yuriy"),
        ("Gal·la", "galla"),
        ("Okafor®", "okafor"),
        ("🚀!", ""),
    ],
)
def test_folding_leaves_ascii_words(text: str, expected: str) -> None:
    assert names.folded(text) == expected


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = names.folded(text)
    assert names.folded(once) == once


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("Jürgen", "Müller", {"jurgen muller", "juergen mueller", "jurgen mueller"}),
        ("Søren", "Åberg", {"soren aberg", "soeren aaberg"}),
        ("Ana", "García López", {"ana garcia lopez", "ana garcialopez", "ana garcia", "ana lopez"}),
        ("Ana", "García-López", {"ana garcia lopez", "ana garcialopez", "ana garcia", "ana lopez"}),
        ("Jan", "van der Berg", {"jan van der berg", "jan vanderberg", "jan berg"}),
        ("Jean-Luc", "Petit", {"jean luc petit", "jeanluc petit"}),
        ("Hans", "Strauß", {"hans strauss", "hans straus"}),
        ("Юлия", "Хан", {"yuliya khan", "iuliia han"}),
    ],
)
def test_variants_hold_the_usual_spellings(first: str, last: str, expected: set[str]) -> None:
    assert expected <= set(names.variants(first, last))


def test_the_plain_spelling_comes_first() -> None:
    assert names.variants("Jürgen", "de Müller")[0] == "jurgen de muller"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("Mira", "Okafor"), ("MIRA", "okafor"), True),
        (("Zoë", "Müller"), ("Zoe", "Mueller"), True),
        (("Zoë", "Müller"), ("Zoe", "Muller"), True),
        (("Mira", "Okafor"), ("Okafor", "Mira"), True),
        (("M.", "Okafor"), ("Mira", "Okafor"), True),
        (("Mira A.", "Okafor"), ("Mira", "Okafor"), True),
        (("Mira Anne", "Okafor"), ("Mira", "Okafor"), True),
        (("Ana", "García López"), ("Ana", "García"), True),
        (("Ana", "García López"), ("Ana", "Lopez"), True),
        (("Jan", "van der Berg"), ("Jan", "Berg"), True),
        (("Jan", "van der Berg"), ("Jan", "Vanderberg"), True),
        (("Pat", "O’Brien"), ("Pat", "OBrien"), True),
        (("Mira", "Okafor"), ("Jonas", "Okafor"), False),
        (("Mira", "Okafor"), ("Mira", "Lindqvist"), False),
        (("J.", "Okafor"), ("Mira", "Okafor"), False),
        (("M.", "Okafor"), ("Mira", "Lindqvist"), False),
        (("Ana", "García López"), ("Ana", "Pérez López"), False),
        (("Jean-Luc", "Petit"), ("Jean", "Petit"), False),
        (("Mira", "O."), ("Mira", "Okafor"), None),
        (("Mira", "O."), ("Jonas", "Okafor"), False),
        (("Mira", "S."), ("Mira", "Okafor"), False),
        (("Mira", None), ("Mira", "Okafor"), None),
        (("Mira", "Okafor"), (None, "Okafor"), None),
        (("", "Okafor"), ("Mira", "Okafor"), None),
        (("🚀", "Okafor"), ("Mira", "Okafor"), None),
    ],
)
def test_two_names_are_one_person_another_or_unknown(
    one: tuple[str | None, str | None], other: tuple[str | None, str | None], *, expected: bool | None
) -> None:
    assert names.same_person(*one, *other) is expected
    assert names.same_person(*other, *one) is expected


@given(people, people, people, people)
def test_comparison_does_not_depend_on_the_side(first_a: str, last_a: str, first_b: str, last_b: str) -> None:
    assert names.same_person(first_a, last_a, first_b, last_b) is names.same_person(first_b, last_b, first_a, last_a)


@given(st.text(max_size=12), st.text(max_size=12))
def test_everybody_is_the_same_person_as_themselves(first: str, last: str) -> None:
    complete = bool(names.folded(first) and names.folded(last))
    assert names.same_person(first, last, first, last) is (True if complete else None)
