"""One host asked about one mailbox: the target, then invented names if it was accepted, over few connections.

A host that limits its sessions (one recipient each, few errors, a lost connection) is asked its open question again on
a new connection, twice at most. A refused sender is replaced once. What comes back is what was heard, not a verdict.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from openenrich.core.addresses import Address
from openenrich.core.mail_hosts import MailHost
from openenrich.core.mailbox import CatchAll
from openenrich.core.smtp_replies import Probe, Reading, ReplyClass, SmtpReply, Stage, read_reply
from openenrich.verify.options import Options
from openenrich.verify.smtp import Conversation, Failure, MailAddress, SmtpError, Trouble

_MORE_TURNS: Final = 2
_ABOUT_THE_MAILBOX: Final = frozenset(
    {
        ReplyClass.NO_USER,
        ReplyClass.DISABLED,
        ReplyClass.FULL,
        ReplyClass.THROTTLED,
        ReplyClass.ACCEPTED,
        ReplyClass.ACCEPTS_ANYTHING,
        ReplyClass.GREYLISTED,
        ReplyClass.NOT_HOSTED,
    }
)
_EXISTS_OR_CATCH_ALL: Final = frozenset({ReplyClass.ACCEPTED, ReplyClass.FULL})
"""Where invented names decide what it means."""
_ACCEPTS: Final = frozenset({ReplyClass.ACCEPTED, ReplyClass.ACCEPTS_ANYTHING})
_REFUSES_NAMES: Final = frozenset({ReplyClass.NO_USER, ReplyClass.DISABLED})
_ASK_AGAIN: Final = frozenset({Trouble.LOST, Trouble.EARLY_CLOSE, Trouble.NONSENSE})
_FLAGS: Final = {
    ReplyClass.FULL: "full_mailbox",
    ReplyClass.DISABLED: "disabled",
    ReplyClass.THROTTLED: "throttled",
    ReplyClass.GREYLISTED: "greylisted",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What one host said. ``tested`` is a test of invented names made just now, ``blocked`` a word against us."""

    reading: Reading
    catch_all: CatchAll = CatchAll.UNTESTED
    stage: Stage | None = None
    connections: int = 0
    reached: bool = False
    tested: CatchAll = CatchAll.UNTESTED
    blocked: Reading | None = None
    flags: frozenset[str] = frozenset()
    transcript: tuple[str, ...] = ()

    @property
    def is_an_answer(self) -> bool:
        """Whether the host was asked for the mailbox and replied: whatever it said, no backup host knows better."""
        return self.stage is Stage.RCPT and self.reading.code > 0

    @property
    def decides(self) -> bool:
        """Whether it says something about the mailbox."""
        return self.stage is Stage.RCPT and self.reading.kind in _ABOUT_THE_MAILBOX


async def inquire(
    *,
    target: MailAddress,
    address: Address,
    invented: tuple[str, str],
    known: MailHost | None,
    catch_all: CatchAll,
    options: Options,
    deadline: float,
) -> Heard:
    """Ask. ``catch_all`` is what is known of the domain already; ``deadline`` is the loop's time. Never raises."""
    session = _Session(target, address, invented, known, catch_all, options, deadline)
    while session.has_questions and session.turns <= _MORE_TURNS:
        if not await session.connect_and_ask():
            break
    return session.heard()


@dataclass(slots=True)
class _Session:
    """The state of an inquiry over its connections."""

    target: MailAddress
    address: Address
    invented: tuple[str, str]
    known: MailHost | None
    catch_all: CatchAll
    options: Options
    deadline: float
    turns: int = 0
    connections: int = 0
    reached: bool = False
    sender: str | None = None
    stage: Stage | None = None
    reading: Reading | None = None
    blocked: Reading | None = None
    answers: dict[str, Reading] = field(default_factory=dict)
    transcript: tuple[str, ...] = ()

    @property
    def has_questions(self) -> bool:
        """The target first; invented names once it was accepted and nothing is known about the domain."""
        names_open = any(map(self._unanswered, self.invented)) and not self._accepts_invented()
        return self._is_open(self.reading) or (self._is_tested() and names_open)

    def _is_open(self, reading: Reading | None) -> bool:
        return reading is None or reading.kind is ReplyClass.SESSION_LIMIT

    def _accepts_invented(self) -> bool:
        return any(answer.kind in _ACCEPTS for answer in self.answers.values())

    def _unanswered(self, name: str) -> bool:
        return self._is_open(self.answers.get(name))

    def _is_tested(self) -> bool:
        """A greylisting host learns the invented names in the first session, so that the second can ask them all."""
        kinds = {*_EXISTS_OR_CATCH_ALL, ReplyClass.GREYLISTED}
        return self.reading is not None and self.reading.kind in kinds and self.catch_all is CatchAll.UNTESTED

    async def connect_and_ask(self) -> bool:
        """One connection, two where encrypting fails; whether another could answer what is still open."""
        self.turns += 1
        try:
            conversation = await Conversation.open(
                self.target,
                self.options.identity,
                self.options.times,
                deadline=self.deadline,
                proxy=self.options.proxy,
                source_ip=self.options.source_ip,
                keep_transcript=self.options.keep_transcript,
            )
        except SmtpError as error:
            self.connections += error.connections
            self.transcript += error.transcript
            return self._failed(error.failure)
        self.connections += conversation.connections
        self.reached = True
        async with conversation:
            try:
                again = await self._name_sender(conversation) and await self._ask(conversation)
            except SmtpError as error:
                again = self._failed(error.failure)
        self.transcript += conversation.transcript
        return again

    async def _name_sender(self, conversation: Conversation) -> bool:
        """MAIL FROM; the null sender where ours is refused. False: this host hears no sender of ours."""
        needed = self.address.needs_smtputf8
        reply = await conversation.mail(self.sender, smtputf8=needed)
        if reply.code // 100 != 2 and self.sender is None and conversation.is_open:
            self.sender = ""
            await conversation.reset()
            reply = await conversation.mail(self.sender, smtputf8=needed)
        if reply.code // 100 == 2:
            return True
        self._note(Stage.MAIL, self._read(reply, Stage.MAIL))
        return False

    async def _ask(self, conversation: Conversation) -> bool:
        if self._is_open(self.reading):
            reply = await conversation.rcpt(self._wire)
            self._note(Stage.RCPT, self._read(reply, Stage.RCPT))
            if self._refuses_sender():
                return True
        if self._is_open(self.reading):
            return True
        if self._is_tested() and conversation.is_open:
            await self._ask_invented(conversation)
        return True

    def _refuses_sender(self) -> bool:
        """Some hosts judge the sender only at RCPT: once, the other form is tried on a new connection."""
        if self.reading is None or self.reading.kind is not ReplyClass.SESSION or self.sender is not None:
            return False
        self.sender, self.reading, self.stage = "", None, None
        return True

    async def _ask_invented(self, conversation: Conversation) -> None:
        """One after the other: a host that accepts the first invented name need not hear the second."""
        for name in filter(self._unanswered, self.invented):
            (reply,) = await conversation.rcpts([name])
            if isinstance(reply, Failure):
                return
            self.answers[name] = self._read(reply, Stage.RCPT, name)
            if self._accepts_invented():
                return

    def _note(self, stage: Stage, reading: Reading) -> None:
        self.stage, self.reading = stage, reading
        if reading.kind is ReplyClass.BLOCKED and reading.against_us:
            self.blocked = reading

    def _failed(self, failure: Failure) -> bool:
        """A failure says nothing about the mailbox; whether a new connection may fare better."""
        self.reached = self.reached or failure.stage is not Stage.CONNECT
        if failure.reply is not None:
            reading = self._read(failure.reply, failure.stage)
            if reading.kind is ReplyClass.BLOCKED and reading.against_us:
                self.blocked = reading
            if self.reading is None:
                self.stage, self.reading = failure.stage, reading
        elif self.reading is None and failure.kind not in _ASK_AGAIN:
            self.stage, self.reading = failure.stage, _no_reply(failure)
        asked = failure.stage in {Stage.RCPT, Stage.MAIL}
        return asked and failure.kind in _ASK_AGAIN and asyncio.get_running_loop().time() < self.deadline

    def _read(self, reply: SmtpReply, stage: Stage, recipient: str | None = None) -> Reading:
        identity = self.options.identity
        probe = Probe(
            recipient=recipient or self._wire,
            sender=identity.sender if self.sender is None else self.sender,
            helo=identity.helo,
            host=self.target.name,
        )
        return read_reply(reply, stage, probe, self.known)

    @property
    def _wire(self) -> str:
        """The local part exactly as it was given, the domain in ASCII."""
        return f"{self.address.local}@{self.address.domain}"

    def heard(self) -> Heard:
        tested = self._tested()
        reading = self.reading or _lost()
        known = self.catch_all if self.catch_all is not CatchAll.UNTESTED else tested
        accepted = reading.kind in _EXISTS_OR_CATCH_ALL
        flag = _FLAGS.get(reading.kind)
        return Heard(
            reading=reading,
            catch_all=known if accepted else CatchAll.UNTESTED,
            stage=self.stage,
            connections=self.connections,
            reached=self.reached,
            tested=tested if accepted else CatchAll.UNTESTED,
            blocked=self.blocked,
            flags=frozenset({flag} if flag else ()),
            transcript=self.transcript,
        )

    def _tested(self) -> CatchAll:
        """Section 6.4: any invented name that is accepted means catch-all; only two refusals mean that it is not."""
        if not self._is_tested():
            return CatchAll.UNTESTED
        if self._accepts_invented():
            return CatchAll.ACCEPTS
        kinds = [self.answers[name].kind for name in self.invented if name in self.answers]
        if len(kinds) == len(self.invented) and all(kind in _REFUSES_NAMES for kind in kinds):
            return CatchAll.REFUSES
        return CatchAll.OPEN


def _no_reply(failure: Failure) -> Reading:
    return Reading(kind=ReplyClass.TEMPORARY, reason=failure.kind.value, code=0, enhanced=None, permanent=False)


def _lost() -> Reading:
    return Reading(kind=ReplyClass.TEMPORARY, reason="lost", code=0, enhanced=None, permanent=False)
