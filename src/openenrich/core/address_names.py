"""The ways a person's name may be written in an address: letters, hyphens, particles, double names, both orders.

`spellings` promises lower-case ASCII, the likeliest form of each part first, and nothing twice. Each form says by which
`Manner` it came about, so that a company's manners can be learned from its people. Which parts make an address, and in
what order, is for ``pattern_forms.py``.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from openenrich.core.address_manners import (
    GIVEN_HYPHEN,
    GIVEN_SPACE,
    GIVEN_VIETNAMESE,
    ROMANISATIONS,
    SURNAME_HYPHEN,
    SURNAME_PARTICLE,
    SURNAME_SPACE,
    Form,
    Manner,
    likelihood,
    shaped,
)
from openenrich.core.address_words import (
    ALSO_GIVEN,
    FAMILY_FIRST,
    FAMILY_NAMES,
    NICKNAMES,
    PARTICLES,
    SCRIPTS,
    VIETNAMESE,
)
from openenrich.core.names import folded


@dataclass(frozen=True, slots=True)
class Names:
    """The forms of one person. A part that is only an initial has no whole form, ``cut`` is for narrow old systems.

    ``reversed`` is how likely the parts were given in the other order than the company writes them.
    """

    first: tuple[Form, ...]
    last: tuple[Form, ...]
    middle: tuple[Form, ...]
    cut: tuple[Form, ...]
    first_initial: tuple[Form, ...]
    last_initial: tuple[Form, ...]
    middle_initial: tuple[Form, ...]
    reversed: float = 0.0

    def turned(self) -> "Names":
        """The same person with the family name taken for the given one."""
        return Names(
            first=self.last,
            last=self.first,
            middle=(),
            cut=(),
            first_initial=self.last_initial,
            last_initial=self.first_initial,
            middle_initial=(),
        )


_HYPHENS: Final = "-\u2010\u2011\u2013"
_NICKNAMES_SHARE: Final = 0.04
_CUTS: Final = {Manner.CUT_8: (8, 0.03), Manner.CUT_7: (7, 0.01), Manner.CUT_6: (6, 0.01)}
_INITIALS_SHARE: Final = 0.08
_OTHER_ORDER: Final = 0.15
_SEEMS_TURNED: Final = 0.35
"""When what was given as the first name is a known family name, and the last name is none."""
_MOST_FORMS: Final = 12

_Tables = Mapping[Manner, dict[int, str]]
_Romanised = Mapping[tuple[str, ...], frozenset[Manner]]
"""The words of a name, with the romanisations that all lead to them; none named when every one does."""


@lru_cache(maxsize=16_384)
def spellings(first: str, last: str, *, country: str | None = None) -> Names:
    """The forms worth trying. ``country`` (of the company or the person) tells more about the order of the parts."""
    tables = _tables(f"{first} {last}")
    called, others = _called(first)
    surname, stray = _without_initials(last)
    vietnamese = country == "VN" or _head(last) in VIETNAMESE
    given = _given_forms(called, _romanised(called, tables), vietnamese=vietnamese)
    family = _surname_forms(surname, _romanised(surname, tables))
    middle = _middle_forms(_romanised(others, tables) or _romanised(stray, tables))
    return Names(
        first=_whole(given),
        last=_whole(family),
        middle=_whole(middle),
        cut=_cut(_whole(family)),
        first_initial=_first_initials(called, given),
        last_initial=_initials(family),
        middle_initial=_initials(middle),
        reversed=_other_order(first, last, country),
    )


def _tables(name: str) -> _Tables:
    """The romanisations that make a difference to this name."""
    plain = _words(name, {})
    return {manner: table for manner, table in ROMANISATIONS if not table or _words(name, table) != plain}


def _romanised(name: str, tables: _Tables) -> _Romanised:
    found: dict[tuple[str, ...], frozenset[Manner]] = {}
    for manner, table in tables.items():
        if words := _words(name, table):
            found[words] = found.get(words, frozenset()) | {manner}
    return found if len(found) > 1 else dict.fromkeys(found, frozenset())


def _words(name: str, table: dict[int, str]) -> tuple[str, ...]:
    return tuple(folded(unicodedata.normalize("NFC", name.lower()).translate(table)).split())


def _head(name: str) -> str:
    return folded(name).split(" ", maxsplit=1)[0]


def _called(first: str) -> tuple[str, str]:
    """The part by which somebody is called, and further given names. "Mary Ann" is both: whole, and with a middle."""
    head, _, rest = first.strip().partition(" ")
    return (head if _is_hyphenated(head) else first), rest


def _is_hyphenated(name: str) -> bool:
    return " " not in name.strip() and any(mark in name.strip(_HYPHENS) for mark in _HYPHENS)


def _without_initials(last: str) -> tuple[str, str]:
    """Initials that a split left in front of a surname ("J. Okafor") belong to the middle name."""
    words = last.split()
    count = next((place for place, word in enumerate(words) if not _is_initial(word)), 0)
    return " ".join(words[count:]), words[0] if count else ""


def _is_initial(word: str) -> bool:
    key = folded(word)
    return len(key) == 1 and (word.endswith(".") or key not in PARTICLES)


def _given_forms(called: str, romanised: _Romanised, *, vietnamese: bool) -> list[Form]:
    shares = GIVEN_VIETNAMESE if vietnamese else GIVEN_SPACE
    if _is_hyphenated(called):
        shares = GIVEN_HYPHEN
    forms: list[Form] = []
    for words, letters in romanised.items():
        # Nobody's mailbox is called after the whole of "Mira J.": initials count only where there is nothing else.
        long = [word for word in words if len(word) > 1] or words[:1]
        ends = {Manner.ONE_GIVEN: long[0], Manner.OTHER_GIVEN: long[-1]}
        forms += shaped(long, ends, letters, shares)
    others = NICKNAMES.get(_head(called), ())
    if not others:
        return forms
    formal = [replace(form, choices=(*form.choices, (Manner.FORMAL, 1.0))) for form in forms]
    nickname = ((Manner.NICKNAME, _NICKNAMES_SHARE),)
    return formal + [Form(name, 1 / len(others), choices=nickname) for name in others]


def _surname_forms(last: str, romanised: _Romanised) -> list[Form]:
    several = SURNAME_HYPHEN if _is_hyphenated(last) else SURNAME_SPACE
    forms: list[Form] = []
    for words, letters in romanised.items():
        surnames = _surnames(words)
        ends = {
            Manner.FIRST_SURNAME: "".join(surnames[0]),
            Manner.LAST_SURNAME: "".join(surnames[-1]),
            Manner.NO_PARTICLE: surnames[0][-1],
        }
        forms += shaped(words, ends, letters, several if len(surnames) > 1 else SURNAME_PARTICLE)
    return forms


def _surnames(words: Sequence[str]) -> list[list[str]]:
    """Each surname with its particles in front: de la Fuente, Ruiz."""
    groups: list[list[str]] = [[]]
    for place, word in enumerate(words):
        groups[-1].append(word)
        if word not in PARTICLES and place < len(words) - 1:
            groups.append([])
    return groups


def _middle_forms(romanised: _Romanised) -> list[Form]:
    forms: list[Form] = []
    for words, letters in romanised.items():
        forms.append(Form(words[0], 0.8 if len(words) > 1 else 1.0, letters))
        if len(words) > 1:
            forms.append(Form("".join(words), 0.2, letters))
    return forms


def _first_initials(called: str, given: Sequence[Form]) -> tuple[Form, ...]:
    """The letter of the name in front, also where that is only an initial, and those of a double name together."""
    words = folded(called).split()
    forms = [*given, Form(words[0])] if words and len(words[0]) == 1 else given
    letters = _initials(forms)
    if len(words) < 2:
        return letters
    one = [replace(form, choices=((Manner.ONE_INITIAL, 1.0),)) for form in letters]
    return (*one, Form(words[0][0] + words[1][0], choices=((Manner.INITIALS, _INITIALS_SHARE),)))


def _initials(forms: Sequence[Form]) -> tuple[Form, ...]:
    weights: dict[str, float] = {}
    for form in forms:
        weights[form.text[0]] = weights.get(form.text[0], 0.0) + likelihood(form)
    total = sum(weights.values())
    letters = [Form(text, weight / total) for text, weight in weights.items()]
    return tuple(sorted(letters, key=lambda form: -form.weight))


def _whole(forms: Sequence[Form]) -> tuple[Form, ...]:
    """Likeliest first, nothing twice, no bare initials, and not more than anybody would try."""
    best: dict[str, Form] = {}
    for form in sorted(forms, key=likelihood, reverse=True):
        if len(form.text) < 2:
            continue
        known = best.setdefault(form.text, form)
        if known.letters and form.letters:
            best[form.text] = replace(known, letters=known.letters | form.letters)
    return tuple(best.values())[:_MOST_FORMS]


def _cut(family: Sequence[Form]) -> tuple[Form, ...]:
    """The likeliest form in each romanisation, shortened: a late guess of every form would crowd out better ones."""
    cuts = [
        Form(form.text[:length], likelihood(replace(form, letters=frozenset())), form.letters, ((manner, share),))
        for form in family
        for manner, (length, share) in _CUTS.items()
        if form.manners == family[0].manners and form.text.isalnum() and len(form.text) > length
    ]
    return _whole(cuts)


def _other_order(first: str, last: str, country: str | None) -> float:
    given, family = _head(first), _head(last)
    if not given or not family:
        return 0.0
    if given in FAMILY_NAMES - ALSO_GIVEN and family not in FAMILY_NAMES:
        return _SEEMS_TURNED
    own_script = any(unicodedata.name(letter, "").startswith(SCRIPTS) for letter in last)
    return _OTHER_ORDER if country in FAMILY_FIRST or family in FAMILY_NAMES or own_script else 0.0
