"""Scenarios of the farm: what each provider says about good, bad, full, disabled and throttled mailboxes."""

from typing import Final

from openenrich.sandbox.mail.scenario import CATCH_ALL, DELIVERABLE, INVALID, PROBABLE, UNKNOWN, Scenario, one
from openenrich.sandbox.mail.script import Greylist
from openenrich.sandbox.mail.styles import (
    GOOGLE,
    MICROSOFT,
    MIMECAST,
    OUTLOOK,
    PROOFPOINT,
    YAHOO,
)
from openenrich.sandbox.mail.styles_more import (
    BARRACUDA,
    CISCO,
    COMCAST,
    ESSENTIALS,
    FASTMAIL,
    FREE,
    GMX,
    GODADDY,
    ICLOUD,
    IONOS,
    MAIL_RU,
    ORANGE,
    OVH,
    QQ,
    SYMANTEC,
    TREND,
    YANDEX,
    ZOHO,
)

_TRUTHFUL: Final = {
    "google": GOOGLE,
    "microsoft": MICROSOFT,
    "outlook": OUTLOOK,
    "proofpoint": PROOFPOINT,
    "essentials": ESSENTIALS,
    "barracuda": BARRACUDA,
    "cisco": CISCO,
    "symantec": SYMANTEC,
    "trend": TREND,
    "icloud": ICLOUD,
    "gmx": GMX,
    "ionos": IONOS,
    "zoho": ZOHO,
    "yandex": YANDEX,
    "qq": QQ,
    "orange": ORANGE,
    "comcast": COMCAST,
    "godaddy": GODADDY,
    "ovh": OVH,
    "fastmail": FASTMAIL,
}

_BY_THE_MINUTE: Final = Greylist(MIMECAST.greylisted, 60.0)
_VERIFYING: Final = Greylist(PROOFPOINT.greylisted, 60.0)

PROVIDERS: Final[tuple[Scenario, ...]] = (
    *(one(f"{name}_good", DELIVERABLE, style=style) for name, style in _TRUTHFUL.items()),
    *(one(f"{name}_bad", INVALID, style=style, answer=style.unknown) for name, style in _TRUTHFUL.items()),
    # Google
    one(
        "google_bad_syntax",
        INVALID,
        style=GOOGLE,
        answer="553 5.1.3 The recipient address <{rcpt}> is not a valid RFC 5321 address. - gsmtp",
    ),
    one("google_disabled", INVALID, style=GOOGLE, answer=GOOGLE.disabled),
    one("google_full_for_now", PROBABLE, style=GOOGLE, answer=GOOGLE.full_for_now, or_else=(CATCH_ALL,)),
    one("google_full", INVALID, style=GOOGLE, answer=GOOGLE.full),
    one("google_throttled", PROBABLE, style=GOOGLE, answer=GOOGLE.throttled),
    one(
        "google_throttled_for_good",
        PROBABLE,
        style=GOOGLE,
        answer=(
            "550-5.2.1 The user you are trying to contact is receiving mail at a rate that\n"
            "550-5.2.1 prevents additional messages from being delivered. For more\n"
            "550 5.2.1 information, please visit https://support.google.com/mail/?p=ReceivingRatePerm {id} - gsmtp"
        ),
    ),
    one("google_catch_all", CATCH_ALL, style=GOOGLE, stranger=GOOGLE.accepted),
    # Microsoft
    one("microsoft_without_edge_blocking", CATCH_ALL, style=MICROSOFT, stranger=MICROSOFT.accepted),
    one(
        "exchange_online_bad",
        INVALID,
        style=MICROSOFT,
        answer="550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {rcpt} not found by SMTP address lookup",
    ),
    one("microsoft_throttled", PROBABLE, style=MICROSOFT, answer=MICROSOFT.throttled),
    # Yahoo and mail.ru take every name
    one("yahoo_any_name", CATCH_ALL, style=YAHOO, stranger=YAHOO.accepted),
    one("yahoo_bad_name", CATCH_ALL, style=YAHOO, stranger=YAHOO.accepted, answer=YAHOO.accepted, local="nobody.atall"),
    one("yahoo_bad", INVALID, style=YAHOO, answer=YAHOO.unknown),
    one(
        "yahoo_not_valid",
        INVALID,
        style=YAHOO,
        answer="554 delivery error: dd Not a valid recipient - atlas123.free.mail.bf1.yahoo.com",
    ),
    one("yahoo_disabled", INVALID, style=YAHOO, answer=YAHOO.disabled),
    one("mail_ru_any_name", CATCH_ALL, style=MAIL_RU, stranger=MAIL_RU.accepted),
    # gateways
    one("mimecast_good", UNKNOWN, style=MIMECAST, greylist=_BY_THE_MINUTE, later=(DELIVERABLE, 61.0)),
    one(
        "mimecast_bad",
        UNKNOWN,
        style=MIMECAST,
        answer=MIMECAST.unknown,
        greylist=_BY_THE_MINUTE,
        later=(INVALID, 61.0),
    ),
    one("mimecast_bad_sequence_code", INVALID, style=MIMECAST, answer="503 User unknown"),
    one("mimecast_without_recipient_check", CATCH_ALL, style=MIMECAST, stranger=MIMECAST.accepted),
    one("proofpoint_verifying_good", UNKNOWN, style=PROOFPOINT, greylist=_VERIFYING, later=(DELIVERABLE, 61.0)),
    one(
        "proofpoint_verifying_bad",
        UNKNOWN,
        style=PROOFPOINT,
        answer=PROOFPOINT.unknown,
        greylist=_VERIFYING,
        later=(INVALID, 61.0),
    ),
    one("barracuda_without_directory", CATCH_ALL, style=BARRACUDA, stranger=BARRACUDA.accepted),
    # others
    one("icloud_full", INVALID, style=ICLOUD, answer=ICLOUD.full),
    one("orange_full", INVALID, style=ORANGE, answer=ORANGE.full),
    one("free_inactive", INVALID, style=FREE, answer=FREE.disabled),
)
