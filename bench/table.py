"""A measurement, and the table that a person reads."""

from collections.abc import Sequence
from dataclasses import dataclass

from load import Result


@dataclass(frozen=True, slots=True)
class Measured:
    """``rate`` a second; ``busy`` is the share of its core that the measured process used. Times in ms."""

    rate: float
    busy: float
    p50_ms: float | None = None
    p99_ms: float | None = None
    wrong: int = 0

    @classmethod
    def of(cls, result: Result, busy: float) -> "Measured":
        return cls(result.per_second, busy, result.percentile_ms(0.5), result.percentile_ms(0.99), result.wrong)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table; ``bare`` is what it is compared with."""

    what: str
    unit: str
    value: Measured
    bare: Measured | None = None

    def cells(self) -> tuple[str, ...]:
        value = self.value
        ratio = f"{value.rate / self.bare.rate:.2f}" if self.bare else ""
        note = f" ({value.wrong} wrong)" if value.wrong else ""
        return (
            self.what + note,
            f"{value.rate:,.0f} {self.unit}",
            ratio,
            _ms(value.p50_ms),
            _ms(value.p99_ms),
            f"{value.busy:.0%}",
        )


_HEAD = ("measured", "rate", "ratio to bare", "p50 ms", "p99 ms", "core busy")


def markdown(lines: Sequence[Line]) -> str:
    """The table in Markdown, aligned so that it also reads well in a terminal."""
    rows = [_HEAD, *(line.cells() for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    texts = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([texts[0], rule, *texts[1:]])


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
