"""One question to one vendor, from the intent in the journal to the answer in it.

The order is the promise: pace and key first (nothing is written yet), then the intent, then the call, then the
answer. Whoever resumes after a crash finds in the journal exactly how far it came: `started` may have been sent
and is left `uncertain` unless the vendor bills a repeat only once; `submitted` is polled on.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import msgspec
import structlog

from openenrich.core.billing import cost
from openenrich.core.evidence import Attempt
from openenrich.core.identity import question_digest
from openenrich.core.vendor import (
    SHAPE_ERRORS,
    Adapter,
    Ask,
    Found,
    NotFound,
    Pending,
    Reason,
    Refused,
    Repeat,
    Reply,
    Style,
    Vendor,
)
from openenrich.core.waterfall import Question
from openenrich.engine.poll_vendor import Poller
from openenrich.engine.ports import (
    Answer,
    Catalogue,
    Claimed,
    Clock,
    HttpExchange,
    Intent,
    Journal,
    Keyring,
    MaybeSentError,
    NeverSentError,
    Purchase,
    Step,
    StoppingError,
    Transport,
    VendorKey,
)
from openenrich.engine.throttle import LONGEST_RETRY_S, OWN_CONCURRENCY, OWN_PACE, Throttle

log = structlog.get_logger()

_TRIES = 3
_LOOK_EVERY_S = 0.25
_SHORTEST_PATIENCE_S = 5.0
_NEVER_SENT = "never_sent"
_PASSING = frozenset({Reason.RATE_LIMITED, Reason.UNAVAILABLE, Reason.UNREADABLE, Reason.INPUT_REFUSED})


@dataclass(frozen=True, slots=True)
class Desk:
    """What asking needs; one per worker. ``time_speed``: how fast the vendors' time runs, 1 outside of the sandbox."""

    catalogue: Catalogue
    journal: Journal
    keyring: Keyring
    transport: Transport
    throttle: Throttle
    poller: Poller
    clock: Clock
    stopping: asyncio.Event
    time_speed: float = 1.0

    def patience(self, vendor: Vendor) -> timedelta:
        """How long an answer is waited for: the vendor's deadline, in its own time but not less than a few seconds."""
        return timedelta(seconds=max(vendor.deadline_s / self.time_speed, min(vendor.deadline_s, _SHORTEST_PATIENCE_S)))


async def ask(desk: Desk, claimed: Claimed, question: Question) -> Attempt:
    """Ask, and say what came of it. Raises `LostClaimError`, or `StoppingError` when the worker stops."""
    adapter = desk.catalogue[question.offer.vendor.name]
    pool = await desk.keyring.pool(claimed.workspace_id, adapter.vendor.name)
    reply: Reply = Refused(Reason.UNAVAILABLE, code="no_usable_key")
    for key in desk.throttle.usable(adapter.vendor, pool):
        reply, uncertain = await _ask_with(desk, claimed, question, adapter, key)
        if uncertain:
            return Attempt(adapter.vendor.name, question.offer.operation.name, uncertain=True)
        if not (isinstance(reply, Refused) and _is_of_the_key(reply)):
            break
    return Attempt(adapter.vendor.name, question.offer.operation.name, reply)


def _is_of_the_key(reply: Refused) -> bool:
    """Whether another key of the pool may fare better."""
    return reply.reason in {Reason.BAD_KEY, Reason.NO_CREDIT} or reply.code in {OWN_PACE, OWN_CONCURRENCY}


async def resume(desk: Desk, claimed: Claimed, purchase: Purchase) -> Attempt | None:
    """Bring a purchase that a dead worker left open to its end; ``None`` when it may simply be asked again."""
    adapter = desk.catalogue[purchase.vendor]
    pool = await desk.keyring.pool(claimed.workspace_id, purchase.vendor)
    key = next((key for key in pool if key.label == purchase.key_label), None)
    if not purchase.mine:
        return await _share(desk, purchase)
    if purchase.step is Step.SUBMITTED and key is not None:
        reply = await _poll(desk, claimed, adapter, key, purchase)
        return Attempt(purchase.vendor, purchase.operation, reply)
    # Nobody knows whether it left, or the key that could read the job is gone: it may have been billed, so only a
    # vendor that bills a repeat once is asked again.
    if adapter.vendor.repeat is Repeat.ASK_AGAIN:
        await _write(desk, claimed, purchase, Step.FAILED)
        return None
    await _write(desk, claimed, purchase, Step.UNCERTAIN)
    return Attempt(purchase.vendor, purchase.operation, uncertain=True)


async def _ask_with(
    desk: Desk, claimed: Claimed, question: Question, adapter: Adapter, key: VendorKey
) -> tuple[Reply, bool]:
    """The reply, and whether the call stays uncertain."""
    async with desk.throttle.turn(adapter.vendor, key, partial(_wait, desk)) as refused:
        if refused is not None:
            return refused, False
        if desk.stopping.is_set():
            raise StoppingError
        purchase = await desk.journal.begin(_intent(desk, claimed, question, key))
        if purchase.mine and not purchase.adopted:
            exchange = HttpExchange(adapter, key, Ask(question.offer.operation.name, question.contact))
            reply = await _buy(desk, claimed, exchange, purchase)
            if not isinstance(reply, Pending):
                return reply or Refused(Reason.UNAVAILABLE), reply is None
            purchase = msgspec.structs.replace(purchase, step=Step.SUBMITTED, vendor_job=reply.token)
    # The turn is over: waiting holds no slot of the vendor's concurrency.
    if purchase.mine and not purchase.adopted:
        return await _poll(desk, claimed, adapter, key, purchase), False
    attempt = await resume(desk, claimed, purchase)
    if attempt is None:
        return await _ask_with(desk, claimed, question, adapter, key)
    return attempt.reply or Refused(Reason.UNAVAILABLE), attempt.uncertain


async def _buy(desk: Desk, claimed: Claimed, exchange: HttpExchange, purchase: Purchase) -> Reply | None:
    """Send, and write what came of it; ``None`` when it stays uncertain."""
    try:
        reply = await _send(desk, exchange)
    except StoppingError:
        # Raised only between two tries: nothing is in the air.
        await _write(desk, claimed, purchase, Step.FAILED)
        raise
    match reply:
        case None if exchange.adapter.vendor.repeat is Repeat.UNCERTAIN:
            await _write(desk, claimed, purchase, Step.UNCERTAIN)
            return None
        case None:
            reply = Refused(Reason.UNAVAILABLE, code="no_answer")
            await _write(desk, claimed, purchase, Step.FAILED, reply)
        case Pending(token=token):
            submitted = msgspec.structs.replace(purchase, vendor_job=token)
            await _write(desk, claimed, submitted, Step.SUBMITTED)
        case Refused():
            await _write(desk, claimed, purchase, Step.FAILED, reply)
        case _:
            await _write(desk, claimed, purchase, Step.DONE, reply)
    return reply


def _intent(desk: Desk, claimed: Claimed, question: Question, key: VendorKey) -> Intent:
    vendor, operation = question.offer.key
    return Intent(
        contact_id=claimed.id,
        token=claimed.token,
        workspace_id=claimed.workspace_id,
        vendor=vendor,
        operation=operation,
        digest=question_digest(vendor, operation, question.contact),
        fields=question.fields,
        key_label=key.label,
        at=desk.clock.now(),
    )


async def _send(desk: Desk, exchange: HttpExchange) -> Reply | None:
    """The answer, or ``None`` when the call may have been billed without an answer reaching us.

    What certainly was not served is tried again; so is a request that the vendor wants repeated (202 and the like).
    """
    vendor = exchange.adapter.vendor
    reply: Reply | None = None
    give_up = desk.clock.now() + desk.patience(vendor)
    tries = 0
    while desk.clock.now() < give_up:
        reply = await _once(desk, exchange)
        if reply is not None:
            desk.throttle.heard(vendor, exchange.key, reply)
        match reply:
            case Pending(token="", after_s=after_s):
                await _wait(desk, after_s / desk.time_speed)
            case Refused(after_s=after_s) if tries < _TRIES and _was_not_served(vendor, reply):
                tries += 1
                await _wait(desk, (after_s or 2.0**tries) / desk.time_speed)
            case _:
                return reply
    return Refused(Reason.UNAVAILABLE, code="deadline") if isinstance(reply, Pending) else reply


def _was_not_served(vendor: Vendor, reply: Refused) -> bool:
    """Whether asking again soon costs nothing: not sent, refused for its rate, or a server error without a job."""
    match reply:
        case Refused(reason=Reason.RATE_LIMITED, after_s=after_s):
            return (after_s or 0.0) <= LONGEST_RETRY_S
        case Refused(reason=Reason.UNAVAILABLE, code=code):
            return code == _NEVER_SENT or (vendor.style is not Style.POLLED and code.startswith("5"))
        case _:
            return False


async def _once(desk: Desk, exchange: HttpExchange) -> Reply | None:
    adapter = exchange.adapter
    try:
        request = adapter.request(exchange.ask)
    except SHAPE_ERRORS as error:
        return _unreadable(adapter.vendor, "request", error)
    try:
        response = await desk.transport.send(adapter, exchange.key, request, adapter.vendor.timeout_s)
    except NeverSentError:
        return Refused(Reason.UNAVAILABLE, code=_NEVER_SENT)
    except MaybeSentError:
        desk.throttle.heard(adapter.vendor, exchange.key, Refused(Reason.UNAVAILABLE, code="maybe_sent"))
        return None
    try:
        return adapter.read(exchange.ask, response)
    except SHAPE_ERRORS as error:
        return _unreadable(adapter.vendor, str(response.status), error)


def _unreadable(vendor: Vendor, code: str, error: Exception) -> Refused:
    """The error's text may quote the answer, so only its kind is logged."""
    log.warning("vendor.unreadable", vendor=vendor.name, code=code, error=type(error).__name__)
    return Refused(Reason.UNREADABLE, code=code)


async def _poll(desk: Desk, claimed: Claimed, adapter: Adapter, key: VendorKey, purchase: Purchase) -> Reply:
    """Wait for a submitted job. A job that outlives its deadline stays `submitted`: a later contact polls on."""
    vendor = adapter.vendor
    give_up = desk.clock.now() + desk.patience(vendor)
    while desk.clock.now() < give_up:
        await _wait(desk, vendor.poll_every_s / desk.time_speed)
        reply = await desk.poller.poll(adapter, key, purchase.vendor_job)
        match reply:
            case None | Pending():
                continue
            case Refused(reason=Reason.BAD_KEY | Reason.NO_CREDIT, final=False, code=code):
                # The key may not read at present. The job is bought and stays in the journal; no other key buys it.
                desk.throttle.heard(vendor, key, reply)
                return Refused(Reason.UNAVAILABLE, code=code)
            case Refused(reason=reason, final=False, after_s=after_s) if reason in _PASSING:
                # The job is bought; a bad moment of the vendor's read endpoint does not lose it.
                await _wait(desk, min(after_s or 0.0, LONGEST_RETRY_S) / desk.time_speed)
            case _:
                desk.throttle.heard(vendor, key, reply)
                await _write(desk, claimed, purchase, Step.FAILED if isinstance(reply, Refused) else Step.DONE, reply)
                return reply
    return Refused(Reason.UNAVAILABLE, code="deadline")


async def _share(desk: Desk, purchase: Purchase) -> Attempt | None:
    """Somebody else of this workspace is buying the same answer, or has bought it: wait for that one.

    ``None`` when the other one gave up without an answer (its worker stopped): it may simply be asked again.
    """
    adapter = desk.catalogue[purchase.vendor]
    give_up = desk.clock.now() + desk.patience(adapter.vendor)
    while purchase.step in {Step.STARTED, Step.SUBMITTED} and desk.clock.now() < give_up:
        await _wait(desk, _LOOK_EVERY_S)
        purchase = await desk.journal.look(purchase.id)
    if purchase.step is Step.UNCERTAIN:
        return Attempt(purchase.vendor, purchase.operation, uncertain=True)
    if purchase.step is Step.FAILED and purchase.reply is None:
        return None
    return Attempt(purchase.vendor, purchase.operation, purchase.reply or Refused(Reason.UNAVAILABLE, code="shared"))


async def _write(desk: Desk, claimed: Claimed, purchase: Purchase, step: Step, reply: Reply | None = None) -> None:
    vendor = desk.catalogue[purchase.vendor].vendor
    price = cost(vendor, vendor.operation(purchase.operation), reply) if reply is not None else 0
    await desk.journal.record(
        Answer(
            purchase_id=purchase.id,
            token=claimed.token,
            step=step,
            at=desk.clock.now(),
            reply=reply if isinstance(reply, Found | NotFound | Refused) else None,
            vendor_job=purchase.vendor_job,
            cost=price,
        )
    )


async def _wait(desk: Desk, seconds: float) -> None:
    """Sleep, but wake and leave when the worker stops; what is submitted is in the journal already."""
    if desk.stopping.is_set():
        raise StoppingError
    sleeper = asyncio.ensure_future(desk.clock.sleep(seconds))
    stopper = asyncio.ensure_future(desk.stopping.wait())
    try:
        await asyncio.wait({sleeper, stopper}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        sleeper.cancel()
        stopper.cancel()
    if desk.stopping.is_set():
        raise StoppingError
