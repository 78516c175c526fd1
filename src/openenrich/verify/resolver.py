"""Questions to name servers: what they say, or why they said nothing, and never more than that.

Promises that failures stay apart (a time-out is not "no such name"), that servers are asked in order, over UDP and
then TCP, within a total time, that one question asked by many at once leaves once, and that answers are kept no longer
than their owner allows and an hour at most; failures are never kept. What answers mean for mail is for ``routes``.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final, Literal

import aiodns
import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import msgspec
import pycares

Kind = Literal["MX", "A", "AAAA"]

_AT_ONCE: Final = 200
_KEEP_MOST: Final = 100_000
_LONGEST_KEPT_S: Final = 3600.0
_NEGATIVE_S: Final = 600.0
"""How long "no" is kept: the library does not hand out the time that the zone's owner set for it."""
_TURNS: Final = 2
_MOST_ALIASES: Final = 8


class Told(StrEnum):
    """What came of a question."""

    RECORDS = "records"
    EMPTY = "empty"
    """The name exists, the records do not."""
    NO_NAME = "no_name"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    GARBLED = "garbled"


_SETTLED: Final = frozenset({Told.RECORDS, Told.EMPTY, Told.NO_NAME})
_TELLING: Final = (Told.SERVFAIL, Told.REFUSED, Told.GARBLED, Told.TIMEOUT)
_CODES: Final = {
    aiodns.error.ARES_ENOTFOUND: Told.NO_NAME,
    aiodns.error.ARES_EBADNAME: Told.NO_NAME,  # no server can know what cannot be a name
    aiodns.error.ARES_ENODATA: Told.EMPTY,
    aiodns.error.ARES_ESERVFAIL: Told.SERVFAIL,
    aiodns.error.ARES_EREFUSED: Told.REFUSED,
    aiodns.error.ARES_ETIMEOUT: Told.TIMEOUT,
    aiodns.error.ARES_ECONNREFUSED: Told.TIMEOUT,
    aiodns.error.ARES_ECANCELLED: Told.TIMEOUT,
}


class Record(msgspec.Struct, frozen=True):
    """A host name (of an MX, with its preference) or an address."""

    value: str
    preference: int = 0


class Answer(msgspec.Struct, frozen=True):
    """``server`` is the one that gave it."""

    told: Told
    records: tuple[Record, ...] = ()
    ttl_s: float = 0.0
    server: str = ""

    @property
    def settled(self) -> bool:
        """Whether this is knowledge: records, or that there are none."""
        return self.told in _SETTLED


class Resolver:
    """Asks ``servers`` (``host:port`` texts; none means the machine's own). Close it."""

    def __init__(
        self,
        servers: Sequence[str] = (),
        *,
        try_s: float = 3.0,
        total_s: float = 8.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """``try_s`` is what one server gets in its turn, with what it needs to send again."""
        self._servers = tuple(servers)
        self._try_s = try_s
        self._total_s = total_s
        self._now = now
        self._open: dict[str, aiodns.DNSResolver] = {}
        self._gate = asyncio.Semaphore(_AT_ONCE)
        self._kept: dict[tuple[str, Kind], tuple[float, Answer]] = {}
        self._asking: dict[tuple[str, Kind], asyncio.Task[Answer]] = {}

    async def ask(self, name: str, kind: Kind) -> Answer:
        """The first settled answer of the servers in order, aliases followed. Never raises."""
        key = (name, kind)
        kept = self._kept.get(key)
        if kept is not None and self._now() < kept[0]:
            return kept[1]
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._look_up(name, kind))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)

    async def ask_another(self, name: str, kind: Kind, server: str) -> Answer | None:
        """What the servers other than this one say; ``None`` when there is no other."""
        others = [other for other in self._known_servers() if other != server]
        return await self._in_order(others, name, kind) if others else None

    async def is_bogus(self, name: str, kind: Kind) -> bool:
        """Whether the first server has an answer that it holds back because its signature is wrong (DNSSEC)."""
        servers = self._known_servers()
        if not servers:
            return False
        host, port = _split(servers[0])
        try:
            query = dns.message.make_query(name, kind, flags=dns.flags.RD | dns.flags.CD)
            reply, _ = await dns.asyncquery.udp_with_fallback(query, host, timeout=self._try_s, port=port)
        except (dns.exception.DNSException, OSError, ValueError):
            return False
        return reply.rcode() in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}

    async def close(self) -> None:
        """End what is under way and release the sockets."""
        asking = tuple(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        while self._open:
            await self._open.popitem()[1].close()

    async def _look_up(self, name: str, kind: Kind) -> Answer:
        async with self._gate:
            answer = await self._in_order(self._known_servers(), name, kind)
        keep_s = min(answer.ttl_s, _LONGEST_KEPT_S) if answer.told is Told.RECORDS else _NEGATIVE_S
        if answer.settled and keep_s > 0:
            if len(self._kept) >= _KEEP_MOST:
                self._kept.clear()
            self._kept[name, kind] = (self._now() + keep_s, answer)
        return answer

    async def _in_order(self, servers: Sequence[str], name: str, kind: Kind) -> Answer:
        """Server after server; those that were silent get a second turn, those that said no do not."""
        failed: dict[str, Answer] = {}
        try:
            async with asyncio.timeout(self._total_s):
                for server in (*servers,) * _TURNS:
                    if server in failed and failed[server].told is not Told.TIMEOUT:
                        continue
                    answer = await self._follow(server, name, kind)
                    if answer.settled:
                        return answer
                    failed[server] = answer
        except TimeoutError:
            pass
        return min(failed.values(), key=lambda answer: _TELLING.index(answer.told), default=Answer(Told.TIMEOUT))

    async def _follow(self, server: str, name: str, kind: Kind) -> Answer:
        """One server's answer. An alias to nowhere is an empty answer: the name itself does exist."""
        ttl_s = _LONGEST_KEPT_S
        for hop in range(_MOST_ALIASES):
            said = await self._query(server, name, kind)
            if isinstance(said, Told):
                return Answer(Told.EMPTY if hop and said is Told.NO_NAME else said, server=server)
            ttl_s = min([ttl_s, *(float(record.ttl) for record in said)])
            records = tuple(found for record in said if (found := _record(record, kind)) is not None)
            if records:
                return Answer(Told.RECORDS, records, ttl_s, server)
            target = _alias(said, name)
            if target is None:
                break
            name = target
        return Answer(Told.EMPTY, server=server)

    async def _query(self, server: str, name: str, kind: Kind) -> list[pycares.DNSRecord] | Told:
        try:
            async with asyncio.timeout(self._try_s):
                return (await self._opened(server).query_dns(name, kind)).answer
        except TimeoutError:
            return Told.TIMEOUT
        except aiodns.error.DNSError as error:
            return _CODES.get(error.args[0] if error.args else None, Told.GARBLED)
        except (UnicodeError, ValueError, pycares.AresError):
            return Told.GARBLED

    def _opened(self, server: str) -> aiodns.DNSResolver:
        """One channel for each server, so that each one's failure is its own.

        The library shortens its wait to a quarter of a second for servers that are quick as a rule, doubles it with
        each try, and does not hear answers that come later: with five tries a slow name is still waited for.
        """
        if server not in self._open:
            self._open[server] = aiodns.DNSResolver(nameservers=[server], timeout=self._try_s / 2, tries=5)
        return self._open[server]

    def _known_servers(self) -> tuple[str, ...]:
        if not self._servers:
            self._servers = _of_the_machine()
        return self._servers


def _of_the_machine() -> tuple[str, ...]:
    channel = pycares.Channel()
    try:
        return tuple(channel.servers)
    finally:
        channel.close()


def _record(record: pycares.DNSRecord, kind: Kind) -> Record | None:
    data = record.data
    if kind == "MX" and isinstance(data, pycares.MXRecordData):
        return Record(_plain(data.exchange), data.priority)
    if kind == "A" and isinstance(data, pycares.ARecordData):
        return Record(data.addr)
    if kind == "AAAA" and isinstance(data, pycares.AAAARecordData):
        return Record(data.addr)
    return None


def _alias(records: Sequence[pycares.DNSRecord], name: str) -> str | None:
    """Where the chain of aliases that starts at the name leads."""
    leads = {
        _plain(one.name): _plain(one.data.cname) for one in records if isinstance(one.data, pycares.CNAMERecordData)
    }
    target = _plain(name)
    for _ in range(_MOST_ALIASES):
        if target not in leads:
            break
        target = leads[target]
    return None if target == _plain(name) else target


def _plain(name: str) -> str:
    return name.rstrip(".").lower()


def _split(server: str) -> tuple[str, int]:
    """Host and port of ``host:port``, ``[v6]:port`` or a bare host."""
    if server.startswith("["):
        host, _, rest = server[1:].partition("]")
        port = rest.removeprefix(":")
    elif server.count(":") == 1:
        host, _, port = server.partition(":")
    else:
        host, port = server, ""
    return host, int(port or 53)
