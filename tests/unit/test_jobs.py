"""Seniority and function in the words of the API."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core.jobs import job_function, seniority
from openenrich.core.profile import JobFunction

SENIORITIES = {"Owner", "Founder", "C-level", "Partner", "VP", "Head", "Director", "Manager", "Senior"}


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (["cxo"], "C-level"),
        (["c_suite"], "C-level"),
        (["C-Level"], "C-level"),
        (["vp"], "VP"),
        (["Vice President"], "VP"),
        (["manager", "director"], "Director"),
        (["senior"], "Senior"),
        (["entry"], None),
        (["training", "unpaid"], None),
        (["galactic"], None),
    ],
)
def test_the_highest_level_that_is_known_counts(levels, expected):
    assert seniority(levels, None) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Owner", "Owner"),
        ("Product Owner", None),
        ("Co-Founder", "Founder"),
        ("Chief Revenue Officer", "C-level"),
        ("CTO", "C-level"),
        ("President", "C-level"),
        ("Vice President, Sales", "VP"),
        ("vice-president sales", "VP"),
        ("Chief of Staff", None),
        ("Executive Assistant to the CEO", None),
        ("Managing Partner", "Partner"),
        ("HR Business Partner", None),
        ("Partner Manager", "Manager"),
        ("SVP Engineering", "VP"),
        ("Head of Sales", "Head"),
        ("Sales Director", "Director"),
        ("Senior Account Manager", "Manager"),
        ("Senior Engineer", "Senior"),
        ("Sr. Engineer", "Senior"),
        ("Engineer", None),
        ("", None),
        (None, None),
    ],
)
def test_without_levels_the_title_is_read(title, expected):
    assert seniority([], title) == expected


def test_a_head_hides_among_the_directors():
    assert seniority(["director"], "head of sales") == "Head"


def test_a_founder_hides_among_the_owners():
    assert seniority(["cxo", "owner"], "co-founder and ceo") == "Founder"


def test_a_title_does_not_lower_a_level():
    assert seniority(["vp"], "Sales Manager") == "VP"


@given(st.lists(st.text(max_size=12), max_size=3), st.none() | st.text(max_size=30))
def test_no_other_word_ever_leaves(levels, title):
    assert seniority(levels, title) in SENIORITIES | {None}


@pytest.mark.parametrize(
    ("role", "sub_role", "expected"),
    [
        ("sales", "business_development", JobFunction("Sales", "Business Development")),
        ("human_resources", None, JobFunction("Human Resources")),
        ("Human Resources", "human resources", JobFunction("Human Resources")),
        ("engineering", "software", JobFunction("Software", "Software")),
        ("engineering", "mechanical", JobFunction("Traditional Engineering", "Mechanical")),
        ("engineering", None, None),
        ("operations", "logistics", JobFunction("Transportation & Logistics", "Logistics")),
        ("operations", None, JobFunction("Operations")),
        ("unemployed", None, JobFunction("Not Employed")),
        ("department_7", "x", None),
        (None, None, None),
    ],
)
def test_a_role_becomes_a_function_of_the_house_taxonomy_or_nothing(role, sub_role, expected):
    assert job_function(role, sub_role) == expected
