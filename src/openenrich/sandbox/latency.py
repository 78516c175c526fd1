"""How long vendors take, and the sandbox's own time, which runs ``speed`` times as fast as the real one.

Answers take a log-normal time around each vendor's median; jobs of polling vendors are ready after a longer one.
Speed 0 takes all time away: everything answers at once, jobs are done at once, and no limit per second exists.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from time import monotonic
from typing import Final


@dataclass(frozen=True, slots=True)
class Latency:
    """Medians in seconds: of an answer, and of a job where there are jobs. ``spread`` is the sigma of the logarithm."""

    answer_s: float
    job_s: float = 0.0
    spread: float = 0.45


LATENCIES: Final[Mapping[str, Latency]] = {
    "hunter": Latency(1.2, job_s=8.0),
    "prospeo": Latency(0.9),
    "dropcontact": Latency(0.4, job_s=25.0),
    "enrow": Latency(0.3, job_s=6.0),
    "icypeas": Latency(0.3, job_s=8.0),
    "snov": Latency(0.35, job_s=7.0),
    "peopledatalabs": Latency(0.35, spread=0.3),
    "leadmagic": Latency(1.5),
    "apollo": Latency(0.8, job_s=25.0),
    "contactout": Latency(1.0),
    "rocketreach": Latency(0.9, job_s=9.0),
    "lusha": Latency(0.7),
    "kaspr": Latency(1.1),
    "wiza": Latency(0.4, job_s=25.0),
    "datagma": Latency(3.0),
    "surfe": Latency(0.4, job_s=12.0),
    "lemlist": Latency(0.4, job_s=10.0),
    "bettercontact": Latency(0.4, job_s=45.0),
    "findymail": Latency(2.5),
    "anymailfinder": Latency(9.0, spread=0.6),
    "tomba": Latency(1.4, job_s=30.0),
    "skrapp": Latency(1.8),
    "voilanorbert": Latency(0.5, job_s=14.0),
    "getprospect": Latency(1.6),
    "coresignal": Latency(0.5),
    "enrichlayer": Latency(2.5),
    "linkdapi": Latency(2.0),
    "scrapin": Latency(2.2),
    "crustdata": Latency(0.8),
    "explorium": Latency(0.6),
    "cognism": Latency(0.8),
    "signalhire": Latency(0.4, job_s=15.0),
    "zoominfo": Latency(1.0),
    "forager": Latency(1.4),
    "nymeria": Latency(0.7),
    "uplead": Latency(0.9),
    "upcell": Latency(1.2),
    "fullenrich": Latency(0.3, job_s=45.0),
    "blitz": Latency(0.8),
    "fullcontact": Latency(0.5),
    "thecompaniesapi": Latency(0.4),
    "ninjapear": Latency(11.0),
    "zerobounce": Latency(1.6, spread=0.7),
    "neverbounce": Latency(1.4, spread=0.7),
    "millionverifier": Latency(1.0, spread=0.7),
    "bouncer": Latency(1.8, spread=0.7),
    "kickbox": Latency(1.2, spread=0.7),
    "debounce": Latency(1.5, spread=0.7),
    "emaillistverify": Latency(2.0, spread=0.7),
    "emailable": Latency(1.2, job_s=9.0, spread=0.6),
    "bounceban": Latency(3.0, job_s=25.0, spread=0.6),
    "reacher": Latency(2.5, spread=0.7),
}
QUICK: Final = Latency(0.08, spread=0.3)
"""Polls, balances and tokens."""


class Pace:
    """The clock of the sandbox. Draws come from its own generator, so that runs can be repeated."""

    def __init__(self, speed: float, rng: Random) -> None:
        self.speed = speed
        self._rng = rng

    def now(self) -> float:
        """Seconds of the sandbox's time."""
        return monotonic() * self.speed

    def answer_s(self, latency: Latency) -> float:
        return self._draw(latency.answer_s, latency.spread)

    def job_s(self, vendor: str) -> float:
        latency = LATENCIES[vendor]
        return self._draw(latency.job_s, latency.spread)

    def _draw(self, median: float, spread: float) -> float:
        return median * self._rng.lognormvariate(0.0, spread) if self.speed and median else 0.0

    def real(self, seconds: float) -> float:
        """How long ``seconds`` of the sandbox last outside."""
        return seconds / self.speed if self.speed else 0.0

    async def sleep(self, seconds: float) -> None:
        if seconds and self.speed:
            await asyncio.sleep(seconds / self.speed)
