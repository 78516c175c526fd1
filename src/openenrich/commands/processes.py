"""Child processes that never outlive the command that started them.

However the command ends, they are gone: at the normal end, after an error, after Ctrl-C or SIGTERM they are asked to
stop, waited for, and killed if need be. They also hold the reading end of a pipe to the command and stop when
it closes, which happens even when the command is killed outright.
"""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from openenrich.commands.problem import EnrichProblemError

T = TypeVar("T")

_READY_WITHIN_S: Final = 120.0
_STOPS_WITHIN_S: Final = 12.0
_TAIL: Final = 65_536
_SENTENCE: Final = "openenrich: "


@dataclass(frozen=True, slots=True)
class Child:
    """A running child; ``ready`` is the JSON object with which it said that it can be used."""

    name: str
    ready: Mapping[str, Any]
    log: Path
    process: Process


@asynccontextmanager
async def child(
    name: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    logs: Path,
    stops_within_s: float = _STOPS_WITHIN_S,
) -> AsyncIterator[Child]:
    """Python with these arguments, once it has said that it is ready; gone after the ``async with``."""
    log = _log_file(logs, name)
    start = log.stat().st_size
    with log.open("ab") as file:
        # A session of its own: Ctrl-C reaches us alone, and we stop the children in the right order.
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=file,
            env={**os.environ, **environment},
            start_new_session=True,
        )
    draining: asyncio.Task[None] | None = None
    try:
        ready = await _first_words(process)
        if ready is None:
            raise EnrichProblemError(_last_words(name, log, start))
        draining = asyncio.create_task(_drain(process))
        yield Child(name, ready, log, process)
    finally:
        await _stop(process, stops_within_s)
        if draining is not None:
            draining.cancel()


async def while_alive(work: Coroutine[Any, Any, T], *children: Child) -> T:
    """The work's result; when a child ends meanwhile, the work is given up and the sentence says whose log to read."""
    task = asyncio.create_task(work)
    ends = {asyncio.create_task(child.process.wait()): child for child in children}
    try:
        await asyncio.wait({task, *ends}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            gone = next(child for end, child in ends.items() if end.done())
            raise EnrichProblemError(
                f"the {gone.name} stopped in the middle (see {gone.log}): run the same command again, "
                "it goes on where it stopped"
            )
        return task.result()
    finally:
        for other in (task, *ends):
            other.cancel()
        await asyncio.wait({task, *ends})


async def until_stopped(work: Coroutine[Any, Any, int], stopped: str) -> int:
    """The work's exit status; after Ctrl-C, SIGTERM or SIGHUP the usual one of 128 + signal, and a sentence."""
    signals: list[signal.Signals] = []
    with _cancelling(signals):
        try:
            return await work
        except asyncio.CancelledError:
            if not signals:
                raise
            sys.stderr.write(f"\n{stopped}\n")
            return 128 + signals[0]


@contextmanager
def _cancelling(signals: list[signal.Signals]) -> Iterator[None]:
    """Signals cancel the present task, so that every ``finally`` runs; a second one shortens the farewell."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def cancel(number: signal.Signals) -> None:
        signals.append(number)
        if task is not None:
            task.cancel()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, cancel, number)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def _log_file(logs: Path, name: str) -> Path:
    try:
        logs.mkdir(parents=True, exist_ok=True)
        log = logs / f"{name}.log"
        log.touch()
    except OSError as error:
        raise EnrichProblemError(
            f"the folder {logs} cannot be written ({error.strerror}): set OPENENRICH_HOME to one that can"
        ) from error
    return log


async def _first_words(process: Process) -> Mapping[str, Any] | None:
    """The line of JSON with which a child says that it is ready; ``None`` when it ended or said anything else."""
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    try:
        line = await asyncio.wait_for(process.stdout.readline(), _READY_WITHIN_S)
        return msgspec.json.decode(line, type=dict[str, Any])
    except (TimeoutError, ValueError):  # msgspec's errors are ValueErrors too
        return None


def _last_words(name: str, log: Path, start: int) -> str:
    """The sentence with which the child gave up, or where to look for one."""
    with log.open("rb") as file:
        file.seek(max(start, log.stat().st_size - _TAIL))
        said = file.read().decode(errors="replace").splitlines()
    sentence = next((line for line in reversed(said) if line.startswith(_SENTENCE)), None)
    if sentence is not None:
        return sentence.removeprefix(_SENTENCE)
    return f"the {name} did not start: its log {log} says why"


async def _drain(process: Process) -> None:
    """A full pipe would stop the child."""
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    while await process.stdout.read(65_536):
        pass


async def _stop(process: Process, within_s: float) -> None:
    """Ask, wait, kill. Impatience (another Ctrl-C) kills at once."""
    try:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), within_s)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await asyncio.wait_for(process.wait(), within_s)
