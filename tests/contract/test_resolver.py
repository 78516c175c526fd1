"""Questions to name servers over real sockets: what each failure is, how long anybody waits, and what is kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import dns.rcode
import pytest

from contract.name_server import NameServer, Records, asking, naming
from openenrich.verify.resolver import Answer, Record, Resolver, Told

ONE = "8.8.8.8"  # public, and never dialled here
SOUND: Records = {("example.com", "MX"): ["10 mx.example.com."], ("mx.example.com", "A"): [ONE]}


@pytest.mark.parametrize(
    ("server", "told"),
    [
        (NameServer(fails={"example.com": dns.rcode.SERVFAIL}), Told.SERVFAIL),
        (NameServer(fails={"example.com": dns.rcode.REFUSED}), Told.REFUSED),
        (NameServer(silent=("example.com",)), Told.TIMEOUT),
        (NameServer(), Told.NO_NAME),
        (NameServer({("example.com", "A"): [ONE]}), Told.EMPTY),
        (NameServer(SOUND), Told.RECORDS),
    ],
)
async def test_failures_are_kept_apart(server: NameServer, told: Told) -> None:
    async with asking(server, try_s=0.2) as resolver:
        answer = await resolver.ask("example.com", "MX")
    assert (answer.told, answer.settled) == (told, told in {Told.RECORDS, Told.EMPTY, Told.NO_NAME})


async def test_a_question_ends_in_its_time_however_many_servers_are_silent() -> None:
    servers = [NameServer(silent=("example.com",)) for _ in range(5)]
    loop = asyncio.get_running_loop()
    async with asking(*servers, try_s=0.2, total_s=0.3) as resolver:
        began = loop.time()
        assert (await resolver.ask("example.com", "MX")).told is Told.TIMEOUT
        assert loop.time() - began < 1.0


async def test_a_lost_datagram_is_sent_again_within_the_same_turn() -> None:
    class Forgetful(NameServer):
        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            self.silent = () if self.asked else ("example.com",)
            super().datagram_received(data, addr)

    server = Forgetful(SOUND)
    async with asking(server, try_s=1.0, total_s=1.0) as resolver:
        assert (await resolver.ask("example.com", "MX")).told is Told.RECORDS
    assert server.asked == [("example.com", "MX")] * 2


async def test_a_name_that_takes_long_is_waited_for_also_at_a_server_that_is_quick_as_a_rule() -> None:
    quick = {(f"q{at}.test", "A"): [ONE] for at in range(20)}
    server = NameServer({**SOUND, **quick}, slow={"example.com": 0.3})
    async with asking(server, try_s=2.0, total_s=2.0) as resolver:
        for name, _ in quick:
            assert (await resolver.ask(name, "A")).told is Told.RECORDS
        assert (await resolver.ask("example.com", "MX")).told is Told.RECORDS


async def test_a_truncated_answer_is_fetched_over_tcp() -> None:
    server = NameServer(SOUND, truncated=("example.com",))
    async with asking(server) as resolver:
        assert (await resolver.ask("example.com", "MX")).records == (Record("mx.example.com", 10),)
    assert server.asked_by_tcp == [("example.com", "MX")]


async def test_a_truncated_answer_that_cannot_be_fetched_is_none() -> None:
    server = NameServer(SOUND, truncated=("example.com",), speaks_tcp=False)
    async with asking(server, try_s=0.2) as resolver:
        assert not (await resolver.ask("example.com", "MX")).settled


async def test_servers_that_make_no_sense_answer_nothing() -> None:
    resolver = Resolver(["nonsense at all", "[::1"], try_s=0.2)
    assert not (await resolver.ask("example.com", "MX")).settled
    assert not await resolver.is_bogus("example.com", "MX")
    await resolver.close()


async def test_the_machines_own_servers_are_asked_when_none_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async with naming(NameServer(SOUND)) as server:
        monkeypatch.setattr("openenrich.verify.resolver._of_the_machine", lambda: (server.address,))
        resolver = Resolver()
        assert (await resolver.ask("example.com", "MX")).server == server.address
        await resolver.close()


class Hours:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def keeping(server: NameServer) -> AsyncIterator[tuple[Resolver, Hours]]:
    hours = Hours()
    async with naming(server):
        resolver = Resolver([server.address], try_s=1.0, now=hours)
        yield resolver, hours
        await resolver.close()


async def test_answers_are_kept_and_no_is_kept_for_minutes() -> None:
    server = NameServer(SOUND)
    async with keeping(server) as (resolver, hours):
        for _ in range(2):
            assert (await resolver.ask("example.com", "MX")).told is Told.RECORDS
            assert (await resolver.ask("gone.test", "MX")).told is Told.NO_NAME
        assert server.asked == [("example.com", "MX"), ("gone.test", "MX")]
        hours.now = 601.0
        await resolver.ask("gone.test", "MX")
    assert server.asked.count(("gone.test", "MX")) == 2


async def test_an_answer_whose_owner_does_not_want_it_kept_is_not() -> None:
    server = NameServer(SOUND, ttl=0)
    async with keeping(server) as (resolver, _):
        for _ in range(3):
            assert await resolver.ask("example.com", "MX") == Answer(
                Told.RECORDS, (Record("mx.example.com", 10),), 0.0, server.address
            )
    assert len(server.asked) == 3


async def test_a_failure_is_never_kept() -> None:
    server = NameServer(SOUND, fails={"example.com": dns.rcode.SERVFAIL})
    async with keeping(server) as (resolver, _):
        assert not (await resolver.ask("example.com", "MX")).settled
        server.fails.clear()
        assert (await resolver.ask("example.com", "MX")).told is Told.RECORDS


async def test_many_who_ask_at_once_are_one_question() -> None:
    server = NameServer(SOUND, ttl=0)
    async with keeping(server) as (resolver, _):
        await asyncio.gather(*(resolver.ask("example.com", "MX") for _ in range(50)))
    assert server.asked == [("example.com", "MX")]
