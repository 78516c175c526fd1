"""What the attempts of a contact say, gathered per value.

Several vendors naming the same address or number are several witnesses of one value. Here they are brought
together; ``core/choice.py`` ranks the result and ``core/waterfall.py`` asks whether it suffices.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import msgspec

from openenrich.core.contact import Contact, EmailFound, EmailKind, PhoneFound
from openenrich.core.domains import domain as host_of
from openenrich.core.domains import is_free_mail, registrable
from openenrich.core.merge import merge_profiles, with_employer
from openenrich.core.phone import Phone, read_phone
from openenrich.core.profile import Company, Profile
from openenrich.core.vendor import Found, Reply
from openenrich.core.verdict import UNCHECKED, Checked, Claim, DomainMail, Verdict, judge

_FORBIDDEN = frozenset(' <>(),;:\\"*')
"""Not part of an unquoted local part (RFC 5321); an asterisk is how vendors mask an address."""

Domains = Mapping[str, DomainMail]
Checks = Mapping[str, Checked]
"""What verifiers said, by address as `EmailEvidence.address` spells it."""

NO_CHECKS: Checks = {}


class Attempt(msgspec.Struct, frozen=True):
    """One question that was asked for this contact. ``reply`` is ``None`` while it is in the air.

    ``uncertain`` marks a call of a dead worker that may have been billed and must not be repeated.
    """

    vendor: str
    operation: str
    reply: Reply | None = None
    uncertain: bool = False

    @property
    def in_flight(self) -> bool:
        return self.reply is None and not self.uncertain


class EmailEvidence(msgspec.Struct, frozen=True):
    """An address, whose it is, who named it, and what it is worth."""

    address: str
    kind: EmailKind
    at_company: bool
    claims: tuple[Claim, ...]
    verdict: Verdict


class PhoneEvidence(msgspec.Struct, frozen=True):
    """A number as it is shown, and who named it."""

    phone: Phone
    vendors: tuple[str, ...]


def emails(
    contact: Contact, attempts: Sequence[Attempt], domains: Domains, checks: Checks = NO_CHECKS
) -> tuple[EmailEvidence, ...]:
    """Every address that was named, in the order of arrival. Domains not looked up yet count as unknown."""
    named: dict[str, list[tuple[str, EmailFound]]] = {}
    for vendor, email in _named_emails(attempts):
        named.setdefault(email.address.strip().casefold(), []).append((vendor, email))
    return tuple(_weighed(address, witnesses, contact, domains, checks) for address, witnesses in named.items())


def phones(attempts: Sequence[Attempt], country: str | None) -> tuple[PhoneEvidence, ...]:
    """Every number that can be read, in the order of arrival; the best informed reading of each is kept."""
    named: dict[str, PhoneEvidence] = {}
    for vendor, found in _named_phones(attempts):
        phone = _readable(found, country)
        if phone is not None:
            named[phone.e164] = _joined(named.get(phone.e164), phone, vendor)
    return tuple(named.values())


def profiles(attempts: Sequence[Attempt]) -> tuple[tuple[str, Profile], ...]:
    """Who described the person, in the order of arrival."""
    return tuple(
        (attempt.vendor, attempt.reply.values.profile)
        for attempt in attempts
        if isinstance(attempt.reply, Found) and attempt.reply.values.profile is not None
    )


def companies(attempts: Sequence[Attempt]) -> tuple[tuple[str, Company], ...]:
    """Who described the employer, in the order of arrival."""
    return tuple(
        (attempt.vendor, attempt.reply.values.company)
        for attempt in attempts
        if isinstance(attempt.reply, Found) and attempt.reply.values.company is not None
    )


def described(contact: Contact, attempts: Sequence[Attempt]) -> Profile | None:
    """The person's profile out of all answers, the employer's own data included."""
    profile = merge_profiles([found for _, found in profiles(attempts)], contact.linkedin_handle)
    return with_employer(profile, [found for _, found in companies(attempts)])


def mail_domain(address: str) -> str | None:
    """The host part of an address, when it is one."""
    local, at, host = address.strip().rpartition("@")
    usable = at and local and len(local.encode()) <= 64 and not _FORBIDDEN & set(local)
    return host_of(host) if usable else None


def _named_emails(attempts: Iterable[Attempt]) -> Iterable[tuple[str, EmailFound]]:
    for attempt in attempts:
        if isinstance(attempt.reply, Found):
            yield from ((attempt.vendor, email) for email in attempt.reply.values.emails)


def _named_phones(attempts: Iterable[Attempt]) -> Iterable[tuple[str, PhoneFound]]:
    for attempt in attempts:
        if isinstance(attempt.reply, Found):
            yield from ((attempt.vendor, phone) for phone in attempt.reply.values.phones)


_readable = lru_cache(maxsize=4096)(read_phone)
"""The numbers of a contact are read again at each of its steps."""


def _weighed(
    address: str, witnesses: list[tuple[str, EmailFound]], contact: Contact, domains: Domains, checks: Checks
) -> EmailEvidence:
    host = mail_domain(address)
    claims = tuple(Claim(vendor, email.claim) for vendor, email in witnesses)
    verdict = judge(
        well_formed=host is not None,
        domain=domains.get(host or "", DomainMail.UNKNOWN),
        claims=claims,
        checked=checks.get(address, UNCHECKED),
    )
    kind = _kind(host, witnesses[0][1].kind)
    return EmailEvidence(address, kind, _same_site(host, contact.domain), claims, verdict)


def _kind(host: str | None, said: EmailKind) -> EmailKind:
    """A mailbox at a free-mail host is the person's own, whatever the vendor calls it."""
    return EmailKind.PERSONAL if host is not None and is_free_mail(host) else said


def _same_site(host: str | None, domain: str | None) -> bool:
    if host is None or domain is None:
        return domain is None
    return host == domain or registrable(host) == registrable(domain)


def _joined(before: PhoneEvidence | None, phone: Phone, vendor: str) -> PhoneEvidence:
    if before is None:
        return PhoneEvidence(phone, (vendor,))
    known = before.phone if before.phone.line_type != "UNKNOWN" else phone
    vendors = before.vendors if vendor in before.vendors else (*before.vendors, vendor)
    return PhoneEvidence(known, vendors)
