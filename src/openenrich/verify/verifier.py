"""Whether a mailbox exists, asked of its own mail host: one address in, one finding with its evidence out.

The order (email-verification, sections 3 to 9): syntax, the domain's DNS, what is remembered, the host's own words
about the target, and only when it was accepted two invented names. The lowest-preference host that can be reached
decides. Whatever keeps us from an answer is *unknown*; some of it has a time at which to ask again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Final

import msgspec

from openenrich.core.addresses import Address, Defect, flags_of, parse_address
from openenrich.core.domains import registrable
from openenrich.core.mail_hosts import MailHost
from openenrich.core.mailbox import CatchAll, MailboxCheck, MailboxStatus, conclude, invented_names, retry_after_s
from openenrich.core.smtp_replies import Reading, ReplyClass, Stage
from openenrich.engine.mail_ports import Memory
from openenrich.engine.ports import Clock, Pace
from openenrich.verify.hosts import mail_host_of
from openenrich.verify.inquiry import Heard, inquire
from openenrich.verify.options import Options
from openenrich.verify.routes import MxHost, Outcome, Route, Routes
from openenrich.verify.smtp import MailAddress

_MOST_CONNECTS: Final = 6
_BLOCK: Final = timedelta(minutes=15)
_LONGEST_BLOCK: Final = timedelta(hours=24)
_LIFETIMES: Final = {
    MailboxStatus.DELIVERABLE: timedelta(days=30),
    MailboxStatus.PROBABLE: timedelta(days=14),
    MailboxStatus.CATCH_ALL: timedelta(days=14),
    MailboxStatus.INVALID: timedelta(days=30),
    MailboxStatus.INVALID_DOMAIN: timedelta(days=1),
}
_FULL: Final = timedelta(days=3)
_DOMAIN_LIFETIME: Final = timedelta(days=14)
_DAY_S: Final = 86_400
_CLOSED_AFTER: Final = 3
_CLOSED_FOR: Final = timedelta(minutes=10)


class MailVerifier:
    """One per worker. The number of connections holds per process, their pace over all workers."""

    def __init__(self, routes: Routes, memory: Memory, pace: Pace, clock: Clock, options: Options) -> None:
        self._routes = routes
        self._memory = memory
        self._pace = pace
        self._clock = clock
        self._options = options
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._silent: set[str] = set()
        self._closed_until: datetime | None = None

    @property
    def is_degraded(self) -> bool:
        """Whether nobody can be reached: most clouds close port 25. Then only the DNS speaks."""
        return self._closed_until is not None and self._clock.now() < self._closed_until

    async def check(self, text: str, *, seconds: float, attempt: int = 1) -> MailboxCheck:
        """Find out, within so many seconds. Domains and blocks are remembered, the finding is not. Never raises."""
        started = self._clock.now()
        address = parse_address(text)
        if isinstance(address, Defect):
            found = MailboxCheck(address=text, status=MailboxStatus.INVALID, reason=address.value)
        else:
            deadline = asyncio.get_running_loop().time() + seconds
            found = await self._found(text, address, deadline, attempt)
        now = self._clock.now()
        return msgspec.structs.replace(
            found, attempt=attempt, checked_at=now, seconds=round((now - started).total_seconds(), 3)
        )

    async def _found(self, text: str, address: Address, deadline: float, attempt: int) -> MailboxCheck:
        blank = MailboxCheck(address=text, status=MailboxStatus.UNKNOWN, reason="", flags=flags_of(address))
        route = await self._routes.find(address.domain)
        reason = route.reason.value if route.reason else ""
        if route.outcome is Outcome.NO_MAIL:
            return msgspec.structs.replace(blank, status=MailboxStatus.INVALID_DOMAIN, reason=reason)
        if route.outcome is Outcome.UNKNOWN:
            return self._open(blank, _nothing(reason), attempt)
        if self.is_degraded:
            return msgspec.structs.replace(blank, reason="port_closed")
        return await self._ask_hosts(blank, address, route, deadline, attempt)

    async def _ask_hosts(
        self, blank: MailboxCheck, address: Address, route: Route, deadline: float, attempt: int
    ) -> MailboxCheck:
        """Host by host, until one of them says something about the mailbox."""
        heard, connects = Heard(_nothing("no_address")), 0
        for host in route.hosts:
            known = mail_host_of(host.name)
            blank = msgspec.structs.replace(blank, mx=host.name, provider=known.name if known else "")
            for ip in host.addresses:
                if connects == _MOST_CONNECTS or asyncio.get_running_loop().time() >= deadline:
                    break
                heard = await self._ask_one(address, host, ip, known, deadline)
                connects += heard.connections
                if heard.is_an_answer:
                    return self._concluded(blank, heard, route, host, connects, attempt)
                if heard.reading.reason in _OURS:
                    return self._open(blank, heard.reading, attempt)
        return self._open(msgspec.structs.replace(blank, connections=connects), heard.reading, attempt, heard.stage)

    async def _ask_one(self, address: Address, host: MxHost, ip: str, known: MailHost | None, deadline: float) -> Heard:
        """One session with one address of one host, if the host's group may be asked now."""
        group, now = _group(host, known), self._clock.now()
        if await self._memory.blocked_until(group, now) is not None:
            return Heard(_nothing("provider_blocked"))
        catch_all = await self._memory.domain(address.domain, group, now) or CatchAll.UNTESTED
        if catch_all is CatchAll.ACCEPTS:
            return Heard(_ACCEPTED_ELSEWHERE, catch_all, stage=Stage.RCPT)
        if known is not None and known.accepts_anything:
            catch_all = CatchAll.ACCEPTS  # the target is asked all the same: some mailboxes are refused by name
        async with self._turn(address.domain, group, known, deadline) as refused:
            if refused:
                return Heard(_nothing(refused))
            heard = await inquire(
                target=MailAddress(ip, self._options.port, host.name),
                address=address,
                invented=self._invented(address),
                known=known,
                catch_all=catch_all,
                options=self._options,
                deadline=deadline,
            )
        await self._learn(address.domain, group, heard)
        return heard

    @asynccontextmanager
    async def _turn(
        self, domain: str, group: str, known: MailHost | None, deadline: float
    ) -> AsyncIterator[str | None]:
        """A place and a slot at the group; yields a reason when there is none before the deadline."""
        loop, options = asyncio.get_running_loop(), self._options
        day = await self._pace.reserve(
            f"verify/{domain}/day", options.names_a_day / _DAY_S * options.time_speed, options.names_a_day, 0.0
        )
        if day is None:
            yield "domain_budget"
            return
        places = options.connections_per_group if known else 1
        gate = self._gates.setdefault(group, asyncio.Semaphore(places))
        try:
            async with asyncio.timeout_at(deadline):
                await gate.acquire()
        except TimeoutError:
            yield "own_concurrency"
            return
        try:
            left = max(0.0, deadline - loop.time())
            pause = await self._pace.reserve(f"verify/{group}", options.per_second * options.time_speed, 2, left)
            if pause is None:
                yield "own_pace"
                return
            await self._clock.sleep(pause)
            yield None
        finally:
            gate.release()

    async def _learn(self, domain: str, group: str, heard: Heard) -> None:
        """What this session says about the domain, the group, and our own way out."""
        now = self._clock.now()
        if heard.tested in {CatchAll.REFUSES, CatchAll.ACCEPTS}:
            await self._memory.keep_domain(domain, group, heard.tested, _DOMAIN_LIFETIME, now)
        if heard.blocked is not None:
            first = _LONGEST_BLOCK if heard.blocked.names_probing else _BLOCK
            speed = self._options.time_speed
            await self._memory.trip(group, first / speed, _LONGEST_BLOCK / speed, now)
        elif heard.decides:
            await self._memory.calm(group, now)
        self._notice_silence(group, heard, now)

    def _notice_silence(self, group: str, heard: Heard, now: datetime) -> None:
        """Several groups of hosts that cannot even be connected to, and none that can: the port is closed for us."""
        if heard.reached:
            self._silent.clear()
            self._closed_until = None
            return
        self._silent.add(group)
        if len(self._silent) >= _CLOSED_AFTER:
            self._closed_until = now + _CLOSED_FOR
            self._silent.clear()

    def _invented(self, address: Address) -> tuple[str, str]:
        """The same names for a domain whenever it is asked: greylisting knows recipients by name."""
        seed = Random(self._options.secret + address.domain.encode())
        human, letters = invented_names(address.local, seed)
        return f"{human}@{address.domain}", f"{letters}@{address.domain}"

    def _concluded(
        self, blank: MailboxCheck, heard: Heard, route: Route, host: MxHost, connects: int = 0, attempt: int = 1
    ) -> MailboxCheck:
        """The decision table of section 9. A backup host's yes is worth something only if it refuses other names."""
        # Never `confirmed`: an earlier attempt may have met something else than the same "not hosted" a day ago.
        status, reason = conclude(heard.reading, heard.catch_all)
        backup = host.preference > route.best_preference and heard.catch_all is not CatchAll.REFUSES
        if backup and status in {MailboxStatus.DELIVERABLE, MailboxStatus.PROBABLE}:
            status, reason = MailboxStatus.CATCH_ALL, "backup_mx_only"
        check = msgspec.structs.replace(
            blank,
            status=status,
            reason=reason,
            stage=heard.stage,
            code=heard.reading.code,
            enhanced=heard.reading.enhanced or "",
            catch_all=heard.catch_all,
            flags=blank.flags | heard.flags,
            connections=connects,
            transcript=heard.transcript,
        )
        return self._open(check, heard.reading, attempt, heard.stage) if status is MailboxStatus.UNKNOWN else check

    def _open(self, check: MailboxCheck, reading: Reading, attempt: int, stage: Stage | None = None) -> MailboxCheck:
        """Unknown for now, and when to ask again, if ever."""
        pause = None if reading.reason == "provider_blocked" else retry_after_s(reading, attempt)
        retry_at = self._clock.now() + timedelta(seconds=pause / self._options.time_speed) if pause else None
        return msgspec.structs.replace(
            check,
            status=MailboxStatus.UNKNOWN,
            reason=check.reason or reading.reason,
            stage=check.stage or stage,
            code=check.code or reading.code,
            enhanced=check.enhanced or reading.enhanced or "",
            retry_at=retry_at,
        )


_OURS: Final = frozenset({"provider_blocked", "domain_budget", "own_concurrency", "own_pace"})
"""Reasons of ours: other hosts of the domain would meet the same."""
_ACCEPTED_ELSEWHERE: Final = Reading(
    kind=ReplyClass.ACCEPTED, reason="catch_all_known", code=250, enhanced=None, permanent=False
)


def lifetime_of(check: MailboxCheck) -> timedelta:
    """How long a finding is good (section 1); unknown is good for nothing."""
    return _FULL if "full_mailbox" in check.flags else _LIFETIMES.get(check.status, timedelta(0))


def _group(host: MxHost, known: MailHost | None) -> str:
    """Hosts that share their patience with us: a provider's, or those of one registrable domain."""
    return known.group if known else registrable(host.name) or host.name


def _nothing(reason: str) -> Reading:
    """Nothing was said that could be read; like any passing trouble it may be asked again."""
    return Reading(kind=ReplyClass.TEMPORARY, reason=reason, code=0, enhanced=None, permanent=False)
