"""The decision order of email-verification, section 5: rules over a reply made ready, first hit wins.

Pure. The words are in `reply_words`; how a reply is made ready, and what becomes of the decision, in `smtp_replies`.
"""

import re
from collections.abc import Callable
from typing import Final

import msgspec

from openenrich.core import reply_words as words
from openenrich.core.mail_hosts import MailHost
from openenrich.core.reply_kinds import ReplyClass, Stage


class Said(msgspec.Struct, frozen=True):
    """A reply made ready. ``raw`` is only for the marks that providers put in capitals."""

    code: int
    enhanced: str
    plain: str
    raw: str
    names_list: bool
    host: MailHost | None
    ascii_mailbox: bool

    def has(self, family: re.Pattern[str]) -> bool:
        return family.search(self.plain) is not None

    @property
    def temporary(self) -> bool:
        return self.code < 500

    @property
    def detail(self) -> str:
        """The enhanced code without its class, which servers get wrong: "1.1"."""
        return self.enhanced[2:]


Decision = tuple[ReplyClass, str]
Rule = Callable[[Said], Decision | None]


def accepting(said: Said) -> Decision:
    if not 200 <= said.code < 300:
        return ReplyClass.UNCLEAR, "unclear"
    if said.code == 252 or said.has(words.CANNOT_VERIFY):
        return ReplyClass.ACCEPTS_ANYTHING, "cannot_verify"
    if said.host is not None and said.host.accepts_anything:
        return ReplyClass.ACCEPTS_ANYTHING, "host_accepts_anything"
    return ReplyClass.ACCEPTED, "accepted"


def refusing(said: Said, stage: Stage) -> Decision:
    rules = _RULES if stage is Stage.RCPT else _BEFORE_RECIPIENT
    found = next((decision for rule in rules if (decision := rule(said)) is not None), None)
    if found is not None:
        return found
    if said.temporary:
        return ReplyClass.TEMPORARY, "temporary"
    return (ReplyClass.UNCLEAR, "unclear") if stage is Stage.RCPT else _REFUSED_AT.get(stage, _REFUSED)


_REFUSED: Final = (ReplyClass.BLOCKED, "refused")
_REFUSED_AT: Final = {
    Stage.EHLO: (ReplyClass.SESSION, "helo"),
    Stage.STARTTLS: (ReplyClass.SESSION, "tls"),
    Stage.MAIL: (ReplyClass.SESSION, "sender_refused"),
}
"""A refusal without a word that is known, by what it answers."""


def _takes_no_mail(said: Said) -> Decision | None:
    """A host that only exists to say so (RFC 7504), whenever it does."""
    is_said = said.code == 521 and not said.names_list and said.detail != "2.1"
    return (ReplyClass.NOT_HOSTED, "host_takes_no_mail") if is_said else None


def _relay(said: Said) -> Decision | None:
    """Before the words about who we are, which some servers add to a plain "relaying denied"."""
    if said.detail in {"7.64", "4.4"}:
        return ReplyClass.NOT_HOSTED, "not_hosted"
    return (ReplyClass.NOT_HOSTED, "relay_denied") if said.has(words.RELAY_DENIED) else None


_ABOUT_US: Final = (
    (words.SPF, "spf"),
    (words.DKIM, "dkim"),
    (words.DMARC, "dmarc"),
    (words.REVERSE_NAME, "reverse_name"),
    (words.GREETING_WORDS, "helo"),
    (words.TLS, "tls_required"),
    (words.SENDER_WORDS, "sender_refused"),
    (words.AUTHENTICATION, "authentication"),
)
_CODES_ABOUT_US: Final = {
    "1.7": "sender_refused",
    "1.8": "sender_refused",
    "7.8": "authentication",
    "7.10": "tls_required",
    "7.12": "sender_refused",
    "7.20": "dkim",
    "7.21": "dkim",
    "7.22": "dkim",
    "7.23": "spf",
    "7.24": "spf",
    "7.25": "reverse_name",
    "7.26": "authentication",
    "7.27": "sender_refused",
    "7.29": "tls_required",
    "7.30": "dkim",
    "7.32": "dmarc",
    "7.57": "authentication",
    "7.506": "helo",
    "7.509": "dmarc",
    "7.515": "authentication",
}


def _about_us(said: Said) -> Decision | None:
    reason = next((reason for family, reason in _ABOUT_US if said.has(family)), None)
    if reason == "authentication" and said.has(words.NO_USER):
        reason = None  # "no such user, or you may not see it"
    reason = reason or _CODES_ABOUT_US.get(said.detail)
    return (ReplyClass.SESSION, reason) if reason else None


def _session_limit(said: Said) -> Decision | None:
    """Unless it is a lasting answer to probing: then it is a block."""
    blamed = said.has(words.PROBING)
    lasting = not said.temporary and said.detail.startswith("7.")
    if blamed and (lasting or said.has(words.POLICY) or said.has(words.ATTACK)):
        return None
    is_limit = said.detail == "5.3" or said.has(words.SESSION_LIMIT)
    if not is_limit or said.has(words.THROTTLED):
        return None
    return ReplyClass.SESSION_LIMIT, "too_many_recipients" if "recip" in said.plain else "session_limit"


def _edge_block(said: Said) -> Decision | None:
    """Directory-based edge blocking: reads like a policy and means that there is no such user."""
    is_it = said.enhanced == "5.4.1" and "access denied" in said.plain
    return (ReplyClass.NO_USER, "no_such_user") if is_it else None


AGAINST_US: Final = frozenset({"blocklist", "reputation", "rate", "probing", "spam", "policy", "address", "refused"})
_BLOCKS: Final = (
    (words.PROBING, "probing"),
    (words.BLOCK_LIST, "blocklist"),
    (words.REPUTATION, "reputation"),
    (words.RATE, "rate"),
    (words.SPAM, "spam"),
    (words.POLICY, "policy"),
    (words.AGAINST_OUR_ADDRESS, "address"),
)


def _block(said: Said) -> Decision | None:
    reason = _blocked_because(said)
    if reason is None or _blocks_only_mailbox(said, reason) or (reason == "rate" and _throttled(said)):
        return None
    if said.has(words.GREY_WORD) or words.GREY_TAG.search(said.raw):
        return ReplyClass.GREYLISTED, "greylisted"
    return ReplyClass.TEMPORARY if said.temporary else ReplyClass.BLOCKED, reason


def _blocked_because(said: Said) -> str | None:
    if said.names_list:
        return "blocklist"
    found = next((reason for family, reason in _BLOCKS if said.has(family)), None)
    return found or ("policy" if words.BLOCK_TAG.search(said.raw) else None)


def _blocks_only_mailbox(said: Said, reason: str) -> bool:
    """As in "this mailbox has been blocked", unless something else is blamed too."""
    return reason == "policy" and said.has(words.DISABLED) and not said.has(_SURELY_POLICY)


_SURELY_POLICY: Final = re.compile(
    r"\bpolic|prohibit|forbidden|administrat|banned|firewall|countr|content|message (?:was |is )?blocked"
)


def _greylist(said: Said) -> Decision | None:
    if said.has(words.GREYLISTED) or words.GREY_TAG.search(said.raw):
        return ReplyClass.GREYLISTED, "greylisted"
    if not said.temporary or said.code == 421:
        return None
    # Filters that say nothing else: policy code, "try again".
    soft = said.detail == "7.1" and said.has(words.TRY_AGAIN) and not said.has(words.OUR_FAULT)
    known = said.host is not None and said.host.greylists and not said.has(words.FULL)
    return (ReplyClass.GREYLISTED, "greylisted") if soft or known else None


def _full(said: Said) -> Decision | None:
    if said.has(words.SERVER_STORAGE) and not said.has(_OF_SOMEBODY) and said.detail != "2.2":
        return None
    is_full = said.detail == "2.2" or (said.has(words.FULL) and not said.has(words.SENDING_QUOTA))
    return (ReplyClass.FULL, "mailbox_full") if is_full else None


_OF_SOMEBODY: Final = re.compile(r"mail ?box|user|inbox|recipient|account|quota")


def _throttled(said: Said) -> Decision | None:
    is_it = said.detail in {"2.121", "2.122"} or said.has(words.THROTTLED)
    return (ReplyClass.THROTTLED, "throttled") if is_it else None


def _not_hosted(said: Said) -> Decision | None:
    if said.code == 556 or said.detail == "4.310":
        return ReplyClass.NOT_HOSTED, "not_hosted"
    if said.temporary and (said.detail.startswith("1.") or said.has(words.FOR_NOW)):
        return None  # "450 4.1.2 domain not found": their name server did not answer
    return (ReplyClass.NOT_HOSTED, "not_hosted") if said.has(words.NOT_HOSTED) else None


def _temporary(said: Said) -> Decision | None:
    return (ReplyClass.TEMPORARY, "temporary") if said.temporary else None


def _not_ascii(said: Said) -> Decision | None:
    """The host cannot take such a local part: nothing is said about whether it exists."""
    unable = said.detail.startswith("6.") or (said.detail == "1.3" and not said.ascii_mailbox)
    worded = not said.ascii_mailbox and (said.has(words.NOT_ASCII) or said.code in {500, 501, 555})
    return (ReplyClass.UNCLEAR, "smtputf8_not_offered") if unable or worded else None


def _disabled(said: Said) -> Decision | None:
    is_it = said.has(words.DISABLED) and not said.has(_OURS)
    return (ReplyClass.DISABLED, "mailbox_disabled") if is_it else None


_OURS: Final = re.compile(r"\byour (?:email |mail |own )?(?:account|mail ?box|user)\b")


def _no_user(said: Said) -> Decision | None:
    if said.has(words.NO_USER):
        return ReplyClass.NO_USER, "no_such_user"
    bare = words.ADDRESS_REJECTED.search(said.plain) and not said.detail.startswith("7.")
    if said.has(words.UNAVAILABLE) or bare:
        return (ReplyClass.UNCLEAR, "unclear") if said.has(words.FOR_NOW) else (ReplyClass.NO_USER, "no_such_user")
    return None


_CODES_OF_NO_USER: Final = frozenset({"1.0", "1.1", "1.2", "1.3", "1.6", "1.10"})


def _by_code(said: Said) -> Decision | None:
    if said.detail in _CODES_OF_NO_USER and not said.has(words.FOR_NOW):
        return ReplyClass.NO_USER, "no_such_user"
    unexplained = said.enhanced == "5.2.1" and not said.has(words.DENIED)
    return (ReplyClass.DISABLED, "mailbox_disabled") if unexplained else None


def _denied(said: Said) -> Decision | None:
    """Refused without a reason that is known. That it is about us is likely, and not sure enough to act upon."""
    by_code = said.detail.startswith("7.") and said.has(words.REJECTED)
    return (ReplyClass.BLOCKED, "denied") if by_code or said.has(words.DENIED) else None


_RULES: Final[tuple[Rule, ...]] = (
    _relay,
    _about_us,
    _session_limit,
    _edge_block,
    _block,
    _greylist,
    _full,
    _throttled,
    _takes_no_mail,
    _not_hosted,
    _temporary,
    _not_ascii,
    _disabled,
    _no_user,
    _by_code,
    _denied,
)
_BEFORE_RECIPIENT: Final[tuple[Rule, ...]] = (_takes_no_mail, _about_us, _session_limit, _block, _greylist)
