"""What an address is worth, from all the evidence there is.

A vendor's "valid" is a claim. Evidence has weight: syntax and the domain's own DNS decide alone; then (from
issue to issue of this product) our SMTP conversation and configured verifiers; then the vendors' claims
(decision 15). ``None`` is the verdict "unknown": it is neither sold nor called invalid (promise 5).
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from openenrich.core.contact import EmailClaim
from openenrich.core.outcome import EmailStatus


class DomainMail(StrEnum):
    """Whether a domain takes mail, by its DNS (email-verification, section 3)."""

    TAKES_MAIL = "takes_mail"
    NO_SUCH_DOMAIN = "nxdomain"
    NULL_MX = "null_mx"
    NO_MAIL_HOST = "no_mail_host"
    UNKNOWN = "unknown"

    @property
    def refuses(self) -> bool:
        return self in {DomainMail.NO_SUCH_DOMAIN, DomainMail.NULL_MX, DomainMail.NO_MAIL_HOST}


class Claim(msgspec.Struct, frozen=True):
    """One vendor's word about one address."""

    vendor: str
    claim: EmailClaim


class Opinion(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one verifier found out about one address: ``source`` is "smtp" for our own conversation.

    ``status`` is ``None`` when it could not be found out. ``reason`` is a code word, never free text.
    """

    source: str
    status: EmailStatus | None
    reason: str = ""


class Checked(msgspec.Struct, frozen=True):
    """All opinions about one address. ``needed`` agreeing ones make it deliverable (the operator's policy)."""

    opinions: tuple[Opinion, ...] = ()
    needed: int = 1


UNCHECKED = Checked()


class Verdict(msgspec.Struct, frozen=True):
    """``status`` is ``None`` for unknown. ``because`` is a sentence for a person, without personal data."""

    status: EmailStatus | None
    because: str


def judge(*, well_formed: bool, domain: DomainMail, claims: Sequence[Claim], checked: Checked = UNCHECKED) -> Verdict:
    """The verdict over all evidence. Claims of one vendor count once, its latest word.

    In order of weight: syntax, the domain's DNS, the verifiers (our own among them), the finders' claims.
    """
    if not well_formed:
        return Verdict(EmailStatus.INVALID, "the address is not well formed")
    if domain.refuses:
        return Verdict(EmailStatus.INVALID_DOMAIN, f"the domain takes no mail ({domain.value})")
    finders = {item.vendor: item.claim for item in claims}
    said = {item.source: item for item in checked.opinions if item.status is not None}
    return _verified(list(said.values()), finders, checked.needed) if said else _weigh(finders)


def _verified(said: Sequence[Opinion], finders: dict[str, EmailClaim], needed: int) -> Verdict:
    """What verifiers say. None of them is believed against as many others (verifiers reference, rule 4)."""
    by = {status: _names([item.source for item in said if item.status is status]) for status in EmailStatus}
    count = {status: sum(item.status is status for item in said) for status in EmailStatus}
    good, bad = count[EmailStatus.DELIVERABLE], count[EmailStatus.INVALID] + count[EmailStatus.INVALID_DOMAIN]
    refusing = _names([name for name in (by[EmailStatus.INVALID], by[EmailStatus.INVALID_DOMAIN]) if name])
    if good and bad:
        text = f"{by[EmailStatus.DELIVERABLE]} found it deliverable, {refusing} found it invalid"
        outcome = {True: EmailStatus.HIGH_PROBABILITY, False: None if good == bad else EmailStatus.INVALID}
        return Verdict(outcome[good > bad], text)
    if bad:
        kind = EmailStatus.INVALID_DOMAIN if count[EmailStatus.INVALID_DOMAIN] == bad else EmailStatus.INVALID
        return Verdict(kind, f"{refusing} found that it bounces{_because(said, kind)}")
    doubtful = count[EmailStatus.CATCH_ALL] + count[EmailStatus.HIGH_PROBABILITY]
    if good and not doubtful and good >= needed:
        return Verdict(EmailStatus.DELIVERABLE, f"{by[EmailStatus.DELIVERABLE]} found that the mailbox exists")
    if good:
        lacking = "others could not tell" if doubtful else f"{needed} such findings are wanted"
        return Verdict(EmailStatus.HIGH_PROBABILITY, f"{by[EmailStatus.DELIVERABLE]} found that it exists; {lacking}")
    if count[EmailStatus.HIGH_PROBABILITY]:
        return Verdict(EmailStatus.HIGH_PROBABILITY, f"{by[EmailStatus.HIGH_PROBABILITY]} found it probable")
    return _on_catch_all(by[EmailStatus.CATCH_ALL], finders)


def _on_catch_all(verifiers: str, finders: dict[str, EmailClaim]) -> Verdict:
    """The host accepts every name, so what finders know decides: two that name it, or one that says it bounces."""
    against = sorted(vendor for vendor, claim in finders.items() if claim is EmailClaim.INVALID)
    text = f"the host accepts every name ({verifiers})"
    if against:
        return Verdict(
            None if len(finders) > len(against) else EmailStatus.INVALID, f"{text}; {_names(against)} doubts it"
        )
    if len(finders) > 1:
        return Verdict(EmailStatus.HIGH_PROBABILITY, f"{text}; {_names(sorted(finders))} name it independently")
    return Verdict(EmailStatus.CATCH_ALL, text)


def _because(said: Sequence[Opinion], status: EmailStatus) -> str:
    reasons = sorted({item.reason for item in said if item.status is status and item.reason})
    return f" ({', '.join(reasons)})" if reasons else ""


def _weigh(claims: dict[str, EmailClaim]) -> Verdict:
    said = {claim: sorted(v for v, c in claims.items() if c is claim) for claim in EmailClaim}
    good, bad = said[EmailClaim.DELIVERABLE], said[EmailClaim.INVALID]
    if good and bad:
        return _contested(good, bad)
    if bad:
        return Verdict(EmailStatus.INVALID, f"{_names(bad)} says that it bounces")
    if good and said[EmailClaim.CATCH_ALL]:
        # Disagreement about acceptance is how hidden catch-all domains show (section 11.1).
        return Verdict(EmailStatus.HIGH_PROBABILITY, f"{_names(good)} confirms it on a catch-all domain")
    if good:
        return Verdict(EmailStatus.DELIVERABLE, f"{_names(good)} claims that it is deliverable; no verifier asked")
    return _undecided(said)


def _contested(good: list[str], bad: list[str]) -> Verdict:
    text = f"{_names(good)} says deliverable, {_names(bad)} says it bounces"
    if len(good) > len(bad):
        return Verdict(EmailStatus.HIGH_PROBABILITY, text)
    return Verdict(None, text)


def _undecided(said: dict[EmailClaim, list[str]]) -> Verdict:
    probable, catch_all = said[EmailClaim.PROBABLE], said[EmailClaim.CATCH_ALL]
    if probable:
        return Verdict(EmailStatus.HIGH_PROBABILITY, f"{_names(probable)} calls it probable")
    if len(catch_all) > 1:
        return Verdict(EmailStatus.HIGH_PROBABILITY, f"{_names(catch_all)} agree on it; the domain accepts everything")
    if catch_all:
        return Verdict(EmailStatus.CATCH_ALL, f"{_names(catch_all)} gives it; the domain accepts everything")
    return Verdict(None, "nobody vouches for it")


def _names(vendors: list[str]) -> str:
    return " and ".join(vendors)
