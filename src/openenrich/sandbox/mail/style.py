"""The words of one kind of mail server; what a kind has no words for is said as Postfix says it."""

from dataclasses import dataclass

from openenrich.sandbox.mail.script import CAPABILITIES, Reply, Script


@dataclass(frozen=True, slots=True)
class Style:
    """Replies of a kind of server. ``suffix``: how the names of such hosts end, for those that are a provider's."""

    name: str
    suffix: str = ""
    banner: Reply = "220 {host} ESMTP Postfix"
    capabilities: tuple[str, ...] = CAPABILITIES
    smtputf8: bool = False
    mail: Reply = "250 2.1.0 Ok"
    accepted: Reply = "250 2.1.5 Ok"
    unknown: Reply = "550 5.1.1 <{rcpt}>: Recipient address rejected: User unknown in virtual mailbox table"
    disabled: Reply = "550 5.2.1 <{rcpt}>: Recipient address rejected: This mailbox has been disabled"
    full: Reply = "552 5.2.2 <{rcpt}>: Recipient address rejected: Mailbox is full"
    full_for_now: Reply = "452 4.2.2 <{rcpt}>: Recipient address rejected: Mailbox is over quota"
    throttled: Reply = "450 4.2.1 <{rcpt}>: Recipient address rejected: Mailbox is receiving mail too quickly"
    blocked: Reply = (
        "554 5.7.1 Service unavailable; Client host [{ip}] blocked using zen.spamhaus.org; "
        "https://www.spamhaus.org/query/ip/{ip}"
    )
    blocked_banner: Reply = "554 5.7.1 Service unavailable; Client host [{ip}] blocked using zen.spamhaus.org"
    not_hosted: Reply = "554 5.7.1 <{rcpt}>: Relay access denied"
    greylisted: Reply = (
        "450 4.2.0 <{rcpt}>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/{dom}.html"
    )
    greylist_s: float = 300.0
    most_refusals: int = 20


def script_of(style: Style) -> Script:
    """The manners of a kind of server, without anything special."""
    return Script(
        banner=style.banner,
        capabilities=style.capabilities,
        smtputf8=style.smtputf8,
        mail_reply=style.mail,
        most_refusals=style.most_refusals,
    )
