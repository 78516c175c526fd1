"""What is printed: one summary line, and a table that holds every value at any width."""

import io

import msgspec
import pytest
from rich.console import Console

from openenrich.commands.answers import ContactInfo, FieldCount, PhoneNumber, Record, Story
from openenrich.commands.lines import Line, LineStatus
from openenrich.commands.live import live
from openenrich.commands.presentation import as_json, console_for, remarks, summary_line, table
from openenrich.commands.sending import Tally
from openenrich.commands.summary import Count, FieldFound, Summary
from openenrich.core.contact import Field
from openenrich.core.identity import Defect
from openenrich.core.outcome import Email, EmailStatus
from openenrich.lists.reader import Row

SUMMARY = Summary(
    people=40,
    bad_rows=2,
    without_credits=0,
    from_history=3,
    fields=(FieldFound(Field.WORK_EMAIL, 38, 29), FieldFound(Field.PHONE, 38, 16)),
    credits=237_500,
    vendor_cost_micro_usd=8_890_000,
    calls=338,
    seconds=8.64,
    out="contacts.enriched.csv",
)


def row(line: int, first: str, last: str) -> Row:
    return Row(line, first, last, None, "example.com", None, None, extra={}, original={})


FOUND = Line(
    row(2, "Ada", "Example"),
    LineStatus.FOUND,
    Record(
        ContactInfo(
            most_probable_work_email=Email("ada.example@a-rather-long-company-name.example.com", EmailStatus.CATCH_ALL),
            most_probable_phone=PhoneNumber("+44 7700 900123", "GB"),
        )
    ),
    Story(0, "done", credits=11, vendor_cost_micro_usd=134_500, won={"work_email": "alpha"}),
)
BAD = Line(row(3, "Desmond", ""), LineStatus.BAD_ROW, defect=Defect.NO_LAST_NAME)


def printed(width: int, *, terminal: bool = False) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=terminal)
    console.print(table([FOUND, BAD], console))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_summary_is_one_line_with_found_credits_dollars_calls_and_seconds() -> None:
    assert summary_line(SUMMARY) == (
        "Found work e-mail 29 of 38 (76%), mobile 16 of 38 (42%) | 237.5 credits | $8.8900 to vendors"
        " | 8.9 calls per contact | 8.6 seconds"
    )


def test_a_list_of_bad_rows_alone_has_a_summary_too() -> None:
    count = Count([Field.WORK_EMAIL])
    count.add(BAD)

    assert "0 of 0 | 0 credits | $0.0000 to vendors | 0.0 calls per contact" in summary_line(count.summary(1.0, "out"))


def test_bad_rows_and_history_are_remarked_on() -> None:
    said = " ".join(remarks(SUMMARY))

    assert "2 rows could not be used" in said
    assert "3 of 38 people were answered from history, at no cost" in said


def test_the_json_form_counts_credits_and_dollars() -> None:
    facts = msgspec.json.decode(as_json(SUMMARY))

    assert facts["credits"] == 237.5
    assert facts["vendor_cost_usd"] == 8.89
    assert facts["fields"][0] == {"field": "work_email", "wanted": 38, "found": 29}
    assert facts["out"] == "contacts.enriched.csv"


@pytest.mark.parametrize("width", [80, 100, 120, 160, 200, 1000])
def test_the_table_fits_the_width_and_loses_no_value(width: int) -> None:
    text = printed(width)
    joined = "".join(text.split())

    assert max(len(line) for line in text.splitlines()) <= width
    for value in ("Ada Example", "CATCH_ALL", "+44 7700 900123", "GB", "alpha", "11", "0.1345"):
        assert value in text
    for piece in ("ada.example@", "example.com"):
        assert piece in joined


@pytest.mark.parametrize("width", [80, 1000])
def test_a_bad_row_is_in_the_table_with_its_reason(width: int) -> None:
    assert "row 3: no last name" in " ".join(printed(width).split())


def test_a_bad_row_is_dimmed_on_a_terminal() -> None:
    line = next(line for line in printed(200, terminal=True).splitlines() if "Desmond" in line)

    assert "\x1b[2mDesmond" in line


def test_output_that_nobody_looks_at_is_not_squeezed() -> None:
    assert console_for().width >= 1000


def test_history_counts_people_who_cost_nothing_at_all() -> None:
    count = Count([Field.WORK_EMAIL])
    count.add(Line(row(2, "Ada", "Example"), LineStatus.FOUND, story=Story(0, "done", from_history=(Field.PROFILE,))))
    count.add(
        Line(row(3, "Bo", "Example"), LineStatus.FOUND, story=Story(1, "done", 10, from_history=(Field.WORK_EMAIL,)))
    )

    assert count.summary(1.0, "out").from_history == 1


def test_a_terminal_gets_a_bar_for_each_field() -> None:
    console = Console(file=io.StringIO(), width=100, force_terminal=True)
    tally = Tally(wanted=10)
    tally.note(0, [FieldCount(Field.WORK_EMAIL, 10, 10, 7), FieldCount(Field.PHONE, 10, 10, 4)])

    with live(console, [Field.WORK_EMAIL, Field.PHONE], 10) as show:
        show(tally)

    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    for words in ("work e-mail", "7 found", "mobile", "4 found", "10 of 10"):
        assert words in text


def test_elsewhere_progress_is_a_line_at_every_tenth_of_the_way() -> None:
    console = Console(file=io.StringIO(), width=100)
    tally = Tally(wanted=100)

    with live(console, [Field.PHONE], 100) as show:
        for done in range(101):
            tally.note(0, [FieldCount(Field.PHONE, 100, done, done // 2)])
            show(tally)

    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    assert len(lines) == 11
    assert lines[-1] == "100 of 100 people: mobile 50 found"


def test_a_tally_adds_up_the_parts_of_a_list() -> None:
    tally = Tally(wanted=150)
    tally.note(0, [FieldCount(Field.PHONE, 100, 40, 10)])
    tally.note(1, [FieldCount(Field.PHONE, 50, 5, 1)])
    tally.note(0, [FieldCount(Field.PHONE, 100, 100, 30)])

    assert tally.of(Field.PHONE) == (105, 31)
