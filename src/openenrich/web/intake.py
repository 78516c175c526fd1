"""Reads a POST of ``/contact/enrich/bulk`` and makes a checked batch of it, or refuses.

Lenient in what it accepts (section 5.3: every spelling that clients send, blank texts as absent, unknown members
ignored) and exact in the order in which it refuses (section 5.2). The structures here are also the documentation
of the request: ``openapi.py`` publishes them.
"""

from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from openenrich.core.contact import Contact, Field
from openenrich.core.identity import Defect, normalise
from openenrich.core.names import split_full_name
from openenrich.engine.ports import Caller, NewBatch, NewContact
from openenrich.web import errors
from openenrich.web.errors import ApiError, Refusal

Kinds = Annotated[list[str], Meta(examples=[["contact.work_emails", "contact.personal_emails", "contact.phones"]])]

# What clients in PHP and in spreadsheets send for "no object".
Nothing = Annotated[list[Any], Meta(max_length=0)] | Annotated[str, Meta(max_length=0)] | None


class WebhookEvents(msgspec.Struct, frozen=True):
    """Events of single contacts; names that are not known here are ignored."""

    contact_finished: str | None = None


class ContactRequest(msgspec.Struct, frozen=True):
    """One person: a profile URL, or first name, last name and a company by domain or by name.

    Second spellings of a member (``firstname``, ``company``, ...) are accepted; the first one given counts.
    """

    first_name: str | None = None
    last_name: str | None = None
    domain: str | None = None
    company_name: str | None = None
    linkedin_url: str | None = None
    enrich_fields: Kinds | None = None
    custom: dict[str, Any] | Nothing = None
    full_name: str | None = None
    firstname: str | None = None
    lastname: str | None = None
    fullname: str | None = None
    company_domain: str | None = None
    company: str | None = None
    professional_network_url: str | None = None


class EnrichmentRequest(msgspec.Struct, frozen=True):
    """A batch of 1 to 100 contacts. ``enrich_fields`` here serves the contacts that have none of their own."""

    name: str | None = None
    webhook_url: str | None = None
    webhook_events: WebhookEvents | Nothing = None
    data: list[ContactRequest] | None = None
    datas: list[ContactRequest] | None = None
    enrich_fields: Kinds | None = None


class Echo(msgspec.Struct, frozen=True, omit_defaults=True):
    """What comes back as ``input``: only what was given, in the caller's own spelling (decision 4)."""

    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    company_domain: str | None = None
    company_name: str | None = None
    professional_network_url: str | None = None
    linkedin_url: str | None = None


class IntakeRules(msgspec.Struct, frozen=True):
    """The limits in force; messages print them."""

    max_contacts: int = 100
    custom_max_keys: int = 20
    require_domain_without_linkedin: bool = False


_BOM: Final = b"\xef\xbb\xbf"
_REQUEST: Final = msgspec.json.Decoder(EnrichmentRequest)
_ENCODER: Final = msgspec.json.Encoder()
_NOBODY: Final[frozenset[Field]] = frozenset()

_FIELDS: Final = {
    "contact.work_emails": Field.WORK_EMAIL,
    "contact.emails": Field.WORK_EMAIL,
    "contact.personal_emails": Field.PERSONAL_EMAIL,
    "contact.phones": Field.PHONE,
}

_DEFECTS: Final[dict[Defect, ApiError]] = {
    Defect.NO_FIRST_NAME: errors.FIRST_NAME_EMPTY,
    Defect.NO_LAST_NAME: errors.LAST_NAME_EMPTY,
    Defect.NO_COMPANY: errors.DOMAIN_EMPTY,
    Defect.LINKEDIN_MALFORMED: errors.LINKEDIN_MALFORMED,
    Defect.DOMAIN_INVALID: errors.DOMAIN_INVALID,
}


def decode(body: bytes) -> EnrichmentRequest:
    """The body as JSON of the right types. The refusal names the field and the types, never a value."""
    try:
        return _REQUEST.decode(body.removeprefix(_BOM))
    except msgspec.ValidationError as error:
        raise Refusal(errors.bad_request(_wrong_type(str(error)))) from None
    except RecursionError:
        raise Refusal(errors.bad_request("Body is nested too deeply")) from None
    except ValueError:  # malformed JSON, or bytes that are not UTF-8
        raise Refusal(errors.bad_request("Body is not valid JSON")) from None


def check(request: EnrichmentRequest, caller: Caller, rules: IntakeRules, *, silent: bool) -> NewBatch:
    """The batch to accept. With ``silent`` a bad contact keeps its place and is skipped (section 5.5)."""
    if request.name is None or _text(request.name) is None:
        raise Refusal(errors.NAME_EMPTY)
    events = request.webhook_events if isinstance(request.webhook_events, WebhookEvents) else WebhookEvents()
    webhook_url = _webhook(request.webhook_url)
    contact_webhook_url = _webhook(events.contact_finished)
    rows = request.data or request.datas
    if not rows:
        raise Refusal(errors.DATA_EMPTY)
    if len(rows) > rules.max_contacts:
        raise Refusal(errors.data_exceeded(rules.max_contacts))
    return NewBatch(
        workspace_id=caller.workspace_id,
        key_id=caller.key_id,
        name=_storable(request.name),
        contacts=tuple(_row(row, request.enrich_fields, rules, silent=silent) for row in rows),
        webhook_url=webhook_url,
        contact_webhook_url=contact_webhook_url,
    )


def _row(row: ContactRequest, fallback: list[str] | None, rules: IntakeRules, *, silent: bool) -> NewContact:
    given = _Given.of(row)
    custom = row.custom if isinstance(row.custom, dict) else {}
    try:
        wanted = _wanted(row.enrich_fields or fallback)
        contact = _contact(given, rules)
        _check_custom(custom, rules)
    except Refusal:
        if not silent:
            raise
        texts = {key: value for key, value in custom.items() if isinstance(value, str)}
        return NewContact(contact=None, wanted=_NOBODY, input=given.echo(), custom=_ENCODER.encode(texts))
    return NewContact(contact=contact, wanted=wanted, input=given.echo(), custom=_ENCODER.encode(custom))


def _wanted(words: list[str] | None) -> frozenset[Field]:
    if not words:
        raise Refusal(errors.ENRICH_FIELDS_EMPTY)
    for word in words:
        if word not in _FIELDS:
            raise Refusal(errors.enrich_field_value(word))
    return frozenset(_FIELDS[word] for word in words)


class _Given(msgspec.Struct, frozen=True):
    """A contact's texts under their one name each, trimmed; blank is absent."""

    first_name: str | None
    last_name: str | None
    full_name: str | None
    domain: str | None
    company_name: str | None
    linkedin_url: str | None

    @classmethod
    def of(cls, row: ContactRequest) -> "_Given":
        return cls(
            first_name=_text(row.first_name) or _text(row.firstname),
            last_name=_text(row.last_name) or _text(row.lastname),
            full_name=_text(row.full_name) or _text(row.fullname),
            domain=_text(row.domain) or _text(row.company_domain),
            company_name=_text(row.company_name) or _text(row.company),
            linkedin_url=_text(row.linkedin_url) or _text(row.professional_network_url),
        )

    def echo(self) -> bytes:
        first, last = self.first_name, self.last_name
        if self.full_name and not (first and last):
            head, tail = split_full_name(self.full_name)
            first, last = first or head, last or tail
        return _ENCODER.encode(
            Echo(
                first_name=first,
                last_name=last,
                full_name=f"{first} {last}" if first and last else first or last,
                company_domain=self.domain,
                company_name=self.company_name,
                professional_network_url=self.linkedin_url,
                linkedin_url=self.linkedin_url,
            )
        )


def _contact(given: _Given, rules: IntakeRules) -> Contact:
    found = normalise(
        first_name=given.first_name,
        last_name=given.last_name,
        full_name=given.full_name,
        domain=given.domain,
        company_name=given.company_name,
        linkedin_url=given.linkedin_url,
    )
    if isinstance(found, Defect):
        raise Refusal(_DEFECTS[found])
    if rules.require_domain_without_linkedin and found.domain is None and found.linkedin_handle is None:
        raise Refusal(errors.DOMAIN_EMPTY)
    return found


def _check_custom(custom: dict[str, Any], rules: IntakeRules) -> None:
    if len(custom) > rules.custom_max_keys:
        raise Refusal(errors.custom_keys_exceeded(rules.custom_max_keys))
    for key, value in custom.items():
        if len(key) > errors.VALUE_LIMIT:
            raise Refusal(errors.CUSTOM_KEY_TOO_LONG)
        if not isinstance(value, str):
            raise Refusal(errors.CUSTOM_VALUE_TYPE)
        if len(value) > errors.VALUE_LIMIT:
            raise Refusal(errors.CUSTOM_VALUE_TOO_LONG)


def _webhook(url: str | None) -> str | None:
    text = _text(url)
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:  # brackets without an address between them
        good = False
    if not good:
        raise Refusal(errors.WEBHOOK_URL)
    return text


def _text(text: str | None) -> str | None:
    """Trimmed; ``None`` when nothing is left."""
    if not text:
        return None
    return (_storable(text) if "\x00" in text else text).strip() or None


def _storable(text: str) -> str:
    """Without the one character that a text in the database cannot hold."""
    return text.replace("\x00", "")


def _wrong_type(message: str) -> str:
    """From the decoder's "Expected `str | null`, got `int` - at `$.data[0].domain`": the field, then the types."""
    what, _, place = message.replace("`", "").partition(" - at ")
    return f"{place.removeprefix('$').removeprefix('.') or 'body'}: {what[:1].lower()}{what[1:]}"
