"""The verifier before the farm: one mail server, or more, per scenario, real sockets, and a table of right verdicts.

Two mistakes cost users more than an unknown, and neither may happen: DELIVERABLE for a dead mailbox, INVALID for a
living one.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from openenrich.clock import SystemClock
from openenrich.core.mailbox import CatchAll, MailboxCheck
from openenrich.engine.mail_ports import Due
from openenrich.sandbox.mail.farm import SCENARIOS, Farm, farm
from openenrich.sandbox.mail.scenario import Scenario
from openenrich.verify.options import Options
from openenrich.verify.resolver import Resolver
from openenrich.verify.routes import Routes
from openenrich.verify.smtp import Identity
from openenrich.verify.verifier import MailVerifier

pytestmark = pytest.mark.asyncio(loop_scope="module")
SPEED = 40.0
AT_ONCE = 16
FIRST_CHECK_S = 12.0
LONGEST_WAIT_S = 400.0

Verdicts = dict[str, tuple[str, MailboxCheck]]


class Forgetful:
    """Every scenario is a first encounter."""

    async def recall(self, address: str, now: datetime) -> MailboxCheck | None:
        return None

    async def keep(self, check: MailboxCheck, lifetime: timedelta, now: datetime) -> None:
        return None

    async def due(self, number: int) -> Due | None:
        return None

    async def domain(self, domain: str, group: str, now: datetime) -> CatchAll | None:
        return None

    async def keep_domain(
        self, domain: str, group: str, catch_all: CatchAll, lifetime: timedelta, now: datetime
    ) -> None:
        return None

    async def blocked_until(self, group: str, now: datetime) -> datetime | None:
        return None

    async def trip(self, group: str, first: timedelta, most: timedelta, now: datetime) -> None:
        return None

    async def calm(self, group: str, now: datetime) -> None:
        return None


class Unhurried:
    async def reserve(
        self, name: str, per_second: float, burst: int, longest_wait_s: float | None = None
    ) -> float | None:
        return 0.0


@asynccontextmanager
async def verifier(running: Farm) -> AsyncIterator[MailVerifier]:
    resolver = Resolver([running.resolver])
    options = Options(Identity(running.helo, running.sender), b"farm", port=running.smtp_port, time_speed=SPEED)
    routes = Routes(resolver, random.Random(1), allow_private=True)
    try:
        yield MailVerifier(routes, Forgetful(), Unhurried(), SystemClock(), options)
    finally:
        await resolver.close()


async def judged(running: Farm, scenario: Scenario) -> list[tuple[str, str, MailboxCheck]]:
    """The first check, and the one after the wait where coming back helps."""
    async with verifier(running) as asked:
        check = await asked.check(scenario.address, seconds=FIRST_CHECK_S)
        results = [(scenario.name, scenario.judge(check.status.value), check)]
        if scenario.later is not None and scenario.later_s < LONGEST_WAIT_S:
            await asyncio.sleep(scenario.later_s / SPEED)  # the farm's own time, which is not ours to skip
            check = await asked.check(scenario.address, seconds=FIRST_CHECK_S, attempt=2)
            results.append((f"{scenario.name}, later", scenario.judge(check.status.value, later=True), check))
    return results


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def results() -> tuple[Verdicts, int]:
    """Everything once; and how often a server was sent DATA."""
    async with farm(speed=SPEED) as running:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(scenario: Scenario) -> list[tuple[str, str, MailboxCheck]]:
            async with gate:
                return await judged(running, scenario)

        groups = await asyncio.gather(*map(one, running.scenarios))
        data = running.state.tally.report(0).total.data
    return {name: (judgement, check) for group in groups for name, judgement, check in group}, data


async def test_nothing_is_wrong_and_nearly_everything_exact(results: tuple[Verdicts, int]) -> None:
    verdicts, _ = results
    wrong = {name: check.status for name, (judgement, check) in verdicts.items() if judgement == "wrong"}
    counted = Counter(judgement for judgement, _ in verdicts.values())
    assert wrong == {}
    assert counted["exact"] / len(verdicts) > 0.97, counted


async def test_no_message_is_ever_begun(results: tuple[Verdicts, int]) -> None:
    assert results[1] == 0


async def test_every_verdict_carries_its_evidence(results: tuple[Verdicts, int]) -> None:
    for name, (_, check) in results[0].items():
        assert check.reason, name
        assert check.checked_at is not None, name
        assert check.seconds <= FIRST_CHECK_S + 3, name


async def test_the_farm_is_as_large_as_the_specification_asks() -> None:
    assert len(SCENARIOS) >= 83
