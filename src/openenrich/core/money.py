"""Credits and money as integers in small units, and nothing else.

Credits are counted in thousandths of a credit (decision 12), vendor money in millionths of a US dollar
(decision 13). Both leave the system through the two functions at the end.
"""

from typing import NewType

Credits = NewType("Credits", int)
"""Thousandths of a customer credit: 1 credit is ``Credits(1000)``."""

MicroUsd = NewType("MicroUsd", int)
"""Millionths of a US dollar: one cent is ``MicroUsd(10_000)``."""

CREDIT = 1000
DOLLAR = 1_000_000


def credits_as_number(amount: int) -> int | float:
    """What a JSON body shows: an integer when whole (picky clients refuse ``14.0``), else a fraction."""
    whole, rest = divmod(amount, CREDIT)
    return whole if rest == 0 else amount / CREDIT


def dollars_text(amount: int) -> str:
    """``$0.0245``: four digits, because a single address costs less than a cent."""
    return f"${amount / DOLLAR:,.4f}"
