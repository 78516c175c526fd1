"""A small name server over UDP and TCP that knows the world's domains and nothing else.

Sound companies have an MX; of the others one kind does not exist, one refuses mail with a null MX (RFC 7505), one has
an address but no MX. One name can be told to fail, in more than one way where a test needs it. All addresses are
loopback.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, cast

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from openenrich.sandbox.companies import FREE_MAIL, MAIL_PROVIDERS, Company, Mail
from openenrich.sandbox.world import World

DEFAULT_FAILING: Final = "servfail.test"
PROBE_DOMAIN: Final = "probe.test"
"""A domain for those who ask mail servers: it has an address, a mail host, an SPF record and the reverse name."""

_TTL: Final = 300
_LOOPBACK: Final = "127.0.0.1"
_LEAST_PAYLOAD: Final = 512
_MOST_ALIASES: Final = 8
_TRIES: Final = 20
_PATIENCE_S: Final = 30.0

Zone = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Name without the last dot -> type -> texts of the records."""


class Trouble(StrEnum):
    """What goes wrong with one name and all below it."""

    SERVFAIL = "servfail"
    REFUSED = "refused"
    SILENT = "silent"
    TRUNCATED = "truncated"  # over UDP only a hint to use TCP, where the answer is
    UNREACHABLE_OVER_TCP = "unreachable_over_tcp"  # the same hint, and nobody there
    BOGUS = "bogus"  # SERVFAIL, unless checking is switched off (CD)


def probe_records() -> dict[str, Mapping[str, tuple[str, ...]]]:
    """What makes a HELO name and a sender of `PROBE_DOMAIN` sound."""
    return {
        PROBE_DOMAIN: {
            "A": (_LOOPBACK,),
            "MX": (f"10 {PROBE_DOMAIN}.",),
            "TXT": ('"v=spf1 ip4:127.0.0.0/8 ip6:::1 -all"',),
        },
        "1.0.0.127.in-addr.arpa": {"PTR": (f"{PROBE_DOMAIN}.",)},
    }


def zone_of(world: World, addresses: Mapping[str, str] | None = None) -> Zone:
    """Every name of the world; a dead domain is simply not in it. ``addresses`` of mail hosts, else all are one."""
    known = addresses or {}

    def host(name: str) -> dict[str, tuple[str, ...]]:
        return {"A": (known.get(name, _LOOPBACK),)}

    zone = probe_records() | {name: host(name) for name in MAIL_PROVIDERS}
    for domain in FREE_MAIL:
        zone[domain] = {"A": (_LOOPBACK,), "MX": (f"10 mx.{domain}.",), "TXT": ('"v=spf1 -all"',)}
        zone[f"mx.{domain}"] = host(f"mx.{domain}")
    for company in world.companies:
        if company.mail is not Mail.DEAD:
            zone[company.domain] = _records(company)
        if company.mail is Mail.OK:
            zone.setdefault(company.mail_host, host(company.mail_host))
    return zone


def _records(company: Company) -> dict[str, tuple[str, ...]]:
    if company.mail is Mail.NO_MX:
        return {"TXT": ('"no mail here"',)}
    if company.mail is Mail.NULL_MX:
        return {"A": (_LOOPBACK,), "MX": ("0 .",), "TXT": ('"v=spf1 -all"',)}
    return {"A": (_LOOPBACK,), "MX": (f"10 {company.mail_host}.",), "TXT": (f'"v=spf1 a:{company.mail_host} -all"',)}


def answer(zone: Zone, failing: str, query: dns.message.Message) -> dns.message.Message:
    """SERVFAIL for the failing name, NXDOMAIN for strangers, else the records, which may be none."""
    response = dns.message.make_response(query)
    response.flags |= dns.flags.AA | dns.flags.RA
    if not query.question:
        response.set_rcode(dns.rcode.FORMERR)
        return response
    question = query.question[0]
    name = question.name.to_text(omit_final_dot=True).lower()
    if name == failing or name.endswith(f".{failing}"):
        response.set_rcode(dns.rcode.SERVFAIL)
    elif name not in zone:
        response.set_rcode(dns.rcode.NXDOMAIN)
    else:
        kind = dns.rdatatype.to_text(question.rdtype)
        response.answer.extend(_found(zone, name, kind))
    if not response.answer and response.rcode() in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        soa = "ns.test. hostmaster.test. 1 3600 600 86400 60"
        response.authority.append(dns.rrset.from_text("test.", 60, dns.rdataclass.IN, "SOA", soa))
    return response


def _found(zone: Zone, name: str, kind: str) -> Iterator[dns.rrset.RRset]:
    """The records, behind the aliases that lead to them; an alias that leads nowhere known is no answer."""
    for _ in range(_MOST_ALIASES):
        held = zone[name]
        if kind in held:
            yield dns.rrset.from_text(f"{name}.", _TTL, dns.rdataclass.IN, kind, *held[kind])
        target = held.get("CNAME", ("",))[0].rstrip(".").lower()
        if kind in held or target not in zone:
            return
        yield dns.rrset.from_text(f"{name}.", _TTL, dns.rdataclass.IN, "CNAME", f"{target}.")
        name = target


@dataclass(frozen=True, slots=True)
class NameServer:
    """A zone, and what goes wrong with some of its names."""

    zone: Zone
    failing: str = ""
    troubles: Mapping[str, Trouble] = field(default_factory=dict)

    def reply(self, data: bytes, *, over_tcp: bool) -> bytes | None:
        """``None`` keeps silent, as it does towards what is no question."""
        try:
            query = dns.message.from_wire(data)
        except dns.exception.DNSException:
            return None
        trouble = self._trouble(query)
        if trouble is Trouble.SILENT or (over_tcp and trouble is Trouble.UNREACHABLE_OVER_TCP):
            return None
        return self._wire(query, trouble, over_tcp=over_tcp)

    def _trouble(self, query: dns.message.Message) -> Trouble | None:
        if not query.question:
            return None
        labels = query.question[0].name.to_text(omit_final_dot=True).lower().split(".")
        names = (".".join(labels[place:]) for place in range(len(labels)))
        return next((self.troubles[name] for name in names if name in self.troubles), None)

    def _wire(self, query: dns.message.Message, trouble: Trouble | None, *, over_tcp: bool) -> bytes:
        response = answer(self.zone, self.failing, query)
        unchecked = bool(query.flags & dns.flags.CD)
        if trouble is Trouble.SERVFAIL or (trouble is Trouble.BOGUS and not unchecked):
            return _failure(query, dns.rcode.SERVFAIL)
        if trouble is Trouble.REFUSED:
            return _failure(query, dns.rcode.REFUSED)
        if over_tcp:
            return response.to_wire()
        if trouble in {Trouble.TRUNCATED, Trouble.UNREACHABLE_OVER_TCP}:
            return _truncated(query)
        try:
            return response.to_wire(max_size=max(query.payload, _LEAST_PAYLOAD))
        except dns.exception.TooBig:
            return _truncated(query)


def _failure(query: dns.message.Message, code: dns.rcode.Rcode) -> bytes:
    response = dns.message.make_response(query)
    response.set_rcode(code)
    return response.to_wire()


def _truncated(query: dns.message.Message) -> bytes:
    response = dns.message.make_response(query)
    response.flags |= dns.flags.TC | dns.flags.RA
    return response.to_wire()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self._server = server
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # not every loop's class inherits from DatagramTransport, but all of them are one
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        reply = self._server.reply(data, over_tcp=False)
        if self._transport is not None and reply is not None:
            self._transport.sendto(reply, addr)


class _Streams:
    """Questions over TCP, each with its length in front (RFC 1035, 4.2.2)."""

    def __init__(self, server: NameServer) -> None:
        self._server = server
        self._talks: set[asyncio.Task[None]] = set()

    def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.create_task(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while True:
                    size = int.from_bytes(await reader.readexactly(2))
                    reply = self._server.reply(await reader.readexactly(size), over_tcp=True)
                    if reply is None:
                        break
                    writer.write(len(reply).to_bytes(2) + reply)
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            pass  # the client has what it wanted
        finally:
            writer.close()

    async def close(self) -> None:
        for talk in tuple(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)


@asynccontextmanager
async def serve_names(server: NameServer, host: str = _LOOPBACK, port: int = 0) -> AsyncIterator[tuple[str, int]]:
    """A name server inside the ``async with``; yields its address, the same for UDP and TCP."""
    streams = _Streams(server)
    transport, listener = await _open(server, streams, host, port)
    try:
        yield transport.get_extra_info("sockname")[:2]
    finally:
        transport.close()
        listener.close()
        await streams.close()


async def _open(
    server: NameServer, streams: _Streams, host: str, port: int
) -> tuple[asyncio.DatagramTransport, asyncio.Server]:
    """Both on one port; one that is free for UDP alone is tried again with another."""
    loop = asyncio.get_running_loop()
    for tries_left in reversed(range(1 if port else _TRIES)):
        transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(server), local_addr=(host, port))
        chosen = transport.get_extra_info("sockname")[1]
        try:
            return transport, await asyncio.start_server(streams.connected, host, chosen, reuse_address=True)
        except OSError:
            transport.close()
            if not tries_left:
                raise
    raise AssertionError  # the last try has returned or raised


@asynccontextmanager
async def serve_dns(
    world: World,
    host: str = _LOOPBACK,
    port: int = 0,
    *,
    failing: str = DEFAULT_FAILING,
    addresses: Mapping[str, str] | None = None,
) -> AsyncIterator[tuple[str, int]]:
    """The world's name server; ``addresses`` as in `zone_of`."""
    async with serve_names(NameServer(zone_of(world, addresses), failing), host, port) as address:
        yield address
