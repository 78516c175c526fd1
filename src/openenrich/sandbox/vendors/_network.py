"""What vendors who read the professional network pass on as they find it: dates in three parts, levels as phrases."""

from typing import Final

PHRASES: Final = (
    "Elementary proficiency",
    "Limited working proficiency",
    "Professional working proficiency",
    "Full professional proficiency",
    "Native or bilingual proficiency",
)
"""Level 1 to 5."""


def day_of(month: str, day: int = 1) -> dict[str, int]:
    """``2022-03`` in three parts."""
    return {"day": day, "month": int(month[5:]), "year": int(month[:4])}
