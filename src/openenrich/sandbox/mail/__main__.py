"""``python -m openenrich.sandbox.mail``: the test farm for any verifier, until SIGTERM or SIGINT.

Prints one JSON line: resolver, port, sender and HELO name to use, and for each scenario its name, its address, the
right verdict, the acceptable ones, and after how many seconds another verdict is right.
"""

import argparse
import asyncio
import signal
import sys

import msgspec

from openenrich.sandbox.mail.farm import Farm, farm


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """One scenario as others read it."""

    name: str
    address: str
    expected: str
    acceptable: list[str]
    later: str | None = None
    later_s: float = 0.0


class Table(msgspec.Struct, frozen=True):
    """What a verifier and its judge are told."""

    resolver: str
    smtp_port: int
    sender: str
    helo: str
    scenarios: list[Row]


def _table(running: Farm, speed: float) -> Table:
    rows = [
        Row(item.name, item.address, item.expected, sorted(item.acceptable), item.later, item.later_s / speed)
        for item in running.scenarios
    ]
    return Table(running.resolver, running.smtp_port, running.sender, running.helo, rows)


async def _main(speed: float) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with farm(speed=speed) as running:
        sys.stdout.write(msgspec.json.encode(_table(running, speed)).decode() + "\n")
        sys.stdout.flush()
        await stopping.wait()


def _speed(text: str) -> float:
    speed = float(text)
    if speed <= 0:
        raise argparse.ArgumentTypeError("must be greater than zero")
    return speed


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m openenrich.sandbox.mail", description=__doc__)
    parser.add_argument("--speed", type=_speed, default=1.0, help="divides tarpits, slow banners and greylists")
    asyncio.run(_main(parser.parse_args().speed))
