"""Guessing the addresses of the simulated world's people: each asked for while the own address is held out.

The people are others than those of ``python bench/patterns.py`` (another seed), at about a hundred companies: without
a colleague everything hangs on how many of these happen to use the usual pattern, so the limits there leave two
standard deviations of that, ten points. Companies of the world keep to their pattern; where people stray from it as
often as was measured, probabilities must hold as well, and never promise what is not kept.
"""

import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from openenrich.sandbox.world import World

BENCH = Path(__file__).parents[2] / "bench" / "patterns.py"


def loaded() -> ModuleType:
    """The measurement, which is no part of any package."""
    spec = importlib.util.spec_from_file_location("bench_patterns", BENCH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


bench = loaded()
Scores = Mapping[str, Any]


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=11, people=1500)


@pytest.fixture(scope="module")
def regular(world: World) -> Scores:
    found: Scores = bench.scores(world.people, bench.regular)
    return found


@pytest.fixture(scope="module")
def straying(world: World) -> Scores:
    found: Scores = bench.scores(world.people, bench.straying)
    return found


@pytest.mark.parametrize(
    ("known", "first", "first_three"), [(0, 0.33, 0.62), (1, 0.83, 0.92), (2, 0.86, 0.93), (5, 0.90, 0.94)]
)
def test_colleagues_of_a_regular_company_give_the_address_away(
    regular: Scores, known: int, first: float, first_three: float
) -> None:
    score = regular[f"{known} known"]
    assert score.people > 900
    assert score.hit_1 > first
    assert score.hit_3 > first_three


@pytest.mark.parametrize(
    ("known", "first", "first_three"), [(0, 0.25, 0.42), (1, 0.53, 0.65), (2, 0.56, 0.68), (5, 0.59, 0.69)]
)
def test_exceptions_cost_as_much_as_was_measured(
    straying: Scores, known: int, first: float, first_three: float
) -> None:
    score = straying[f"{known} known"]
    assert score.hit_1 > first
    assert score.hit_3 > first_three


@pytest.mark.parametrize(("known", "kept"), [(2, 0.70), (5, 0.79)])
def test_agreement_is_worth_more_than_number(straying: Scores, known: int, kept: float) -> None:
    assert straying[f"{known} known, agreeing"].hit_1 > kept
    assert straying["2 known, agreeing"].hit_1 > straying["5 known"].hit_1


@pytest.mark.parametrize(("known", "boast"), [(0, 0.10), (1, 0.03), (2, 0.03), (5, 0.03)])
def test_probabilities_are_kept_where_people_stray(straying: Scores, known: int, boast: float) -> None:
    score = straying[f"{known} known"]
    assert score.error < 0.18
    assert score.boast < boast


@pytest.mark.parametrize("known", [0, 1, 2, 5])
def test_probabilities_promise_too_little_rather_than_too_much(regular: Scores, known: int) -> None:
    assert regular[f"{known} known"].boast < 0.05


def test_without_colleagues_probabilities_are_right(regular: Scores) -> None:
    assert regular["0 known"].error < 0.12


def test_the_table_shows_every_score(world: World) -> None:
    lines = bench.table(world.people[:400]).splitlines()
    assert sum(line.startswith("| ") and "known" in line for line in lines) == 12
