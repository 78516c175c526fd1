"""A run that was stopped, however it was stopped, is remembered as far as it got."""

from pathlib import Path

import pytest

from openenrich.commands.answers import Record, Result, Story
from openenrich.commands.problem import EnrichProblemError
from openenrich.commands.runfile import RunFile, name_of_run
from openenrich.core.outcome import BatchStatus

RESULT = Result("e-1", BatchStatus.FINISHED, data=(Record(), Record()))
STORIES = (Story(0, "done", credits=1), Story(1, "done"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "run.jsonl"


def test_a_fresh_run_knows_nothing(path: Path) -> None:
    with RunFile(path) as run:
        assert not run.resumed
        assert run.begun(0) is None
        assert run.ended(0) is None


def test_what_was_begun_and_ended_is_known_to_the_next_run(path: Path) -> None:
    with RunFile(path) as run:
        run.begin(0, "e-1")
        run.begin(1, "e-2")
        run.end(0, RESULT, STORIES)

    with RunFile(path) as run:
        assert run.resumed
        assert run.begun(1) == "e-2"
        assert run.ended(1) is None
        ended = run.ended(0)
        assert ended is not None
        assert (ended.result, ended.stories) == (RESULT, STORIES)


def test_a_line_that_was_cut_is_forgotten_and_does_not_spoil_the_next(path: Path) -> None:
    with RunFile(path) as run:
        run.begin(0, "e-1")
        run.end(0, RESULT, STORIES)
    path.write_bytes(path.read_bytes()[:-10])

    with RunFile(path) as run:
        assert run.ended(0) is None
        assert run.begun(0) == "e-1"
        run.end(0, RESULT, STORIES)
        assert run.ended(0) is not None
    with RunFile(path) as run:
        assert run.ended(0) is not None


def test_a_part_that_ran_out_of_credits_is_begun_anew(path: Path) -> None:
    short = Result("e-1", BatchStatus.CREDITS_INSUFFICIENT)
    with RunFile(path) as run:
        run.begin(0, "e-1")
        run.end(0, short, STORIES)
        assert run.ended(0) is not None

    with RunFile(path) as run:
        assert run.begun(0) is None
        assert run.ended(0) is None


def test_two_commands_do_not_enrich_the_same_list_at_the_same_time(path: Path) -> None:
    with RunFile(path), pytest.raises(EnrichProblemError, match="by another command"):
        RunFile(path)


def test_results_are_for_the_owners_eyes_only(path: Path) -> None:
    with RunFile(path):
        assert path.stat().st_mode & 0o077 == 0


def test_nothing_is_left_after_a_run_that_was_done(path: Path) -> None:
    with RunFile(path) as run:
        run.begin(0, "e-1")
        run.remove()

    assert not path.exists()


def test_a_run_is_named_after_the_content_and_its_circumstances(tmp_path: Path) -> None:
    one, copy, other = tmp_path / "one.csv", tmp_path / "copy.csv", tmp_path / "other.csv"
    one.write_text("a")
    copy.write_text("a")
    other.write_text("b")

    assert name_of_run(one, "phone") == name_of_run(copy, "phone")
    assert len({name_of_run(one, "phone"), name_of_run(other, "phone"), name_of_run(one, "work_email")}) == 3
