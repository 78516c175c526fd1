"""`openenrich enrich FILE` and what `make run` shows: a list in, the same list with everything that was found out.

A run that was stopped goes on where it was; a list that was done is answered from history. The commands end with
status 0 when the whole list was done, 2 when somebody has to do something first, 128 + signal when stopped.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from rich.console import Console

from openenrich.commands.api_client import ApiClient, Pause
from openenrich.commands.backstage import backstage, passing_key, require_vendors
from openenrich.commands.lines import Line, cells, header, lines
from openenrich.commands.live import live
from openenrich.commands.order import ALL_FIELDS, Job, Order, check, open_run, read_fields
from openenrich.commands.presentation import as_json, console_for, remarks, summary_line, table
from openenrich.commands.problem import EnrichProblemError
from openenrich.commands.processes import until_stopped, while_alive
from openenrich.commands.runfile import RunFile
from openenrich.commands.sending import Sending, Tally
from openenrich.commands.summary import Count, Summary
from openenrich.lists.writer import Cell, write_list
from openenrich.settings import Settings

__all__ = ["ALL_FIELDS", "EnrichProblemError", "Job", "demo", "read_fields", "run"]

_SHOWN: Final = 100
_SPEED: Final = 20.0
_STOPPED: Final = "Stopped. The same command goes on where it stopped; nothing is paid for twice."


async def run(settings: Settings, job: Job) -> int:
    """Enrich a list; the exit status."""
    return await until_stopped(_run(settings, job, _SPEED), _STOPPED)


async def demo(settings: Settings, source: Path, speed: float) -> int:
    """The example list through a server and a simulated world, and what to do next; the exit status."""
    job = Job(source, read_fields(ALL_FIELDS), None, "demo", use_sandbox=True, as_json=False)

    async def all_of_it() -> int:
        status = await _run(settings, job, speed)
        if status == 0:
            console_for().print(what_next(settings), soft_wrap=True)
        return status

    return await until_stopped(all_of_it(), _STOPPED)


async def _run(settings: Settings, job: Job, speed: float) -> int:
    """``speed`` is the simulated world's, if the job wants one."""
    order, begun = check(job), time.monotonic()
    console = console_for(stderr=job.as_json)
    with open_run(settings.home_path, order) as memory:
        await _backstage_send(settings, order, memory, console, speed if job.use_sandbox else None)
        summary, shown = write_result(order, memory, lambda: time.monotonic() - begun)
        if job.as_json:
            sys.stdout.write(as_json(summary) + "\n")
        else:
            _show(console, summary, shown)
        if summary.without_credits:
            sys.stderr.write(f"openenrich: {_short_of_credits(summary, order)}\n")
            return 2
        memory.remove()
    return 0


async def _backstage_send(
    settings: Settings, order: Order, memory: RunFile, console: Console, simulated_at: float | None
) -> None:
    if not order.simulated:
        await require_vendors(settings)
    world = "the simulated vendors and the server" if order.simulated else "the server"
    console.print(f"Starting {world}", style="dim")
    async with (
        backstage(settings, simulated_at=simulated_at) as behind,
        passing_key(settings, order.workspace) as key,
        ApiClient(behind.url, key) as client,
    ):
        _announce(console, order, memory, behind.url)
        await while_alive(send(client, order, memory, console), *behind.children)


def _announce(console: Console, order: Order, memory: RunFile, url: str) -> None:
    bad = order.rows - order.usable
    spoilt = f", {bad} of them cannot be used" if bad else ""
    again = "Going on with" if memory.resumed else "Enriching"
    console.print(f"{again} {order.people.path} ({order.rows} people{spoilt}) through {url}", soft_wrap=True)


async def send(
    client: ApiClient, order: Order, memory: RunFile, console: Console, pause: Pause = asyncio.sleep
) -> None:
    """Take the whole list through the API, with progress."""
    with live(console, order.fields, order.usable) as show:
        sending = Sending(client, memory, order.fields, order.people.path.name, Tally(order.usable), show, pause)
        await sending.all(order.people)


def write_result(order: Order, memory: RunFile, seconds: Callable[[], float]) -> tuple[Summary, list[Line]]:
    """Write the result; what it came to, and the first lines for the table."""
    count = Count(order.fields)
    shown: list[Line] = []

    def rows() -> Iterator[tuple[Cell, ...]]:
        for line in lines(order.people, memory):
            count.add(line)
            if len(shown) < _SHOWN:
                shown.append(line)
            yield cells(line)

    write_list(order.out, header(order.people.names), rows())
    return count.summary(seconds(), str(order.out)), shown


def _show(console: Console, summary: Summary, shown: list[Line]) -> None:
    console.print(table(shown, console))
    if summary.people > len(shown):
        console.print(f"... and {summary.people - len(shown)} more in {summary.out}", style="dim", soft_wrap=True)
    console.print(summary_line(summary), style="bold", soft_wrap=True)
    for remark in remarks(summary):
        console.print(remark, soft_wrap=True)
    console.print(f"Written to {summary.out}", soft_wrap=True)


def _short_of_credits(summary: Summary, order: Order) -> str:
    return (
        f"credits ran out with {summary.without_credits} of {summary.people} people left: run 'openenrich credits add "
        f"1000 --workspace {order.workspace}' and then the same command again; it goes on where it stopped"
    )


def what_next(settings: Settings) -> str:
    """How to open the server and how to go on with one's own keys."""
    command, server = _command(), settings.server
    return f"""
Run it again: the same people are answered from history, at no cost.

Open the server
  {command} keys create --name me         prints an API key
  {command} serve                         answers at http://{server.host}:{server.port}; /openapi.json describes it

Go on with your own vendors
  {command} vendors list                  who is supported, at what price
  {command} vendors set-key hunter        asks for your key and keeps it encrypted
  {command} enrich your-list.csv          CSV, XLSX, Parquet or JSONL"""


def _command() -> str:
    """As one types it here: the program beside the running Python."""
    program = Path(sys.executable).parent / "openenrich"
    near = os.path.relpath(program)
    typed = near if not near.startswith("..") else str(program)
    home = os.environ.get("OPENENRICH_HOME")
    return f"OPENENRICH_HOME={os.path.relpath(home)} {typed}" if home else typed
