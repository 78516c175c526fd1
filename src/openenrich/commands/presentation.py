"""What is printed at the end: the table, the summary, and its JSON form.

All values are there at every width from 80 up: where one line does not hold a person, they stand one below the other.
"""

from collections.abc import Sequence
from typing import Final

import msgspec
from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from openenrich.commands.lines import Line, LineStatus
from openenrich.commands.live import TITLES
from openenrich.commands.summary import Summary
from openenrich.core.money import CREDIT, DOLLAR, credits_as_number, dollars_text
from openenrich.core.outcome import Email, EmailStatus

_ANY_WIDTH: Final = 1000
_ROOMY: Final = 110
_STYLES: Final = {
    EmailStatus.DELIVERABLE: "green",
    EmailStatus.HIGH_PROBABILITY: "yellow",
    EmailStatus.CATCH_ALL: "yellow",
}
_WIDE_COLUMNS: Final = (
    ("Person", 22),
    ("Work e-mail", None),
    ("Status", None),
    ("Mobile", None),
    ("Region", None),
    ("Title", 20),
    ("Company", 20),
    ("Vendor", None),
)
_NOTHING: Final = Text("-", style="dim")


def console_for(*, stderr: bool = False) -> Console:
    """A console that does not squeeze a table into 80 columns when nobody looks at it on a screen."""
    console = Console(stderr=stderr, highlight=False)
    if not console.is_terminal and console.width < _ANY_WIDTH:
        console.width = _ANY_WIDTH
    return console


def table(lines: Sequence[Line], console: Console) -> Table:
    """One row a person; rows that could not be used are dimmed and say why."""
    wide = _wide(lines)
    needed = Measurement.get(console, console.options.update(width=_ANY_WIDTH), wide).maximum
    return wide if needed <= console.width else _narrow(lines, 17 if console.width < _ROOMY else 28)


def _wide(lines: Sequence[Line]) -> Table:
    shape = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for name, widest in _WIDE_COLUMNS:
        # Addresses and numbers are never cut; names and titles may be.
        shape.add_column(name, max_width=widest, no_wrap=True)
    for name in ("Credits", "Vendor $"):
        shape.add_column(name, justify="right", no_wrap=True)
    for line in lines:
        shape.add_row(*_cells(line), style=_style(line))
    return shape


def _narrow(lines: Sequence[Line], names: int) -> Table:
    shape = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    shape.add_column("Person\nTitle\nCompany", max_width=names, no_wrap=True)
    shape.add_column("Work e-mail\nStatus\nVendor", overflow="fold")
    shape.add_column("Mobile\nRegion", no_wrap=True)
    shape.add_column("Credits\nVendor $", justify="right", no_wrap=True)
    for line in lines:
        name, email, status, mobile, region, title, company, vendor, charged, spent = _cells(line)
        groups = ((name, title, company), (email, status, vendor), (mobile, region), (charged, spent))
        shape.add_row(*(_stacked(group) for group in groups), style=_style(line))
    return shape


def _cells(line: Line) -> tuple[Text, ...]:
    """In the order of the wide table."""
    info, profile, story = line.record.contact_info, line.record.profile, line.story
    position = profile.position if profile else None
    company = position.company.name if position and position.company else None
    phone = info.most_probable_phone
    email, status = _email(info.most_probable_work_email)
    said = line.reason or ("credits ran out" if line.status is LineStatus.NO_CREDITS else "")
    return (
        Text(line.name, style="" if said else "bold"),
        Text(f"row {line.row.line}: {said}", style="italic") if said else email,
        Text("bad row") if line.defect else status,
        _text(phone.number if phone else None),
        _text(phone.region if phone else None),
        _text(position.title if position else None),
        _text(company),
        _text(line.vendor),
        Text(f"{credits_as_number(round(story.credits * CREDIT)) if story else 0:g}"),
        Text(f"{(story.vendor_cost_micro_usd if story else 0) / DOLLAR:.4f}"),
    )


def _email(email: Email | None) -> tuple[Text, Text]:
    if email is None:
        return _NOTHING, _NOTHING
    return Text(email.email), Text(email.status.value, style=_STYLES.get(email.status, "red"))


def _text(value: str | None) -> Text:
    return Text(value) if value else _NOTHING


def _stacked(texts: Sequence[Text]) -> Text:
    """One below the other; what is missing below the first takes no line."""
    return Text("\n").join([texts[0], *(text for text in texts[1:] if text is not _NOTHING)])


def _style(line: Line) -> str:
    return "dim" if line.status in {LineStatus.BAD_ROW, LineStatus.NO_CREDITS} else ""


def summary_line(summary: Summary) -> str:
    """Found per field, credits, vendor dollars, calls per contact, seconds."""
    found = ", ".join(
        f"{TITLES[item.field]} {item.found} of {item.wanted}{_percent(item.found, item.wanted)}"
        for item in summary.fields
    )
    parts = (
        f"Found {found}",
        f"{credits_as_number(summary.credits):g} credits",
        f"{dollars_text(summary.vendor_cost_micro_usd)} to vendors",
        f"{summary.calls_per_contact:.1f} calls per contact",
        f"{summary.seconds:.1f} seconds",
    )
    return " | ".join(parts)


def remarks(summary: Summary) -> list[str]:
    """What a reader of the summary should know besides."""
    said: list[str] = []
    if summary.bad_rows:
        rows = "row" if summary.bad_rows == 1 else "rows"
        said.append(f"{summary.bad_rows} {rows} could not be used; the column problem of the result says why.")
    if summary.from_history:
        said.append(f"{summary.from_history} of {summary.asked} people were answered from history, at no cost.")
    return said


def as_json(summary: Summary) -> str:
    """The summary for scripts: credits as credits, vendor money in dollars."""
    facts = msgspec.structs.asdict(summary) | {
        "credits": credits_as_number(summary.credits),
        "vendor_cost_usd": summary.vendor_cost_micro_usd / DOLLAR,
        "calls_per_contact": round(summary.calls_per_contact, 2),
        "seconds": round(summary.seconds, 2),
    }
    return msgspec.json.encode(facts).decode()


def _percent(part: int, whole: int) -> str:
    return f" ({100 * part / whole:.0f}%)" if whole else ""
