"""The memory of a run over a list, so that a run that was stopped goes on where it was.

A file of JSON lines: which hundred of the list became which enrichment, and what came of it. Results live here until
the output is written, which keeps memory constant however long the list is. What the file loses in a crash is asked
of the server again; only an enrichment whose id was not written is started anew.
"""

import fcntl
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

import msgspec

from openenrich.commands.answers import Result, Story
from openenrich.commands.problem import EnrichProblemError
from openenrich.core.outcome import BatchStatus


class Begun(msgspec.Struct, frozen=True, tag="begun"):
    """A part of the list is with the server."""

    part: int
    enrichment_id: str


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """A part of the list has its result."""

    part: int
    result: Result
    stories: tuple[Story, ...]


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(Begun | Ended)


def name_of_run(source: Path, *circumstances: str) -> str:
    """Equal for the same content under the same circumstances (fields, workspace, ...)."""
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    digest.update("\0".join(circumstances).encode())
    return digest.hexdigest()[:32]


class RunFile:
    """Open for one process at a time; used as a context manager."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._begun: dict[int, str] = {}
        self._ended: dict[int, tuple[int, int]] = {}
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Results are personal data: for the owner's eyes only.
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        try:
            self._lock()
            self._recall()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def resumed(self) -> bool:
        """Whether an earlier run left something here."""
        return bool(self._begun or self._ended)

    def begun(self, part: int) -> str | None:
        """The enrichment of a part that is with the server."""
        return self._begun.get(part)

    def begin(self, part: int, enrichment_id: str) -> None:
        self._append(Begun(part, enrichment_id))
        self._begun[part] = enrichment_id

    def end(self, part: int, result: Result, stories: Sequence[Story]) -> None:
        self._ended[part] = self._append(Ended(part, result, tuple(stories)))

    def ended(self, part: int) -> Ended | None:
        """What came of a part, read from the disk."""
        place = self._ended.get(part)
        if place is None:
            return None
        self._file.seek(place[0])
        item = _DECODER.decode(self._file.read(place[1]))
        return item if isinstance(item, Ended) else None

    def remove(self) -> None:
        """The output is written: nothing is left to remember."""
        self._path.unlink(missing_ok=True)

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise EnrichProblemError("this list is being enriched by another command: wait for it to end") from error

    def _recall(self) -> None:
        """Read what is there; a last line that was cut while it was written is taken away."""
        place = 0
        for line in self._file:
            item = _whole(line)
            if item is None:
                break
            self._take(item, place, len(line))
            place += len(line)
        self._file.truncate(place)

    def _take(self, item: Begun | Ended, place: int, length: int) -> None:
        """A part that ended early is begun anew: what it found is in the server's history and costs nothing."""
        match item:
            case Begun():
                self._begun[item.part] = item.enrichment_id
            case Ended() if item.result.status is BatchStatus.FINISHED:
                self._ended[item.part] = (place, length)
            case Ended():
                self._begun.pop(item.part, None)

    def _append(self, item: Begun | Ended) -> tuple[int, int]:
        line = _ENCODER.encode(item) + b"\n"
        place = self._file.seek(0, os.SEEK_END)
        self._file.write(line)
        self._file.flush()
        return place, len(line)


def _whole(line: bytes) -> Begun | Ended | None:
    try:
        return _DECODER.decode(line) if line.endswith(b"\n") else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
