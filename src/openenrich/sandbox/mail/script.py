"""How a mail server behaves, as data: its manners in a session, apart from who its recipients are.

Replies are templates: lines parted by line breaks, each with its code, with the holes {rcpt} {local} {dom} {from}
{fromdom} {helo} {ip} {host} {id} {seconds}. Times are seconds of the sandbox's time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from openenrich.sandbox.mail.faults import MailFault

Reply = str
Recipients = Callable[[str], Reply]
"""What a server says to RCPT TO of an address, when nothing in the session speaks against it."""

CAPABILITIES: Final = ("PIPELINING", "SIZE 52428800", "8BITMIME", "ENHANCEDSTATUSCODES")


class Tls(StrEnum):
    """What a server makes of STARTTLS."""

    NONE = "none"
    OFFERED = "offered"
    REQUIRED = "required"  # no MAIL without it
    REQUIRED_BY_RCPT = "required_by_rcpt"  # no RCPT without it
    DECLINED = "declined"  # offered, then 454


class SenderIs(StrEnum):
    """Which senders a rule is about."""

    ANY = "any"
    NULL = "null"
    NAMED = "named"  # all but the null sender
    OF_RECIPIENTS_DOMAIN = "of_recipients_domain"
    OF_UNKNOWN_DOMAIN = "of_unknown_domain"  # the name servers know no such domain


@dataclass(frozen=True, slots=True)
class SenderRule:
    """A refusal of some senders, said at MAIL or, as most do, at RCPT."""

    who: SenderIs
    reply: Reply
    at_mail: bool = False


@dataclass(frozen=True, slots=True)
class Greylist:
    """First-time triplets of client, sender and recipient wait; ``strangers`` may be refused without a wait."""

    reply: Reply
    wait_s: float = 60.0
    strangers: bool = True


@dataclass(frozen=True, slots=True)
class Script:
    """The manners of one server. ``faults`` are always in force."""

    banner: Reply = "220 {host} ESMTP"
    banner_wait_s: float = 0.0
    split_banner: bool = False  # the first line at once, the rest after the wait: early talkers are thrown out
    esmtp: bool = True
    capabilities: tuple[str, ...] = CAPABILITIES
    smtputf8: bool = False
    bare_helo: Reply = ""  # said at RCPT to those who greeted with a name without a dot
    helo_reply: Reply = ""  # said to everybody's greeting instead of 250
    tls: Tls = Tls.OFFERED
    tls_reply: Reply = "530 5.7.0 Must issue a STARTTLS command first"
    mail_reply: Reply = "250 2.1.0 Ok"
    senders: tuple[SenderRule, ...] = ()
    greylist: Greylist | None = None
    reply_wait_s: float = 0.0  # before every reply
    rcpt_wait_s: float = 0.0  # before the answer to a recipient
    most_rcpt: int = 100
    over_rcpt: Reply = "452 4.5.3 Error: too many recipients"
    most_refusals: int = 20
    over_refusals: Reply = "421 4.7.0 {host} Error: too many errors"
    non_ascii: Reply = "553 5.6.7 <{rcpt}>: Non-ASCII addresses not permitted"
    faults: frozenset[MailFault] = frozenset()


@dataclass(frozen=True, slots=True)
class MailServer:
    """One mail host: its name, its manners, its recipients, and for which domains it takes mail."""

    name: str
    script: Script
    recipients: Recipients
    serves: Callable[[str], bool] = lambda _domain: True
