"""Capitals for texts that some vendors send wholly in lower case, and some wholly in capitals.

Promises to leave every text alone that has both capitals and small letters: its writer knew better. Applying a
function twice changes nothing more. Languages are not told apart; the lists below cover what is common in business.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_WORD: Final = re.compile(r"[^\s\-\u2010-\u2014/&+,:;|()\"]+")
_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?\.?")
_PREFIX: Final = re.compile(r"(?:mc(?=[^\W\d_]{3})|[^\W\d_]['\u2019](?=[^\W\d_]{2}))")
_VOWELS: Final = frozenset("aeiouy")


def _table(*lists: str) -> Mapping[str, str]:
    """Words in their right spelling, found by their lower-case form."""
    return {word.lower(): word for words in lists for word in words.split()}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class _Rules:
    """``small`` stays small between other words, ``leading`` even at the start, ``special`` has a spelling of its own.

    ``suffixes`` is special too, but never as the first word: ``se`` ends a company, ``se`` begins a Spanish sentence.
    Up to ``abbreviation`` capitals standing alone are left as they are: they are an abbreviation rather than a word.
    """

    small: frozenset[str] = frozenset()
    leading: frozenset[str] = frozenset()
    special: Mapping[str, str] = field(default_factory=dict)
    suffixes: Mapping[str, str] = field(default_factory=dict)
    abbreviation: int = 0


_PERSON: Final = _Rules(
    small=_words("da do la le di y e und bin ibn al el af"),
    leading=_words("de del della dos das du van von der den ter ten zu zur 't"),
    special=_table("II III IV PhD MBA MD CPA PMP"),
)
_PLACE: Final = _Rules(
    small=_words(
        "of the and de del della der den di do da dos das du des la le les las los en et am an im in "
        "sur sous upon by y e i lès"
    ),
    special=_table("USA UK UAE DC"),
    abbreviation=2,
)
_SMALL_WORDS: Final = _words(
    "of the and for in at to a an on by with or as via de del la du des et y e und für von da do para di per"
)
_ACRONYMS: Final = (
    "IT HR PR AI ML UI UX QA 2D 3D B2B B2C B2G SaaS PaaS CRM ERP SAP AWS IoT API SEO SEM PPC USA US UK UAE EU EMEA APAC"
    " LATAM DACH MENA GmbH LLC iOS DevOps RevOps BI VR AR TV NGO"
)
_TITLE: Final = _Rules(
    small=_SMALL_WORDS,
    special=_table(
        _ACRONYMS,
        "CEO CTO CFO COO CMO CIO CRO CPO CSO CDO CCO CISO CHRO VP SVP EVP AVP RVP MD GM SDR BDR AE CSM SRE GTM PMO",
        "PhD MBA CPA PMP II III IV",
    ),
    abbreviation=4,
)
_COMPANY: Final = _Rules(
    small=_SMALL_WORDS,
    special=_table(_ACRONYMS, "IBM BMW AXA UBS HSBC KPMG PwC GmbH mbH KGaA OHG LLP LLLP PLC eV"),
    suffixes=_table(
        "AG SE KG UG LP SA SAS SARL SRL SpA BV NV AB AS ASA ApS KK PC PA PBC SL SLU SCA SNC OÜ Oy Oyj Inc Ltd Corp Co"
    ),
    abbreviation=4,
)


def person_name(text: str) -> str:
    """``ada de la cruz`` becomes ``Ada de la Cruz``, ``O'NEIL`` becomes ``O'Neil``."""
    return _recased(text, _PERSON)


def place_name(text: str) -> str:
    """``rio de janeiro`` becomes ``Rio de Janeiro``."""
    return _recased(text, _PLACE)


def title(text: str) -> str:
    """``head of it`` becomes ``Head of IT``; also right for skills, degrees and industries."""
    return _recased(text, _TITLE)


def company_name(text: str) -> str:
    """``bank of example gmbh`` becomes ``Bank of Example GmbH``."""
    return _recased(text, _COMPANY)


def _recased(text: str, rules: _Rules) -> str:
    if not (text.islower() or text.isupper()):
        return text
    words = list(_WORD.finditer(text))
    out, done = [], 0
    for index, match in enumerate(words):
        alone, first, last = len(words) == 1, index == 0, index == len(words) - 1
        word = match.group()
        meant = _is_abbreviation(word, rules, alone=alone)
        out += [text[done : match.start()], word if meant else _word(word.lower(), rules, first=first, last=last)]
        done = match.end()
    return "".join(out) + text[done:]


def _is_abbreviation(word: str, rules: _Rules, *, alone: bool) -> bool:
    """Capitals that are probably meant: ``DHL`` by itself, ``HSBC`` (no vowel) anywhere."""
    if not (rules.abbreviation and word.isupper()) or word.lower() in rules.special:
        return False
    return (alone and len(word) <= rules.abbreviation) or not _VOWELS & set(word.lower())


def _word(word: str, rules: _Rules, *, first: bool, last: bool) -> str:
    """The spelling of one word that came in lower case."""
    bare = word.rstrip(".")
    rest = word[len(bare) :]
    if bare in rules.special:
        return rules.special[bare] + rest
    if bare in rules.suffixes and not first:
        return rules.suffixes[bare] + rest
    if (word in rules.leading and not last) or (word in rules.small and not first and not last):
        return word
    if _INITIALS.fullmatch(word):
        return "".join(map(_capital, word))
    prefix = _PREFIX.match(word)
    cut = prefix.end() if prefix else 0
    return _capitalised(word[:cut]) + _capitalised(word[cut:])


def _capitalised(word: str) -> str:
    return _capital(word[:1]) + word[1:]


def _capital(letter: str) -> str:
    """The capital of a letter, unless it would not lead back to the letter (``ß`` would become ``SS``)."""
    capital = letter.upper()
    return capital if capital.lower() == letter else letter
