"""The memory of greylisting servers: who came when, told apart by client, sender and recipient."""

from openenrich.sandbox.latency import Pace
from openenrich.sandbox.mail.script import Greylist

Triplet = tuple[str, str, str, str]
"""Host, client, sender, recipient: another sender starts again, as in life."""


class GreylistMemory:
    """On the sandbox's time; without time the second visit passes."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._first_seen: dict[Triplet, float] = {}
        self._passed: set[Triplet] = set()

    def left_s(self, rule: Greylist, triplet: Triplet) -> float:
        """How much longer this triplet has to wait; 0 lets it pass, and it is not asked again."""
        if triplet in self._passed:
            return 0.0
        wait_s = rule.wait_s if self._pace.speed else 0.0
        now = self._pace.now()
        first = self._first_seen.get(triplet)
        if first is None:
            self._first_seen[triplet] = now
            return max(wait_s, 1.0)
        left = first + wait_s - now
        if left <= 0:
            self._passed.add(triplet)
        return max(left, 0.0)

    def reset(self) -> None:
        self._first_seen.clear()
        self._passed.clear()
