"""Builds the HTTP application: the table of operations, each row with its handler, behind Starlette's router.

Promises that every answer of the API has the documented shape, also for unknown paths and wrong methods. What is
accepted, found and charged is the engine's affair (`Frontdoor`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Lifespan

from openenrich.engine.ports import Clock, Frontdoor
from openenrich.web.account import Account
from openenrich.web.callbacks import Hear, Reports, hears_nobody
from openenrich.web.enrichments import Enrichments
from openenrich.web.errors import METHOD_NOT_ALLOWED, NOT_FOUND, ApiError
from openenrich.web.exchange import Guarded, Handler, Open, OpenHandler, failure
from openenrich.web.health import Machines
from openenrich.web.openapi import document
from openenrich.web.operations import Operation, operations
from openenrich.web.options import WebOptions
from openenrich.web.own import Own
from openenrich.web.verification import Find, Verification
from openenrich.web.wire import V2Wire

__all__ = ["WebOptions", "create_app"]


def create_app(
    frontdoor: Frontdoor,
    clock: Clock,
    options: WebOptions,
    metrics: Callable[[], bytes] | None = None,
    hear: Hear = hears_nobody,
    find: Find | None = None,
    lifespan: Lifespan[Any] | None = None,
    routes: Sequence[BaseRoute] = (),
) -> Starlette:
    """The application. ``hear`` takes what vendors report, ``find`` finds out about an address.

    ``routes`` are tried after the API's own: that is where a dashboard goes.
    """
    table = operations(options)
    guarded = _guarded(frontdoor, options, find)
    open_ = _open(Machines(frontdoor, metrics, document(table)))
    endpoints = {
        operation.name: Guarded(operation.name, guarded[operation.name], frontdoor, clock)
        for operation in table
        if operation.guarded
    } | {name: Open(name, handler) for name, handler in open_.items()}
    own = [
        route
        for operation in table
        for route in _routes(operation, endpoints.get(operation.name) or Reports(operation.name, hear))
    ]
    app = Starlette(
        routes=[*own, *routes],
        lifespan=lifespan,
        exception_handlers={404: _not_found, 405: _method_not_allowed, Exception: _broken},
    )
    app.router.redirect_slashes = False  # a redirected POST loses its body in some clients; both forms are routed
    return app


def _guarded(frontdoor: Frontdoor, options: WebOptions, find: Find | None) -> Mapping[str, Handler]:
    wire = V2Wire(options.phone_format)
    enrichments, account, own = Enrichments(frontdoor, wire, options), Account(frontdoor), Own(frontdoor, wire)
    return {
        "getEnrichment": enrichments.result,
        "startEnrichment": enrichments.start,
        "getCredits": account.credits,
        "verifyKey": account.verify_key,
        "getProgress": own.progress,
        "explainContacts": own.explain,
        "cancelEnrichment": own.cancel,
        "verifyEmails": Verification(find).verify,
    }


def _open(machines: Machines) -> Mapping[str, OpenHandler]:
    return {
        "isAlive": machines.alive,
        "isReady": machines.ready,
        "getMetrics": machines.metrics,
        "getDescription": machines.document,
    }


def _routes(operation: Operation, endpoint: Guarded | Open | Reports) -> Iterator[Route]:
    for path in (operation.path, *operation.aliases):
        for spelling in (path, f"{path}/"):
            yield Route(spelling, endpoint, methods=[operation.method], name=operation.name)


def _answer(error: ApiError, headers: Mapping[str, str] | None = None) -> Response:
    return Response(error.body(), error.status, headers, media_type="application/json")


def _not_found(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    return _answer(NOT_FOUND)


def _method_not_allowed(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    return _answer(METHOD_NOT_ALLOWED, error.headers if isinstance(error, HTTPException) else None)


def _broken(request: Request, error: Exception) -> Response:
    """For what breaks outside the endpoints; those catch their own."""
    reply = failure(request.url.path.split("/")[1], error)
    return Response(reply.body, reply.status, media_type="application/json")
