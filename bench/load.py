"""The load generator: raw sockets and requests encoded beforehand, so that the server is what is measured.

Closed loop: every connection sends its next request when the last answer is complete. Open loop (``rate``): requests
leave by the clock, and latency counts from when a request was due, so that a slow answer cannot hide behind itself.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Target:
    """A URL split into what a socket and a request line need."""

    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "Target":
        parts = urlsplit(url)
        return cls(parts.hostname or "127.0.0.1", parts.port or 80)

    def request(self, method: str, path: str, key: str = "", body: bytes = b"") -> bytes:
        """The bytes of one HTTP/1.1 request."""
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
        head += f"Authorization: Bearer {key}\r\n" if key else ""
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
        return head.encode() + b"\r\n" + body


@dataclass(slots=True)
class Result:
    """Latencies of all answers in seconds, and how many were not 200."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    wrong: int = 0

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds


async def load(
    target: Target, requests: Iterator[bytes], *, seconds: float, connections: int = 8, rate: float | None = None
) -> Result:
    """Send for so long; the answers that come within the time count."""
    result = Result(seconds)
    loop = asyncio.get_running_loop()
    start = perf_counter()
    wires = [
        _Connection(requests, result, start + seconds, _schedule(start, rate, connections, number))
        for number in range(connections)
    ]
    transports = [(await loop.create_connection(lambda one=wire: one, target.host, target.port))[0] for wire in wires]  # type: ignore[misc]
    await asyncio.gather(*(wire.finished for wire in wires))
    for transport in transports:
        transport.close()
    if not result.latencies or result.wrong > len(result.latencies) // 10:
        raise SystemExit(f"port {target.port}: {result.wrong} answers of {len(result.latencies)} are not 200")
    return result


def _schedule(start: float, rate: float | None, connections: int, number: int) -> Iterator[float] | None:
    """When this connection's requests are due; ``None``: as fast as it goes."""
    if rate is None:
        return None
    return (start + (number + turn * connections) / rate for turn in range(10**9))


class _Connection(asyncio.Protocol):
    """One keep-alive connection with one request under way."""

    def __init__(self, requests: Iterator[bytes], result: Result, end: float, schedule: Iterator[float] | None) -> None:
        self._requests = requests
        self._result = result
        self._end = end
        self._schedule = schedule
        self._since = 0.0
        self._parts: list[bytes] = []
        self._missing = -1
        self._loop = asyncio.get_running_loop()
        self.finished: asyncio.Future[None] = self._loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._next()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        if not self.finished.done():
            self._result.wrong += 1
            self.finished.set_result(None)

    def data_received(self, data: bytes) -> None:
        if self._missing < 0:
            data = b"".join((*self._parts, data))
            self._parts.clear()
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._parts.append(data)
                return
            self._missing = end + 4 + _length(data[:end])
            self._result.wrong += data[9:12] != b"200"
        self._missing -= len(data)
        if self._missing <= 0:
            self._missing = -1
            self._answered()

    def _answered(self) -> None:
        now = perf_counter()
        if now < self._end:
            self._result.latencies.append(now - self._since)
            self._next()
        elif not self.finished.done():
            self.finished.set_result(None)

    def _next(self) -> None:
        now = perf_counter()
        self._since = now if self._schedule is None else next(self._schedule)
        if self._since <= now:
            self._send()
        elif self._since < self._end:
            self._loop.call_later(self._since - now, self._send)
        else:
            self.finished.set_result(None)

    def _send(self) -> None:
        self._transport.write(next(self._requests))  # type: ignore[attr-defined]  # a BaseTransport that writes


def _length(head: bytes) -> int:
    lowered = head.lower()
    place = lowered.index(b"content-length:") + 15
    return int(lowered[place : place + 12].split(b"\r", 1)[0])
