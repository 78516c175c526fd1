"""SignalHire: every address and number of the holder of an account or an address, reported to a callback.

What surprised us: there is nothing to poll; the report names people by what was asked (``item``) and its job in the
header ``Request-Id``; ``failed`` is a miss. Their limit of 600 a minute counts people and not calls, and after too many
a question is refused and asked again. There is a mode that answers at once, from fewer sources for the same credit, and
one without contacts that has credits of its own: both are left out. Prices are in no list: an estimate.
"""

from collections.abc import Sequence

import msgspec

from openenrich.core.company import company_of
from openenrich.core.contact import EmailFound, EmailKind, Field, Known, LineType, PhoneFound, Values
from openenrich.core.dates import api_date
from openenrich.core.domains import domain, is_free_mail
from openenrich.core.linkedin import differ, handle
from openenrich.core.money import MicroUsd
from openenrich.core.person import job_of, profile_of
from openenrich.core.places import parts_of_place
from openenrich.core.profile import Education, Employment, Language, Profile
from openenrich.core.vendor import (
    SHAPE_ERRORS,
    Ask,
    Balance,
    Callback,
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
)
from openenrich.vendors._curriculum import latest, proficiency, study
from openenrich.vendors._jobs import job
from openenrich.vendors._known_parts import read_known
from openenrich.vendors._statuses import refusal

_LINKEDIN = frozenset({Known.LINKEDIN})
_ADDRESS = frozenset({Known.WORK_EMAIL})
_WORK = frozenset({Field.WORK_EMAIL})
_OTHERS = frozenset({Field.PERSONAL_EMAIL, Field.PHONE})
_PROFILE = frozenset({Field.PROFILE})


def _operation(
    name: str, need: frozenset[Known], returns: frozenset[Field], besides: frozenset[Field], hits: float
) -> Operation:
    charge = Charge.PER_MATCH
    return Operation(
        name, returns, (need,), 1000, charge, also_returns=besides, hit_rate=hits, batch=100, calls_back=True
    )


VENDOR = Vendor(
    name="signalhire",
    title="SignalHire",
    docs="https://docs.signalhire.com",
    base_url="https://www.signalhire.com/api/v1",
    auth=HeaderKey("apikey"),
    style=Style.CALLBACK,
    operations=(
        _operation("contacts", _LINKEDIN, _WORK | _OTHERS, _PROFILE, 0.5),
        _operation("reverse", _ADDRESS, _OTHERS, _WORK | _PROFILE, 0.3),
    ),
    credit_price=MicroUsd(200_000),
    limits=Limits(per_minute=60),  # ten people each are the 600
    region="unknown",
    timeout_s=30.0,
    deadline_s=120.0,
)
_STATUSES = {406: Reason.INPUT_REFUSED}
_REASONS = {
    "credits_are_over": Reason.NO_CREDIT,
    "timeout_exceeded": Reason.UNAVAILABLE,
    "duplicate_query": Reason.UNAVAILABLE,
}
_KINDS = {"work": EmailKind.WORK, "personal": EmailKind.PERSONAL}
_LINES = {"mobile": LineType.MOBILE, "work_phone": LineType.LANDLINE}


class _Submitted(msgspec.Struct, frozen=True, rename="camel"):
    request_id: int | str


class _Way(msgspec.Struct, frozen=True, rename="camel"):
    """A phone or an e-mail."""

    type: str = ""
    value: str = ""
    sub_type: str = ""


class _Named(msgspec.Struct, frozen=True):
    name: str = ""
    proficiency: str = ""


class _Link(msgspec.Struct, frozen=True):
    type: str = ""
    link: str | None = None


class _School(msgspec.Struct, frozen=True, rename="camel"):
    university: str | None = None
    faculty: str | None = None
    degree: tuple[str, ...] = ()
    started_year: int | None = None
    ended_year: int | None = None


class _Job(msgspec.Struct, frozen=True, rename="camel"):
    company: str | None = None
    position: str | None = None
    started: str | None = None
    ended: str | None = None
    current: bool | None = None
    summary: str | None = None
    company_url: str | None = None
    company_size: str | None = None
    staff_count: int | None = None
    industry: str | None = None
    website: str | None = None


class _Candidate(msgspec.Struct, frozen=True, rename="camel"):
    full_name: str | None = None
    head_line: str | None = None
    summary: str | None = None
    locations: tuple[_Named, ...] = ()
    skills: tuple[str, ...] = ()
    language: tuple[_Named, ...] = ()
    education: tuple[_School, ...] = ()
    experience: tuple[_Job, ...] = ()
    contacts: tuple[_Way, ...] = ()
    social: tuple[_Link, ...] = ()


class _Result(msgspec.Struct, frozen=True):
    status: str
    item: str = ""
    candidate: _Candidate = _Candidate()


def request(ask: Ask) -> HttpRequest:
    return request_batch([ask])


def request_batch(asks: Sequence[Ask]) -> HttpRequest:
    items = list(dict.fromkeys(_item(ask) for ask in asks))
    return HttpRequest("POST", "/candidate/search", json={"items": items, "callbackUrl": asks[0].callback_url})


def _item(ask: Ask) -> str:
    return ask.contact.linkedin_url or ask.contact.work_email or ""


def read(ask: Ask, response: HttpResponse) -> Reply:
    submitted = _submitted(response)
    return submitted if isinstance(submitted, Refused) else _pending(submitted, ask)


def read_batch(asks: Sequence[Ask], response: HttpResponse) -> dict[str, Reply] | Refused:
    """Whoever is asked about twice is asked about once."""
    submitted = _submitted(response)
    if isinstance(submitted, Refused):
        return submitted
    first = {_item(ask): ask.row for ask in reversed(asks)}
    twice = Refused(Reason.UNAVAILABLE, code="duplicate_query")
    return {ask.row: _pending(submitted, ask) if first[_item(ask)] == ask.row else twice for ask in asks}


def _submitted(response: HttpResponse) -> str | Refused:
    refused = refusal(response, _STATUSES)
    return refused or str(msgspec.json.decode(response.body, type=_Submitted).request_id)


def _pending(number: str, ask: Ask) -> Pending:
    return job(VENDOR, number and f"{number}#{_item(ask)}")


def read_callback(tokens: Sequence[str], callback: Callback) -> dict[str, Reply]:
    """A row per item. Without our token (its answer was lost) only a single row can be ours."""
    number = callback.headers.get("request-id")
    rows = [_row(raw) for raw in msgspec.json.decode(callback.body, type=tuple[msgspec.Raw, ...])]
    by_item = {_key(item): reply for item, reply in rows}
    replies: dict[str, Reply] = {}
    for token in tokens:
        of, _, item = token.partition("#")
        if not token and len(rows) == 1:
            replies[token] = rows[0][1]
        elif token and of == (number or of) and _key(item) in by_item:
            replies[token] = by_item[_key(item)]
    return replies


def _key(item: str) -> str:
    """Whether they repeat an item letter by letter is not said."""
    return handle(item) or item.strip().lower()


def _row(raw: msgspec.Raw) -> tuple[str, Reply]:
    """A row that cannot be read leaves the others readable: they are paid for."""
    item = msgspec.json.decode(raw)["item"]
    try:
        return item, _reply(read_known(bytes(raw), _Result))
    except SHAPE_ERRORS:
        return item, Refused(Reason.UNREADABLE)


def _reply(result: _Result) -> Reply:
    if result.status == "failed":
        return NotFound()
    if result.status in _REASONS:
        return Refused(_REASONS[result.status], code=result.status)
    if result.status != "success":
        return Refused(Reason.UNREADABLE, code="status")
    person = result.candidate
    if differ(handle(result.item), handle(_account(person) or "")):
        return Refused(Reason.UNREADABLE, code="other_person")
    values = Values(_emails(person), _phones(person), _profile(person))
    return Found(values) if values != Values() else NotFound()


def _account(person: _Candidate) -> str | None:
    return next((account.link for account in person.social if account.type == "li"), None)


def _emails(person: _Candidate) -> tuple[EmailFound, ...]:
    found = [way for way in person.contacts if way.type == "email" and way.value]
    return tuple(EmailFound(way.value, _KINDS.get(way.sub_type) or _kind(way.value)) for way in found)


def _kind(address: str) -> EmailKind:
    return EmailKind.PERSONAL if is_free_mail(domain(address) or "") else EmailKind.WORK


def _phones(person: _Candidate) -> tuple[PhoneFound, ...]:
    found = [way for way in person.contacts if way.type == "phone" and way.value]
    return tuple(PhoneFound(way.value, _LINES.get(way.sub_type, LineType.UNKNOWN)) for way in found)


def _profile(person: _Candidate) -> Profile | None:
    city, region, nation = parts_of_place(person.locations[0].name if person.locations else None)
    jobs = [_position(item) for item in person.experience]
    return profile_of(
        full_name=person.full_name,
        headline=person.head_line,
        description=person.summary,
        city=city,
        region=region,
        nation=nation,
        linkedin_url=_account(person),
        educations=[_study(school) for school in person.education],
        languages=[Language(item.name, proficiency(item.proficiency)) for item in person.language if item.name],
        skills=person.skills,
        current=latest(jobs),
        jobs=jobs,
    )


def _position(item: _Job) -> Employment | None:
    company = company_of(
        name=item.company,
        website=item.website,
        linkedin_url=item.company_url,
        headcount=item.staff_count,
        size=item.company_size,
        industry=item.industry,
    )
    return job_of(
        title=item.position,
        company=company,
        description=item.summary,
        is_current=item.current,
        start_at=api_date(item.started),
        end_at=api_date(item.ended),
    )


def _study(school: _School) -> Education:
    degree = (", ".join(school.degree), school.faculty)
    return study(school.university, degree, api_date(school.started_year), api_date(school.ended_year))


def balance() -> HttpRequest:
    return HttpRequest("GET", "/credits")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response, _STATUSES)
    return refused or Balance(round(msgspec.json.decode(response.body)["credits"] * 1000))
