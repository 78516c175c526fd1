"""FullEnrich: work e-mail, personal e-mail or mobile number out of a waterfall of its own, as a list of one or of many.

What surprised us: a job that goes on is a 400 with a code of its own, and at other times a 200 without rows; a 402 is
a full answer, with what was found before the credits ran out; landlines are listed and free. Only what is asked for is
looked up and billed, so that each kind is a question of its own. A repeat is free only once the first job has ended
(their page "Credits & Testing Tips"), which a dead worker cannot know; a list says what it took in all, and we share
that out among its rows. Their n8n node sends empty texts for what is unknown: we leave it out. The profile that comes
along has our own shape. The price of a credit is the one of their page "Pricing": 29 dollars for 500.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from openenrich.core.contact import (
    EmailClaim,
    EmailFound,
    EmailKind,
    Field,
    Known,
    LineStatus,
    LineType,
    PhoneFound,
    Values,
)
from openenrich.core.money import MicroUsd
from openenrich.core.profile import Profile
from openenrich.core.vendor import (
    SHAPE_ERRORS,
    Ask,
    Balance,
    Charge,
    Found,
    HeaderKey,
    HttpRequest,
    HttpResponse,
    Limits,
    NotFound,
    Operation,
    Pending,
    Reason,
    Refused,
    Reply,
    Style,
    Vendor,
    job_of,
)
from openenrich.vendors._jobs import job
from openenrich.vendors._known_parts import read_known
from openenrich.vendors._statuses import poll_refusal, refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_NEEDS = (frozenset({Known.LINKEDIN}), _NAME | {Known.DOMAIN}, _NAME | {Known.COMPANY_NAME})
_ALL = _NAME | {Known.LINKEDIN, Known.DOMAIN, Known.COMPANY_NAME}  # each of its own vendors wants something else


def _operation(name: str, field: Field, price: int, hits: float) -> Operation:
    along = frozenset({Field.PROFILE})
    return Operation(name, frozenset({field}), _NEEDS, price * 1000, Charge.PER_RESULT, _ALL, along, hits, batch=100)


VENDOR = Vendor(
    name="fullenrich",
    title="FullEnrich",
    docs="https://docs.fullenrich.com",
    base_url="https://app.fullenrich.com/api/v2",
    auth=HeaderKey("Authorization", "Bearer "),
    style=Style.POLLED,
    operations=(
        _operation("email", Field.WORK_EMAIL, 1, 0.65),
        _operation("personal_email", Field.PERSONAL_EMAIL, 3, 0.4),
        _operation("phone", Field.PHONE, 10, 0.45),
    ),
    credit_price=MicroUsd(58_000),
    limits=Limits(per_minute=15),  # 60 a minute for submissions and polls together
    poll_limits=Limits(per_minute=45),
    region="EU",
    deadline_s=200.0,  # mostly 30 to 90 s, up to 4 min
    poll_every_s=20.0,
)
_KINDS = {"email": "contact.work_emails", "personal_email": "contact.personal_emails", "phone": "contact.phones"}
_ENDS = {"FINISHED": None, "CANCELED": Reason.UNAVAILABLE, "CREDITS_INSUFFICIENT": Reason.NO_CREDIT}
"""Why a job that has ended found nothing; every other state goes on."""
_CLAIMS = {
    "DELIVERABLE": EmailClaim.DELIVERABLE,
    "HIGH_PROBABILITY": EmailClaim.PROBABLE,
    "CATCH_ALL": EmailClaim.CATCH_ALL,
    "INVALID": EmailClaim.INVALID,
    "INVALID_DOMAIN": EmailClaim.INVALID,
}
_LINES = {line.value: line for line in LineType}
_LINE_STATUSES = {status.value: status for status in LineStatus}


class _Job(msgspec.Struct, frozen=True):
    enrichment_id: str


class _Error(msgspec.Struct, frozen=True):
    code: str = ""


class _Email(msgspec.Struct, frozen=True):
    email: str = ""
    status: str = ""

    @property
    def is_sold(self) -> bool:
        return bool(self.email) and _CLAIMS.get(self.status) is not EmailClaim.INVALID


class _Phone(msgspec.Struct, frozen=True):
    number: str = ""
    region: str | None = None
    line_type: str = ""
    line_status: str = ""


class _Contact(msgspec.Struct, frozen=True):
    most_probable_work_email: _Email = _Email()
    most_probable_personal_email: _Email = _Email()
    most_probable_phone: _Phone = _Phone()
    work_emails: tuple[_Email, ...] = ()
    personal_emails: tuple[_Email, ...] = ()
    phones: tuple[_Phone, ...] = ()

    @property
    def price(self) -> int:
        """What it is charged with, in thousandths of a credit: only the most probable values are."""
        email = 1000 if self.most_probable_work_email.is_sold else 0
        own = 3000 if self.most_probable_personal_email.is_sold else 0
        return email + own + (10_000 if self.most_probable_phone.number else 0)


class _Row(msgspec.Struct, frozen=True):
    contact_info: _Contact = _Contact()
    profile: Profile = Profile()
    custom: dict[str, str] = {}


class _Cost(msgspec.Struct, frozen=True):
    credits: float | None = None


class _Result(msgspec.Struct, frozen=True):
    status: str
    cost: _Cost = _Cost()
    data: tuple[dict[str, Any], ...] = ()


def request(ask: Ask) -> HttpRequest:
    return _question(ask, [_told(ask)])


def request_batch(asks: Sequence[Ask]) -> HttpRequest:
    return _question(asks[0], [{**_told(ask), "custom": {"row": ask.row}} for ask in asks])


def _told(ask: Ask) -> dict[str, object]:
    person = ask.contact
    told = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "domain": person.domain,
        "company_name": person.company_name,
        "linkedin_url": person.linkedin_url,
    }
    row = {name: value for name, value in told.items() if value}
    return {**row, "enrich_fields": [_KINDS[ask.operation]]}


def _question(ask: Ask, rows: list[dict[str, object]]) -> HttpRequest:
    notice = {"webhook_url": ask.callback_url} if ask.callback_url else {}
    return HttpRequest("POST", "/contact/enrich/bulk", json={"name": "OpenEnrich", "data": rows, **notice})


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    return _submitted(response)


def read_batch(asks: Sequence[Ask], response: HttpResponse) -> dict[str, Reply] | Refused:
    taken = _submitted(response)
    if isinstance(taken, Refused):
        return taken
    return {ask.row: Pending(f"{taken.token}#{ask.row}", taken.after_s) for ask in asks}


def _submitted(response: HttpResponse) -> Pending | Refused:
    return refusal(response) or job(VENDOR, msgspec.json.decode(response.body, type=_Job).enrichment_id)


def poll(tokens: Sequence[str]) -> HttpRequest:
    return HttpRequest("GET", f"/contact/enrich/bulk/{job_of(tokens[0])}")


def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    if response.status == 400 and read_known(response.body, _Error).code == "error.enrichment.in_progress":
        return {}
    if response.status == 404:  # no such job of this key, or not any more
        return dict.fromkeys(tokens, Refused(Reason.UNAVAILABLE, code="404", final=True))
    refused = poll_refusal(tokens, response) if response.status != 402 else None
    if refused is not None:
        return refused
    result = read_known(response.body, _Result)
    if result.status not in _ENDS:
        return {}
    credits_taken = result.cost.credits
    billed = None if credits_taken is None else round(credits_taken * 1000)
    if "#" not in tokens[0]:
        stopped = _ENDS[result.status] is not None
        row = _Row() if stopped and not result.data else _row(result.data[0])  # only then it may lack its row
        return {tokens[0]: _reply(row, billed, result.status)}
    replies, missing = _rows(result, billed), _missing(result.status)
    return {token: replies.get(token.partition("#")[2], missing) for token in tokens}


def _row(given: Mapping[str, Any]) -> _Row:
    return msgspec.convert(given, type=_Row, strict=False)


def _missing(status: str) -> Reply:
    """What a row is of which nothing, or nothing legible, came back."""
    why = _ENDS[status]
    return Refused(why, code=status, final=True) if why else Refused(Reason.UNREADABLE, code="row", final=True)


def _rows(result: _Result, left: int | None) -> dict[str, Reply]:
    """A row that cannot be read leaves the others readable: they are paid for."""
    replies: dict[str, Reply] = {}
    for given in result.data:
        try:
            row = _row(given)
            name = row.custom["row"]
        except SHAPE_ERRORS:
            continue
        share = None if left is None else min(left, row.contact_info.price)
        left = None if left is None or share is None else left - share
        replies[name] = _reply(row, share, result.status)
    return replies


def _reply(row: _Row, billed: int | None, status: str) -> Reply:
    why = _ENDS[status]
    values = Values(_emails(row.contact_info), _phones(row.contact_info), _profile(row.profile))
    if values.emails or values.phones or (values.profile and why is None):
        return Found(values, billed)
    return NotFound(billed) if why is None else Refused(why, code=status, final=True)


def _emails(found: _Contact) -> tuple[EmailFound, ...]:
    """The most probable one first; it stands in the list once more."""
    work, own = found.most_probable_work_email, found.most_probable_personal_email
    listed = [(EmailKind.WORK, email) for email in (work, *found.work_emails)]
    listed += [(EmailKind.PERSONAL, email) for email in (own, *found.personal_emails)]
    claimed = (EmailFound(e.email, kind, _CLAIMS.get(e.status, EmailClaim.UNKNOWN)) for kind, e in listed if e.email)
    return tuple(dict.fromkeys(claimed))


def _phones(found: _Contact) -> tuple[PhoneFound, ...]:
    """The most probable one is a mobile by definition, also where no type of line is named."""
    best = found.most_probable_phone
    listed = (_phone(phone, best) for phone in (best, *found.phones) if phone.number)
    return tuple({phone.number: phone for phone in listed}.values())


def _phone(phone: _Phone, best: _Phone) -> PhoneFound:
    line = LineType.MOBILE if phone.number == best.number else LineType.UNKNOWN
    status = _LINE_STATUSES.get(phone.line_status, LineStatus.UNKNOWN)
    return PhoneFound(phone.number, _LINES.get(phone.line_type, line), status, phone.region)


def _profile(given: Profile) -> Profile | None:
    """It has our own shape; what is theirs in it are identifiers, and those of companies are replaced anyway."""
    ours = replace(given, id=None)
    return ours if ours != Profile() else None


def balance() -> HttpRequest:
    return HttpRequest("GET", "/account/credits")


def read_balance(response: HttpResponse) -> Balance | Refused:
    return refusal(response) or Balance(round(msgspec.json.decode(response.body)["balance"] * 1000))
