"""Snov.io: client credentials for a token, then tasks of up to ten rows. Unknown addresses are charged as well."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from openenrich.sandbox.coverage import Claim, Knowledge
from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key, rows, text
from openenrich.sandbox.faults import Window

_TOKEN_PREFIX: Final = "sandbox-token-"
_TOKEN_RUN: Final = secrets.token_hex(8)
"""Tokens of an earlier run are not known any more: the client must renew."""
_TOKEN_LIFE_S: Final = 3600


def _error(status: int, title: str) -> Answer:
    return Answer({"errors": {"code": status, "title": title, "source": "sandbox"}}, status)


def token(call: Call) -> Answer:
    """POST /v1/oauth/access_token, form or JSON."""
    pair = (text(call.body, "client_id"), text(call.body, "client_secret"))
    if text(call.body, "grant_type") != "client_credentials" or not all(part.startswith("sandbox-") for part in pair):
        return _error(401, "The user credentials were incorrect.")
    value = f"{_TOKEN_PREFIX}{_TOKEN_RUN}{secrets.token_hex(8)}"
    return Answer({"access_token": value, "token_type": "Bearer", "expires_in": _TOKEN_LIFE_S})


def start(call: Call) -> Answer:
    """POST /v2/emails-by-domain-by-name/start."""
    asked = rows(call.body.get("rows"))
    if not 0 < len(asked) <= 10 or not all(_usable(row) for row in asked):
        return Answer({"success": False, "errors": ["rows: 1 to 10 with first_name, last_name and domain"]}, 422)
    data = [] if call.broke else [_row(call, row) for row in asked]
    status = "not_enough_credits" if call.broke else "completed"
    done = {"status": status, "data": data, "meta": {"rows": asked}}
    job = call.submit(done)
    if text(call.body, "webhook_url"):
        report = {**done, "meta": {"rows": asked, "task_hash": job.id}}
        call.report(text(call.body, "webhook_url"), report, at=job.ready_at)
    return Answer({"data": {"task_hash": job.id}, "meta": {"rows": asked}})


def _usable(row: Mapping[str, Any]) -> bool:
    return all(text(row, name) for name in ("first_name", "last_name", "domain"))


def _row(call: Call, row: Mapping[str, Any]) -> dict[str, object]:
    name = f"{text(row, 'first_name')} {text(row, 'last_name')}"
    domain = text(row, "domain")
    # a company's name is no domain here; it has a task of its own
    person = call.world.by_name(name, domain) if "." in domain else None
    known = call.knows(person) if person else None
    found = known is not None and known.email is not None
    call.bill("email", name, domain, credits_billed=CREDIT if found else 0)
    return {"people": name, "result": [_address(known)] if known and found else []}


def _address(known: Knowledge) -> dict[str, object]:
    reason = {Claim.VALID: "", Claim.CATCH_ALL: "catchall", Claim.RISKY: "greylist"}[known.claim]
    return {
        "email": known.email,
        "smtp_status": "valid" if known.claim is Claim.VALID else "unknown",
        "is_valid_format": True,
        "is_disposable": False,
        "is_webmail": False,
        "is_gibberish": False,
        "unknown_status_reason": reason,
    }


def start_domains(call: Call) -> Answer:
    """POST /v2/company-domain-by-name/start: free of charge here."""
    names = call.body.get("names")
    if not isinstance(names, list) or not 0 < len(names) <= 10:
        return Answer({"success": False, "errors": ["names: 1 to 10"]}, 422)
    data = []
    for name in names:
        company = call.world.company(str(name))
        data.append({"name": name, "result": {"domain": company.domain if company else None}})
    job = call.submit({"status": "completed", "data": data, "meta": {"names": names}})
    return Answer({"data": {"task_hash": job.id}, "meta": {"names": names}})


def result(call: Call) -> Answer:
    """GET .../result?task_hash= for either kind of task."""
    job = call.jobs.get(call.vendor, text(call.query, "task_hash"))
    if job is None or not isinstance(job.answer, dict):
        return Answer({"success": False, "errors": ["task_hash is unknown"]}, 404)
    meta = {**job.answer["meta"], "task_hash": job.id}
    if not call.ready(job):
        return Answer({"status": "in_progress", "data": [], "meta": meta})
    return Answer({**job.answer, "meta": meta})


def balance(call: Call) -> Answer:
    """GET /v1/get-balance: a decimal in a text."""
    return Answer({"success": True, "data": {"balance": f"{call.balance()}.00", "limit_resets_in": 12}})


class _SnovDesk(Desk):
    """A key here is a token of this run."""

    def accepts(self, key: str) -> bool:
        return key.startswith(_TOKEN_PREFIX + _TOKEN_RUN)


DESK: Final = _SnovDesk(
    name="snov",
    version="",
    credit_price=39_000,
    routes=(
        Route("POST", "/v1/oauth/access_token", token, Purpose.TOKEN),
        Route("POST", "/v2/emails-by-domain-by-name/start", start),
        Route("GET", "/v2/emails-by-domain-by-name/result", result, Purpose.POLL),
        Route("POST", "/v2/company-domain-by-name/start", start_domains, Purpose.FREE),
        Route("GET", "/v2/company-domain-by-name/result", result, Purpose.POLL),
        Route("GET", "/v1/get-balance", balance, Purpose.FREE),
    ),
    secret="sandbox-id:sandbox-secret",
    key_of=header_key("", bearer=True, query="access_token"),
    refusals=Refusals(
        bad_key=_error(401, "Unauthenticated."),
        no_credit=None,
        rate_limited=lambda _wait: _error(429, "Too Many Attempts."),
        invalid=Answer({"success": False, "errors": ["The body could not be read"]}, 422),
        unavailable=_error(500, "Server Error"),
    ),
    windows=(Window(60, 60),),
)
