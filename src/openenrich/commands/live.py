"""Progress while it happens: a bar for each field on a terminal, a line at every tenth of the way elsewhere."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from openenrich.commands.sending import Tally
from openenrich.core.contact import Field

TITLES: Final[Mapping[Field, str]] = MappingProxyType(
    {Field.WORK_EMAIL: "work e-mail", Field.PERSONAL_EMAIL: "personal e-mail", Field.PHONE: "mobile"}
)
"""What a field is called on the screen."""

_STEPS: Final = 10

Show = Callable[[Tally], None]


@contextmanager
def live(console: Console, fields: Sequence[Field], wanted: int) -> Iterator[Show]:
    """Yields what is to be told of every change."""
    if not console.is_terminal:
        yield _plain_lines(console, fields, wanted)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None, complete_style="cyan", finished_style="green"),
        TextColumn("{task.fields[found]} found", style="green", justify="right"),
        TextColumn("{task.completed:.0f} of {task.total:.0f}", justify="right"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, expand=True) as bars:
        tasks = {field: bars.add_task(TITLES[field], total=wanted, found=0) for field in fields}

        def show(tally: Tally) -> None:
            for field, task in tasks.items():
                done, found = tally.of(field)
                bars.update(task, completed=done, found=found)

        yield show


def _plain_lines(console: Console, fields: Sequence[Field], wanted: int) -> Show:
    said = -1

    def show(tally: Tally) -> None:
        nonlocal said
        counts = {field: tally.of(field) for field in fields}
        done = min((done for done, _ in counts.values()), default=0)
        step = done * _STEPS // wanted if wanted else _STEPS
        if step > said:
            said = step
            found = ", ".join(f"{TITLES[field]} {found} found" for field, (_, found) in counts.items())
            console.print(f"{done} of {wanted} people: {found}", soft_wrap=True, highlight=False)

    return show
