"""A name server on loopback, over UDP and TCP, that says what a test tells it to and remembers what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from openenrich.verify.resolver import Resolver

Records = Mapping[tuple[str, str], list[str]]
"""Name and type -> texts of the records."""


class NameServer(asyncio.DatagramProtocol):
    """Names in ``fails`` get that code, those in ``silent`` nothing, ``bogus`` ones an answer only without checks."""

    def __init__(
        self,
        records: Records | None = None,
        *,
        ttl: int = 300,
        fails: Mapping[str, dns.rcode.Rcode] | None = None,
        silent: tuple[str, ...] = (),
        truncated: tuple[str, ...] = (),
        bogus: tuple[str, ...] = (),
        slow: Mapping[str, float] | None = None,
        chases: bool = True,
        speaks_tcp: bool = True,
    ) -> None:
        self.records = dict(records or {})
        self.ttl = ttl
        self.fails = dict(fails or {})
        self.silent = silent
        self.truncated = truncated
        self.bogus = bogus
        self.slow = dict(slow or {})
        self.chases = chases
        self.speaks_tcp = speaks_tcp
        self.asked: list[tuple[str, str]] = []
        self.asked_by_tcp: list[tuple[str, str]] = []
        self.address = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        name, kind = _question(query)
        self.asked.append((name, kind))
        if name in self.silent:
            return
        reply = self._reply(query, name, kind)
        if name in self.truncated:
            reply.flags |= dns.flags.TC
            reply.answer.clear()
        loop = asyncio.get_running_loop()
        loop.call_later(self.slow.get(name, 0.0), self._send, reply.to_wire(), addr)

    def _send(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.sendto(data, addr)  # type: ignore[attr-defined]  # a datagram transport

    async def serve_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while self.speaks_tcp:
                size = int.from_bytes(await reader.readexactly(2), "big")
                query = dns.message.from_wire(await reader.readexactly(size))
                name, kind = _question(query)
                self.asked_by_tcp.append((name, kind))
                data = self._reply(query, name, kind).to_wire()
                writer.write(len(data).to_bytes(2, "big") + data)
        writer.close()

    def _reply(self, query: dns.message.Message, name: str, kind: str) -> dns.message.Message:
        reply = dns.message.make_response(query)
        if name in self.fails:
            reply.set_rcode(self.fails[name])
        elif name in self.bogus and not query.flags & dns.flags.CD:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif not any(owner == name for owner, _ in self.records):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        else:
            self._fill(reply, name, kind)
        return reply

    def _fill(self, reply: dns.message.Message, name: str, kind: str) -> None:
        alias = self.records.get((name, "CNAME"))
        if alias:
            reply.answer.append(dns.rrset.from_text(name + ".", self.ttl, "IN", "CNAME", *alias))
            if self.chases and len(reply.answer) < 10:
                self._fill(reply, alias[0].rstrip("."), kind)
        elif texts := self.records.get((name, kind)):
            reply.answer.append(dns.rrset.from_text(name + ".", self.ttl, "IN", kind, *texts))


def _question(query: dns.message.Message) -> tuple[str, str]:
    question = query.question[0]
    return question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)


@asynccontextmanager
async def naming(server: NameServer) -> AsyncIterator[NameServer]:
    """The server, listening; ``address`` is where."""
    loop = asyncio.get_running_loop()
    listener = await asyncio.start_server(server.serve_tcp, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    transport, _ = await loop.create_datagram_endpoint(lambda: server, local_addr=("127.0.0.1", port))
    server.address = f"127.0.0.1:{port}"
    try:
        yield server
    finally:
        transport.close()
        listener.close()
        await asyncio.sleep(0)


@asynccontextmanager
async def asking(*servers: NameServer, try_s: float = 1.0, total_s: float = 5.0) -> AsyncIterator[Resolver]:
    async with AsyncExitStack() as stack:
        for server in servers:
            await stack.enter_async_context(naming(server))
        resolver = Resolver([server.address for server in servers], try_s=try_s, total_s=total_s)
        stack.push_async_callback(resolver.close)
        yield resolver
