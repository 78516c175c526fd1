"""The sandbox over HTTP: every vendor under its own prefix, and the way each call goes past the door.

Key, limits and faults first, then the vendor's own function, then latency. The vendor works and bills when the
question arrives and not when the answer leaves: a client that hangs up has paid, as in life.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from aiohttp import web

from openenrich.sandbox.control import ROUTES, STATE
from openenrich.sandbox.desk import Answer, Call, Desk, Purpose, Refusals, Route
from openenrich.sandbox.dns import DEFAULT_FAILING, PROBE_DOMAIN, serve_dns
from openenrich.sandbox.faults import Fault
from openenrich.sandbox.latency import LATENCIES, QUICK
from openenrich.sandbox.mail.listeners import addresses_of, listening
from openenrich.sandbox.state import State
from openenrich.sandbox.vendors import DESKS
from openenrich.sandbox.world import World

_HANG_S: Final = 120.0
_DRIP_S: Final = 0.05
_VENDORS: Final = tuple(desk.name for desk in DESKS)
_BEFORE_WORK: Final[Mapping[Fault | None, Callable[[Refusals], Answer]]] = {
    Fault.BAD_KEY: lambda refusals: refusals.bad_key,
    Fault.HTTP_500: lambda refusals: refusals.unavailable,
    Fault.RATE_LIMITED: lambda refusals: refusals.rate_limited(1),
}
Respond = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """``speed`` divides all times, 0 means none; ``faults`` lets things go wrong by chance."""

    speed: float = 20.0
    faults: bool = True
    failing_name: str = DEFAULT_FAILING


def create_app(world: World, settings: SandboxSettings) -> web.Application:
    """All vendors and the control endpoints over one world."""
    app = web.Application()
    app[STATE] = State(world, _VENDORS, speed=settings.speed, faults=settings.faults)
    app.on_cleanup.append(_forget_reports)
    app.add_routes(ROUTES)
    for desk in DESKS:
        for route in desk.routes:
            respond = _respond(app[STATE], desk, route)
            for path in dict.fromkeys((route.path, desk.version + route.path)):
                app.router.add_route(route.method, f"/{desk.name}{path}", respond)
    return app


async def _forget_reports(app: web.Application) -> None:
    app[STATE].reports.forget()


_NO_TIME = 10_000.0
"""What a speed of 0 means to a client: no pause of the vendors' is worth waiting for."""


def settings_for(
    port: int, dns_port: int, smtp_port: int, host: str = "127.0.0.1", speed: float = 1.0
) -> dict[str, str]:
    """The environment that points OpenEnrich at a sandbox; limits and waits run on the sandbox's time."""
    settings: dict[str, str] = {}
    for desk in DESKS:
        settings[f"OPENENRICH_VENDORS_{desk.name.upper()}_BASE_URL"] = f"http://{host}:{port}/{desk.name}"
        settings[f"OPENENRICH_VENDORS_{desk.name.upper()}_API_KEY"] = desk.secret
    settings["OPENENRICH_VERIFY_DNS"] = f"{host}:{dns_port}"
    settings["OPENENRICH_VERIFY_SMTP_PORT"] = str(smtp_port)
    settings["OPENENRICH_VERIFY_HELO"] = PROBE_DOMAIN
    settings["OPENENRICH_VERIFY_MAIL_FROM"] = f"verify@{PROBE_DOMAIN}"
    settings["OPENENRICH_VERIFY_ALLOW_PRIVATE"] = "1"
    settings["OPENENRICH_WATERFALL_TIME_SPEED"] = f"{speed or _NO_TIME:g}"
    return settings


@asynccontextmanager
async def serve(
    world: World,
    settings: SandboxSettings,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    dns_port: int = 0,
    smtp_port: int = 0,
) -> AsyncIterator[dict[str, str]]:
    """A sandbox that listens inside the ``async with``; yields `settings_for` its ports. Port 0 is any free one."""
    app = create_app(world, settings)
    # handler_cancellation: a client that hangs up frees its handler, which may be hanging on purpose
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, reuse_address=True, backlog=1024).start()
        async with _serve_mail(app[STATE], smtp_port) as addresses:
            names = serve_dns(world, host, dns_port, failing=settings.failing_name, addresses=addresses)
            async with names as dns_address:
                port = runner.addresses[0][1]
                yield settings_for(port, dns_address[1], app[STATE].mail_port, host, settings.speed)
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _serve_mail(state: State, port: int) -> AsyncIterator[dict[str, str]]:
    """The mail servers; yields where each host is."""
    addresses = addresses_of([server.name for server in state.mail_servers])
    async with listening(state.mail_servers, addresses, state.mail, port) as state.mail_port:
        yield addresses


async def run_sandbox(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    dns_port: int = 0,
    smtp_port: int = 0,
    seed: int = 7,
    people: int = 2000,
    speed: float = 20.0,
    faults: bool = True,
    ready: Callable[[dict[str, str]], None],
) -> None:
    """Serve until cancelled; ``ready`` is told the settings once everything listens."""
    settings = SandboxSettings(speed=speed, faults=faults)
    world = World(seed, people)
    async with serve(world, settings, host=host, port=port, dns_port=dns_port, smtp_port=smtp_port) as environment:
        ready(environment)
        await asyncio.Event().wait()


def _respond(state: State, desk: Desk, route: Route) -> Respond:
    latency = LATENCIES[desk.name] if route.purpose is Purpose.PAID else QUICK

    async def respond(request: web.Request) -> web.StreamResponse:
        state.calls[desk.name].add(route.purpose)
        fault = state.faults.strike(desk.name, route.path, paid=route.purpose is Purpose.PAID)
        headers, query = request.headers, dict(request.query)
        key = desk.key_of(headers, query)
        answer = _at_the_door(state, desk, route, key, fault)
        if answer is not None:
            state.calls[desk.name].refused += 1
            return _response(answer)
        body = await _body(request)
        if body is None:
            return _response(desk.refusals.invalid)
        answer = route.answer(
            Call(
                world=state.world,
                vendor=desk.name,
                credit_price=desk.credit_price,
                ledger=state.ledger,
                jobs=state.jobs,
                reports=state.reports,
                pace=state.pace,
                key=key,
                query=query,
                body=body,
                tail=request.match_info.get("id", ""),
                broke=fault is Fault.NO_CREDIT,
            )
        )
        await state.pace.sleep(state.pace.answer_s(latency))
        return await _after_work(state, request, answer, fault)

    return respond


def _at_the_door(state: State, desk: Desk, route: Route, key: str, fault: Fault | None) -> Answer | None:
    """The refusal that comes before any work, or nothing."""
    refusals = desk.refusals
    if route.purpose is not Purpose.TOKEN and not desk.accepts(key):
        return refusals.bad_key
    if fault is Fault.NO_CREDIT:
        return refusals.no_credit
    if fault in _BEFORE_WORK:
        return _BEFORE_WORK[fault](refusals)
    wait = _wait(state, desk, route, key)
    return refusals.rate_limited(max(1, math.ceil(state.pace.real(wait)))) if wait else None


def _wait(state: State, desk: Desk, route: Route, key: str) -> float:
    if not state.pace.speed:
        return 0.0
    now = state.pace.now()
    group = f"{desk.name}/{key}"
    wait = state.meter.wait(group, desk.windows, now) if desk.windows else 0.0
    if wait or not route.windows:
        return wait
    return state.meter.wait(f"{group}/{route.method}{route.path}", route.windows, now)


async def _body(request: web.Request) -> Mapping[str, Any] | None:
    """The object in the body, of JSON or of a form; empty without a body; ``None`` when it cannot be read.

    A list, which some vendors take for a batch, is the member ``rows``.
    """
    if not request.body_exists:
        return {}
    if request.content_type == "application/x-www-form-urlencoded":
        return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    raw = await request.read()
    if not raw:
        return {}
    try:
        body = msgspec.json.decode(raw, type=dict[str, Any] | list[Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return {"rows": body} if isinstance(body, list) else body


def _response(answer: Answer) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(answer.body),
        status=answer.status,
        headers=answer.headers,
        content_type="application/json",
    )


async def _after_work(state: State, request: web.Request, answer: Answer, fault: Fault | None) -> web.StreamResponse:
    """The answer as it is, cut, dripped, or after two minutes not at all."""
    if fault is Fault.HANG:
        await asyncio.sleep(_HANG_S / max(state.pace.speed, 1.0))
        if request.transport is not None:
            request.transport.abort()
    if fault is Fault.MALFORMED:
        body = msgspec.json.encode(answer.body)
        return web.Response(body=body[: len(body) // 2], status=answer.status, content_type="application/json")
    if fault is Fault.SLOW:
        return await _drip(request, answer)
    return _response(answer)


async def _drip(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Twenty pieces with a pause after each."""
    body = msgspec.json.encode(answer.body)
    response = web.StreamResponse(status=answer.status, headers={**answer.headers, "Content-Type": "application/json"})
    await response.prepare(request)
    step = max(1, math.ceil(len(body) / 20))
    for start in range(0, len(body), step):
        await response.write(body[start : start + step])
        await asyncio.sleep(_DRIP_S)
    await response.write_eof()
    return response
