"""The journal in memory, for contacts and for callbacks: one live purchase a question, and a token that fences."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from openenrich.core.vendor import Reply, job_of
from openenrich.engine.ports import OPEN, Answer, Intent, LostClaimError, OpenJob, Purchase, Step

WORKSPACE = UUID(int=1)


class FakeJournal:
    """Keeps the journal's promises, and tells each write in ``events``."""

    def __init__(self, events: list[str]) -> None:
        self.events = events
        self.rows: dict[int, Purchase] = {}
        self.answers: list[Answer] = []
        self.live: dict[bytes, int] = {}
        self.tokens: dict[int, UUID] = {}
        self.owners: dict[int, int] = {}
        self.ended: set[int] = set()

    async def begin(self, intent: Intent) -> Purchase:
        known = self.live.get(intent.digest)
        if known is not None:
            return self._known(self.rows[known], intent)
        number = len(self.rows) + 1
        row = Purchase(
            number, intent.vendor, intent.operation, Step.STARTED, mine=True, started_at=intent.at,
            key_label=intent.key_label,
        )  # fmt: skip
        self.rows[number], self.live[intent.digest] = row, number
        self.tokens[number], self.owners[number] = intent.token, intent.contact_id
        self.events.append(f"intent {intent.key_label}")
        return row

    def _known(self, row: Purchase, intent: Intent) -> Purchase:
        open_still = row.step in OPEN
        mine = open_still and (self.owners[row.id] == intent.contact_id or self.owners[row.id] in self.ended)
        if mine:
            self.tokens[row.id], self.owners[row.id] = intent.token, intent.contact_id
        return msgspec.structs.replace(row, mine=mine, adopted=mine)

    async def record(self, answer: Answer) -> None:
        row = self.rows[answer.purchase_id]
        if self.tokens[row.id] != answer.token or row.step not in OPEN:
            raise LostClaimError
        self.rows[row.id] = msgspec.structs.replace(
            row, step=answer.step, reply=answer.reply, vendor_job=answer.vendor_job, cost=answer.cost
        )
        if answer.step is Step.FAILED:
            self.free(row.id)
        self.answers.append(answer)
        self.events.append(str(answer.step))

    async def look(self, purchase_id: int) -> Purchase:
        return msgspec.structs.replace(self.rows[purchase_id], mine=False)

    def free(self, purchase_id: int) -> None:
        """The question may be asked again."""
        self.live = {digest: number for digest, number in self.live.items() if number != purchase_id}

    @property
    def steps(self) -> list[Step]:
        return [row.step for row in self.rows.values()]


class FakeBook:
    """The same rows as `CallbackBook` shows them."""

    def __init__(self, journal: FakeJournal) -> None:
        self._journal = journal

    async def jobs(self, vendor: str, purchase_id: int) -> tuple[OpenJob, ...]:
        row = self._journal.rows.get(purchase_id)
        if row is None or row.vendor != vendor:
            return ()
        others = [other for other in self._journal.rows.values() if other.id != row.id and _are_one_job(row, other)]
        return (_job(row), *map(_job, others))

    async def wake(self, purchase_ids: Sequence[int], at: datetime) -> None:
        for number in purchase_ids:
            row = self._journal.rows[number]
            if row.step is Step.SUBMITTED:
                self._journal.rows[number] = msgspec.structs.replace(row, called_back=at)

    async def answer(self, purchase_id: int, step: Step, reply: Reply, cost: int, at: datetime) -> bool:
        row = self._journal.rows[purchase_id]
        if row.step not in {Step.SUBMITTED, Step.UNCERTAIN}:
            return False
        self._journal.rows[purchase_id] = msgspec.structs.replace(
            row, step=step, reply=reply, cost=cost, called_back=at
        )
        if step is Step.FAILED:
            self._journal.free(purchase_id)
        self._journal.events.append(f"reported {step}")
        return True


def _are_one_job(one: Purchase, other: Purchase) -> bool:
    open_there = other.step is Step.SUBMITTED and (other.vendor, other.key_label) == (one.vendor, one.key_label)
    return open_there and one.vendor_job != "" and job_of(one.vendor_job) == job_of(other.vendor_job)


def _job(row: Purchase) -> OpenJob:
    return OpenJob(row.id, WORKSPACE, row.operation, row.step, row.vendor_job, row.key_label)
