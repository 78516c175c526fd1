"""Invented vendors and answers for tests of the pure rules: no vendor of the product is named here."""

from openenrich.core.contact import (
    Contact,
    EmailClaim,
    EmailFound,
    EmailKind,
    Field,
    Known,
    LineType,
    PhoneFound,
    Values,
)
from openenrich.core.evidence import Attempt
from openenrich.core.money import MicroUsd
from openenrich.core.ordering import Offer
from openenrich.core.profile import Company, Employment, Employments, Location, Profile
from openenrich.core.vendor import Charge, Found, HeaderKey, Limits, Operation, Style, Vendor
from openenrich.core.verdict import DomainMail
from openenrich.core.waterfall import Policy, State

ADA = Contact(first_name="Ada", last_name="Sample", domain="north.test")
MAIL = {"north.test": DomainMail.TAKES_MAIL, "freemail.test": DomainMail.TAKES_MAIL}
BY_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME, Known.DOMAIN})
BY_PROFILE = frozenset({Known.LINKEDIN})


def offer(
    name: str,
    *returns: Field,
    cents: int = 1,
    needs: tuple[frozenset[Known], ...] = (BY_NAME, BY_PROFILE),
    charge: Charge = Charge.PER_RESULT,
    also: frozenset[Field] = frozenset(),
    hit_rate: float = 0.5,
    operation: str = "find",
) -> Offer:
    """A vendor with one operation that costs ``cents``."""
    one = Operation(operation, frozenset(returns), needs, 1000, charge, also_returns=also, hit_rate=hit_rate)
    vendor = Vendor(
        name=name,
        title=name,
        docs="https://example.com",
        base_url="https://example.com",
        auth=HeaderKey("X-Key"),
        style=Style.SYNC,
        operations=(one,),
        credit_price=MicroUsd(cents * 10_000),
        limits=Limits(),
        region="EU",
    )
    return Offer(vendor, one)


def email(
    vendor: str,
    address: str = "ada.sample@north.test",
    claim: EmailClaim = EmailClaim.DELIVERABLE,
    kind: EmailKind = EmailKind.WORK,
) -> Attempt:
    return Attempt(vendor, "find", Found(Values(emails=(EmailFound(address, kind, claim),))))


def phone(vendor: str, number: str, line: LineType = LineType.UNKNOWN, country: str | None = None) -> Attempt:
    return Attempt(vendor, "find", Found(Values(phones=(PhoneFound(number, line, country=country),))))


def described(vendor: str, profile: Profile) -> Attempt:
    return Attempt(vendor, "find", Found(Values(profile=profile)))


def full_profile(handle_company: str = "North") -> Profile:
    current = Employment(
        title="Head of Supply", is_current=True, company=Company(name=handle_company, domain="north.test")
    )
    return Profile(
        first_name="Ada",
        last_name="Sample",
        location=Location(country="France", country_code="FR"),
        employment=Employments(current=current, all=(current,)),
    )


def state(
    *attempts: Attempt,
    wanted: tuple[Field, ...] = (Field.WORK_EMAIL,),
    offers: tuple[Offer, ...] = (),
    contact: Contact = ADA,
    policy: Policy | None = None,
    domains: dict[str, DomainMail] | None = None,
    had: frozenset[Field] = frozenset(),
) -> State:
    return State(
        contact, frozenset(wanted), attempts, offers, policy or Policy(), MAIL if domains is None else domains, had
    )
