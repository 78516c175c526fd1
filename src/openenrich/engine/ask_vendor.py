"""One question to one vendor, from the intent in the journal to the answer in it.

The order is the promise: pace and key first (nothing is written yet), then the intent, then the call, then the
answer. Whoever resumes after a crash finds in the journal exactly how far it came: `started` may have been sent
and is left `uncertain` unless the vendor bills a repeat only once; `submitted` is waited for, or redeemed;
`redeeming` may have been paid.
"""

import asyncio
from dataclasses import dataclass

import msgspec

from openenrich.core.billing import cost
from openenrich.core.contact import Contact, EmailClaim
from openenrich.core.evidence import Attempt
from openenrich.core.identity import names_another, question_digest
from openenrich.core.vendor import (
    Adapter,
    Ask,
    Found,
    NotFound,
    Operation,
    Pending,
    Reason,
    Refused,
    Repeat,
    Reply,
    Style,
    Vendor,
)
from openenrich.core.waterfall import Question
from openenrich.engine.gather_questions import Gatherer
from openenrich.engine.patience import Patience
from openenrich.engine.poll_vendor import Poller
from openenrich.engine.ports import (
    OPEN,
    Addresses,
    Answer,
    Catalogue,
    Claimed,
    Clock,
    Intent,
    Journal,
    Keyring,
    Purchase,
    Step,
    StoppingError,
    Transport,
    VendorKey,
)
from openenrich.engine.send_question import Sender, redemption
from openenrich.engine.throttle import LONGEST_RETRY_S, OWN_CONCURRENCY, OWN_PACE, Throttle

_LOOK_EVERY_S = 0.5
_PASSING = frozenset({Reason.RATE_LIMITED, Reason.UNAVAILABLE, Reason.UNREADABLE, Reason.INPUT_REFUSED})


@dataclass(frozen=True, slots=True)
class Desk:
    """What asking needs; one per worker. Built by `open_desk`."""

    catalogue: Catalogue
    journal: Journal
    keyring: Keyring
    addresses: Addresses
    throttle: Throttle
    sender: Sender
    gatherer: Gatherer
    poller: Poller
    patience: Patience

    @property
    def clock(self) -> Clock:
        return self.patience.clock

    @property
    def stopping(self) -> asyncio.Event:
        return self.patience.stopping

    def askable(self, vendor: Vendor) -> tuple[Operation, ...]:
        """Its operations, without those that demand a callback where we can not be called."""
        called = self.addresses.callback_url(vendor.name, 0) is not None
        return tuple(operation for operation in vendor.operations if called or not operation.calls_back)


def open_desk(
    catalogue: Catalogue,
    journal: Journal,
    keyring: Keyring,
    addresses: Addresses,
    transport: Transport,
    throttle: Throttle,
    patience: Patience,
    gather_s: float = 0.0,
) -> Desk:
    """A desk with its own sender, gatherer and poller. ``gather_s``: how long a question waits for company."""
    sender = Sender(transport, throttle, patience)
    gatherer = Gatherer(sender, throttle, patience, gather_s)
    poller = Poller(transport, throttle)
    return Desk(catalogue, journal, keyring, addresses, throttle, sender, gatherer, poller, patience)


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
        return await _share(desk, claimed, purchase)
    if purchase.step is Step.SUBMITTED and key is not None:
        reply = await _outcome(desk, claimed, adapter, key, purchase)
        return Attempt(purchase.vendor, purchase.operation, reply, uncertain=reply is None)
    # Nobody knows whether it left, or the key that could read the job is gone: it may have been billed, so only a
    # free search, or a vendor that bills a repeat once, is asked again.
    if adapter.vendor.repeat is Repeat.ASK_AGAIN or _was_free(adapter, purchase):
        await _write(desk, claimed, purchase, Step.FAILED)
        return None
    await _write(desk, claimed, purchase, Step.UNCERTAIN)
    return Attempt(purchase.vendor, purchase.operation, uncertain=True)


def _was_free(adapter: Adapter, purchase: Purchase) -> bool:
    """Before a record is redeemed, nothing was bought."""
    return _style(adapter, purchase) is Style.REDEEMED and purchase.step is not Step.REDEEMING


def _style(adapter: Adapter, purchase: Purchase) -> Style:
    return adapter.vendor.style_of(adapter.vendor.operation(purchase.operation))


async def _ask_with(
    desk: Desk, claimed: Claimed, question: Question, adapter: Adapter, key: VendorKey
) -> tuple[Reply, bool]:
    """The reply, and whether the call stays uncertain."""
    async with desk.gatherer.seat(adapter, key, question.offer.operation) as seat:
        if seat.refused is not None:
            return seat.refused, False
        if desk.stopping.is_set():
            raise StoppingError
        purchase = await desk.journal.begin(_intent(desk, claimed, question, key))
        if purchase.mine and not purchase.adopted:
            callback_url = desk.addresses.callback_url(adapter.vendor.name, purchase.id)
            asked = Ask(question.offer.operation.name, question.contact, callback_url=callback_url)
            try:
                reply = await seat.ask(asked)
            except StoppingError:
                # Raised only between two tries: nothing is in the air.
                await _write(desk, claimed, purchase, Step.FAILED)
                raise
            reply = await _note(desk, claimed, adapter, purchase, reply)
            if not isinstance(reply, Pending):
                return reply or Refused(Reason.UNAVAILABLE), reply is None
            purchase = msgspec.structs.replace(purchase, step=Step.SUBMITTED, vendor_job=reply.token)
    # The turn is over: waiting holds no slot of the vendor's concurrency.
    if purchase.mine and not purchase.adopted:
        reply = await _outcome(desk, claimed, adapter, key, purchase)
        return reply or Refused(Reason.UNAVAILABLE), reply is None
    attempt = await resume(desk, claimed, purchase)
    if attempt is None:
        return await _ask_with(desk, claimed, question, adapter, key)
    return attempt.reply or Refused(Reason.UNAVAILABLE), attempt.uncertain


async def _note(
    desk: Desk, claimed: Claimed, adapter: Adapter, purchase: Purchase, reply: Reply | None
) -> Reply | None:
    """Write what came of the call; ``None`` when it stays uncertain."""
    match reply:
        case None if adapter.vendor.repeat is Repeat.UNCERTAIN and not _was_free(adapter, purchase):
            await _write(desk, claimed, purchase, Step.UNCERTAIN)
            return None
        case None:
            reply = Refused(Reason.UNAVAILABLE, code="no_answer")
            await _write(desk, claimed, purchase, Step.FAILED, reply)
        case Pending(token=token):
            submitted = msgspec.structs.replace(purchase, vendor_job=token)
            await _write(desk, claimed, submitted, Step.SUBMITTED)
        case _:
            billed, reply = reply, of_the_same_person(claimed, reply)
            step = Step.FAILED if isinstance(reply, Refused) or _says_nothing(adapter, purchase, reply) else Step.DONE
            await _write(desk, claimed, purchase, step, reply, billed)
    return reply


def _says_nothing(adapter: Adapter, purchase: Purchase, reply: Reply) -> bool:
    """A verifier's "unknown" may be known a little later: it serves nobody else."""
    if not adapter.vendor.operation(purchase.operation).verifies or not isinstance(reply, Found):
        return False
    return all(email.claim is EmailClaim.UNKNOWN for email in reply.values.emails)


def of_the_same_person(claimed: Claimed, reply: Reply) -> Reply:
    """An answer about somebody else is no answer (section 34 of the phones-and-profiles reference)."""
    if isinstance(reply, Found) and names_another(claimed.contact, reply.values.profile):
        return Refused(Reason.UNREADABLE, code="other_person", final=True)
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


async def _outcome(desk: Desk, claimed: Claimed, adapter: Adapter, key: VendorKey, purchase: Purchase) -> Reply | None:
    """What a submitted purchase comes to; ``None`` when paying for it stays uncertain."""
    match _style(adapter, purchase):
        case Style.REDEEMED:
            return await _redeem(desk, claimed, adapter, key, purchase)
        case Style.CALLBACK:
            return await _await_callback(desk, claimed, adapter, purchase)
        case _:
            return await _poll(desk, claimed, adapter, key, purchase)


async def _redeem(desk: Desk, claimed: Claimed, adapter: Adapter, key: VendorKey, purchase: Purchase) -> Reply | None:
    """Pay for the record that the search named. Like any paid call: written down before it leaves."""
    async with desk.throttle.turn(adapter.vendor, key, desk.patience.wait) as refused:
        if refused is not None:
            return refused  # still `submitted`: whoever asks next redeems it
        if desk.stopping.is_set():
            raise StoppingError
        paying = msgspec.structs.replace(purchase, step=Step.REDEEMING)
        await _write(desk, claimed, paying, Step.REDEEMING)
        told = adapter.vendor.operation(purchase.operation).accepts(claimed.contact) or Contact()
        letter = redemption(adapter, key, Ask(purchase.operation, told), purchase.vendor_job)
        try:
            reply = await desk.sender.send(letter)
        except StoppingError:
            await _write(desk, claimed, purchase, Step.SUBMITTED)  # not paid: the next worker redeems it
            raise
        if isinstance(reply, Pending):
            reply = Refused(Reason.UNREADABLE, code="pending")
        return await _note(desk, claimed, adapter, paying, reply)  # type: ignore[arg-type]  # one row, so no mapping


async def _await_callback(desk: Desk, claimed: Claimed, adapter: Adapter, purchase: Purchase) -> Reply:
    """Wait for the server to write what the vendor reports. Unanswered it stays `submitted`: it may still come."""
    purchase = await _looked_at(desk, adapter, purchase)
    return of_the_same_person(claimed, purchase.reply or Refused(Reason.UNAVAILABLE, code="deadline"))


async def _poll(desk: Desk, claimed: Claimed, adapter: Adapter, key: VendorKey, purchase: Purchase) -> Reply:
    """Wait for a submitted job. A job that outlives its deadline stays `submitted`: a later contact polls on."""
    vendor = adapter.vendor
    give_up = desk.patience.until(vendor)
    while desk.clock.now() < give_up:
        purchase = await _until_next_poll(desk, adapter, purchase)
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
                await desk.patience.wait(min(after_s or 0.0, LONGEST_RETRY_S) / desk.patience.time_speed)
            case _:
                desk.throttle.heard(vendor, key, reply)
                return await _note(desk, claimed, adapter, purchase, reply) or reply
    return Refused(Reason.UNAVAILABLE, code="deadline")


async def _until_next_poll(desk: Desk, adapter: Adapter, purchase: Purchase) -> Purchase:
    """The vendor's pause between polls, cut short by its own report where it can reach us."""
    pause = adapter.vendor.poll_every_s / desk.patience.time_speed
    if desk.addresses.callback_url(purchase.vendor, purchase.id) is None:
        await desk.patience.wait(pause)
        return purchase
    before = purchase.called_back
    while pause > 0 and purchase.called_back == before:
        await desk.patience.wait(min(pause, _LOOK_EVERY_S))
        pause -= _LOOK_EVERY_S
        seen = await desk.journal.look(purchase.id)
        purchase = msgspec.structs.replace(purchase, called_back=seen.called_back)
    return purchase


async def _share(desk: Desk, claimed: Claimed, purchase: Purchase) -> Attempt | None:
    """Somebody else of this workspace is buying the same answer, or has bought it: wait for that one.

    ``None`` when the other one gave up without an answer (its worker stopped): it may simply be asked again.
    """
    purchase = await _looked_at(desk, desk.catalogue[purchase.vendor], purchase)
    if purchase.step is Step.UNCERTAIN:
        return Attempt(purchase.vendor, purchase.operation, uncertain=True)
    if purchase.step is Step.FAILED and purchase.reply is None:
        return None
    reply = purchase.reply or Refused(Reason.UNAVAILABLE, code="shared")
    # Two contacts may ask the same and differ in what the vendor is not told: the other's answer may name the other.
    return Attempt(purchase.vendor, purchase.operation, of_the_same_person(claimed, reply))


async def _looked_at(desk: Desk, adapter: Adapter, purchase: Purchase) -> Purchase:
    """The purchase as somebody else leaves it, or as it is when our patience ends."""
    give_up = desk.patience.until(adapter.vendor)
    while purchase.step in OPEN and desk.clock.now() < give_up:
        await desk.patience.wait(_LOOK_EVERY_S)
        purchase = await desk.journal.look(purchase.id)
    return purchase


async def _write(
    desk: Desk,
    claimed: Claimed,
    purchase: Purchase,
    step: Step,
    reply: Reply | None = None,
    billed: Reply | None = None,
) -> None:
    """``billed`` is what the vendor answered, where we make less of it: an answer about somebody else is paid too."""
    adapter = desk.catalogue[purchase.vendor]
    operation = adapter.vendor.operation(purchase.operation)
    answer = billed or reply
    price = 0 if answer is None or _was_free(adapter, purchase) else cost(adapter.vendor, operation, answer)
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
