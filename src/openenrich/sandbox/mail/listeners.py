"""Where mail servers listen: on Linux each host on a loopback address of its own, elsewhere all on one.

All use one port, as mail servers do; so many hosts that addresses run out share them.
"""

import asyncio
import platform
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

from openenrich.sandbox.mail.desk import MailDesk, MailState
from openenrich.sandbox.mail.line import Line
from openenrich.sandbox.mail.script import MailServer
from openenrich.sandbox.mail.session import Session

_ALONE: Final = 60
"""So many of the first hosts never share."""
_MOST: Final = 300
"""More addresses are not used: each is an open socket."""
_TRIES: Final = 20
_LOOPBACK: Final = "127.0.0.1"


def have_own_addresses() -> bool:
    """Whether all of 127/8 can be listened on without preparation."""
    return platform.system() == "Linux"


def addresses_of(hosts: Sequence[str]) -> dict[str, str]:
    """Host -> loopback address."""
    if not have_own_addresses():
        return dict.fromkeys(hosts, _LOOPBACK)
    return {host: _address(place) for place, host in enumerate(hosts)}


def _address(place: int) -> str:
    slot = place if place < _MOST else _ALONE + (place - _ALONE) % (_MOST - _ALONE)
    return f"127.0.{1 + slot // 250}.{1 + slot % 250}"


@asynccontextmanager
async def listening(
    servers: Sequence[MailServer], addresses: Mapping[str, str], state: MailState, port: int = 0
) -> AsyncIterator[int]:
    """The servers answer inside the ``async with``; yields their port. 0 is one that is free on all addresses."""
    desks: dict[str, tuple[MailServer, ...]] = {}
    for server in servers:
        address = addresses[server.name]
        desks[address] = (*desks.get(address, ()), server)
    reception = _Reception()
    try:
        yield await reception.open({address: MailDesk(behind, state) for address, behind in desks.items()}, port)
    finally:
        await reception.close()


class _Reception:
    """The open sockets and the sessions under way."""

    def __init__(self) -> None:
        self._listeners: list[asyncio.Server] = []
        self._sessions: set[asyncio.Task[None]] = set()

    async def open(self, desks: Mapping[str, MailDesk], port: int) -> int:
        for tries_left in reversed(range(1 if port else _TRIES)):
            try:
                return await self._open_all(desks, port)
            except OSError:  # somebody has the port at one of the addresses
                self._stop_listening()
                if not tries_left:
                    raise
        raise AssertionError  # the last try has returned or raised

    async def _open_all(self, desks: Mapping[str, MailDesk], port: int) -> int:
        for address, desk in desks.items():
            listener = await self._listen(address, port, desk)
            port = listener.sockets[0].getsockname()[1]
        return port

    async def _listen(self, address: str, port: int, desk: MailDesk) -> asyncio.Server:
        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            session = asyncio.create_task(_hold(Line(reader, writer, desk.state.pace), desk))
            self._sessions.add(session)
            session.add_done_callback(self._sessions.discard)

        listener = await asyncio.start_server(connected, address, port, reuse_address=True, backlog=256)
        self._listeners.append(listener)
        return listener

    def _stop_listening(self) -> None:
        for listener in self._listeners:
            listener.close()
        self._listeners.clear()

    async def close(self) -> None:
        self._stop_listening()
        for session in tuple(self._sessions):
            session.cancel()
        await asyncio.gather(*self._sessions, return_exceptions=True)


async def _hold(line: Line, desk: MailDesk) -> None:
    try:
        await Session(line, desk).hold()
    finally:
        await line.close()
