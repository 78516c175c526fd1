"""Reading the operator's own directory of known people."""

from pathlib import Path

import pytest

from openenrich.lists.directory import DirectoryPerson, read_directory
from openenrich.lists.problem import ListProblem


def saved(folder: Path, text: str) -> Path:
    path = folder / "directory.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_export_of_a_crm_is_understood(tmp_path: Path) -> None:
    path = saved(
        tmp_path,
        "First Name,Last Name,Title,Company,Email,Personal Email,Work Direct Phone,Mobile Phone,Company Phone,"
        "Person Linkedin Url,Website,City,Country\n"
        "Ada,King,CTO,Acme,ada@acme.test,ada@example.com,+442079460958,+447700900123,+442079460000,"
        "https://www.linkedin.com/in/ada,acme.test,London,UK\n",
    )
    (person,) = read_directory(path).people
    assert person == DirectoryPerson(
        first_name="Ada",
        last_name="King",
        full_name=None,
        work_email="ada@acme.test",
        personal_email="ada@example.com",
        mobile="+447700900123",
        phone="+442079460958",
        title="CTO",
        company_name="Acme",
        company_domain="acme.test",
        linkedin_url="https://www.linkedin.com/in/ada",
        country="UK",
        city="London",
    )


def test_rows_without_an_identity_or_without_a_value_are_skipped_and_counted(tmp_path: Path) -> None:
    path = saved(
        tmp_path,
        "first,last,name,linkedin,domain,email\n"
        "Ada,King,,,one.test,ada@one.test\n"  # fine
        ",,,bob,,bob@one.test\n"  # fine: the profile says who
        ",,Cyd Lee,,,cyd@one.test\n"  # fine: the whole name
        "Dan,,,,one.test,dan@one.test\n"  # half a name is nobody
        ",,,,one.test,info@one.test\n"  # nobody
        "Eve,Roe,,eve,one.test,\n"  # nothing is known
        ",,,,,\n",  # a blank row is no row
    )
    directory = read_directory(path)
    assert directory.skipped == 0
    assert [person.work_email for person in directory.people] == ["ada@one.test", "bob@one.test", "cyd@one.test"]
    assert directory.skipped == 3


def test_the_operator_may_name_the_columns(tmp_path: Path) -> None:
    path = saved(tmp_path, "wer,wie\nAda King,ada@one.test\n")
    (person,) = read_directory(path, {"full_name": "wer", "personal_email": "wie"}).people
    assert (person.full_name, person.personal_email, person.work_email) == ("Ada King", "ada@one.test", None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("email,phone\na@one.test,1\n", "the directory needs a column linkedin_url, or first_name + last_name"),
        ("first_name,email\nAda,a@one.test\n", "it has 'first_name', 'email': rename the columns"),
        ("first,last,domain\nAda,King,one.test\n", "needs at least one column of work_email, personal_email, mobile"),
        ("first,last,email\n", "nobody below them"),
    ],
)
def test_a_directory_that_cannot_help_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ListProblem) as caught:
        read_directory(saved(tmp_path, text))
    assert sentence in str(caught.value)
