"""How names of many cultures may be written in an address."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core.address_manners import Form
from openenrich.core.address_names import spellings

ASCII = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
name_texts = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.sampled_from(["Mira", "J.", "Jean-Luc", "van", "de la", "O'", "ß", "Юрий", "王", "-", "é"]), max_size=5
    ).map(" ".join),
)


def texts(forms: tuple[Form, ...]) -> list[str]:
    return [form.text for form in forms]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Müller", {"muller", "mueller"}),
        ("Weiß", {"weiss", "weis"}),
        ("Götz", {"gotz", "goetz"}),
        ("Jäger", {"jager", "jaeger"}),
        ("Sjöström", {"sjostrom", "sjoestroem"}),
        ("Ångström", {"angstrom", "aangstroem"}),
        ("Bøgh", {"bogh", "boegh"}),
        ("Kjær", {"kjaer", "kjar"}),
        ("Щербаков", {"shcherbakov", "scherbakov"}),
        ("Цой", {"tsoy", "coi", "tsoi"}),
        ("Юрьев", {"yurev", "iurev"}),
        ("Wiśniewski", {"wisniewski"}),
        ("Muñoz", {"munoz"}),
    ],
)
def test_letters_outside_ascii_are_written_in_each_usual_way(name: str, expected: set[str]) -> None:
    assert set(texts(spellings("Mira", name).last)) == expected


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("Smythe-Jones", ["smythe-jones", "smythejones", "smythe", "jones"]),
        ("García Márquez", ["garcia", "garciamarquez", "marquez", "garcia-marquez", "garcia.marquez"]),
        ("van der Berg", ["vanderberg", "berg", "van.der.berg", "van-der-berg"]),
        ("de la Tour", ["delatour", "tour", "de.la.tour", "de-la-tour"]),
        ("al-Masri", ["almasri", "masri", "al.masri", "al-masri"]),
        ("von Hohenfels", ["vonhohenfels", "hohenfels", "von.hohenfels", "von-hohenfels"]),
        ("Abd al-Rahman", ["abdalrahman", "rahman", "abd.al.rahman", "abd-al-rahman"]),
        ("Ó Súilleabháin", ["osuilleabhain", "suilleabhain", "o.suilleabhain", "o-suilleabhain"]),
        ("'t Hooft", ["thooft", "hooft", "t.hooft", "t-hooft"]),
        ("O'Connor", ["oconnor"]),
        ("d\u2019Aubigny", ["daubigny"]),
        ("N'Diaye", ["ndiaye"]),
        ("Van", ["van"]),
    ],
)
def test_surnames_of_several_parts_are_joined_parted_hyphenated_and_dotted(last: str, expected: list[str]) -> None:
    assert texts(spellings("Mira", last).last) == expected


def test_a_double_surname_keeps_the_particles_of_each_half() -> None:
    assert texts(spellings("Inés", "de la Fuente Ruiz").last)[:3] == ["delafuente", "delafuenteruiz", "ruiz"]


def test_a_hyphenated_first_name_is_joined_hyphenated_or_cut_to_one() -> None:
    names = spellings("Jean-Baptiste", "Roussel")
    assert texts(names.first) == ["jeanbaptiste", "jean-baptiste", "jean", "baptiste"]
    assert texts(names.first_initial) == ["j", "b", "jb"]
    assert names.middle == ()


def test_further_given_names_are_middle_names_too() -> None:
    names = spellings("Mira Anne", "Okafor")
    assert texts(names.first)[:2] == ["mira", "miraanne"]
    assert (texts(names.middle), texts(names.middle_initial)) == (["anne"], ["a"])


@pytest.mark.parametrize(("first", "last"), [("Mira E.", "Okafor"), ("Mira", "E. Okafor"), ("Mira E", "Okafor")])
def test_a_middle_initial_is_neither_part_of_the_first_name_nor_of_the_surname(first: str, last: str) -> None:
    names = spellings(first, last)
    assert (texts(names.first), texts(names.last), texts(names.middle_initial)) == (["mira"], ["okafor"], ["e"])
    assert names.middle == ()


def test_a_first_name_that_is_only_an_initial_has_no_whole_form() -> None:
    names = spellings("J.", "Okafor")
    assert (names.first, texts(names.first_initial)) == ((), ["j"])


def test_an_initial_in_front_of_the_name_by_which_somebody_is_called_may_count() -> None:
    names = spellings("J. Robert", "Okafor")
    assert texts(names.first)[0] == "robert"
    assert set(texts(names.first_initial)) >= {"j", "r"}


def test_nicknames_come_after_everything_else_and_work_both_ways() -> None:
    assert texts(spellings("William", "Ashdown").first)[0] == "william"
    assert "bill" in texts(spellings("William", "Ashdown").first)[1:]
    assert texts(spellings("Bill", "Ashdown").first) == ["bill", "william"]


def test_only_long_surnames_are_cut_and_the_longest_cut_comes_first() -> None:
    assert texts(spellings("Mira", "Venkataraman").cut) == ["venkatar", "venkata", "venkat"]
    assert texts(spellings("Mira", "Holloway").cut) == ["hollowa", "hollow"]
    assert spellings("Mira", "Okafor").cut == ()


@pytest.mark.parametrize(
    ("first", "last", "country"),
    [
        ("小明", "王", None),
        ("민준", "김", None),
        ("Min-jun", "Kim", None),
        ("Haruka", "Tanaka", None),
        ("Haruka", "Kuroda", "JP"),
        ("Zsófia", "Kovács", None),
        ("Zsófia", "Erdős", "HU"),
        ("Thị Lan", "Nguyễn", None),
        ("Wei", "Zhang", "CN"),
    ],
)
def test_names_of_cultures_with_the_family_name_in_front_are_tried_in_both_orders(
    first: str, last: str, country: str | None
) -> None:
    assert 0 < spellings(first, last, country=country).reversed < 0.5


def test_a_family_name_in_the_place_of_the_first_name_makes_the_other_order_likelier() -> None:
    assert spellings("Nguyễn", "Lan").reversed > spellings("Lan", "Nguyễn").reversed
    assert spellings("Kim", "Ashdown").reversed == 0


def test_other_names_keep_the_order_in_which_they_were_given() -> None:
    assert spellings("Mira", "Okafor").reversed == 0
    assert spellings("Mira", "Okafor", country="GB").reversed == 0


def test_a_vietnamese_given_name_is_mostly_its_last_word() -> None:
    assert texts(spellings("Thị Lan", "Nguyễn").first)[0] == "lan"


@given(name_texts, name_texts)
def test_forms_are_lower_case_ascii_without_repetition(first: str, last: str) -> None:
    names = spellings(first, last)
    parts = (names.first, names.last, names.middle, names.cut, names.first_initial, names.last_initial)
    for forms in parts:
        assert all(ASCII.fullmatch(form.text) for form in forms)
        assert len(set(texts(forms))) == len(forms)
        assert all(form.weight > 0 for form in forms)


@given(name_texts, name_texts)
def test_weights_of_initials_add_up_to_one_but_for_double_ones(first: str, last: str) -> None:
    letters = [form for form in spellings(first, last).first_initial if len(form.text) == 1]
    assert not letters or sum(form.weight for form in letters) == pytest.approx(1)
