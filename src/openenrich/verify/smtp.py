"""One conversation with one mail server about mailboxes: never a message (email-verification, section 4).

Promises the order of a session: banner, greeting, encryption when offered, sender, recipients, goodbye. Time, sizes
and which reply answers what are the exchange's; what replies mean, which server is asked and how often is decided by
those who hold the conversation.
"""

from collections.abc import Sequence
from enum import StrEnum
from types import TracebackType
from typing import Self

from openenrich.core.smtp_replies import SmtpReply, Stage
from openenrich.verify.dial import MailAddress
from openenrich.verify.smtp_exchange import CLOSING, Exchange, Identity, Times, Way
from openenrich.verify.smtp_failure import Failure, SmtpError, Trouble
from openenrich.verify.transcript import Transcript

__all__ = ["Conversation", "Failure", "Identity", "MailAddress", "SmtpError", "Times", "Tls", "Trouble"]


class Tls(StrEnum):
    """How the conversation is encrypted, or why not."""

    NOT_OFFERED = "not_offered"
    ON = "on"
    DECLINED = "declined"
    """Offered, then turned down."""
    FAILED = "failed"
    """The handshake failed; this is the second connection, without."""


class Conversation:
    """Open it, name the sender with `mail`, then ask `rcpt` as often as needed, and `quit` (``async with`` does).

    After a failure or a 421 every further question fails the same way.
    """

    def __init__(self, way: Way, transcript: Transcript | None) -> None:
        """Nothing is dialled yet: use `open`."""
        self.tls = Tls.NOT_OFFERED
        self.connections = 1
        self.banner = SmtpReply(0, ())
        self.capabilities: frozenset[str] = frozenset()
        self._way = way
        self._transcript = transcript
        self._exchange = Exchange(way, transcript)
        self._in_mail = False
        self._utf8 = False

    @classmethod
    async def open(
        cls,
        target: MailAddress,
        identity: Identity,
        times: Times | None = None,
        *,
        deadline: float,
        proxy: str | None = None,
        source_ip: str | None = None,
        keep_transcript: bool = False,
    ) -> Self:
        """Connect, read the banner, greet, encrypt when offered. ``deadline`` is the loop's time. Raises `SmtpError`.

        When encrypting fails there is one more connection, without.
        """
        way = Way(target, identity, times or Times(), deadline, proxy, source_ip)
        transcript = Transcript() if keep_transcript else None
        first = cls(way, transcript)
        try:
            await first._start(encrypt=True)
        except SmtpError as error:
            if error.failure.kind is not Trouble.TLS or first._exchange.left_s <= 0:
                raise
        else:
            return first
        second = cls(way, transcript)
        second.tls, second.connections = Tls.FAILED, 2
        await second._start(encrypt=False)
        return second

    @property
    def is_open(self) -> bool:
        """Whether another question can be asked."""
        return self._exchange.is_open

    @property
    def offers_smtputf8(self) -> bool:
        return "SMTPUTF8" in self.capabilities

    @property
    def transcript(self) -> tuple[str, ...]:
        """What was said, masked; empty unless it was asked for."""
        return self._transcript.lines if self._transcript else ()

    async def mail(self, sender: str | None = None, *, smtputf8: bool = False) -> SmtpReply:
        """Name the sender: the identity's, or another one. ``smtputf8`` fails with NOT_OFFERED when it is not."""
        if smtputf8 and not self.offers_smtputf8:
            raise SmtpError(Failure(Stage.MAIL, Trouble.NOT_OFFERED))
        chosen = self._way.identity.sender if sender is None else sender
        reply = await self._exchange.ask(Stage.MAIL, f"MAIL FROM:<{chosen}>{' SMTPUTF8' if smtputf8 else ''}")
        self._in_mail = _accepts(reply)
        self._utf8 = smtputf8
        return reply

    async def rcpt(self, address: str) -> SmtpReply:
        """Ask for one mailbox. Any reply is an answer, also a 421; `SmtpError` is raised when there was none."""
        answer = (await self.rcpts([address]))[0]
        if isinstance(answer, Failure):
            raise SmtpError(answer)
        return answer

    async def rcpts(self, addresses: Sequence[str]) -> list[SmtpReply | Failure]:
        """Ask for several, in one go when the server offers it; one answer each, in order. Raises no `SmtpError`."""
        if "PIPELINING" not in self.capabilities or not all(self._can_name(address) for address in addresses):
            return [(await self._ask_for([address]))[0] for address in addresses]
        return await self._ask_for(addresses)

    async def reset(self) -> SmtpReply:
        """Forget sender and recipients; `mail` comes next."""
        self._in_mail = False
        return await self._exchange.ask(Stage.MAIL, "RSET")

    async def quit(self) -> None:
        """Say goodbye if anybody still listens, and close. Never raises; has its own short time, deadline or not."""
        await self._exchange.leave(reset=self._in_mail)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.quit()

    async def _start(self, *, encrypt: bool) -> None:
        try:
            self.banner = await self._exchange.connect()
            if not _accepts(self.banner):
                self._exchange.refuse(Stage.BANNER, self.banner)
            await self._greet()
            if encrypt and "STARTTLS" in self.capabilities:
                await self._encrypt()
        except SmtpError as error:
            await self.quit()
            error.transcript, error.connections = self.transcript, self.connections
            raise
        except BaseException:
            await self.quit()
            raise

    async def _greet(self) -> None:
        """EHLO, or HELO for those who do not know it."""
        reply = await self._exchange.ask(Stage.EHLO, f"EHLO {self._way.identity.helo}")
        self.capabilities = _offered(reply) if _accepts(reply) else frozenset()
        if reply.code // 100 == 5:
            reply = await self._greet_plainly(reply)
        if not _accepts(reply):
            self._exchange.refuse(Stage.EHLO, reply)

    async def _greet_plainly(self, turned_down: SmtpReply) -> SmtpReply:
        try:
            return await self._exchange.ask(Stage.EHLO, f"HELO {self._way.identity.helo}")
        except SmtpError as error:
            failure = error.failure  # the words of the first refusal are the better reason
            raise SmtpError(Failure(Stage.EHLO, failure.kind, failure.reply or turned_down)) from None

    async def _encrypt(self) -> None:
        reply = await self._exchange.ask(Stage.STARTTLS, "STARTTLS")
        if reply.code == CLOSING:
            self._exchange.refuse(Stage.STARTTLS, reply)
        if reply.code != 220:
            self.tls = Tls.DECLINED
            return
        await self._exchange.encrypt()
        self.tls = Tls.ON
        try:
            await self._greet()  # what was offered in the clear does not count any more
        except SmtpError as error:
            if error.failure.reply is not None:
                raise
            self._exchange.fail(Stage.STARTTLS, Trouble.TLS)  # some notice only after the handshake

    async def _ask_for(self, addresses: Sequence[str]) -> list[SmtpReply | Failure]:
        answers: list[SmtpReply | Failure] = []
        try:
            await self._exchange.send(Stage.RCPT, *(self._recipient(address) for address in addresses))
            for _ in addresses:
                answers.append(await self._exchange.answer(Stage.RCPT, self._way.times.rcpt_s))  # noqa: PERF401 - those before a failure are kept
        except SmtpError as error:
            answers += [error.failure] * (len(addresses) - len(answers))
        return answers

    def _recipient(self, address: str) -> str:
        if not self._can_name(address):
            raise SmtpError(Failure(Stage.RCPT, Trouble.NOT_OFFERED))
        if self._transcript:
            self._transcript.hide(address)
        return f"RCPT TO:<{address}>"

    def _can_name(self, address: str) -> bool:
        return self._utf8 or address.isascii()


def _accepts(reply: SmtpReply) -> bool:
    return reply.code // 100 == 2


def _offered(reply: SmtpReply) -> frozenset[str]:
    return frozenset(line.split(maxsplit=1)[0].upper() for line in reply.lines[1:] if line.strip())
