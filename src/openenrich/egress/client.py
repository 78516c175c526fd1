"""The one outgoing HTTP client: vendors with secrets, webhooks without, and nothing else leaves the process.

It tells "never sent" from "may have been sent", because money depends on that: only a connection that was never
made proves that a vendor did not see the request.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import msgspec

from openenrich.core.vendor import Adapter, HttpRequest, HttpResponse, TokenExchange
from openenrich.egress.guard import ForbiddenAddressError, is_open_port, is_public, receiver
from openenrich.egress.signing import signed
from openenrich.engine.ports import MaybeSentError, NeverSentError, Transport, VendorKey

_MOST_BYTES = 8 * 1024 * 1024
_WEBHOOK_ANSWER_BYTES = 64 * 1024
_CONNECT_S = 10.0
_DIAL_S = 5.0
_IDLE_S = 4.0
"""Many servers hang up after five idle seconds: a socket that old is not trusted with a paid question."""

_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL, ValueError)
"""Raised before the first byte leaves. A ``ValueError`` is a request that could not be written down."""
_MAYBE_SENT = (aiohttp.ClientError, TimeoutError, OSError)


@asynccontextmanager
async def open_session(*, connections: int = 500) -> AsyncIterator[aiohttp.ClientSession]:
    """The session for vendors; keep-alive, no cookies, no redirects, no environment proxies."""
    connector = aiohttp.TCPConnector(limit=connections, ttl_dns_cache=60, keepalive_timeout=_IDLE_S)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        # aiohttp repeats a GET by itself when a kept-alive connection drops. The vendor may have billed the first one,
        # so whether to ask again is for the journal to decide. There is no public switch; a test watches this one.
        session._retry_connection = False  # noqa: SLF001 - see above
        yield session


@asynccontextmanager
async def open_webhook_session(*, allow_private: bool) -> AsyncIterator[aiohttp.ClientSession]:
    """The session for receivers: every socket is checked as it is made, IP literals included."""
    connector = aiohttp.TCPConnector(
        limit=200, limit_per_host=10, ttl_dns_cache=10, socket_factory=None if allow_private else _guarded_socket
    )
    # Answers are not unpacked: nobody reads them, and a small one may unpack to a very large one.
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
    ) as session:
        yield session


def _guarded_socket(info: Any) -> socket.socket:
    family, kind, protocol, _, address = info
    if not is_public(str(address[0])) or not is_open_port(int(address[1])):
        raise ForbiddenAddressError("forbidden address")
    return socket.socket(family=family, type=kind, proto=protocol)


class VendorTransport:
    """Implements `Transport`. ``base_urls`` are the operator's overrides.

    ``inside`` are those that answer within the process, by base URL.
    """

    def __init__(
        self, session: aiohttp.ClientSession, base_urls: Mapping[str, str], inside: Mapping[str, Transport]
    ) -> None:
        self._session = session
        self._base_urls = base_urls
        self._inside = inside
        self._tokens: dict[tuple[str, VendorKey], _Token] = {}

    async def send(self, adapter: Adapter, key: VendorKey, request: HttpRequest, timeout_s: float) -> HttpResponse:
        vendor = adapter.vendor
        inside = self._inside.get(vendor.base_url)
        if inside is not None:
            return await inside.send(adapter, key, request, timeout_s)
        base = self._base_urls.get(vendor.name, vendor.base_url).rstrip("/")
        if isinstance(vendor.auth, TokenExchange):
            token = self._tokens.setdefault((vendor.name, key), _Token())
            return await self._with_token(base, key, vendor.auth, request, timeout_s, token)
        return await self._call(base, signed(request, vendor.auth, key.secret), {}, timeout_s)

    async def _with_token(
        self,
        base: str,
        key: VendorKey,
        exchange: TokenExchange,
        request: HttpRequest,
        timeout_s: float,
        token: "_Token",
    ) -> HttpResponse:
        used = token.text
        if used is None:
            refused = await self._renew(base, key, exchange, timeout_s, token, worn=None)
            if refused is not None:
                return refused
            used = token.text
        response = await self._call(base, request, _bearer(used), timeout_s)
        if response.status == 401:
            # The token ran out: one new one, one repeat. A 401 was not served, so nothing is bought twice.
            refused = await self._renew(base, key, exchange, timeout_s, token, worn=used)
            if refused is None:
                response = await self._call(base, request, _bearer(token.text), timeout_s)
        return response

    async def _renew(
        self, base: str, key: VendorKey, exchange: TokenExchange, timeout_s: float, token: "_Token", *, worn: str | None
    ) -> HttpResponse | None:
        """Fetch a token, once for all who wait for it; the vendor's refusal when it gives none."""
        async with token.lock:
            if token.text != worn:
                return None  # somebody else fetched it meanwhile
            identity, _, secret = key.secret.partition(":")
            fields = {**exchange.form, exchange.id_field: identity, exchange.secret_field: secret}
            question = HttpRequest("POST", exchange.path)
            question = replace(question, json=fields) if exchange.as_json else replace(question, form=fields)
            try:
                response = await self._call(base, question, {}, timeout_s)
            except MaybeSentError:
                # A token request buys nothing: losing its answer leaves the real question unsent.
                raise NeverSentError("token") from None
            if response.status != 200:
                return HttpResponse(401, response.body) if response.status in {400, 403} else response
            token.text = _token_in(response.body, exchange.token_field)
            return None

    async def _call(
        self, base: str, request: HttpRequest, secrets: Mapping[str, str], timeout_s: float
    ) -> HttpResponse:
        failure: NeverSentError | MaybeSentError
        try:
            return await self._ask(base, request, secrets, timeout_s)
        except _NEVER_SENT as error:
            failure = NeverSentError(type(error).__name__)
        except _MAYBE_SENT as error:
            failure = MaybeSentError(type(error).__name__)
        # Raised out here so that the library's error, which holds keys and addresses, does not travel as its context.
        raise failure

    async def _ask(self, base: str, request: HttpRequest, secrets: Mapping[str, str], timeout_s: float) -> HttpResponse:
        headers = {"Accept": "application/json", "User-Agent": "OpenEnrich/1", **request.headers, **secrets}
        data: bytes | dict[str, str] | None = None
        if request.json is not None:
            data = msgspec.json.encode(request.json)
            headers.setdefault("Content-Type", "application/json")  # some vendors have a JSON of their own
        elif request.form is not None:
            data = dict(request.form)
        async with self._session.request(
            request.method,
            base + request.path,
            params=dict(request.query) or None,
            data=data,
            headers=headers,
            timeout=_timeout(timeout_s),
            allow_redirects=False,
        ) as answer:
            body = await _at_most(_MOST_BYTES, answer.content)
            return HttpResponse(answer.status, body, {name.lower(): value for name, value in answer.headers.items()})


def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    """The vendor's time counts from the moment there is a connection: waiting for one is time-out "never sent"."""
    connect = min(_CONNECT_S, seconds)
    return aiohttp.ClientTimeout(
        total=seconds + connect, connect=connect, sock_connect=min(_DIAL_S, seconds), sock_read=seconds
    )


async def _at_most(most: int, content: aiohttp.StreamReader) -> bytes:
    body = bytearray()
    while len(body) < most and (more := await content.read(most - len(body))):
        body += more
    return bytes(body)


class WebhookCourier:
    """Implements `Courier`. ``timeout_s`` is for the whole attempt (15 s by the specification)."""

    def __init__(self, session: aiohttp.ClientSession, timeout_s: float) -> None:
        self._session = session
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=min(5.0, timeout_s))

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int | None, str | None]:
        try:
            async with self._session.post(
                receiver(url), data=body, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as answer:
                await answer.content.read(_WEBHOOK_ANSWER_BYTES)
                return answer.status, f"status_{answer.status}"
        except TimeoutError:
            return None, "timeout"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return None, _word(error)


@dataclass(slots=True)
class _Token:
    """A key's token; ``lock`` lets one caller fetch it."""

    text: str | None = field(default=None, repr=False)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


def _token_in(body: bytes, name: str) -> str:
    try:
        granted = msgspec.json.decode(body, type=dict[str, object])[name]
    except (msgspec.MsgspecError, KeyError):
        raise NeverSentError("token") from None
    if not isinstance(granted, str):
        raise NeverSentError("token")
    return granted


def _bearer(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _word(error: Exception) -> str:
    """One word for the log: which internal host answered is nobody's business (A6.10)."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ForbiddenAddressError):
            return "forbidden_address"
        cause = cause.__cause__ or cause.__context__
    return "unreachable" if isinstance(error, aiohttp.ClientConnectorError) else "connection_lost"
