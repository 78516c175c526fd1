"""Names of people: what to strip from them, how to split them, and when two of them may be one person.

`clean_name` is what vendors are told, so it keeps diacritics, particles, hyphens and apostrophes. `folded` and the
forms are keys for comparison only and are never shown. Nicknames and unmarked name order are not guessed.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from anyascii import anyascii

_BRACKETED: Final = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?|\{[^{}]*\}?|<[^<>]*>?|\"[^\"]*\"|\u201c[^\u201d]*\u201d")
_HEADLINE: Final = re.compile(r"(?<=\S)\s*[|\u2022].*", re.DOTALL)
_APOSTROPHES: Final = "'\u2019\u02bc\u02bb"
_KEPT_MARKS: Final = f"-.,{_APOSTROPHES}\u2010\u00b7"
_EMOJI_MARKS: Final = "\ufe0e\ufe0f\u20e3"
_PLAIN: Final = re.compile(r"[A-Za-z]+(?:[ '-][A-Za-z]+)*")
"""Most names: nothing in them can be decoration, only a title in front or a degree behind."""
_LOOKALIKES: Final = str.maketrans(
    {"`": "'", "\u00b4": "'", "\u2018": "'", "\uff07": "'", "\u2011": "-", "\u2013": "-"}
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A title is dropped only in front of another word, a suffix only behind one: "Herr" and "Miss" are surnames too.
_TITLES: Final = _words("""
    dr dres prof professor mr mrs ms mx mme mlle dott dottssa dra sra srta herr frau dipl-ing dipl-kfm sir dame
""")
_DOTTED_TITLES: Final = _words("ing mag eng sr rev hon capt col lt maj gen sgt fr dipl")
"""Titles only when written with their dot: Gen, Rev and Ing are first names."""
_SUFFIXES: Final = _words("""
    jr sr ii iii iv phd dphil mba emba msc bsc mphil mpa mph llm llb esq cpa cfa caia cma acca aca pmp csm cissp cisa
    cism phr sphr shrm-cp shrm-scp ccie dds dmd edd pharmd fca frm mbbs
""")
_AFTER_COMMA: Final = _words("ma ba be do pe md jd bs ms rn pa cp mr dr prof")
"""Degrees that are also names (Ma, Do, JD): dropped only behind a comma."""

_PARTICLES: Final = _words("""
    von van der den de del della di da do dos das du la le lo el al bin ibn ben bint ter ten ze zu zur zum vom af av
    y e i und st
""")


def clean_name(text: str) -> str | None:
    """A name, or part of one, without titles, degrees, pronouns and emoji; ``None`` when nothing is left."""
    if _is_clean(text):
        return text
    current = unicodedata.normalize("NFC", text)
    while (cleaner := _clean_once(current)) != current:
        current = cleaner
    return current or None


def split_full_name(text: str) -> tuple[str | None, str | None]:
    """First and last name: split at the first space, or turned round where written "Last, First"."""
    pieces = [piece for piece in map(clean_name, _without_decoration(text).split(",")) if piece]
    pieces = pieces[:1] + [piece for piece in pieces[1:] if not _is_credential(piece)]
    if len(pieces) == 2:
        return pieces[1], pieces[0]
    first, _, last = (clean_name(" ".join(pieces)) or "").partition(" ")
    return first or None, clean_name(last)


@lru_cache(maxsize=16_384)
def folded(text: str) -> str:
    """The key of a name: lower-case ASCII letters and digits, words separated by one space. May be empty."""
    tidy = unicodedata.normalize("NFC", text).translate(_LOOKALIKES).replace("\u00b7", "")
    # Symbols go first: anyascii would spell them out, and a rocket is no part of a name.
    spelt = "".join(" " if unicodedata.category(letter)[0] == "S" else letter for letter in tidy)
    plain = anyascii(spelt).casefold().replace("'", "")
    return " ".join(re.findall(r"[a-z0-9]+", plain))


@lru_cache(maxsize=4096)
def first_forms(first: str) -> tuple[str, ...]:
    """Keys of a first name: each transliteration, whole and joined, without middle names."""
    forms: list[str] = []
    for words in _spellings(first):
        hyphenated = _is_hyphenated(first)
        forms += [" ".join(words), "".join(words)] if hyphenated else [" ".join(words), words[0]]
    return tuple(dict.fromkeys(forms))


@lru_cache(maxsize=4096)
def last_forms(last: str) -> tuple[str, ...]:
    """Keys of a surname: whole first, then joined, without particles, and each part of a double surname."""
    return tuple(dict.fromkeys((*_whole_forms(last), *_part_forms(last))))


def variants(first: str, last: str) -> tuple[str, ...]:
    """All plausible keys of one person, the plain "first last" in front."""
    return tuple(dict.fromkeys(f"{one} {other}" for one in first_forms(first) for other in last_forms(last)))


def same_person(first_a: str | None, last_a: str | None, first_b: str | None, last_b: str | None) -> bool | None:
    """Whether two names may be one person's; ``None`` when a part is missing on either side."""
    parts = [part for part in (first_a, last_a, first_b, last_b) if part and folded(part)]
    if len(parts) < 4:
        return None
    one, two, three, four = parts
    if _swapped_equal(one, two, three, four):
        return True
    if not _firsts_agree(one, three):
        return False
    # A surname cut to its initial can rule a person out, but never confirm one.
    cut = _initial_fits(two, four) or _initial_fits(four, two)
    return True if _lasts_agree(two, four) else (None if cut else False)


def _is_clean(text: str) -> bool:
    """Whether a look suffices to see that cleaning would change nothing; false says nothing."""
    if text.isalpha():
        return unicodedata.is_normalized("NFC", text)
    if _PLAIN.fullmatch(text) is None:
        return False
    first, *rest = text.casefold().split(" ")
    return not rest or not (first in _TITLES or rest[-1] in _SUFFIXES)


def _clean_once(text: str) -> str:
    head, *tail = _without_decoration(text).split(",")
    kept = [head, *(piece for piece in tail if not _is_credential(piece))]
    words = [word for word in map(_trimmed, " ".join(kept).split()) if word]
    while len(words) > 1 and _is_title(words[0]):
        words = words[1:]
    while len(words) > 1 and _bare(words[-1]) in _SUFFIXES:
        words = words[:-1]
    return unicodedata.normalize("NFC", " ".join(words))


def _without_decoration(text: str) -> str:
    text = unicodedata.normalize("NFC", text).translate(_LOOKALIKES)
    text = _HEADLINE.sub("", _BRACKETED.sub(" ", text))
    kept: list[str] = []
    for letter in text:
        kind = unicodedata.category(letter)
        # A mark belongs to the letter before it; behind an emoji it is only the emoji's colour or style.
        attached = kind[0] == "M" and letter not in _EMOJI_MARKS and bool(kept) and not kept[-1].isspace()
        if kind[0] == "L" or kind == "Nd" or letter in _KEPT_MARKS or attached:
            kept.append(letter)
        elif kind != "Cf":
            kept.append(" ")
    return "".join(kept)


def _trimmed(word: str) -> str:
    word = word.lstrip("-.,\u2010\u00b7").rstrip("-,\u2010\u00b7")
    if not any(letter.isalnum() for letter in word):
        return ""
    # A final dot stays with an initial or an abbreviation ("J.", "St.", "Chr.").
    return word.rstrip(".") if len(word.rstrip(".")) > 3 else word


def _bare(word: str) -> str:
    return word.replace(".", "").casefold()


def _is_title(word: str) -> bool:
    bare = _bare(word)
    return bare in _TITLES or (word.endswith(".") and bare in _DOTTED_TITLES)


def _is_credential(piece: str) -> bool:
    words = [_bare(word) for word in piece.split()]
    return all(word in _SUFFIXES or word in _AFTER_COMMA or word in _TITLES for word in words)


# Letters with more than one usual romanisation, beside the one that anyascii knows.
_LONG_LETTERS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "ß": "ss", "þ": "th", "ð": "d"}
)
_SHORT_LETTERS: Final = str.maketrans({"æ": "a", "ß": "s", "œ": "o"})
_CYRILLIC: Final = str.maketrans(
    {"й": "i", "ю": "iu", "я": "ia", "\u0445": "h", "ё": "yo", "ц": "c", "щ": "sch", "ь": "", "ъ": "", "ы": "i"}
)


def _spellings(name: str) -> list[list[str]]:
    """The words of each romanisation of the name; never a list without words."""
    lowered = unicodedata.normalize("NFC", name.lower())
    tables: tuple[dict[int, str], ...] = ({}, _LONG_LETTERS, _SHORT_LETTERS, _CYRILLIC)
    keys = dict.fromkeys(folded(lowered.translate(table)) for table in tables)
    return [key.split() for key in keys if key] or [[""]]


def _is_hyphenated(name: str) -> bool:
    return any(mark in name for mark in "-\u2010\u2011\u2013")


@lru_cache(maxsize=4096)
def _whole_forms(last: str) -> tuple[str, ...]:
    forms: list[str] = []
    for words in _spellings(last):
        main = _without_particles(words)
        forms += [" ".join(words), "".join(words), " ".join(main), "".join(main)]
    return tuple(dict.fromkeys(forms))


def _part_forms(last: str) -> tuple[str, ...]:
    parts = [_without_particles(words) for words in _spellings(last)]
    return tuple(dict.fromkeys(word for words in parts for word in (words[0], words[-1])))


def _without_particles(words: list[str]) -> list[str]:
    return [word for word in words if word not in _PARTICLES] or words


def _firsts_agree(one: str, other: str) -> bool:
    forms, others = set(first_forms(one)), set(first_forms(other))
    return bool(forms & others) or _initial_fits(one, other) or _initial_fits(other, one)


def _initial_fits(initial: str, name: str) -> bool:
    letters = tuple(form for form in first_forms(initial) if len(form) == 1)
    return any(form.startswith(letters) for form in first_forms(name)) if letters else False


def _lasts_agree(one: str, other: str) -> bool:
    # One side must match as a whole: two double surnames that share a half are two families.
    whole, whole_other = set(_whole_forms(one)), set(_whole_forms(other))
    return bool(whole & set(last_forms(other)) or whole_other & set(last_forms(one)))


def _swapped_equal(first_a: str, last_a: str, first_b: str, last_b: str) -> bool:
    # Stricter than the usual order: whole names only, no initials and no halves.
    crossed = set(_whole_forms(first_a)) & set(_whole_forms(last_b))
    return bool(crossed and set(_whole_forms(last_a)) & set(_whole_forms(first_b)))
