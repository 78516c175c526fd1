"""The request limit as a caller sees it: refusal, and the headers of every authenticated answer (decision 10).

Counting happens behind `Frontdoor.identify`, in fixed windows of one calendar minute per workspace; a `Caller`
carries the count with the present request in it.
"""

from datetime import datetime

from openenrich.engine.ports import Caller
from openenrich.web.errors import RATE_LIMITED, Refusal

Headers = list[tuple[bytes, bytes]]


def admit(caller: Caller) -> None:
    """Refuse the first request above the limit and all that follow in the same minute."""
    if caller.used > caller.rate_limit:
        raise Refusal(RATE_LIMITED)


def limit_headers(caller: Caller, now: datetime) -> Headers:
    """Limit, what is left of it, and the seconds until the whole of it is there again."""
    return [
        (b"ratelimit-limit", b"%d" % caller.rate_limit),
        (b"ratelimit-remaining", b"%d" % max(0, caller.rate_limit - caller.used)),
        (b"ratelimit-reset", b"%d" % seconds_left(now)),
    ]


def retry_after(now: datetime) -> tuple[bytes, bytes]:
    return b"retry-after", b"%d" % seconds_left(now)


def seconds_left(now: datetime) -> int:
    """Whole seconds to the next calendar minute, rounded up: from 60 down to 1."""
    return 60 - now.second
