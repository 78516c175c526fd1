"""What a plain HTTP status means when a vendor says nothing better: one table of defaults, each vendor's own first.

A vendor that speaks in its body (an error word on a 200) reads that itself; this file knows statuses only.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from openenrich.core.vendor import HttpResponse, Reason, Refused, Reply

_DEFAULTS: Final[Mapping[int, Reason]] = {
    400: Reason.INPUT_REFUSED,
    401: Reason.BAD_KEY,
    402: Reason.NO_CREDIT,
    403: Reason.BAD_KEY,
    422: Reason.INPUT_REFUSED,
    429: Reason.RATE_LIMITED,
    451: Reason.SUPPRESSED,
}
_NO_STATUSES: Final[Mapping[int, Reason]] = {}


def refusal(response: HttpResponse, table: Mapping[int, Reason] = _NO_STATUSES) -> Refused | None:
    """The refusal that the status stands for, or ``None`` when the answer is a 2xx and its body must be read.

    A status that nobody knows is `UNAVAILABLE`: it says nothing about the person, the key or the question.
    """
    status = response.status
    if 200 <= status < 300:
        return None
    reason = table.get(status) or _DEFAULTS.get(status, Reason.UNAVAILABLE)
    wait = response.seconds_to_wait() if reason is Reason.RATE_LIMITED else None
    return Refused(reason, after_s=wait, code=str(status))


def poll_refusal(
    tokens: Sequence[str], response: HttpResponse, table: Mapping[int, Reason] = _NO_STATUSES
) -> dict[str, Reply] | None:
    """The same for a poll: ``None`` when the body must be read.

    The refusal stands for every job that was asked about. Whether the jobs live on behind it is for the engine, which
    goes on polling after a rate limit or a fault.
    """
    refused = refusal(response, table)
    return None if refused is None else dict.fromkeys(tokens, refused)
