"""The control endpoints under /_sandbox: what is true, what was bought, what shall go wrong."""

from typing import Final

import msgspec
from aiohttp import web

from openenrich.sandbox.faults import Fault, FaultRule
from openenrich.sandbox.mail.faults import EVERY_HOST, MailFault, MailFaultRule
from openenrich.sandbox.state import State
from openenrich.sandbox.world import Truth

_JSON: Final = "application/json"
STATE: Final = web.AppKey("state", State)


def reply(body: object, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(body), status=status, content_type=_JSON)


async def health(request: web.Request) -> web.Response:
    state = request.app[STATE]
    world = state.world
    counts = {"people": len(world.people), "companies": len(world.companies)}
    return reply({"status": "ok", "seed": world.seed, "speed": state.pace.speed, **counts})


async def purchases(request: web.Request) -> web.Response:
    return reply(request.app[STATE].ledger.purchases())


async def calls(request: web.Request) -> web.Response:
    return reply(request.app[STATE].calls)


async def reset(request: web.Request) -> web.Response:
    request.app[STATE].reset()
    return reply({"status": "ok"})


async def mail(request: web.Request) -> web.Response:
    """What the mail servers have heard."""
    state = request.app[STATE]
    return reply(state.mail.tally.report(state.mail_port))


class _Struck(msgspec.Struct, frozen=True):
    """Whom a rule is about: that decides which kinds there are."""

    vendor: str


async def faults(request: web.Request) -> web.Response:
    """One rule for a vendor, or for "mail" or one mail host; a mistake is told in words."""
    state, raw = request.app[STATE], await request.read()
    try:
        struck = msgspec.json.decode(raw, type=_Struck).vendor
        if struck == EVERY_HOST or struck in state.mail_hosts:
            return _add_mail_fault(state, raw)
        if struck != "*" and struck not in state.calls:
            vendors = ", ".join(state.calls)
            return reply({"error": f"no such vendor; vendors: {vendors} or *; or {EVERY_HOST}, or a mail host"}, 400)
        state.faults.add(msgspec.json.decode(raw, type=FaultRule))
    except msgspec.DecodeError as error:
        return reply({"error": f"{error}; kinds: {', '.join(Fault)}"}, 400)
    return reply({"status": "ok"})


def _add_mail_fault(state: State, raw: bytes) -> web.Response:
    try:
        state.mail.faults.add(msgspec.json.decode(raw, type=MailFaultRule))
    except msgspec.DecodeError as error:
        return reply({"error": f"{error}; kinds: {', '.join(MailFault)}"}, 400)
    return reply({"status": "ok"})


async def truth(request: web.Request) -> web.Response:
    """One person by ``linkedin``, ``email``, or ``first_name`` + ``last_name`` with ``domain`` or ``company``."""
    world, query = request.app[STATE].world, request.query
    if "linkedin" in query:
        person = world.by_linkedin(query["linkedin"])
    elif "email" in query:
        person = world.by_email(query["email"])
    else:
        name = f"{query.get('first_name', '')} {query.get('last_name', '')}"
        person = world.by_name(name, query.get("domain") or query.get("company") or "")
    return reply(world.truth(person)) if person else reply({"error": "nobody of that description"}, 404)


class People(msgspec.Struct, frozen=True):
    """A page of people."""

    total: int
    people: list[Truth]


async def people(request: web.Request) -> web.Response:
    """Rows that can be posted to the API, each with its truth: ``offset`` and ``limit``."""
    world, query = request.app[STATE].world, request.query
    offset, limit = (query.get(name, default) for name, default in (("offset", "0"), ("limit", "100")))
    if not (offset.isdecimal() and limit.isdecimal()):
        return reply({"error": "offset and limit are whole numbers"}, 400)
    page = world.people[int(offset) : int(offset) + int(limit)]
    return reply(People(len(world.people), [world.truth(person) for person in page]))


ROUTES: Final = (
    web.get("/_sandbox/health", health),
    web.get("/_sandbox/purchases", purchases),
    web.get("/_sandbox/calls", calls),
    web.get("/_sandbox/mail", mail),
    web.post("/_sandbox/reset", reset),
    web.post("/_sandbox/faults", faults),
    web.get("/_sandbox/truth", truth),
    web.get("/_sandbox/people", people),
)
