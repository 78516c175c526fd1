"""What the use cases need from the outside world, and the values that cross those borders.

Implementations live in ``store``, ``egress`` and ``verify``; ``wiring.py`` puts them together. Ids of batches are
UUIDs (they are public), ids of contacts and purchases are integers. Times are aware UTC.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

import msgspec

from openenrich.core.contact import Contact, Field
from openenrich.core.outcome import BatchStatus, Outcome
from openenrich.core.vendor import Adapter, HttpRequest, HttpResponse, Reply
from openenrich.core.verdict import Checked, DomainMail


class Caller(msgspec.Struct, frozen=True):
    """Who speaks: the key, its workspace, and this minute's count including the present request."""

    workspace_id: UUID
    key_id: UUID
    rate_limit: int
    used: int
    in_progress_response: int | None = None


class NewContact(msgspec.Struct, frozen=True):
    """One row to be accepted. ``contact`` is ``None`` for a row that ``silentFail`` skipped.

    ``wanted`` holds the billable fields that the caller named; ``input`` and ``custom`` are JSON objects that are
    given back byte for byte.
    """

    contact: Contact | None
    wanted: frozenset[Field]
    input: bytes
    custom: bytes


class NewBatch(msgspec.Struct, frozen=True):
    """A checked POST."""

    workspace_id: UUID
    key_id: UUID
    name: str
    contacts: tuple[NewContact, ...]
    webhook_url: str | None = None
    contact_webhook_url: str | None = None
    api_version: int = 2


class BatchView(msgspec.Struct, frozen=True):
    """An enrichment as it is now. ``credits`` in thousandths; ``records`` are finished or partial JSON rows."""

    id: UUID
    name: str
    status: BatchStatus
    credits: int
    records: tuple[bytes, ...] = ()


class Wire(Protocol):
    """Makes the bytes that callers see; implemented by ``web/wire.py``."""

    def record(self, row_input: bytes, custom: bytes, outcome: Outcome) -> bytes:
        """One row of ``data``."""

    def body(self, view: BatchView, *, with_data: bool) -> bytes:
        """The envelope of a GET or of a webhook."""


class Step(StrEnum):
    """States of a purchase in the journal."""

    STARTED = "started"
    SUBMITTED = "submitted"
    REDEEMING = "redeeming"  # the free search is done, the paid call is about to leave
    DONE = "done"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


OPEN = frozenset({Step.STARTED, Step.SUBMITTED, Step.REDEEMING})
"""Steps that wait for an answer."""


class Purchase(msgspec.Struct, frozen=True):
    """A row of the journal as a contact sees it.

    ``mine`` is false when another contact's purchase is shared; ``adopted`` when it was begun for a contact that
    has ended meanwhile, and whoever asks now has to bring it to its end. ``called_back`` is when its vendor last
    reported to us that the job is done.
    """

    id: int
    vendor: str
    operation: str
    step: Step
    mine: bool
    reply: Reply | None = None
    vendor_job: str = ""
    started_at: datetime | None = None
    cost: int = 0
    key_label: str = ""
    adopted: bool = False
    called_back: datetime | None = None


class Claimed(msgspec.Struct, frozen=True):
    """A contact that this worker holds. Every write for it must carry ``token``, or it changes nothing."""

    id: int
    token: UUID
    workspace_id: UUID
    batch_id: UUID
    contact: Contact
    wanted: frozenset[Field]
    input: bytes
    custom: bytes
    started_at: datetime
    history: Outcome | None
    free: frozenset[Field]
    purchases: tuple[Purchase, ...]


class Intent(msgspec.Struct, frozen=True):
    """A paid call about to be made."""

    contact_id: int
    token: UUID
    workspace_id: UUID
    vendor: str
    operation: str
    digest: bytes
    fields: frozenset[Field]
    key_label: str
    at: datetime


class Answer(msgspec.Struct, frozen=True):
    """What came of a call: the step it leads to, the reply, and the cost in millionths of a dollar."""

    purchase_id: int
    token: UUID
    step: Step
    at: datetime
    reply: Reply | None = None
    vendor_job: str = ""
    cost: int = 0


class AddressSample(msgspec.Struct, frozen=True):
    """How one confirmed address is made: a sample of its company's pattern."""

    domain: str
    first: str
    last: str
    local: str


class Settlement(msgspec.Struct, frozen=True):
    """The end of a contact: what is shown, what is charged (thousandths of a credit), what may serve as history."""

    contact_id: int
    token: UUID
    workspace_id: UUID
    outcome: Outcome
    record: bytes
    charged: int
    at: datetime
    won: Mapping[Field, str]
    because: Mapping[Field, str]
    remember: frozenset[Field]
    note: str
    sample: AddressSample | None = None


class LostClaimError(Exception):
    """Another worker holds the contact now: stop at once, write nothing more."""


class Journal(Protocol):
    """The durable memory of a waterfall. Every call is one committed step; group commit happens behind it."""

    async def claim(self, contact_id: int, now: datetime) -> Claimed | None:
        """Take the contact, or ``None`` when it is already done."""

    async def begin(self, intent: Intent) -> Purchase:
        """Write the intent before the call; an equal live purchase of the workspace is returned instead.

        Raises `LostClaimError`.
        """

    async def record(self, answer: Answer) -> None:
        """Write what came of it. Raises `LostClaimError`."""

    async def look(self, purchase_id: int) -> Purchase:
        """Read a purchase that somebody else is making."""

    async def settle(self, settlement: Settlement) -> None:
        """Result, credits, history, webhooks and the next contact, in one transaction. Raises `LostClaimError`."""


class VendorKey(msgspec.Struct, frozen=True):
    """A key of a pool. ``label`` names it in the journal and in logs; ``secret`` is never written anywhere."""

    label: str
    secret: str

    def __repr__(self) -> str:
        return f"VendorKey({self.label})"


class FieldProgress(msgspec.Struct, frozen=True):
    """How far a field is over a whole enrichment, in contacts."""

    field: Field
    wanted: int
    done: int
    found: int


class Progress(msgspec.Struct, frozen=True):
    """Where an enrichment stands. Money in millionths of a dollar, credits in thousandths."""

    status: BatchStatus
    contacts: int
    finished: int
    credits: int
    vendor_cost: int
    calls: int
    fields: tuple[FieldProgress, ...]


class AttemptView(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a contact's timeline. ``result`` is found, not_found, pending, a refusal's reason or uncertain."""

    vendor: str
    operation: str
    result: str
    fields: tuple[Field, ...]
    cost_micro_usd: int
    shared: bool
    started_at: datetime
    finished_at: datetime | None = None


class Explanation(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a row says what it says: every vendor asked in order, and who gave the winning value of each field."""

    position: int
    state: str
    credits: int
    vendor_cost_micro_usd: int
    from_history: tuple[Field, ...]
    won: dict[str, str]
    because: dict[str, str]
    attempts: tuple[AttemptView, ...]


class Frontdoor(Protocol):
    """What the API asks of the engine."""

    async def identify(self, key: str, now: datetime) -> Caller | None:
        """The caller behind a key, counting this request in its calendar minute; ``None`` for an unknown key."""

    async def accept(self, batch: NewBatch, now: datetime) -> UUID:
        """Store, reserve and queue in one transaction; the id of the new enrichment."""

    async def view(self, workspace_id: UUID, batch_id: UUID, *, partial: bool, now: datetime) -> BatchView | None:
        """The enrichment; ``None`` when unknown, another workspace's, or past retention.

        Records are filled when it has ended, or with what is known so far when ``partial``.
        """

    async def balance(self, workspace_id: UUID) -> int | None:
        """Credits in thousandths; ``None`` when the workspace is gone."""

    async def cancel(self, workspace_id: UUID, batch_id: UUID, now: datetime) -> bool:
        """Stop an enrichment: running contacts settle, the rest cost nothing. False when unknown."""

    async def progress(self, workspace_id: UUID, batch_id: UUID) -> Progress | None:
        """Counts for a live display."""

    async def explain(self, workspace_id: UUID, batch_id: UUID) -> tuple[Explanation, ...] | None:
        """The timeline of every row."""

    async def ready(self) -> bool:
        """The database answers and its schema is current."""


class Addresses(Protocol):
    """Where vendors may report to us."""

    def callback_url(self, vendor: str, purchase_id: int) -> str | None:
        """The address for one purchase, which nobody can guess; ``None`` when the server has no public address."""


class Heard(StrEnum):
    """What became of a vendor's report."""

    TAKEN = "taken"
    UNKNOWN = "unknown"
    NOT_AUTHENTIC = "not_authentic"
    UNREADABLE = "unreadable"
    TOO_EARLY = "too_early"


class OpenJob(msgspec.Struct, frozen=True):
    """A purchase that a callback may be about."""

    id: int
    workspace_id: UUID
    operation: str
    step: Step
    vendor_job: str
    key_label: str


class CallbackBook(Protocol):
    """The journal as callbacks see it."""

    async def jobs(self, vendor: str, purchase_id: int) -> tuple[OpenJob, ...]:
        """The purchase that the address belongs to, first, and all open ones of the same job of that vendor.

        Nothing when there is no such purchase.
        """

    async def wake(self, purchase_ids: Sequence[int], at: datetime) -> None:
        """Note that the vendor reported: whoever waits for these reads at once."""

    async def answer(self, purchase_id: int, step: Step, reply: Reply, cost: int, at: datetime) -> bool:
        """Write an answer that came by itself; false when the purchase has one already."""


class Keyring(Protocol):
    """The operator's vendor keys."""

    async def pool(self, workspace_id: UUID, vendor: str) -> Sequence[VendorKey]:
        """All keys of a vendor that a workspace may use, in order of preference; none when there is none."""


class NeverSentError(Exception):
    """The request did not leave: asking again cannot be billed twice."""


class MaybeSentError(Exception):
    """The request may have arrived: the vendor may have billed it."""


class StoppingError(Exception):
    """The worker stops: the contact goes back to the queue, and everything bought is in the journal."""


class Transport(Protocol):
    """The one way out to vendors. Adds secrets and the base URL; knows nothing of meanings."""

    async def send(self, adapter: Adapter, key: VendorKey, request: HttpRequest, timeout_s: float) -> HttpResponse:
        """Raises `NeverSentError` or `MaybeSentError`."""


class Pace(Protocol):
    """Vendor limits that hold over all workers."""

    async def reserve(
        self, name: str, per_second: float, burst: int, longest_wait_s: float | None = None
    ) -> float | None:
        """Reserve the next slot of a limit; the seconds to wait for it.

        ``None`` when that would be longer than ``longest_wait_s``: nothing is reserved then, so that callers who
        go away leave no unused slots behind.
        """


class DomainCheck(Protocol):
    """Whether a domain takes mail at all."""

    async def look(self, domain: str) -> DomainMail:
        """Three-valued: yes, no (with the reason), or unknown. Never raises."""


class AddressCheck(Protocol):
    """Verifiers: our own conversation with the mail host, and those that the operator pays."""

    async def check(self, claimed: Claimed, address: str) -> Checked:
        """What they say. Raises `LostClaimError`, or `StoppingError` when the worker stops."""


class Clock(Protocol):
    """Time, passed in."""

    def now(self) -> datetime:
        """Aware UTC."""

    async def sleep(self, seconds: float) -> None:
        """Wait; a test's clock need not."""


Catalogue = Mapping[str, Adapter]
