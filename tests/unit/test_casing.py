"""Capitals for texts that have none, or nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core.casing import company_name, person_name, place_name, title

WORDS = (
    "de",
    "van",
    "mc",
    "o'neil",
    "mcdonald",
    "it",
    "usa",
    "gmbh",
    "ag",
    "of",
    "the",
    "hsbc",
    "dhl",
    "j.r.",
    "d.c.",
    "&",
    "-",
    ",",
    "'s",
    "ß",
    "ai",
    "b2b",
    "ǆ",
    "é",
    "i̇",
    "x",
)
every_kind = pytest.mark.parametrize("recase", [person_name, place_name, title, company_name])
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join) | st.text(max_size=12)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("ada sample", "Ada Sample"),
        ("ADA SAMPLE", "Ada Sample"),
        ("jean-luc", "Jean-Luc"),
        ("ada de la cruz", "Ada de la Cruz"),
        ("VAN DER BERG", "van der Berg"),
        ("van", "Van"),
        ("o'neil", "O'Neil"),
        ("d’angelo", "D’Angelo"),
        ("mcdonald", "McDonald"),
        ("mcgee", "McGee"),
        ("j.r. smith iii", "J.R. Smith III"),
        ("ada sample, phd", "Ada Sample, PhD"),
        ("élodie", "Élodie"),
    ],
)
def test_names_of_people(written, expected):
    assert person_name(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("head of it", "Head of IT"),
        ("vp, sales & marketing", "VP, Sales & Marketing"),
        ("CHIEF EXECUTIVE OFFICER", "Chief Executive Officer"),
        ("co-founder and ceo", "Co-Founder and CEO"),
        ("r&d manager, usa", "R&D Manager, USA"),
        ("CTO", "CTO"),
        ("crm", "CRM"),
    ],
)
def test_titles(written, expected):
    assert title(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("example inc", "Example Inc"),
        ("bank of america", "Bank of America"),
        ("acme gmbh & co. kg", "Acme GmbH & Co. KG"),
        ("IBM GERMANY GMBH", "IBM Germany GmbH"),
        ("sample s.a.", "Sample S.A."),
        ("mcdonald's", "McDonald's"),
        ("booking.com", "Booking.com"),
        ("HSBC HOLDINGS PLC", "HSBC Holdings PLC"),
        ("DHL", "DHL"),
        ("se example", "Se Example"),
    ],
)
def test_names_of_companies(written, expected):
    assert company_name(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("san francisco", "San Francisco"),
        ("rio de janeiro", "Rio de Janeiro"),
        ("the hague", "The Hague"),
        ("île-de-france", "Île-de-France"),
        ("l'aquila", "L'Aquila"),
        ("washington, d.c.", "Washington, D.C."),
        ("stratford-upon-avon", "Stratford-upon-Avon"),
        ("NY", "NY"),
        ("ROME", "Rome"),
    ],
)
def test_names_of_places(written, expected):
    assert place_name(written) == expected


@every_kind
@pytest.mark.parametrize("written", ["eBay", "Ada deVries", "iOS Developer", "LinkedIn", "", "42", "株式会社"])
def test_a_text_that_has_both_kinds_of_letters_or_none_is_left_alone(recase, written):
    assert recase(written) == written


@every_kind
@given(text=texts)
def test_applying_it_again_changes_nothing(recase, text):
    for written in (text, text.lower(), text.upper()):
        once = recase(written)
        assert recase(once) == once


@every_kind
@given(text=texts)
def test_only_the_case_changes(recase, text):
    assert recase(text.lower()).lower() == text.lower().lower()
