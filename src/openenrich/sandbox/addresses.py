"""How names become ASCII: comparison keys for lenient look-ups, and the mailboxes a company makes of them."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from anyascii import anyascii

_NOT_ALNUM: Final = re.compile(r"[^a-z0-9]+")
_GERMAN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_LEGAL: Final = re.compile(
    r"[\s,]+(inc|llc|corp|corporation|ltd|limited|plc|llp|sas|sarl|sa|s\.a|gmbh|gmbh & co\. kg|ag|ab|pty ltd|dac|s\.l"
    r"|b\.v|bv|n\.v|nv|sp\. z o\.o)\.?$",
    re.IGNORECASE,
)
_HOST: Final = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^@/]*@)?(?:www\.)?([^/:?#]+)", re.IGNORECASE)
_HANDLE: Final = re.compile(r"linkedin\.com/in/([^/?#\s]+)", re.IGNORECASE)
_BARE_HANDLE: Final = re.compile(r"^[^/\s.:]+$")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Lower-case ASCII letters and digits only: ``"Zoë O'Connor"`` -> ``"zoeoconnor"``."""
    return _NOT_ALNUM.sub("", anyascii(text).lower())


@lru_cache(maxsize=65_536)
def fold_german(text: str) -> str:
    """The same with umlauts written as two letters: ``"Jürgen"`` -> ``"juergen"``."""
    return fold(text.translate(_GERMAN))


@lru_cache(maxsize=16_384)
def company_key(name: str) -> str:
    """A company's name without its legal form: ``"Halden Foods GmbH"`` -> ``"haldenfoods"``."""
    return fold(_LEGAL.sub("", name.strip()))


@lru_cache(maxsize=16_384)
def host_of(text: str) -> str:
    """The host of a domain or URL, lower-case and without ``www.``."""
    match = _HOST.match(text.strip())
    return match.group(1).lower().rstrip(".") if match else ""


def handle_of(text: str) -> str | None:
    """The handle in a profile URL or on its own; ``None`` for other pages of the network."""
    match = _HANDLE.search(text)
    if match:
        return match.group(1).lower()
    return text.lower() if _BARE_HANDLE.match(text) else None


Pattern = Callable[[str, str], str]

PATTERNS: Final[Mapping[str, Pattern]] = {
    "first.last": lambda first, last: f"{first}.{last}",
    "flast": lambda first, last: f"{first[0]}{last}",
    "first": lambda first, _last: first,
    "lastfirst": lambda first, last: f"{last}{first}",
    "first_last": lambda first, last: f"{first}_{last}",
    "firstlast": lambda first, last: f"{first}{last}",
    "last.first": lambda first, last: f"{last}.{first}",
    "last": lambda _first, last: last,
    "f.last": lambda first, last: f"{first[0]}.{last}",
    "firstl": lambda first, last: f"{first}{last[0]}",
}
"""By name, commonest first."""

PATTERN_WEIGHTS: Final = (50, 18, 7, 4, 4, 3, 2, 2, 2, 2)


def local_part(pattern: str, first_name: str, last_name: str, *, german: bool) -> str:
    """The part before the @. A company that writes umlauts as two letters does so for everybody."""
    folded = fold_german if german else fold
    return PATTERNS[pattern](folded(first_name), folded(last_name))
