"""Dates as vendors write them become the one text of the API, or nothing."""

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core.dates import Period, api_date, api_date_of, period


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (2022, "2022-01-01"),
        ("2022", "2022-01-01"),
        ("2022-03", "2022-03-01"),
        ("2022/03", "2022-03-01"),
        ("03/2022", "2022-03-01"),
        ("2022-03-15", "2022-03-15"),
        ("2022-03-15T10:30:00Z", "2022-03-15"),
        ("2022-03-15T10:30:00.123+02:00", "2022-03-15"),
        ("2022-03-15 10:30:00", "2022-03-15"),
        ("202212", "2022-12-01"),
        ("20223", "2022-03-01"),
        (20220315, "2022-03-15"),
        ("Mar 2022", "2022-03-01"),
        ("Sept. 2022", "2022-09-01"),
        ("March 15, 2022", "2022-03-15"),
        ("15 March 2022", "2022-03-15"),
        ("1st March 2022", "2022-03-01"),
        (" MARCH 2022 ", "2022-03-01"),
        ("Summer 2022", "2022-01-01"),
    ],
)
def test_a_date_is_understood(written, expected):
    assert api_date(written) == f"{expected}T00:00:00Z"


@pytest.mark.parametrize("written", ["2022-00", "2022-00-00", "2022-13", "202200", "202213", "2022-00-15"])
def test_an_impossible_month_is_january_and_its_day_the_first(written):
    assert api_date(written) == "2022-01-01T00:00:00Z"


@pytest.mark.parametrize("written", ["2022-02-31", "2022-02-00", "2023-02-29"])
def test_an_impossible_day_is_the_first(written):
    assert (api_date(written) or "")[4:] == "-02-01T00:00:00Z"


@pytest.mark.parametrize("written", [None, "", " ", "Present", "0", 0, "0000-01-01", "March", "1066", "2019 2022"])
def test_without_a_plausible_year_there_is_no_date(written):
    assert api_date(written) is None


def test_separate_numbers_make_a_date():
    assert api_date_of(2022, 3) == "2022-03-01T00:00:00Z"
    assert api_date_of(2022, None, 15) == "2022-01-01T00:00:00Z"
    assert api_date_of(None, 3) is None


@pytest.mark.parametrize(
    ("written", "start", "end", "is_current"),
    [
        ("Mar 2022 - Present", "2022-03", None, True),
        ("Mar 2022 – Present · 2 yrs 3 mos", "2022-03", None, True),
        ("2020 -", "2020-01", None, True),
        ("since 2019", "2019-01", None, True),
        ("Jan 2020 to date", "2020-01", None, True),
        ("Present", None, None, True),
        ("2008 - 2012", "2008-01", "2012-01", False),
        ("2008-2012", "2008-01", "2012-01", False),
        ("2022-03 — 2023-04", "2022-03", "2023-04", False),
        ("Jan 2020 to Dec 2021", "2020-01", "2021-12", False),
        ("2012", "2012-01", None, False),
        ("", None, None, False),
        (None, None, None, False),
    ],
)
def test_a_period_has_a_start_and_an_end_or_goes_on(written, start, end, is_current):
    first, last = (f"{date}-01T00:00:00Z" if date else None for date in (start, end))
    assert period(written) == Period(first, last, is_current)


texts = st.text("0123456789-/. :TZJanMrch", max_size=24) | st.dates().map(str) | st.integers(0, 99_999_999).map(str)


@given(texts)
def test_every_date_that_leaves_is_a_good_one_and_is_understood_again(text):
    date = api_date(text)
    if date is not None:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", date)
        assert datetime.fromisoformat(date).tzinfo is not None
        assert api_date(date) == date
