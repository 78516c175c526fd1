"""Measurements, and the table that a person reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from load import Result


@dataclass(frozen=True, slots=True)
class Round:
    """What one turn of the load generator gave, and the processor seconds that the server spent on it."""

    result: Result
    busy_s: float


@dataclass(frozen=True, slots=True)
class Measured:
    """``rate`` a second is the median of the rounds; ``cpu_ms`` is what one of them costs the measured process."""

    rate: float
    cpu_ms: float
    p50_ms: float | None = None
    p99_ms: float | None = None
    wrong: int = 0

    @classmethod
    def of(cls, rounds: Sequence[Round]) -> "Measured":
        latencies = sorted(latency for turn in rounds for latency in turn.result.latencies)
        return cls(
            rate=median(turn.result.per_second for turn in rounds),
            cpu_ms=1000 * sum(turn.busy_s for turn in rounds) / len(latencies),
            p50_ms=_percentile_ms(latencies, 0.5),
            p99_ms=_percentile_ms(latencies, 0.99),
            wrong=sum(turn.result.wrong for turn in rounds),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table; ``bare`` is what it is compared with."""

    what: str
    value: Measured
    bare: Measured | None = None
    unit: str = "requests/s"

    def cells(self) -> tuple[str, ...]:
        value, bare = self.value, self.bare
        note = f" ({value.wrong} wrong)" if value.wrong else ""
        return (
            self.what + note,
            f"{value.rate:,.0f} {self.unit}",
            f"{value.rate / bare.rate:.2f}" if bare else "",
            _ms(value.p50_ms),
            _ms(value.p99_ms),
            f"{value.cpu_ms:.2f}",
            f"{bare.cpu_ms / value.cpu_ms:.2f}" if bare else "",
        )


_HEAD = ("measured", "rate", "to bare", "p50 ms", "p99 ms", "CPU ms each", "to bare")


def markdown(lines: Sequence[Line]) -> str:
    """The table in Markdown, aligned so that it also reads well in a terminal."""
    rows = [_HEAD, *(line.cells() for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    texts = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([texts[0], rule, *texts[1:]])


def _percentile_ms(ordered: Sequence[float], share: float) -> float:
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
