"""How well addresses are guessed from those of colleagues: `python bench/patterns.py` prints a Markdown table.

The people of the simulated world are asked for one at a time, each with some colleagues' addresses known and their own
held out. Its companies keep to their pattern without exception, so a second world lets people stray from it as often
as was measured at real companies. Probabilities are held against what is true: an error of 0.1 is ten in a hundred.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean

from openenrich.core.pattern_priors import priors
from openenrich.core.patterns import Candidate, Pattern, Sample, apply, learn, rank, spellings
from openenrich.sandbox.people import Person
from openenrich.sandbox.world import World

_KNOWN = (0, 1, 2, 5)
_ENOUGH = max(_KNOWN) + 1
# The share of a company's people who follow its pattern, and how many companies are like that: measured.
_REGULARITY = ((0.9, 1.0, 30), (0.5, 0.9, 44), (0.15, 0.5, 26))
_STRAY_FITS_ANOTHER = 0.4
_BINS = 10

Local = Callable[[Person], str]


@dataclass(frozen=True, slots=True)
class Trial:
    """One person asked for. ``place``: of the right guess, ``None`` when missed; ``agreeing``: the known colleagues."""

    guesses: tuple[Candidate, ...]
    place: int | None
    agreeing: bool

    @property
    def probability(self) -> float:
        return self.guesses[0].probability if self.guesses else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """``error`` is the mean distance between probability and truth, ``boast`` the part of it that promised too much."""

    people: int
    hit_1: float
    hit_3: float
    probability: float
    error: float
    boast: float

    @classmethod
    def of(cls, trials: Sequence[Trial]) -> "Score":
        gaps = list(_gaps(trials))
        return cls(
            people=len(trials),
            hit_1=fmean(trial.place == 0 for trial in trials),
            hit_3=fmean(trial.place is not None and trial.place < 3 for trial in trials),
            probability=fmean(trial.probability for trial in trials),
            error=sum(abs(gap) * share for gap, share in gaps),
            boast=sum(max(0.0, gap) * share for gap, share in gaps),
        )


def regular(person: Person) -> str:
    """The address of the simulated world."""
    return (person.work_email or "").partition("@")[0]


def straying(person: Person) -> str:
    """The same with real companies' exceptions."""
    least, most, _ = _chosen(Random(f"company/{person.company.id}"), _REGULARITY)
    follows = Random(f"regularity/{person.company.id}").uniform(least, most)
    rng = Random(f"person/{person.id}")
    if rng.random() < follows:
        return regular(person)
    if rng.random() < _STRAY_FITS_ANOTHER:
        shares = priors(None)
        pattern: Pattern = rng.choices(tuple(shares), tuple(shares.values()))[0]
        return next(iter(apply(pattern, spellings(person.first_name, person.last_name))), f"u{person.id}")
    return f"u{person.id}"


def trials(people: Iterable[Person], local: Local, known: int) -> list[Trial]:
    """Everybody at a company where enough work, once, with ``known`` colleagues picked by lot."""
    staff: dict[int, list[Person]] = {}
    for person in people:
        if person.work_email:
            staff.setdefault(person.company.id, []).append(person)
    return [
        _trial(person, _picked(person, colleagues, known), local)
        for colleagues in staff.values()
        if len(colleagues) >= _ENOUGH
        for person in colleagues
    ]


def scores(people: Iterable[Person], local: Local) -> dict[str, Score]:
    """By what is known of the company."""
    everybody, found = tuple(people), {}
    for known in _KNOWN:
        asked = trials(everybody, local, known)
        found[f"{known} known"] = Score.of(asked)
        if known > 1:
            found[f"{known} known, agreeing"] = Score.of([trial for trial in asked if trial.agreeing])
    return found


def table(people: Iterable[Person]) -> str:
    """Both worlds in Markdown."""
    everybody = tuple(people)
    head = "| colleagues | people | hit@1 | hit@3 | promised | error | too much |\n" + "| --- " * 7 + "|"
    parts = []
    for title, local in (("Companies without exceptions", regular), ("Exceptions as measured", straying)):
        lines = [
            f"| {what} | {score.people} | {score.hit_1:.2f} | {score.hit_3:.2f} | {score.probability:.2f}"
            f" | {score.error:.2f} | {score.boast:.2f} |"
            for what, score in scores(everybody, local).items()
        ]
        parts.append("\n".join([f"{title}:\n", head, *lines]))
    return "\n\n".join(parts)


def _trial(person: Person, colleagues: Sequence[Person], local: Local) -> Trial:
    learned = learn([Sample(one.first_name, one.last_name, local(one)) for one in colleagues])
    guesses = rank(
        person.first_name,
        person.last_name,
        learned,
        size=person.company.headcount,
        country=person.company.country.code,
        taken=frozenset(local(one) for one in colleagues),
    )
    right = local(person)
    place = next((place for place, guess in enumerate(guesses) if guess.local == right), None)
    return Trial(guesses, place, agreeing=learned.agreement > 0.99)


def _picked(person: Person, colleagues: Sequence[Person], known: int) -> list[Person]:
    return Random(f"known/{person.id}").sample([one for one in colleagues if one.id != person.id], known)


def _gaps(asked: Sequence[Trial]) -> Iterator[tuple[float, float]]:
    """Promised minus kept for people who were promised about the same, and their share."""
    for place in range(_BINS):
        alike = [trial for trial in asked if min(_BINS - 1, int(trial.probability * _BINS)) == place]
        if alike:
            gap = fmean(trial.probability for trial in alike) - fmean(trial.place == 0 for trial in alike)
            yield gap, len(alike) / len(asked)


def _chosen(rng: Random, rows: tuple[tuple[float, float, int], ...]) -> tuple[float, float, int]:
    return rng.choices(rows, [row[2] for row in rows])[0]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=4000)
    options.add_argument("--seed", type=int, default=7)
    given = options.parse_args()
    print(table(World(given.seed, given.people).people))


if __name__ == "__main__":
    main()
