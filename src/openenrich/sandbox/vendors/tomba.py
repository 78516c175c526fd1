"""Tomba: two headers for a key, limits in headers, booleans for numbers. Some mail servers do not answer at once."""

from collections.abc import Mapping
from typing import Final

from openenrich.sandbox.coverage import Claim, Knowledge
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, full_name_of, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.people import Person

_STATUSES: Final = {Claim.VALID: "valid", Claim.CATCH_ALL: None, Claim.RISKY: None}
_SCORES: Final = {Claim.VALID: 95, Claim.CATCH_ALL: 75, Claim.RISKY: 60}
_SILENT_SERVERS: Final = 50
"""One person in so many has a mail server that must be asked again later."""


def _error(status: int, kind: str, words: str, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer({"errors": {"type": kind, "message": words, "code": status}}, status, headers or {})


def find(call: Call) -> Answer:
    """GET /email-finder."""
    name, company = full_name_of(call.query), text(call.query, "domain", "company")
    if not (name and company):
        return _error(400, "wrong_params", "Give a domain or company and a name.")
    return _answer(call, call.world.by_name(name, company), name, company)


def by_profile(call: Call) -> Answer:
    """GET /linkedin."""
    asked = text(call.query, "url")
    if not asked:
        return _error(400, "wrong_params", "Give the url of a profile.")
    return _answer(call, call.world.by_linkedin(asked), asked)


def _answer(call: Call, person: Person | None, *asked: str) -> Answer:
    """Nobody at all is an empty object; somebody without an address is one with nulls."""
    if person and person.id % _SILENT_SERVERS == 1 and _is_silent(call, person):
        return _error(402, "smtp_error", "The mail server could not be asked. Try again later.")
    known = call.knows(person) if person else None
    found = known is not None and known.email is not None
    call.bill("email", *asked, credits_billed=CREDIT if found else 0)
    return Answer({"data": _data(person, known) if person and known else {}})


def _is_silent(call: Call, person: Person) -> bool:
    search = f"{call.vendor}/{call.key}/{person.id}"
    return call.jobs.searching(search, call.pace.now(), call.pace.job_s(call.vendor))


def _data(person: Person, known: Knowledge) -> dict[str, object]:
    found, company = known.email is not None, person.company
    return {
        "website_url": company.domain,
        "accept_all": known.claim is Claim.CATCH_ALL if found else None,
        "email": known.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "full_name": person.full_name,
        "country": company.country.code,
        "gender": None,
        "phone_number": person.mobile is not None,
        "position": person.job.role.title if found else None,
        "twitter": None,
        "linkedin": person.linkedin_url if found else None,
        "company": company.legal_name,
        "disposable": False,
        "webmail": False,
        "score": _SCORES[known.claim] if found else None,
        "verification": {"date": "2026-05-02", "status": _STATUSES[known.claim] if found else None},
        "sources": [],
    }


def account(call: Call) -> Answer:
    """GET /me."""
    spent = call.ledger.spent(call.vendor) // CREDIT
    searches = {"available": call.balance() + spent, "used": spent}
    requests = {"domains": searches, "verifications": searches, "phones": searches}
    return Answer({"data": {"pricing": {"name": "Sandbox"}, "requests": requests}})


def _key_of(headers: Mapping[str, str], parameters: Mapping[str, str]) -> str:
    """The key, if the secret is one as well."""
    del parameters
    secret = headers.get("X-Tomba-Secret", "")
    return headers.get("X-Tomba-Key", "") if secret.startswith("sandbox-") else ""


def _limits(day: int, minute_reset_s: int) -> dict[str, str]:
    return {
        "x-minute-request-left": "0",
        "x-daily-request-left": str(day),
        "x-minute-reset-seconds": str(minute_reset_s),
        "x-daily-reset-seconds": "3600",
    }


DESK: Final = Desk(
    name="tomba",
    version="/v1",
    credit_price=50_000,
    routes=(
        Route("GET", "/email-finder", find),
        Route("GET", "/linkedin", by_profile),
        Route("GET", "/me", account, Purpose.FREE),
    ),
    secret="sandbox-key:sandbox-secret",
    key_of=_key_of,
    refusals=Refusals(
        bad_key=_error(400, "authentication_failed", "No user was found for these keys."),
        no_credit=_error(429, "too_many_requests", "The day is used up.", _limits(0, 60)),
        rate_limited=lambda wait: _error(429, "too_many_requests", "Too many requests.", _limits(500, wait)),
        invalid=_error(400, "wrong_params", "The parameters could not be read."),
        unavailable=_error(500, "internal_error", "Something went wrong."),
    ),
    windows=(Window(300, 60),),
)
