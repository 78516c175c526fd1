"""Reading CSV: encodings, separators, quotes, line numbers, and what is refused."""

import random
import tracemalloc
from pathlib import Path

import pytest

from openenrich.lists.problem import ListProblem
from openenrich.lists.reader import open_list, read_list

HEADER = "first_name,last_name,domain,note\n"
NAMES = "Zoë,Müller,例え.test,café €\n"


def saved(folder: Path, content: str | bytes, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def problem_of(path: Path) -> str:
    """The sentence with which a list is refused, at the latest at its end."""
    with pytest.raises(ListProblem) as caught:
        open_list(path).count()
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_a_row_holds_what_is_known_and_everything_else(tmp_path: Path) -> None:
    path = saved(tmp_path, "First Name,Surname,Company,LinkedIn,CRM id\n Ada ,King,Acme,,007\n")
    (row,) = read_list(path)
    assert (row.first_name, row.last_name, row.company_name) == ("Ada", "King", "Acme")
    assert (row.full_name, row.domain, row.linkedin_url) == (None, None, None)
    assert row.extra == {"CRM id": "007"}
    assert row.original == {
        "First Name": " Ada ",
        "Surname": "King",
        "Company": "Acme",
        "LinkedIn": "",
        "CRM id": "007",
    }


@pytest.mark.parametrize(
    "encoded",
    [
        (HEADER + NAMES).encode(),
        (HEADER + NAMES).encode("utf-8-sig"),
        (HEADER + NAMES).encode("utf-16"),
        b"\xfe\xff" + (HEADER + NAMES).encode("utf-16-be"),
        (HEADER + NAMES).encode("utf-32"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16 little", "utf-16 big", "utf-32"],
)
def test_every_unicode_encoding_is_read(tmp_path: Path, encoded: bytes) -> None:
    (row,) = read_list(saved(tmp_path, encoded))
    assert row.original == {"first_name": "Zoë", "last_name": "Müller", "domain": "例え.test", "note": "café €"}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_by_the_header(tmp_path: Path, separator: str) -> None:
    text = "first name,last name,company\nAda,King,Acme\n".replace(",", separator)
    (row,) = read_list(saved(tmp_path, text))
    assert (row.first_name, row.last_name, row.company_name) == ("Ada", "King", "Acme")


def test_commas_inside_a_header_do_not_mislead(tmp_path: Path) -> None:
    text = '"Tags, all, of, them";First Name;Last Name;Company\n"x, y";Ada;King;"Acme; Ltd"\n'
    (row,) = read_list(saved(tmp_path, text))
    assert (row.first_name, row.company_name) == ("Ada", "Acme; Ltd")
    assert row.extra == {"Tags, all, of, them": "x, y"}


def test_the_separator_that_excel_announces_is_used(tmp_path: Path) -> None:
    (row,) = read_list(saved(tmp_path, "sep=;\nfirst_name;last_name;company\nAda;King;Acme\n"))
    assert (row.line, row.company_name) == (3, "Acme")


def test_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    text = 'linkedin,note\n\na,"one\ntwo\r\nthree"\n ,\nb,""\n'
    rows = list(read_list(saved(tmp_path, text)))
    assert [(row.line, row.linkedin_url) for row in rows] == [(3, "a"), (7, "b")]
    assert rows[0].extra == {"note": "one\ntwo\r\nthree"}


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(tmp_path: Path, ending: str) -> None:
    rows = list(read_list(saved(tmp_path, f"linkedin,x{ending}a,1{ending}b,2{ending}")))
    assert [(row.line, row.linkedin_url) for row in rows] == [(2, "a"), (3, "b")]


def test_a_header_may_have_a_line_break(tmp_path: Path) -> None:
    (row,) = read_list(saved(tmp_path, '"First\nName",Last Name,Company\nAda,King,Acme\n'))
    assert (row.line, row.first_name) == (3, "Ada")


def test_a_short_row_is_filled_up_and_empty_cells_beyond_the_header_are_dropped(tmp_path: Path) -> None:
    rows = list(read_list(saved(tmp_path, "linkedin,a,b,,\nada,1\nbob,1,2,,,\n")))
    assert [row.original for row in rows] == [
        {"linkedin": "ada", "a": "1", "b": ""},
        {"linkedin": "bob", "a": "1", "b": "2"},
    ]


def test_one_column_alone_is_a_list(tmp_path: Path) -> None:
    rows = list(read_list(saved(tmp_path, "LinkedIn URL\nhttps://www.linkedin.com/in/ada\n", "people.txt")))
    assert [row.linkedin_url for row in rows] == ["https://www.linkedin.com/in/ada"]


def test_columns_of_the_same_name_are_all_kept(tmp_path: Path) -> None:
    (row,) = read_list(saved(tmp_path, "Name,Company,Notes,Notes,\nAda King,Acme,x,y\n"))
    assert row.extra == {"Notes": "x", "Notes (2)": "y"}


def test_a_list_can_be_read_again_and_counted(tmp_path: Path) -> None:
    people = open_list(saved(tmp_path, "linkedin\na\nb\n"))
    assert people.names == ("linkedin",)
    assert people.count() == 2
    assert list(people) == list(people)


def test_the_owner_may_name_the_columns(tmp_path: Path) -> None:
    path = saved(tmp_path, "Wer,Wo\nAda King,Acme\n")
    (row,) = read_list(path, {"full_name": "Wer", "company_name": "Wo"})
    assert (row.full_name, row.company_name, row.extra) == ("Ada King", "Acme", {})


def long_list(lines: int, broken: bytes) -> bytes:
    return b"linkedin,note\n" + b"ada,ok\n" * (lines - 2) + broken


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "'people.csv' is empty: put a row with column names first"),
        (b"\n \n,,\n", "the file is empty: put a row with column names first"),
        (b"\xef\xbb\xbf", "the file is empty: put a row with column names first"),
        (b"first_name,last_name,company\n", "has column names but nobody below them: add at least one row"),
        (b"first_name,last_name,company\n,,\n\n", "has column names but nobody below them: add at least one row"),
        (b"foo,bar\n1,2\n", "it has 'foo', 'bar': rename the columns"),
        (long_list(4000, b"M\xfcller,x\n"), "line 4000 of 'people.csv' is not valid text: save the list again as"),
        (b"linkedin,Pr\xe9nom\nada,x\n", "line 1 of 'people.csv' is not valid text"),
        ("linkedin,x\nada,1\n".encode("utf-16")[:-1], "line 2 of 'people.csv' is not valid text"),
        ("linkedin,x\nada,1\n".encode("utf-16-le"), "line 1 contains a NUL byte"),
        (long_list(3000, b"b\0b,x\n"), "line 3000 contains a NUL byte, so this is no plain text: save the list again"),
        (b'linkedin,x\nada,1\nbob,"never\ncarl,2\n', "row that begins on line 3 do not match: close the quote"),
        (b'linkedin,x\nada,"1"2\n', "row that begins on line 2 do not match: close the quote"),
        (b'linkedin,x\nada,"' + b"long\n" * 50_000 + b'"\n', "row that begins on line 2 do not match"),
        (b"linkedin,company\nada,Acme, Inc\n", "line 2 has 3 cells but the header names 2 columns: put quotes"),
        (b"linkedin,company,x\na,b,c\nada;Acme;1\n", "line 3 is one single cell where the header has 3 columns: use"),
        (b'linkedin,company,x\n"ada,Acme,1"\n', "line 2 is one single cell where the header has 3 columns: use"),
        (b"first_name~last_name~domain\nAda~King~one.test\n", "the first row is one single column with all the names"),
        (b"first_name last_name domain\nAda King one.test\n", "the first row is one single column with all the names"),
        (b'"first_name,last_name,domain"\n"Ada,King,one.test"\n', "the first row is one single column"),
        (b"PK\x03\x04rest", "'people.csv' is an Excel workbook: give it the ending .xlsx"),
        (b"linkedin," + b"x" * 10_000_001, "line 1 never ends: save the list as CSV with one person per line"),
    ],
)
def test_a_bad_list_is_refused_in_one_sentence_with_the_place_and_the_remedy(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    assert sentence in problem_of(saved(tmp_path, content))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "nobody.csv': check the name and the folder" in problem_of(tmp_path / "nobody.csv")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "is a folder: name one file in it" in problem_of(tmp_path)


def test_a_device_is_refused() -> None:
    assert "is no ordinary file" in problem_of(Path("/dev/null"))


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, "x", "people.pdf")
    assert "no kind of list we read: save it as .csv, .xlsx, .parquet or .jsonl" in problem_of(path)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PermissionError(13, "no"), "may not be read or written by this user: change its permissions"),
        (OSError(5, "no"), "could not be opened (Input/output error): copy it to a local folder and try again"),
    ],
)
def test_a_file_that_the_system_withholds_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, sentence: str
) -> None:
    path = saved(tmp_path, "linkedin\na\n")

    def withheld(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", withheld)
    assert sentence in problem_of(path)


def test_noise_is_refused_or_read_but_never_crashes(tmp_path: Path) -> None:
    dice = random.Random(7)
    for _ in range(200):
        noise = bytes(dice.choices(b'linkedin,;\t|"\r\n\xff\xc3\xa9\0 ab', k=dice.randrange(1, 60)))
        path = saved(tmp_path, b"linkedin,x\n" * dice.randrange(2) + noise)
        try:
            open_list(path).count()
        except ListProblem as problem:
            assert str(problem)  # noqa: PT017 -- a list may also be fine


def test_a_hundred_thousand_rows_are_read_in_constant_memory(tmp_path: Path) -> None:
    line = "Ada,King,example.com,https://www.linkedin.com/in/ada-king,0123456789\n"
    path = saved(tmp_path, "first_name,last_name,domain,linkedin,crm\n" + line * 100_000)
    tracemalloc.start()
    try:
        last = [row.line for row in read_list(path) if row.line > 100_000]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert last == [100_001]
    assert peak < 500_000
