"""What the simulated verifiers believe about an address: the world's truth, but for a few that nobody can look into.

Each verifier has its own blind spots, the same in every run. Where a host accepts every name some take that for an
answer, and those that promise to see through it mostly do. None is mistaken about a host that tells the truth.
"""

from enum import StrEnum
from hashlib import blake2b
from typing import Final

from openenrich.sandbox.desk import Call
from openenrich.sandbox.world import Condition, Mailbox

UNKNOWN_SHARE: Final = 0.04
MISTAKEN_SHARE: Final = 0.06
"""Of addresses on hosts that accept every name: taken for a mailbox."""
RESOLVED_SHARE: Final = 0.9
"""Of the same, by those that see through it."""


class Opinion(StrEnum):
    """What a verifier can say, before it is put in its own words."""

    GOOD = "good"
    ACCEPTED = "accepted"  # the host accepts every name
    BAD = "bad"
    UNKNOWN = "unknown"


_TRUE: Final = {Mailbox.DELIVERABLE: Opinion.GOOD, Mailbox.CATCH_ALL: Opinion.ACCEPTED, Mailbox.INVALID: Opinion.BAD}


def opinion(call: Call, address: str) -> Opinion:
    """What an ordinary verifier believes."""
    if _draw(call, "unknown", address) < UNKNOWN_SHARE:
        return Opinion.UNKNOWN
    true = _TRUE[call.world.mailbox(address)]
    mistaken = true is Opinion.ACCEPTED and _draw(call, "mistaken", address) < MISTAKEN_SHARE
    return Opinion.GOOD if mistaken else true


def insight(call: Call, address: str) -> Opinion:
    """What a verifier believes that sees through hosts which accept every name; `ACCEPTED` where it does not."""
    true = _TRUE[call.world.mailbox(address)]
    if true is not Opinion.ACCEPTED or _draw(call, "resolved", address) >= RESOLVED_SHARE:
        return true
    return Opinion.GOOD if exists(call, address) else Opinion.BAD


def exists(call: Call, address: str) -> bool:
    """Whether somebody reads what is sent there, whatever the host accepts."""
    return call.world.condition(address) in {Condition.FINE, Condition.FULL_FOR_NOW, Condition.THROTTLED}


def host(address: str) -> str:
    return address.rpartition("@")[2].lower()


def slow(call: Call, address: str, share: float) -> bool:
    """Whether this address is one that takes a verifier long."""
    return _draw(call, "slow", address) < share


def _draw(call: Call, subject: str, address: str) -> float:
    """Evenly spread over [0, 1), the same in every run."""
    text = f"{call.world.seed}/{call.vendor}/{subject}/{address.strip().lower()}"
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest()) / (1 << 48)
