"""Which values win, in which order the others follow, and why.

Rules: section 6.3 and 11 of the API specification. The most probable work e-mail has the lowest bounce risk; on
a tie the one closest to the domain that was asked for; an invalid address never wins. The most probable phone
is a mobile, or a number that may be one, and is not known to be dead.
"""

from collections.abc import Mapping, Sequence

import msgspec

from openenrich.core.contact import Contact, EmailKind, Field
from openenrich.core.evidence import (
    NO_CHECKS,
    Attempt,
    Checks,
    Domains,
    EmailEvidence,
    PhoneEvidence,
    companies,
    described,
    emails,
    phones,
    profiles,
)
from openenrich.core.merge import is_employer
from openenrich.core.outcome import Email, EmailStatus, Outcome
from openenrich.core.phone import billable
from openenrich.core.profile import Profile

_RANK = {status: place for place, status in enumerate(EmailStatus)}


class Choice(msgspec.Struct, frozen=True):
    """What a contact ends with, who gave the winning value of each field, and one sentence why it won."""

    outcome: Outcome
    won: Mapping[Field, str]
    because: Mapping[Field, str]


def choose(
    contact: Contact,
    wanted: frozenset[Field],
    attempts: Sequence[Attempt],
    domains: Domains,
    checks: Checks = NO_CHECKS,
) -> Choice:
    """The best of everything known now. Fields that are not wanted are neither shown nor billed (section 4)."""
    profile = described(contact, attempts)
    known = emails(contact, attempts, domains, checks)
    work = _ranked(known, EmailKind.WORK) if Field.WORK_EMAIL in wanted else ()
    personal = _ranked(known, EmailKind.PERSONAL) if Field.PERSONAL_EMAIL in wanted else ()
    numbers = ranked_phones(attempts, profile) if Field.PHONE in wanted else ()
    outcome = Outcome(
        work_emails=tuple(email for _, email in work),
        personal_emails=tuple(email for _, email in personal),
        phones=tuple(item.phone for item in numbers),
        best_work_email=_first_usable(work),
        best_personal_email=_first_usable(personal),
        best_phone=numbers[0].phone if numbers and billable(numbers[0].phone) else None,
        profile=profile,
    )
    profiled = [vendor for vendor, _ in profiles(attempts)]
    employer = [vendor for vendor, company in companies(attempts) if is_employer(profile, company)]
    return Choice(outcome, *_reasons(outcome, work, personal, numbers, profiled, employer))


def ranked_phones(attempts: Sequence[Attempt], profile: Profile | None) -> tuple[PhoneEvidence, ...]:
    """Billable numbers first, then agreement between vendors, then the person's own country."""
    country = profile.location.country_code if profile and profile.location else None

    def worth(item: PhoneEvidence) -> tuple[bool, int, bool]:
        return not billable(item.phone), -len(item.vendors), country is not None and item.phone.region != country

    return tuple(sorted(phones(attempts, country), key=worth))


def status_of(item: EmailEvidence) -> EmailStatus | None:
    """The status a caller sees.

    A personal address that nobody doubts is probable: vendors name no claim for these, and free-mail hosts answer
    no verifier (decision 14: first address that is not invalid).
    """
    if item.verdict.status is None and item.kind is EmailKind.PERSONAL:
        return EmailStatus.HIGH_PROBABILITY
    return item.verdict.status


def _ranked(known: Sequence[EmailEvidence], kind: EmailKind) -> tuple[tuple[EmailEvidence, Email], ...]:
    rated = [(item, status) for item in known if item.kind is kind and (status := status_of(item)) is not None]
    rated.sort(key=lambda pair: (_RANK[pair[1]], not pair[0].at_company, -len(pair[0].claims)))
    return tuple((item, Email(item.address, status)) for item, status in rated)


def _first_usable(ranked: Sequence[tuple[EmailEvidence, Email]]) -> Email | None:
    return ranked[0][1] if ranked and ranked[0][1].status.usable else None


def _reasons(
    outcome: Outcome,
    work: Sequence[tuple[EmailEvidence, Email]],
    personal: Sequence[tuple[EmailEvidence, Email]],
    numbers: Sequence[PhoneEvidence],
    profiled: Sequence[str],
    employer: Sequence[str],
) -> tuple[dict[Field, str], dict[Field, str]]:
    won: dict[Field, str] = {}
    because: dict[Field, str] = {}
    for field, best, ranked in (
        (Field.WORK_EMAIL, outcome.best_work_email, work),
        (Field.PERSONAL_EMAIL, outcome.best_personal_email, personal),
    ):
        if best is not None:
            won[field] = ranked[0][0].claims[0].vendor
            because[field] = ranked[0][0].verdict.because
    if outcome.best_phone is not None:
        won[Field.PHONE] = numbers[0].vendors[0]
        because[Field.PHONE] = _why_phone(numbers[0])
    for field, vendors in ((Field.PROFILE, profiled), (Field.COMPANY, employer)):
        if vendors:
            won[field] = vendors[0]
            because[field] = f"described by {' and '.join(dict.fromkeys(vendors))}"
    return won, because


def _why_phone(item: PhoneEvidence) -> str:
    kind = "a mobile" if item.phone.line_type == "MOBILE" else "possibly a mobile"
    return f"{kind} in {item.phone.region}, named by {' and '.join(item.vendors)}"
