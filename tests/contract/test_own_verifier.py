"""Findings that are remembered and followed up: what somebody who waits for an open answer hears, and when."""

from datetime import datetime, timedelta

import msgspec
import pytest

from contract.fakes import NOW, FakeClock
from openenrich.core.mailbox import CatchAll, MailboxCheck, MailboxStatus
from openenrich.core.outcome import EmailStatus
from openenrich.engine.mail_ports import Due
from openenrich.verify.own import MailPatience, OwnMailVerifier, in_words

ADDRESS = "ada@example.com"
GOOD = MailboxCheck(ADDRESS, MailboxStatus.DELIVERABLE, "accepted", mx="mx.example.com", code=250)
OPEN = MailboxCheck(
    ADDRESS, MailboxStatus.UNKNOWN, "greylisted", code=450, retry_at=NOW + timedelta(seconds=20), checked_at=NOW
)
GIVEN_UP = msgspec.structs.replace(OPEN, retry_at=None, attempt=2)
PATIENCE = MailPatience(interactive_s=20.0, background_s=120.0, open_s=60.0)


class Remembered:
    """One address; what is kept without a life of its own is forgotten at once, as in the database."""

    def __init__(self) -> None:
        self.check: MailboxCheck | None = None
        self.kept: list[tuple[MailboxCheck, timedelta]] = []

    async def recall(self, address: str, now: datetime) -> MailboxCheck | None:
        return self.check

    async def keep(self, check: MailboxCheck, lifetime: timedelta, now: datetime) -> None:
        self.kept.append((check, lifetime))
        self.check = check if lifetime or check.retry_at else None

    async def due(self, number: int) -> Due | None:
        check = self.check
        return None if check is None or check.retry_at is None else Due(ADDRESS, check.attempt, check.retry_at)

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


class Host:
    """Says what is written for it, one check after the other."""

    def __init__(self, *said: MailboxCheck) -> None:
        self.said = list(said)
        self.asked: list[tuple[float, int]] = []

    async def check(self, text: str, *, seconds: float, attempt: int = 1) -> MailboxCheck:
        self.asked.append((seconds, attempt))
        return msgspec.structs.replace(self.said.pop(0), attempt=attempt)


class Place:
    def __init__(self, *said: MailboxCheck) -> None:
        self.host, self.memory, self.clock = Host(*said), Remembered(), FakeClock()
        self.verifier = OwnMailVerifier(self.host, self.memory, self.clock, PATIENCE)  # type: ignore[arg-type]


async def test_a_finding_is_remembered_and_not_asked_again() -> None:
    place = Place(GOOD)
    for _ in range(2):
        opinion = await place.verifier.look(ADDRESS)
        assert opinion is not None
        assert (opinion.source, opinion.status) == ("smtp", EmailStatus.DELIVERABLE)
    assert place.host.asked == [(20.0, 1)]
    assert place.memory.kept[0][1] == timedelta(days=30)


async def test_an_answer_that_is_open_is_waited_for_as_long_as_it_can_come() -> None:
    place = Place(OPEN, GOOD)
    place.clock.at(25.0, lambda: place.verifier.retry(1))
    opinion = await place.verifier.look(ADDRESS)
    assert opinion is not None
    assert opinion.status is EmailStatus.DELIVERABLE
    assert place.host.asked == [(20.0, 1), (120.0, 2)]
    assert 25 <= place.clock.elapsed <= 27


async def test_an_answer_that_was_given_up_is_waited_for_no_longer() -> None:
    place = Place(OPEN, GIVEN_UP)
    place.clock.at(25.0, lambda: place.verifier.retry(1))
    opinion = await place.verifier.look(ADDRESS)
    assert opinion is not None
    assert opinion.status is None
    assert place.clock.elapsed <= 27


@pytest.mark.parametrize("in_s", [61.0, 3600.0])
async def test_nobody_waits_for_what_comes_too_late(in_s: float) -> None:
    place = Place(msgspec.structs.replace(OPEN, retry_at=NOW + timedelta(seconds=in_s)))
    opinion = await place.verifier.look(ADDRESS)
    assert opinion is not None
    assert (opinion.status, place.clock.elapsed) == (None, 0)


async def test_what_could_not_be_found_out_and_has_no_second_try_is_not_remembered() -> None:
    place = Place(msgspec.structs.replace(GIVEN_UP, attempt=1), GOOD)
    await place.verifier.look(ADDRESS)
    assert place.memory.kept == []
    assert (await place.verifier.finding(ADDRESS)).status is MailboxStatus.DELIVERABLE


def test_a_finding_in_words_names_the_host_and_not_the_address() -> None:
    text = in_words(msgspec.structs.replace(OPEN, mx="mx.example.com", provider="Postfix"), NOW)
    assert text == "greylisted, asked mx.example.com (Postfix), which said 450, again in 20 s"
    assert "ada" not in text
