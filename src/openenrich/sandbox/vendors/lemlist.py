"""lemlist: the question in the query of a POST, 202 while the job runs, every answer with the headers of a limit."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any, Final

from openenrich.sandbox.coverage import Claim
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, flag, full_name_of, rows, text
from openenrich.sandbox.faults import Window

_EMAIL_COST: Final = 5 * CREDIT
_PHONE_COST: Final = 20 * CREDIT
_ASKED: Final = ("linkedinUrl", "firstName", "lastName", "companyName", "companyDomain")
_FLAGS: Final = {"find_email": "findEmail", "find_phone": "findPhone"}
_MOST_ROWS: Final = 500
_STATUSES: Final = {Claim.VALID: "deliverable", Claim.CATCH_ALL: "risky", Claim.RISKY: "risky"}
_HEADERS: Final = {
    "Retry-After": "2",
    "X-RateLimit-Limit": "20",
    "X-RateLimit-Remaining": "19",
    "X-RateLimit-Reset": "Thu Jan 01 2026 00:00:02 GMT+0000 (Coordinated Universal Time)",
}


def _answer(body: object, status: int = 200) -> Answer:
    return Answer(body, status, _HEADERS)


def _key_of(headers: Mapping[str, str], _query: Mapping[str, str]) -> str:
    """The password of a user without a name."""
    try:
        pair = base64.b64decode(headers.get("Authorization", "").removeprefix("Basic "), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    user, _, key = pair.partition(":")
    return "" if user else key


def submit(call: Call) -> Answer:
    """POST /enrich?findEmail=true&..."""
    asked = {name: call.query[name] for name in _ASKED if text(call.query, name)}
    wanted = [wish for wish, name in _FLAGS.items() if flag(call.query, name)]
    if not wanted:
        return _answer({"error": "No enrichment requested (findEmail, findPhone required)"}, 400)
    if not _usable(asked) or ("find_phone" in wanted and "linkedinUrl" not in asked):
        return _answer({"error": "MISSING_INPUTS"}, 400)
    return _answer({"id": _job(call, asked, wanted)})


def submit_many(call: Call) -> Answer:
    """POST /v2/enrichments/bulk: a job for each row."""
    asked = rows(call.body.get("rows"))
    if not 0 < len(asked) <= _MOST_ROWS:
        return _answer({"error": "WRONG_INPUT_FORMAT"}, 400)
    return _answer([{**_one_of_many(call, row), "metadata": row.get("metadata")} for row in asked])


def _one_of_many(call: Call, row: Mapping[str, Any]) -> dict[str, str]:
    """Without a profile all four are wanted here."""
    told, wanted = row.get("input"), row.get("enrichmentRequests")
    asked = {name: told[name] for name in _ASKED if text(told, name)} if isinstance(told, dict) else {}
    complete = "linkedinUrl" in asked or (wanted == ["find_email"] and len(asked) == len(_ASKED) - 1)
    if not complete or not isinstance(wanted, list):
        return {"error": "MISSING_INPUTS"}
    return {"id": _job(call, asked, wanted)}


def _job(call: Call, asked: Mapping[str, str], wanted: Sequence[str]) -> str:
    job = call.submit({"input": asked, "data": _data(call, asked, wanted)})
    if text(call.query, "webhookUrl"):
        report = {"enrichmentId": job.id, "enrichmentStatus": "done", "input": asked}
        call.report(text(call.query, "webhookUrl"), report, at=job.ready_at)
    return job.id


def result(call: Call) -> Answer:
    """GET /enrich/{id}."""
    job = call.jobs.get(call.vendor, call.tail)
    if job is None or not isinstance(job.answer, dict):
        gone = {"enrichmentId": call.tail, "enrichmentStatus": "not-found", "error": "Enrichment not found", "data": {}}
        return _answer(gone, 404)
    if not call.ready(job):
        running = {"enrichmentStatus": "in-progress", "input": job.answer["input"], "data": {}}
        return _answer({"enrichmentId": job.id, **running}, 202)
    return _answer({"enrichmentId": job.id, "enrichmentStatus": "done", **job.answer})


def _usable(asked: Mapping[str, str]) -> bool:
    company = text(asked, "companyDomain", "companyName")
    return bool(text(asked, "linkedinUrl") or (full_name_of(asked, "firstName", "lastName") and company))


def _data(call: Call, asked: Mapping[str, str], wanted: Sequence[str]) -> dict[str, object]:
    """What was asked for, found or not, and paid for when it was found."""
    profile, name = text(asked, "linkedinUrl"), full_name_of(asked, "firstName", "lastName")
    company = text(asked, "companyDomain", "companyName")
    person = call.world.by_linkedin(profile) if profile else call.world.by_name(name, company)
    known = call.knows(person) if person else None
    data: dict[str, object] = {}
    if "find_email" in wanted:
        email = known.email if known else None
        call.bill("find_email", profile, name, company, credits_billed=_EMAIL_COST if email else 0)
        status = {"status": _STATUSES[known.claim]} if known and email else {"notFound": True}
        data["find_email"] = {"email": email, **status}
    if "find_phone" in wanted:
        phone = known.phone if known else None
        call.bill("find_phone", profile, credits_billed=_PHONE_COST if phone else 0)
        data["find_phone"] = {"phone": phone} if phone else {"phone": None, "notFound": True}
    return data


def credits_left(call: Call) -> Answer:
    """GET /team/credits."""
    left = call.balance()
    return _answer({"credits": left, "details": {"remaining": {"subscription": left}}})


DESK: Final = Desk(
    name="lemlist",
    version="/api",
    credit_price=10_000,
    routes=(
        Route("POST", "/enrich", submit),
        Route("POST", "/v2/enrichments/bulk", submit_many),
        Route("GET", "/enrich/{id}", result, Purpose.POLL),
        Route("GET", "/team/credits", credits_left, Purpose.FREE),
    ),
    key_of=_key_of,
    refusals=Refusals(
        bad_key=_answer({"error": "Unauthorized"}, 401),
        no_credit=_answer({"error": "Not enough credits"}, 402),
        rate_limited=lambda wait: Answer(
            {"error": "Too many requests"}, 429, {**_HEADERS, "Retry-After": str(wait), "X-RateLimit-Remaining": "0"}
        ),
        invalid=_answer({"error": "WRONG_INPUT_FORMAT"}, 400),
        unavailable=_answer({"error": "Internal server error"}, 500),
    ),
    windows=(Window(20, 2),),
)
