"""What becomes of several vendors' profiles of one person."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openenrich.core.company import company_id, company_of, person_id
from openenrich.core.merge import merge_profiles
from openenrich.core.profile import (
    Company,
    CompanyLocations,
    Education,
    Employment,
    Employments,
    Headquarters,
    Industry,
    JobFunction,
    Language,
    Location,
    Network,
    Profile,
    SocialProfiles,
)

HANDLE = "ada-sample"
HEAD = Employment(
    title="Head of Sales",
    seniority="Head",
    company=company_of(name="Example Inc", website="example.com", size="201-500"),
    is_current=True,
    start_at="2022-03-01T00:00:00Z",
)
MANAGER = Employment(
    title="Sales Manager",
    company=company_of(name="Previous Corp", website="previous.example.org"),
    is_current=False,
    start_at="2019-07-01T00:00:00Z",
    end_at="2022-03-01T00:00:00Z",
)
HISTORY = Profile(full_name="Ada Sample", employment=Employments(all=(MANAGER, HEAD)))


def contact(**company: str) -> Profile:
    """What a vendor of contact data knows: the current job, without dates."""
    job = Employment(title="Head of Sales", company=company_of(**company), is_current=True)
    return Profile(headline="Head of Sales at Example Inc", employment=Employments(current=job, all=(job,)))


def merged(*profiles: Profile, handle: str | None = HANDLE) -> Profile:
    result = merge_profiles(profiles, handle)
    assert result is not None
    return result


def positions(profile: Profile) -> tuple[Employment, ...]:
    assert profile.employment is not None
    return profile.employment.all or ()


def test_without_any_profile_there_is_none():
    assert merge_profiles((), HANDLE) is None


def test_the_identifier_comes_from_the_handle_and_not_from_a_vendor():
    assert merged(Profile(id="vendor-7", first_name="Ada")).id == person_id(HANDLE)


def test_without_a_handle_a_name_alone_identifies_nobody():
    assert merged(Profile(id="vendor-7", full_name="Ada Sample"), handle=None).id is None


def test_the_account_carries_both_names_and_the_canonical_address():
    shown = merged(Profile(social_profiles=SocialProfiles(linkedin=Network(id=7, url="linkedin.com/in/ada-sample"))))
    network = Network(id=7, url="https://www.linkedin.com/in/ada-sample", handle=HANDLE)
    assert shown.social_profiles == SocialProfiles(professional_network=network, linkedin=network)


def test_the_account_of_another_handle_is_not_used():
    other = SocialProfiles.of(Network(id=8, handle="bob-sample"))
    shown = merged(Profile(first_name="Ada", social_profiles=other)).social_profiles
    assert shown is not None
    assert shown.linkedin == Network(url="https://www.linkedin.com/in/ada-sample", handle=HANDLE)


def test_the_more_trusted_profile_wins_and_the_other_fills_its_gaps():
    result = merged(Profile(first_name="Ada", headline=""), Profile(first_name="Adele", headline="Head of Sales"))
    assert (result.first_name, result.headline) == ("Ada", "Head of Sales")


def test_the_full_name_is_put_together_when_no_vendor_gives_it():
    assert merged(Profile(first_name="Ada", last_name="Sample")).full_name == "Ada Sample"


def test_the_longer_list_of_skills_is_kept():
    result = merged(Profile(skills=("CRM",)), Profile(skills=("CRM", "Forecasting")), Profile(skills=()))
    assert result.skills == ("CRM", "Forecasting")


def test_a_city_is_not_put_into_another_countrys_location():
    result = merged(Profile(location=Location(country="France")), Profile(location=Location("Spain", "ES", "Madrid")))
    assert result.location == Location(country="France")


def test_a_location_that_agrees_is_completed():
    result = merged(Profile(location=Location(city="Lyon")), Profile(location=Location("France", "FR", "Lyon")))
    assert result.location == Location("France", "FR", "Lyon")


def test_the_current_position_is_the_full_object_and_the_first_of_all():
    result = merged(HISTORY)
    assert result.employment == Employments(current=HEAD, all=(HEAD, MANAGER))


def test_a_current_position_with_only_a_title_takes_the_rest_from_the_list():
    bare = Profile(employment=Employments(current=Employment(title="head of sales"), all=(MANAGER, HEAD)))
    employment = merged(bare).employment
    assert employment is not None
    assert employment.current == msgspec.structs.replace(HEAD, title="head of sales")
    assert len(employment.all or ()) == 2


def test_a_current_position_has_no_end():
    ended = msgspec.structs.replace(HEAD, end_at="2023-01-01T00:00:00Z")
    assert positions(merged(Profile(employment=Employments(current=ended))))[0].end_at is None


def test_a_position_with_an_end_and_no_flag_is_past():
    past = msgspec.structs.replace(MANAGER, is_current=None)
    result = merged(Profile(employment=Employments(all=(past,))))
    assert result.employment == Employments(all=(MANAGER,))


def test_of_several_current_positions_the_latest_is_the_current_one():
    board = msgspec.structs.replace(MANAGER, is_current=True, end_at=None)
    assert positions(merged(Profile(employment=Employments(all=(board, HEAD))))) == (HEAD, board)


def test_the_position_that_a_vendor_flags_beats_the_latest():
    board = msgspec.structs.replace(MANAGER, is_current=True, end_at=None)
    assert positions(merged(Profile(employment=Employments(current=board, all=(HEAD, board))))) == (board, HEAD)


def test_a_more_trusted_end_is_not_undone():
    employment = merged(Profile(employment=Employments(all=(MANAGER,))), job_now(MANAGER)).employment
    assert employment == Employments(all=(MANAGER,))


def job_now(position: Employment) -> Profile:
    now = msgspec.structs.replace(position, is_current=True, end_at=None)
    return Profile(employment=Employments(current=now, all=(now,)))


@pytest.mark.parametrize("company", [{"website": "example.com"}, {"name": "EXAMPLE, Inc."}])
def test_a_contact_vendors_undated_job_is_the_dated_one_at_the_same_company(company):
    assert positions(merged(HISTORY, contact(**company))) == (HEAD, MANAGER)


def test_an_undated_job_elsewhere_is_a_position_of_its_own():
    assert len(positions(merged(HISTORY, contact(website="other.example.org")))) == 3


@pytest.mark.parametrize(
    ("start", "title", "count"),
    [
        ("2022-02-01T00:00:00Z", "Sales Lead", 2),
        ("2022-04-01T00:00:00Z", "Sales Lead", 2),
        ("2022-05-01T00:00:00Z", "Sales Lead", 3),
        ("2022-01-01T00:00:00Z", "Head of Sales", 2),
        ("2021-01-01T00:00:00Z", "Head of Sales", 3),
    ],
)
def test_positions_are_one_when_the_starts_are_a_month_apart_or_the_year_and_the_title_agree(start, title, count):
    other = msgspec.structs.replace(HEAD, start_at=start, title=title)
    assert len(positions(merged(HISTORY, Profile(employment=Employments(all=(other,)))))) == count


def test_two_positions_of_one_profile_are_never_made_one():
    twin = msgspec.structs.replace(HEAD, title="Board Member")
    assert len(positions(merged(Profile(employment=Employments(all=(HEAD, twin)))))) == 2


def test_companies_are_known_by_the_same_identifier_whoever_named_them():
    by_handle = Employment(company=company_of(linkedin_url="linkedin.com/company/example-inc"), is_current=True)
    full = company_of(name="Example Inc", website="example.com", linkedin_url="linkedin.com/company/example-inc")
    job = msgspec.structs.replace(HEAD, company=full)
    company = positions(merged(job_now(by_handle), job_now(job)))[0].company
    assert company is not None
    assert (company.id, company.name) == (company_id("example.com", None), "Example Inc")


def test_a_company_of_which_only_a_vendors_number_is_known_is_none():
    result = merged(Profile(employment=Employments(all=(Employment(title="Engineer", company=Company(id="7")),))))
    assert positions(result) == (Employment(title="Engineer"),)


def test_headcount_and_range_of_two_vendors_are_not_mixed_when_they_contradict():
    small = msgspec.structs.replace(HEAD, company=Company(domain="example.com", headcount=72))
    company = positions(merged(HISTORY, job_now(small)))[0].company
    assert company is not None
    assert (company.headcount, company.headcount_range) == (None, "201-500")


def test_a_headquarters_is_not_completed_with_another_address():
    lyon = CompanyLocations(Headquarters(city="Lyon", country="France"))
    paris = CompanyLocations(Headquarters(line1="1 Rue Exemple", city="Paris", country="France"))
    one, other = (Company(domain="example.com", locations=place) for place in (lyon, paris))
    company = positions(merged(*(job_now(msgspec.structs.replace(HEAD, company=where)) for where in (one, other))))[0]
    assert company.company is not None
    assert company.company.locations == lyon


def test_an_exact_headcount_gives_its_range():
    job = msgspec.structs.replace(HEAD, company=Company(domain="example.com", headcount=72))
    company = positions(merged(job_now(job)))[0].company
    assert company is not None
    assert company.headcount_range == "51-200"


texts = st.sampled_from([None, "", "Ada", "Example Inc", "example"])
dates = st.sampled_from([None, "2020-01-01T00:00:00Z", "2020-02-01T00:00:00Z", "2020-11-01T00:00:00Z"])
numbers = st.sampled_from([None, 0, 7, 72])
networks = st.none() | st.builds(
    Network, id=numbers, handle=st.sampled_from([None, "", "ada-sample", "bob"]), connection_count=numbers
)
socials = st.none() | st.builds(SocialProfiles, professional_network=networks, linkedin=networks)
companies = st.builds(
    Company,
    id=texts,
    name=texts,
    domain=st.sampled_from([None, "example.com", "example.org"]),
    year_founded=numbers,
    headcount=numbers,
    headcount_range=st.sampled_from([None, "51-200", "201-500"]),
    industry=st.none() | st.builds(Industry, st.sampled_from(["", "Software"])),
    social_profiles=socials,
)
jobs = st.builds(
    Employment,
    title=texts,
    job_functions=st.sampled_from([None, (), (JobFunction("Sales"),)]),
    company=st.none() | companies,
    is_current=st.none() | st.booleans(),
    start_at=dates,
    end_at=dates,
)
employments = st.builds(Employments, current=st.none() | jobs, all=st.none() | st.lists(jobs, max_size=4).map(tuple))
profiles = st.builds(
    Profile,
    id=texts,
    full_name=texts,
    first_name=texts,
    location=st.none() | st.builds(Location, texts, texts, texts),
    social_profiles=socials,
    educations=st.sampled_from([None, (), (Education("Sample University"), Education(""))]),
    languages=st.sampled_from([None, (Language("English"), Language(""))]),
    employment=st.none() | employments,
)
groups = st.lists(profiles, min_size=1, max_size=3)
handles = st.sampled_from([None, HANDLE])


@settings(max_examples=300, deadline=None)
@given(groups, handles)
def test_merging_the_result_again_changes_nothing(group, handle):
    result = merge_profiles(group, handle)
    if result is not None:
        assert merge_profiles((result, result), handle) == result
        assert merge_profiles((result,), handle) == result


@settings(max_examples=200, deadline=None)
@given(groups, handles)
def test_nothing_empty_leaves_and_a_current_position_is_the_first_and_has_no_end(group, handle):
    result = merge_profiles(group, handle) or Profile(first_name="Ada")
    assert not [leaf for leaf in leaves(msgspec.to_builtins(result)) if leaf in (None, "", [], {})]
    jobs = positions(result) if result.employment else ()
    assert not [job for job in jobs if job.is_current and job.end_at]
    if result.employment and result.employment.current:
        assert result.employment.current == jobs[0]


@settings(max_examples=200, deadline=None)
@given(groups)
def test_no_field_that_the_most_trusted_profile_filled_is_lost(group):
    result = merged(*group, handle=HANDLE)
    assert result.first_name == group[0].first_name or not group[0].first_name
    assert len(result.educations or ()) == max(1 if profile.educations else 0 for profile in group)


def leaves(value):
    yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from leaves(child)
