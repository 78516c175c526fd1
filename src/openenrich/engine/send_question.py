"""The call itself: what is asked, what is repeated because it certainly was not served, and what never is.

Several questions may share a request. Then the answer is a reply for each, or one thing that holds for all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from openenrich.core.vendor import (
    SHAPE_ERRORS,
    Adapter,
    Ask,
    HttpRequest,
    HttpResponse,
    Pending,
    Reason,
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.engine.patience import Patience
from openenrich.engine.ports import MaybeSentError, NeverSentError, Transport, VendorKey
from openenrich.engine.throttle import LONGEST_RETRY_S, Throttle

log = structlog.get_logger()

_TRIES = 3
_NEVER_SENT = "never_sent"

Answers = Mapping[str, Reply] | Reply | None
"""A reply by row; or one for all rows; or ``None``: it may have been billed, and no answer reached us."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One request: how it is built and how its answer is read. ``makes_job`` when a repeat could make a second job."""

    adapter: Adapter
    key: VendorKey
    build: Callable[[], HttpRequest]
    read: Callable[[HttpResponse], Answers]
    makes_job: bool


def question(adapter: Adapter, key: VendorKey, asks: Sequence[Ask]) -> Letter:
    """One question, or several in a batch."""
    style = adapter.vendor.style_of(adapter.vendor.operation(asks[0].operation))
    makes_job = style in {Style.POLLED, Style.CALLBACK}
    if len(asks) == 1:
        [ask] = asks
        return Letter(adapter, key, lambda: adapter.request(ask), lambda got: adapter.read(ask, got), makes_job)
    build, read = adapter.request_batch, adapter.read_batch
    if build is None or read is None:
        raise TypeError(f"{adapter.vendor.name} declares a batch but no request_batch()")
    return Letter(adapter, key, lambda: build(asks), lambda got: read(asks, got), makes_job)


def redemption(adapter: Adapter, key: VendorKey, ask: Ask, token: str) -> Letter:
    """The paid half of a question whose free search named a record."""
    build, read = adapter.redeem, adapter.read_redeem
    if build is None or read is None:
        raise TypeError(f"{adapter.vendor.name} names records but declares no redeem()")
    return Letter(adapter, key, lambda: build(ask, token), lambda got: read(ask, token, got), makes_job=False)


class Sender:
    """One per worker."""

    def __init__(self, transport: Transport, throttle: Throttle, patience: Patience) -> None:
        self._transport = transport
        self._throttle = throttle
        self._patience = patience

    async def send(self, letter: Letter) -> Answers:
        """The answers. Raises `StoppingError`, but only between two tries: nothing is in the air then."""
        vendor, patience = letter.adapter.vendor, self._patience
        answers: Answers = None
        tries = 0
        give_up = patience.until(vendor)
        while patience.now() < give_up:
            answers = await self._once(letter)
            self._hear(letter, answers)
            match answers:
                case Pending(token="", after_s=after_s):
                    await patience.wait(after_s / patience.time_speed)
                case Refused(after_s=after_s) if tries < _TRIES and _was_not_served(letter, answers):
                    tries += 1
                    await patience.wait((after_s or 2.0**tries) / patience.time_speed)
                case _:
                    return answers
        return Refused(Reason.UNAVAILABLE, code="deadline") if isinstance(answers, Pending) else answers

    def _hear(self, letter: Letter, answers: Answers) -> None:
        """A batch is one call, so an outage that all its rows tell of counts once."""
        heard = dict.fromkeys(answers.values()) if isinstance(answers, Mapping) else (answers,)
        for reply in heard:
            if reply is not None:
                self._throttle.heard(letter.adapter.vendor, letter.key, reply)

    async def _once(self, letter: Letter) -> Answers:
        vendor = letter.adapter.vendor
        try:
            request = letter.build()
        except SHAPE_ERRORS as error:
            return _unreadable(vendor, "request", error)
        try:
            response = await self._transport.send(letter.adapter, letter.key, request, vendor.timeout_s)
        except NeverSentError:
            return Refused(Reason.UNAVAILABLE, code=_NEVER_SENT)
        except MaybeSentError:
            self._throttle.heard(vendor, letter.key, Refused(Reason.UNAVAILABLE, code="maybe_sent"))
            return None
        try:
            return letter.read(response)
        except SHAPE_ERRORS as error:
            return _unreadable(vendor, str(response.status), error)


def _was_not_served(letter: Letter, reply: Refused) -> bool:
    """Whether asking again soon costs nothing: not sent, refused for its rate, or a server error without a job."""
    match reply:
        case Refused(reason=Reason.RATE_LIMITED, after_s=after_s):
            return (after_s or 0.0) <= LONGEST_RETRY_S
        case Refused(reason=Reason.UNAVAILABLE, code=code):
            return code == _NEVER_SENT or (not letter.makes_job and code.startswith("5"))
        case _:
            return False


def _unreadable(vendor: Vendor, code: str, error: Exception) -> Refused:
    """The error's text may quote the answer, so only its kind is logged."""
    log.warning("vendor.unreadable", vendor=vendor.name, code=code, error=type(error).__name__)
    return Refused(Reason.UNREADABLE, code=code)
