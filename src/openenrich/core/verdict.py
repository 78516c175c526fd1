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


class Verdict(msgspec.Struct, frozen=True):
    """``status`` is ``None`` for unknown. ``because`` is a sentence for a person, without personal data."""

    status: EmailStatus | None
    because: str


def judge(*, well_formed: bool, domain: DomainMail, claims: Sequence[Claim]) -> Verdict:
    """The verdict over all evidence. Claims of one vendor count once, its latest word."""
    if not well_formed:
        return Verdict(EmailStatus.INVALID, "the address is not well formed")
    if domain.refuses:
        return Verdict(EmailStatus.INVALID_DOMAIN, f"the domain takes no mail ({domain.value})")
    return _weigh({item.vendor: item.claim for item in claims})


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
