"""Child processes are gone, however the command that started them ends."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from openenrich.commands.problem import EnrichProblemError
from openenrich.commands.processes import child, until_stopped, while_alive

OBEDIENT = """
import os, sys
print('{"pid": %d}' % os.getpid(), flush=True)
sys.stdin.read()
"""
STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('{"pid": %d}' % os.getpid(), flush=True)
while True:
    time.sleep(60)
"""
TALKATIVE = """
import os, sys
print('{"pid": %d}' % os.getpid(), flush=True)
print("x" * 1_000_000, flush=True)
print("end", file=sys.stderr, flush=True)
sys.stdin.read()
"""
COMMAND = """
import asyncio, sys
from pathlib import Path
from openenrich.commands.processes import child, until_stopped

async def work() -> int:
    async with child("toy", ["-c", sys.argv[1]], {}, Path(sys.argv[2])) as toy:
        print(toy.ready["pid"], flush=True)
        await asyncio.Event().wait()
    return 0

sys.exit(asyncio.run(until_stopped(work(), "Stopped.")))
"""


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def wait_until(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.01)


async def test_a_child_is_ready_when_it_says_so_and_gone_at_the_end(tmp_path: Path) -> None:
    async with child("toy", ["-c", OBEDIENT], {}, tmp_path) as toy:
        pid = toy.ready["pid"]
        assert not is_gone(pid)

    assert is_gone(pid)


async def test_a_child_is_gone_after_an_error(tmp_path: Path) -> None:
    pids: list[int] = []

    async def work() -> None:
        async with child("toy", ["-c", OBEDIENT], {}, tmp_path) as toy:
            pids.append(toy.ready["pid"])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work()

    assert is_gone(pids[0])


async def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    async with child("toy", ["-c", STUBBORN], {}, tmp_path, stops_within_s=0.2) as toy:
        pid = toy.ready["pid"]

    assert is_gone(pid)


async def test_a_child_is_gone_after_impatient_cancelling(tmp_path: Path) -> None:
    pids: list[int] = []
    started = asyncio.Event()

    async def work() -> None:
        async with child("toy", ["-c", STUBBORN], {}, tmp_path) as toy:
            pids.append(toy.ready["pid"])
            started.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await started.wait()
    task.cancel()
    await asyncio.sleep(0)  # the first one: it is asked to stop, and does not
    task.cancel()
    await asyncio.wait({task})

    assert task.cancelled()
    assert is_gone(pids[0])


async def test_a_child_that_talks_a_lot_is_not_held_up(tmp_path: Path) -> None:
    async with child("toy", ["-c", TALKATIVE], {}, tmp_path) as toy:
        await asyncio.to_thread(wait_until, lambda: "end" in toy.log.read_text())


async def test_a_child_that_gives_up_hands_its_sentence_on(tmp_path: Path) -> None:
    program = "import sys; sys.exit('openenrich: Setting server.port is wrong: write a number.')"
    with pytest.raises(EnrichProblemError, match=r"^Setting server.port is wrong: write a number.$"):
        async with child("toy", ["-c", program], {}, tmp_path):
            pass


async def test_a_child_that_breaks_says_where_its_log_is(tmp_path: Path) -> None:
    with pytest.raises(EnrichProblemError, match=f"the toy did not start: its log {tmp_path}/toy.log says why"):
        async with child("toy", ["-c", "raise SystemError"], {}, tmp_path):
            pass

    assert "SystemError" in (tmp_path / "toy.log").read_text()


async def test_a_child_gets_its_settings_on_top_of_ours(tmp_path: Path) -> None:
    program = "import json, os, sys; print(json.dumps({'said': os.environ['TOY']}), flush=True); sys.stdin.read()"

    async with child("toy", ["-c", program], {"TOY": "yes"}, tmp_path) as toy:
        assert toy.ready == {"said": "yes"}


async def test_work_ends_when_a_child_it_needs_is_gone(tmp_path: Path) -> None:
    async with child("toy", ["-c", OBEDIENT], {}, tmp_path) as toy:
        os.kill(toy.ready["pid"], signal.SIGKILL)
        with pytest.raises(EnrichProblemError, match="the toy stopped in the middle"):
            await while_alive(asyncio.Event().wait(), toy)


async def test_work_that_is_done_gives_its_result(tmp_path: Path) -> None:
    async def work() -> str:
        return "done"

    async with child("toy", ["-c", OBEDIENT], {}, tmp_path) as toy:
        assert await while_alive(work(), toy) == "done"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_command_and_child_with_the_usual_status(number: signal.Signals, tmp_path: Path) -> None:
    with _command(OBEDIENT, tmp_path) as command:
        pid = _pid(command)
        command.send_signal(number)
        _, said = command.communicate(timeout=20)

    assert command.returncode == 128 + number
    assert said.strip() == "Stopped."
    assert is_gone(pid)


def test_a_command_that_is_killed_outright_leaves_no_child(tmp_path: Path) -> None:
    with _command(OBEDIENT, tmp_path) as command:
        pid = _pid(command)
        command.kill()
        command.communicate(timeout=20)

    wait_until(lambda: is_gone(pid))


async def test_other_errors_pass_through(tmp_path: Path) -> None:
    async def work() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await until_stopped(work(), "Stopped.")


def _command(toy: str, logs: Path) -> "subprocess.Popen[str]":
    arguments = [sys.executable, "-c", COMMAND, toy, str(logs)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _pid(command: "subprocess.Popen[str]") -> int:
    assert command.stdout is not None
    return int(command.stdout.readline())
