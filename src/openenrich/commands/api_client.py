"""A client of the server's own HTTP API, with typed answers.

Promises patience where waiting helps (the request limit, a connection that breaks while reading) and one sentence
where it does not. A POST is never repeated after it may have arrived: it could start an enrichment twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from types import TracebackType
from typing import Final, Self, TypeVar

import aiohttp
import msgspec

from openenrich.commands.answers import ErrorBody, Person, Progress, Result, Started, StartRequest, Stories, Story
from openenrich.commands.problem import EnrichProblemError

T = TypeVar("T")
Pause = Callable[[float], Awaitable[None]]

_BULK: Final = "/api/v2/contact/enrich/bulk"
_OWN: Final = "/api/openenrich/v1/enrichments"
_IN_PROGRESS: Final = "error.enrichment.in_progress"
_TRIES: Final = 5
_RETRY_AFTER_S: Final = 5.0
_TIMEOUT: Final = aiohttp.ClientTimeout(total=120, sock_connect=10)


class UnknownEnrichmentError(EnrichProblemError):
    """The server does not have this enrichment (any more)."""


class ApiClient:
    """One server and one key; used as an async context manager. ``pause`` waits for some seconds."""

    def __init__(self, base_url: str, key: str, pause: Pause = asyncio.sleep) -> None:
        self._base_url = base_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._pause = pause
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(headers=self._headers, timeout=_TIMEOUT)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def start(self, name: str, people: Sequence[Person]) -> str:
        """Start an enrichment of up to 100 people; bad ones are skipped and keep their place. Its id."""
        body = msgspec.json.encode(StartRequest(name, tuple(people)))
        return (await self._ask(Started, "POST", f"{_BULK}?silentFail=true", body)).enrichment_id

    async def progress(self, enrichment_id: str) -> Progress:
        """Raises `UnknownEnrichmentError`."""
        return await self._ask(Progress, "GET", f"{_OWN}/{enrichment_id}/progress")

    async def result(self, enrichment_id: str) -> Result | None:
        """The result, also of an enrichment that ran out of credits; ``None`` while it runs."""
        status, body = await self._send("GET", f"{_BULK}/{enrichment_id}", None)
        if status == HTTPStatus.BAD_REQUEST and _error(body).code == _IN_PROGRESS:
            return None
        if status not in {HTTPStatus.OK, HTTPStatus.PAYMENT_REQUIRED}:
            raise _refusal(status, body)
        result = _read(body, Result)
        return result if result.status.final else None

    async def stories(self, enrichment_id: str) -> tuple[Story, ...]:
        """Which vendors were asked for each contact, and what that cost."""
        return (await self._ask(Stories, "GET", f"{_OWN}/{enrichment_id}/contacts")).contacts

    async def _ask(self, kind: type[T], method: str, path: str, body: bytes | None = None) -> T:
        status, answer = await self._send(method, path, body)
        if status != HTTPStatus.OK:
            raise _refusal(status, answer)
        return _read(answer, kind)

    async def _send(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        """Status and body; waits as long as the server asks for less haste."""
        while True:
            status, headers, answer = await self._exchange(method, path, body)
            if status != HTTPStatus.TOO_MANY_REQUESTS:
                return status, answer
            await self._pause(_seconds(headers.get("Retry-After", "")))

    async def _exchange(self, method: str, path: str, body: bytes | None) -> tuple[int, Mapping[str, str], bytes]:
        tries = _TRIES if method == "GET" else 1
        for left in range(tries - 1, -1, -1):
            try:
                return await self._once(method, path, body)
            except (aiohttp.ClientError, TimeoutError) as error:
                if not left:
                    raise EnrichProblemError(
                        f"the server at {self._base_url} does not answer ({type(error).__name__}): "
                        "see its log, then run the same command again; it goes on where it stopped"
                    ) from error
            await self._pause(0.25 * 2 ** (tries - left))
        raise AssertionError("unreachable: the last try returns or raises")

    async def _once(self, method: str, path: str, body: bytes | None) -> tuple[int, Mapping[str, str], bytes]:
        if self._session is None:
            raise RuntimeError("the client is used as an async context manager")
        async with self._session.request(method, self._base_url + path, data=body) as response:
            return response.status, response.headers, await response.read()


def _seconds(text: str) -> float:
    return float(text) if text.isdigit() else _RETRY_AFTER_S


def _read(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EnrichProblemError(
            "the server's answer cannot be read: client and server are of different versions; install one on both sides"
        ) from error


def _error(body: bytes) -> ErrorBody:
    try:
        return msgspec.json.decode(body, type=ErrorBody)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ErrorBody()


def _refusal(status: int, body: bytes) -> Exception:
    error = _error(body)
    if status == HTTPStatus.NOT_FOUND:
        return UnknownEnrichmentError("the server does not have this enrichment any more: run the same command again")
    if status == HTTPStatus.UNAUTHORIZED:
        return EnrichProblemError("the server refuses the API key: make another with 'openenrich keys create'")
    said = f"{error.message} ({error.code})" if error.code else f"status {status}"
    return EnrichProblemError(f"the server refused the list: {said}; correct that and run the same command again")
