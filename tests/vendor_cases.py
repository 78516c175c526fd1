"""The recorded questions and answers of the vendors: the shape of ``tests/vendors/<name>.json``, and what they prove.

A case asks one operation about one contact, unless it has one of these: ``poll`` reads jobs, ``redeem`` pays for what a
free search named, ``batch`` asks about several contacts (rows "1", "2", ... in their order), ``callback`` is what
the vendor sends us. ``covers`` says what a case is there for; `truth_of` holds every such label against the case
itself, so that a label cannot lie. Expected requests and replies are written as they encode: members with their
default value are left out. What a verifier says is about an address that was asked: a case that polls says it in
``contact``.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from openenrich.core.contact import Contact, EmailClaim, Field
from openenrich.core.vendor import (
    Adapter,
    Ask,
    Callback,
    Found,
    HttpRequest,
    HttpResponse,
    NoKey,
    NotFound,
    Operation,
    Pending,
    Reason,
    Refused,
    Reply,
    Style,
)

FOLDER = Path(__file__).parent / "vendors"
RAISES = "raises"
SHAPE_ERRORS = (KeyError, IndexError, TypeError, ValueError, AttributeError, msgspec.MsgspecError)
"""What an adapter may raise on a body of an unknown shape; the framework turns it into unreadable."""


class Expected(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A request as the adapter must build it."""

    method: str
    path: str
    query: dict[str, str] = {}
    json: object = None
    form: dict[str, str] | None = None
    headers: dict[str, str] = {}


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the vendor says: ``json``, or ``text`` for what is no JSON."""

    status: int
    headers: dict[str, str] = {}
    json: object = msgspec.UNSET
    text: str = ""

    @property
    def response(self) -> HttpResponse:
        body = self.text.encode() if self.json is msgspec.UNSET else msgspec.json.encode(self.json)
        return HttpResponse(self.status, body, self.headers)


class PollCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Jobs that are read. ``replies`` has the tokens that are done, or is the word ``raises``."""

    tokens: list[str]
    response: Answer
    replies: dict[str, dict[str, object]] | str
    request: Expected | None = None


class BatchCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Several people in one request. ``replies`` by row, or one refusal for all, or the word ``raises``."""

    contacts: list[Contact]
    response: Answer
    replies: dict[str, object] | str
    request: Expected | None = None


class RedeemCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The paid half of a question about ``contact``: ``token`` came from the free search."""

    contact: Contact
    token: str
    response: Answer
    reply: dict[str, object] | str
    request: Expected | None = None


class CallbackCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the vendor sends us about the jobs we wait for; ``status`` of the answer has no meaning here."""

    tokens: list[str]
    sent: Answer
    replies: dict[str, dict[str, object]] | str

    @property
    def callback(self) -> Callback:
        return Callback(self.sent.response.body, self.sent.headers)


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that a vendor can say. ``operation`` may be left out where the vendor has only one."""

    name: str
    covers: list[str]
    operation: str | None = None
    contact: Contact | None = None
    request: Expected | None = None
    response: Answer | None = None
    reply: dict[str, object] | str | None = None
    poll: PollCase | None = None
    batch: BatchCase | None = None
    redeem: RedeemCase | None = None
    callback: CallbackCase | None = None
    callback_url: str | None = None

    @property
    def plain(self) -> bool:
        """Whether it is one question about one contact."""
        return not (self.poll or self.batch or self.redeem or self.callback)


class BalanceCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    request: Expected
    response: Answer
    reply: dict[str, object]


class VendorCases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cases: list[Case]
    balance: BalanceCase | None = None


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def cases_of(vendor: str) -> VendorCases:
    path = FOLDER / f"{vendor}.json"
    return msgspec.json.decode(path.read_bytes(), type=VendorCases) if path.exists() else VendorCases([])


def as_written(request: HttpRequest) -> object:
    """A built request in the form of the data files."""
    form = None if request.form is None else dict(request.form)
    plain = Expected(request.method, request.path, dict(request.query), request.json, form, dict(request.headers))
    return encoded(plain)


def encoded(value: object) -> object:
    return msgspec.json.decode(msgspec.json.encode(value))


def operation_of(adapter: Adapter, case: Case) -> Operation:
    if case.operation is not None:
        return adapter.vendor.operation(case.operation)
    assert len(adapter.vendor.operations) == 1, f"{case.name!r}: say which operation, this vendor has several"
    return adapter.vendor.operations[0]


def ask_of(adapter: Adapter, case: Case) -> Ask:
    """The question that the framework would ask: the contact reduced to what the operation is told."""
    operation = operation_of(adapter, case)
    assert case.contact is not None, f"{case.name!r} has no contact"
    told = operation.accepts(case.contact)
    assert told is not None, f"{case.name!r}: {operation.name} does not accept this contact, it needs {operation.needs}"
    return Ask(operation.name, told, callback_url=case.callback_url)


def asks_of(adapter: Adapter, case: Case) -> list[Ask]:
    """The questions of a batch, in the order of its contacts; rows are numbered from 1."""
    operation = operation_of(adapter, case)
    assert case.batch is not None, f"{case.name!r} has no batch"
    told = [operation.accepts(contact) for contact in case.batch.contacts]
    assert None not in told, f"{case.name!r}: {operation.name} does not accept one of the contacts"
    return [
        Ask(operation.name, contact, str(row), case.callback_url)
        for row, contact in enumerate(told, 1)
        if contact is not None
    ]


def redemption_of(adapter: Adapter, case: Case) -> tuple[Ask, str]:
    """The question and the token of a case that redeems."""
    operation = operation_of(adapter, case)
    assert case.redeem is not None, f"{case.name!r} redeems nothing"
    told = operation.accepts(case.redeem.contact)
    assert told is not None, f"{case.name!r}: {operation.name} does not accept this contact, it needs {operation.needs}"
    return Ask(operation.name, told), case.redeem.token


def replies_of(case: Case) -> Iterator[Reply]:
    """The expected replies of a case; a body that may raise counts as unreadable."""
    raw = _expected(case)
    if raw == RAISES:
        yield Refused(Reason.UNREADABLE)
    elif isinstance(raw, Mapping) and "type" in raw:
        yield msgspec.convert(raw, type=Reply)
    elif isinstance(raw, Mapping):
        yield from (msgspec.convert(reply, type=Reply) for reply in raw.values())


def _expected(case: Case) -> object:
    for many in (case.poll, case.batch, case.callback):
        if many is not None:
            return many.replies
    return case.redeem.reply if case.redeem else case.reply


def labels_needed(adapter: Adapter) -> set[str]:
    """What the cases of a vendor must cover, all together; `Operation` by `Operation` and failure by failure."""
    operations = adapter.vendor.operations
    needed = set() if all(operation.verifies for operation in operations) else {"not_found"}
    for operation in operations:
        prefix = f"{operation.name}/" if len(operations) > 1 else ""
        needed |= {prefix + label for label in _labels_needed_by(operation)}
    for style in {adapter.vendor.style_of(operation) for operation in operations}:
        needed |= _BY_STYLE.get(style, set())
    if not isinstance(adapter.vendor.auth, NoKey):
        needed |= {"bad_key", "no_credit", "rate_limited", "malformed", "unavailable"}
    if adapter.vendor.poll_batch > 1:
        needed.add("several_jobs")
    return needed


_BY_STYLE = {
    Style.POLLED: {"submitted", "pending"},
    Style.REDEEMED: {"submitted", "redeem:found", "redeem:refused"},
    Style.CALLBACK: {"submitted", "callback:found", "callback:not_found"},
}


def _labels_needed_by(operation: Operation) -> set[str]:
    needed = {f"returns:{field}" for field in operation.returns | operation.also_returns}
    needed |= {f"needs:{'+'.join(sorted(combination))}" for combination in operation.needs}
    if operation.batch > 1:
        needed |= {"batch:found", "batch:refused_one"}
    if operation.calls_back:
        needed.add("calls_back:here")
    if operation.verifies:
        needed |= {"claims:deliverable", "claims:catch_all", "claims:invalid", "claims:unknown"}
    return needed


def labels_of(adapter: Adapter, case: Case) -> set[str]:
    """The labels of a case, with the operation in front where the vendor has several, as in `labels_needed`.

    A verifier that knows yes and no alone cannot say "catch-all": ``claims:binary`` stands for that.
    """
    several = len(adapter.vendor.operations) > 1
    covers = [*case.covers, "claims:catch_all"] if BINARY in case.covers else case.covers
    return {
        f"{operation_of(adapter, case).name}/{label}" if several and label.partition(":")[0] in _BY_OPERATION else label
        for label in covers
    }


BINARY = "claims:binary"
_BY_OPERATION = frozenset({"returns", "needs", "batch", "calls_back", "claims"})
_BINARY = frozenset({EmailClaim.DELIVERABLE, EmailClaim.INVALID})


def truth_of(adapter: Adapter, case: Case, label: str) -> bool:
    """Whether the case shows what the label says."""
    kind, _, what = label.partition(":")
    if kind == "needs":
        return _shows_need(adapter, case, frozenset(what.split("+")))
    if kind == "claims":
        return _shows_claim(case, _BINARY if label == BINARY else frozenset({EmailClaim(what)}))
    if kind in {"batch", "redeem", "callback"}:
        return _shows_many(case, kind, what)
    if kind == "calls_back":
        return case.callback_url is not None and case.callback_url in msgspec.json.encode(case.request).decode()
    if kind == "several_jobs":
        return case.poll is not None and len(case.poll.tokens) > 1
    goes_on = kind == "pending" and _has_open_job(case)
    return goes_on or any(_is_said(reply, kind, what) for reply in replies_of(case))


def _shows_claim(case: Case, claims: frozenset[EmailClaim]) -> bool:
    return bool(claims_of(case)) and claims_of(case) <= claims


def claims_of(case: Case) -> set[EmailClaim]:
    """What the case claims about the addresses that were asked, and about no other."""
    found = [(address, reply) for address, reply in answers_of(case) if isinstance(reply, Found)]
    return {email.claim for address, reply in found for email in reply.values.emails if email.address == address}


def answers_of(case: Case) -> Iterator[tuple[str | None, Reply]]:
    """Every reply of a case with the address that was asked, where one was."""
    asked = case.redeem.contact if case.redeem else case.contact
    by_row = {str(row): contact for row, contact in enumerate(case.batch.contacts, 1)} if case.batch else {}
    raw = _expected(case)
    rows = list(raw) if isinstance(raw, Mapping) and "type" not in raw else [""]
    for row, reply in zip(rows, replies_of(case), strict=True):
        contact = by_row.get(row, asked)
        yield (contact.work_email if contact else None), reply


def _shows_many(case: Case, kind: str, what: str) -> bool:
    """A batch shows what it is for with at least two contacts; ``refused_one`` leaves the others a good answer."""
    shown = {"batch": case.batch, "redeem": case.redeem, "callback": case.callback}[kind]
    if shown is None or (case.batch and len(case.batch.contacts) < 2):
        return False
    replies = list(replies_of(case))
    kinds = {Found: "found", NotFound: "not_found", Pending: "found", Refused: "refused"}
    said = {kinds[type(reply)] for reply in replies}
    return said > {"found"} if what == "refused_one" else what in said


def _is_said(reply: Reply, kind: str, what: str) -> bool:
    match reply:
        case Found():
            return kind == "returns" and Field(what) in reply.values.fields()
        case NotFound():
            return kind == "not_found"
        case Pending():
            return kind == "pending" or (kind == "submitted" and reply.token != "")
        case Refused():
            return kind == ("malformed" if reply.reason is Reason.UNREADABLE else reply.reason)


def _has_open_job(case: Case) -> bool:
    poll = case.poll
    return poll is not None and poll.replies != RAISES and any(token not in poll.replies for token in poll.tokens)


def _shows_need(adapter: Adapter, case: Case, combination: frozenset[str]) -> bool:
    """The request is shown, and the contact has exactly these attributes, or optional ones beyond them."""
    if case.contact is None or case.request is None:
        return False
    operation, have = operation_of(adapter, case), case.contact.known()
    decisive = next((need for need in operation.needs if need <= have), None)
    return decisive == combination and have <= decisive | operation.optional
