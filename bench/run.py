"""`make bench`: measures, compares with the bare minimum, and prints a table. About two minutes.

Ratios travel from machine to machine, seconds do not: nothing here passes or fails.
"""

import argparse
import asyncio
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

import api
import verify
import waterfall
from database import database
from machine import bind, described, other_cores
from table import Line, markdown

Measure = Callable[[Mapping[str, str], float], Coroutine[Any, Any, list[Line]]]
MEASURES: dict[str, Measure] = {
    "post": api.post,
    "get": api.get,
    "waterfall": waterfall.waterfall,
    "verify": verify.verify,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=sorted(MEASURES), help="one of the measurements")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement")
    parser.add_argument("--save", type=Path, help="write the table to this file as well")
    options = parser.parse_args()
    facts = described()
    bind(0, other_cores())
    lines: list[Line] = []
    for name in [options.only] if options.only else MEASURES:
        with database() as environment:
            lines += asyncio.run(MEASURES[name](environment, options.seconds))
    text = "\n".join((*(f"{fact}  " for fact in facts), "", markdown(lines), ""))
    print(text)
    if options.save:
        options.save.write_text(f"# Benchmark\n\n{text}", encoding="utf-8")


if __name__ == "__main__":
    main()
