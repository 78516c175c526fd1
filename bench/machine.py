"""Where the figures come from: processor, cores, versions, and which core each process is bound to."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("openenrich", "uvicorn", "asyncpg", "aiohttp", "pgqueuer", "msgspec")


def measured_core() -> set[int]:
    """The core of the process that is measured; nothing else of the benchmark runs there."""
    return set(sorted(_cores())[:1])


def other_cores() -> set[int]:
    """Where load generator, database and sandbox run."""
    return set(sorted(_cores())[1:]) or _cores()


def bind(pid: int, cores: set[int]) -> None:
    """Bind a process (0: this one) where the system can do that; children inherit it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, cores)


def busy_s(pid: int) -> float:
    """Processor seconds that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def described() -> list[str]:
    """One fact a line."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"{_processor()}, {len(_ALL)} cores; the measured process alone on one, everything else on the others",
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, {versions}",
    ]


def _cores() -> set[int]:
    return _ALL


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


# Taken before this process is bound to some of them.
_ALL = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
