"""What a mail server said, and what it means for one mailbox.

Pure: a reply, the step of the session and what we had asked go in, a class and a reason come out. The decision order
is in `reply_rules`, the words in `reply_words`. What cannot be read is UNCLEAR, and no reply before RCPT TO says
anything about a mailbox.
"""

import re
from typing import Final

import msgspec

from openenrich.core import reply_words as words
from openenrich.core.mail_hosts import MailHost
from openenrich.core.reply_kinds import ReplyClass, Stage
from openenrich.core.reply_rules import AGAINST_US, Said, accepting, refusing
from openenrich.core.reply_text import strip_echo, wait_in

__all__ = ["Probe", "Reading", "ReplyClass", "SmtpReply", "Stage", "read_reply"]

_AT_START: Final = re.compile(r"\s*#?([245]\.\d{1,3}\.\d{1,3})(?!\S*\d)")
_WITHIN: Final = re.compile(r"[#(\[<:]\s?#?([245]\.\d{1,3}\.\d{1,3})(?![\w.]*\d)")


_MOST_READ: Final = 2000
"""Characters; what counts is said at once, and servers may send as much as they like."""


class SmtpReply(msgspec.Struct, frozen=True):
    """One reply: the last line's code, and the text after the code of each line."""

    code: int
    lines: tuple[str, ...]

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code (RFC 3463) of the last line that has one, such as "5.1.1"."""
        found = [match.group(1) for line in self.lines if (match := _AT_START.match(line) or _WITHIN.search(line))]
        return found[-1] if found else None

    @property
    def text(self) -> str:
        """The text of all lines, joined with blanks."""
        return " ".join(self.lines)


class Probe(msgspec.Struct, frozen=True):
    """What we had said, so that a reply which repeats it is not read as the host's own words."""

    recipient: str
    sender: str
    helo: str
    host: str = ""


class Reading(msgspec.Struct, frozen=True):
    """``reason`` is a code word. ``permanent``: a 5xx. ``wait_s``: the time that the host asks for.

    ``names_probing``: the text blames probing itself. ``against_us``: it blames our network address or our behaviour,
    so that other recipients of this group of hosts would meet the same.
    """

    kind: ReplyClass
    reason: str
    code: int
    enhanced: str | None
    permanent: bool
    names_probing: bool = False
    against_us: bool = False
    wait_s: float | None = None


def read_reply(reply: SmtpReply, stage: Stage, probe: Probe, host: MailHost | None = None) -> Reading:
    """The class of a reply, whatever it is: this never fails."""
    said = _said(reply, probe, host)
    kind, reason = accepting(said) if reply.code < 400 else refusing(said, stage)
    against_us = kind in {ReplyClass.BLOCKED, ReplyClass.TEMPORARY} and reason in AGAINST_US
    return Reading(
        kind=kind,
        reason=reason,
        code=reply.code,
        enhanced=said.enhanced or None,
        permanent=reply.code >= 500,
        names_probing=reply.code >= 400 and words.PROBING.search(said.plain) is not None,
        against_us=against_us,
        wait_s=wait_in(said.plain) if 400 <= reply.code < 500 else None,
    )


def _said(reply: SmtpReply, probe: Probe, host: MailHost | None) -> Said:
    text = strip_echo(reply.text[:_MOST_READ], probe.recipient, probe.sender, (probe.helo,), probe.host)
    return Said(
        code=reply.code,
        enhanced=reply.enhanced or "",
        plain=text.plain,
        raw=reply.text.replace(probe.recipient, " ")[:_MOST_READ] if probe.recipient else "",
        names_list=text.names_list,
        host=host,
        ascii_mailbox=probe.recipient.isascii(),
    )
