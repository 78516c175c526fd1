"""The vendor contract: what a declaration says, what is asked, and the closed set of replies.

A vendor is one module in ``openenrich/vendors`` with a declaration called ``VENDOR`` and pure functions:

``request(ask) -> HttpRequest``            the question, without any secret
``read(ask, response) -> Reply``           the answer; for a polling vendor the answer to the submission
``poll(tokens) -> HttpRequest``            polling vendors: ask for one or more of our jobs
``read_poll(tokens, response) -> dict``    polling vendors: a reply per token; a token left out is still pending
                                           (one that shared reads leave out again and again is read alone, so with
                                           ``poll_batch`` above 1 say `Pending` of an open job that is mentioned)
``redeem(ask, token) -> HttpRequest``       redeeming vendors: pay for the record that the free search named
``read_redeem(ask, token, response)``      ... the answer, a `Reply`
``read_callback(tokens, callback)``        calling vendors: what they sent to ``ask.callback_url``, a reply per token;
                                           an empty token stands for the only row of a callback
``request_batch(asks) -> HttpRequest``     operations with ``batch`` above 1: several people in one request
``read_batch(asks, response)``             ... a reply per ``ask.row``, or one `Refused` for all of them
``balance() -> HttpRequest``               the account's own balance, free of charge
``read_balance(response) -> Balance``      ... or a `Refused`

A token is the vendor's job number. When one job holds several rows, the token of a row is ``job#row``: what follows
the first ``#`` is the adapter's own, and all rows of a job are read together, whatever ``poll_batch`` says.

Secrets never pass through these functions: ``egress/client.py`` adds them according to `Vendor.auth`.
A function that raises (`KeyError`, `TypeError`, `ValueError`, `msgspec.ValidationError`, ...) has met a shape it
does not know; the framework turns that into ``Refused(Reason.UNREADABLE)``, so adapters need no ``try``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import msgspec

from openenrich.core.contact import Contact, Field, Known, Values
from openenrich.core.money import MicroUsd

SHAPE_ERRORS = (KeyError, IndexError, TypeError, ValueError, AttributeError, msgspec.MsgspecError)
"""What an adapter raises when it meets an answer of a shape it does not know."""


class Reason(StrEnum):
    """Why a vendor gave no answer. None of these says anything about the person, except `SUPPRESSED`."""

    BAD_KEY = "bad_key"
    NO_CREDIT = "no_credit"
    RATE_LIMITED = "rate_limited"
    INPUT_REFUSED = "input_refused"
    SUPPRESSED = "suppressed"
    UNAVAILABLE = "unavailable"
    UNREADABLE = "unreadable"


class Found(msgspec.Struct, frozen=True, omit_defaults=True, tag="found"):
    """Values were returned. ``billed`` is what the vendor says it charged, in thousandths of its own credit."""

    values: Values
    billed: int | None = None


class NotFound(msgspec.Struct, frozen=True, omit_defaults=True, tag="not_found"):
    """A good question without an answer: a miss, never an error."""

    billed: int | None = None


class Pending(msgspec.Struct, frozen=True, omit_defaults=True, tag="pending"):
    """Not ready. ``token`` is the vendor's job id; empty means: repeat the same request. ``after_s`` in seconds."""

    token: str = ""
    after_s: float = 2.0


class Refused(msgspec.Struct, frozen=True, omit_defaults=True, tag="refused"):
    """No answer, for a reason of ours or theirs. ``code`` is a status or a vendor's error word, never free text.

    ``final`` in the answer to a poll: it is the job that failed, not the reading of it, and no later poll will
    bring an answer.
    """

    reason: Reason
    after_s: float | None = None
    code: str = ""
    final: bool = False


Reply = Found | NotFound | Pending | Refused


class Balance(msgspec.Struct, frozen=True):
    """What is left at the vendor, in thousandths of its own credit; ``None`` when it does not say."""

    credits: int | None
    plan: str = ""


class Charge(StrEnum):
    """When the vendor takes money."""

    FREE = "free"
    PER_CALL = "per_call"
    PER_MATCH = "per_match"
    PER_RESULT = "per_result"
    PER_VERIFIED = "per_verified"


class Style(StrEnum):
    """How an answer arrives."""

    SYNC = "sync"
    POLLED = "polled"
    REDEEMED = "redeemed"  # a free search names a record, a second call pays for it
    CALLBACK = "callback"  # the vendor calls us; there is nothing to poll
    LOCAL = "local"


class Repeat(StrEnum):
    """What may be done with a call whose outcome a dead worker left open."""

    ASK_AGAIN = "ask_again"  # free, or the vendor bills a repeat only once
    UNCERTAIN = "uncertain"  # may have been billed: do not repeat, report it


@dataclass(frozen=True, slots=True)
class HeaderKey:
    """The secret goes into a header, after ``prefix`` (``"Bearer "``, or nothing at all)."""

    name: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class HeaderKeys:
    """Several secrets in several headers: the key is written ``first:second``, in the order of ``names``."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryKey:
    """The secret goes into the query of the URL, for vendors that take it nowhere else."""

    name: str


@dataclass(frozen=True, slots=True)
class BasicKey:
    """HTTP Basic: the secret is the password; ``user`` is what the vendor wants as a name, often nothing."""

    user: str = ""


@dataclass(frozen=True, slots=True)
class TokenExchange:
    """A secret ``id:secret`` is exchanged for a token, which is cached and renewed once on a 401.

    ``as_json`` sends the exchange as JSON instead of a form; ``token_field`` is where the answer has the token.
    """

    path: str
    form: Mapping[str, str] = field(default_factory=dict)
    id_field: str = "client_id"
    secret_field: str = "client_secret"
    as_json: bool = False
    token_field: str = "access_token"


@dataclass(frozen=True, slots=True)
class NoKey:
    """The vendor needs no key at all (the operator's own data)."""


@dataclass(frozen=True, slots=True)
class KeyHash:
    """How a vendor proves that a callback is its own: the SHA-256 of our key, in hexadecimal, in a header."""

    header: str


Auth = HeaderKey | HeaderKeys | QueryKey | BasicKey | TokenExchange | NoKey


@dataclass(frozen=True, slots=True)
class Limits:
    """What one key may do. ``None`` is unlimited. Rates hold over all workers, ``concurrency`` per process."""

    per_second: int | None = None
    per_minute: int | None = None
    per_day: int | None = None
    concurrency: int | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One question a vendor understands.

    ``needs`` are alternatives, best first: the first one that the contact satisfies decides, together with
    ``optional``, what the vendor is told. ``credits`` is the list price in thousandths of the vendor's credit.
    ``hit_rate`` (0 to 1) is a prior for ordering until our own measurements replace it. ``batch`` is how many people
    one request may hold. ``calls_back``: the vendor is given a URL of ours, so it is only asked where we have one.
    ``style`` is the vendor's own unless this operation differs. ``verifies``: it is told an address as ``work_email``
    and answers `Found` with that address and a claim (unknown included); it never finds anything.
    """

    name: str
    returns: frozenset[Field]
    needs: tuple[frozenset[Known], ...]
    credits: int
    charge: Charge
    optional: frozenset[Known] = frozenset()
    also_returns: frozenset[Field] = frozenset()
    hit_rate: float = 0.4
    batch: int = 1
    calls_back: bool = False
    style: Style | None = None
    experimental: bool = False
    verifies: bool = False

    def accepts(self, contact: Contact) -> Contact | None:
        """The contact reduced to what this operation is told, or ``None`` when too little is known."""
        have = contact.known()
        for combination in self.needs:
            if combination <= have:
                return contact.only(combination | (self.optional & have))
        return None


@dataclass(frozen=True, slots=True)
class Vendor:
    """Everything the centre knows about a vendor. Times in seconds."""

    name: str
    title: str
    docs: str
    base_url: str
    auth: Auth
    style: Style
    operations: tuple[Operation, ...]
    credit_price: MicroUsd
    limits: Limits
    region: str
    timeout_s: float = 20.0
    deadline_s: float = 60.0
    poll_limits: Limits = Limits()
    poll_batch: int = 1
    poll_every_s: float = 5.0
    repeat: Repeat = Repeat.UNCERTAIN
    experimental: bool = False
    callback_auth: KeyHash | None = None

    def style_of(self, operation: Operation) -> Style:
        """How answers to this operation arrive."""
        return operation.style or self.style

    def price(self, operation: Operation) -> MicroUsd:
        """List price of one charge, in millionths of a dollar."""
        return MicroUsd(operation.credits * self.credit_price // 1000)

    def operation(self, name: str) -> Operation:
        """The operation of that name; a name that is not declared is a bug."""
        return next(operation for operation in self.operations if operation.name == name)


class Ask(msgspec.Struct, frozen=True):
    """One question to one operation. ``contact`` holds only what the vendor may be told.

    ``row`` is this question's name within a request: in a batch it tells the answers apart. ``callback_url`` is where
    the vendor may report; a polling vendor's report only wakes us, and we read (in a batch, the first row's counts).
    """

    operation: str
    contact: Contact
    row: str = "1"
    callback_url: str | None = None


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request relative to the vendor's base URL, without secrets. At most one of ``json`` and ``form``."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    json: object = None
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An answer: header names are lower-case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def seconds_to_wait(self) -> float | None:
        """``Retry-After`` in seconds when it is a number; dates and nonsense are ignored."""
        text = self.headers.get("retry-after", "")
        return float(text) if text.replace(".", "", 1).isdigit() else None


@dataclass(frozen=True, slots=True)
class Callback:
    """What a vendor sent us: header names are lower-case."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def job_of(token: str) -> str:
    """The job that a token belongs to: ``job`` of ``job#row``."""
    return token.partition("#")[0]


class Adapter(Protocol):
    """What ``vendors/_discover.py`` makes of a vendor's module."""

    @property
    def vendor(self) -> Vendor: ...
    @property
    def request(self) -> Callable[[Ask], HttpRequest]: ...
    @property
    def read(self) -> Callable[[Ask, HttpResponse], Reply]: ...
    @property
    def poll(self) -> Callable[[Sequence[str]], HttpRequest] | None: ...
    @property
    def read_poll(self) -> Callable[[Sequence[str], HttpResponse], dict[str, Reply]] | None: ...
    @property
    def redeem(self) -> Callable[[Ask, str], HttpRequest] | None: ...
    @property
    def read_redeem(self) -> Callable[[Ask, str, HttpResponse], Reply] | None: ...
    @property
    def read_callback(self) -> Callable[[Sequence[str], Callback], dict[str, Reply]] | None: ...
    @property
    def request_batch(self) -> Callable[[Sequence[Ask]], HttpRequest] | None: ...
    @property
    def read_batch(self) -> Callable[[Sequence[Ask], HttpResponse], dict[str, Reply] | Refused] | None: ...
    @property
    def balance(self) -> Callable[[], HttpRequest] | None: ...
    @property
    def read_balance(self) -> Callable[[HttpResponse], Balance | Refused] | None: ...
