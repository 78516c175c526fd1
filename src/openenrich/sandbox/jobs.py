"""Jobs of the polling vendors: an answer that is decided at submission and shown after its time. In memory only."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """``answer`` is what the poll shows once the sandbox's clock has reached ``ready_at``."""

    id: str
    vendor: str
    key: str
    ready_at: float
    answer: object


class JobBoard:
    """Every job of every vendor until `reset`."""

    def __init__(self) -> None:
        self._jobs: dict[tuple[str, str], Job] = {}
        self._searches: dict[str, float] = {}
        self._prefix = secrets.token_hex(5)  # ids of an earlier run must not name jobs of this one

    def submit(self, vendor: str, key: str, ready_at: float, answer: object) -> Job:
        job = Job(f"{self._prefix}{len(self._jobs):08x}", vendor, key, ready_at, answer)
        self._jobs[vendor, job.id] = job
        return job

    def get(self, vendor: str, job_id: str) -> Job | None:
        return self._jobs.get((vendor, job_id))

    def newest(self, vendor: str, key: str) -> Iterator[Job]:
        """The jobs of one key, newest first."""
        return (job for job in reversed(self._jobs.values()) if job.vendor == vendor and job.key == key)

    def searching(self, search: str, now: float, seconds: float) -> bool:
        """For vendors where repeating the question is the poll: true until ``seconds`` after the first time."""
        return now < self._searches.setdefault(search, now + seconds)

    def reset(self) -> None:
        self._jobs.clear()
        self._searches.clear()
