"""Sections 5.2, 5.3 and 10: one canonical contact, one first defect, one key per question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core.contact import Contact
from openenrich.core.identity import Defect, history_key, normalise, question_digest

URL = "https://www.linkedin.com/in/mira-okafor-example"


def contact(**given_texts: str | None) -> Contact:
    result = normalise(**given_texts)
    assert isinstance(result, Contact)
    return result


def test_every_text_takes_its_canonical_form() -> None:
    assert contact(
        first_name=" Dr. Mira ",
        last_name="Okafor, MBA",
        domain="https://www.Northwind.Example.com/about",
        company_name="  Northwind   Example ",
        linkedin_url="fr.linkedin.com/in/Mira-Okafor-Example/?x=1",
    ) == Contact(
        first_name="Mira",
        last_name="Okafor",
        domain="northwind.example.com",
        company_name="Northwind Example",
        linkedin_handle="mira-okafor-example",
    )


def test_a_profile_alone_is_enough_even_when_all_the_rest_is_sent_empty() -> None:
    assert contact(first_name="", last_name=" ", domain="", company_name="", linkedin_url=URL) == Contact(
        linkedin_handle="mira-okafor-example"
    )


def test_a_company_name_without_domain_is_enough() -> None:
    assert contact(first_name="Jonas", last_name="Lindqvist", company_name="Fjord Example AB").domain is None


def test_a_full_name_fills_only_the_missing_parts() -> None:
    both = contact(full_name="Okafor, Mira", domain="example.com")
    assert (both.first_name, both.last_name) == ("Mira", "Okafor")
    last = contact(first_name="Mimi", full_name="Mira Okafor", domain="example.com")
    assert (last.first_name, last.last_name) == ("Mimi", "Okafor")
    neither = contact(first_name="Mimi", last_name="Other", full_name="Mira Okafor", domain="example.com")
    assert (neither.first_name, neither.last_name) == ("Mimi", "Other")


def test_a_name_of_nothing_but_decoration_is_kept_as_written() -> None:
    assert contact(first_name=" 🚀 ", last_name="Okafor", domain="example.com").first_name == "🚀"


@pytest.mark.parametrize(
    ("texts", "defect"),
    [
        ({}, Defect.NO_FIRST_NAME),
        ({"last_name": "Okafor", "domain": "example.com"}, Defect.NO_FIRST_NAME),
        ({"first_name": "\u200b", "last_name": "Okafor", "domain": "example.com"}, Defect.NO_FIRST_NAME),
        ({"first_name": "Mira", "domain": "example.com"}, Defect.NO_LAST_NAME),
        ({"full_name": "Mira", "domain": "example.com"}, Defect.NO_LAST_NAME),
        ({"first_name": "Mira", "last_name": "Okafor"}, Defect.NO_COMPANY),
        ({"first_name": "Mira", "last_name": "Okafor", "domain": " "}, Defect.NO_COMPANY),
        ({"linkedin_url": "https://www.linkedin.com/company/northwind"}, Defect.LINKEDIN_MALFORMED),
        (
            {"first_name": "Mira", "last_name": "Okafor", "domain": "example.com", "linkedin_url": "mira"},
            Defect.LINKEDIN_MALFORMED,
        ),
        ({"linkedin_url": URL, "domain": "192.0.2.1"}, Defect.DOMAIN_INVALID),
        ({"first_name": "Mira", "last_name": "Okafor", "domain": "Northwind Example"}, Defect.DOMAIN_INVALID),
    ],
)
def test_a_bad_contact_has_a_defect(texts: dict[str, str], defect: Defect) -> None:
    assert normalise(**texts) is defect


def test_identity_is_looked_at_before_the_forms_and_the_profile_before_the_domain() -> None:
    assert normalise(first_name="Mira", domain="not a host") is Defect.NO_LAST_NAME
    assert normalise(linkedin_url="not a url", domain="not a host") is Defect.LINKEDIN_MALFORMED


names = st.none() | st.text(max_size=15) | st.sampled_from(["Dr. Mira", "Okafor, PhD", "🚀", "Jean-Luc", "O´Brien"])


@given(
    first_name=names,
    last_name=names,
    full_name=names,
    domain=st.sampled_from([None, "", "www.example.com", "MÜLLER.example", "mira@example.org"]),
    company_name=st.none() | st.text(max_size=15),
    slug=st.none() | st.text(max_size=12) | st.just("ACwAACLLwaIBKi655883b"),
)
def test_normalising_the_result_changes_nothing(
    first_name: str | None,
    last_name: str | None,
    full_name: str | None,
    domain: str | None,
    company_name: str | None,
    slug: str | None,
) -> None:
    once = normalise(
        first_name=first_name,
        last_name=last_name,
        full_name=full_name,
        domain=domain,
        company_name=company_name,
        linkedin_url=slug and f"linkedin.com/in/{slug}",
    )
    if isinstance(once, Contact):
        again = normalise(
            first_name=once.first_name,
            last_name=once.last_name,
            domain=once.domain,
            company_name=once.company_name,
            linkedin_url=once.linkedin_url,
        )
        assert again == once


MIRA = Contact("Mira", "Okafor", "northwind.example.com", "Northwind", "mira-okafor-example")


def test_history_knows_a_contact_again_whatever_the_case() -> None:
    assert history_key(MIRA) == history_key(
        Contact(" MIRA", "okafor ", "northwind.example.com", "NorthWind", "mira-okafor-example")
    )
    assert len(history_key(MIRA)) == 32


@pytest.mark.parametrize(
    "other",
    [
        Contact("Mia", "Okafor", "northwind.example.com", "Northwind", "mira-okafor-example"),
        Contact("Mira", "Okafór", "northwind.example.com", "Northwind", "mira-okafor-example"),
        Contact("Mira", "Okafor", "example.com", "Northwind", "mira-okafor-example"),
        Contact("Mira", "Okafor", "northwind.example.com", "Northwind Inc", "mira-okafor-example"),
        Contact("Mira", "Okafor", "northwind.example.com", "Northwind", "mira-okafor"),
        Contact("Mira", "Okafor", "northwind.example.com", "Northwind"),
        Contact("Okafor", "Mira", "northwind.example.com", "Northwind", "mira-okafor-example"),
    ],
)
def test_any_difference_in_the_input_is_a_new_contact(other: Contact) -> None:
    assert history_key(other) != history_key(MIRA)


def test_history_ignores_what_a_waterfall_learned() -> None:
    learned = Contact("Mira", "Okafor", work_email="mira@northwind.example.com")
    assert history_key(learned) == history_key(Contact("Mira", "Okafor"))


def test_moving_text_between_fields_changes_the_key() -> None:
    assert history_key(Contact("Mira Anne", "Okafor")) != history_key(Contact("Mira", "Anne Okafor"))
    assert history_key(Contact(domain="example.com")) != history_key(Contact(company_name="example.com"))


def test_member_ids_that_differ_by_case_are_two_people() -> None:
    one, other = Contact(linkedin_handle="ACwAAAbCdEfGh"), Contact(linkedin_handle="ACwAAAbCdEfgh")
    assert history_key(one) != history_key(other)
    assert question_digest("v", "find", one) != question_digest("v", "find", other)


def test_a_question_is_one_vendor_one_operation_one_told_contact() -> None:
    digest = question_digest("v", "find", MIRA)
    assert digest == question_digest(
        "v", "find", Contact("mira", "OKAFOR", "northwind.example.com", "NORTHWIND", "mira-okafor-example")
    )
    assert digest != question_digest("w", "find", MIRA)
    assert digest != question_digest("v", "phone", MIRA)
    assert digest != question_digest("v", "find", Contact("Mira", "Okafor", "northwind.example.com"))


def test_a_question_about_another_address_is_another_question() -> None:
    one = Contact(work_email="mira@northwind.example.com")
    assert question_digest("v", "find", one) == question_digest(
        "v", "find", Contact(work_email="Mira@Northwind.Example.com")
    )
    assert question_digest("v", "find", one) != question_digest("v", "find", Contact(work_email="m@example.com"))


def test_two_surnames_with_one_romanisation_are_two_questions() -> None:
    assert question_digest("v", "find", Contact("伟", "王")) != question_digest("v", "find", Contact("伟", "汪"))
