"""Writing lists: what is written is what is read, in every format, and nothing in it runs."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from openenrich.lists.problem import ListProblem
from openenrich.lists.reader import read_list
from openenrich.lists.writer import Cell, guarded, write_list

FORMATS = [".csv", ".xlsx", ".parquet", ".jsonl"]
COLUMNS = ["LinkedIn", "id", "zip", "phone", "note"]
ROWS: list[list[Cell]] = [
    ["ada", "123456789012345678", "00123", "+44 7700 900123", 'quote " comma , tab \t end'],
    ["zoë", "1e5", "007", "+1 (555) 010-0199", "two\nlines\r\nthree"],
    ["例え", "0", "-12.5", "https://example.com/x", "😀 é _x0041_ <b>&amp;"],
    ["bob", None, "", "", None],
]


@pytest.mark.parametrize("ending", FORMATS)
def test_what_is_written_is_what_is_read(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    write_list(path, COLUMNS, ROWS)
    read = [[row.original[name] for name in COLUMNS] for row in read_list(path)]
    assert read == [[cell or "" for cell in row] for row in ROWS]


@pytest.mark.parametrize("ending", FORMATS)
def test_numbers_are_written_as_numbers_are_read(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    write_list(path, ["LinkedIn", "a", "b", "c"], [["x", 123456789012345678, 0.25, 14]])
    (row,) = read_list(path)
    assert row.extra == {"a": "123456789012345678", "b": "0.25", "c": "14"}


@pytest.mark.parametrize("ending", FORMATS)
def test_a_list_without_rows_is_written_with_its_columns(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    write_list(path, COLUMNS, [])
    assert path.exists()
    if ending == ".parquet":
        assert pl.read_parquet(path).columns == COLUMNS
    if ending == ".csv":
        assert path.read_bytes() == b"LinkedIn,id,zip,phone,note\r\n"


@pytest.mark.parametrize("ending", FORMATS)
def test_columns_of_the_same_name_do_not_overwrite_each_other(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    write_list(path, ["LinkedIn", "x", "x"], [["ada", "1", "2"]])
    (row,) = read_list(path)
    assert row.extra == {"x": "1", "x (2)": "2"}


def test_csv_is_plain_utf_8_with_the_line_ends_of_the_standard(tmp_path: Path) -> None:
    write_list(tmp_path / "out.csv", ["a", "b"], [["é", 'x"y'], [None, 1.0]])
    assert (tmp_path / "out.csv").read_bytes() == 'a,b\r\né,"x""y"\r\n,1\r\n'.encode()


@pytest.mark.parametrize(
    "text", ["=1+1", "+SUM(A1)", "-cmd|' /C calc'!A0", "@x", "\t=1", "\r=1", "+1+cmd", "-", "+1\n"]
)
def test_a_cell_that_a_spreadsheet_would_run_is_guarded_in_csv(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["", "a=b", "+44 7700 900123", "+1 (555) 010-0199", "-12", "-0.5", "+3,5", "'=1", "Ada"]
)
def test_names_numbers_and_phones_are_left_alone(text: str) -> None:
    assert guarded(text) == text


def test_a_column_name_is_guarded_too(tmp_path: Path) -> None:
    write_list(tmp_path / "out.csv", ["=x"], [["1"]])
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "'=x\n1\n"


def test_a_formula_in_excel_stays_the_text_it_was(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write_list(path, ["=a"], [['=HYPERLINK("http://example.com")'], ["@x"], ["{=1+1}"], ["mailto:ada@example.com"]])
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert rows == [["=a"], ['=HYPERLINK("http://example.com")'], ["@x"], ["{=1+1}"], ["mailto:ada@example.com"]]


def test_parquet_columns_are_all_text(tmp_path: Path) -> None:
    write_list(tmp_path / "out.parquet", ["a", "b"], [[1, None], ["x", 2.5]])
    frame = pl.read_parquet(tmp_path / "out.parquet")
    assert set(frame.dtypes) == {pl.String}
    assert frame.rows() == [("1", None), ("x", "2.5")]


def test_a_number_that_is_none_is_left_empty_in_excel(tmp_path: Path) -> None:
    write_list(tmp_path / "out.xlsx", ["LinkedIn", "a"], [["x", float("nan")], ["y", float("inf")]])
    assert [row.extra["a"] for row in read_list(tmp_path / "out.xlsx")] == ["", "inf"]


@pytest.mark.parametrize("ending", FORMATS)
def test_a_list_that_fails_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    path.write_text("old", encoding="utf-8")

    def rows() -> Iterator[Sequence[Cell]]:
        yield ["1"]
        raise ListProblem("stop")

    with pytest.raises(ListProblem, match="stop"):
        write_list(path, ["a"], rows())
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("ending", FORMATS)
def test_a_row_of_the_wrong_width_is_a_mistake_of_the_caller(tmp_path: Path, ending: str) -> None:
    with pytest.raises(ValueError):
        write_list(tmp_path / f"out{ending}", ["a", "b"], [["1"]])


def test_a_file_that_is_replaced_keeps_its_permissions_and_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real.csv"
    real.write_text("old", encoding="utf-8")
    real.chmod(0o640)
    link = tmp_path / "link.csv"
    link.symlink_to(real)
    write_list(link, ["a"], [["1"]])
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "a\n1\n"
    assert real.stat().st_mode & 0o777 == 0o640


def test_what_cannot_be_written_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ListProblem, match=r"no kind of list we write: use \.csv, \.xlsx, \.parquet or \.jsonl"):
        write_list(tmp_path / "out.pdf", ["a"], [])
    with pytest.raises(ListProblem, match=r"there is no folder '.*nowhere': create it first"):
        write_list(tmp_path / "nowhere" / "out.csv", ["a"], [])
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ListProblem, match="is no ordinary file: choose the name of a new file"):
        write_list(tmp_path / "folder.csv", ["a"], [])


def test_what_excel_would_silently_drop_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ListProblem, match=r"row 2 has a text too long for Excel: write \.csv or \.parquet"):
        write_list(tmp_path / "out.xlsx", ["a"], [["x" * 32_768]])
    with pytest.raises(ListProblem, match="more rows or columns than Excel can hold"):
        write_list(tmp_path / "out.xlsx", [f"c{i}" for i in range(16_385)], [])


def test_a_full_disk_is_reported_as_such(tmp_path: Path) -> None:
    def rows() -> Iterator[Sequence[Cell]]:
        yield ["1"]
        raise OSError(28, "No space left on device")

    with pytest.raises(ListProblem, match="there is no room left to write"):
        write_list(tmp_path / "out.csv", ["a"], rows())


def test_parquet_of_many_slices_keeps_order_and_every_row(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    write_list(path, ["n"], ([n] for n in range(45_000)))
    assert pl.read_parquet(path)["n"].to_list() == [str(n) for n in range(45_000)]


def test_a_hundred_thousand_links_are_all_written_to_excel(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write_list(path, ["LinkedIn"], ([f"https://www.linkedin.com/in/p{n}"] for n in range(100_000)))
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert (len(rows), rows[-1]) == (100_001, ["https://www.linkedin.com/in/p99999"])


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.tuples(texts, texts), min_size=1, max_size=5))
def test_any_text_survives_csv_but_for_the_guard(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "out.csv"
    write_list(path, ["LinkedIn", "note", "end"], [[one, two, "."] for one, two in rows])
    read = [list(row.original.values()) for row in read_list(path)]
    assert read == [[guarded(one), guarded(two), "."] for one, two in rows]


@given(text=texts)
def test_no_cell_of_a_csv_starts_a_formula(text: str) -> None:
    cell = guarded(text)
    assert not cell.startswith(("=", "@", "\t", "\r"))
    assert not cell.startswith(("+", "-")) or not set(cell) - set("+-0123456789 (),.")
    assert cell.removeprefix("'") == text.removeprefix("'")


def test_python_and_we_agree_on_what_a_csv_says(tmp_path: Path) -> None:
    write_list(tmp_path / "out.csv", COLUMNS, ROWS)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file, strict=True))[1:] == [[cell or "" for cell in row] for row in ROWS]
