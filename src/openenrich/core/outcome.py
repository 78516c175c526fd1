"""What a contact ends with: the values a caller sees, ranked, and what they cost.

An `Outcome` is what the store keeps and what ``web/wire.py`` turns into a record of the API. Provenance is not
in it (decision 9): the journal of purchases has it, and ``core/choice.py`` says why a value won.
"""

from enum import StrEnum

import msgspec

from openenrich.core.contact import Field
from openenrich.core.phone import Phone
from openenrich.core.profile import Profile


class EmailStatus(StrEnum):
    """The five words of the API (section 11.1). There is none for "unknown": such an address is not shown."""

    DELIVERABLE = "DELIVERABLE"
    HIGH_PROBABILITY = "HIGH_PROBABILITY"
    CATCH_ALL = "CATCH_ALL"
    INVALID = "INVALID"
    INVALID_DOMAIN = "INVALID_DOMAIN"

    @property
    def usable(self) -> bool:
        """May be the most probable address and is billed (section 4)."""
        return self in {EmailStatus.DELIVERABLE, EmailStatus.HIGH_PROBABILITY, EmailStatus.CATCH_ALL}


class BatchStatus(StrEnum):
    """States of an enrichment (section 6.1)."""

    CREATED = "CREATED"
    IN_PROGRESS = "IN_PROGRESS"
    FINISHED = "FINISHED"
    CANCELED = "CANCELED"
    CREDITS_INSUFFICIENT = "CREDITS_INSUFFICIENT"

    @property
    def final(self) -> bool:
        return self not in {BatchStatus.CREATED, BatchStatus.IN_PROGRESS}


class Email(msgspec.Struct, frozen=True):
    """An address with the status that a caller sees."""

    email: str
    status: EmailStatus


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """Ranked values, best first. ``best_*`` are the billed ones; ``None`` when nothing usable was found."""

    work_emails: tuple[Email, ...] = ()
    personal_emails: tuple[Email, ...] = ()
    phones: tuple[Phone, ...] = ()
    best_work_email: Email | None = None
    best_personal_email: Email | None = None
    best_phone: Phone | None = None
    profile: Profile | None = None

    def found(self) -> frozenset[Field]:
        """The fields with a usable value: what the caller pays for, and the profile."""
        have = {
            Field.WORK_EMAIL: self.best_work_email,
            Field.PERSONAL_EMAIL: self.best_personal_email,
            Field.PHONE: self.best_phone,
            Field.PROFILE: self.profile,
        }
        return frozenset(field for field, value in have.items() if value is not None)

    def taking(self, other: "Outcome", fields: frozenset[Field]) -> "Outcome":
        """This outcome with the given fields as the other one has them; a profile is only taken where none is."""
        names = [name for field in fields for name in _SHOWN[field] if field is not Field.PROFILE or not self.profile]
        return msgspec.structs.replace(self, **{name: getattr(other, name) for name in names})


_SHOWN = {
    Field.WORK_EMAIL: ("work_emails", "best_work_email"),
    Field.PERSONAL_EMAIL: ("personal_emails", "best_personal_email"),
    Field.PHONE: ("phones", "best_phone"),
    Field.PROFILE: ("profile",),
}
