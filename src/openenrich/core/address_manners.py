"""The choices that a name leaves to whoever makes an address of it, and how common each of them is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import prod
from typing import Final

from openenrich.core.address_words import CYRILLIC, LONG_LETTERS, PASSPORT, SHORT_LETTERS, UKRAINIAN


class Manner(StrEnum):
    """One decision about a name that allows several; a company mostly decides alike for everybody."""

    PLAIN_LETTERS = "plain_letters"
    LONG_LETTERS = "long_letters"
    SHORT_LETTERS = "short_letters"
    CYRILLIC = "cyrillic"
    PASSPORT = "passport"
    UKRAINIAN = "ukrainian"
    JOINED = "joined"
    HYPHENATED = "hyphenated"
    DOTTED = "dotted"
    ONE_GIVEN = "one_given"
    OTHER_GIVEN = "other_given"
    FIRST_SURNAME = "first_surname"
    LAST_SURNAME = "last_surname"
    NO_PARTICLE = "no_particle"
    ONE_INITIAL = "one_initial"
    INITIALS = "initials"
    FORMAL = "formal"
    NICKNAME = "nickname"
    UNCUT = "uncut"
    CUT_8 = "cut_8"
    CUT_7 = "cut_7"
    CUT_6 = "cut_6"


LETTERS: Final[Mapping[Manner, float]] = {
    Manner.PLAIN_LETTERS: 0.55,
    Manner.LONG_LETTERS: 0.4,
    Manner.CYRILLIC: 0.25,
    Manner.PASSPORT: 0.25,
    Manner.UKRAINIAN: 0.1,
    Manner.SHORT_LETTERS: 0.05,
}
"""How common a romanisation is, against the others that a name has."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a part, and the decisions behind it, each with how common it is among its alternatives.

    ``letters`` are the romanisations that all lead to this text; empty where any of them does. ``weight`` is what no
    company decides.
    """

    text: str
    weight: float = 1.0
    letters: frozenset[Manner] = frozenset()
    choices: tuple[tuple[Manner, float], ...] = ()

    @property
    def manners(self) -> frozenset[Manner]:
        return frozenset(manner for manner, _ in self.choices)


ROMANISATIONS: Final[tuple[tuple[Manner, dict[int, str]], ...]] = (
    (Manner.PLAIN_LETTERS, {}),
    (Manner.LONG_LETTERS, LONG_LETTERS),
    (Manner.CYRILLIC, CYRILLIC),
    (Manner.PASSPORT, PASSPORT),
    (Manner.UKRAINIAN, UKRAINIAN),
    (Manner.SHORT_LETTERS, SHORT_LETTERS),
)
# How common each way to write a name of several parts is. Experience, not a count: the measured people are too few
# for each, and what the company's own addresses show soon outweighs it.
GIVEN_HYPHEN: Final = {
    Manner.JOINED: 0.42,
    Manner.HYPHENATED: 0.36,
    Manner.ONE_GIVEN: 0.17,
    Manner.OTHER_GIVEN: 0.05,
}
GIVEN_SPACE: Final = {
    Manner.ONE_GIVEN: 0.66,
    Manner.JOINED: 0.22,
    Manner.OTHER_GIVEN: 0.08,
    Manner.HYPHENATED: 0.04,
}
GIVEN_VIETNAMESE: Final = {Manner.OTHER_GIVEN: 0.5, Manner.JOINED: 0.3, Manner.ONE_GIVEN: 0.2}
SURNAME_HYPHEN: Final = {
    Manner.HYPHENATED: 0.38,
    Manner.JOINED: 0.3,
    Manner.FIRST_SURNAME: 0.17,
    Manner.LAST_SURNAME: 0.15,
}
SURNAME_SPACE: Final = {
    Manner.FIRST_SURNAME: 0.38,
    Manner.JOINED: 0.27,
    Manner.LAST_SURNAME: 0.15,
    Manner.HYPHENATED: 0.12,
    Manner.DOTTED: 0.08,
}
SURNAME_PARTICLE: Final = {
    Manner.JOINED: 0.58,
    Manner.NO_PARTICLE: 0.22,
    Manner.DOTTED: 0.1,
    Manner.HYPHENATED: 0.1,
}


def shaped(
    words: Sequence[str], ends: Mapping[Manner, str], letters: frozenset[Manner], shares: Mapping[Manner, float]
) -> list[Form]:
    """The words in every way that ``shares`` names; a single word has one way."""
    if len(words) == 1:
        return [Form(words[0], 1.0, letters)]
    texts = {
        Manner.JOINED: "".join(words),
        Manner.HYPHENATED: "-".join(words),
        Manner.DOTTED: ".".join(words),
        **ends,
    }
    return [Form(texts[way], letters=letters, choices=((way, share),)) for way, share in shares.items()]


def likelihood(form: Form) -> float:
    """How common the form is for a company of which nothing is known; comparable within one part of a name."""
    weight = form.weight * prod(share for _, share in form.choices)
    return weight * (sum(LETTERS[letters] for letters in form.letters) if form.letters else 1.0)
