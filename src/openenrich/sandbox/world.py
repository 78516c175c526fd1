"""The seeded world: companies, people, and every way a vendor looks somebody up.

`World` promises that a seed is one world on every machine. Look-ups are lenient like the real vendors': case, accents,
legal forms and both orders of a name do not matter. What a vendor then says about the person is ``coverage.py``.
"""

from enum import StrEnum
from hashlib import sha256
from typing import Final

import msgspec

from openenrich.sandbox.addresses import company_key, fold, fold_german, handle_of, host_of
from openenrich.sandbox.companies import FREE_MAIL, Company, Mail, found_companies
from openenrich.sandbox.coverage import Coverage, Knowledge
from openenrich.sandbox.people import Census, Person


class Mailbox(StrEnum):
    """What a mail server would say to RCPT TO, if it told the truth."""

    DELIVERABLE = "DELIVERABLE"
    CATCH_ALL = "CATCH_ALL"
    INVALID = "INVALID"


class Condition(StrEnum):
    """The state of a mailbox, as a mail server that knows its recipients tells it."""

    FINE = "fine"
    FULL_FOR_NOW = "full_for_now"  # exists
    THROTTLED = "throttled"  # exists
    FULL = "full"  # given up: mail bounces
    DISABLED = "disabled"  # somebody who has left: mail bounces
    NONE = "none"  # never was


class Truth(msgspec.Struct, frozen=True):
    """Everything true about one person, with the fields by which the API may be asked."""

    person_id: int
    first_name: str
    last_name: str
    domain: str
    company_name: str
    linkedin_url: str
    title: str
    country_code: str
    work_email: str | None
    work_email_status: Mailbox | None
    personal_email: str
    mobile: str | None
    landline: str | None
    suppressed: bool


_PRESENT: Final = ((Condition.FULL_FOR_NOW, 0.01), (Condition.THROTTLED, 0.02), (Condition.FINE, 1.0))
_FORMER: Final = ((Condition.DISABLED, 0.25), (Condition.FULL, 0.35), (Condition.NONE, 1.0))
"""State and the draw below which it applies."""


class World:
    """``people`` invented people at about a sixth as many companies."""

    def __init__(self, seed: int = 7, people: int = 2000) -> None:
        self.seed = seed
        self.companies = found_companies(seed, max(24, people // 6))
        census = Census(seed, self.companies)
        self.people = tuple(census.person(number) for number in range(people))
        self.company_by_domain = {company.domain: company for company in self.companies}
        self._company_by_key = {company_key(company.name): company for company in self.companies}
        self._by_handle = {person.handle: person for person in self.people}
        self._by_name: dict[tuple[int, str], Person] = {}
        self._by_email: dict[str, Person] = {}
        self._mailboxes: set[str] = set()
        self._coverage = Coverage(seed)
        for person in self.people:
            self._index(person)

    def _index(self, person: Person) -> None:
        for key in _name_keys(person):
            self._by_name.setdefault((person.company.id, key), person)
        self._mailboxes.add(person.personal_email)
        self._by_email[person.personal_email] = person
        for job in reversed(person.jobs):
            if job.email:
                self._by_email[job.email] = person
        if person.work_email:
            self._mailboxes.add(person.work_email)

    def company(self, text: str) -> Company | None:
        """By domain, URL or name."""
        return self.company_by_domain.get(host_of(text)) or self._company_by_key.get(company_key(text))

    def by_linkedin(self, text: str) -> Person | None:
        """By profile URL or handle."""
        handle = handle_of(text)
        return self._by_handle.get(handle) if handle else None

    def by_email(self, address: str) -> Person | None:
        """By the present or a former work address, or the private one."""
        return self._by_email.get(address.strip().lower())

    def by_name(self, full_name: str, company: str) -> Person | None:
        """By name and present employer (domain, URL or name)."""
        employer = self.company(company)
        return self._by_name.get((employer.id, fold(full_name))) if employer else None

    def knowledge(self, vendor: str, person: Person) -> Knowledge:
        """What one vendor holds about one person."""
        return self._coverage.knowledge(vendor, person)

    def mailbox(self, address: str) -> Mailbox:
        """Whether mail to ``address`` arrives."""
        local, _, domain = address.lower().rpartition("@")
        company = self.company_by_domain.get(domain)
        if company is None and domain not in FREE_MAIL:
            return Mailbox.INVALID
        if company and company.mail is not Mail.OK:
            return Mailbox.INVALID
        if company and company.catch_all and local:
            return Mailbox.CATCH_ALL
        return Mailbox.DELIVERABLE if f"{local}@{domain}" in self._mailboxes else Mailbox.INVALID

    def condition(self, address: str) -> Condition:
        """In what state one mailbox is. Those of the present are fine, but for a few; of the former, some are left."""
        address = address.strip().lower()
        exists = address in self._mailboxes
        if not exists and address not in self._by_email:
            return Condition.NONE
        draw = int.from_bytes(sha256(f"{self.seed}/mailbox/{address}".encode()).digest()[:4]) / 2**32
        states = _PRESENT if exists else _FORMER
        return next(state for state, most in states if draw < most)

    def truth(self, person: Person) -> Truth:
        """One person as a test or a demonstration compares results with."""
        return Truth(
            person_id=person.id,
            first_name=person.first_name,
            last_name=person.last_name,
            domain=person.company.domain,
            company_name=person.company.name,
            linkedin_url=person.linkedin_url,
            title=person.job.role.title,
            country_code=person.company.country.code,
            work_email=person.work_email,
            work_email_status=self.mailbox(person.work_email) if person.work_email else None,
            personal_email=person.personal_email,
            mobile=person.mobile,
            landline=person.landline,
            suppressed=person.suppressed,
        )

    def digest(self) -> str:
        """A fingerprint of everybody and everything: equal worlds have equal digests."""
        return sha256(repr((self.companies, self.people)).encode()).hexdigest()


def _name_keys(person: Person) -> set[str]:
    """Both orders, umlauts both ways, and the first of several surnames alone."""
    first, last = person.first_name, person.last_name
    keys = {fold(first + last), fold(last + first), fold_german(first + last)}
    keys.update(fold(first + part) for part in last.replace("-", " ").split() if part[:1].isupper())
    return keys
