"""E-mail addresses as such: whether one is well formed, and what can be seen of it without asking anybody.

The syntax of email-verification, section 2, which is that of mailboxes less what no work address has: comments and
address literals. Whether it exists is for ``verify``.
"""

import re
from enum import StrEnum
from typing import Final

import idna
import msgspec
from rapidfuzz.distance import OSA

from openenrich.core.address_lists import BUILT_IN, AddressLists
from openenrich.core.domains import is_free_mail

_MOST_LOCAL: Final = 64
_MOST_DOMAIN: Final = 253
_MOST: Final = 254
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u00a1-\U0010ffff-]+"
_DOT_ATOM: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_QUOTED: Final = re.compile(r'"(?:[ !#-\[\]-~]|\\[ -~])*"')
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TOP_LABEL: Final = re.compile(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_FIRST: Final = re.compile(r"[a-z]+")


class Defect(StrEnum):
    """What is wrong with the text of an address; the value is the reason of the finding."""

    NO_AT = "syntax_no_at"
    LOCAL_EMPTY = "syntax_local_empty"
    LOCAL_TOO_LONG = "syntax_local_too_long"
    LOCAL_PART = "syntax_local_part"
    DOMAIN = "syntax_domain"
    DOMAIN_LITERAL = "syntax_domain_literal"
    COMMENT = "syntax_comment"
    TOO_LONG = "syntax_too_long"


class Address(msgspec.Struct, frozen=True):
    """``local`` exactly as it was given, ``domain`` in lower-case A-labels."""

    local: str
    domain: str
    needs_smtputf8: bool = False

    @property
    def key(self) -> str:
        """The same for all spellings of one mailbox: for memory and comparison, never for the wire."""
        return f"{self.local.casefold()}@{self.domain}"


def parse_address(text: str) -> Address | Defect:
    """The parts of an address, or the first thing that is wrong with it."""
    local, at, host = text.strip().rpartition("@")
    if not at:
        return Defect.NO_AT
    defect = _local_defect(local)
    if defect is not None:
        return defect
    if host.startswith("["):
        return Defect.DOMAIN_LITERAL
    domain = _a_labels(host)
    if domain is None:
        return Defect.COMMENT if "(" in host else Defect.DOMAIN
    if len(local.encode()) + 1 + len(domain) > _MOST:
        return Defect.TOO_LONG
    return Address(local=local, domain=domain, needs_smtputf8=not local.isascii())


def flags_of(address: Address, lists: AddressLists = BUILT_IN) -> frozenset[str]:
    """``role``, ``disposable``, ``free_provider``, ``smtputf8``, and ``typo_suggestion:`` with the likely domain."""
    suggestion = typo_suggestion(address.domain)
    flags = {
        "role": is_role(address.local, lists),
        "disposable": is_disposable(address.domain, lists),
        "free_provider": is_free_mail(address.domain),
        "smtputf8": address.needs_smtputf8,
        f"typo_suggestion:{suggestion}": suggestion is not None,
    }
    return frozenset(flag for flag, holds in flags.items() if holds)


def is_role(local: str, lists: AddressLists = BUILT_IN) -> bool:
    """A function, not a person: ``info``, ``sales.uk``, ``no-reply``, ``support+tickets``."""
    whole = local.casefold().split("+", 1)[0]
    if whole in lists.roles or re.sub(r"[._-]", "", whole) in lists.roles:
        return True
    parts = [part for part in re.split(r"[._\d-]+", whole) if part]
    rest = [part for part in parts if part not in lists.roles]
    return len(rest) < len(parts) and all(len(part) == 2 for part in rest)


def is_disposable(domain: str, lists: AddressLists = BUILT_IN) -> bool:
    """A mailbox that anybody can open for minutes, also under a name below; what is allowed wins."""
    labels = domain.split(".")
    ends = {".".join(labels[place:]) for place in range(len(labels) - 1)}
    return not ends & lists.allowed and bool(ends & lists.disposable)


def typo_suggestion(domain: str) -> str | None:
    """The free-mail domain that was probably meant; ``None`` for a domain that is one, or is like none."""
    if is_free_mail(domain) or domain in _OWN_RIGHT or domain.count(".") > 2:
        return None
    near = [meant for meant in _OFTEN_MEANT.split() if _is_slip(domain, meant)]
    return near[0] if near else None


def _is_slip(domain: str, meant: str) -> bool:
    """One slip of the finger in the name, or a known one in the ending. Short names have too many neighbours."""
    name, _, ending = domain.partition(".")
    meant_name, _, meant_ending = meant.partition(".")
    if ending == meant_ending:
        return len(meant_name) >= 5 and OSA.distance(name, meant_name) == 1
    return name == meant_name and ending in _SLIPS.get(meant_ending, ())


_OFTEN_MEANT: Final = """
    gmail.com googlemail.com hotmail.com outlook.com yahoo.com icloud.com protonmail.com hotmail.fr hotmail.de
    hotmail.it hotmail.es hotmail.co.uk yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.co.uk outlook.fr outlook.de
    orange.fr wanadoo.fr laposte.net t-online.de freenet.de libero.it comcast.net yandex.ru live.com msn.com
    aol.com web.de gmx.de gmx.net mail.ru
"""
_SLIPS: Final = {
    "com": ("con", "cm", "co", "om", "cmo", "ocm", "vom", "xom", "comm", "coom", "clm", "cpm", "c0m", "comn", "coml"),
    "de": ("ed", "d", "dee"),
    "fr": ("rf", "ff", "frr"),
    "net": ("ney", "nte", "ent", "met", "nett", "het"),
    "ru": ("ur", "rru"),
    "it": ("ti", "itt"),
    "co.uk": ("co.u", "co.k", "c.uk", "couk", "co.ukk"),
}
_OWN_RIGHT: Final = frozenset(
    {"cloud.com", "iclouds.com", "ymail.com", "gmails.com", "free.net", "range.fr", "liber.it"}
)
"""One letter away from a free-mail domain, and somebody's own."""


def _local_defect(local: str) -> Defect | None:
    if not local:
        return Defect.LOCAL_EMPTY
    if len(local.encode()) > _MOST_LOCAL:
        return Defect.LOCAL_TOO_LONG
    if _DOT_ATOM.fullmatch(local) and all(letter.isprintable() and not letter.isspace() for letter in local):
        return None
    if _QUOTED.fullmatch(local):
        return None
    return Defect.COMMENT if "(" in local and '"' not in local else Defect.LOCAL_PART


def _a_labels(host: str) -> str | None:
    """Names of the DNS have A-labels; IDNA 2008 with the mapping of UTS 46, non-transitional."""
    lowered = host.lower()
    if not lowered.isascii() or "xn--" in lowered:
        try:
            lowered = idna.encode(host, uts46=True, transitional=False).decode("ascii").lower()
        except UnicodeError:
            return None
    *labels, top = lowered.split(".")
    sound = bool(labels) and len(lowered) <= _MOST_DOMAIN and _TOP_LABEL.fullmatch(top) is not None
    return lowered if sound and all(_LABEL.fullmatch(label) for label in labels) else None
