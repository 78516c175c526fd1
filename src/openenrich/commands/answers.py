"""The bodies that the client sends and reads, reduced to what a list shows.

Members that are unknown here are ignored when read, so that a newer server can be asked too.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from openenrich.core.contact import Field
from openenrich.core.money import CREDIT
from openenrich.core.outcome import BatchStatus, Email

WORDS: Final[Mapping[Field, str]] = MappingProxyType(
    {
        Field.WORK_EMAIL: "contact.work_emails",
        Field.PERSONAL_EMAIL: "contact.personal_emails",
        Field.PHONE: "contact.phones",
    }
)
"""What a field is called in a request."""


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """One contact of a request. ``custom`` carries the line of the file."""

    enrich_fields: tuple[str, ...]
    custom: dict[str, str]
    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    domain: str | None = None
    company_name: str | None = None
    linkedin_url: str | None = None


class StartRequest(msgspec.Struct, frozen=True):
    """The body of a POST."""

    name: str
    data: tuple[Person, ...]


class Started(msgspec.Struct, frozen=True):
    """The answer to a POST."""

    enrichment_id: str


class ErrorBody(msgspec.Struct, frozen=True):
    """The shape of every refusal."""

    code: str = ""
    message: str = ""


class PhoneNumber(msgspec.Struct, frozen=True):
    """A number with the country it belongs to."""

    number: str
    region: str = ""


class ContactInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was found; the best values only where there are any."""

    most_probable_work_email: Email | None = None
    most_probable_personal_email: Email | None = None
    most_probable_phone: PhoneNumber | None = None
    work_emails: tuple[Email, ...] = ()
    personal_emails: tuple[Email, ...] = ()
    phones: tuple[PhoneNumber, ...] = ()

    def found(self) -> frozenset[Field]:
        """The fields that have a best value."""
        best = {
            Field.WORK_EMAIL: self.most_probable_work_email,
            Field.PERSONAL_EMAIL: self.most_probable_personal_email,
            Field.PHONE: self.most_probable_phone,
        }
        return frozenset(field for field, value in best.items() if value is not None)


class Company(msgspec.Struct, frozen=True, omit_defaults=True):
    """The present employer."""

    name: str | None = None
    domain: str | None = None


class Position(msgspec.Struct, frozen=True, omit_defaults=True):
    """The present position."""

    title: str | None = None
    company: Company | None = None


class Employments(msgspec.Struct, frozen=True, omit_defaults=True):
    """Of all positions only the present one."""

    current: Position | None = None


class Account(msgspec.Struct, frozen=True, omit_defaults=True):
    """A profile page."""

    url: str | None = None


class SocialProfiles(msgspec.Struct, frozen=True, omit_defaults=True):
    """The professional network only."""

    professional_network: Account | None = None


class Profile(msgspec.Struct, frozen=True, omit_defaults=True):
    """The part of a profile that fits into columns."""

    full_name: str | None = None
    employment: Employments | None = None
    social_profiles: SocialProfiles | None = None

    @property
    def position(self) -> Position:
        return (self.employment and self.employment.current) or Position()

    @property
    def url(self) -> str | None:
        page = self.social_profiles and self.social_profiles.professional_network
        return page.url if page else None


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """One contact's result."""

    contact_info: ContactInfo = ContactInfo()
    profile: Profile | None = None


class Cost(msgspec.Struct, frozen=True):
    """In credits, as the API counts them."""

    credits: float = 0


class Result(msgspec.Struct, frozen=True):
    """A finished enrichment; its rows are in the order of the request."""

    id: str
    status: BatchStatus
    cost: Cost = Cost()
    data: tuple[Record, ...] = ()

    @property
    def credits(self) -> int:
        """In thousandths."""
        return round(self.cost.credits * CREDIT)


class FieldCount(msgspec.Struct, frozen=True):
    """How far a field is, in contacts."""

    field: Field
    wanted: int
    done: int
    found: int


class Progress(msgspec.Struct, frozen=True):
    """Where an enrichment stands; vendor money in millionths of a dollar."""

    status: BatchStatus
    contacts: int
    finished: int
    calls: int = 0
    credits: float = 0
    vendor_cost_micro_usd: int = 0
    fields: tuple[FieldCount, ...] = ()


class Attempt(msgspec.Struct, frozen=True):
    """A vendor that was asked; ``shared`` when somebody else paid for the answer."""

    vendor: str
    shared: bool = False


class Story(msgspec.Struct, frozen=True):
    """Why a row says what it says, and what it cost; vendor money in millionths of a dollar."""

    position: int
    state: str
    credits: float = 0
    vendor_cost_micro_usd: int = 0
    from_history: tuple[Field, ...] = ()
    won: dict[str, str] = {}
    attempts: tuple[Attempt, ...] = ()

    @property
    def calls(self) -> int:
        """The calls that were made for this row alone."""
        return sum(not attempt.shared for attempt in self.attempts)


class Stories(msgspec.Struct, frozen=True):
    """Every contact of an enrichment, in the order of the request."""

    contacts: tuple[Story, ...]
