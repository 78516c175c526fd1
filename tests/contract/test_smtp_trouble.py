"""Mail servers that are silent, slow, noisy or gone: one failure that says what happened, in time and within bounds."""

import asyncio
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.scripted_mail import (
    Serve,
    Server,
    Session,
    answering,
    at_rcpt,
    closes,
    keeps_silent,
    listening,
)
from contract.talking import ANN, BOB, HASTY, asked, failing, kinds, talking
from openenrich.core.smtp_replies import SmtpReply, Stage
from openenrich.verify.smtp import Failure, SmtpError, Times, Trouble
from openenrich.verify.smtp_stream import Wire, WireError

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
