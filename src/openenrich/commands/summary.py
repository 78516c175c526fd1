"""What a whole list came to, counted line by line."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from openenrich.commands.lines import Line, LineStatus
from openenrich.core.contact import Field
from openenrich.core.money import CREDIT


class FieldFound(msgspec.Struct, frozen=True):
    """How many people a field was found for, of those that could be asked about."""

    field: Field
    wanted: int
    found: int


class Summary(msgspec.Struct, frozen=True):
    """Credits in thousandths, vendor money in millionths of a dollar; ``seconds`` is how long this run took."""

    people: int
    bad_rows: int
    without_credits: int
    from_history: int
    fields: tuple[FieldFound, ...]
    credits: int
    vendor_cost_micro_usd: int
    calls: int
    seconds: float
    out: str

    @property
    def asked(self) -> int:
        """People about whom something could be asked."""
        return self.people - self.bad_rows - self.without_credits

    @property
    def calls_per_contact(self) -> float:
        return self.calls / self.asked if self.asked else 0.0


class Count:
    """Adds up lines."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = tuple(fields)
        self._statuses: Counter[LineStatus] = Counter()
        self._found: Counter[Field] = Counter()
        self._credits = self._cost = self._calls = self._from_history = 0

    def add(self, line: Line) -> None:
        self._statuses[line.status] += 1
        self._found.update(line.record.contact_info.found())
        story = line.story
        if story is not None:
            self._credits += round(story.credits * CREDIT)
            self._cost += story.vendor_cost_micro_usd
            self._calls += story.calls
            self._from_history += bool(story.from_history) and not story.credits and not story.calls

    def summary(self, seconds: float, out: str) -> Summary:
        bad, short = self._statuses[LineStatus.BAD_ROW], self._statuses[LineStatus.NO_CREDITS]
        people = self._statuses.total()
        return Summary(
            people=people,
            bad_rows=bad,
            without_credits=short,
            from_history=self._from_history,
            fields=tuple(FieldFound(field, people - bad - short, self._found[field]) for field in self._fields),
            credits=self._credits,
            vendor_cost_micro_usd=self._cost,
            calls=self._calls,
            seconds=seconds,
            out=out,
        )
