"""lemlist: the work e-mail or a phone number, as a job whose question stands in the query of a POST.

What surprised us: the key is the password of a user without a name; every answer has the headers of a rate limit, not
only a 429; an unknown job is a 404 with the word ``not-found``, which is no miss; an address may be at another company
than the one asked for, so that a claim about it is only a probable one. Their page "Enrich data" settled the newer
names (``find_email``, ``find_phone``), and "Bulk enrich data" that a phone needs a profile. The profiles they sell are
left out: the members of ``linkedin_enrichment`` are not documented. A batch makes a job of each person, and wants a
company's name where a single question does not: the domain stands in for it.
"""

from collections.abc import Sequence

import msgspec

from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, PhoneFound, Values
from openenrich.core.domains import domain, registrable
from openenrich.core.money import MicroUsd
from openenrich.core.vendor import (
    Ask,
    Balance,
    BasicKey,
    Charge,
    Found,
    HttpRequest,
    HttpResponse,
    Limits,
    NotFound,
    Operation,
    Reason,
    Refused,
    Reply,
    Style,
    Vendor,
)
from openenrich.vendors._jobs import job
from openenrich.vendors._statuses import poll_refusal, refusal

_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_LINKEDIN = frozenset({Known.LINKEDIN})
_BATCH = 100
"""They take 500; but each job is read alone, and so many must be read within the deadline."""

VENDOR = Vendor(
    name="lemlist",
    title="lemlist",
    docs="https://developer.lemlist.com",
    base_url="https://api.lemlist.com/api",
    auth=BasicKey(),
    style=Style.POLLED,
    operations=(
        Operation(
            name="email",
            returns=frozenset({Field.WORK_EMAIL}),
            needs=(_LINKEDIN, _NAME | {Known.DOMAIN}),
            optional=_NAME | {Known.DOMAIN, Known.COMPANY_NAME},
            credits=5000,
            charge=Charge.PER_RESULT,
            batch=_BATCH,
        ),
        Operation(
            name="phone",
            returns=frozenset({Field.PHONE}),
            needs=(_LINKEDIN,),
            credits=20_000,
            charge=Charge.PER_RESULT,
            hit_rate=0.3,
            batch=_BATCH,
        ),
    ),
    credit_price=MicroUsd(10_000),
    limits=Limits(per_second=5),  # 20 in two seconds for submissions and polls together
    poll_limits=Limits(per_second=5),
    region="unknown",
    deadline_s=90.0,
)
_FLAGS = {"email": "findEmail", "phone": "findPhone"}
_REQUESTS = {"email": "find_email", "phone": "find_phone"}
_CLAIMS = {"deliverable": EmailClaim.DELIVERABLE, "undeliverable": EmailClaim.INVALID}


class _Job(msgspec.Struct, frozen=True):
    id: str


class _Taken(msgspec.Struct, frozen=True):
    """What became of one row of a batch."""

    metadata: dict[str, str]
    id: str | None = None
    error: str | None = None


class _Email(msgspec.Struct, frozen=True, rename="camel"):
    email: str | None = None
    status: str | None = None
    not_found: bool = False


class _Phone(msgspec.Struct, frozen=True, rename="camel"):
    phone: str | None = None
    not_found: bool = False


class _Input(msgspec.Struct, frozen=True, rename="camel"):
    company_domain: str | None = None


class _Data(msgspec.Struct, frozen=True):
    """Older answers name what was found, newer ones what was asked for."""

    email: _Email | None = None
    find_email: _Email | None = None
    phone: _Phone | None = None
    find_phone: _Phone | None = None


class _Result(msgspec.Struct, frozen=True, rename="camel"):
    enrichment_status: str
    input: _Input | None = None
    data: _Data | None = None


def request(ask: Ask) -> HttpRequest:
    told = {**_told(ask), _FLAGS[ask.operation]: "true", **_report(ask)}
    return HttpRequest("POST", "/enrich", query=told)


def _told(ask: Ask) -> dict[str, str]:
    person = ask.contact
    told = {
        "linkedinUrl": person.linkedin_url,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "companyDomain": person.domain,
        "companyName": person.company_name,
    }
    return {name: value for name, value in told.items() if value}


def _report(ask: Ask) -> dict[str, str]:
    return {"webhookUrl": ask.callback_url} if ask.callback_url else {}


def read(ask: Ask, response: HttpResponse) -> Reply:
    del ask
    refused = refusal(response)
    return refused or job(VENDOR, msgspec.json.decode(response.body, type=_Job).id)


def request_batch(asks: Sequence[Ask]) -> HttpRequest:
    rows = [
        {"input": _row(ask), "enrichmentRequests": [_REQUESTS[ask.operation]], "metadata": {"row": ask.row}}
        for ask in asks
    ]
    return HttpRequest("POST", "/v2/enrichments/bulk", query=_report(asks[0]), json=rows)


def _row(ask: Ask) -> dict[str, str]:
    told = _told(ask)
    stand_in = {} if "linkedinUrl" in told else {"companyName": told["companyDomain"]}
    return {**stand_in, **told}


def read_batch(asks: Sequence[Ask], response: HttpResponse) -> dict[str, Reply] | Refused:
    refused = refusal(response)
    if refused:
        return refused
    taken = {row.metadata["row"]: row for row in msgspec.json.decode(response.body, type=tuple[_Taken, ...])}
    return {ask.row: _outcome(taken.get(ask.row)) for ask in asks}


def _outcome(row: _Taken | None) -> Reply:
    """An unreadable row leaves the jobs of the others alone."""
    if row is None or not (row.id or row.error):
        return Refused(Reason.UNREADABLE, code="no_row")
    return Refused(Reason.INPUT_REFUSED, code="row") if row.error else job(VENDOR, row.id)


def poll(tokens: Sequence[str]) -> HttpRequest:
    return HttpRequest("GET", f"/enrich/{tokens[0]}")


def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]:
    refused = poll_refusal(tokens, response)
    if refused is not None:
        return refused
    result = msgspec.json.decode(response.body, type=_Result)
    return {tokens[0]: _reply(result)} if result.enrichment_status == "done" else {}


def _reply(result: _Result) -> Reply:
    data, asked = result.data or _Data(), result.input or _Input()
    email = data.find_email or data.email or _Email()
    phone = data.find_phone or data.phone or _Phone()
    emails = (EmailFound(email.email, claim=_claim(email, asked)),) if email.email and not email.not_found else ()
    phones = (PhoneFound(phone.phone),) if phone.phone and not phone.not_found else ()
    return Found(Values(emails, phones)) if emails or phones else NotFound()


def _claim(email: _Email, asked: _Input) -> EmailClaim:
    claim = _CLAIMS.get(email.status or "", EmailClaim.UNKNOWN)
    expected, host = domain(asked.company_domain or ""), domain((email.email or "").rpartition("@")[2])
    elsewhere = bool(expected and host and registrable(expected) != registrable(host))
    return EmailClaim.PROBABLE if elsewhere and claim is EmailClaim.DELIVERABLE else claim


def balance() -> HttpRequest:
    return HttpRequest("GET", "/team/credits")


def read_balance(response: HttpResponse) -> Balance | Refused:
    refused = refusal(response)
    return refused or Balance(round(msgspec.json.decode(response.body)["credits"] * 1000))
