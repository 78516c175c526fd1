"""Guesses of a person's work address from the addresses of colleagues, in order and with honest probabilities.

`rank` promises few candidates, likeliest first; each probability is how often such a guess is right before anything
is verified. What is known of a company is given as `Sample`s; where they come from, whether they may be used, and the
verdict on a guess are for others. Calibration: ``pattern_priors.py``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openenrich.core.address_manners import Manner
from openenrich.core.address_names import Names, spellings
from openenrich.core.addresses import is_role
from openenrich.core.pattern_forms import Pattern, Writing, usual_writings, writings
from openenrich.core.pattern_priors import confidence, priors

__all__ = [
    "NOTHING",
    "Candidate",
    "Learned",
    "Names",
    "Pattern",
    "Sample",
    "apply",
    "explain",
    "learn",
    "rank",
    "spellings",
]

_PULL: Final = 1.3
"""How many known addresses the general shares are worth."""
_ELSEWHERE: Final = 0.4
"""Of what the leading pattern leaves, the part that other patterns take; the rest fits none."""
_ROUNDS: Final = 4
_NUMBERED: Final = re.compile(r"([a-z0-9._-]*[a-z._-])\d{1,3}")
_NEXT_NUMBER: Final = 0.5
"""A name that is taken got the next number this often; otherwise something that nobody foresees."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A colleague's address, as known: names and the part before the @."""

    first: str
    last: str
    local: str


@dataclass(frozen=True, slots=True)
class Learned:
    """What a company's known addresses show. ``weights`` add up to the samples that fit a pattern, likeliest first."""

    number: int = 0
    weights: tuple[tuple[Pattern, float], ...] = ()
    manners: tuple[tuple[Manner, float], ...] = ()

    @property
    def leading(self) -> Pattern | None:
        return self.weights[0][0] if self.weights else None

    @property
    def agreement(self) -> float:
        """The share of samples that follow the leading pattern."""
        return min(1.0, self.weights[0][1] / self.number) if self.weights else 0.0

    @property
    def confidence(self) -> float:
        """How often the leading pattern gives the next address; without samples, how often the usual one does."""
        if not self.number:
            return priors(None)[Pattern.FIRST_DOT_LAST]
        return confidence(self.number, self.agreement)


NOTHING: Final = Learned()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A local part to verify; ``pattern`` is what mainly speaks for it."""

    local: str
    pattern: Pattern
    probability: float


def apply(pattern: Pattern, names: Names) -> tuple[str, ...]:
    """The local parts that the pattern makes, likeliest first; none when a part is missing."""
    return tuple(writing.local for writing in usual_writings(pattern, names))


def explain(first: str, last: str, local_part: str) -> frozenset[Pattern]:
    """The patterns that fit a known address, also with a number behind it."""
    return frozenset(pattern for pattern, _ in _explanations(Sample(first, last, local_part)))


def learn(samples: Iterable[Sample]) -> Learned:
    """What the addresses of one company have in common.

    An address that fits several patterns is shared between them, by what the other addresses show. One given twice
    counts once, whoever has it; a role's (info, sales) counts only where somebody is called so.
    """
    explained: dict[str, _Explanations] = {}
    for sample in samples:
        local = _tidy(sample.local)
        fits = _explanations(sample)
        if fits or not is_role(local):
            explained[local] = (*explained.get(local, ()), *fits)
    shares, shared = dict(priors(None)), _Shared({}, {})
    for _ in range(_ROUNDS):
        shared = _share_out(explained.values(), shares)
        shares = {pattern: _PULL * prior + shared.weights.get(pattern, 0.0) for pattern, prior in priors(None).items()}
    ordered = sorted(shared.weights.items(), key=lambda item: (-item[1], tuple(Pattern).index(item[0])))
    return Learned(len(explained), tuple(ordered), tuple(sorted(shared.manners.items())))


def rank(
    first: str,
    last: str,
    learned: Learned,
    *,
    size: int | None = None,
    country: str | None = None,
    taken: frozenset[str] = frozenset(),
    most: int = 5,
) -> tuple[Candidate, ...]:
    """At most ``most`` guesses. ``size``: employees; ``taken``: local parts that are known to be other people's."""
    names = spellings(first, last, country=country)
    manners = dict(learned.manners)
    merged: dict[str, list[Candidate]] = {}
    for pattern, share in _pattern_shares(names, learned, size).items():
        written = writings(pattern, names, manners) if manners else usual_writings(pattern, names)
        for item in written:
            local, kept = _free(item.local, taken)
            merged.setdefault(local, []).append(Candidate(local, pattern, share * item.weight * kept))
    candidates = [_merged(same) for same in merged.values()]
    return tuple(sorted(candidates, key=lambda item: (-item.probability, item.local))[: max(0, most)])


_Explanations = Sequence[tuple[Pattern, Writing]]


@dataclass(frozen=True, slots=True)
class _Shared:
    weights: Mapping[Pattern, float]
    manners: Mapping[Manner, float]


def _tidy(local: str) -> str:
    return local.strip().lower().split("+", 1)[0]


def _explanations(sample: Sample) -> _Explanations:
    names, local = spellings(sample.first, sample.last), _tidy(sample.local)
    numbered = _NUMBERED.fullmatch(local)
    for wanted in (local, numbered.group(1) if numbered else local):
        fits = [
            (pattern, item) for pattern in Pattern for item in usual_writings(pattern, names) if item.local == wanted
        ]
        if fits:
            return fits
    return ()


def _share_out(samples: Iterable[_Explanations], shares: Mapping[Pattern, float]) -> _Shared:
    weights: dict[Pattern, float] = {}
    manners: dict[Manner, float] = {}
    for fits in samples:
        total = sum(shares[pattern] * item.weight for pattern, item in fits)
        for pattern, item in fits:
            part = shares[pattern] * item.weight / total
            weights[pattern] = weights.get(pattern, 0.0) + part
            for manner in item.manners:
                manners[manner] = manners.get(manner, 0.0) + part
    return _Shared(weights, manners)


def _pattern_shares(names: Names, learned: Learned, size: int | None) -> dict[Pattern, float]:
    """The probability of each pattern for one person; what is missing to 1 fits none."""
    general = priors(size)
    leading = learned.leading
    if leading is None:
        # The more addresses fit nothing, the less will the next.
        fading = _PULL / (_PULL + learned.number)
        return {pattern: share * fading for pattern, share in general.items()}
    sure = learned.confidence
    known = dict(learned.weights)
    pulls = {
        pattern: known.get(pattern, 0.0) + _PULL * share for pattern, share in general.items() if pattern != leading
    }
    spare = (1 - sure) * _ELSEWHERE / sum(pulls.values())
    shares = {leading: sure} | {pattern: min(sure, spare * pull) for pattern, pull in pulls.items()}
    if leading in {Pattern.FIRST_MIDDLE_LAST, Pattern.FIRST_M_LAST} and not names.middle_initial:
        shares[Pattern.FIRST_DOT_LAST] += shares.pop(leading)
    return shares


def _free(local: str, taken: frozenset[str]) -> tuple[str, float]:
    """The local part itself, or with the next number when it is somebody else's; and how likely that is then."""
    if local not in taken:
        return local, 1.0
    number = 2
    while f"{local}{number}" in taken:
        number += 1
    return f"{local}{number}", _NEXT_NUMBER


def _merged(same: Sequence[Candidate]) -> Candidate:
    likeliest = max(same, key=lambda item: item.probability)
    return Candidate(likeliest.local, likeliest.pattern, sum(item.probability for item in same))
