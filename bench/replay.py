"""The bare loop: recorded HTTP calls, again and again, with the product's client; answers are read and dropped."""

import asyncio
import json
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import aiohttp

from openenrich.cli import _run as run_as_the_product  # whichever event loop that takes
from openenrich.egress.client import open_session

AT_ONCE = 100
WARM_UP_S = 1.0


async def main(recorded: list[dict[str, Any]], seconds: float) -> None:
    calls = cycle(recorded)
    async with open_session() as session:
        await _run(session, calls, WARM_UP_S)
        start, busy = perf_counter(), process_time()
        number = await _run(session, calls, seconds)
        facts = {"calls": number, "seconds": perf_counter() - start, "busy_s": process_time() - busy}
    sys.stdout.write(json.dumps(facts) + "\n")


async def _run(session: aiohttp.ClientSession, calls: Iterator[dict[str, Any]], seconds: float) -> int:
    end = perf_counter() + seconds
    return sum(await asyncio.gather(*(_lane(session, calls, end) for _ in range(AT_ONCE))))


async def _lane(session: aiohttp.ClientSession, calls: Iterator[dict[str, Any]], end: float) -> int:
    number = 0
    while perf_counter() < end:
        call = next(calls)
        body = call.get("text", call.get("form"))
        async with session.request(
            call["method"], call["url"], params=call["params"], data=body, headers=call["headers"]
        ) as answer:
            await answer.read()
        number += 1
    return number


if __name__ == "__main__":
    run_as_the_product(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), float(sys.argv[2])))
