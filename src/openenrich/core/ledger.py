"""The credits of a workspace: grant, reserve, settle, release. Every change is an entry that explains itself.

Amounts are thousandths of a credit (decision 12). Invariants, kept by every function and checked again by the
database: 0 <= reserved <= balance; the sum of all entries' ``amount`` is the balance, the sum of all
``held`` is what is reserved; a contact is settled at most once and never for more than was reserved for it.
"""

from enum import StrEnum

import msgspec

from openenrich.core.contact import Field
from openenrich.core.money import Credits


class EntryKind(StrEnum):
    """Why the account changed."""

    GRANT = "grant"
    RESERVE = "reserve"
    SETTLE = "settle"
    RELEASE = "release"


class Account(msgspec.Struct, frozen=True):
    """``balance`` is what the workspace owns, ``reserved`` the part that running contacts may still use."""

    balance: Credits
    reserved: Credits

    @property
    def free(self) -> Credits:
        """What a new contact may reserve."""
        return Credits(self.balance - self.reserved)


class Entry(msgspec.Struct, frozen=True):
    """One line of the ledger, with the state after it."""

    kind: EntryKind
    amount: int
    held: int
    balance: Credits
    reserved: Credits


class Prices(msgspec.Struct, frozen=True):
    """What a found value costs the caller, in thousandths of a credit (section 4)."""

    work_email: int = 1000
    personal_email: int = 3000
    phone: int = 10_000

    def of(self, field: Field) -> Credits:
        """The profile comes along free of charge."""
        prices = {Field.WORK_EMAIL: self.work_email, Field.PERSONAL_EMAIL: self.personal_email, Field.PHONE: self.phone}
        return Credits(prices.get(field, 0))


def worst_case(wanted: frozenset[Field], free: frozenset[Field], prices: Prices) -> Credits:
    """What a contact can cost at the most. Fields that history answers are free."""
    return Credits(sum(prices.of(field) for field in wanted - free))


def charge(found: frozenset[Field], wanted: frozenset[Field], free: frozenset[Field], prices: Prices) -> Credits:
    """What a finished contact costs: one price per wanted kind that was found, not per value."""
    return Credits(sum(prices.of(field) for field in (found & wanted) - free))


def grant(account: Account, amount: int) -> tuple[Account, Entry]:
    """Add credits (or take away unreserved ones with a negative amount). ``ValueError`` when that is too much."""
    if account.free + amount < 0:
        raise ValueError(f"only {account.free} thousandths of a credit are free to take away")
    return _changed(account, EntryKind.GRANT, amount, 0)


def reserve(account: Account, amount: int) -> tuple[Account, Entry] | None:
    """Hold the worst case of a contact; ``None`` when the free balance does not cover it."""
    return None if amount > account.free else _changed(account, EntryKind.RESERVE, 0, amount)


def settle(account: Account, held: int, charged: int) -> tuple[Account, Entry]:
    """Turn what was held for a contact into its real cost. ``ValueError`` would be a bug: more than was held."""
    if not 0 <= charged <= held <= account.reserved:
        raise ValueError(f"charged {charged} of {held} held, {account.reserved} reserved in all")
    return _changed(account, EntryKind.SETTLE, -charged, -held)


def release(account: Account, held: int) -> tuple[Account, Entry]:
    """Give back what was held for a contact that will not run."""
    if not 0 <= held <= account.reserved:
        raise ValueError(f"{held} held, {account.reserved} reserved in all")
    return _changed(account, EntryKind.RELEASE, 0, -held)


def _changed(account: Account, kind: EntryKind, amount: int, held: int) -> tuple[Account, Entry]:
    after = Account(Credits(account.balance + amount), Credits(account.reserved + held))
    return after, Entry(kind, amount, held, after.balance, after.reserved)
