"""``/callbacks/<vendor>/<token>``: where vendors report to us.

No API key: the token is what nobody can guess. What a report means is the engine's affair; here it is only taken in,
never longer than a batch of answers can be, and answered so that a vendor that repeats reports knows when to.
"""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final

import msgspec
from starlette.types import Receive, Scope, Send

from openenrich.core.vendor import Callback
from openenrich.engine.ports import Heard
from openenrich.web.errors import (
    CALLBACK_NOT_AUTHENTIC,
    CALLBACK_TOO_EARLY,
    CALLBACK_UNREADABLE,
    NOT_FOUND,
    ApiError,
    Refusal,
)
from openenrich.web.exchange import DisconnectedError, Reply, failure, read_body, respond

Hear = Callable[[str, str, Callback], Awaitable[Heard]]
"""Vendor, token and report, to what became of it."""

_MOST_BYTES: Final = 8 * 1024 * 1024
_REFUSED: Final[Mapping[Heard, ApiError]] = {
    Heard.UNKNOWN: NOT_FOUND,
    Heard.NOT_AUTHENTIC: CALLBACK_NOT_AUTHENTIC,
    Heard.UNREADABLE: CALLBACK_UNREADABLE,
    Heard.TOO_EARLY: CALLBACK_TOO_EARLY,
}


class Taken(msgspec.Struct, frozen=True):
    """The report is written down; sending it again changes nothing."""

    status: str = "taken"


class Reports:
    """An ASGI endpoint for vendors."""

    def __init__(self, operation: str, hear: Hear) -> None:
        self._operation = operation
        self._hear = hear

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            reply = await self._reply(scope, receive)
        except Refusal as refusal:
            reply = Reply.of_error(refusal.error)
        except DisconnectedError:
            return
        except Exception as error:  # noqa: BLE001 - the edge: a vendor gets an error body, not a closed socket
            reply = failure(self._operation, error)
        await respond(send, reply, [])

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        body = await read_body(receive, _MOST_BYTES)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        path: Mapping[str, str] = scope["path_params"]
        heard = await self._hear(path["vendor"], path["token"], Callback(body, headers))
        if heard in _REFUSED:
            return Reply.of_error(_REFUSED[heard])
        return Reply(HTTPStatus.OK, msgspec.json.encode(Taken()))


async def hears_nobody(vendor: str, token: str, callback: Callback) -> Heard:  # noqa: ARG001 - the signature of `Hear`
    """For a server that gives away no addresses."""
    return Heard.UNKNOWN
