"""How many verifiers are asked about an address, and when it is enough.

Pure: opinions in, "ask another one" out. What the opinions amount to is for ``core/verdict.py``.
"""

from collections.abc import Sequence
from typing import Final

from openenrich.core.contact import EmailClaim
from openenrich.core.outcome import EmailStatus
from openenrich.core.verdict import Opinion

_TIE_BREAK: Final = 3
_STATUS: Final = {
    EmailClaim.DELIVERABLE: EmailStatus.DELIVERABLE,
    EmailClaim.PROBABLE: EmailStatus.HIGH_PROBABILITY,
    EmailClaim.CATCH_ALL: EmailStatus.CATCH_ALL,
    EmailClaim.INVALID: EmailStatus.INVALID,
}
_GOOD: Final = frozenset({EmailStatus.DELIVERABLE, EmailStatus.HIGH_PROBABILITY})
_BAD: Final = frozenset({EmailStatus.INVALID, EmailStatus.INVALID_DOMAIN})


def opinion_of(source: str, claim: EmailClaim) -> Opinion:
    """A paid verifier's claim as an opinion; "unknown" is none."""
    return Opinion(source, _STATUS.get(claim))


def wants_another(opinions: Sequence[Opinion], needed: int) -> bool:
    """Whether another verifier should be asked, ``needed`` being how many must agree that an address is deliverable.

    Contradictions get a third opinion (verifiers reference, rule 4). On a host that accepts every name one more is
    asked than usual, since some verifiers can tell there. A domain without mail needs no second opinion.
    """
    said = [item.status for item in opinions if item.status is not None]
    if EmailStatus.INVALID_DOMAIN in said:
        return False
    good, bad = sum(status in _GOOD for status in said), sum(status in _BAD for status in said)
    if good and bad:
        return len(said) < _TIE_BREAK or good == bad
    if said and all(status is EmailStatus.CATCH_ALL for status in said):
        return len(said) < needed + 1
    return max(good, bad) < needed
