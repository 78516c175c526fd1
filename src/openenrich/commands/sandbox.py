"""`openenrich sandbox`: the simulated world in this process, and the settings that point OpenEnrich at it."""

import asyncio
import json
import sys
from dataclasses import dataclass

from openenrich.commands.serving import cannot_listen, stop_on_signals
from openenrich.sandbox.server import run_sandbox


@dataclass(frozen=True, slots=True)
class World:
    """What the sandbox is made of. ``speed`` divides the vendors' latencies; 0 means none at all."""

    seed: int
    port: int
    people: int
    speed: float
    faults: bool


async def run(world: World, *, as_json: bool, until_stdin_closes: bool) -> None:
    """Serve until told to stop."""
    stopping = stop_on_signals(until_stdin_closes=until_stdin_closes)
    serving = asyncio.create_task(
        run_sandbox(
            host="127.0.0.1",
            port=world.port,
            dns_port=0,
            seed=world.seed,
            people=world.people,
            speed=world.speed,
            faults=world.faults,
            ready=_as_json if as_json else _as_text,
        )
    )
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    serving.cancel()
    await asyncio.wait({serving})
    error = None if serving.cancelled() else serving.exception()
    if isinstance(error, OSError | OverflowError):
        raise cannot_listen(f"port {world.port}", error) from error
    if error is not None:
        raise error


def _as_json(settings: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(settings) + "\n")
    sys.stdout.flush()


def _as_text(settings: dict[str, str]) -> None:
    lines = ["The sandbox is ready. In another terminal:", ""]
    lines += [f"export {name}={value}" for name, value in settings.items()]
    lines += ["openenrich serve", "", "Ctrl-C stops it."]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
