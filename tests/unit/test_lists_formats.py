"""Reading Excel, Parquet and JSON lines: the same rows as from CSV, and what is refused."""

import datetime as dt
import random
import zipfile
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from openenrich.lists.problem import ListProblem
from openenrich.lists.reader import open_list, read_list
from openenrich.lists.table import as_text
from openenrich.lists.writer import write_list

MIDNIGHT = dt.datetime(2024, 3, 1)  # noqa: DTZ001 -- a spreadsheet knows no time zones


def problem_of(path: Path) -> str:
    with pytest.raises(ListProblem) as caught:
        open_list(path).count()
    return str(caught.value)


def workbook(path: Path, *sheets: list[list[object]], hidden: int = 0) -> Path:
    """A workbook with the given sheets; the first ones may be hidden."""
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, cells in enumerate(sheets):
            sheet = book.add_worksheet()
            for place, row in enumerate(cells):
                for column, value in enumerate(row):
                    if isinstance(value, dt.date):
                        sheet.write_datetime(place, column, value, day)
                    elif value is not None:
                        sheet.write(place, column, value)
            if number >= hidden:
                sheet.activate()
                sheet.set_first_sheet()
        for sheet in book.worksheets()[:hidden]:
            sheet.hide()
    return path


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("007", "007"),
        (12, "12"),
        (12.0, "12"),
        (-0.5, "-0.5"),
        (123456789012345.0, "123456789012345"),
        (float("nan"), ""),
        (True, "true"),
        (dt.date(2024, 3, 1), "2024-03-01"),
        (MIDNIGHT, "2024-03-01"),
        (MIDNIGHT.replace(hour=12, minute=5), "2024-03-01T12:05:00"),
        (MIDNIGHT.replace(tzinfo=dt.UTC), "2024-03-01T00:00:00+00:00"),
        (dt.time(9, 30), "09:30:00"),
        (["a", 1], '["a",1]'),
        ({"a": None}, '{"a":null}'),
    ],
)
def test_a_value_becomes_the_text_that_a_person_would_write(value: object, text: str) -> None:
    assert as_text(value) == text


def test_numbers_and_dates_of_excel_read_as_people_write_them(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "people.xlsx",
        [
            ["LinkedIn", "Id", "Score", "Since", "Zip", "Active"],
            ["ada", 123456789012345, 12.5, MIDNIGHT, "007", True],
        ],
    )
    (row,) = read_list(path)
    assert row.extra == {
        "Id": "123456789012345",
        "Score": "12.5",
        "Since": "2024-03-01",
        "Zip": "007",
        "Active": "true",
    }


def test_rows_of_excel_have_the_numbers_that_excel_shows(tmp_path: Path) -> None:
    path = workbook(tmp_path / "people.xlsx", [[], [None, "LinkedIn", "x"], [], [None, "a", 1], [], [None, "b"]])
    assert [(row.line, row.linkedin_url) for row in read_list(path)] == [(4, "a"), (6, "b")]


def test_the_first_visible_sheet_with_something_in_it_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "people.xlsx", [["LinkedIn"], ["secret"]], [], [["LinkedIn"], ["ada"]], hidden=1)
    assert [row.linkedin_url for row in read_list(path)] == ["ada"]


def test_a_formula_counts_as_its_result(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "people.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["LinkedIn", "Domain"])
        sheet.write_formula(1, 0, '="a"&"da"', None, "ada")
        sheet.write_formula(1, 1, "=NA()", None, "#N/A")
    (row,) = read_list(tmp_path / "people.xlsx")
    assert (row.linkedin_url, row.domain) == ("ada", None)


def test_a_value_beyond_the_last_named_column_of_excel_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "people.xlsx", [["LinkedIn"], ["a"], ["b", None, "stray"]])
    assert "row 3 has a value beyond the last named column: name that column" in problem_of(path)


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    assert "the workbook is empty: put a row with column names first" in problem_of(workbook(tmp_path / "a.xlsx", []))


def test_a_workbook_with_a_header_only_is_refused(tmp_path: Path) -> None:
    assert "nobody below them" in problem_of(workbook(tmp_path / "a.xlsx", [["LinkedIn"]]))


def test_a_cell_in_the_last_corner_is_refused_and_does_not_end_the_process(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["LinkedIn"], ["ada"]])
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["LinkedIn"])
        sheet.write_string(1_048_575, 16_383, "stray")
    assert "the workbook has a cell far away from its table: delete it, or save the list as CSV" in problem_of(path)


@pytest.mark.parametrize("content", [b"no workbook", b"PK\x03\x04 cut off"])
def test_a_damaged_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert "is damaged, protected by a password or no Excel workbook: open it in Excel" in problem_of(path)


def test_an_archive_without_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert "no Excel workbook" in problem_of(path)


def test_a_workbook_that_is_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a.xlsx", [["LinkedIn"], ["ada"]]).read_bytes()
    for length in range(100, len(whole), 700):
        path = tmp_path / "cut.xlsx"
        path.write_bytes(whole[:length])
        assert "open it in Excel" in problem_of(path)


def test_a_workbook_with_a_few_wrong_bytes_is_refused_or_read_but_never_crashes(tmp_path: Path) -> None:
    dice = random.Random(7)
    path = tmp_path / "people.xlsx"
    write_list(path, ["LinkedIn", "x"], [["ada", "1"]] * 50)
    whole = path.read_bytes()
    for _ in range(150):
        broken = bytearray(whole)
        for place in dice.choices(range(len(whole)), k=3):
            broken[place] = dice.randrange(256)
        path.write_bytes(broken)
        try:
            open_list(path).count()
        except ListProblem as problem:
            assert str(problem)  # noqa: PT017 -- a list may also be fine


def test_a_workbook_in_an_unknown_compression_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["LinkedIn"], ["ada"]])
    # The directory of the archive names the compression of each part ten bytes after its mark.
    content = bytearray(path.read_bytes())
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 10] = 77
        place = content.find(b"PK\x01\x02", place + 4)
    path.write_bytes(content)
    assert "open it in Excel" in problem_of(path)


def test_parquet_is_read_in_slices_with_rows_counted_from_one(tmp_path: Path) -> None:
    path = tmp_path / "people[1].parquet"  # a name is a name and no pattern
    ids = list(range(25_000))
    pl.DataFrame({"LinkedIn": [f"p{i}" if i != 1 else None for i in ids], "n": [float(i) for i in ids]}).write_parquet(
        path
    )
    rows = list(read_list(path))
    assert [rows[0].line, rows[1].line, rows[2].line, rows[-1].line] == [1, 2, 3, 25_000]
    assert rows[1].linkedin_url is None
    assert rows[-1].extra == {"n": "24999"}


def test_a_damaged_or_empty_parquet_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 nonsense PAR1")
    assert "is not a readable Parquet file: export it again, or save the list as CSV" in problem_of(path)
    pl.DataFrame({"LinkedIn": []}, schema={"LinkedIn": pl.String}).write_parquet(path)
    assert "nobody below them" in problem_of(path)


def test_a_parquet_file_that_is_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_list(path, ["LinkedIn", "x"], [["ada", "1"]] * 50)
    whole = path.read_bytes()
    for length in range(1, len(whole), 50):
        path.write_bytes(whole[:length])
        assert "is not a readable Parquet file" in problem_of(path)


def test_a_panic_of_the_library_is_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.parquet"
    write_list(path, ["LinkedIn"], [["ada"]])

    def panic(*_: object) -> None:
        raise pl.exceptions.PanicException("unwrap")

    monkeypatch.setattr(pl.LazyFrame, "collect_schema", panic)
    assert "is not a readable Parquet file" in problem_of(path)


def test_json_lines_may_leave_keys_out(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text(
        '\ufeff{"linkedin_url": "ada", "id": 12.0}\n\n'
        '{"first_name": "Bob", "last_name": "Ng", "domain": "one.test", "tags": ["a"], "ok": true, "id": null}\n',
        encoding="utf-8",
    )
    first, second = read_list(path)
    assert (first.line, first.linkedin_url, first.extra) == (1, "ada", {"id": "12", "tags": "", "ok": ""})
    assert (second.line, second.last_name, second.domain) == (3, "Ng", "one.test")
    assert second.extra == {"id": "", "tags": '["a"]', "ok": "true"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"linkedin_url":"a"}\n{"linkedin_url":\n', "line 2 is not one JSON object: write each person as one object"),
        (b'[{"linkedin_url":"a"}]\n', "line 1 is not one JSON object"),
        (b'{"linkedin_url":"a"}\n"text"\n', "line 2 is not one JSON object"),
        (b'{"linkedin_url":' + b"[" * 100_000 + b"\n", "line 1 is not one JSON object"),
        (b'{"linkedin_url":"a"}\n{"linkedin_url":"\xfc"}\n', "line 2 is not valid text: save the file again in UTF-8"),
        ('{"linkedin_url":"a"}'.encode("utf-16"), "line 1 is not valid text"),
        (b"\n\n", "the file is empty: write one JSON object per line"),
        (b'{"linkedin_url":null}\n', "nobody below them"),
        (b"".join(b'{"k%d":1}\n' % i for i in range(1200)), "line 1001 brings the file to over 1000 keys"),
    ],
)
def test_bad_json_lines_are_refused_with_the_line_before_the_first_row(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "people.jsonl"
    path.write_bytes(content)
    with pytest.raises(ListProblem) as caught:
        open_list(path)
    assert sentence in str(caught.value)
