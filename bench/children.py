"""Child processes: started, bound to a core, stopped by closing their standard input."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine import bind

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Child:
    """A running process and what its first line said."""

    pid: int
    facts: Mapping[str, Any]


@contextmanager
def product(command: Sequence[str], environment: Mapping[str, str], cores: set[int]) -> Iterator[Child]:
    """A command of the product itself, as an operator starts it."""
    arguments = ["-m", "openenrich", *command, "--json", "--until-stdin-closes"]
    with _child(arguments, environment, cores) as child:
        yield child


@contextmanager
def reference(
    script: str, arguments: Sequence[str], environment: Mapping[str, str], cores: set[int]
) -> Iterator[Child]:
    """One of the bare programs in this folder."""
    with _child([str(HERE / script), *arguments], environment, cores) as child:
        yield child


@contextmanager
def _child(arguments: Sequence[str], environment: Mapping[str, str], cores: set[int]) -> Iterator[Child]:
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=dict(environment),
        text=True,
    )
    bind(process.pid, cores)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise SystemExit(f"{' '.join(arguments[:3])} did not start")
        yield Child(process.pid, json.loads(line))
    finally:
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
