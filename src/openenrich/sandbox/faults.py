"""What goes wrong: faults by chance or on demand, and the documented rate limits.

A fault before the vendor's work (500, rate limited, bad key, no credit) costs nothing. A fault after it (hang,
malformed, slow) has been billed already: that is the case in which money is lost, so it is the one simulated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

import msgspec


class Fault(StrEnum):
    """The kinds that POST /_sandbox/faults accepts."""

    HTTP_500 = "http_500"
    HANG = "hang"
    MALFORMED = "malformed"
    SLOW = "slow"
    BAD_KEY = "bad_key"
    NO_CREDIT = "no_credit"
    RATE_LIMITED = "rate_limited"


class FaultRule(msgspec.Struct, forbid_unknown_fields=True):
    """``vendor`` may be ``*``; ``count``: strikes that are left (``None``: for ever); ``path``: a part of paths."""

    vendor: str
    kind: Fault
    probability: float = 1.0
    count: int | None = None
    path: str = ""


DEMONSTRATION: Final[Mapping[Fault, float]] = {
    Fault.HTTP_500: 0.004,
    Fault.RATE_LIMITED: 0.003,
    Fault.SLOW: 0.003,
    Fault.MALFORMED: 0.001,
    Fault.HANG: 0.0005,
}
"""Chance per call of each fault when faults are on."""


class FaultBoard:
    """The rules in force; a rule set by hand comes before chance."""

    def __init__(self, rng: Random, *, by_chance: bool) -> None:
        self._rng = rng
        self._by_chance = by_chance
        self._rules: list[FaultRule] = []

    def add(self, rule: FaultRule) -> None:
        """A probability of 0 withdraws what was set before for that vendor and kind."""
        self._rules = [old for old in self._rules if (old.vendor, old.kind) != (rule.vendor, rule.kind)]
        if rule.probability > 0:
            self._rules.append(rule)

    def strike(self, vendor: str, path: str, *, paid: bool) -> Fault | None:
        """The fault of this call, if any; only a paid call can find the account empty."""
        for rule in self._rules:
            applies = rule.vendor in {vendor, "*"} and rule.path in path and rule.count != 0
            applies = applies and (paid or rule.kind is not Fault.NO_CREDIT)
            if applies and self._rng.random() < rule.probability:
                rule.count = None if rule.count is None else rule.count - 1
                return rule.kind
        return self._chance() if self._by_chance else None

    def _chance(self) -> Fault | None:
        draw = self._rng.random()
        for fault, probability in DEMONSTRATION.items():
            draw -= probability
            if draw < 0:
                return fault
        return None

    def reset(self) -> None:
        self._rules.clear()


@dataclass(frozen=True, slots=True)
class Window:
    """At most ``calls`` in ``seconds`` of the sandbox's time."""

    calls: int
    seconds: int


class Meter:
    """Fixed windows per key and group of routes, as the vendors count."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, int], tuple[float, int]] = {}

    def wait(self, group: str, windows: Sequence[Window], now: float) -> float:
        """0 when the call is within every limit (and is counted), else seconds until the window ends."""
        for window in windows:
            start, count = self._counts.get((group, window.seconds), (now, 0))
            if now - start < window.seconds and count >= window.calls:
                return start + window.seconds - now
        for window in windows:
            start, count = self._counts.get((group, window.seconds), (now, 0))
            fresh = now - start >= window.seconds
            self._counts[group, window.seconds] = (now, 1) if fresh else (start, count + 1)
        return 0.0

    def reset(self) -> None:
        self._counts.clear()
