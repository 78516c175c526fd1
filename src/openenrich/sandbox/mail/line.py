"""The bytes of one connection at the server's side, at the sandbox's pace."""

import asyncio
import socket
import ssl
import struct

from openenrich.sandbox.latency import Pace

_MOST_LINE = 4096
_PATIENCE_S = 300.0


class Line:
    """What is said is text of whole lines; what is heard is one line without its end, or ``None`` at the end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pace: Pace) -> None:
        self.client: str = writer.get_extra_info("peername")[0]
        self.encrypted = False
        self.dripping = False
        self._reader = reader
        self._writer = writer
        self._pace = pace

    async def say(self, text: str) -> None:
        await self.send(text.replace("\n", "\r\n").encode() + b"\r\n")

    async def send(self, data: bytes) -> None:
        for piece in (data[place : place + 1] for place in range(len(data))) if self.dripping else (data,):
            self._writer.write(piece)
            await self._writer.drain()
            if self.dripping:
                await self._pace.sleep(1.0)

    async def hear(self) -> str | None:
        """One line; a line without end is the client's end too."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                line = await self._reader.readuntil(b"\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            return None
        return None if len(line) > _MOST_LINE else line.decode("utf-8", "replace").rstrip("\r\n")

    async def is_talked_to(self, seconds: float) -> bool:
        """Wait; true at once when the client speaks meanwhile."""
        try:
            async with asyncio.timeout(self._pace.real(seconds)):
                await self._reader.read(1)
        except TimeoutError:
            return False
        return True

    async def wait_for_the_end(self) -> None:
        while await self._reader.read(_MOST_LINE):
            continue

    async def start_tls(self, context: ssl.SSLContext) -> None:
        await self._writer.start_tls(context, ssl_handshake_timeout=10)
        self.encrypted = True

    def break_off(self) -> None:
        """Reset the connection: the client sees no orderly end."""
        plug = self._writer.get_extra_info("socket")
        if plug is not None:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def close(self) -> None:
        self._writer.close()
        try:
            async with asyncio.timeout(1.0):
                await self._writer.wait_closed()
        except (OSError, TimeoutError):
            self._writer.transport.abort()
