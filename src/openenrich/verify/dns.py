"""Whether a domain takes mail, by its DNS (email-verification, section 3): yes, no with the reason, or unknown.

Answers are kept for a while; what could not be found out is never kept and never becomes "no" (promise 5).
"""

import asyncio
import time
from collections.abc import Sequence

import aiodns

from openenrich.core.verdict import DomainMail

_KEEP_S = 3600.0
_KEEP_MOST = 50_000
_AT_ONCE = 200


class DomainChecker:
    """Implements `DomainCheck`. ``servers`` are ``host:port`` texts; none means the machine's own resolvers."""

    def __init__(self, servers: Sequence[str] = (), timeout_s: float = 3.0) -> None:
        self._servers = list(servers)
        self._timeout_s = timeout_s
        self._resolver: aiodns.DNSResolver | None = None
        self._gate = asyncio.Semaphore(_AT_ONCE)
        self._known: dict[str, tuple[float, DomainMail]] = {}
        self._asking: dict[str, asyncio.Task[DomainMail]] = {}

    async def look(self, domain: str) -> DomainMail:
        kept = self._known.get(domain)
        if kept is not None and time.monotonic() - kept[0] < _KEEP_S:
            return kept[1]
        task = self._asking.get(domain)
        if task is None:
            task = self._asking[domain] = asyncio.create_task(self._ask(domain))
            task.add_done_callback(lambda _: self._asking.pop(domain, None))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """End what is under way and release the resolver's sockets."""
        asking = tuple(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        if self._resolver is not None:
            await self._resolver.close()

    async def _ask(self, domain: str) -> DomainMail:
        async with self._gate:
            result = await self._mail(domain)
        if result is not DomainMail.UNKNOWN:
            if len(self._known) >= _KEEP_MOST:
                self._known.clear()
            self._known[domain] = (time.monotonic(), result)
        return result

    async def _mail(self, domain: str) -> DomainMail:
        hosts = await self._query(domain, "MX")
        if hosts is None:
            return DomainMail.UNKNOWN
        if isinstance(hosts, DomainMail):
            return hosts
        if hosts:
            null_mx = len(hosts) == 1 and hosts[0] in {"", "."}
            return DomainMail.NULL_MX if null_mx else DomainMail.TAKES_MAIL
        return await self._implicit(domain)

    async def _implicit(self, domain: str) -> DomainMail:
        """No MX: the domain's own address takes its mail, if it has one (RFC 5321, 5.1)."""
        answers = await asyncio.gather(self._query(domain, "A"), self._query(domain, "AAAA"))
        if any(isinstance(answer, list) and answer for answer in answers):
            return DomainMail.TAKES_MAIL
        if any(answer is None for answer in answers):
            return DomainMail.UNKNOWN
        return DomainMail.NO_MAIL_HOST

    async def _query(self, domain: str, kind: str) -> list[str] | DomainMail | None:
        """The answers (perhaps none), "no such domain", or ``None`` when it could not be found out."""
        if self._resolver is None:
            self._resolver = aiodns.DNSResolver(nameservers=self._servers or None, timeout=self._timeout_s, tries=2)
        try:
            answer = await self._resolver.query_dns(domain, kind)
        except aiodns.error.DNSError as error:
            code = error.args[0] if error.args else None
            if code == aiodns.error.ARES_ENOTFOUND:
                return DomainMail.NO_SUCH_DOMAIN
            return [] if code == aiodns.error.ARES_ENODATA else None
        except (UnicodeError, ValueError):
            return None  # not a name that can be asked for
        return [host for record in answer.answer if (host := _host(record)) is not None]


def _host(record: object) -> str | None:
    """What an answer names; an alias (CNAME) that leads there is itself no answer."""
    data = getattr(record, "data", None)
    host = getattr(data, "exchange", getattr(data, "addr", None))
    return None if host is None else str(host)
