"""The bytes of an enrichment: rows and envelope, as the v2 contract has them (sections 6.3 and 13).

Promises: no null anywhere; lists of ``contact_info`` always there; nothing added to the contract. A row is made once,
when its contact settles, and kept as bytes: a GET only joins what is stored.
"""

from typing import Final

import msgspec

from openenrich.core.contact import LineStatus, LineType
from openenrich.core.money import credits_as_number
from openenrich.core.outcome import BatchStatus, Email, Outcome
from openenrich.core.phone import Phone, PhoneStyle, format_number
from openenrich.core.profile import Profile
from openenrich.engine.ports import BatchView
from openenrich.web.intake import Echo


class PhoneAnswer(msgspec.Struct, frozen=True):
    """A number in the configured spelling (decision 2)."""

    number: str
    region: str
    line_type: LineType
    line_status: LineStatus


class ContactInfo(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What was found. The lists are always there, the best values only when there are any."""

    most_probable_work_email: Email | None = None
    most_probable_personal_email: Email | None = None
    most_probable_phone: PhoneAnswer | None = None
    work_emails: tuple[Email, ...]
    personal_emails: tuple[Email, ...]
    phones: tuple[PhoneAnswer, ...]


class Cost(msgspec.Struct, frozen=True):
    """Credits consumed so far; a whole number is a JSON integer."""

    credits: int | float


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """One contact, as documented."""

    input: Echo
    custom: dict[str, str]
    contact_info: ContactInfo
    profile: Profile | None = None


class Enrichment(msgspec.Struct, frozen=True, omit_defaults=True):
    """The envelope, as documented; ``data`` is left out while the enrichment runs."""

    id: str
    name: str
    status: BatchStatus
    cost: Cost
    data: list[Row] | None = None


class _EncodedRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A `Row` whose first two members are the caller's own bytes."""

    input: msgspec.Raw
    custom: msgspec.Raw
    contact_info: ContactInfo
    profile: Profile | None = None


_ENCODER: Final = msgspec.json.Encoder()
_NO_PROFILE: Final = Profile()


class V2Wire:
    """Implements `openenrich.engine.ports.Wire` for version 2."""

    def __init__(self, phone_style: PhoneStyle = "international") -> None:
        self._phone_style = phone_style

    def record(self, row_input: bytes, custom: bytes, outcome: Outcome) -> bytes:
        return _ENCODER.encode(
            _EncodedRow(
                input=msgspec.Raw(row_input),
                custom=msgspec.Raw(custom),
                contact_info=self._contact_info(outcome),
                profile=None if outcome.profile == _NO_PROFILE else outcome.profile,
            )
        )

    def body(self, view: BatchView, *, with_data: bool) -> bytes:
        cost = Cost(credits_as_number(view.credits))
        head = _ENCODER.encode(Enrichment(id=str(view.id), name=view.name, status=view.status, cost=cost))
        if not with_data:
            return head
        # Decoding stored rows only to encode them again would be the most expensive part of a GET.
        return b"".join((head[:-1], b',"data":[', b",".join(view.records), b"]}"))

    def _contact_info(self, outcome: Outcome) -> ContactInfo:
        best_phone = outcome.best_phone
        return ContactInfo(
            most_probable_work_email=outcome.best_work_email,
            most_probable_personal_email=outcome.best_personal_email,
            most_probable_phone=None if best_phone is None else self._phone(best_phone),
            work_emails=outcome.work_emails,
            personal_emails=outcome.personal_emails,
            phones=tuple(self._phone(phone) for phone in outcome.phones),
        )

    def _phone(self, phone: Phone) -> PhoneAnswer:
        return PhoneAnswer(format_number(phone, self._phone_style), phone.region, phone.line_type, phone.status)
