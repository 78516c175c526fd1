"""The one outgoing HTTP client: vendors with secrets, webhooks without, and nothing else leaves the process.

It tells "never sent" from "may have been sent", because money depends on that: only a connection that was never
made proves that a vendor did not see the request.
"""

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec

from openenrich.core.vendor import Adapter, HeaderKey, HttpRequest, HttpResponse, NoKey, TokenExchange
from openenrich.egress.guard import ForbiddenAddressError, is_public
from openenrich.engine.ports import MaybeSentError, NeverSentError, Transport, VendorKey

_MOST_BYTES = 8 * 1024 * 1024
_WEBHOOK_ANSWER_BYTES = 64 * 1024
_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_MAYBE_SENT = (aiohttp.ClientError, TimeoutError, OSError)


@asynccontextmanager
async def open_session(*, connections: int = 500) -> AsyncIterator[aiohttp.ClientSession]:
    """The session for vendors; keep-alive, no cookies, no redirects, no environment proxies."""
    connector = aiohttp.TCPConnector(limit=connections, ttl_dns_cache=60)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@asynccontextmanager
async def open_webhook_session(*, allow_private: bool) -> AsyncIterator[aiohttp.ClientSession]:
    """The session for receivers: every socket is checked as it is made, IP literals included."""
    connector = aiohttp.TCPConnector(
        limit=200, limit_per_host=10, ttl_dns_cache=10, socket_factory=None if allow_private else _guarded_socket
    )
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


def _guarded_socket(info: Any) -> socket.socket:
    family, kind, protocol, _, address = info
    if not is_public(str(address[0])):
        raise ForbiddenAddressError("forbidden address")
    return socket.socket(family=family, type=kind, proto=protocol)


class VendorTransport:
    """Implements `Transport` for vendors on the network. ``base_urls`` are the operator's overrides."""

    def __init__(self, session: aiohttp.ClientSession, base_urls: Mapping[str, str], local: Transport) -> None:
        self._session = session
        self._base_urls = base_urls
        self._local = local
        self._tokens: dict[tuple[str, str], str] = {}

    async def send(self, adapter: Adapter, key: VendorKey, request: HttpRequest, timeout_s: float) -> HttpResponse:
        vendor = adapter.vendor
        if vendor.base_url.startswith("local://"):
            return await self._local.send(adapter, key, request, timeout_s)
        base = self._base_urls.get(vendor.name, vendor.base_url).rstrip("/")
        match vendor.auth:
            case NoKey():
                return await self._call(base, request, {}, timeout_s)
            case HeaderKey(name=name, prefix=prefix):
                return await self._call(base, request, {name: prefix + key.secret}, timeout_s)
            case TokenExchange() as exchange:
                return await self._with_token(base, vendor.name, key, exchange, request, timeout_s)

    async def _with_token(
        self, base: str, name: str, key: VendorKey, exchange: TokenExchange, request: HttpRequest, timeout_s: float
    ) -> HttpResponse:
        place = (name, key.label)
        if place not in self._tokens:
            refused = await self._exchange(base, place, key, exchange, timeout_s)
            if refused is not None:
                return refused
        response = await self._call(base, request, _bearer(self._tokens[place]), timeout_s)
        if response.status == 401:
            # The token ran out: one new one, one repeat. A 401 was not served, so nothing is bought twice.
            refused = await self._exchange(base, place, key, exchange, timeout_s)
            if refused is None:
                response = await self._call(base, request, _bearer(self._tokens[place]), timeout_s)
        return response

    async def _exchange(
        self, base: str, place: tuple[str, str], key: VendorKey, exchange: TokenExchange, timeout_s: float
    ) -> HttpResponse | None:
        """Fetch a token; the vendor's refusal when it gives none."""
        identity, _, secret = key.secret.partition(":")
        form = {**exchange.form, exchange.id_field: identity, exchange.secret_field: secret}
        try:
            response = await self._call(base, HttpRequest("POST", exchange.path, form=form), {}, timeout_s)
        except MaybeSentError as error:
            # A token request buys nothing: losing its answer leaves the real question unsent.
            raise NeverSentError from error
        if response.status != 200:
            return HttpResponse(401, response.body) if response.status in {400, 403} else response
        try:
            self._tokens[place] = msgspec.json.decode(response.body, type=_Token).access_token
        except msgspec.MsgspecError as error:
            raise NeverSentError from error
        return None

    async def _call(
        self, base: str, request: HttpRequest, secrets: Mapping[str, str], timeout_s: float
    ) -> HttpResponse:
        headers = {"Accept": "application/json", "User-Agent": "OpenEnrich/1", **request.headers, **secrets}
        data: bytes | dict[str, str] | None = None
        if request.json is not None:
            data = msgspec.json.encode(request.json)
            headers["Content-Type"] = "application/json"
        elif request.form is not None:
            data = dict(request.form)
        timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=min(5.0, timeout_s))
        try:
            async with self._session.request(
                request.method,
                base + request.path,
                params=dict(request.query) or None,
                data=data,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as answer:
                body = await answer.content.read(_MOST_BYTES)
                while len(body) < _MOST_BYTES and (more := await answer.content.read(_MOST_BYTES - len(body))):
                    body += more
                return HttpResponse(
                    answer.status, body, {name.lower(): value for name, value in answer.headers.items()}
                )
        except _NEVER_SENT as error:
            raise NeverSentError(type(error).__name__) from error
        except _MAYBE_SENT as error:
            raise MaybeSentError(type(error).__name__) from error


class WebhookCourier:
    """Implements `Courier`. ``timeout_s`` is for the whole attempt (15 s by the specification)."""

    def __init__(self, session: aiohttp.ClientSession, timeout_s: float) -> None:
        self._session = session
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=min(5.0, timeout_s))

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int | None, str | None]:
        try:
            async with self._session.post(
                url, data=body, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as answer:
                await answer.content.read(_WEBHOOK_ANSWER_BYTES)
                return answer.status, f"status_{answer.status}"
        except TimeoutError:
            return None, "timeout"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return None, _word(error)


class _Token(msgspec.Struct):
    access_token: str


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _word(error: Exception) -> str:
    """One word for the log: which internal host answered is nobody's business (A6.10)."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ForbiddenAddressError):
            return "forbidden_address"
        cause = cause.__cause__ or cause.__context__
    return "unreachable" if isinstance(error, aiohttp.ClientConnectorError) else "connection_lost"
