"""The flow of one contact: ask the core what next, do it through the ports, append the outcome, ask again.

`enrich` is what a job runs. It may be killed at any point and run again: what was asked, submitted and answered is
in the journal, and what is not there was not bought.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from openenrich.core.choice import Choice, choose
from openenrich.core.contact import Contact, Field
from openenrich.core.evidence import Attempt, mail_domain
from openenrich.core.ledger import Prices, charge
from openenrich.core.ordering import Offer
from openenrich.core.outcome import Email, EmailStatus, Outcome
from openenrich.core.phone import billable, read_phone
from openenrich.core.rehearsal import Rehearsal, rehearse
from openenrich.core.vendor import Refused
from openenrich.core.verdict import Checked, DomainMail
from openenrich.core.waterfall import Plan, Policy, Question, State, memorable, plan
from openenrich.engine.ask_vendor import Desk, ask, of_the_same_person, resume
from openenrich.engine.ports import (
    AddressCheck,
    AddressSample,
    Claimed,
    DomainCheck,
    LostClaimError,
    Purchase,
    Settlement,
    Step,
    StoppingError,
    Wire,
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Terms:
    """What the operator has decided. Times in seconds."""

    policy: Policy
    prices: Prices
    contact_deadline_s: float = 90.0
    slow_test_contact_s: float = 60.0
    stop_grace_s: float = 8.0


@dataclass(slots=True)
class Workshop:
    """Everything a worker shares between its contacts. ``late`` are answers that outlived their contact."""

    desk: Desk
    domains: DomainCheck
    verifier: AddressCheck
    wire: Wire
    terms: Terms
    late: set[asyncio.Task[object]] = field(default_factory=set)


async def enrich(workshop: Workshop, contact_id: int) -> None:
    """Bring one contact to its end. Raises `StoppingError` when the worker stops before that."""
    claimed = await workshop.desk.journal.claim(contact_id, workshop.desk.clock.now())
    if claimed is None:
        return
    try:
        rehearsal = rehearse(claimed.contact, claimed.wanted | {Field.PROFILE}, workshop.terms.slow_test_contact_s)
        if rehearsal is not None:
            await _rehearse(workshop, claimed, rehearsal)
        else:
            with workshop.desk.gatherer.present():
                await _Run(workshop, claimed).to_the_end()
    except LostClaimError:
        log.info("contact.claim_lost", contact=contact_id)


class _Run:
    """One contact's waterfall in memory. The state that counts is in the journal."""

    def __init__(self, workshop: Workshop, claimed: Claimed) -> None:
        self._shop = workshop
        self._desk = workshop.desk
        self._claimed = claimed
        self._attempts: dict[tuple[str, str], Attempt] = {}
        self._domains: dict[str, DomainMail] = {}
        self._tasks: dict[asyncio.Task[Attempt | None], tuple[str, str]] = {}
        self._lookups: dict[asyncio.Task[DomainMail], str] = {}
        self._checks: dict[str, Checked] = {}
        self._verifying: dict[asyncio.Task[Checked], str] = {}
        self._offers: tuple[Offer, ...] = ()

    async def to_the_end(self) -> None:
        terms = self._shop.terms
        deadline = self._desk.clock.now() + timedelta(seconds=terms.contact_deadline_s)
        self._offers = await self._on_offer()
        self._take_up(self._claimed.purchases)
        try:
            while self._start(plan(self._state())) and (left := self._left(deadline)) > 0:
                await self._wait_for_news(left)
        except StoppingError:
            await self._hand_back()
            raise
        except BaseException:
            self._cancel()
            raise
        self._leave_late_answers()
        await self._settle()

    def _left(self, deadline: datetime) -> float:
        return (deadline - self._desk.clock.now()).total_seconds()

    async def _on_offer(self) -> tuple[Offer, ...]:
        offers: list[Offer] = []
        for adapter in self._desk.catalogue.values():
            pool = await self._desk.keyring.pool(self._claimed.workspace_id, adapter.vendor.name)
            if self._desk.throttle.usable(adapter.vendor, pool):
                finding = (item for item in self._desk.askable(adapter.vendor) if not item.verifies)
                offers.extend(Offer(adapter.vendor, operation) for operation in finding)
        return tuple(offers)

    def _state(self) -> State:
        claimed = self._claimed
        return State(
            contact=claimed.contact,
            wanted=claimed.wanted,
            attempts=tuple(self._attempts.values()),
            offers=self._offers,
            policy=self._shop.terms.policy,
            domains=self._domains,
            had=claimed.free,
            checks=self._checks,
        )

    def _take_up(self, purchases: tuple[Purchase, ...]) -> None:
        """Continue where a worker before us was killed or stopped."""
        for purchase in purchases:
            place = (purchase.vendor, purchase.operation)
            if not self._is_known(purchase):
                continue
            match purchase.step:
                case Step.DONE:
                    reply = purchase.reply and of_the_same_person(self._claimed, purchase.reply)
                    self._attempts[place] = Attempt(*place, reply)
                case Step.UNCERTAIN:
                    self._attempts[place] = Attempt(*place, uncertain=True)
                case Step.STARTED | Step.SUBMITTED | Step.REDEEMING:
                    self._attempts[place] = Attempt(*place)
                    self._tasks[asyncio.create_task(resume(self._desk, self._claimed, purchase))] = place
                case Step.FAILED if isinstance(purchase.reply, Refused):
                    self._attempts[place] = Attempt(*place, purchase.reply)
                case Step.FAILED:
                    self._attempts.pop(place, None)

    def _is_known(self, purchase: Purchase) -> bool:
        """Whether this version, as it is configured, still has that operation.

        What verifiers were asked is not taken up here: whoever checks the address again finds it in the journal.
        """
        adapter = self._desk.catalogue.get(purchase.vendor)
        operations = adapter.vendor.operations if adapter else ()
        return any(item.name == purchase.operation and not item.verifies for item in operations)

    def _start(self, step: Plan) -> bool:
        """Begin what the plan says; false when there is nothing left to wait for."""
        for question in step.questions:
            self._attempts[question.offer.key] = Attempt(*question.offer.key)
            self._tasks[asyncio.create_task(self._ask(question))] = question.offer.key
        for domain in step.look_up:
            if domain not in self._lookups.values():
                self._lookups[asyncio.create_task(self._shop.domains.look(domain))] = domain
        for address in step.check:
            if address not in self._verifying.values():
                self._verifying[asyncio.create_task(self._shop.verifier.check(self._claimed, address))] = address
        return bool(self._lookups or self._verifying) or (bool(step.open) and bool(self._tasks))

    async def _ask(self, question: Question) -> Attempt | None:
        return await ask(self._desk, self._claimed, question)

    async def _wait_for_news(self, seconds: float) -> None:
        stopper = asyncio.ensure_future(self._desk.stopping.wait())
        try:
            everything = {*self._tasks, *self._lookups, *self._verifying, stopper}
            await asyncio.wait(everything, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopper.cancel()
        if self._desk.stopping.is_set():
            raise StoppingError  # calls that hang must not hold the worker up until their time-out
        for lookup in [task for task in self._lookups if task.done()]:
            self._domains[self._lookups.pop(lookup)] = lookup.result()
        for check in [task for task in self._verifying if task.done()]:
            self._checks[self._verifying.pop(check)] = check.result()
        for task in [task for task in self._tasks if task.done()]:
            # Taken out and put at the end: attempts are kept in the order of their answers.
            place = self._tasks.pop(task)
            del self._attempts[place]
            attempt = task.result()
            if attempt is not None:
                self._attempts[place] = attempt

    async def _hand_back(self) -> None:
        """The worker stops: calls in the air get a moment to be written, then the contact goes back."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._shop.terms.stop_grace_s)
        self._cancel()

    def _cancel(self) -> None:
        for task in (*self._tasks, *self._lookups, *self._verifying):
            task.cancel()
            task.add_done_callback(_forget_result)

    def _leave_late_answers(self) -> None:
        """What is still in the air was paid for: it is written when it comes, though this contact ends now."""
        for task in (*self._tasks, *self._verifying):
            self._shop.late.add(task)
            task.add_done_callback(self._shop.late.discard)
            task.add_done_callback(_forget_result)
        for lookup in self._lookups:
            lookup.cancel()

    async def _settle(self) -> None:
        state, claimed, terms = self._state(), self._claimed, self._shop.terms
        choice = choose(claimed.contact, claimed.wanted - claimed.free, state.attempts, self._domains, self._checks)
        outcome = choice.outcome.taking(claimed.history, claimed.free) if claimed.history else choice.outcome
        charged = charge(outcome.found(), claimed.wanted, claimed.free, terms.prices)
        remember = memorable(state, outcome.found()) - claimed.free
        await self._desk.journal.settle(settlement_of(self._shop, claimed, outcome, choice, charged, remember))


def settlement_of(
    workshop: Workshop,
    claimed: Claimed,
    outcome: Outcome,
    choice: Choice | None,
    charged: int,
    remember: frozenset[Field],
) -> Settlement:
    """What the store writes at the end of a contact."""
    won: Mapping[Field, str] = choice.won if choice else {}
    because: Mapping[Field, str] = choice.because if choice else {}
    found = sorted(field.value for field in outcome.found() & claimed.wanted)
    return Settlement(
        contact_id=claimed.id,
        token=claimed.token,
        workspace_id=claimed.workspace_id,
        outcome=outcome,
        record=workshop.wire.record(claimed.input, claimed.custom, outcome),
        charged=charged,
        at=workshop.desk.clock.now(),
        won=won,
        because=because,
        remember=remember,
        note=f"found {', '.join(found) or 'nothing'}"
        + (f"; from history: {', '.join(sorted(claimed.free))}" if claimed.free else ""),
        sample=_sample(claimed.contact, outcome) if choice else None,
    )


def _sample(contact: Contact, outcome: Outcome) -> AddressSample | None:
    """A confirmed address teaches how its company writes addresses."""
    best = outcome.best_work_email
    host = mail_domain(best.email) if best and best.status is EmailStatus.DELIVERABLE else None
    if best is None or host is None or not (contact.first_name and contact.last_name):
        return None
    return AddressSample(host, contact.first_name, contact.last_name, best.email.strip().rpartition("@")[0])


async def _rehearse(workshop: Workshop, claimed: Claimed, rehearsal: Rehearsal) -> None:
    """A reserved test contact: no vendor, no credit, invented values (section 10)."""
    clock, stopping = workshop.desk.clock, workshop.desk.stopping
    until = claimed.started_at + timedelta(seconds=rehearsal.delay_s)
    while (left := (until - clock.now()).total_seconds()) > 0:
        if stopping.is_set():
            raise StoppingError
        await clock.sleep(min(left, 0.25))
    await workshop.desk.journal.settle(settlement_of(workshop, claimed, rehearsed(rehearsal), None, 0, frozenset()))


def rehearsed(rehearsal: Rehearsal) -> Outcome:
    """The outcome that a test contact ends with; it never serves as history."""
    work = tuple(Email(address, EmailStatus(status)) for address, status in rehearsal.work_emails)
    personal = tuple(Email(address, EmailStatus(status)) for address, status in rehearsal.personal_emails)
    phones = tuple(phone for found in rehearsal.phones if (phone := read_phone(found, None)) is not None)
    return Outcome(
        work_emails=work,
        personal_emails=personal,
        phones=phones,
        best_work_email=next((email for email in work if email.status.usable), None),
        best_personal_email=next((email for email in personal if email.status.usable), None),
        best_phone=next((phone for phone in phones if billable(phone)), None),
        profile=rehearsal.profile,
    )


def _forget_result(task: asyncio.Task[object]) -> None:
    """Late answers report to the journal; what went wrong with them is logged, not raised into nowhere."""
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, LostClaimError | StoppingError):
        log.warning("answer.late_failure", error=type(error).__name__)
