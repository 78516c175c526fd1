"""Companies in the shapes and words of the API."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core.company import (
    band,
    company_id,
    company_of,
    company_type,
    headcount_range,
    headquarters_of,
    person_id,
)
from openenrich.core.profile import Company, CompanyLocations, Headquarters, Industry

BANDS = ("1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+")


@pytest.mark.parametrize(
    ("headcount", "expected"),
    [(1, "1-10"), (10, "1-10"), (11, "11-50"), (200, "51-200"), (5001, "5001-10000"), (10_001, "10001+"), (0, None)],
)
def test_a_headcount_has_its_range(headcount, expected):
    assert headcount_range(headcount) == expected


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_a_larger_company_is_never_in_a_smaller_band(one, other):
    small, large = (headcount_range(count) or "" for count in sorted((one, other)))
    assert BANDS.index(small) <= BANDS.index(large)


@pytest.mark.parametrize("own", BANDS)
def test_our_own_bands_are_understood(own):
    assert band(own) == own


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("51 - 200 employees", "51-200"),
        ("1,001-5,000", "1001-5000"),
        ("10,001+", "10001+"),
        ("over 10k", "10001+"),
        ("500-1k", "501-1000"),
        ("10-50", "11-50"),
        ("2-10", "1-10"),
        ("0-1", "1-10"),
        ("Self-employed", "1-10"),
        ("250", "201-500"),
        ("250-500", "201-500"),
    ],
)
def test_a_vendors_range_that_fits_becomes_a_band(written, expected):
    assert band(written) == expected


@pytest.mark.parametrize("written", [None, "", "many", "100-250", "500+", "500-100", "1-2-3"])
def test_a_range_that_does_not_fit_is_left_out(written):
    assert band(written) is None


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("private", "Privately Held"),
        ("PRIVATELY_HELD", "Privately Held"),
        ("public_subsidiary", "Public Company"),
        ("non-profit", "Nonprofit"),
        ("sole-proprietorship", "Self-Employed"),
        ("Government Agency", "Government Agency"),
        ("secret", None),
        (None, None),
    ],
)
def test_company_types_are_the_published_ones(word, expected):
    assert company_type(word) == expected


def test_a_company_is_known_by_its_domain_whoever_gives_the_handle_too():
    assert company_id("example.com", "example-inc") == company_id("example.com", None)
    assert company_id(None, "example-inc") != company_id("example.com", None)
    assert company_id(None, None) is None


def test_identifiers_never_change():
    assert company_id("example.com", None) == "63b02f7d-ef2a-53f3-9b8f-c1a51fa49ee8"


def test_a_person_is_known_by_the_handle_else_by_name_and_employer():
    assert UUID(person_id("ada-sample") or "").version == 5
    assert person_id("ada-sample", "Ada Sample") == person_id("ada-sample")
    assert person_id(None, "Ada Sample", "example.com") == person_id(None, "ADA SAMPLE", "example.com")
    assert person_id(None, "Ada Sample") is None


def test_a_person_and_a_company_of_the_same_handle_are_two():
    assert person_id("example") != company_id(None, "example")


def test_a_company_is_built_from_raw_parts():
    company = company_of(
        name="example inc",
        website="https://www.example.com/about",
        linkedin_url="linkedin.com/company/Example-Inc/",
        linkedin_number=7,
        headcount=72,
        kind="private",
        industry="computer software",
    )
    assert company is not None
    assert (company.name, company.domain, company.website) == (
        "Example Inc",
        "example.com",
        "https://www.example.com/about",
    )
    assert (company.headcount_range, company.company_type) == ("51-200", "Privately Held")
    assert company.industry == Industry("Computer Software")
    assert company.social_profiles is not None
    assert company.social_profiles.linkedin == company.social_profiles.professional_network
    assert company.social_profiles.linkedin is not None
    assert company.social_profiles.linkedin.url == "https://www.linkedin.com/company/example-inc"


def test_a_company_that_could_not_be_recognised_is_none():
    assert company_of(industry="Software", headcount=5, name="") is None


def test_a_page_on_a_network_is_no_domain():
    assert company_of(name="Example", website="https://www.linkedin.com/company/example") == Company(
        name="Example", website="https://www.linkedin.com/company/example"
    )


def test_an_address_is_composed_into_its_second_line():
    assert headquarters_of(
        street="1 sample st", city="san francisco", region="california", postal_code="94105", nation="usa"
    ) == CompanyLocations(
        Headquarters(
            "1 Sample St", "San Francisco, California 94105, US", "San Francisco", "California", "United States", "US"
        )
    )
    assert headquarters_of(nation="nowhere") is None
