"""The words of a reply without what it merely repeats: addresses, names of hosts, numbers of networks and links.

A mailbox called "spam.blocked" must not look like a block, so the asked address leaves a mark and goes. Names of
block lists are looked for first: they are often said only in a link. What the words mean is in `reply_words`.
"""

import re
import unicodedata
from typing import Final

import msgspec

MAILBOX: Final = "\ue000"
"""Marks in the place of what was taken out: the asked mailbox,"""
SENDER: Final = "\ue001"
"""our sender or its domain,"""
GREETING: Final = "\ue002"
"""the name that we greeted with,"""
NETWORK: Final = "\ue003"
"""an IP address,"""
OTHER: Final = "\ue004"
"""another host, link or address."""

_LINK: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)
_ANY_ADDRESS: Final = re.compile(r"[^\s<>@()\[\]\"':;,]+@[\w.-]*\w", re.IGNORECASE)
_IP: Final = re.compile(
    r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d{1,5})?(?![\w.]*\d)|(?<![\w:])(?=[0-9a-f:]*::|(?:[0-9a-f]+:){3})[0-9a-f]{1,4}(?::{1,2}[0-9a-f]{1,4}){2,7}(?![\w:])",
    re.IGNORECASE,
)
_COUNTRY: Final = (
    "ar|at|au|be|br|ca|ch|cl|cn|co|cz|de|dk|es|eu|fi|fr|gr|hk|hu|ie|il|in|io|it"
    "|jp|kr|mx|nl|nz|pl|pt|ro|ru|se|sg|sk|tr|tw|ua|uk|us|za"
)
_HOST: Final = re.compile(
    r"(?<![\w.-])(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+"
    rf"(?:com|net|org|info|biz|edu|gov|mil|email|online|cloud|test|example|invalid|local|lan|internal|{_COUNTRY})(?![\w-]|\.\w)",
    re.IGNORECASE,
)
_STATUS: Final = re.compile(r"(?<![\w.])#?[245]\.\d{1,3}\.\d{1,3}(?![.\w]*\d)")
_STAMP: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\dZ]*")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_HYPHEN: Final = re.compile(r"(?<=[^\W\d])[-_\u2010-\u2014](?=[^\W\d])")
_QUOTES: Final = re.compile(r"[\"`*<>\u00ab\u00bb\u201c\u201d\u201e]")
_LETTERS: Final = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "\u0131": "i"})
_LAST_ACCENTED: Final = "\u0400"
"""Latin and Greek lose their accents; in other scripts such marks make other letters."""
_RFC_WORDS: Final = re.compile(r"[(\[]?e\.?g\.?,? mailbox (?:not found|busy)[^)\]]*[)\]]?")
"""The standard's own example behind "mailbox unavailable" names every reason there is, and so none."""

_BLOCK_LISTS: Final = re.compile(
    r"spamhaus|spamcop|barracudacentral|sorbs\b|uceprotect|dnsbl|\brbl\b|\brbls?[.\d-]|abuseat|\bcbl\b|\bpsbl\b|surriel|"
    r"manitu|nixspam|spameatingmonkey|mailspike|senderscore|senderbase|talosintel|backscatterer|spamrats|gbudb|"
    r"hostkarma|junkemailfilter|lashback|spfbl|swinog|0spam|blocklist\.de|cloudmark|ipcheck\.|prs\.proofpoint|"
    r"trustedsource|mail-abuse|fortiguard|\burib?l\b|surbl|abusix|invaluement|multirbl|sender\.office\.com|njabl|dsbl|"
    r"spamsources|matrixbl|s5h\.net|nordspam|whitelisted\.org|dronebl|zapbl|rv-soft|anonmails|ascams|\bbl\.",
    re.IGNORECASE,
)


class ReplyText(msgspec.Struct, frozen=True):
    """``plain``: lower case, marked, without accents, hyphens and quotes. ``names_list``: a block list is named."""

    plain: str
    names_list: bool


def strip_echo(text: str, recipient: str, sender: str, ours: tuple[str, ...] = (), host: str = "") -> ReplyText:
    """What is left of a reply when all that it repeats is marked. ``ours`` are the names that we greet with."""
    own, _, own_domain = sender.rpartition("@")
    local, _, domain = recipient.rpartition("@")
    rest = _STAMP.sub(" ", unicodedata.normalize("NFKC", text))
    rest = _marked(rest, recipient, MAILBOX)
    if own:
        rest = _marked(rest, sender, SENDER)
    for name, mark in (*((name, GREETING) for name in ours), (host, OTHER), (domain, OTHER)):
        rest = _marked(rest, name, mark)
    rest = _without_local(_STATUS.sub(" ", rest).strip(), local)
    names_list = _BLOCK_LISTS.search(_ANY_ADDRESS.sub(OTHER, rest)) is not None
    rest = _marked(_LINK.sub(OTHER, rest), own_domain, SENDER)
    rest = _HOST.sub(OTHER, _IP.sub(NETWORK, _ANY_ADDRESS.sub(OTHER, rest)))
    return ReplyText(_folded(rest), names_list)


def _marked(text: str, part: str, mark: str) -> str:
    """The part wherever it stands by itself; a name is not looked for within longer names."""
    if len(part) < 3 or _lacks(text, part):
        return text
    return re.sub(rf"(?<![\w@.+-]){re.escape(part)}(?![\w@-]|\.\w)", mark, text, flags=re.IGNORECASE)


def _lacks(text: str, part: str) -> bool:
    """Whether it is certainly not there: most replies repeat little, and patterns are dear to make."""
    return text.isascii() and part.isascii() and part.lower() not in text.lower()


def _without_local(text: str, local: str) -> str:
    """The local part. One that is a mere word goes only where it stands as a name does."""
    name = re.escape(local.strip('"'))
    if len(local) < 2 or _lacks(text, local.strip('"')):
        return text
    if local.isalpha():
        name = rf"(?<=[<(\[\"'`]){name}(?=[>)\]\"'`@])|(?<=: ){name}(?=[\s.!)]*$)|^{name}(?=(?:\.\.\.|: |, ))"
    else:
        name = rf"(?<![\w.+-]){name}(?![\w-]|\.\w)"
    return re.sub(name, MAILBOX, text, flags=re.IGNORECASE)


def _folded(text: str) -> str:
    split = _CAMEL.sub(" ", text.replace("\u2019", "'").replace("\u00b4", "'").replace("<>", " null sender "))
    lowered = "".join(map(_plain, split)).lower().translate(_LETTERS)
    words = _QUOTES.sub(" ", _HYPHEN.sub(" ", lowered))
    plain = re.sub(r"\be mail", "email", " ".join(words.split()))
    return " ".join(_RFC_WORDS.sub(" ", plain).split())


def _plain(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base < _LAST_ACCENTED else letter


_CLOCK: Final = re.compile(r"(?:in|for|after|wait|back|another|~)[ :]*(?:about )?(\d{1,2}):(\d\d):(\d\d)\b")
_AMOUNT: Final = re.compile(
    r"(\d{1,5}) ?(s\b|sec|sekund|segund|second|saniye|\u0441\u0435\u043a|\u79d2|\ucd08|"
    r"m\b|min|\u043c\u0438\u043d|\u0445\u0432\u0438\u043b|\u5206|\ubd84|dakika|h\b|hour|heure|stund|hora|ora\b|ore\b|\u0447\u0430\u0441|\u5c0f\u65f6|\u6642\u9593)"
)
_PER_UNIT: Final = {
    "s": 1.0,
    "\u0441": 1.0,
    "\u79d2": 1.0,
    "\ucd08": 1.0,
    "m": 60.0,
    "\u043c": 60.0,
    "\u0445": 60.0,
    "\u5206": 60.0,
    "\ubd84": 60.0,
    "d": 60.0,
}


def wait_in(plain: str) -> float | None:
    """The seconds that a reply asks to wait; ``None`` when it names no time."""
    clock = _CLOCK.search(plain)
    if clock:
        hours, minutes, seconds = map(int, clock.groups())
        return hours * 3600.0 + minutes * 60.0 + seconds or None
    amount = _AMOUNT.search(plain)
    if amount is None:
        return None
    unit = "hour" if amount[2].startswith("stund") else amount[2]
    return int(amount[1]) * _PER_UNIT.get(unit[0], 3600.0) or None
