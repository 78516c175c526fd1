"""What was found out about one mailbox, and the rules that turn replies into that (email-verification, 5 to 9).

Pure: the conversation, its memory and the clock are elsewhere. ``UNKNOWN`` is an outcome of its own: never INVALID,
never billed, never kept.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from string import ascii_lowercase
from typing import Final, Protocol

import msgspec

from openenrich.core.addresses import is_role
from openenrich.core.smtp_replies import Reading, ReplyClass, Stage


class MailboxStatus(StrEnum):
    """The verifier's own verdicts (section 1)."""

    DELIVERABLE = "deliverable"
    PROBABLE = "probable"
    CATCH_ALL = "catch_all"
    INVALID = "invalid"
    INVALID_DOMAIN = "invalid_domain"
    UNKNOWN = "unknown"


class CatchAll(StrEnum):
    """What invented names taught about a domain."""

    REFUSES = "refuses"
    """Invented names are refused."""
    ACCEPTS = "accepts"
    """Any name is accepted."""
    OPEN = "open"
    """It was tried and could not be found out."""
    UNTESTED = "untested"


class MailboxCheck(msgspec.Struct, frozen=True, omit_defaults=True):
    """One finding with its evidence. It is a claim with a date; ``retry_at`` says when to ask again, if ever."""

    address: str
    status: MailboxStatus
    reason: str
    stage: Stage | None = None
    mx: str = ""
    provider: str = ""
    code: int = 0
    enhanced: str = ""
    catch_all: CatchAll = CatchAll.UNTESTED
    flags: frozenset[str] = frozenset()
    connections: int = 0
    attempt: int = 1
    seconds: float = 0.0
    checked_at: datetime | None = None
    retry_at: datetime | None = None
    transcript: tuple[str, ...] = ()


STRONG_SIGNAL: Final = 2
WEAK_SIGNAL: Final = 1
_ENOUGH_SIGNALS: Final = 2
"""One strong signal, or two weak ones (section 6)."""


def conclude(
    target: Reading, catch_all: CatchAll, signals: int = 0, *, doubted: bool = False, confirmed: bool = False
) -> tuple[MailboxStatus, str]:
    """The table of section 9: a status and the code word of its reason.

    ``signals``: the sum of `STRONG_SIGNAL` and `WEAK_SIGNAL` for the address. ``doubted``: the host's directory is
    known to be wrong, or another verifier says deliverable. ``confirmed``: the host said so a day ago as well.
    """
    match target.kind:
        case ReplyClass.ACCEPTED | ReplyClass.ACCEPTS_ANYTHING:
            return _accepted(target, catch_all, signals)
        case ReplyClass.NO_USER | ReplyClass.DISABLED:
            return (MailboxStatus.UNKNOWN, "contradicted") if doubted else (MailboxStatus.INVALID, target.reason)
        case ReplyClass.FULL:
            return _full(catch_all, permanent=target.permanent)
        case ReplyClass.THROTTLED:
            return MailboxStatus.PROBABLE, target.reason
        case ReplyClass.NOT_HOSTED if confirmed:
            return MailboxStatus.INVALID_DOMAIN, target.reason
        case _:
            return MailboxStatus.UNKNOWN, target.reason


def _accepted(target: Reading, catch_all: CatchAll, signals: int) -> tuple[MailboxStatus, str]:
    if target.kind is ReplyClass.ACCEPTS_ANYTHING:
        return _on_catch_all(target.reason, signals)
    if catch_all is CatchAll.REFUSES:
        return MailboxStatus.DELIVERABLE, "accepted"
    return _on_catch_all("catch_all" if catch_all is CatchAll.ACCEPTS else "catch_all_untested", signals)


def _on_catch_all(reason: str, signals: int) -> tuple[MailboxStatus, str]:
    enough = signals >= _ENOUGH_SIGNALS
    return MailboxStatus.PROBABLE if enough else MailboxStatus.CATCH_ALL, reason


def _full(catch_all: CatchAll, *, permanent: bool) -> tuple[MailboxStatus, str]:
    """Full for now is a mailbox that exists, as far as a host that refuses other names can be believed."""
    if permanent:
        return MailboxStatus.INVALID, "mailbox_full"
    known = catch_all is CatchAll.REFUSES
    return MailboxStatus.PROBABLE if known else MailboxStatus.CATCH_ALL, "mailbox_full_for_now"


_MINUTE_S: Final = 60.0
_HOUR_S: Final = 3600.0
_DAY_S: Final = 86_400.0
_GREYLIST_WAITS: Final = (70.0, 6 * _MINUTE_S, 20 * _MINUTE_S, _HOUR_S)
_WAITS: Final = {
    ReplyClass.GREYLISTED: _GREYLIST_WAITS,
    ReplyClass.TEMPORARY: (5 * _MINUTE_S, 30 * _MINUTE_S),
    ReplyClass.SESSION: (0.0,),  # at once, with the other identity
    ReplyClass.SESSION_LIMIT: (0.0, 0.0),  # at once, on a new connection
    ReplyClass.NOT_HOSTED: (_DAY_S,),  # believed when it is said twice, a day apart
}
_NOT_AGAIN: Final = frozenset({"not_offered", "smtputf8_not_offered", "dnssec_bogus"})
"""Trouble that time does not mend."""


def retry_after_s(reading: Reading, attempt: int) -> float | None:
    """How many seconds to wait after so many attempts (1: the first one); ``None``: do not ask again.

    What the host itself says about the time is honoured for an hour at most. A temporary refusal in the words of a
    block clears the first time or never (section 5).
    """
    waits = _waits(reading)
    if attempt > len(waits):
        return None
    said = reading.wait_s if reading.kind in {ReplyClass.GREYLISTED, ReplyClass.TEMPORARY} else None
    return min(said, _HOUR_S) if said else waits[attempt - 1]


def _waits(reading: Reading) -> tuple[float, ...]:
    if reading.reason in _NOT_AGAIN:
        return ()
    if reading.kind is ReplyClass.FULL:
        return () if reading.permanent else (_DAY_S,)
    waits = _WAITS.get(reading.kind, ())
    return waits[:1] if reading.kind is ReplyClass.TEMPORARY and reading.against_us else waits


class Dice(Protocol):
    """Where randomness comes from: a ``random.Random`` will do."""

    def randrange(self, start: int, /) -> int: ...


_SEPARATORS: Final = "._-"
_STARTS: Final = """
    al an ar bar bel ben bor bran cal cor dal dan del dor el em er far fen gal gar ger hal han har hel hor in is jan jar
    jor kal kar kel ken lan lar len lor mal mar mel mer mor nar nel nor or os par per por ral ran ren ros sal san sel
    ser tal tan tar tel ter tor val van var ver vin wal war wel win yar
"""
_ENDS: Final = """
    as en in on er ar is el ton ley man son ard der ner len lin ler mer ber ell ett and ing ham ford wick mann berg stad
    more well wood ston land bert ridge worth field
"""
_MIDDLES: Final = ("a", "e", "i", "o", "an", "el", "en", "er", "in", "ar", "or", "al")
_SHORTEST_NAME: Final = 6
"""A shorter invented name may belong to somebody."""
_LONGEST_NAME: Final = 14
_MOST_PARTS: Final = 4
_TRIES: Final = 100


def invented_names(pattern_of: str, rng: Dice) -> tuple[str, str]:
    """Two local parts that nobody has: one like a person's in the shape of ``pattern_of``, and 12 to 16 letters.

    The shape is the separators, initials where there are initials, and about as many letters. Digits and tags are left
    away: filters that judge by looks refuse digits, and the test is of what they accept.
    """
    shape = _shape(pattern_of)
    taken = pattern_of.casefold()
    human = next(name for name in (_in_shape(shape, rng) for _ in range(_TRIES)) if name != taken and not is_role(name))
    return human, _letters(rng)


def _shape(local: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """How long each part is, and the separators between; the shape of first.last for what has no letters."""
    bare = local.strip('"').split("+", 1)[0]
    parts, separators = [0], []
    for letter in bare:
        if letter in _SEPARATORS and parts[-1]:
            separators.append(letter)
            parts.append(0)
        elif letter.isalpha():
            parts[-1] += 1
    if not parts[-1] and separators:
        parts.pop()
        separators.pop()
    if not parts[0]:
        return (6, 7), (".",)
    return tuple(parts[:_MOST_PARTS]), tuple(separators[: _MOST_PARTS - 1])


def _in_shape(shape: tuple[Sequence[int], Sequence[str]], rng: Dice) -> str:
    lengths, separators = shape
    lone = not any(length > 1 for length in lengths[1:])  # nothing else makes it rare
    parts = [_part(length, rng, lone=lone and length == max(lengths)) for length in lengths]
    return parts[0] + "".join(separator + part for separator, part in zip(separators, parts[1:], strict=True))


def _part(length: int, rng: Dice, *, lone: bool) -> str:
    """An initial for an initial, else a name of about that length."""
    if length == 1 and not lone:
        return _drawn("abcdefghijklmnoprstvw", rng)
    return _name(min(max(length, _SHORTEST_NAME if lone else 3), _LONGEST_NAME), rng)


def _name(length: int, rng: Dice) -> str:
    """Syllables that names are made of: as long as asked for, give or take one letter where it can be."""
    name = _drawn(_STARTS.split(), rng)
    while length - len(name) > 4:
        name += _drawn(_MIDDLES, rng) + _drawn("lmnrst", rng)
    missing = length - len(name)
    fitting = [end for end in _ENDS.split() if abs(len(end) - missing) <= 1]
    return name + _drawn(fitting, rng) if fitting else name


def _drawn(choices: Sequence[str], rng: Dice) -> str:
    return choices[rng.randrange(len(choices))]


def _letters(rng: Dice) -> str:
    return "".join(_drawn(ascii_lowercase, rng) for _ in range(12 + rng.randrange(5)))
