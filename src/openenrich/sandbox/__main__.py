"""``python -m openenrich.sandbox``: prints the settings as one JSON line, then serves until SIGTERM or SIGINT."""

import argparse
import asyncio
import json
import signal
import sys

from openenrich.sandbox.server import run_sandbox


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m openenrich.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 is any free one")
    parser.add_argument("--dns-port", type=int, default=0, help="0 is any free one")
    parser.add_argument("--smtp-port", type=int, default=0, help="of all mail hosts; 0 is any free one")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--speed", type=float, default=20.0, help="divides the vendors' times; 0 takes them away")
    parser.add_argument("--no-faults", action="store_true", help="nothing goes wrong by chance")
    return parser.parse_args()


def _print(settings: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(settings) + "\n")
    sys.stdout.flush()


async def _main(arguments: argparse.Namespace) -> None:
    serving = asyncio.create_task(
        run_sandbox(
            host=arguments.host,
            port=arguments.port,
            dns_port=arguments.dns_port,
            smtp_port=arguments.smtp_port,
            seed=arguments.seed,
            people=arguments.people,
            speed=arguments.speed,
            faults=not arguments.no_faults,
            ready=_print,
        )
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
    await asyncio.wait({serving})
    if not serving.cancelled():
        serving.result()  # an error, such as a port in use, ends the process with its text


if __name__ == "__main__":
    asyncio.run(_main(_arguments()))
