"""Conversations of the tests: opened with short times, asked, and what came of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from contract.scripted_mail import (
    Server,
)
from openenrich.core.smtp_replies import SmtpReply
from openenrich.verify.smtp import Conversation, Failure, Identity, SmtpError, Times, Trouble

US = Identity("probe.example.org", "postmaster@example.org")
QUICK = Times(connect_s=2, banner_s=2, command_s=2, rcpt_s=2, quit_s=0.2)
HASTY = Times(connect_s=0.1, banner_s=0.1, command_s=0.1, rcpt_s=0.1, quit_s=0.1)
ANN = "ann.lee@example.com"
BOB = "bob.ray@example.com"
EVE = "eve.fox@example.com"
PIPES = {"EHLO": "250-mx.test\r\n250 PIPELINING"}


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
