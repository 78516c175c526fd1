"""One HTTP exchange: who asks, what they sent, what they get.

`Guarded` stands in front of every operation that needs a key: it identifies the caller, applies the limit, turns
a `Refusal` into its error body, and lets no other exception out. Handlers get a `Call` and return a `Reply`; they
know nothing of ASGI.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

import msgspec
import structlog
from starlette.types import Receive, Scope, Send

from openenrich.diagnosis import frames
from openenrich.engine.ports import Caller, Clock, Frontdoor
from openenrich.web.errors import (
    AUTHORIZATION_NOT_BEARER,
    AUTHORIZATION_NOT_SET,
    ENRICHMENT_NOT_FOUND,
    INTERNAL,
    UNKNOWN_KEY,
    ApiError,
    Refusal,
    body_too_large,
)
from openenrich.web.limits import Headers, admit, limit_headers, retry_after

JSON = b"application/json"
TRUE = frozenset({"true", "1"})
FALSE = frozenset({"false", "0"})
UUID_LENGTH = 36

log = structlog.get_logger("openenrich.web")


class DisconnectedError(Exception):
    """The client left before its body was complete: there is nobody to answer."""


class Reply(msgspec.Struct, frozen=True):
    """What goes back."""

    status: int
    body: bytes = b""
    content_type: bytes = JSON

    @classmethod
    def of_error(cls, error: ApiError) -> "Reply":
        return cls(error.status, error.body())


class Call(msgspec.Struct, frozen=True):
    """An authenticated request within its limit."""

    caller: Caller
    now: datetime
    scope: Scope
    receive: Receive

    def enrichment_id(self) -> UUID:
        """The id in the path; a malformed one is as unknown as any other (section 6.2)."""
        text: str = self.scope["path_params"]["enrichment_id"]
        if len(text) == UUID_LENGTH:
            try:
                return UUID(text)
            except ValueError:
                pass
        raise Refusal(ENRICHMENT_NOT_FOUND)

    def query(self) -> dict[str, str]:
        raw: bytes = self.scope["query_string"]
        return dict(parse_qsl(raw.decode("latin-1"))) if raw else {}

    async def body(self, limit: int) -> bytes:
        return await read_body(self.receive, limit)


async def read_body(receive: Receive, limit: int) -> bytes:
    """The whole body. The limit holds while reading, so that chunked bodies obey it too."""
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DisconnectedError
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        more = message.get("more_body", False)
        if size > limit:
            raise Refusal(body_too_large(limit))
    return b"".join(chunks)


Handler = Callable[[Call], Awaitable[Reply]]
OpenHandler = Callable[[], Awaitable[Reply]]


def says_yes(value: str | None) -> bool:
    return value is not None and value.lower() in TRUE


def says_no(value: str | None) -> bool:
    return value is not None and value.lower() in FALSE


class Guarded:
    """An ASGI endpoint behind a key."""

    def __init__(self, operation: str, handler: Handler, frontdoor: Frontdoor, clock: Clock) -> None:
        self._operation = operation
        self._handler = handler
        self._frontdoor = frontdoor
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        now = self._clock.now()
        headers: Headers = []
        try:
            caller = await self._identify(scope, now)
            headers = limit_headers(caller, now)
            admit(caller)
            reply = await self._handler(Call(caller, now, scope, receive))
        except Refusal as refusal:
            reply = Reply.of_error(refusal.error)
        except DisconnectedError:
            return
        except Exception as error:  # noqa: BLE001 - the edge: whatever broke, the caller gets an error body
            reply = failure(self._operation, error)
        if reply.status == 429:
            headers.append(retry_after(now))
        await respond(send, reply, headers)

    async def _identify(self, scope: Scope, now: datetime) -> Caller:
        key = bearer_key(scope)
        caller = await self._frontdoor.identify(key, now) if key else None
        if caller is None:
            raise Refusal(UNKNOWN_KEY)
        return caller


class Open:
    """An ASGI endpoint for everybody."""

    def __init__(self, operation: str, handler: OpenHandler) -> None:
        self._operation = operation
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        try:
            reply = await self._handler()
        except Exception as error:  # noqa: BLE001 - the edge, as above
            reply = failure(self._operation, error)
        await respond(send, reply, [])


def bearer_key(scope: Scope) -> str:
    """The key of the ``Authorization`` header; the scheme in any case, blanks round the key ignored."""
    value = next((value for name, value in scope["headers"] if name == b"authorization"), b"").decode("latin-1")
    scheme, _, key = value.strip().partition(" ")
    if not scheme:
        raise Refusal(AUTHORIZATION_NOT_SET)
    if scheme.lower() != "bearer":
        raise Refusal(AUTHORIZATION_NOT_BEARER)
    return key.strip()


def failure(operation: str, error: Exception) -> Reply:
    """Log where it broke, not what it said: texts of database and decoder errors quote personal data."""
    log.error(
        "request_failed",
        request_id=uuid4().hex,
        operation=operation,
        error=type(error).__qualname__,
        frames=frames(error),
    )
    return Reply.of_error(INTERNAL)


async def respond(send: Send, reply: Reply, headers: Headers) -> None:
    headers.append((b"content-length", b"%d" % len(reply.body)))
    if reply.body:
        headers.append((b"content-type", reply.content_type))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
