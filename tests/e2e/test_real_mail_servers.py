"""The verifier before real mail servers: what Postfix, Exim and OpenSMTPD say, it reads rightly, and it never mails.

All domains are asked once for a mailbox that exists and for one that does not; greylisting ones a second time, when
the verifier said that it would come back.
"""

import asyncio
import random
import re
import smtplib
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import pytest
import pytest_asyncio

from e2e.mail_servers import MailServers, mail_servers
from e2e.mail_settings import CASES, MAILBOX, NULL_MX, Case, Kind, cases
from e2e.processes import until
from e2e.test_verifier_farm import Forgetful, Unhurried
from openenrich.clock import SystemClock
from openenrich.core.mailbox import CatchAll, MailboxCheck, MailboxStatus
from openenrich.core.smtp_replies import Stage
from openenrich.verify.options import Options
from openenrich.verify.resolver import Resolver
from openenrich.verify.routes import Routes
from openenrich.verify.smtp import Identity
from openenrich.verify.verifier import MailVerifier

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNKNOWN_BOX = "nobody.here"
SENDER = "check@probe.test"
SECONDS = 10.0
SPEED = 35.0
"""The first wait of 70 s is 2 s, longer than the hosts' own second."""

CONNECTED = {
    "postfix": re.compile(r": connect from "),
    "exim": re.compile(r"SMTP connection from .* \(TCP/IP connection count"),
    "opensmtpd": re.compile(r"smtp connected "),
}
ASKED = {
    "postfix": re.compile(r"disconnect from .* rcpt="),
    "exim": re.compile(r"command RCPT"),
    "opensmtpd": re.compile(r"<<< RCPT TO"),
}
MAILED = {
    "postfix": re.compile(r"disconnect from .* (?:data|bdat)="),
    "exim": re.compile(r"command DATA"),
    "opensmtpd": re.compile(r"<<< DATA"),
}
SERVERS = tuple(CONNECTED)
GREYLISTING = tuple(case for case in CASES if case.kind is Kind.GREYLISTING)
EXACT = tuple(
    case
    for case in CASES
    if case.kind in {Kind.ORDINARY, Kind.LISTED, Kind.TLS_ONLY, Kind.TLS_OFFERED} and not case.may_fail_at_tls
)


@dataclass(frozen=True, slots=True)
class Findings:
    """By address: the first answers, and those of the second attempt."""

    first: Mapping[str, MailboxCheck]
    second: Mapping[str, MailboxCheck]
    connections: Mapping[str, int]
    """By server: new ones in its log."""


def good(case: Case) -> str:
    return f"{MAILBOX}@{case.domain}"


def bad(case: Case) -> str:
    return f"{UNKNOWN_BOX}@{case.domain}"


def each(some: Iterable[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", [pytest.param(case, id=case.domain) for case in some])


each_server = pytest.mark.parametrize("server", SERVERS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MailServers]:
    async with mail_servers(tmp_path_factory.mktemp("mail")) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def verifier(servers: MailServers) -> AsyncIterator[MailVerifier]:
    resolver = Resolver([servers.resolver])
    options = Options(Identity("probe.test", SENDER), b"real", port=servers.port, time_speed=SPEED)
    routes = Routes(resolver, random.Random(1), allow_private=True)
    yield MailVerifier(routes, Forgetful(), Unhurried(), SystemClock(), options)
    await resolver.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def findings(servers: MailServers, verifier: MailVerifier) -> Findings:
    before = {server: _connected(servers, server) for server in SERVERS}
    addresses = [address for case in CASES for address in (good(case), bad(case))]

    async def once(address: str) -> MailboxCheck:
        return await verifier.check(address, seconds=SECONDS)

    async def again(check: MailboxCheck) -> MailboxCheck:
        assert check.retry_at is not None, check
        wait = (check.retry_at - datetime.now(UTC)).total_seconds()
        await asyncio.sleep(max(0.0, wait))  # the host's own time, which is not ours to skip
        return await verifier.check(check.address, seconds=SECONDS, attempt=2)

    first = await asyncio.gather(*map(once, addresses))
    second = await asyncio.gather(*(again(check) for check in first if check.reason == "greylisted"))
    for server in SERVERS:
        expected = before[server] + _counted(server, servers, [*first, *second])
        with suppress(AssertionError):  # logs are written a moment later; whether they agree is a test's business
            await until(partial(_reaches, servers, server, expected), within_s=3, what=server)
    return Findings(
        {check.address: check for check in first},
        {check.address: check for check in second},
        {server: _connected(servers, server) - before[server] for server in SERVERS},
    )


@each(EXACT)
async def test_a_mailbox_that_exists_is_deliverable(findings: Findings, case: Case) -> None:
    check = findings.first[good(case)]
    assert (check.status, check.catch_all) == (MailboxStatus.DELIVERABLE, CatchAll.REFUSES)
    assert (check.code, check.stage, check.mx) == (250, Stage.RCPT, case.host)


@each(EXACT)
async def test_a_mailbox_that_does_not_exist_is_invalid(findings: Findings, case: Case) -> None:
    check = findings.first[bad(case)]
    assert (check.status, check.reason) == (MailboxStatus.INVALID, "no_such_user")
    assert (check.code // 100, check.stage) == (5, Stage.RCPT)


@each(case for case in CASES if case.kind is Kind.CATCH_ALL)
async def test_a_domain_that_accepts_any_name_is_a_catch_all_for_every_mailbox(findings: Findings, case: Case) -> None:
    for address in (good(case), bad(case)):
        assert findings.first[address].status is MailboxStatus.CATCH_ALL
        assert findings.first[address].catch_all is CatchAll.ACCEPTS


@each(GREYLISTING)
async def test_a_greylisting_host_is_unknown_at_first_and_then_tells_the_truth(findings: Findings, case: Case) -> None:
    first, then = findings.first[good(case)], findings.second[good(case)]
    assert (first.status, first.reason, first.code // 100) == (MailboxStatus.UNKNOWN, "greylisted", 4)
    assert first.retry_at is not None
    assert first.checked_at is not None
    assert first.retry_at > first.checked_at
    assert (then.status, then.catch_all, then.attempt) == (MailboxStatus.DELIVERABLE, CatchAll.REFUSES, 2)


async def test_greylisting_before_the_directory_is_asked_hides_an_unknown_mailbox_for_a_while(
    findings: Findings,
) -> None:
    postgrey = next(case for case in GREYLISTING if case.server == "postfix")
    assert findings.first[bad(postgrey)].status is MailboxStatus.UNKNOWN
    assert findings.second[bad(postgrey)].status is MailboxStatus.INVALID


@each(case for case in CASES if case.may_fail_at_tls)
async def test_encryption_that_fails_costs_one_connection_and_never_a_verdict(
    servers: MailServers, findings: Findings, case: Case
) -> None:
    encrypts = await asyncio.to_thread(_encrypts, case.ip, servers.port)
    found = [findings.first[good(case)], findings.first[bad(case)]]
    if encrypts or case.kind is Kind.TLS_OFFERED:
        assert [check.status for check in found] == [MailboxStatus.DELIVERABLE, MailboxStatus.INVALID]
    else:
        assert [check.status for check in found] == [MailboxStatus.UNKNOWN] * 2
    assert {check.connections for check in found} == {1 if encrypts else 2}


async def test_a_host_that_is_reached_by_ipv6_only_is_asked_where_there_is_ipv6(
    servers: MailServers, findings: Findings
) -> None:
    (case,) = (case for case in CASES if case.kind is Kind.IPV6)
    found = [findings.first[good(case)].status, findings.first[bad(case)].status]
    unknown = [MailboxStatus.UNKNOWN] * 2
    assert found == ([MailboxStatus.DELIVERABLE, MailboxStatus.INVALID] if servers.ipv6 else unknown)


async def test_a_null_mx_is_believed_without_a_connection(verifier: MailVerifier) -> None:
    check = await verifier.check(f"{MAILBOX}@{NULL_MX}", seconds=SECONDS)
    assert (check.status, check.reason) == (MailboxStatus.INVALID_DOMAIN, "null_mx")
    assert check.connections == 0


async def test_one_connection_is_enough_for_a_verdict(findings: Findings) -> None:
    checks = [*findings.first.values(), *findings.second.values()]
    assert {check.connections for check in checks if not _may_fail_at_tls(check)} == {1}


@each_server
async def test_the_servers_count_as_many_connections_as_the_findings_say(
    servers: MailServers, findings: Findings, server: str
) -> None:
    said = _counted(server, servers, [*findings.first.values(), *findings.second.values()])
    assert findings.connections[server] == said


@each_server
async def test_no_server_is_ever_sent_a_message(servers: MailServers, findings: Findings, server: str) -> None:
    assert findings.first
    await until(lambda: ASKED[server].search(servers.said(server)), what="recipients in the log")
    assert not MAILED[server].search(servers.said(server))
    await asyncio.to_thread(_begin_message, cases(server)[0], servers.port)
    await until(lambda: MAILED[server].search(servers.said(server)), what="the log would have shown it")


def _connected(servers: MailServers, server: str) -> int:
    return len(CONNECTED[server].findall(servers.said(server)))


def _reaches(servers: MailServers, server: str, number: int) -> bool:
    return _connected(servers, server) >= number


def _counted(server: str, servers: MailServers, checks: Iterable[MailboxCheck]) -> int:
    domains = {case.domain for case in cases(server, ipv6=servers.ipv6)}
    return sum(check.connections for check in checks if check.address.partition("@")[2] in domains)


def _may_fail_at_tls(check: MailboxCheck) -> bool:
    return any(check.mx == case.host for case in CASES if case.may_fail_at_tls)


def _encrypts(ip: str, port: int) -> bool:
    tolerant = ssl.create_default_context()
    tolerant.check_hostname, tolerant.verify_mode = False, ssl.CERT_NONE
    with smtplib.SMTP(ip, port, "probe.test", SECONDS) as session:
        try:
            session.starttls(context=tolerant)
        except (ssl.SSLError, OSError):
            session.close()
            return False
        return True


def _begin_message(case: Case, port: int) -> None:
    with smtplib.SMTP(case.ip, port, "probe.test", SECONDS) as session:
        session.ehlo()
        session.mail(SENDER)
        session.rcpt(good(case))
        assert session.docmd("DATA")[0] == 354
        session.close()
