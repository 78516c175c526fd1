"""The result's rows: the list's own columns first, then what was found, and for bad rows the reason."""

import pytest

from openenrich.commands.answers import (
    Account,
    Attempt,
    Company,
    ContactInfo,
    Employments,
    PhoneNumber,
    Position,
    Profile,
    Record,
    SocialProfiles,
    Story,
)
from openenrich.commands.lines import COLUMNS, Line, LineStatus, cells, defect_of, header, parts, problem
from openenrich.core.contact import Field
from openenrich.core.identity import Defect
from openenrich.core.outcome import Email, EmailStatus
from openenrich.lists.reader import Row

RECORD = Record(
    contact_info=ContactInfo(
        most_probable_work_email=Email("ada@example.com", EmailStatus.DELIVERABLE),
        most_probable_phone=PhoneNumber("+44 7700 900123", "GB"),
        work_emails=(Email("ada@example.com", EmailStatus.DELIVERABLE),),
        phones=(PhoneNumber("+44 7700 900123", "GB"), PhoneNumber("+44 1632 960001", "GB")),
    ),
    profile=Profile(
        employment=Employments(
            current=Position(title="Engineer", company=Company(name="Example", domain="example.com"))
        ),
        social_profiles=SocialProfiles(professional_network=Account(url="https://www.linkedin.com/in/ada-example")),
    ),
)
STORY = Story(
    position=0,
    state="done",
    credits=11,
    vendor_cost_micro_usd=134_500,
    won={"work_email": "alpha", "phone": "beta"},
    attempts=(Attempt("alpha"), Attempt("beta"), Attempt("gamma", shared=True)),
)


def row(**values: str | None) -> Row:
    names = ("first_name", "last_name", "full_name", "domain", "company_name", "linkedin_url")
    known = {name: values.get(name) for name in names}
    original = {name: value or "" for name, value in values.items()}
    return Row(line=2, extra={}, original=original, **known)


def ours(line: Line) -> dict[str, object]:
    return dict(zip(COLUMNS, cells(line)[-len(COLUMNS) :], strict=True))


def test_a_line_keeps_the_lists_own_cells_in_front() -> None:
    line = Line(row(first_name="Ada", crm="00017"), LineStatus.FOUND, RECORD, STORY)

    assert cells(line)[:2] == ("Ada", "00017")
    assert len(cells(line)) == len(header(("first_name", "crm")))


def test_a_line_shows_what_was_found_who_gave_it_and_what_it_cost() -> None:
    shown = ours(Line(row(first_name="Ada"), LineStatus.FOUND, RECORD, STORY))

    assert shown["work_email"] == "ada@example.com"
    assert shown["work_email_status"] == "DELIVERABLE"
    assert shown["personal_email"] is None
    assert (shown["mobile"], shown["mobile_region"]) == ("+44 7700 900123", "GB")
    assert shown["phones"] == "+44 7700 900123; +44 1632 960001"
    assert (shown["title"], shown["company"], shown["company_domain"]) == ("Engineer", "Example", "example.com")
    assert shown["linkedin_url"] == "https://www.linkedin.com/in/ada-example"
    assert shown["vendor"] == "alpha"
    assert shown["credits"] == 11
    assert shown["vendor_cost_usd"] == 0.1345
    assert shown["enrichment_status"] == "found"
    assert shown["problem"] == ""


def test_an_unusable_address_is_shown_with_the_status_that_warns() -> None:
    record = Record(ContactInfo(work_emails=(Email("old@example.com", EmailStatus.INVALID),)))

    shown = ours(Line(row(first_name="Ada"), LineStatus.NOT_FOUND, record, STORY))

    assert (shown["work_email"], shown["work_email_status"]) == ("old@example.com", "INVALID")


def test_columns_that_the_list_has_itself_are_not_overwritten() -> None:
    names = header(("title", "linkedin_url"))

    assert names[:2] == ("title", "linkedin_url")
    assert "found_title" in names
    assert "found_linkedin_url" in names
    assert len(set(names)) == len(names)


def test_the_vendor_is_history_where_history_answered() -> None:
    story = Story(position=0, state="done", from_history=(Field.WORK_EMAIL,), won={"phone": "beta"})

    assert Line(row(first_name="Ada"), LineStatus.FOUND, RECORD, story).vendor == "history"


def test_for_lack_of_a_work_address_the_vendor_of_the_mobile_is_named() -> None:
    record = Record(ContactInfo(most_probable_phone=PhoneNumber("+44 7700 900123", "GB")))

    assert Line(row(first_name="Ada"), LineStatus.FOUND, record, STORY).vendor == "beta"


@pytest.mark.parametrize(
    ("values", "defect", "words"),
    [
        ({"last_name": "Example", "domain": "example.com"}, Defect.NO_FIRST_NAME, "no first name: fill in"),
        ({"first_name": "Ada", "domain": "example.com"}, Defect.NO_LAST_NAME, "no last name: fill in"),
        ({"first_name": "Ada", "last_name": "Example"}, Defect.NO_COMPANY, "no company: fill in"),
        ({"linkedin_url": "https://linkedin.com/company/example"}, Defect.LINKEDIN_MALFORMED, "use the form linkedin"),
        ({"full_name": "Ada Example", "domain": "not a domain"}, Defect.DOMAIN_INVALID, "domain is not valid: use"),
    ],
)
def test_a_bad_row_says_why_and_what_to_do(values: dict[str, str], defect: Defect, words: str) -> None:
    bad = row(**values)
    line = Line(bad, LineStatus.BAD_ROW, defect=defect_of(bad))

    assert defect_of(bad) is defect
    assert words in problem(line)
    assert line.reason
    assert ours(line)["enrichment_status"] == "bad_row"


def test_every_defect_has_words() -> None:
    for defect in Defect:
        line = Line(row(first_name="Ada"), LineStatus.BAD_ROW, defect=defect)
        assert ":" in problem(line)


def test_a_row_for_which_credits_were_short_says_how_to_go_on() -> None:
    line = Line(row(first_name="Ada"), LineStatus.NO_CREDITS)

    assert "add some and run the same command again" in problem(line)


def test_a_list_is_cut_into_numbered_hundreds() -> None:
    cut = [(number, len(part)) for number, part in parts(range(250))]

    assert cut == [(0, 100), (1, 100), (2, 50)]
