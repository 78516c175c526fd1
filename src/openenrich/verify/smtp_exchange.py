"""Commands and replies of one connection, in step: a reply is always the answer to the command it is returned for.

Promises the time limits (the deadline ends everything, however slowly a server speaks), that every end is a reply or
an `SmtpError`, and the goodbye. Which commands are sent, and why, is the conversation's business.
"""

import asyncio
import re
from contextlib import suppress
from typing import Final, NoReturn

import msgspec

from openenrich.core.smtp_replies import SmtpReply, Stage
from openenrich.verify.dial import MailAddress, dial
from openenrich.verify.smtp_failure import Failure, SmtpError, Trouble
from openenrich.verify.smtp_stream import Wire, WireError
from openenrich.verify.transcript import Transcript

CLOSING: Final = 421
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


class Identity(msgspec.Struct, frozen=True):
    """Who is asking: a host name that leads back to our address, and a mailbox of the operator's ("" is nobody)."""

    helo: str
    sender: str


class Times(msgspec.Struct, frozen=True):
    """How long each step may take; the deadline ends all of them."""

    connect_s: float = 6.0
    banner_s: float = 30.0
    command_s: float = 15.0
    rcpt_s: float = 30.0
    quit_s: float = 2.0
    """For the goodbye, also when the deadline is over."""


class Way(msgspec.Struct, frozen=True):
    """How and as whom a server is reached; the same for a second connection. ``deadline`` is the loop's time."""

    target: MailAddress
    identity: Identity
    times: Times
    deadline: float
    proxy: str | None = None
    source_ip: str | None = None


class Exchange:
    """One connection. After a failure or a 421 every further command fails the same way; `leave` ends it."""

    def __init__(self, way: Way, transcript: Transcript | None) -> None:
        self._way = way
        self._transcript = transcript
        self._wire: Wire | None = None
        self._failed: Failure | None = None
        self._welcomed = False
        self._in_step = False

    @property
    def is_open(self) -> bool:
        return self._failed is None and self._wire is not None and not self._wire.ended

    @property
    def left_s(self) -> float:
        """Seconds to the deadline."""
        return self._way.deadline - asyncio.get_running_loop().time()

    async def connect(self) -> SmtpReply:
        """Dial, and read the whole banner."""
        way = self._way
        if self.left_s <= 0:
            self.fail(Stage.CONNECT, Trouble.TIMEOUT)
        try:
            async with asyncio.timeout_at(self._until(way.times.connect_s)):
                self._wire = await dial(way.target, proxy=way.proxy, source_ip=way.source_ip)
        except TimeoutError:
            self.fail(Stage.CONNECT, Trouble.TIMEOUT)
        except WireError as error:
            self.fail(Stage.CONNECT, error.kind)
        banner = await self.answer(Stage.BANNER, way.times.banner_s)
        self._welcomed = True
        return banner

    async def ask(self, stage: Stage, command: str) -> SmtpReply:
        await self.send(stage, command)
        return await self.answer(stage, self._way.times.command_s)

    async def send(self, stage: Stage, *commands: str) -> None:
        """Send, unless something has arrived that nobody asked for: it would be taken for the answer."""
        data = b"".join(_line(command) for command in commands)
        await asyncio.sleep(0)  # what has arrived by now is seen
        wire = self._connected(stage)
        if self.left_s <= 0:
            self.fail(stage, Trouble.TIMEOUT)
        if wire.ended or not wire.quiet:
            unasked = await self.answer(stage, self._way.times.command_s)
            self.fail(stage, Trouble.EARLY_CLOSE if unasked.code == CLOSING else Trouble.NONSENSE, unasked)
        wire.send(data)
        self._note("C", *commands)

    async def answer(self, stage: Stage, within_s: float) -> SmtpReply:
        """The next reply; a 421 is one too, and the last."""
        wire = self._connected(stage)
        self._in_step = False
        try:
            reply = await wire.reply(self._until(within_s))
        except TimeoutError:
            self.fail(stage, Trouble.TIMEOUT)
        except WireError as error:
            self.fail(stage, error.kind)
        self._in_step = True
        self._note("S", *(f"{reply.code} {text}" for text in reply.lines))
        if reply.code == CLOSING:
            self._failed = Failure(stage, Trouble.EARLY_CLOSE, reply)
        return reply

    async def encrypt(self) -> None:
        """The handshake. Its failure ends the connection."""
        wire = self._connected(Stage.STARTTLS)
        try:
            async with asyncio.timeout_at(self._until(self._way.times.command_s)):
                await wire.start_tls(self._way.target.name)
        except (TimeoutError, WireError):
            self.fail(Stage.STARTTLS, Trouble.TLS)

    async def leave(self, *, reset: bool) -> None:
        """RSET when there is something to forget, QUIT, and close. Never raises, never takes longer than ``quit_s``."""
        wire, self._wire = self._wire, None
        if wire is None:
            return
        said_goodbye = self._failed is not None and self._failed.kind is Trouble.EARLY_CLOSE
        try:
            if self._welcomed and not wire.ended and not said_goodbye:
                with suppress(TimeoutError, WireError):
                    await self._take_leave(wire, reset=reset and self._in_step and wire.quiet)
        finally:
            await wire.close()

    def refuse(self, stage: Stage, reply: SmtpReply) -> NoReturn:
        """The server's reply ends the conversation at this step."""
        self.fail(stage, Trouble.EARLY_CLOSE if reply.code == CLOSING else Trouble.REFUSED, reply)

    def fail(self, stage: Stage, kind: Trouble, reply: SmtpReply | None = None) -> NoReturn:
        self._failed = Failure(stage, kind, reply)
        raise SmtpError(self._failed) from None

    async def _take_leave(self, wire: Wire, *, reset: bool) -> None:
        until = asyncio.get_running_loop().time() + self._way.times.quit_s
        if reset:
            wire.send(b"RSET\r\n")
            self._note("C", "RSET")
            await wire.reply(until)
        wire.send(b"QUIT\r\n")
        self._note("C", "QUIT")
        while (await wire.reply(until)).code not in {221, CLOSING}:
            continue  # the answer to a command that was given up

    def _connected(self, stage: Stage) -> Wire:
        if self._failed is not None:
            raise SmtpError(Failure(stage, self._failed.kind, self._failed.reply))
        if self._wire is None:
            raise SmtpError(Failure(stage, Trouble.EARLY_CLOSE))
        return self._wire

    def _until(self, within_s: float) -> float:
        return min(asyncio.get_running_loop().time() + within_s, self._way.deadline)

    def _note(self, who: str, *texts: str) -> None:
        if self._transcript:
            for text in texts:
                self._transcript.add(who, text)


def _line(command: str) -> bytes:
    if _CONTROL.search(command):
        raise ValueError("a command to a mail server holds a control character")
    return command.encode() + b"\r\n"
