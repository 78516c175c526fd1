"""The course of a conversation with a mail server, over real sockets: there is one answer to each question, in order,
and never a message.
"""

import asyncio

import pytest

from contract.scripted_mail import (
    Serve,
    Session,
    Words,
    answering,
    at_rcpt,
    closes,
    keeps_silent,
    listening,
    offering_tls,
)
from contract.talking import ANN, BOB, EVE, PIPES, asked, failing, kinds, talking
from openenrich.core.smtp_replies import SmtpReply, Stage
from openenrich.verify.smtp import Failure, SmtpError, Times, Tls, Trouble

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


async def test_a_conversation_that_never_came_to_be_leaves_its_record() -> None:
    async with listening(answering(banner="554 go away")) as server:
        with pytest.raises(SmtpError) as caught:
            async with talking(server, transcript=True):
                pass
    assert caught.value.transcript == ("S: 554 go away", "C: QUIT")
    assert caught.value.connections == 1


async def test_there_is_no_record_unless_it_is_asked_for() -> None:
    async with listening(answering()) as server, talking(server) as conversation:
        await conversation.mail()
    assert conversation.transcript == ()
