"""The smaller providers and gateways in their own words."""

from typing import Final

from openenrich.sandbox.mail.style import Style

ESSENTIALS: Final = Style(
    "Proofpoint Essentials",
    suffix="ppe-hosted.com",
    unknown="550 5.7.1 <{rcpt}>: Recipient address rejected: User email address is marked as invalid.",
)
BARRACUDA: Final = Style(
    "Barracuda",
    suffix="ess.barracudanetworks.com",
    banner="220 {host} ESMTP (d41d8cd98f00b204)",
    accepted="250 2.1.5 OK",
    unknown="550 No such user ({rcpt})",
    blocked="550 Blocked",
)
TREND: Final = Style(
    "Trend Micro",
    suffix="in.tmes.trendmicro.com",
    banner="220 {host} Trend Micro Email Security Service ready at Mon, 05 Jan 2026 10:11:12 +0000",
    unknown="554 5.7.1 <{rcpt}>: Recipient address rejected: Invalid-Recipient.",
)
CISCO: Final = Style(
    "Cisco",
    suffix="iphmx.com",
    banner="220 {host} ESMTP",
    mail="250 sender <{from}> ok",
    accepted="250 recipient <{rcpt}> ok",
    unknown="550 #5.1.0 Address rejected.",
    blocked_banner=(
        "554-{host}\n554 Your access to this mail system has been rejected due to the sending MTA's poor reputation. "
        "If you believe that this failure is in error, please contact the intended recipient via alternate means."
    ),
)
SYMANTEC: Final = Style(
    "Symantec",
    suffix="eu.messagelabs.com",
    banner="220 server-12.tower-345.messagelabs.com ESMTP",
    mail="250 OK",
    accepted="250 OK",
    unknown="550 Invalid recipient {rcpt} (#5.1.1)",
)
ICLOUD: Final = Style(
    "iCloud",
    suffix="mail.icloud.com",
    banner="220 {host} -- Server ESMTP",
    accepted="250 2.1.5 Ok",
    unknown="550 5.1.1 <{rcpt}>: user does not exist",
    disabled="550 5.2.1 <{rcpt}>: inactive email address",
    full="552 5.2.2 <{rcpt}>: user is overquota",
    full_for_now="452 4.2.2 <{rcpt}>: user is overquota",
    blocked=(
        "550 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137"
    ),
    blocked_banner="554 Blocked - see https://ipcheck.proofpoint.com/?ip={ip}",
)
GMX: Final = Style(
    "GMX",
    suffix="mx.gmx.net",
    banner="220 gmx.net (mxgmx117) Nemesis ESMTP Service ready",
    mail="250 Requested mail action okay, completed",
    accepted="250 Requested mail action okay, completed",
    unknown="550 Requested action not taken: mailbox unavailable",
    blocked_banner=(
        "554-gmx.net (mxgmx117) Nemesis ESMTP Service not available\n554-No SMTP service\n"
        "554-IP address is block listed.\n"
        "554 For explanation visit https://www.gmx.net/mail/senderguidelines?c=bl"
    ),
)
IONOS: Final = Style(
    "IONOS",
    suffix="kundenserver.de",
    banner="220 kundenserver.de (mxeue010) Nemesis ESMTP Service ready",
    mail="250 Requested mail action okay, completed",
    accepted="250 Requested mail action okay, completed",
    unknown="550 Requested action not taken: mailbox unavailable",
)
ZOHO: Final = Style(
    "Zoho",
    suffix="zoho.eu",
    banner="220 mx.zoho.eu SMTP Server ready January 05, 2026 10:11:12 AM GMT",
    mail="250 Sender <{from}> OK",
    accepted="250 Recipient <{rcpt}> OK",
    unknown="550 5.1.1 User does not exist - <{rcpt}>",
    disabled="550 5.2.1 Mailbox is inactive - <{rcpt}>",
)
YANDEX: Final = Style(
    "Yandex",
    suffix="mx.yandex.net",
    banner="220 {host} (Want to use Yandex.Mail for your domain? Visit http://pdd.yandex.ru)",
    mail="250 2.1.0 <{from}> ok",
    accepted="250 2.1.5 <{rcpt}> recipient ok",
    unknown="550 5.7.1 No such user!",
)
MAIL_RU: Final = Style("mail.ru", suffix="mxs.mail.ru", banner="220 {host} ESMTP (Looking for Mail)", accepted="250 OK")
QQ: Final = Style(
    "QQ",
    suffix="mx1.qq.com",
    banner="220 newxmmxszb12.qq.com MX QQ Mail Server.",
    accepted="250 OK",
    unknown="550 Mailbox not found. http://service.mail.qq.com/cgi-bin/help?subtype=1&id=20022&no=1000728",
)
ORANGE: Final = Style(
    "Orange",
    suffix="smtp-in.orange.fr",
    banner="220 mwinf5c04 ME ESMTP server ready",
    unknown="550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]",
    full="552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]",
)
COMCAST: Final = Style("Comcast", suffix="mx.comcast.net", unknown="550 5.1.1 Not our Customer")
FREE: Final = Style(
    "Free",
    suffix="mx.free.fr",
    disabled="550 5.2.1 <{rcpt}>: Recipient address rejected: This mailbox has been blocked due to inactivity",
)
GODADDY: Final = Style(
    "GoDaddy",
    suffix="mailstore1.secureserver.net",
    banner="220 {host} bizsmtp ESMTP server ready",
    accepted="250 2.1.5 <{rcpt}> recipient ok",
    unknown="550 5.1.1 <{rcpt}> recipient rejected: no such user",
    blocked="554 {ip} has been temporarily blocked for attempting to mail too many invalid recipients. IB112",
)
OVH: Final = Style(
    "OVH",
    suffix="mail.ovh.net",
    banner="220 {host} ESMTP mx12.mail.ovh.net",
    unknown="550 5.1.1 <{rcpt}>: Recipient address rejected: User unknown in relay recipient table",
)
FASTMAIL: Final = Style(
    "Fastmail",
    suffix="messagingengine.com",
    banner="220 {host} ESMTP . No UCE permitted.",
    smtputf8=True,
    unknown="550 5.1.1 <{rcpt}>: Recipient address rejected: User unknown in virtual mailbox table",
)
