"""The patterns by which companies make addresses, and what each of them makes of a person's names.

Promises valid local parts only: lower-case ASCII letters and digits, with single dots, hyphens and underscores inside.
How common a pattern is stands in ``pattern_priors.py``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import product
from math import prod
from typing import Final

from openenrich.core.address_manners import LETTERS, Form, Manner
from openenrich.core.address_names import Names


class Pattern(StrEnum):
    """Named as people write them: ``f`` is the first letter, ``ff`` the first two, ``m`` the middle initial."""

    FIRST_DOT_LAST = "first.last"
    FLAST = "flast"
    FIRSTL = "firstl"
    FIRST = "first"
    FIRSTLAST = "firstlast"
    LAST_DOT_FIRST = "last.first"
    LASTFIRST = "lastfirst"
    FFLAST = "fflast"
    FIRST_UNDERSCORE_LAST = "first_last"
    FIRST_MIDDLE_LAST = "first.middle.last"
    LAST = "last"
    F_HYPHEN_LAST = "f-last"
    FIRST_M_LAST = "first.m.last"
    F_DOT_LAST = "f.last"
    LFIRST = "lfirst"
    FL = "fl"
    LASTF = "lastf"
    FIRST_HYPHEN_LAST = "first-last"


@dataclass(frozen=True, slots=True)
class Writing:
    """One local part; the weights of a pattern's writings add up to 1."""

    local: str
    weight: float
    manners: frozenset[Manner]


_TEMPLATES: Final[Mapping[Pattern, tuple[str, ...]]] = {
    Pattern.FIRST_DOT_LAST: ("first", ".", "last"),
    Pattern.FLAST: ("f", "last"),
    Pattern.FIRSTL: ("first", "l"),
    Pattern.FIRST: ("first",),
    Pattern.FIRSTLAST: ("first", "last"),
    Pattern.LAST_DOT_FIRST: ("last", ".", "first"),
    Pattern.LASTFIRST: ("last", "first"),
    Pattern.FFLAST: ("ff", "last"),
    Pattern.FIRST_UNDERSCORE_LAST: ("first", "_", "last"),
    Pattern.FIRST_MIDDLE_LAST: ("first", ".", "middle", ".", "last"),
    Pattern.LAST: ("last",),
    Pattern.F_HYPHEN_LAST: ("f", "-", "last"),
    Pattern.FIRST_M_LAST: ("first", ".", "m", ".", "last"),
    Pattern.F_DOT_LAST: ("f", ".", "last"),
    Pattern.LFIRST: ("l", "first"),
    Pattern.FL: ("f", "l"),
    Pattern.LASTF: ("last", "f"),
    Pattern.FIRST_HYPHEN_LAST: ("first", "-", "last"),
}
_NARROW: Final = frozenset({Pattern.FLAST, Pattern.FFLAST, Pattern.LASTF})
"""Patterns of old systems with eight letters for a name."""

_VALID: Final = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_MOST_LETTERS: Final = 60
"""A mailbox may have 64; the rest is room for a number."""
_MIXED_LETTERS: Final = 0.03
"""Two romanisations in one address: somebody was careless."""
_LESSON: Final = 1.5
"""What an address adds to a way of writing that it shows, where all ways together have about 1."""
_PERSONAL: Final = {Manner.NICKNAME: 0.3, Manner.FORMAL: 0.3}
"""The same for ways that people choose rather than companies."""

NO_MANNERS: Final[Mapping[Manner, float]] = {}


def writings(pattern: Pattern, names: Names, manners: Mapping[Manner, float] = NO_MANNERS) -> tuple[Writing, ...]:
    """What the pattern makes of the names, likeliest first. ``manners``: how often the company decided so."""
    straight = _normalised(_combined(pattern, names, manners), 1 - names.reversed)
    turned = _normalised(_combined(pattern, names.turned(), manners), names.reversed) if names.reversed else []
    merged: dict[str, Writing] = {}
    for item in (*straight, *turned):
        known = merged.get(item.local)
        merged[item.local] = Writing(item.local, item.weight + known.weight, known.manners) if known else item
    return tuple(sorted(merged.values(), key=lambda item: (-item.weight, item.local)))


@lru_cache(maxsize=65_536)
def usual_writings(pattern: Pattern, names: Names) -> tuple[Writing, ...]:
    """The same for a company of which nothing is known."""
    return writings(pattern, names)


def _combined(pattern: Pattern, names: Names, manners: Mapping[Manner, float]) -> dict[str, Writing]:
    """Each local part once, weighted by all that lead to it, with the manners of the likeliest."""
    found: dict[str, Writing] = {}
    best: dict[str, float] = {}
    for forms in product(*(_forms(slot, pattern, names) for slot in _TEMPLATES[pattern])):
        local = "".join(form.text for form in forms)
        ways = frozenset[Manner]().union(*(form.manners for form in forms))
        unnatural = Manner.DOTTED in ways and "." not in _TEMPLATES[pattern]
        if unnatural or len(local) > _MOST_LETTERS or _VALID.fullmatch(local) is None:
            continue
        letters, common = _letters(forms, manners)
        weight = common * prod(_taught(form, manners) for form in forms)
        known = found.get(local)
        shown = known.manners if known and best[local] >= weight else ways | letters
        best[local] = max(weight, best.get(local, 0.0))
        found[local] = Writing(local, weight + (known.weight if known else 0.0), shown)
    return found


def _letters(forms: Sequence[Form], manners: Mapping[Manner, float]) -> tuple[frozenset[Manner], float]:
    """The romanisations that all parts have in common, and how common those are."""
    choices = [form.letters for form in forms if form.letters]
    if not choices:
        return frozenset(), 1.0
    shared = choices[0].intersection(*choices[1:])
    return shared, sum(LETTERS[letters] + _lessons(letters, manners) for letters in shared) or _MIXED_LETTERS


def _taught(form: Form, manners: Mapping[Manner, float]) -> float:
    return form.weight * prod(share + _lessons(manner, manners) for manner, share in form.choices)


def _lessons(manner: Manner, manners: Mapping[Manner, float]) -> float:
    return _PERSONAL.get(manner, _LESSON) * manners.get(manner, 0.0)


def _normalised(found: Mapping[str, Writing], share: float) -> Iterator[Writing]:
    total = sum(item.weight for item in found.values())
    for item in found.values():
        yield Writing(item.local, share * item.weight / total, item.manners)


def _forms(slot: str, pattern: Pattern, names: Names) -> tuple[Form, ...]:
    slots = {
        "first": names.first,
        "last": _narrow(names) if pattern in _NARROW else names.last,
        "middle": names.middle,
        "f": names.first_initial,
        "ff": tuple(
            Form(form.text[:2], form.weight, form.letters, form.choices) for form in names.first if len(form.text) > 2
        ),
        "l": names.last_initial,
        "m": names.middle_initial,
    }
    return slots.get(slot, (Form(slot),))


def _narrow(names: Names) -> tuple[Form, ...]:
    """Surnames in old systems: whole, or cut where they are long."""
    if not names.cut:
        return names.last
    return (*(replace(form, choices=(*form.choices, (Manner.UNCUT, 1.0))) for form in names.last), *names.cut)
