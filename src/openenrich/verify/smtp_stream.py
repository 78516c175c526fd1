"""The bytes of one connection to a mail server: replies in, commands out, TLS on request.

Promises bounded memory whatever the server sends, and one reply out of each reply: no byte is guessed at. A reply is
waited for until the loop's time that the caller names, however slowly it comes; all other waits are under a limit of
the caller's. What a reply means is decided elsewhere.
"""

import asyncio
import re
import ssl
from typing import Final, cast

from openenrich.core.smtp_replies import SmtpReply
from openenrich.verify.smtp_failure import Trouble

_MOST_LINE: Final = 4 * 1024
_MOST_REPLY: Final = 64 * 1024
_MOST_HELD: Final = 2 * _MOST_REPLY
_SHUTDOWN_S: Final = 1.0
_LINE: Final = re.compile(rb"([2-5][0-9]{2})(-|[ \t]|(?![0-9]))(.*)", re.DOTALL)
_REFUSAL: Final = re.compile(rb"[45][0-9]{2}(?:[ \t]|\Z)")


class WireError(Exception):
    """The connection is of no more use; ``kind`` says why."""

    def __init__(self, kind: Trouble) -> None:
        super().__init__(kind.value)
        self.kind = kind


class Wire(asyncio.Protocol):
    """One connection. Whoever opened it ends it with `close` or `abort`."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._held = bytearray()
        self._paused = False
        self._ended: Trouble | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._gone = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # not every loop's class inherits from Transport, but all of them are one
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._held += data
        if len(self._held) > _MOST_HELD and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self._end(Trouble.EARLY_CLOSE)

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is None:
            self._end(Trouble.EARLY_CLOSE)
        else:
            self._end(Trouble.TLS if isinstance(exc, ssl.SSLError) else Trouble.LOST)
        self._gone.set()

    @property
    def ended(self) -> bool:
        """Whether the server has closed its side; what it said before can still be read."""
        return self._ended is not None

    @property
    def quiet(self) -> bool:
        """Whether nothing has arrived that was not read yet."""
        return not self._held

    def send(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    async def reply(self, until: float | None = None) -> SmtpReply:
        """The next reply, all its lines; the last line's code counts. Raises `WireError`, `TimeoutError`."""
        texts: list[str] = []
        size = 0
        while True:
            line = await self._line(until)
            size += len(line)
            if size > _MOST_REPLY:
                raise WireError(Trouble.TOO_LONG)
            match = _LINE.fullmatch(line)
            if match is None and not texts:
                raise WireError(Trouble.NONSENSE)
            # Inside a reply a line without a code is text: some servers break long texts that way.
            texts.append((match[3] if match else line).decode("utf-8", "replace"))
            if match and match[2] != b"-":
                return SmtpReply(int(match[1]), tuple(texts))

    async def start_tls(self, name: str) -> None:
        """Encrypt from here on. Any version, any certificate: mail is encrypted opportunistically."""
        if self._held or self._ended or self._transport is None:
            raise WireError(Trouble.TLS)  # words smuggled in before the handshake are not the server's
        loop = asyncio.get_running_loop()
        try:
            self._transport = await loop.start_tls(
                self._transport, self, _TLS, server_hostname=name or None, ssl_shutdown_timeout=_SHUTDOWN_S
            )
        except BaseException as error:
            self._end(Trouble.TLS)
            self._gone.set()  # a failed handshake is not followed by connection_lost
            if isinstance(error, OSError | ValueError):
                raise WireError(Trouble.TLS) from None
            raise

    def abort(self) -> None:
        """Close at once, without waiting for anybody."""
        if self._transport is not None:
            self._transport.abort()

    async def close(self) -> None:
        """Close, and return when the socket is gone."""
        self.abort()
        try:
            async with asyncio.timeout(_SHUTDOWN_S):
                await self._gone.wait()
        except TimeoutError:
            return

    async def _line(self, until: float | None) -> bytes:
        while (end := self._held.find(b"\n")) < 0:
            if len(self._held) > _MOST_LINE:
                raise WireError(Trouble.TOO_LONG)
            if self._ended is not None:
                return self._last_words(self._ended)
            await self._more(until)
        if end > _MOST_LINE:
            raise WireError(Trouble.TOO_LONG)
        return self._take(end + 1)[:-1].rstrip(b"\r")

    async def _more(self, until: float | None) -> None:
        """Wait for a change. A timer and a future are all it takes: `asyncio.timeout_at` and an event cost far more."""
        loop = asyncio.get_running_loop()
        if until is not None and loop.time() >= until:
            raise TimeoutError  # a flood of bytes would win against the timer each time
        self._waiter = loop.create_future()
        timer = None if until is None else loop.call_at(until, _expire, self._waiter)
        try:
            await self._waiter
        finally:
            self._waiter = None
            if timer is not None:
                timer.cancel()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _last_words(self, ended: Trouble) -> bytes:
        """A refusal that was cut off after its code is still a refusal; anything else is nothing."""
        if _REFUSAL.match(self._held):
            return self._take(len(self._held)).rstrip(b"\r")
        raise WireError(ended)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._held[:count])
        del self._held[:count]
        if self._paused and self._transport is not None and not self._transport.is_closing():
            self._paused = False
            self._transport.resume_reading()
        return taken

    def _end(self, kind: Trouble) -> None:
        self._ended = self._ended or kind
        self._wake()


def _expire(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError())


def _tolerant() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")  # old mail servers speak TLS 1.0 with small keys
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context


_TLS: Final = _tolerant()
