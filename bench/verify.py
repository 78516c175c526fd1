"""The e-mail verifier at 500 connections, against a bare SMTP exchange of the same commands with the same server.

The server is Postfix's `smtp-sink`, from the packages that `make mail-servers` unpacks, or a bare responder without
them. It accepts every name.
"""

import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from children import reference
from load import Result
from machine import bind, measured_core, other_cores
from table import Line, Measured, Round

ROOT = Path(__file__).parents[1] / ".mail-servers" / "root"
AT_ONCE = 1000
"""More than the connections under way: those that are closing count as well."""
_LIBRARIES = ("usr/lib/postfix", *(f"{place}/*-linux-gnu*" for place in ("lib", "usr/lib")))
_READY_WITHIN_S = 5.0


async def verify(environment: Mapping[str, str], seconds: float) -> list[Line]:
    """Both sides in one process and in turn: whatever else the machine does, it does to both."""
    with _mail_server(environment) as (name, port):
        arguments = (str(port), str(seconds))
        with reference("probes.py", arguments, environment, measured_core()) as child:
            bare, ours = (_measured(child.facts[side]) for side in ("bare", "ours"))
    return [
        Line(f"e-mail check, bare SMTP exchange with {name}, 500 at once", bare, unit="sessions/s"),
        Line("e-mail check, the verifier, 500 at once", ours, bare, unit="sessions/s"),
    ]


def _measured(rounds: list[dict[str, Any]]) -> Measured:
    return Measured.of([Round(Result(one["seconds"], one["latencies"], one["wrong"]), one["busy_s"]) for one in rounds])


@contextmanager
def _mail_server(environment: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    loader = next(ROOT.glob("lib/*-linux-gnu*/ld-linux*.so.*"), None)
    if loader is None:
        with reference("responder.py", (), environment, other_cores()) as child:
            yield "a bare responder", child.facts["port"]
        return
    port = _free_port()
    libraries = ":".join(str(folder) for pattern in _LIBRARIES for folder in ROOT.glob(pattern))
    unprivileged = ("-u", "nobody") if os.geteuid() == 0 else ()
    process = subprocess.Popen(
        [
            *(str(loader), "--library-path", libraries, str(ROOT / "usr/sbin/smtp-sink")),
            *(*unprivileged, "-m", str(AT_ONCE), f"127.0.0.1:{port}", "1024"),
        ]
    )
    bind(process.pid, other_cores())
    try:
        _wait_for(port)
        yield "smtp-sink", port
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    deadline = monotonic() + _READY_WITHIN_S
    while monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            sleep(0.02)
        else:
            return
    raise SystemExit("smtp-sink did not start")
