"""Real processes for the end-to-end tests: the sandbox, servers, workers and one-shot commands of the product.

Promises that whatever was started is gone after its ``async with``, however the test ended: asked, waited for, killed;
and that it stops by itself when the test run is killed, because it watches its standard input. `until` is the only
place where anything waits for time.
"""

import asyncio
import contextlib
import inspect
import json
import os
import socket
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg

Environment = Mapping[str, str]

UNAIDED = {"OPENENRICH_VENDORS_PATTERN_ENABLED": "0", "OPENENRICH_VERIFY_SMTP": "off"}
"""Variables for tests that count on vendors alone: nothing is guessed, and no mail host is asked."""

_READY_WITHIN_S = 60.0
_STOPS_WITHIN_S = 15.0
_POLL_S = 0.05
_SPARE_OUTPUT = 4000


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended."""

    status: int
    stdout: str
    stderr: str

    def json(self) -> Any:
        return json.loads(self.stdout)

    @property
    def last_line(self) -> str:
        return self.stdout.splitlines()[-1]


@dataclass(slots=True)
class Child:
    """A running process of the product; ``ready`` is the JSON object of its first line."""

    name: str
    process: Process
    log: Path
    ready: dict[str, Any] = field(default_factory=dict)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def running(self) -> bool:
        return self.process.returncode is None

    def said(self) -> str:
        """Everything it has written to standard error."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def terminate(self) -> None:
        """SIGTERM, without waiting."""
        self.process.terminate()

    async def kill(self) -> None:
        """SIGKILL: no goodbye, no clean-up. Returns when the process is gone."""
        self.process.kill()
        await self.process.wait()

    async def stop(self, within_s: float = _STOPS_WITHIN_S) -> int:
        """SIGTERM, and the exit status it leads to. Raises `TimeoutError` when it does not end."""
        self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), within_s)


@dataclass(slots=True)
class Api(Child):
    """A running server."""

    @property
    def url(self) -> str:
        return str(self.ready["url"])


@dataclass(slots=True)
class World(Child):
    """A running sandbox; ``settings`` are the variables that point the product at it."""

    @property
    def settings(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.ready.items()}

    def only(self, *vendors: str) -> dict[str, str]:
        """The settings with a few vendors only: what is not set has no key and is not asked."""
        kept = tuple(f"OPENENRICH_VENDORS_{vendor.upper()}_" for vendor in vendors)
        others = {name: value for name, value in self.settings.items() if not name.startswith("OPENENRICH_VENDORS_")}
        return others | {name: value for name, value in self.settings.items() if name.startswith(kept)}

    @property
    def url(self) -> str:
        base = next(value for name, value in self.settings.items() if name.endswith("_BASE_URL"))
        return base.rpartition("/")[0]


@asynccontextmanager
async def sandbox(
    *, speed: float = 200.0, faults: bool = False, people: int = 2000, seed: int = 7
) -> AsyncIterator[World]:
    """The simulated world. ``speed`` 0 takes all waiting away."""
    arguments = ("--port", "0", "--speed", f"{speed:g}", "--people", str(people), "--seed", str(seed))
    child = World("sandbox", *await _start(("sandbox", *arguments, "--faults" if faults else "--no-faults"), {}))
    async with _gone_at_the_end(child):
        yield child


@asynccontextmanager
async def server(environment: Environment, *, workers_inside: int = 1, port: int = 0) -> AsyncIterator[Api]:
    """An API server, with as many workers inside as asked for."""
    arguments = ("serve", "--port", str(port), "--workers-inside", str(workers_inside))
    child = Api("server", *await _start(arguments, environment))
    async with _gone_at_the_end(child):
        yield child


@asynccontextmanager
async def worker(environment: Environment) -> AsyncIterator[Child]:
    """A worker alone."""
    child = Child("worker", *await _start(("work",), environment))
    async with _gone_at_the_end(child):
        yield child


async def run(environment: Environment, *arguments: str, stdin: bytes = b"", within_s: float = 60.0) -> Ran:
    """Run a command of the product to its end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "openenrich", *arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=_clean(environment)
    )
    try:
        stdout, stderr = await asyncio.wait_for(process.communicate(stdin), within_s)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Ran(process.returncode or 0, stdout.decode(), stderr.decode())


async def create_key(
    environment: Environment,
    workspace: str | None = None,
    credits: int = 1000,  # noqa: A002 - the product's own word
    *,
    rate_limit: int = 10_000,
    in_progress: int | None = None,
    name: str = "tests",
) -> str:
    """A key of a workspace, which is made when it does not exist; by default a workspace of its own."""
    arguments = ["keys", "create", "--name", name, "--workspace", workspace or f"w-{uuid4().hex[:12]}"]
    arguments += ["--credits", str(credits), "--rate-limit", str(rate_limit)]
    arguments += [] if in_progress is None else ["--in-progress", str(in_progress)]
    ran = await run(environment, *arguments)
    assert ran.status == 0, ran.stderr
    return ran.last_line


async def until(condition: Callable[[], object], within_s: float = 30.0, what: str = "") -> Any:
    """Ask again and again until the answer is true, and return it; fail after a while. Conditions may be async."""
    deadline = time.monotonic() + within_s
    while True:
        answer = condition()
        if inspect.isawaitable(answer):
            answer = await answer
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s:g} s: {what or inspect.getsource(condition).strip()}")
        await asyncio.sleep(_POLL_S)


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def database(server_url: str) -> AsyncIterator[str]:
    """A fresh, migrated database on the test server."""
    name = f"e{uuid4().hex[:16]}"
    await _execute(server_url, f"CREATE DATABASE {name} TEMPLATE migrated")
    before, question, after = server_url.partition("?")
    try:
        yield f"{before.rsplit('/', 1)[0]}/{name}{question}{after}"
    finally:
        await _execute(server_url, f"DROP DATABASE {name} WITH (FORCE)")


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _clean(environment: Environment) -> dict[str, str]:
    """The settings as given, over this machine's variables without any setting of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OPENENRICH_")}
    return {**inherited, **environment}


async def _start(arguments: Sequence[str], environment: Environment) -> tuple[Process, Path, dict[str, Any]]:
    """The process, its log, and what it said when it was ready."""
    with tempfile.NamedTemporaryFile(prefix=f"oe-{arguments[0]}-", suffix=".log", delete=False) as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "openenrich",
            *arguments,
            "--json",
            "--until-stdin-closes",
            stdin=PIPE,
            stdout=PIPE,
            stderr=log,
            env=_clean(environment),
        )
    path = Path(log.name)
    ready: dict[str, Any] | None = None
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), _READY_WITHIN_S)
        with contextlib.suppress(ValueError):
            ready = json.loads(line)
        assert ready is not None, f"{arguments[0]} did not start: {_tail(path)}"
    finally:
        if ready is None:
            await _end(process)
            path.unlink()  # noqa: ASYNC240 - a small local file
    return process, path, ready


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-_SPARE_OUTPUT:]


@asynccontextmanager
async def _gone_at_the_end(child: Child) -> AsyncIterator[None]:
    try:
        yield
    except BaseException:
        sys.stderr.write(f"--- what the {child.name} said ---\n{_tail(child.log)}\n")
        raise
    finally:
        await _end(child.process)
        child.log.unlink()


async def _end(process: Process) -> None:
    """Ask, wait, kill. The pipes are closed at the end, so that nothing is left for the collector."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _STOPS_WITHIN_S)
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.stdin is not None:
        process.stdin.close()
        with contextlib.suppress(ConnectionError):
            await process.stdin.wait_closed()
