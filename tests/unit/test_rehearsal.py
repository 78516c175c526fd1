"""Section 10 and decision 8: test contacts have invented, repeatable outcomes."""

import uuid

import pytest

from openenrich.core.contact import Contact, Field, LineType
from openenrich.core.domains import is_free_mail
from openenrich.core.phone import billable, read_phone
from openenrich.core.profile import Profile
from openenrich.core.rehearsal import Rehearsal, rehearse

ALL = frozenset(Field) - {Field.COMPANY}
EMAILS_AND_PHONES = ALL - {Field.PROFILE}


def of(first_name: str | None, wanted: frozenset[Field] = ALL, last_name: str | None = "Okafor") -> Rehearsal:
    result = rehearse(Contact(first_name, last_name, "test.example.com"), wanted, slow_s=60.0)
    assert result is not None
    return result


@pytest.mark.parametrize(
    "contact",
    [
        Contact("Mira", "Okafor", "northwind.example.com"),
        Contact("Mira", "Okafor", "example.com"),
        Contact("Mira", "Okafor", "eu.test.example.com"),
        Contact("Notfound", "Okafor", "example.com"),
        Contact(linkedin_handle="demoge"),
        Contact(linkedin_handle="demoge", domain="example.com"),
        Contact("Mira", "Okafor", "fullenrich.com"),
        Contact(linkedin_handle="mira", domain="fullenrich.com"),
        Contact("Mira", "Okafor", company_name="test.example.com"),
    ],
)
def test_ordinary_contacts_are_not_rehearsed(contact: Contact) -> None:
    assert rehearse(contact, ALL, slow_s=60.0) is None


def test_an_ordinary_name_in_the_reserved_domain_finds_everything_at_once() -> None:
    found = of("Mira")
    assert found.work_emails == (("mira.okafor@test.example.com", "DELIVERABLE"),)
    assert [status for _, status in found.personal_emails] == ["DELIVERABLE"]
    assert found.profile is not None
    assert found.delay_s == 0


def test_the_personal_address_is_at_a_free_mail_host_that_nobody_owns() -> None:
    ((address, _),) = of("Mira").personal_emails
    host = address.rsplit("@", 1)[1]
    assert is_free_mail(host)
    assert host.endswith(".test")


def test_the_mobile_number_is_billable_and_in_a_range_kept_for_fiction() -> None:
    (found,) = of("Mira").phones
    phone = read_phone(found, None)
    assert phone is not None
    assert billable(phone)
    assert phone.line_type is LineType.MOBILE
    assert phone.e164.startswith("+447700900")


def test_nobody_named_notfound_is_found() -> None:
    assert of("Notfound") == Rehearsal()


def test_catchall_gives_a_catch_all_address() -> None:
    assert [status for _, status in of("Catchall").work_emails] == ["CATCH_ALL"]


def test_invalid_gives_an_invalid_address_and_nothing_else() -> None:
    found = of("Invalid", EMAILS_AND_PHONES)
    assert found == Rehearsal(work_emails=(("invalid.okafor@test.example.com", "INVALID"),))


def test_landline_gives_a_landline_and_nothing_else() -> None:
    found = of("Landline", EMAILS_AND_PHONES)
    assert (found.work_emails, found.personal_emails) == ((), ())
    (number,) = found.phones
    phone = read_phone(number, None)
    assert phone is not None
    assert phone.line_type is LineType.LANDLINE
    assert not billable(phone)


def test_slow_finds_everything_after_the_configured_time() -> None:
    assert of("Slow").delay_s == 60.0
    assert of("Slow").work_emails == (("slow.okafor@test.example.com", "DELIVERABLE"),)


@pytest.mark.parametrize("name", ["NOTFOUND", "notfound", "NotFound"])
def test_reserved_names_are_known_in_any_case(name: str) -> None:
    assert of(name) == Rehearsal()


@pytest.mark.parametrize("field", sorted(ALL))
def test_only_what_was_wanted_is_returned(field: Field) -> None:
    found = of("Mira", frozenset({field}))
    returned = {
        Field.WORK_EMAIL: found.work_emails,
        Field.PERSONAL_EMAIL: found.personal_emails,
        Field.PHONE: found.phones,
        Field.PROFILE: found.profile,
    }
    assert {kind for kind, value in returned.items() if value} == {field}


def test_the_published_test_profile_never_gets_an_address_that_somebody_could_own() -> None:
    contact = Contact("Given", "Name", "fullenrich.com", linkedin_handle="demoge")
    found = rehearse(contact, ALL, slow_s=60.0)
    assert found is not None
    assert found.work_emails == (("given.name@test.example.com", "DELIVERABLE"),)
    assert found.profile is not None
    assert found.profile.social_profiles is not None
    assert found.profile.social_profiles.professional_network is not None
    assert found.profile.social_profiles.professional_network.handle == "demoge"


def test_a_test_profile_without_a_name_still_has_an_outcome() -> None:
    found = rehearse(Contact(linkedin_handle="demoge", domain="fullenrich.com"), ALL, slow_s=60.0)
    assert found is not None
    assert found.work_emails == (("test.person@test.example.com", "DELIVERABLE"),)


def test_the_same_contact_always_gets_the_same_answer_and_another_one_another() -> None:
    assert of("Mira") == of("Mira")
    assert of("Mira").phones != of("Jonas").phones


def test_names_outside_ascii_make_plain_addresses() -> None:
    assert of("Zoë", last_name="O’Brien Müller").work_emails[0][0] == "zoe.obrienmuller@test.example.com"
    assert of("🚀").work_emails[0][0] == "test.okafor@test.example.com"


def test_the_profile_is_complete_enough_to_test_against() -> None:
    profile = of("Mira").profile
    assert isinstance(profile, Profile)
    assert uuid.UUID(str(profile.id)).version == 5
    assert profile.full_name == "Mira Okafor"
    assert profile.employment is not None
    assert profile.employment.all is not None
    assert profile.employment.current == profile.employment.all[0]
    assert profile.employment.current is not None
    assert profile.employment.current.company is not None
    assert profile.employment.current.company.domain == "test.example.com"
