"""Encrypted conversations, and those through a proxy: as far as the server takes part, and without when it does not."""

import socket
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from contract.scripted_mail import (
    Serve,
    Session,
    SocksProxy,
    answering,
    certificate,
    closes,
    keeps_silent,
    listening,
    offering_tls,
)
from contract.talking import ANN, HASTY, QUICK, US, failing, talking
from openenrich.core.smtp_replies import Stage
from openenrich.verify.smtp import Conversation, Failure, MailAddress, Times, Tls, Trouble


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    return certificate(tmp_path_factory.mktemp("tls"))


# Encryption


def renewed(tls: ssl.SSLContext) -> Serve:
    return offering_tls(tls, answering({"EHLO": "250-mx.test\r\n250 SMTPUTF8"}, greeted=True))


async def test_encryption_is_used_when_offered_whatever_the_certificate_and_what_is_offered_is_asked_again(
    tls: ssl.SSLContext,
) -> None:
    async with listening(renewed(tls)) as server:
        async with talking(server) as conversation:
            assert conversation.tls is Tls.ON
            assert conversation.capabilities == {"SMTPUTF8"}
            await conversation.mail()
            assert (await conversation.rcpt(ANN)).code == 250
            assert conversation.connections == 1
        assert server.verbs == ["EHLO", "STARTTLS", "EHLO", "MAIL", "RCPT", "RSET", "QUIT"]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_old_encryption_is_better_than_none(tmp_path: Path, version: ssl.TLSVersion) -> None:
    old = certificate(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = old.maximum_version = version
    old.set_ciphers("ALL:@SECLEVEL=0")
    async with listening(renewed(old)) as server, talking(server) as conversation:
        assert conversation.tls is Tls.ON


async def garbles(session: Session) -> None:
    await session.say(b"\x00this is no handshake\r\n" * 10)
    await session.reader.read(1)


@pytest.mark.parametrize("after", [garbles, closes, keeps_silent])
async def test_a_handshake_that_fails_is_followed_by_one_connection_without(after: Serve) -> None:
    times = Times(command_s=0.2, quit_s=0.2)
    async with listening(offering_tls(None, after), answering({"EHLO": "250-mx.test\r\n250 STARTTLS"})) as server:
        async with talking(server, times) as conversation:
            assert (conversation.tls, conversation.connections) == (Tls.FAILED, 2)
            await conversation.mail()
            assert (await conversation.rcpt(ANN)).code == 250
        assert server.verbs == ["EHLO", "STARTTLS", "EHLO", "MAIL", "RCPT", "RSET", "QUIT"]


async def test_a_server_that_leaves_after_the_handshake_is_asked_without(tls: ssl.SSLContext) -> None:
    async with listening(offering_tls(tls, closes), answering()) as server, talking(server) as conversation:
        assert conversation.tls is Tls.FAILED


async def test_words_smuggled_in_before_the_handshake_are_not_believed(tls: ssl.SSLContext) -> None:
    smuggling = offering_tls(tls, answering(greeted=True), go=b"220 go\r\n250-mx.test\r\n250 PIPELINING\r\n")
    async with listening(smuggling, answering()) as server, talking(server) as conversation:
        assert conversation.tls is Tls.FAILED
        assert "PIPELINING" not in conversation.capabilities


async def test_encryption_that_cannot_be_had_but_is_required_is_the_servers_answer_to_the_sender() -> None:
    required = answering(
        {"EHLO": "250-mx.test\r\n250 STARTTLS", "MAIL": "530 5.7.0 Must issue a STARTTLS command first"}
    )
    async with listening(offering_tls(None, garbles), required) as server, talking(server) as conversation:
        assert (await conversation.mail()).code == 530
        assert conversation.tls is Tls.FAILED


async def test_encryption_offered_and_then_declined_is_done_without() -> None:
    declining = answering({"EHLO": "250-mx.test\r\n250 STARTTLS", "STARTTLS": "454 not now"})
    async with listening(declining) as server, talking(server) as conversation:
        assert (conversation.tls, conversation.connections) == (Tls.DECLINED, 1)
        assert (await conversation.mail()).code == 250


async def test_there_is_no_second_connection_when_the_time_is_over() -> None:
    async with listening(offering_tls(None, keeps_silent)) as server:
        assert await failing(server, Times(quit_s=0.1), within_s=0.3) == Failure(Stage.STARTTLS, Trouble.TLS)
        assert len(server.peers) == 1


# Proxies


@asynccontextmanager
async def proxied(proxy: Serve) -> AsyncIterator[str]:
    async with listening(proxy) as server:
        yield f"127.0.0.1:{server.address.port}"


async def test_a_proxy_is_told_the_address_and_the_conversation_goes_through_it() -> None:
    proxy = SocksProxy()
    async with listening(answering()) as server, proxied(proxy) as at:
        async with talking(server, proxy=f"socks5://{at}") as conversation:
            await conversation.mail()
            assert (await conversation.rcpt(ANN)).code == 250
        assert proxy.told == [(server.address.ip, server.address.port)]


async def test_encryption_works_through_a_proxy(tls: ssl.SSLContext) -> None:
    async with (
        listening(renewed(tls)) as server,
        proxied(SocksProxy()) as at,
        talking(server, proxy=f"socks5://{at}") as conversation,
    ):
        assert conversation.tls is Tls.ON


async def test_a_proxy_can_ask_for_a_login() -> None:
    proxy = SocksProxy(login=("ops", "p@ss:word"))
    async with listening(answering()) as server, proxied(proxy) as at:
        async with talking(server, proxy=f"socks5://ops:p%40ss%3Aword@{at}"):
            pass
        assert proxy.logins == [("ops", "p@ss:word")]
        assert await failing(server, proxy=f"socks5://ops:wrong@{at}") == Failure(Stage.CONNECT, Trouble.PROXY)


@pytest.mark.parametrize(
    ("code", "kind"),
    [(5, Trouble.REFUSED), (4, Trouble.UNREACHABLE), (3, Trouble.UNREACHABLE), (1, Trouble.PROXY), (2, Trouble.PROXY)],
)
async def test_a_proxy_that_cannot_reach_the_server_says_whose_fault_it_is(code: int, kind: Trouble) -> None:
    async with listening(answering()) as server, proxied(SocksProxy(code)) as at:
        assert await failing(server, proxy=f"socks5://{at}") == Failure(Stage.CONNECT, kind)


async def test_a_proxy_that_is_none_is_the_proxys_failure() -> None:
    async with listening(answering()) as server:
        for not_one in (closes, answering(), answering(banner=b"\x05\x00\x05\x00\x00\x07\x01\x02")):
            async with proxied(not_one) as at:
                assert await failing(server, proxy=f"socks5://{at}") == Failure(Stage.CONNECT, Trouble.PROXY)
        async with proxied(keeps_silent) as at:
            assert await failing(server, HASTY, proxy=f"socks5://{at}") == Failure(Stage.CONNECT, Trouble.TIMEOUT)
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            nobody = f"socks5://127.0.0.1:{bound.getsockname()[1]}"
            assert await failing(server, proxy=nobody) == Failure(Stage.CONNECT, Trouble.PROXY)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "socks4://127.0.0.1:1", "127.0.0.1:1", "socks5://127.0.0.1"])
async def test_a_proxy_of_another_kind_is_a_wrong_setting(url: str) -> None:
    with pytest.raises(ValueError):
        await Conversation.open(MailAddress("127.0.0.1", 9), US, QUICK, deadline=1e12, proxy=url)
