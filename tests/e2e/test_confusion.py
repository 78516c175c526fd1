"""Five hundred contacts over all vendors against what is true, and every vendor alone: `make accuracy`, with limits."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from openenrich.vendors._discover import discover

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]
BENCH = Path(__file__).parents[2] / "bench" / "confusion.py"
CONTACTS = 500
INSIDE = {"directory", "pattern"}
ALONE = 3

Counted = dict[str, dict[str, dict[str, int]]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def counted() -> Counted:
    arguments = ("--contacts", str(CONTACTS), "--each", str(ALONE), "--speed", "150", "--json")
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(BENCH), *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, error = await asyncio.wait_for(child.communicate(), 400)
    assert child.returncode == 0, error.decode()[-2000:]
    result: Counted = json.loads(out)
    return result


def share(tally: dict[str, Any], *kinds: str, of: tuple[str, ...] = ("right", "wrong", "missed")) -> float:
    return float(sum(tally.get(kind, 0) for kind in kinds) / sum(tally.get(kind, 0) for kind in of))


async def test_every_contact_is_counted_in_every_field(counted: Counted) -> None:
    for field, tally in counted["all vendors"].items():
        assert sum(tally.values()) == CONTACTS, field


@pytest.mark.parametrize(
    ("field", "right", "wrong"),
    [
        ("work e-mail", 0.9, 0.05),
        ("personal e-mail", 0.6, 0.01),
        ("mobile", 0.65, 0.12),
        ("profile: name", 0.98, 0.0),
        ("profile: title", 0.98, 0.0),
        ("profile: employer", 0.95, 0.0),
        ("profile: headcount", 0.9, 0.02),
    ],
)
async def test_the_waterfall_finds_most_and_is_seldom_wrong(
    counted: Counted, field: str, right: float, wrong: float
) -> None:
    tally = counted["all vendors"][field]
    assert share(tally, "right") >= right, tally
    assert share(tally, "wrong", of=("right", "wrong")) <= wrong, tally


async def test_every_vendor_finds_something_by_itself_and_is_seldom_wrong(counted: Counted) -> None:
    finders = {
        name
        for name, adapter in discover().items()
        if any(operation.returns - {"company"} and not operation.verifies for operation in adapter.vendor.operations)
    }
    assert set(counted) - {"all vendors"} == finders - INSIDE
    for name in finders - INSIDE:
        found = {field: tally for field, tally in counted[name].items() if tally.get("right")}
        assert found, f"{name} alone found nothing that is right"
        for field, tally in found.items():
            assert tally.get("wrong", 0) <= max(3, tally["right"]), f"{name}: {field} {tally}"
