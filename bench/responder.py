"""A mail server that says yes to everything, for machines without `smtp-sink`."""

import asyncio
import json
import sys
from typing import cast

from openenrich.cli import _run as run_as_the_product  # whichever event loop that takes
from openenrich.commands.serving import stop_on_signals


class Responder(asyncio.Protocol):
    """One session."""

    def __init__(self) -> None:
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(b"220 responder ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        *lines, self._held = (self._held + data).split(b"\r\n")
        for line in lines:
            leaving = line == b"QUIT"
            self._transport.write(b"221 2.0.0 Bye\r\n" if leaving else b"250 2.1.5 Ok\r\n")
            if leaving:
                self._transport.close()


async def main() -> None:
    stopping = stop_on_signals(until_stdin_closes=True)
    server = await asyncio.get_running_loop().create_server(Responder, "127.0.0.1", 0, backlog=1024)
    sys.stdout.write(json.dumps({"port": server.sockets[0].getsockname()[1]}) + "\n")
    sys.stdout.flush()
    async with server:
        await stopping.wait()


if __name__ == "__main__":
    run_as_the_product(main())
