"""Whether a domain takes mail, asked of a real name server over UDP: yes, no with the reason, or unknown."""

import asyncio
from collections.abc import AsyncIterator

import dns.message
import dns.rdatatype
import dns.rrset
import pytest

from openenrich.core.verdict import DomainMail
from openenrich.sandbox.companies import Mail
from openenrich.sandbox.dns import DEFAULT_FAILING, answer, serve_dns
from openenrich.sandbox.world import World
from openenrich.verify.dns import DomainChecker

WORLD = World(7)
Records = dict[tuple[str, str], list[str]]


@pytest.fixture
async def checker() -> AsyncIterator[DomainChecker]:
    async with serve_dns(WORLD) as (host, port):
        opened = DomainChecker([f"{host}:{port}"], timeout_s=1.0)
        yield opened
        await opened.close()


class NameServer(asyncio.DatagramProtocol):
    """Answers from a table, counts the questions, and can be silent."""

    def __init__(self, records: Records | None = None, *, silent: bool = False) -> None:
        self.records = records or {}
        self.silent = silent
        self.failing = False
        self.asked: list[tuple[str, str]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        name = query.question[0].name.to_text(omit_final_dot=True)
        kind = dns.rdatatype.to_text(query.question[0].rdtype)
        self.asked.append((name, kind))
        if self.silent:
            return
        zone: dict[str, dict[str, tuple[str, ...]]] = {}
        for (owner, held), texts in self.records.items():
            zone.setdefault(owner, {})[held] = tuple(texts)
        reply = answer(zone, name if self.failing else "", query)
        alias = self.records.get((name, "CNAME"))
        if alias:
            reply.answer.insert(0, dns.rrset.from_text(query.question[0].name, 60, "IN", "CNAME", *alias))
        self._transport.sendto(reply.to_wire(), addr)  # type: ignore[attr-defined]  # a datagram transport


async def served(server: NameServer, *, timeout_s: float = 1.0) -> AsyncIterator[DomainChecker]:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: server, local_addr=("127.0.0.1", 0))
    host, port = transport.get_extra_info("sockname")[:2]
    checker = DomainChecker([f"{host}:{port}"], timeout_s=timeout_s)
    try:
        yield checker
    finally:
        await checker.close()
        transport.close()


@pytest.fixture
async def counted() -> AsyncIterator[tuple[NameServer, DomainChecker]]:
    server = NameServer(
        {
            ("example.com", "MX"): ["10 mail.example.com."],
            ("bare.test", "A"): ["192.0.2.7"],
            ("six.test", "AAAA"): ["2001:db8::7"],
            ("null.test", "MX"): ["0 ."],
            ("alias.test", "CNAME"): ["www.example.org."],
            ("text.test", "TXT"): ['"nothing else"'],
        }
    )
    async for checker in served(server):
        yield server, checker


def domain_of(mail: Mail) -> str:
    return next(company.domain for company in WORLD.companies if company.mail is mail)


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (Mail.OK, DomainMail.TAKES_MAIL),
        (Mail.DEAD, DomainMail.NO_SUCH_DOMAIN),
        (Mail.NULL_MX, DomainMail.NULL_MX),
        (Mail.NO_MX, DomainMail.NO_MAIL_HOST),
    ],
)
async def test_the_worlds_domains_are_what_they_are(checker: DomainChecker, mail: Mail, expected: DomainMail) -> None:
    assert await checker.look(domain_of(mail)) is expected


async def test_a_server_that_fails_says_nothing_about_the_domain(checker: DomainChecker) -> None:
    assert await checker.look(DEFAULT_FAILING) is DomainMail.UNKNOWN


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("example.com", DomainMail.TAKES_MAIL),
        ("bare.test", DomainMail.TAKES_MAIL),
        ("six.test", DomainMail.TAKES_MAIL),
        ("null.test", DomainMail.NULL_MX),
        ("text.test", DomainMail.NO_MAIL_HOST),
        ("nowhere.test", DomainMail.NO_SUCH_DOMAIN),
    ],
)
async def test_the_kinds_of_answers(
    counted: tuple[NameServer, DomainChecker], domain: str, expected: DomainMail
) -> None:
    assert await counted[1].look(domain) is expected


async def test_an_alias_alone_is_neither_a_mail_host_nor_a_refusal_of_mail(
    counted: tuple[NameServer, DomainChecker],
) -> None:
    assert await counted[1].look("alias.test") is DomainMail.NO_MAIL_HOST


async def test_an_answer_is_kept(counted: tuple[NameServer, DomainChecker]) -> None:
    server, checker = counted
    assert [await checker.look("example.com") for _ in range(3)] == [DomainMail.TAKES_MAIL] * 3
    assert [await checker.look("nowhere.test") for _ in range(3)] == [DomainMail.NO_SUCH_DOMAIN] * 3
    assert server.asked == [("example.com", "MX"), ("nowhere.test", "MX")]


async def test_what_could_not_be_found_out_is_asked_again(counted: tuple[NameServer, DomainChecker]) -> None:
    server, checker = counted
    server.failing = True
    assert await checker.look("example.com") is DomainMail.UNKNOWN
    server.failing = False
    assert await checker.look("example.com") is DomainMail.TAKES_MAIL


async def test_a_server_that_is_silent_is_unknown_and_not_kept() -> None:
    server = NameServer({("example.com", "MX"): ["10 mail.example.com."]}, silent=True)
    async for checker in served(server, timeout_s=0.2):
        assert await checker.look("example.com") is DomainMail.UNKNOWN
        server.silent = False
        assert await checker.look("example.com") is DomainMail.TAKES_MAIL


async def test_no_server_at_all_is_unknown() -> None:
    checker = DomainChecker(["127.0.0.1:9"], timeout_s=0.2)
    assert await checker.look("example.com") is DomainMail.UNKNOWN
    await checker.close()


async def test_many_who_ask_for_one_domain_at_once_are_one_question(
    counted: tuple[NameServer, DomainChecker],
) -> None:
    server, checker = counted
    assert await asyncio.gather(*(checker.look("example.com") for _ in range(50))) == [DomainMail.TAKES_MAIL] * 50
    assert server.asked == [("example.com", "MX")]


async def test_one_who_stops_asking_does_not_take_the_answer_from_the_others(
    counted: tuple[NameServer, DomainChecker],
) -> None:
    leaving, staying = (asyncio.ensure_future(counted[1].look("example.com")) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying is DomainMail.TAKES_MAIL


@pytest.mark.parametrize("name", ["", ".", "a..b", "x" * 64 + ".test", "a." * 200, "köln.test", "sp ace.test", "\0"])
async def test_what_is_no_name_never_raises(counted: tuple[NameServer, DomainChecker], name: str) -> None:
    assert await counted[1].look(name) in {DomainMail.UNKNOWN, DomainMail.NO_SUCH_DOMAIN}


async def test_closing_ends_what_is_under_way() -> None:
    server = NameServer(silent=True)
    async for checker in served(server, timeout_s=30.0):
        looking = asyncio.ensure_future(checker.look("example.com"))
        while not server.asked:  # noqa: ASYNC110 - until the question has left
            await asyncio.sleep(0.001)
        await checker.close()
        async with asyncio.timeout(5):
            with pytest.raises(asyncio.CancelledError):
                await looking
