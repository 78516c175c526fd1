"""Countries, states and places from any spelling."""

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core.places import country, location_of, parts_of_place, us_state
from openenrich.core.profile import Location


@pytest.mark.parametrize(
    "spelling",
    ["United States", "united states", "US", "us", "USA", "U.S.", "U.S.A.", "United States of America", " america "],
)
def test_one_country_has_many_spellings(spelling):
    assert country(spelling) == ("United States", "US")


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("UK", "GB"),
        ("England", "GB"),
        ("DEU", "DE"),
        ("The Netherlands", "NL"),
        ("Czech Republic", "CZ"),
        ("Turkey", "TR"),
        ("bosnia and herzegovina", "BA"),
        ("Saint Lucia", "LC"),
        ("Cote d'Ivoire", "CI"),
        ("Ivory Coast", "CI"),
        ("Hong Kong", "HK"),
        ("Korea, South", "KR"),
        ("Russian Federation", "RU"),
        ("Viet Nam", "VN"),
    ],
)
def test_common_names_and_codes_are_understood(spelling, code):
    found = country(spelling)
    assert found is not None
    assert found[1] == code


@pytest.mark.parametrize("spelling", [None, "", " ", "EU", "Europe", "Lyon", "ZZ", "X"])
def test_what_is_no_country_gives_nothing(spelling):
    assert country(spelling) is None


@given(st.sampled_from([code for code in Locale("en").territories if len(code) == 2]))
def test_the_name_and_the_code_of_a_country_lead_to_each_other(code):
    found = country(code)
    if found is not None:
        assert found[1] == code
        assert country(found[0]) == country(found[0].upper()) == found


@pytest.mark.parametrize(("code", "name"), [("CA", "California"), ("ny", "New York"), ("US-TX", "Texas")])
def test_a_state_code_gives_the_name(code, name):
    assert us_state(code) == name


@pytest.mark.parametrize("code", [None, "", "California", "ZZ"])
def test_what_is_no_state_code_gives_nothing(code):
    assert us_state(code) is None


def test_a_location_has_capitals_and_both_forms_of_the_country():
    place = location_of("san francisco", "california", "united states")
    assert place == Location("United States", "US", "San Francisco", "California")


def test_a_location_without_anything_understood_is_none():
    assert location_of(None, "", "Nowhere") is None


@pytest.mark.parametrize(
    ("text", "nation", "parts"),
    [
        ("San Francisco, California, United States", None, ("San Francisco", "California", "United States")),
        ("San Francisco, California", "United States", ("San Francisco", "California", "United States")),
        ("Atlanta, Georgia", None, ("Atlanta", "Georgia", None)),
        ("Atlanta, Georgia", "United States", ("Atlanta", "Georgia", "United States")),
        ("Paris, France", "France", ("Paris", None, "France")),
        ("Lyon", None, ("Lyon", None, None)),
        (None, "France", (None, None, "France")),
        ("", None, (None, None, None)),
    ],
)
def test_a_written_place_is_taken_apart(text, nation, parts):
    assert parts_of_place(text, nation) == parts
