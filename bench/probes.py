"""Sessions with one mail server, many at once: the verifier and a bare exchange of the same commands, in turn.

Every lane asks a domain of its own, so that no lane waits for another, and the DNS's answers are there already: what
is measured is the verifier, not its database and not its resolver. The bare exchange sends the commands that the
verifier sends, with asyncio's own streams, reads whole replies and keeps nothing.
"""
# ruff: noqa: ARG002 - signatures of ports that do nothing here

import asyncio
import json
import random
import resource
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from time import perf_counter, process_time
from typing import Any

from openenrich.cli import _run as run_as_the_product  # whichever event loop that takes
from openenrich.clock import SystemClock
from openenrich.core.mailbox import CatchAll, MailboxCheck, MailboxStatus
from openenrich.engine.mail_ports import Due
from openenrich.verify.options import Options
from openenrich.verify.resolver import Answer, Kind, Record, Told
from openenrich.verify.routes import Routes
from openenrich.verify.smtp import Identity
from openenrich.verify.verifier import MailVerifier

AT_ONCE = 500
ROUNDS = 3
WARM_UP_S = 1.0
LONGEST_S = 60.0
HELO, SENDER = "probe.example.com", "check@probe.example.com"

Probe = Callable[[int, int], Awaitable[bool]]
"""Lane and number of a session -> whether it ended as it should."""


class Forgetful:
    """Memory of its own would be the database's cost; every domain is met for the first time."""

    async def recall(self, address: str, now: datetime) -> MailboxCheck | None:
        return None

    async def keep(self, check: MailboxCheck, lifetime: timedelta, now: datetime) -> None:
        return None

    async def due(self, number: int) -> Due | None:
        return None

    async def domain(self, domain: str, group: str, now: datetime) -> CatchAll | None:
        return None

    async def keep_domain(
        self, domain: str, group: str, catch_all: CatchAll, lifetime: timedelta, now: datetime
    ) -> None:
        return None

    async def blocked_until(self, group: str, now: datetime) -> datetime | None:
        return None

    async def trip(self, group: str, first: timedelta, most: timedelta, now: datetime) -> None:
        return None

    async def calm(self, group: str, now: datetime) -> None:
        return None


class Unhurried:
    """The pace is kept in the database, too."""

    async def reserve(
        self, name: str, per_second: float, burst: int, longest_wait_s: float | None = None
    ) -> float | None:
        return 0.0


class Names:
    """A resolver that has heard every answer before."""

    async def ask(self, name: str, kind: Kind) -> Answer:
        if kind == "MX":
            return Answer(Told.RECORDS, (Record(f"mx.{name}", 10),), 300.0)
        return Answer(Told.RECORDS, (Record("127.0.0.1"),), 300.0) if kind == "A" else Answer(Told.EMPTY)

    async def ask_another(self, name: str, kind: Kind, server: str) -> Answer | None:
        return None

    async def is_bogus(self, name: str, kind: Kind) -> bool:
        return False


def verifying(port: int) -> Probe:
    """The product, with its database taken away."""
    options = Options(Identity(HELO, SENDER), b"bench", port=port)
    routes = Routes(Names(), random.Random(1), allow_private=True)
    verifier = MailVerifier(routes, Forgetful(), Unhurried(), SystemClock(), options)

    async def probe(lane: int, number: int) -> bool:
        check = await verifier.check(f"maria.keller{number}@d{lane}.example", seconds=LONGEST_S)
        return check.status is MailboxStatus.CATCH_ALL and check.connections == 1

    return probe


def exchanging(port: int) -> Probe:
    """The bare exchange, with asyncio's own streams."""

    async def probe(lane: int, number: int) -> bool:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        rcpts = [f"RCPT TO:<{name}@d{lane}.example>" for name in (f"maria.keller{number}", "borley.danar")]
        good = (await _reply(reader)).startswith(b"220")
        for command in (f"EHLO {HELO}", f"MAIL FROM:<{SENDER}>", *rcpts, "RSET"):
            writer.write(f"{command}\r\n".encode())
            good &= (await _reply(reader)).startswith(b"250")
        writer.write(b"QUIT\r\n")
        good &= (await _reply(reader)).startswith(b"221")
        writer.close()
        return good

    return probe


async def _reply(reader: asyncio.StreamReader) -> bytes:
    while (line := await reader.readline())[3:4] == b"-":
        continue
    return line


async def _round(probe: Probe, seconds: float) -> dict[str, Any]:
    """So many lanes, each with one session after the other, until the time is over and the last one has ended."""
    latencies: list[float] = []
    wrong = 0
    began, busy = perf_counter(), process_time()
    end = began + seconds

    async def lane(which: int) -> None:
        nonlocal wrong
        number = 0
        while (start := perf_counter()) < end:
            wrong += not await probe(which, number)
            latencies.append(perf_counter() - start)
            number += 1

    await asyncio.gather(*(lane(which) for which in range(AT_ONCE)))
    busy_s = process_time() - busy
    return {"seconds": perf_counter() - began, "busy_s": busy_s, "latencies": latencies, "wrong": wrong}


async def main(port: int, seconds: float) -> None:
    """The server accepts every name, so the verifier asks for the mailbox and for one invented name."""
    sides = {"bare": exchanging(port), "ours": verifying(port)}
    rounds: dict[str, list[dict[str, Any]]] = {name: [] for name in sides}
    for probe in sides.values():
        await _round(probe, WARM_UP_S)
    for _ in range(ROUNDS):
        for name, probe in sides.items():
            rounds[name].append(await _round(probe, seconds / ROUNDS))
    sys.stdout.write(json.dumps(rounds) + "\n")


def run(arguments: Sequence[str]) -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    run_as_the_product(main(int(arguments[0]), float(arguments[1])))


if __name__ == "__main__":
    run(sys.argv[1:])
