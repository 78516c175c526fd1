"""The steps of a session with a mail server, and the classes into which its replies fall (email-verification, 5)."""

from enum import StrEnum


class Stage(StrEnum):
    """The step of a session that a reply or a failure belongs to."""

    CONNECT = "connect"
    BANNER = "banner"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    MAIL = "mail"
    RCPT = "rcpt"


class ReplyClass(StrEnum):
    """What a reply says."""

    NO_USER = "U"
    DISABLED = "D"
    FULL = "F"
    THROTTLED = "X"
    """The mailbox exists and gets too much at the moment."""
    BLOCKED = "P"
    """Policy or reputation: says nothing about the mailbox."""
    SESSION = "S"
    """The sender, or who we say we are."""
    NOT_HOSTED = "H"
    """The host does not serve the domain."""
    GREYLISTED = "G"
    TEMPORARY = "T"
    SESSION_LIMIT = "L"
    ACCEPTED = "O"
    ACCEPTS_ANYTHING = "N"
    """Accepted, which is worth nothing here."""
    UNCLEAR = "?"
