"""BounceBan: the verdict also where a host accepts every name, at once or as a job; every submission is charged."""

from typing import Final

from openenrich.sandbox.desk import CREDIT, Answer, Call, Desk, Purpose, Refusals, Route, header_key, text
from openenrich.sandbox.faults import Window
from openenrich.sandbox.vendors._opinions import Opinion, insight, opinion, slow
from openenrich.sandbox.world import Mailbox

_WORDS: Final = {
    Opinion.GOOD: ("deliverable", 97),
    Opinion.ACCEPTED: ("risky", 55),
    Opinion.BAD: ("undeliverable", 3),
    Opinion.UNKNOWN: ("unknown", -1),
}
_JOB_SHARE: Final = 0.125


def verify(call: Call) -> Answer:
    """GET /verify/single."""
    address = text(call.query, "email")
    if not address:
        return _message(400, "email is required")
    call.bill("verify", address, credits_billed=CREDIT)
    result = _result(call, address)
    if not slow(call, address, _JOB_SHARE):
        return Answer({"id": "at-once", **result})
    job = call.submit(result)
    url = text(call.query, "url")
    if url:
        call.report(url, {"id": job.id, **result}, at=job.ready_at)
    return _verifying(job.id)


def _result(call: Call, address: str) -> dict[str, object]:
    unknown = opinion(call, address) is Opinion.UNKNOWN
    word, score = _WORDS[Opinion.UNKNOWN if unknown else insight(call, address)]
    return {
        "status": "success",
        "email": address,
        "result": word,
        "score": score,
        "is_disposable": False,
        "is_accept_all": call.world.mailbox(address) is Mailbox.CATCH_ALL,
        "is_role": False,
        "is_free": False,
        "mx_records": [],
        "smtp_provider": "other",
        "mode": text(call.query, "mode") or "regular",
        "credits_consumed": 1,
        "credits_remaining": call.balance(),
        "verify_at": "2026-06-20T11:03:38.497Z",
    }


def _verifying(number: str) -> Answer:
    words = "The email verification process is not yet complete."
    return Answer({"id": number, "status": "verifying", "msg": words, "try_again_at": 1_781_953_806})


def status(call: Call) -> Answer:
    """GET /verify/single/status?id=: free."""
    job = call.jobs.get(call.vendor, text(call.query, "id"))
    if job is None or not isinstance(job.answer, dict):
        return _message(404, "The verification was not found")
    return Answer({"id": job.id, **job.answer}) if call.ready(job) else _verifying(job.id)


def account(call: Call) -> Answer:
    """GET /account."""
    return Answer({"available_credits": call.balance()})


def _message(status_code: int, words: str) -> Answer:
    return Answer({"error": words}, status_code)


DESK: Final = Desk(
    name="bounceban",
    version="/v1",
    credit_price=3_400,
    routes=(
        Route("GET", "/verify/single", verify, windows=(Window(100, 1),)),
        Route("GET", "/verify/single/status", status, Purpose.POLL),
        Route("GET", "/account", account, Purpose.FREE),
    ),
    key_of=header_key("Authorization"),
    refusals=Refusals(
        bad_key=_message(401, "Invalid API key"),
        no_credit=_message(402, "Insufficient credits"),
        rate_limited=lambda wait: Answer({"error": "Too many requests"}, 429, {"Retry-After": str(wait)}),
        invalid=_message(400, "The request could not be read"),
        unavailable=_message(500, "Internal server error"),
    ),
)
