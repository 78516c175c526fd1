"""A small name server over UDP that knows the world's domains and nothing else.

Sound companies have an MX; of the others one kind does not exist, one refuses mail with a null MX (RFC 7505), one has
an address but no MX. One name can be told to fail. All addresses are loopback.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final, cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from openenrich.sandbox.companies import FREE_MAIL, MAIL_PROVIDERS, Company, Mail
from openenrich.sandbox.world import World

DEFAULT_FAILING: Final = "servfail.test"
_TTL: Final = 300
_LOOPBACK: Final = "127.0.0.1"

Zone = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Name without the last dot -> type -> texts of the records."""


def zone_of(world: World) -> Zone:
    """Every name of the world; a dead domain is simply not in it."""
    zone: dict[str, dict[str, tuple[str, ...]]] = {host: {"A": (_LOOPBACK,)} for host in MAIL_PROVIDERS}
    provider = next(iter(MAIL_PROVIDERS))
    for host in FREE_MAIL:
        zone[host] = {"A": (_LOOPBACK,), "MX": (f"10 {provider}.",), "TXT": ('"v=spf1 -all"',)}
    for company in world.companies:
        if company.mail is not Mail.DEAD:
            zone[company.domain] = _records(company)
        if company.mail is Mail.OK:
            zone.setdefault(company.mail_host, {"A": (_LOOPBACK,)})
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
        texts = zone[name].get(kind, ())
        if texts:
            response.answer.append(dns.rrset.from_text(question.name, _TTL, dns.rdataclass.IN, kind, *texts))
    return response


class _Server(asyncio.DatagramProtocol):
    def __init__(self, zone: Zone, failing: str) -> None:
        self._zone = zone
        self._failing = failing
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # not every loop's class inherits from DatagramTransport, but all of them are one
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        try:
            query = dns.message.from_wire(data)
        except dns.exception.DNSException:
            return  # not a question: a name server keeps silent
        if self._transport is not None:
            self._transport.sendto(answer(self._zone, self._failing, query).to_wire(), addr)


@asynccontextmanager
async def serve_dns(
    world: World, host: str = _LOOPBACK, port: int = 0, *, failing: str = DEFAULT_FAILING
) -> AsyncIterator[tuple[str, int]]:
    """A name server inside the ``async with``; yields its address."""
    loop = asyncio.get_running_loop()
    zone = zone_of(world)
    transport, _ = await loop.create_datagram_endpoint(lambda: _Server(zone, failing), local_addr=(host, port))
    try:
        yield transport.get_extra_info("sockname")[:2]
    finally:
        transport.close()
