"""Anymail Finder: one slow search. What it cannot confirm is free, and so is a repeat; some people are blacklisted."""

from typing import Final

from openenrich.sandbox.coverage import Claim, Knowledge
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, full_name_of, header_key, text
from openenrich.sandbox.people import Person


def _error(status: int, word: str, words: str) -> Answer:
    return Answer({"error": word, "error_explained": words}, status)


def find(call: Call) -> Answer:
    """POST /v5.1/find-email/person."""
    profile = text(call.body, "linkedin_url")
    name, company = full_name_of(call.body), text(call.body, "domain", "company_name")
    if not profile and not (name and company):
        return _error(400, "bad_request", "Give a name and domain or company_name, or a linkedin_url.")
    person = call.world.by_linkedin(profile) if profile else call.world.by_name(name, company)
    known = call.knows(person) if person else None
    if person and person.suppressed:
        status = "blacklisted"
    elif known is None or known.email is None:
        status = "not_found"
    else:
        status = "valid" if known.claim is Claim.VALID else "risky"
    fresh = person is not None and status == "valid" and not call.ledger.own(call.vendor, person.id, "email")
    call.bill("email", profile, name, company, credits_billed=CREDIT if fresh else 0)
    found = _hit(call, person, known) if person and known and status in {"valid", "risky"} else {"email": None}
    valid = found["email"] if status == "valid" else None
    return Answer({**found, "email_status": status, "valid_email": valid, "credits_charged": int(fresh)})


def _hit(call: Call, person: Person, known: Knowledge) -> dict[str, object]:
    """The company is the one of the address: a former one looks just like a new one."""
    company = call.world.company((known.email or "").rpartition("@")[2]) or person.company
    return {
        "email": known.email,
        "person_full_name": person.full_name,
        "person_job_title": person.job.role.title if company is person.company else None,
        "person_company_name": company.legal_name,
    }


def account(call: Call) -> Answer:
    """GET /v5.1/account."""
    return Answer({"email": "owner@example.com", "credits_left": call.balance()})


DESK: Final = Desk(
    name="anymailfinder",
    version="/v5.1",
    credit_price=72_500,
    routes=(
        Route("POST", "/find-email/person", find),
        Route("GET", "/account", account, Purpose.FREE),
    ),
    key_of=header_key("Authorization"),
    refusals=Refusals(
        bad_key=_error(401, "unauthorized", "The API key is not valid."),
        no_credit=_error(402, "payment_needed", "There are not enough credits."),
        rate_limited=lambda _wait: _error(429, "too_many_requests", "Slow down."),
        invalid=_error(400, "bad_request", "The body could not be read."),
        unavailable=_error(503, "server_busy", "The server is busy, try again later."),
    ),
)
