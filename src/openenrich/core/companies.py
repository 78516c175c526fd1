"""Names of companies: a key that ignores legal forms, and a cautious comparison.

The key is for comparison only. A name that says more than the other ("Northwind" and "Northwind Traders") is neither
the same nor another: the answer is unknown, and a domain has to decide.
"""

import re
from functools import lru_cache
from typing import Final

from openenrich.core.names import folded

_INITIALISM: Final = re.compile(r"(?<!\w)(?:\w\.)+\w?(?!\w)")
_SLASHED: Final = re.compile(r"(?<!\w)(a|k|i|p)/(s)(?!\w)", re.IGNORECASE)
_CONJUNCTION: Final = re.compile(r"[&+]")

# "Group" and "Holding" are not in it: they tell a parent from its subsidiaries. Forms of several words have hyphens.
_FORMS: Final = """
    inc incorporated corp corporation co company llc llp lp plc ltd limited pllc pbc
    gmbh mbh ag kg kgaa ohg ug gbr ev eg se sa sas sasu sarl eurl snc sca scop
    bv nv vof cv ab aktiebolag hb oy oyj as asa aps spa srl srls sl slu sau
    pty pte pvt private-limited kk kabushiki-kaisha yk godo-kaisha sdn-bhd bhd
    doo ood eood sro spol-s-ro zrt kft nyrt sp-z-oo sp-j sp-k uab sia ou
    ltda lda eireli sa-de-cv s-de-rl-de-cv s-de-rl sapi-de-cv
    ooo oao zao pao pjsc jsc psc fze fzco wll tbk
"""
_LEGAL_FORMS: Final = frozenset(tuple(form.split("-")) for form in _FORMS.split())
_LONGEST: Final = max(map(len, _LEGAL_FORMS))


@lru_cache(maxsize=4096)
def company_key(name: str) -> str:
    """The name folded, without its legal form and without a leading "the". May be empty."""
    words = folded(_spelled_out(name)).split()
    while (shorter := _shortened(words)) != words:
        words = shorter
    return " ".join(words)


def same_company(a: str | None, b: str | None) -> bool | None:
    """Whether two names are one company's; ``None`` when one is missing or only says less than the other."""
    one, other = company_key(a or ""), company_key(b or "")
    if not one or not other:
        return None
    if one.replace(" ", "") == other.replace(" ", ""):
        return True
    words, others = set(one.split()), set(other.split())
    return None if words <= others or others <= words else False


def _spelled_out(name: str) -> str:
    text = _SLASHED.sub(r"\1\2", _CONJUNCTION.sub(" and ", name))
    return _INITIALISM.sub(lambda match: match.group().replace(".", ""), text)


def _shortened(words: list[str]) -> list[str]:
    """One legal form or article less; the last word of a name always stays."""
    for length in range(min(_LONGEST, len(words) - 1), 0, -1):
        if tuple(words[-length:]) in _LEGAL_FORMS:
            return words[:-length]
    if len(words) > 1 and words[-1] == "and":
        return words[:-1]
    return words[1:] if len(words) > 1 and words[0] == "the" else words
