"""Which column of a list is what, in the words of the tools that export them."""

import pytest

from openenrich.lists.columns import claim, recognise, unique_names
from openenrich.lists.problem import ListProblem
from openenrich.lists.spellings import PERSON, VALUES, field_of

SPELLINGS = {
    "first_name": ["First Name", "firstname", "FIRST_NAME", "first-name", "Given name", "Vorname", "Prénom", "Prenom"],
    "last_name": [
        "Last Name",
        "LastName",
        "Surname",
        "Nachname",
        "Family Name",
        "\ufeffLast Name",
        "Contact Last Name",
    ],
    "full_name": ["Full Name", "Name", "Contact Name", "Lead Full Name", "fullName", "Nom complet"],
    "domain": ["Domain", "Company Domain", "Company Domain Name", "Website", "Website URL", "Account Website"],
    "company_name": ["Company", "company_name", "Organization", "Account Name", "Firma", "Company Name for Emails"],
    "linkedin_url": [
        "LinkedIn",
        "LinkedIn Profile URL",
        "Person Linkedin Url",
        "Profile",
        "Contact LinkedIn",
        "linkedInProfileUrl",
        "LinkedIn Contact Profile URL",
        "professional_network_url",
    ],
    "work_email": ["Email", "E-Mail", "Work Email", "Business e-mail", "Email Address", "work_email"],
    "personal_email": ["Personal Email", "Private email", "personal_email"],
    "mobile": ["Mobile", "Mobile Phone", "Cell", "Handy", "mobile_number"],
    "phone": ["Phone", "Work Direct Phone", "Telefon", "Direct Dial", "Téléphone"],
    "title": ["Job Title", "Title", "Position", "Poste"],
    "country": ["Country", "Land", "Person Country"],
    "city": ["City", "Ort", "Ville"],
}


@pytest.mark.parametrize(("spelling", "field"), [(s, field) for field, all_ in SPELLINGS.items() for s in all_])
def test_a_spelling_of_another_tool_is_recognised(spelling: str, field: str) -> None:
    assert field_of(spelling) == field


@pytest.mark.parametrize("field", [*PERSON, *VALUES])
def test_our_own_name_of_a_field_is_recognised(field: str) -> None:
    assert field_of(field) == field


@pytest.mark.parametrize(
    "header",
    ["Company LinkedIn URL", "Company Phone", "Lead Source", "Contact Owner", "Employees", "URL", "Contact", "", "  "],
)
def test_a_column_about_something_else_is_only_kept(header: str) -> None:
    assert field_of(header) is None


def test_what_is_not_recognised_is_extra() -> None:
    columns = recognise(["Lead Source", "First Name", "Last Name", "Company", "Score", "Email"])
    assert [columns.names[place] for place in columns.extra] == ["Lead Source", "Score", "Email"]


@pytest.mark.parametrize(
    "header",
    [
        ["LinkedIn"],
        ["First Name", "Last Name", "Domain"],
        ["First Name", "Last Name", "Company"],
        ["Name", "Website"],
    ],
)
def test_a_header_that_suffices_is_accepted(header: list[str]) -> None:
    assert recognise(header).names == tuple(header)


@pytest.mark.parametrize(
    "header",
    [["First Name", "Last Name"], ["First Name", "Company"], ["Company", "Domain"], ["Email"], ["Ada", "Lovelace"]],
)
def test_a_header_that_does_not_suffice_is_refused_with_what_it_has_and_what_it_needs(header: list[str]) -> None:
    with pytest.raises(ListProblem) as caught:
        recognise(header)
    text = str(caught.value)
    assert "linkedin_url, or first_name + last_name (or full_name) with domain or company_name" in text
    assert all(f"'{name}'" in text for name in header)
    assert "rename the columns" in text


def test_a_header_of_hundreds_of_columns_is_not_repeated_in_full() -> None:
    with pytest.raises(ListProblem) as caught:
        recognise([f"x{number}" for number in range(500)])
    assert "'x11' and 488 more" in str(caught.value)


def test_of_two_columns_for_the_same_thing_the_first_that_is_filled_counts() -> None:
    columns = recognise(["LinkedIn", "Company Domain", "Website"])
    assert columns.value("domain", ["", "one.test", "two.test"]) == "one.test"
    assert columns.value("domain", ["", "  ", "two.test"]) == "two.test"
    assert columns.value("domain", ["", "", "\u00a0"]) is None


@pytest.mark.parametrize("failed", ["#N/A", "#REF!", " #VALUE! "])
def test_a_failed_look_up_of_a_spreadsheet_is_no_value(failed: str) -> None:
    assert recognise(["LinkedIn", "Domain"]).value("domain", ["", failed]) is None


def test_white_space_in_a_value_is_tidied() -> None:
    assert recognise(["LinkedIn", "Name"]).value("full_name", ["", " Ada\u00a0\n King\u200b "]) == "Ada King"


def test_the_owner_may_say_which_column_is_which() -> None:
    columns = recognise(
        ["Rufname", "Name", "Client"], {"first_name": "rufname", "last_name": "Name", "domain": "Client"}
    )
    assert columns.fields == {"first_name": (0,), "last_name": (1,), "domain": (2,)}


def test_a_column_that_is_spoken_for_by_the_owner_is_not_recognised_as_something_else() -> None:
    columns = recognise(["LinkedIn", "Company", "Website"], {"company_name": "Website"})
    assert columns.fields == {"linkedin_url": (0,), "company_name": (2,)}
    assert columns.extra == (1,)


def test_a_mapping_to_a_field_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ListProblem, match="'shoe_size' is not a field of a list: use one of first_name"):
        recognise(["LinkedIn"], {"shoe_size": "LinkedIn"})


def test_a_mapping_to_a_column_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ListProblem, match="there is no column 'Profil' for linkedin_url: choose one of 'LinkedIn'"):
        recognise(["LinkedIn"], {"linkedin_url": "Profil"})


def test_column_names_are_made_unique_without_losing_any() -> None:
    assert unique_names(["a", "a", "", " a (2) ", "\ufeffb"]) == ("a", "a (2)", "Column 3", "a (2) (2)", "b")


def test_an_address_column_is_claimed_only_when_wanted() -> None:
    assert "work_email" in claim(["Email"], VALUES)
    assert "work_email" not in claim(["Email"], PERSON)
