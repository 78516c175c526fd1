"""Scenarios of the farm: blocks, sender checks, and sessions that are slow, broken or odd."""

from typing import Final

from openenrich.sandbox.mail.faults import MailFault
from openenrich.sandbox.mail.scenario import (
    CATCH_ALL,
    DELIVERABLE,
    INVALID,
    INVALID_DOMAIN,
    UNKNOWN,
    Scenario,
    Verdict,
    one,
)
from openenrich.sandbox.mail.script import SenderIs, SenderRule, Tls
from openenrich.sandbox.mail.style import Style
from openenrich.sandbox.mail.styles import EXIM, GOOGLE, MICROSOFT, MIMECAST, OUTLOOK, POSTFIX, PROOFPOINT, YAHOO
from openenrich.sandbox.mail.styles_more import BARRACUDA, CISCO, GMX, GODADDY, ICLOUD


def _blocked(name: str, style: Style, answer: str = "") -> Scenario:
    said = answer or style.blocked
    return one(name, UNKNOWN, style=style, answer=said, stranger=said)


def _turned_away(name: str, style: Style, banner: str = "") -> Scenario:
    return one(name, UNKNOWN, style=style, banner=banner or style.blocked_banner)


BLOCKS: Final[tuple[Scenario, ...]] = (
    _blocked("google_blocked", GOOGLE),
    _turned_away("google_rate_limited", GOOGLE),
    _blocked("microsoft_blocked", MICROSOFT),
    _blocked(
        "microsoft_blocked_by_list",
        MICROSOFT,
        "550 5.7.1 Service unavailable, Client host [{ip}] blocked using Spamhaus. To request removal from this list "
        "see https://www.spamhaus.org/query/ip/{ip} (AS16012609)",
    ),
    _blocked("microsoft_busy", MICROSOFT, MICROSOFT.greylisted),
    _blocked(
        "microsoft_rate_limited",
        MICROSOFT,
        "451 4.7.650 The mail server [{ip}] has been temporarily rate limited due to IP reputation. (S843)",
    ),
    _blocked("microsoft_wrong_region", MICROSOFT, "451 4.4.62 Mail sent to the wrong Office 365 region. ATTR35."),
    one(
        "microsoft_no_such_tenant",
        UNKNOWN,
        style=MICROSOFT,
        answer=MICROSOFT.not_hosted,
        stranger=MICROSOFT.not_hosted,
        or_else=(INVALID_DOMAIN,),
    ),
    _blocked("outlook_blocked", OUTLOOK),
    one(
        "yahoo_deferred",
        UNKNOWN,
        style=YAHOO,
        mail_reply=(
            "421 4.7.0 [TSS04] Messages from {ip} temporarily deferred due to unexpected volume or user complaints - "
            "4.16.55.1; see https://postmaster.yahooinc.com/error-codes"
        ),
        or_else=(CATCH_ALL,),  # known without asking
    ),
    one("yahoo_blocked", UNKNOWN, style=YAHOO, banner=YAHOO.blocked_banner, or_else=(CATCH_ALL,)),
    _blocked("mimecast_reputation", MIMECAST),
    _blocked(
        "mimecast_prohibited",
        MIMECAST,
        "550 Administrative prohibition - envelope blocked - https://community.mimecast.com/docs/DOC-1369#550",
    ),
    _turned_away("proofpoint_turned_away", PROOFPOINT),
    _blocked("proofpoint_blocked", PROOFPOINT),
    _blocked("barracuda_blocked", BARRACUDA),
    _turned_away("cisco_reputation", CISCO),
    _blocked("icloud_policy", ICLOUD),
    _turned_away("gmx_turned_away", GMX),
    _blocked("godaddy_too_many_questions", GODADDY),
    _blocked("postfix_blocklist", POSTFIX),
    _blocked("exim_blocklist", EXIM),
    _blocked("blocked_by_policy", POSTFIX, "550 5.7.1 Recipient address rejected: Blocked by policy"),
    _blocked(
        "blacklisted_but_says_unavailable",
        POSTFIX,
        "550 5.2.1 Mailbox unavailable. Your IP address {ip} is blacklisted using zen.spamhaus.org",
    ),
)

_NOT_FOUND: Final = "450 4.7.1 Client host rejected: cannot find your reverse hostname, [{ip}]"
_NULL_REFUSED: Final = SenderRule(SenderIs.NULL, "550 5.7.1 Null sender is not accepted here", at_mail=True)
_SPF: Final = (
    "550 5.7.23 <{rcpt}>: Recipient address rejected: Message rejected due to: SPF fail - not authorized. "
    "Please see http://www.openspf.net/Why?s=mfrom;id={from};ip={ip}"
)
_SENDER_UNKNOWN: Final = "550 5.1.8 <{from}>: Sender address rejected: Domain not found"


def _sender(name: str, expected: Verdict, who: SenderIs, reply: str, *, at_mail: bool = False) -> Scenario:
    """A good mailbox behind a check of the sender."""
    return one(name, expected, senders=(SenderRule(who, reply, at_mail=at_mail),), or_else=(UNKNOWN,))


SENDERS: Final[tuple[Scenario, ...]] = (
    _sender("sender_domain_must_exist", DELIVERABLE, SenderIs.OF_UNKNOWN_DOMAIN, _SENDER_UNKNOWN),
    _sender("sender_domain_refused", DELIVERABLE, SenderIs.NAMED, _SENDER_UNKNOWN),
    _sender("sender_refused_at_mail", DELIVERABLE, SenderIs.NAMED, "553 5.1.8 <{from}>: Sender refused", at_mail=True),
    _sender("every_sender_refused", UNKNOWN, SenderIs.ANY, _SENDER_UNKNOWN),
    _sender("spf_fail", UNKNOWN, SenderIs.ANY, _SPF),
    _sender("sender_call_out_fails", UNKNOWN, SenderIs.ANY, "550 Sender verify failed"),
    _sender(
        "sender_call_out_reads_like_no_user",
        UNKNOWN,
        SenderIs.ANY,
        "550-Verification failed for <{from}>\n550-Called: 127.0.0.1\n550-Response: 550 No Such User Here\n"
        "550 Sender verify failed",
    ),
    _sender(
        "own_domain_as_sender",
        DELIVERABLE,
        SenderIs.OF_RECIPIENTS_DOMAIN,
        "550 5.7.1 <{from}>: Sender address rejected: not logged in",
    ),
    one("null_sender_refused", DELIVERABLE, senders=(_NULL_REFUSED,)),
    one(
        "helo_with_a_dot",
        DELIVERABLE,
        bare_helo="504 5.5.2 <{helo}>: Helo command rejected: need fully-qualified hostname",
    ),
    _sender("reverse_name_wanted", UNKNOWN, SenderIs.ANY, _NOT_FOUND),
    one("helo_refused", UNKNOWN, helo_reply="550 5.7.1 {helo}: Helo command rejected: access denied"),
)


def _faulty(name: str, fault: MailFault, *, right: Verdict = UNKNOWN) -> Scenario:
    """A good mailbox behind a broken server."""
    return one(name, right, faults=frozenset({fault}), or_else=(CATCH_ALL,) if right is DELIVERABLE else ())


_SPLIT: Final = "220-{host} ESMTP please wait\n220 {host} ESMTP Postfix"

SESSIONS: Final[tuple[Scenario, ...]] = (
    one("tarpit", DELIVERABLE, rcpt_wait_s=4.0),
    one("slow_replies", DELIVERABLE, reply_wait_s=0.8),
    one("slow_banner", DELIVERABLE, banner_wait_s=6.0),
    one("split_banner", DELIVERABLE, banner=_SPLIT, split_banner=True, banner_wait_s=5.0),
    one("helo_only", DELIVERABLE, esmtp=False, tls=Tls.NONE),
    one("no_encryption", DELIVERABLE, tls=Tls.NONE),
    one("encryption_required", DELIVERABLE, tls=Tls.REQUIRED),
    one(
        "encryption_required_by_route",
        DELIVERABLE,
        style=MIMECAST,
        tls=Tls.REQUIRED_BY_RCPT,
        tls_reply="553 This route requires encryption (TLS)",
    ),
    one("encryption_declined", DELIVERABLE, tls=Tls.DECLINED),
    _faulty("encryption_broken", MailFault.TLS_BROKEN, right=DELIVERABLE),
    one(
        "encryption_required_and_broken",
        UNKNOWN,
        tls=Tls.REQUIRED,
        faults=frozenset({MailFault.TLS_BROKEN}),
    ),
    _faulty("one_recipient_a_session", MailFault.ONE_RCPT, right=DELIVERABLE),
    _faulty("gone_after_a_refusal", MailFault.DROP_AFTER_REFUSAL, right=DELIVERABLE),
    one("bad_and_gone_after_it", INVALID, answer=POSTFIX.unknown, faults=frozenset({MailFault.DROP_AFTER_REFUSAL})),
    _faulty("dropped_at_connect", MailFault.DROP_CONNECT),
    _faulty("dropped_at_helo", MailFault.DROP_HELO),
    _faulty("silent", MailFault.SILENT),
    _faulty("one_byte_a_second", MailFault.DRIP),
    _faulty("garbage", MailFault.GARBAGE),
    _faulty("oversized_reply", MailFault.OVERSIZED),
    _faulty("closing", MailFault.CLOSING),
    _faulty("closing_banner", MailFault.CLOSING_BANNER),
    _faulty("busy_banner", MailFault.BUSY_BANNER),
    _faulty("blocklisted_banner", MailFault.BLOCKLISTED),
    one("takes_no_mail", UNKNOWN, banner="521 5.3.2 {host} does not accept mail", or_else=(INVALID_DOMAIN,)),
)
