"""LinkedIn addresses of people and companies, in every spelling that section 5.3 of the API accepts.

A profile is known by its handle, the part after ``/in/``. Ordinary handles are lower-case; the member ids that Sales
Navigator hands out keep their case. Nothing here knows whether a profile exists.
"""

import re
import unicodedata
from typing import Final
from urllib.parse import unquote

_SCHEME: Final = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_HOST: Final = re.compile(r"(?:[a-z0-9-]+\.)*linkedin\.com\.?(?::\d+)?", re.IGNORECASE)
_USUAL: Final = re.compile(r"(?:https?://)?(?:www\.)?linkedin\.com/in/([a-z0-9][a-z0-9-]{0,99})/?")
"""How nearly every profile is written: canonical as it stands."""
_MEMBER_ID: Final = re.compile(r"AC[ow]A[A-Za-z0-9_-]{2,}|A[A-Z][A-Za-z0-9]AA[A-Za-z0-9_-]{15,}")
"""Base64 of a number: the usual two kinds, and the rarer long ones of old Sales Navigator exports."""
_FORBIDDEN: Final = re.compile(r"""[\s/\\?#%,;:&=+<>"@|{}\[\]^`*()$!~]""")
_LONGEST: Final = 100


def handle(text: str) -> str | None:
    """The canonical handle of a person's profile; ``None`` for anything else, a bare handle included."""
    usual = _USUAL.fullmatch(text)
    if usual is not None:
        return usual[1]
    match _segments(text):
        case [kind, slug, *_] if kind.lower() == "in":
            return _canonical(slug)
        case [sales, kind, lead, *_] if sales.lower() == "sales" and kind.lower() in {"lead", "people"}:
            return _canonical(lead.split(",", 1)[0])
        case _:
            return None


def company_handle(text: str) -> str | None:
    """The handle or number of a company's page; universities have pages of the same kind under ``/school/``."""
    match _segments(text):
        case [kind, slug, *_] if kind.lower() in {"company", "school"}:
            return _canonical(slug)
        case [sales, kind, slug, *_] if sales.lower() == "sales" and kind.lower() == "company":
            return _canonical(slug)
        case _:
            return None


def is_member_id(handle: str) -> bool:
    """An internal id (``ACw…``, ``ACo…``) instead of a handle that the person chose."""
    return _MEMBER_ID.fullmatch(handle) is not None


def differ(asked: str | None, given: str | None) -> bool:
    """Whether two handles are of two people. Unknown ones and member ids do not tell."""
    if asked is None or given is None or is_member_id(asked) or is_member_id(given):
        return False
    return asked != given


def url(handle: str) -> str:
    """The one spelling in which a profile leaves this system."""
    return f"https://www.linkedin.com/in/{handle}"


def company_url(handle: str) -> str:
    return f"https://www.linkedin.com/company/{handle}"


def _segments(text: str) -> list[str]:
    """The parts of the path, still percent-encoded; empty when the host is not LinkedIn's."""
    address = _SCHEME.sub("", text.strip(), count=1) if _SCHEME.match(text.strip()) else text.strip()
    host, _, path = re.split(r"[?#]", address, maxsplit=1)[0].partition("/")
    if not _HOST.fullmatch(host):
        return []
    return [segment for segment in path.split("/") if segment]


def _canonical(segment: str) -> str | None:
    try:
        slug = unicodedata.normalize("NFC", unquote(segment, errors="strict")).strip()
    except UnicodeDecodeError:
        return None
    if not is_member_id(slug):
        slug = unicodedata.normalize("NFC", slug.lower())
    return slug if _plausible(slug) else None


def _plausible(slug: str) -> bool:
    if not slug or len(slug) > _LONGEST or _FORBIDDEN.search(slug):
        return False
    # Letters of every script and even emoji occur; a handle of nothing but punctuation or control codes does not.
    kinds = {unicodedata.category(letter) for letter in slug}
    return any(kind[0] in "LNS" for kind in kinds) and not kinds & {"Cc", "Cs", "Co", "Cn"}
