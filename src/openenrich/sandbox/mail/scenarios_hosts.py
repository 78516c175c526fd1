"""Scenarios of the farm: kinds of mail software, languages, catch-all in all its forms, greylists, put-offs."""

from typing import Final

from openenrich.sandbox.mail.scenario import (
    CATCH_ALL,
    DELIVERABLE,
    INVALID,
    INVALID_DOMAIN,
    PROBABLE,
    UNKNOWN,
    Book,
    Host,
    Scenario,
    one,
    several,
)
from openenrich.sandbox.mail.script import Greylist
from openenrich.sandbox.mail.style import script_of
from openenrich.sandbox.mail.styles import CPANEL, EXCHANGE, EXIM, HMAIL, OPENSMTPD, POSTFIX, QMAIL

_SOFTWARE: Final = {
    "postfix": POSTFIX,
    "exim": EXIM,
    "cpanel": CPANEL,
    "opensmtpd": OPENSMTPD,
    "qmail": QMAIL,
    "exchange": EXCHANGE,
    "hmail": HMAIL,
}
_PLAIN: Final = script_of(POSTFIX)
_REJECTED: Final = "<{rcpt}>: Recipient address rejected:"

SOFTWARE: Final[tuple[Scenario, ...]] = (
    *(one(f"{name}_good", DELIVERABLE, style=style) for name, style in _SOFTWARE.items()),
    *(one(f"{name}_bad", INVALID, style=style, answer=style.unknown) for name, style in _SOFTWARE.items()),
    one("opensmtpd_bad_plain", INVALID, style=OPENSMTPD, answer="550 Invalid recipient: <{rcpt}>"),
    one("opensmtpd_plus_tag", DELIVERABLE, style=OPENSMTPD, local="dana.reyes+news"),
    one("postfix_full", INVALID, answer=POSTFIX.full),
    one("postfix_full_for_now", PROBABLE, answer=POSTFIX.full_for_now, or_else=(CATCH_ALL,)),
    one("qmail_full", INVALID, style=QMAIL, answer=QMAIL.full),
    one("spanish_bad", INVALID, answer="550 no existe ese usuario"),
    one("german_bad", INVALID, answer="550 5.1.1 Benutzer unbekannt: Dieses Postfach existiert nicht"),
    one("french_bad", INVALID, answer="550 5.1.1 <{rcpt}>: Adresse invalide, utilisateur inconnu"),
    one("bare_code_bad", INVALID, answer="550 5.1.1"),
    one(
        "policy_words_in_the_name",
        INVALID,
        local="spam.blocked",
        answer=f"550 5.1.1 {_REJECTED} User unknown in local recipient table",
    ),
    one("policy_words_in_a_good_name", DELIVERABLE, local="policy.greylist"),
    one(
        "no_word_of_the_mailbox",
        UNKNOWN,
        answer="550 5.0.0 Your request could not be completed at this moment in this form",
    ),
)

TAKING_ALL: Final[tuple[Scenario, ...]] = (
    one("catch_all", CATCH_ALL, stranger=POSTFIX.accepted),
    one("catch_all_exim", CATCH_ALL, style=EXIM, stranger=EXIM.accepted),
    one("catch_all_by_shape", CATCH_ALL, plausible=POSTFIX.accepted),
    one("catch_all_by_shape_one_word", CATCH_ALL, plausible=POSTFIX.accepted, local="reyes"),
    several(
        "catch_all_on_backup_only",
        CATCH_ALL,
        {
            "mx1.catch-all-on-backup-only.test": Host(None),
            "mx2.catch-all-on-backup-only.test": Host(_PLAIN, Book({}, POSTFIX.accepted)),
        },
    ),
    several(
        "bad_at_the_first_taken_by_the_backup",
        INVALID,
        {
            "mx1.backup-takes-all.test": Host(_PLAIN, Book({}, POSTFIX.unknown)),
            "mx2.backup-takes-all.test": Host(_PLAIN, Book({}, POSTFIX.accepted)),
        },
    ),
    several(
        "good_at_the_first_backup_takes_all",
        DELIVERABLE,
        {
            "mx1.good-backup-takes-all.test": Host(_PLAIN, Book({"dana.reyes": POSTFIX.accepted}, POSTFIX.unknown)),
            "mx2.good-backup-takes-all.test": Host(_PLAIN, Book({}, POSTFIX.accepted)),
        },
    ),
    one("code_252", CATCH_ALL, answer="252 2.1.5 Cannot verify user, but will accept message and attempt delivery"),
    one("code_251", DELIVERABLE, answer="251 2.1.5 User not local; will forward to <{rcpt}>"),
    one("test_answered_by_a_block", CATCH_ALL, stranger=f"550 5.7.1 {_REJECTED} Blocked by policy"),
    one("test_put_off", CATCH_ALL, stranger="451 4.3.0 <{rcpt}>: Temporary lookup failure"),
    one("test_ended_by_too_many_errors", DELIVERABLE, most_refusals=1, or_else=(CATCH_ALL,)),
)


def _greylisted(name: str, reply: str, wait_s: float = 300.0) -> Scenario:
    return one(name, UNKNOWN, greylist=Greylist(reply, wait_s), later=(DELIVERABLE, wait_s + 1))


GREYLISTS: Final[tuple[Scenario, ...]] = (
    _greylisted("greylist_postgrey", POSTFIX.greylisted),
    _greylisted("greylist_for_minutes", f"451 4.7.1 {_REJECTED} Greylisted for 5 minutes"),
    _greylisted("greylist_in_seconds", f"450 4.2.0 {_REJECTED} Greylisted, try again in {{seconds}} seconds", 40.0),
    _greylisted("greylist_greylistd", "451 4.7.1 Greylisting in action, please come back later", 60.0),
    _greylisted("greylist_long", f"451 4.7.1 {_REJECTED} Please try again in 00:30:00", 1800.0),
    one(
        "greylist_for_known_names_only",
        UNKNOWN,
        greylist=Greylist(POSTFIX.greylisted, 300.0, strangers=False),
        later=(DELIVERABLE, 301.0),
    ),
    one(
        "greylist_bad_at_once",
        INVALID,
        answer=POSTFIX.unknown,
        greylist=Greylist(POSTFIX.greylisted, 300.0, strangers=False),
    ),
    one(
        "greylist_catch_all",
        UNKNOWN,
        stranger=POSTFIX.accepted,
        greylist=Greylist(POSTFIX.greylisted),
        later=(CATCH_ALL, 61.0),
    ),
)

TEMPORARY: Final[tuple[Scenario, ...]] = (
    one("temporarily_unknown", UNKNOWN, answer=f"450 4.1.1 {_REJECTED} User unknown in virtual mailbox table"),
    one("lookup_failure", UNKNOWN, answer="451 4.3.0 <{rcpt}>: Temporary lookup failure"),
    one("server_disk_full", UNKNOWN, answer="452 4.3.1 Insufficient system storage"),
    one("policy_that_never_clears", UNKNOWN, answer="450 4.7.1 cuda_nsu {rcpt}: Policy Rejection"),
    one("too_many_recipients_at_once", UNKNOWN, answer="452 4.5.3 Error: too many recipients"),
    one("relay_denied", UNKNOWN, answer=POSTFIX.not_hosted, stranger=POSTFIX.not_hosted, or_else=(INVALID_DOMAIN,)),
    one("not_in_rcpthosts", UNKNOWN, answer=QMAIL.not_hosted, stranger=QMAIL.not_hosted, or_else=(INVALID_DOMAIN,)),
    one("exim_relay_for_a_hosted_domain", UNKNOWN, style=EXIM, answer=EXIM.not_hosted, or_else=(INVALID_DOMAIN,)),
)
