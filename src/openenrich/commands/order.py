"""What is to be enriched, checked before a process starts or anything is bought.

Everything that can be wrong with a list or with the place of its result is a sentence for its owner.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from openenrich.commands.answers import WORDS
from openenrich.commands.lines import defect_of
from openenrich.commands.problem import EnrichProblemError
from openenrich.commands.runfile import RunFile, name_of_run
from openenrich.core.contact import Field
from openenrich.lists.problem import ListProblem
from openenrich.lists.reader import PeopleList, open_list

ALL_FIELDS: Final = "work_emails,phones,personal_emails"

_WRITABLE: Final = frozenset({".csv", ".jsonl", ".ndjson", ".parquet", ".xlsx"})
_WRITTEN_AS: Final[Mapping[str, str]] = MappingProxyType({".tsv": ".csv", ".txt": ".csv", ".xlsm": ".xlsx"})
_FIELDS: Final = {word.removeprefix("contact."): field for field, word in WORDS.items()}


@dataclass(frozen=True, slots=True)
class Job:
    """What the command line says."""

    source: Path
    fields: tuple[Field, ...]
    out: Path | None
    workspace: str
    use_sandbox: bool
    as_json: bool


@dataclass(frozen=True, slots=True)
class Order:
    """A job that can be done: the list can be read, the result can be written."""

    people: PeopleList
    fields: tuple[Field, ...]
    out: Path
    workspace: str
    simulated: bool
    rows: int
    usable: int


def read_fields(text: str) -> tuple[Field, ...]:
    """The fields of ``--fields``, in the order in which they are shown."""
    words = [word.strip().removeprefix("contact.") for word in text.split(",") if word.strip()]
    strange = next((word for word in words if word not in _FIELDS), None)
    if strange is not None:
        raise EnrichProblemError(f"--fields knows work_emails, phones and personal_emails, not '{strange}'")
    if not words:
        raise EnrichProblemError("--fields names nothing: choose from work_emails, phones and personal_emails")
    return tuple(field for word, field in _FIELDS.items() if word in words)


def check(job: Job) -> Order:
    """Read the list once to the end, and look at the place of the result."""
    people = open_list(job.source)
    out = job.out or _beside(job.source)
    _check_target(out, job.source)
    rows = usable = 0
    for row in people:
        rows += 1
        usable += defect_of(row) is None
    return Order(people, job.fields, out, _workspace(job), job.use_sandbox, rows, usable)


def open_run(home: Path, order: Order) -> RunFile:
    """What an earlier run of the same order has left, or a fresh start."""
    kind = "simulated" if order.simulated else "real"
    folder = home / "runs"
    try:
        name = name_of_run(order.people.path, order.workspace, kind, *sorted(order.fields))
        return RunFile(folder / f"{name}.jsonl")
    except OSError as error:
        raise EnrichProblemError(
            f"the folder {folder} cannot be written ({error.strerror}): set OPENENRICH_HOME to one that can"
        ) from error


def _beside(source: Path) -> Path:
    suffix = source.suffix.lower()
    return source.with_name(f"{source.stem}.enriched{_WRITTEN_AS.get(suffix, suffix)}")


def _check_target(out: Path, source: Path) -> None:
    if out.suffix.lower() not in _WRITABLE:
        raise ListProblem(f"'{out.name}' is no kind of list we write: use .csv, .xlsx, .parquet or .jsonl")
    if not out.parent.is_dir():
        raise ListProblem(f"there is no folder '{out.parent}': create it first")
    if out.exists() and (not out.is_file() or out.samefile(source)):
        raise ListProblem(f"the result cannot go to '{out}': choose the name of a new file with --out")
    if not os.access(out.resolve().parent, os.W_OK):
        raise ListProblem(f"the folder '{out.parent}' may not be written by this user: choose another with --out")


def _workspace(job: Job) -> str:
    """Simulated answers stay out of the history of real ones."""
    return "sandbox" if job.use_sandbox and job.workspace == "default" else job.workspace
