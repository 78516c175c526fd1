"""The kinds of mail servers in the wild, each in its own words (provider facts of the specification)."""

from typing import Final

from openenrich.sandbox.mail.style import Style

POSTFIX: Final = Style("Postfix", smtputf8=True)
EXIM: Final = Style(
    "Exim",
    banner="220 {host} ESMTP Exim 4.97 Mon, 05 Jan 2026 10:11:12 +0000",
    capabilities=("SIZE 52428800", "8BITMIME", "PIPELINING", "PIPECONNECT"),
    mail="250 OK",
    accepted="250 Accepted",
    unknown="550 Unrouteable address",
    disabled="550 Mailbox disabled for this recipient",
    full="552 mailbox is full / over quota",
    full_for_now="452 mailbox is full",
    blocked="550-{ip} is listed at zen.spamhaus.org\n550 (127.0.0.4: https://www.spamhaus.org/query/ip/{ip})",
    blocked_banner="554 {ip} is listed at zen.spamhaus.org",
    not_hosted="550 relay not permitted",
    greylisted="451 Greylisting in action, please come back in {seconds} seconds",
    most_refusals=1000,
)
CPANEL: Final = Style(
    "cPanel",
    banner="220-{host} ESMTP Exim 4.96.2 #2 Mon, 05 Jan 2026 10:11:12 +0000\n"
    "220-We do not authorize the use of this system to transport unsolicited,\n220 and/or bulk e-mail.",
    capabilities=("SIZE 52428800", "8BITMIME", "PIPELINING"),
    mail="250 OK",
    accepted="250 Accepted",
    unknown='550 No Such User Here"',
    not_hosted="550 relay not permitted",
    most_refusals=1000,
)
OPENSMTPD: Final = Style(
    "OpenSMTPD",
    banner="220 {host} ESMTP OpenSMTPD",
    capabilities=("8BITMIME", "ENHANCEDSTATUSCODES", "SIZE 36700160", "DSN"),
    accepted="250 2.1.5 Destination address valid: Recipient ok",
    unknown="524 5.2.4 Mailing list expansion problem",
    not_hosted="550 Invalid recipient: <{rcpt}>",
    most_refusals=1000,
)
QMAIL: Final = Style(
    "qmail",
    banner="220 {host} ESMTP",
    capabilities=("PIPELINING", "8BITMIME"),
    mail="250 ok",
    accepted="250 ok",
    unknown="553 sorry, no mailbox here by that name (#5.1.1)",
    full="552 sorry, that mailbox is over quota (#5.2.2)",
    not_hosted="553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
    most_refusals=1000,
)
EXCHANGE: Final = Style(
    "Exchange",
    banner="220 {host} Microsoft ESMTP MAIL Service ready at Mon, 5 Jan 2026 10:11:12 +0000",
    capabilities=("SIZE 37748736", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "8BITMIME", "CHUNKING"),
    mail="250 2.1.0 Sender OK",
    accepted="250 2.1.5 Recipient OK",
    unknown="550 5.1.1 User unknown",
    throttled="432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded",
    not_hosted="550 5.7.1 Unable to relay",
)
HMAIL: Final = Style(
    "hMailServer",
    banner="220 {host} ESMTP",
    capabilities=("SIZE 20480000",),
    mail="250 OK",
    accepted="250 OK",
    unknown="550 Unknown user",
    not_hosted="550 Delivery is not allowed to this address.",
)

GOOGLE: Final = Style(
    "Google",
    suffix="aspmx.l.google.com",
    banner="220 mx.google.com ESMTP {id} - gsmtp",
    capabilities=("SIZE 157286400", "8BITMIME", "ENHANCEDSTATUSCODES", "PIPELINING", "CHUNKING"),
    smtputf8=True,
    mail="250 2.1.0 OK {id} - gsmtp",
    accepted="250 2.1.5 OK {id} - gsmtp",
    unknown=(
        "550-5.1.1 The email account that you tried to reach does not exist. Please try\n"
        "550-5.1.1 double-checking the recipient's email address for typos or\n"
        "550-5.1.1 unnecessary spaces. For more information, go to\n"
        "550 5.1.1  https://support.google.com/mail/?p=NoSuchUser {id} - gsmtp"
    ),
    disabled=(
        "550 5.2.1 The email account that you tried to reach is inactive. "
        "Learn more at https://support.google.com/mail/?p=DisabledUser {id} - gsmtp"
    ),
    full=(
        "552-5.2.2 The recipient's inbox is out of storage space and inactive. Please\n"
        "552-5.2.2 direct the recipient to\n"
        "552 5.2.2  https://support.google.com/mail/?p=OverQuotaPerm {id} - gsmtp"
    ),
    full_for_now=(
        "452-4.2.2 The recipient's inbox is out of storage space. Please direct the\n"
        "452-4.2.2 recipient to\n"
        "452 4.2.2  https://support.google.com/mail/?p=OverQuotaTemp {id} - gsmtp"
    ),
    throttled=(
        "450-4.2.1 The user you are trying to contact is receiving mail too quickly. Please\n"
        "450-4.2.1 resend your message at a later time. If the user is able to receive mail\n"
        "450 4.2.1 at that time, your message will be delivered. "
        "https://support.google.com/mail/?p=ReceivingRate {id} - gsmtp"
    ),
    blocked=(
        "550-5.7.1 [{ip}] Our system has detected that this message is likely suspicious due to the very low\n"
        "550-5.7.1 reputation of the sending IP address. To best protect our users from spam, the message\n"
        "550 5.7.1 has been blocked. https://support.google.com/mail/answer/188131 {id} - gsmtp"
    ),
    blocked_banner=(
        "421 4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP address. "
        "Mail has been temporarily rate limited. {id} - gsmtp"
    ),
    not_hosted="550 5.7.1 Relaying denied {id} - gsmtp",
    most_refusals=50,
)
MICROSOFT: Final = Style(
    "Microsoft 365",
    suffix="mail.protection.outlook.com",
    banner="220 {host} Microsoft ESMTP MAIL Service ready at Mon, 5 Jan 2026 10:11:12 +0000",
    capabilities=("SIZE 157286400", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "8BITMIME", "BINARYMIME", "CHUNKING"),
    smtputf8=True,
    mail="250 2.1.0 Sender OK",
    accepted="250 2.1.5 Recipient OK",
    unknown=(
        "550 5.4.1 Recipient address rejected: Access denied. "
        "[DB1PEPF0001.prod.outlook.com 2026-01-05T10:11:12.131Z 08DE0000]"
    ),
    throttled="432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded",
    blocked=(
        "550 5.7.606 Access denied, banned sending IP [{ip}]. To request removal from this list please visit "
        "https://sender.office.com/ and follow the directions. AS(1410)"
    ),
    not_hosted="550 5.7.64 TenantAttribution; Relay Access Denied [DB3EUR.prod.protection.outlook.com]",
    greylisted="451 4.7.500 Server busy. Please try again later from [{ip}]. (AS77712344)",
    greylist_s=60.0,
)
OUTLOOK: Final = Style(
    "Outlook.com",
    suffix="olc.protection.outlook.com",
    banner="220 {host} Microsoft ESMTP MAIL Service ready at Mon, 5 Jan 2026 10:11:12 +0000",
    mail="250 2.1.0 Sender OK",
    accepted="250 2.1.5 Recipient OK",
    unknown="550 5.5.0 Requested action not taken: mailbox unavailable. [mw2nam10ft.protection.outlook.com]",
    blocked=(
        "550 5.7.1 Unfortunately, messages from [{ip}] weren't sent. Please contact your Internet service provider "
        "since part of their network is on our block list (S3150)."
    ),
)
YAHOO: Final = Style(
    "Yahoo",
    suffix="am0.yahoodns.net",
    banner="220 mtaproxy511.free.mail.bf1.yahoo.com ESMTP ready",
    mail="250 sender <{from}> ok",
    accepted="250 recipient <{rcpt}> ok",
    unknown="552 1 Requested mail action aborted, mailbox not found",
    disabled="554 30 Sorry, your message to {rcpt} cannot be delivered. This mailbox is disabled (554.30).",
    blocked_banner=(
        "553 5.7.1 [BL21] Connections will not be accepted from {ip}, because the ip is in Spamhaus's list; "
        "see https://postmaster.yahooinc.com/error-codes"
    ),
)
MIMECAST: Final = Style(
    "Mimecast",
    suffix="mimecast.com",
    banner="220 {host} ESMTP; Mon, 05 Jan 2026 10:11:12 +0000",
    mail="250 Sender OK [{id}.uk21]",
    accepted="250 Recipient OK [{id}.uk21]",
    unknown="550 Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550 [{id}.uk21]",
    blocked=(
        "550 csi.mimecast.org Poor Reputation Sender. - https://community.mimecast.com/docs/DOC-1369#550 [{id}.us31]"
    ),
    greylisted=(
        "451 Internal resources are temporarily unavailable - "
        "https://community.mimecast.com/docs/DOC-1369#451 [{id}.uk21]"
    ),
    greylist_s=60.0,
)
PROOFPOINT: Final = Style(
    "Proofpoint",
    suffix="pphosted.com",
    banner="220 {host} ESMTP mfa-m0123456",
    unknown="550 5.1.1 <{rcpt}>: Recipient address rejected: User unknown",
    blocked="550 5.7.1 Service unavailable; client [{ip}] blocked using prs.proofpoint.com",
    blocked_banner="554 Blocked - see https://ipcheck.proofpoint.com/?ip={ip}",
    greylisted=("450 4.1.1 <{rcpt}>: Recipient address rejected: unverified address: Address verification in progress"),
    greylist_s=60.0,
)
