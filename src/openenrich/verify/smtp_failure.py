"""How a conversation with a mail server can fail: a closed set, so that nobody has to know sockets.

A failure says nothing about a mailbox. What the server said in a reply is not a failure but an answer, except where
it ends the session before there could be one.
"""

from enum import StrEnum

import msgspec

from openenrich.core.smtp_replies import SmtpReply, Stage


class Trouble(StrEnum):
    """What went wrong."""

    REFUSED = "refused"
    """The port is closed (at CONNECT), or the server's reply turned this step down (then it is in ``reply``)."""
    UNREACHABLE = "unreachable"
    PROXY = "proxy"
    """The proxy itself failed: nothing is known about the server."""
    TIMEOUT = "timeout"
    LOST = "lost"
    """The connection broke: reset, or gone without a word from the network."""
    EARLY_CLOSE = "early_close"
    """The server ended the session in order: with a 421 (then it is in ``reply``), or by closing its side."""
    TLS = "tls"
    TOO_LONG = "too_long"
    """A line or a reply larger than any sound server sends."""
    NONSENSE = "nonsense"
    """Not SMTP, or a reply that nobody asked for: which reply answers which command would be a guess."""
    NOT_OFFERED = "not_offered"
    """The server does not offer what the address needs (SMTPUTF8)."""


class Failure(msgspec.Struct, frozen=True):
    """Where a conversation failed and how; with the server's last words, if it had any."""

    stage: Stage
    kind: Trouble
    reply: SmtpReply | None = None


class SmtpError(Exception):
    """A conversation failed. The text has no personal data: stage and kind alone.

    One that never came to be leaves its record and the number of its connections here.
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.kind} at {failure.stage}")
        self.failure = failure
        self.transcript: tuple[str, ...] = ()
        self.connections = 0
