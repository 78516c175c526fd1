"""Profiles and positions out of a vendor's raw parts."""

from openenrich.core.company import company_of
from openenrich.core.person import job_of, profile_of
from openenrich.core.profile import Employments, Location


def test_a_position_has_capitals_a_rank_and_a_function():
    job = job_of(title="head of sales", levels=["director"], role="sales", is_current=True)
    assert job is not None
    assert (job.title, job.seniority) == ("Head of Sales", "Head")
    assert [function.function for function in job.job_functions or ()] == ["Sales"]


def test_a_position_without_title_and_company_is_none():
    assert job_of(description="Sells.", start_at="2022-03-01T00:00:00Z") is None


def test_a_current_position_has_no_end():
    job = job_of(title="Engineer", is_current=True, end_at="2022-03-01T00:00:00Z")
    assert job is not None
    assert job.end_at is None


def test_a_profile_without_anything_is_none():
    assert profile_of(full_name="", nation="nowhere", jobs=[None]) is None


def test_the_current_position_is_first_of_all_and_not_repeated():
    past = job_of(title="Engineer", is_current=False)
    now = job_of(title="Manager", company=company_of(name="Example Inc"), is_current=True)
    profile = profile_of(current=now, jobs=[past, now, None])
    assert profile is not None
    assert profile.employment == Employments(now, tuple(job for job in (now, past) if job))


def test_texts_get_capitals_and_the_account_its_canonical_address():
    profile = profile_of(
        full_name="ada sample", headline="crm", city="lyon", nation="fr", linkedin_url="linkedin.com/in/Ada-Sample"
    )
    assert profile is not None
    assert (profile.full_name, profile.headline) == ("Ada Sample", "CRM")
    assert profile.location == Location("France", "FR", "Lyon")
    assert profile.social_profiles is not None
    assert profile.social_profiles.linkedin is not None
    assert profile.social_profiles.linkedin.url == "https://www.linkedin.com/in/ada-sample"
