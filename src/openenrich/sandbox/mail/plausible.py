"""Whether a local part looks like somebody's name, as filters before catch-all domains judge it."""

import re
from functools import cache
from typing import Final

from openenrich.sandbox.addresses import fold
from openenrich.sandbox.names import CULTURES

_PARTED: Final = re.compile(r"[._-]")
_RUN: Final = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}")
_INITIALS: Final = 3
_LONG: Final = 12


def looks_like_a_name(local: str) -> bool:
    """Letters only, and in long parts mostly pairs of letters that names have: random letters are told apart."""
    parts = _PARTED.split(local.lower())
    return all(part.isalpha() and part.isascii() and (len(part) <= _INITIALS or _is_spoken(part)) for part in parts)


def _is_spoken(part: str) -> bool:
    pairs = [part[place : place + 2] for place in range(len(part) - 1)]
    seen = sum(pair in _pairs() for pair in pairs) / len(pairs)
    return not _RUN.search(part) and seen >= (0.8 if len(part) >= _LONG else 0.55)


@cache
def _pairs() -> frozenset[str]:
    names = {fold(name) for culture in CULTURES.values() for name in (*culture.first, *culture.last)}
    return frozenset(name[place : place + 2] for name in names for place in range(len(name) - 1))
