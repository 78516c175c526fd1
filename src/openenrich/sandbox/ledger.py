"""The witness: what was bought at whom, how often, and at what list price.

A purchase is a question for which a vendor takes money. Questions without a hit are counted as well, at no cost, so
that a test can tell "asked twice" from "bought twice".
"""

from collections import Counter
from hashlib import blake2b

import msgspec


class Repeated(msgspec.Struct, frozen=True):
    """One question that was paid for more than once."""

    vendor: str
    question: str
    count: int


class Purchases(msgspec.Struct, frozen=True):
    """The whole ledger; ``asked`` counts questions with and without a hit, ``credits`` thousandths of a credit."""

    total: int
    by_vendor: dict[str, int]
    repeated: list[Repeated]
    asked: dict[str, int]
    asked_again: list[Repeated]
    credits: dict[str, int]
    billed_micro_usd: int


class Ledger:
    """Counts in memory until `reset`."""

    def __init__(self) -> None:
        self._asked: Counter[tuple[str, str]] = Counter()
        self._bought: Counter[tuple[str, str]] = Counter()
        self._credits: Counter[str] = Counter()
        self._owned: set[tuple[str, int, str]] = set()
        self._micro_usd = 0

    def record(self, vendor: str, question: tuple[str, ...], credits_billed: int, credit_price: int) -> None:
        """One question and what it cost, in thousandths of the vendor's credit; 0 is a miss or a free repeat."""
        key = (vendor, _digest(question))
        self._asked[key] += 1
        if credits_billed:
            self._bought[key] += 1
            self._credits[vendor] += credits_billed
            self._micro_usd += credits_billed * credit_price // 1000

    def own(self, vendor: str, person: int, product: str) -> bool:
        """True when this product was owned before, for vendors that do not bill a repeat."""
        key = (vendor, person, product)
        owned = key in self._owned
        self._owned.add(key)
        return owned

    def spent(self, vendor: str) -> int:
        """Thousandths of a credit."""
        return self._credits[vendor]

    def purchases(self) -> Purchases:
        """Everything so far."""
        return Purchases(
            total=self._bought.total(),
            by_vendor=_per_vendor(self._bought),
            repeated=_more_than_once(self._bought),
            asked=_per_vendor(self._asked),
            asked_again=_more_than_once(self._asked),
            credits=dict(self._credits),
            billed_micro_usd=self._micro_usd,
        )

    def reset(self) -> None:
        self._asked.clear()
        self._bought.clear()
        self._credits.clear()
        self._owned.clear()
        self._micro_usd = 0


def _digest(question: tuple[str, ...]) -> str:
    """No personal data leaves in the ledger, invented or not."""
    return blake2b("\0".join(question).lower().encode(), digest_size=8).hexdigest()


def _per_vendor(counts: Counter[tuple[str, str]]) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for (vendor, _), count in counts.items():
        totals[vendor] += count
    return dict(totals)


def _more_than_once(counts: Counter[tuple[str, str]]) -> list[Repeated]:
    return [Repeated(vendor, question, count) for (vendor, question), count in counts.items() if count > 1]
