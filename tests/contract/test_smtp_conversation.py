"""The conversation with a mail server, over real sockets: whatever the server does, there is one answer to each
question or one failure, in time, and never a message.
"""

import asyncio
import socket
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.scripted_mail import (
    Serve,
    Server,
    Session,
    SocksProxy,
    Words,
    answering,
    certificate,
    closes,
    keeps_silent,
    listening,
    offering_tls,
)
from openenrich.core.smtp_replies import SmtpReply, Stage
from openenrich.verify.smtp import Conversation, Failure, Identity, MailAddress, SmtpError, Times, Tls, Trouble
from openenrich.verify.smtp_stream import Wire, WireError

US = Identity("probe.example.org", "postmaster@example.org")
QUICK = Times(connect_s=2, banner_s=2, command_s=2, rcpt_s=2, quit_s=0.2)
HASTY = Times(connect_s=0.1, banner_s=0.1, command_s=0.1, rcpt_s=0.1, quit_s=0.1)
ANN = "ann.lee@example.com"
BOB = "bob.ray@example.com"
EVE = "eve.fox@example.com"
PIPES = {"EHLO": "250-mx.test\r\n250 PIPELINING"}


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    return certificate(tmp_path_factory.mktemp("tls"))


@asynccontextmanager
async def talking(
    server: Server,
    times: Times = QUICK,
    *,
    within_s: float = 20.0,
    proxy: str | None = None,
    source_ip: str | None = None,
    transcript: bool = False,
) -> AsyncIterator[Conversation]:
    opened = await Conversation.open(
        server.address,
        US,
        times,
        deadline=asyncio.get_running_loop().time() + within_s,
        proxy=proxy,
        source_ip=source_ip,
        keep_transcript=transcript,
    )
    async with opened:
        yield opened


async def failing(server: Server, times: Times = QUICK, *, within_s: float = 20.0, proxy: str | None = None) -> Failure:
    """How the conversation fails, wherever it does."""

    async def ask() -> None:
        async with talking(server, times, within_s=within_s, proxy=proxy) as conversation:
            await conversation.mail()
            await conversation.rcpt(ANN)

    with pytest.raises(SmtpError) as caught:
        await ask()
    return caught.value.failure


async def asked(server: Server, *addresses: str, times: Times = QUICK) -> list[SmtpReply | Failure]:
    async with talking(server, times) as conversation:
        assert (await conversation.mail()).code == 250
        return await conversation.rcpts(addresses)


def kinds(answers: list[SmtpReply | Failure]) -> list[int | Trouble]:
    return [answer.kind if isinstance(answer, Failure) else answer.code for answer in answers]


def at_rcpt(reply: Words) -> Serve:
    return answering({"RCPT": reply})


# The ordinary course


async def test_a_conversation_greets_names_the_sender_asks_and_says_goodbye_and_never_sends_a_message() -> None:
    async with listening(answering({"RCPT TO:<bob": "550 5.1.1 no such user"})) as server:
        async with talking(server) as conversation:
            assert conversation.banner == SmtpReply(220, ("mx.test ESMTP",))
            assert (await conversation.mail()).code == 250
            assert (await conversation.rcpt(ANN)).code == 250
            refused = await conversation.rcpt(BOB)
            assert (refused.code, refused.enhanced, refused.text) == (550, "5.1.1", "5.1.1 no such user")
            assert conversation.tls is Tls.NOT_OFFERED
        assert server.heard == [
            "EHLO probe.example.org",
            "MAIL FROM:<postmaster@example.org>",
            f"RCPT TO:<{ANN}>",
            f"RCPT TO:<{BOB}>",
            "RSET",
            "QUIT",
        ]


async def test_the_sender_can_be_nobody_and_a_refused_sender_is_an_answer() -> None:
    async with listening(answering({"MAIL FROM:<p": "550 5.1.8 sender refused"})) as server:
        async with talking(server) as conversation:
            assert (await conversation.mail()).enhanced == "5.1.8"
            assert (await conversation.mail("")).code == 250
            assert (await conversation.reset()).code == 250
        assert server.heard[1:] == ["MAIL FROM:<postmaster@example.org>", "MAIL FROM:<>", "RSET", "QUIT"]


async def test_the_whole_banner_is_waited_for_in_silence() -> None:
    quiet: list[bool] = []

    async def slow(session: Session) -> None:
        await session.say("220-one moment")
        quiet.append(await session.says_nothing(0.05))
        await answering(banner="220 ready")(session)

    async with listening(slow) as server, talking(server) as conversation:
        assert conversation.banner.lines == ("one moment", "ready")
    assert quiet == [True]


@pytest.mark.parametrize(
    ("said", "code", "lines"),
    [
        ("250 ok", 250, ("ok",)),
        ("250", 250, ("",)),
        (b"250 ok\n", 250, ("ok",)),
        (b"250-a\n250-b\r\n250 c\n", 250, ("a", "b", "c")),
        (b"250 ok\r\r\n", 250, ("ok",)),
        ("250-looks good\r\n550 5.1.1 it is not", 550, ("looks good", "5.1.1 it is not")),
        ("550-5.1.1 gone\r\nsee our page\r\n550 5.1.1 sorry", 550, ("5.1.1 gone", "see our page", "5.1.1 sorry")),
        (b"550 caf\xc3\xa9\r\n", 550, ("café",)),
        (b"550 caf\xe9 \x00 \x1b[0m\r\n", 550, ("caf\ufffd \x00 \x1b[0m",)),
        ("550\tno", 550, ("no",)),
        ("252 2.1.5 cannot verify", 252, ("2.1.5 cannot verify",)),
    ],
)
async def test_a_reply_is_all_its_lines_with_the_last_ones_code(said: Words, code: int, lines: tuple[str, ...]) -> None:
    async with listening(at_rcpt(said)) as server:
        assert await asked(server, ANN) == [SmtpReply(code, lines)]


# Turned away


@pytest.mark.parametrize("banner", ["554-mx.test\r\n554 poor reputation", "450 4.7.1 later", "521 no mail here"])
async def test_a_banner_that_turns_us_away_is_told_and_the_server_hears_goodbye(banner: str) -> None:
    async with listening(answering(banner=banner)) as server:
        failure = await failing(server)
        assert (failure.stage, failure.kind) == (Stage.BANNER, Trouble.REFUSED)
        assert failure.reply is not None
        assert failure.reply.code == int(banner[:3])
        assert server.heard == ["QUIT"]


async def test_a_server_that_knows_only_helo_is_greeted_plainly() -> None:
    async with listening(answering({"EHLO": "502 what"})) as server:
        assert kinds(await asked(server, ANN)) == [250]
        assert server.verbs[:3] == ["EHLO", "HELO", "MAIL"]


async def test_a_greeting_that_is_refused_twice_is_a_failure_with_the_last_reply() -> None:
    async with listening(answering({"EHLO": "550 first", "HELO": "550 second"})) as server:
        assert await failing(server) == Failure(Stage.EHLO, Trouble.REFUSED, SmtpReply(550, ("second",)))


async def test_a_server_that_closes_after_refusing_the_greeting_leaves_its_reason() -> None:
    async def rude(session: Session) -> None:
        await session.say("220 hi")
        await session.expect("EHLO")
        await session.say("550 your name is on a list")

    async with listening(rude) as server:
        failure = await failing(server)
        assert failure.stage is Stage.EHLO
        assert failure.reply == SmtpReply(550, ("your name is on a list",))


async def test_a_greeting_put_off_is_not_repeated() -> None:
    async with listening(answering({"EHLO": "451 busy"})) as server:
        assert await failing(server) == Failure(Stage.EHLO, Trouble.REFUSED, SmtpReply(451, ("busy",)))
        assert server.verbs == ["EHLO", "QUIT"]


# 421


@pytest.mark.parametrize(
    ("script", "stage"),
    [
        (answering(banner="421 too busy"), Stage.BANNER),
        (answering({"EHLO": "421 too busy"}), Stage.EHLO),
        (answering({"EHLO": "502 what", "HELO": "421 too busy"}), Stage.EHLO),
        (offering_tls(None, closes, go="421 too busy"), Stage.STARTTLS),
    ],
)
async def test_a_421_before_the_sender_ends_the_conversation(script: Serve, stage: Stage) -> None:
    async with listening(script) as server:
        assert await failing(server) == Failure(stage, Trouble.EARLY_CLOSE, SmtpReply(421, ("too busy",)))


async def test_a_421_to_the_sender_or_a_recipient_is_an_answer_and_the_last_one() -> None:
    async with listening(answering({"MAIL": "421 4.7.0 enough"})) as server, talking(server) as conversation:
        assert (await conversation.mail()).code == 421
        assert not conversation.is_open
        with pytest.raises(SmtpError) as caught:
            await conversation.rcpt(ANN)
        assert caught.value.failure == Failure(Stage.RCPT, Trouble.EARLY_CLOSE, SmtpReply(421, ("4.7.0 enough",)))


async def test_a_421_among_recipients_leaves_the_later_ones_open() -> None:
    async with listening(answering({"RCPT TO:<bob": "421 too many errors"})) as server:
        answers = await asked(server, ANN, BOB, EVE)
    assert kinds(answers) == [250, 421, Trouble.EARLY_CLOSE]


async def test_a_421_nobody_asked_for_is_the_reason_the_next_question_fails() -> None:
    async with listening(at_rcpt("550 no\r\n421 and stay away")) as server, talking(server) as conversation:
        await conversation.mail()
        assert (await conversation.rcpt(ANN)).code == 550
        with pytest.raises(SmtpError) as caught:
            await conversation.rcpt(BOB)
    assert caught.value.failure == Failure(Stage.RCPT, Trouble.EARLY_CLOSE, SmtpReply(421, ("and stay away",)))


# In step


@pytest.mark.parametrize(
    ("script", "stage"),
    [
        (answering(banner="220 hi\r\n250 mx.test"), Stage.EHLO),
        (answering({"EHLO": "250 mx.test\r\n250 fine"}), Stage.MAIL),
        (answering({"MAIL": "250 fine\r\n250 fine"}), Stage.RCPT),
        (answering({"MAIL": "250 fine\r\nhello?"}), Stage.RCPT),
    ],
)
async def test_a_reply_nobody_asked_for_is_never_taken_for_an_answer(script: Serve, stage: Stage) -> None:
    async with listening(script) as server:
        failure = await failing(server)
        assert (failure.stage, failure.kind) == (stage, Trouble.NONSENSE)
        assert not any(command.startswith("RCPT") for command in server.heard)


async def test_recipients_are_asked_together_where_that_is_offered_and_answered_in_order() -> None:
    async def all_at_once(session: Session) -> None:
        await session.say("220 hi")
        await session.expect("EHLO")
        await session.say(PIPES["EHLO"])
        await session.expect("MAIL")
        await session.say("250 fine")
        await session.expect("RCPT", "RCPT", "RCPT")
        await session.say(b"250 first\r\n550-second\r\n5")
        await session.say(b"50 second\r\n450 third\r\n")
        await session.wait_for_the_end()

    async with listening(all_at_once) as server:
        answers = await asked(server, ANN, BOB, EVE)
    assert answers == [SmtpReply(250, ("first",)), SmtpReply(550, ("second", "second")), SmtpReply(450, ("third",))]


async def test_recipients_are_asked_one_after_the_other_where_nothing_else_is_offered() -> None:
    async def strict(session: Session) -> None:
        await session.say("220 hi")
        for reply in ("250 mx.test", "250 fine", "250 one", "550 two"):
            await session.hear()
            assert await session.says_nothing(0.02)
            await session.say(reply)
        await session.wait_for_the_end()

    async with listening(strict) as server:
        assert kinds(await asked(server, ANN, BOB)) == [250, 550]


@pytest.mark.parametrize(("offer", "heard"), [("250 mx.test", 1), (PIPES["EHLO"], 3)])
async def test_what_was_answered_before_the_connection_ended_is_kept(offer: str, heard: int) -> None:
    async def drops(session: Session) -> None:
        await session.say("220 hi")
        await session.expect("EHLO")
        await session.say(offer)
        await session.expect("MAIL")
        await session.say("250 fine")
        await session.expect(*["RCPT"] * heard)
        await session.say("550 5.1.1 unknown")

    async with listening(drops) as server:
        assert kinds(await asked(server, ANN, BOB, EVE)) == [550, Trouble.EARLY_CLOSE, Trouble.EARLY_CLOSE]


async def test_a_refusal_cut_off_after_its_code_is_still_heard_but_an_acceptance_is_not() -> None:
    for words, expected in [
        (b"550 5.1.1 no su", 550),
        (b"250 2.1.5 o", Trouble.EARLY_CLOSE),
        (b"55", Trouble.EARLY_CLOSE),
    ]:

        async def cut(session: Session, words: bytes = words) -> None:
            await session.say("220 hi")
            for reply in ("250 mx.test", "250 fine"):
                await session.hear()
                await session.say(reply)
            await session.hear()
            await session.say(words)

        async with listening(cut) as server:
            assert kinds(await asked(server, ANN)) == [expected]


# Silence, slowness, size and noise


@pytest.mark.parametrize(
    ("script", "stage"),
    [
        (keeps_silent, Stage.BANNER),
        (answering({"EHLO": b""}), Stage.EHLO),
        (answering({"MAIL": b""}), Stage.MAIL),
        (answering({"RCPT": b"250-almost\r\n"}), Stage.RCPT),
    ],
)
async def test_a_silent_server_is_a_time_out_at_its_step(script: Serve, stage: Stage) -> None:
    async with listening(script) as server:
        assert await failing(server, HASTY) == Failure(stage, Trouble.TIMEOUT)


async def test_one_byte_at_a_time_does_not_extend_the_deadline() -> None:
    async def drips(session: Session) -> None:
        while True:
            await session.say(b"220-")
            for _ in range(200):
                await session.say(b"x")
                await asyncio.sleep(0.005)
            await session.say(b"\r\n")

    loop = asyncio.get_running_loop()
    began = loop.time()
    async with listening(drips) as server:
        assert await failing(server, Times(), within_s=0.2) == Failure(Stage.BANNER, Trouble.TIMEOUT)
    assert loop.time() - began < 1.5


async def test_the_deadline_ends_the_questions_also_of_a_quick_server() -> None:
    async with listening(answering()) as server, talking(server, within_s=0.2) as conversation:
        await conversation.mail()
        answers: list[SmtpReply | Failure] = []
        async with asyncio.timeout(5):
            while not answers or not isinstance(answers[-1], Failure):
                answers += await conversation.rcpts([ANN])
    assert answers[-1] == Failure(Stage.RCPT, Trouble.TIMEOUT)


async def test_after_a_time_out_a_late_reply_answers_nothing() -> None:
    async def late(session: Session) -> None:
        await session.say("220 hi")
        for reply in ("250 mx.test", "250 fine"):
            await session.hear()
            await session.say(reply)
        await session.expect("RCPT")
        await session.expect("QUIT")
        await session.say("250 this was for the recipient\r\n221 bye")

    async with listening(late) as server, talking(server, HASTY) as conversation:
        await conversation.mail()
        assert kinds(await conversation.rcpts([ANN, BOB])) == [Trouble.TIMEOUT, Trouble.TIMEOUT]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n", Trouble.NONSENSE),
        (b"\x15\x03\x01\x00\x02\x02\x46\n", Trouble.NONSENSE),
        (b"\r\n", Trouble.NONSENSE),
        (b"2500 what\r\n", Trouble.NONSENSE),
        (b"999 what\r\n", Trouble.NONSENSE),
        (b"100 what\r\n", Trouble.NONSENSE),
        (b"\xff" * 5000, Trouble.TOO_LONG),
        (b"250 " + b"x" * 5000 + b"\r\n", Trouble.TOO_LONG),
        (b"250-" + b"x" * 5000 + b"\r\n250 ok\r\n", Trouble.TOO_LONG),
        (b"250-more\r\n" * 20_000, Trouble.TOO_LONG),
        (b"250-" + b"x" * 4000 + b"\r\n" + b"250-" + b"y" * 1_000_000, Trouble.TOO_LONG),
    ],
)
async def test_what_is_no_reply_is_refused_within_bounds(words: bytes, kind: Trouble) -> None:
    async with listening(answering({"RCPT": words})) as server:
        assert kinds(await asked(server, ANN)) == [kind]
    async with listening(answering(banner=words)) as server:
        assert await failing(server) == Failure(Stage.BANNER, kind)


async def test_a_large_reply_within_the_limit_is_read_whole() -> None:
    async with listening(at_rcpt(b"550-" + b"x" * 4000 + b"\r\n550 end\r\n")) as server:
        assert await asked(server, ANN) == [SmtpReply(550, ("x" * 4000, "end"))]


# Connections that do not hold


async def test_a_closed_port_is_refused() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        nobody = Server(*bound.getsockname())
        assert await failing(nobody) == Failure(Stage.CONNECT, Trouble.REFUSED)


async def test_a_source_address_this_machine_does_not_have_reaches_nobody() -> None:
    async with listening(answering()) as server:
        with pytest.raises(SmtpError) as caught:
            async with talking(server, source_ip="192.0.2.1"):
                pass
    assert caught.value.failure == Failure(Stage.CONNECT, Trouble.UNREACHABLE)


async def test_the_source_address_is_chosen() -> None:
    async with listening(answering()) as server:
        async with talking(server, source_ip="127.0.0.2"):
            pass
        assert server.peers == ["127.0.0.2"]


async def test_no_time_left_is_a_time_out_before_anything_is_said() -> None:
    async with listening(answering()) as server:
        assert await failing(server, within_s=-1.0) == Failure(Stage.CONNECT, Trouble.TIMEOUT)
        assert server.peers == []


async def test_closing_and_breaking_are_told_apart() -> None:
    async def breaks(session: Session) -> None:
        session.reset()

    async with listening(closes) as server:
        assert await failing(server) == Failure(Stage.BANNER, Trouble.EARLY_CLOSE)
    async with listening(breaks) as server:
        assert await failing(server) in {Failure(Stage.BANNER, Trouble.LOST), Failure(Stage.CONNECT, Trouble.LOST)}


async def test_ipv6_works_as_ipv4_does() -> None:
    async with listening(answering(), host="::1") as server:
        assert kinds(await asked(server, ANN)) == [250]


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


# Addresses beyond ASCII


async def test_an_address_beyond_ascii_is_asked_for_in_utf_8_where_that_is_offered() -> None:
    async with listening(answering({"EHLO": "250-mx.test\r\n250 smtputf8"})) as server:
        async with talking(server) as conversation:
            assert conversation.offers_smtputf8
            await conversation.mail(smtputf8=True)
            assert (await conversation.rcpt("żółw@example.com")).code == 250
        assert server.heard[1:3] == ["MAIL FROM:<postmaster@example.org> SMTPUTF8", "RCPT TO:<żółw@example.com>"]


async def test_an_address_beyond_ascii_is_not_asked_for_where_that_is_not_offered() -> None:
    async with listening(answering(PIPES)) as server:
        async with talking(server) as conversation:
            with pytest.raises(SmtpError) as caught:
                await conversation.mail(smtputf8=True)
            assert caught.value.failure == Failure(Stage.MAIL, Trouble.NOT_OFFERED)
            await conversation.mail()
            assert kinds(await conversation.rcpts([ANN, "żółw@example.com", BOB])) == [250, Trouble.NOT_OFFERED, 250]
        assert not any("w@" in command for command in server.heard)


@pytest.mark.parametrize("address", ["a\r\nDATA@example.com", "a\nb@example.com", "a\x00b@example.com"])
async def test_no_address_can_smuggle_a_command(address: str) -> None:
    async with listening(answering()) as server:
        async with talking(server) as conversation:
            await conversation.mail()
            with pytest.raises(ValueError, match="control character"):
                await conversation.rcpt(address)
        assert server.verbs == ["EHLO", "MAIL", "RSET", "QUIT"]


# Goodbye


async def test_goodbye_is_short_when_nobody_answers_and_said_once() -> None:
    loop = asyncio.get_running_loop()
    async with listening(answering({"QUIT": b""})) as server:
        async with talking(server, Times(quit_s=0.1)) as conversation:
            began = loop.time()
            await conversation.quit()
            await conversation.quit()
        assert loop.time() - began < 1.0
        assert server.verbs == ["EHLO", "QUIT"]
        with pytest.raises(SmtpError):
            await conversation.mail()


async def test_goodbye_is_said_when_the_caller_fails_and_when_the_deadline_is_over() -> None:
    async with listening(answering()) as server:
        with pytest.raises(RuntimeError, match="elsewhere"):
            async with talking(server):
                raise RuntimeError("elsewhere")
        async with talking(server, within_s=0.1) as conversation:
            while not isinstance((await conversation.rcpts([ANN]))[0], Failure):
                continue
        assert server.verbs.count("QUIT") == 2


async def test_one_who_gives_up_leaves_no_open_connection() -> None:
    async with listening(keeps_silent) as server:
        opening = asyncio.ensure_future(failing(server))
        async with asyncio.timeout(5):
            while not server.peers:  # noqa: ASYNC110 - until the connection stands
                await asyncio.sleep(0.001)
            opening.cancel()
            with pytest.raises(asyncio.CancelledError):
                await opening
            while not server.ended:  # noqa: ASYNC110 - until the server has noticed
                await asyncio.sleep(0.001)


# The record


async def test_the_record_shows_both_sides_without_anybodys_name() -> None:
    echoing = at_rcpt(f"550 5.1.1 <{ANN}>: Ann.Lee is unknown, ask zoe@example.com")
    async with listening(echoing) as server, talking(server, transcript=True) as conversation:
        await conversation.mail()
        await conversation.rcpt(ANN)
        await conversation.quit()
    assert conversation.transcript == (
        "S: 220 mx.test ESMTP",
        "C: EHLO probe.example.org",
        "S: 250 mx.test",
        "C: MAIL FROM:<***@example.org>",
        "S: 250 fine",
        "C: RCPT TO:<***@example.com>",
        "S: 550 5.1.1 <***@example.com>: *** is unknown, ask ***@example.com",
        "C: RSET",
        "C: QUIT",
    )


async def test_there_is_no_record_unless_it_is_asked_for() -> None:
    async with listening(answering()) as server, talking(server) as conversation:
        await conversation.mail()
    assert conversation.transcript == ()


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


# Any bytes, in any pieces

ALMOST_REPLIES = st.lists(
    st.one_of(
        st.sampled_from([b"250 ok\r\n", b"250-a\r\n", b"550 no\n", b"\r\n", b"\x00", b"55", b"250", b"-", b"\xff\r\n"]),
        st.binary(max_size=20),
        st.just(b"x" * 3000),
    ),
    max_size=12,
).map(b"".join)


async def replies_of(pieces: list[bytes]) -> list[SmtpReply | Trouble]:
    wire = Wire()
    for piece in pieces:
        wire.data_received(piece)
    wire.connection_lost(None)
    read: list[SmtpReply | Trouble] = []
    try:
        while True:
            read.append(await wire.reply())
    except WireError as error:
        return [*read, error.kind]


@given(data=ALMOST_REPLIES, size=st.integers(min_value=1, max_value=7))
async def test_any_bytes_are_replies_or_one_failure_however_they_are_cut(data: bytes, size: int) -> None:
    whole = await replies_of([data])
    assert whole == await replies_of([data[at : at + size] for at in range(0, len(data), size)])
    assert all(isinstance(one, SmtpReply) and 200 <= one.code < 600 for one in whole[:-1])
