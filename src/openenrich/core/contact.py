"""The person who is enriched, what is wanted of them, and the values that vendors find.

Everything here is a value: frozen, comparable, without I/O. Texts of a `Contact` are already normalised by
``core/identity.py``; texts of a value are exactly as a vendor gave them until ``core/verdict.py`` and
``core/phone.py`` judge them.
"""

from enum import StrEnum

import msgspec

from openenrich.core.profile import Company, Profile


class Field(StrEnum):
    """What can be searched. Addresses and phones are billed to the caller; the profile and the company never are.

    ``COMPANY`` is the employer's own data, beyond what a person's profile says of it.
    """

    WORK_EMAIL = "work_email"
    PERSONAL_EMAIL = "personal_email"
    PHONE = "phone"
    PROFILE = "profile"
    COMPANY = "company"


class Known(StrEnum):
    """An attribute of a contact that a vendor can be told."""

    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    DOMAIN = "domain"
    COMPANY_NAME = "company_name"
    LINKEDIN = "linkedin_handle"
    COMPANY_LINKEDIN = "company_handle"
    WORK_EMAIL = "work_email"


class Contact(msgspec.Struct, frozen=True, omit_defaults=True):
    """One person as we know them before or during a waterfall. Absent is ``None``, never ``""``.

    ``domain`` is a lower-case host name without ``www.``; ``linkedin_handle`` is the part after ``/in/``;
    ``company_handle`` the employer's, after ``/company/``: callers give none, profiles teach it.
    """

    first_name: str | None = None
    last_name: str | None = None
    domain: str | None = None
    company_name: str | None = None
    linkedin_handle: str | None = None
    company_handle: str | None = None
    work_email: str | None = None

    @property
    def full_name(self) -> str | None:
        return " ".join(part for part in (self.first_name, self.last_name) if part) or None

    @property
    def linkedin_url(self) -> str | None:
        return f"https://www.linkedin.com/in/{self.linkedin_handle}" if self.linkedin_handle else None

    @property
    def company_linkedin_url(self) -> str | None:
        return f"https://www.linkedin.com/company/{self.company_handle}" if self.company_handle else None

    def known(self) -> frozenset[Known]:
        """The attributes that are present."""
        return frozenset(item for item in Known if getattr(self, item.value))

    def only(self, told: frozenset[Known]) -> "Contact":
        """The same person reduced to the given attributes: a vendor is told no more than it needs."""
        return Contact(**{item.value: getattr(self, item.value) for item in told})


class EmailKind(StrEnum):
    """Whose mailbox it is: the employer's or the person's own."""

    WORK = "work"
    PERSONAL = "personal"


class EmailClaim(StrEnum):
    """What a vendor says about an address. A claim, not a verdict (decision 15)."""

    DELIVERABLE = "deliverable"
    PROBABLE = "probable"
    CATCH_ALL = "catch_all"
    UNKNOWN = "unknown"
    INVALID = "invalid"


class LineType(StrEnum):
    """What kind of line a number is; in ``+1`` numbering plans mobile and fixed look alike."""

    MOBILE = "MOBILE"
    LANDLINE = "LANDLINE"
    VOIP = "VOIP"
    UNKNOWN = "UNKNOWN"


class LineStatus(StrEnum):
    """Whether somebody would answer."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    UNKNOWN = "UNKNOWN"


class EmailFound(msgspec.Struct, frozen=True, omit_defaults=True):
    """An address as a vendor gave it."""

    address: str
    kind: EmailKind = EmailKind.WORK
    claim: EmailClaim = EmailClaim.UNKNOWN


class PhoneFound(msgspec.Struct, frozen=True, omit_defaults=True):
    """A number as a vendor gave it. ``country`` (ISO 3166-1 alpha-2) helps to read a national form."""

    number: str
    line_type: LineType = LineType.UNKNOWN
    line_status: LineStatus = LineStatus.UNKNOWN
    country: str | None = None


class Values(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything one answer contained, whatever was asked for: an answer is used for every field it fills."""

    emails: tuple[EmailFound, ...] = ()
    phones: tuple[PhoneFound, ...] = ()
    profile: Profile | None = None
    company: Company | None = None

    def fields(self) -> frozenset[Field]:
        """The fields for which there is at least one value, good or bad."""
        found = {Field.WORK_EMAIL for email in self.emails if email.kind is EmailKind.WORK}
        found |= {Field.PERSONAL_EMAIL for email in self.emails if email.kind is EmailKind.PERSONAL}
        if self.phones:
            found.add(Field.PHONE)
        if self.profile is not None:
            found.add(Field.PROFILE)
        if self.company is not None:
            found.add(Field.COMPANY)
        return frozenset(found)
