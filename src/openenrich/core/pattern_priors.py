"""How common each pattern is, and how sure the known addresses of a company make us.

The shares were counted on 11,454 people of 2,985 company domains; about a quarter of all people have an address that
fits no pattern, so no shares here add up to 1. Operators' own results may replace them: nothing else knows a number.
"""

from bisect import bisect_left
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from openenrich.core.pattern_forms import Pattern

_COVERED: Final = 0.77
"""People whose address fits some pattern."""

_COMMON: Final = (Pattern.FIRST_DOT_LAST, Pattern.FLAST, Pattern.FIRST, Pattern.LAST)

# Per cent of people, by company size. The count knew people seen at a domain, which stands in for employees; a share of
# domains counts four fifths, because that many follow their company's pattern.
_SIZES: Final = (10, 50, 200, 1000)
_BY_SIZE: Final = (
    (26.4, 10.8, 21.5, 4.1),
    (38.4, 15.2, 7.2, 1.1),
    (39.2, 9.6, 4.8, 1.1),
    (46.4, 15.2, 2.0, 1.1),
    (44.8, 24.8, 1.0, 1.1),
)
_SIZE_UNKNOWN: Final = (40.0, 12.0, 6.5, 1.6)
_REST: Final[Mapping[Pattern, float]] = {
    Pattern.FIRSTL: 3.4,
    Pattern.FIRSTLAST: 2.4,
    Pattern.LAST_DOT_FIRST: 2.1,
    Pattern.LASTFIRST: 1.8,
    Pattern.FFLAST: 1.1,
    Pattern.FIRST_UNDERSCORE_LAST: 1.1,
    Pattern.FIRST_MIDDLE_LAST: 1.1,
    Pattern.F_HYPHEN_LAST: 0.9,
    Pattern.FIRST_M_LAST: 0.8,
    Pattern.F_DOT_LAST: 0.8,
    Pattern.LFIRST: 0.4,
    Pattern.FL: 0.3,
    Pattern.LASTF: 0.3,
    Pattern.FIRST_HYPHEN_LAST: 0.2,
}

_SURE_BY_NUMBER: Final = ((0.0, 0.40), (1.0, 0.60), (2.0, 0.76), (3.0, 0.81), (5.0, 0.85), (10.0, 0.89), (30.0, 0.92))
"""When all known addresses agree. Two, three and five are measured; few companies are without exceptions."""

_SURE_BY_AGREEMENT: Final = ((0.0, 0.0), (0.2, 0.2), (0.4, 0.28), (0.5, 0.35), (0.6, 0.45), (0.8, 0.80), (1.0, 1.0))
"""When they do not. Four of five is measured; below, what is left of the measured averages with two and five known."""


def priors(size: int | None) -> Mapping[Pattern, float]:
    """The share of people with each pattern at a company with ``size`` employees of which no address is known."""
    common = _SIZE_UNKNOWN if size is None else _BY_SIZE[bisect_left(_SIZES, size)]
    shares = {pattern: share / 100 for pattern, share in zip(_COMMON, common, strict=True)}
    scale = (_COVERED - sum(shares.values())) / sum(_REST.values())
    return shares | {pattern: share * scale for pattern, share in _REST.items()}


def confidence(number: int, agreement: float) -> float:
    """How often a company's leading pattern gives the next person's address: limited by both."""
    return min(_between(_SURE_BY_NUMBER, number), _between(_SURE_BY_AGREEMENT, agreement))


def _between(points: tuple[tuple[float, float], ...], place: float) -> float:
    """On the line between the two nearest points; beyond the last one nothing grows."""
    for (left, low), (right, high) in pairwise(points):
        if place <= right:
            return low + (high - low) * max(0.0, place - left) / (right - left)
    return points[-1][1]
