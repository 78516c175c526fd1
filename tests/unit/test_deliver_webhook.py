"""Six attempts, a minute apart, each with the signature over the very bytes that were stored."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from contract.fakes import NOW, FakeClock
from openenrich.engine.deliver_webhook import Delivery, DeliveryAttempt, deliver

SCHEDULE = (60.0,) * 5
BODY = '{"id":"1","name":"Müller & Söhne"}'.encode()
FIRST = Delivery(
    id=UUID(int=7), url="https://example.com/hook", body=BODY, signing_key="key-1", attempts=0, next_at=NOW
)


class Box:
    """One delivery in memory."""

    def __init__(self, delivery: Delivery | None = FIRST) -> None:
        self.delivery = delivery
        self.attempts: list[DeliveryAttempt] = []

    async def take(self, delivery_id: UUID) -> Delivery | None:
        return self.delivery if self.delivery is not None and self.delivery.id == delivery_id else None

    async def record(self, attempt: DeliveryAttempt) -> None:
        assert self.delivery is not None
        self.attempts.append(attempt)
        again = attempt.next_at is not None
        changed = msgspec.structs.replace(
            self.delivery, attempts=attempt.number, next_at=attempt.next_at or self.delivery.next_at
        )
        self.delivery = changed if again else None


class Receiver:
    """Answers as told, the last answer for ever, and takes its time."""

    def __init__(self, clock: FakeClock, *answers: tuple[int | None, str | None], takes_s: float = 0.0) -> None:
        self._clock = clock
        self._answers = list(answers)
        self._takes_s = takes_s
        self.got: list[tuple[str, bytes, dict[str, str]]] = []

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int | None, str | None]:
        self.got.append((url, body, headers))
        if self._takes_s:
            await self._clock.sleep(self._takes_s)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


async def delivered(
    box: Box, receiver: Receiver, clock: FakeClock, schedule: Sequence[float] = SCHEDULE
) -> list[float]:
    """Go on until there is nothing more to do; the pauses between."""
    pauses: list[float] = []
    while (pause := await deliver(box, receiver, clock, schedule, FIRST.id)) is not None:
        pauses.append(pause)
        await clock.sleep(pause)
    return pauses


async def test_the_stored_bytes_are_sent_signed_with_the_key_that_began_the_job() -> None:
    clock, box = FakeClock(), Box()
    receiver = Receiver(clock, (200, None))
    await delivered(box, receiver, clock)
    [(url, body, headers)] = receiver.got
    assert (url, body) == (FIRST.url, BODY)
    assert headers["X-Signature-SHA1"] == hmac.new(b"key-1", BODY, hashlib.sha1).hexdigest()
    assert headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_any_2xx_is_success(status: int) -> None:
    clock, box = FakeClock(), Box()
    assert await delivered(box, Receiver(clock, (status, f"status_{status}")), clock) == []
    [attempt] = box.attempts
    assert (attempt.state, attempt.status, attempt.error, attempt.next_at) == ("delivered", status, None, None)


@pytest.mark.parametrize("status", [100, 199, 300, 301, 302, 307, 400, 401, 404, 410, 413, 429, 500, 502, 503, 504])
async def test_everything_else_is_tried_again(status: int) -> None:
    clock, box = FakeClock(), Box()
    assert await delivered(box, Receiver(clock, (status, f"status_{status}"), (200, None)), clock) == [60]
    assert [(attempt.state, attempt.status) for attempt in box.attempts] == [("pending", status), ("delivered", 200)]
    assert box.attempts[0].error == f"status_{status}"


@pytest.mark.parametrize("word", ["timeout", "unreachable", "connection_lost", "forbidden_address"])
async def test_no_answer_at_all_is_tried_again_and_says_why(word: str) -> None:
    clock, box = FakeClock(), Box()
    await delivered(box, Receiver(clock, (None, word), (200, None)), clock)
    assert [(attempt.status, attempt.error) for attempt in box.attempts] == [(None, word), (200, None)]


async def test_there_are_six_attempts_and_then_no_more() -> None:
    clock, box = FakeClock(), Box()
    receiver = Receiver(clock, (500, "status_500"))
    assert await delivered(box, receiver, clock) == [60] * 5
    assert [attempt.number for attempt in box.attempts] == [1, 2, 3, 4, 5, 6]
    assert [attempt.state for attempt in box.attempts] == [*["pending"] * 5, "exhausted"]
    assert clock.elapsed == 300
    assert len({body for _, body, _ in receiver.got}) == 1


async def test_the_operators_schedule_decides() -> None:
    clock, box = FakeClock(), Box()
    assert await delivered(box, Receiver(clock, (500, None)), clock, (5.0, 600.0)) == [5, 600]
    assert len(box.attempts) == 3


async def test_without_a_schedule_there_is_one_attempt() -> None:
    clock, box = FakeClock(), Box()
    assert await delivered(box, Receiver(clock, (500, None)), clock, ()) == []
    assert [attempt.state for attempt in box.attempts] == ["exhausted"]


async def test_the_pause_counts_from_the_beginning_of_an_attempt() -> None:
    clock, box = FakeClock(), Box()
    receiver = Receiver(clock, (None, "timeout"), (200, None), takes_s=15.0)
    assert await delivered(box, receiver, clock) == [45]
    assert [attempt.latency_ms for attempt in box.attempts] == [15_000, 15_000]
    assert box.attempts[0].at == NOW + timedelta(seconds=15)


async def test_a_reminder_that_comes_too_early_sends_nothing_and_says_when() -> None:
    clock = FakeClock()
    box = Box(msgspec.structs.replace(FIRST, attempts=2, next_at=NOW + timedelta(seconds=42)))
    receiver = Receiver(clock, (200, None))
    assert await deliver(box, receiver, clock, SCHEDULE, FIRST.id) == 42
    assert (receiver.got, box.attempts) == ([], [])


async def test_a_delivery_that_is_done_is_not_made_again() -> None:
    clock = FakeClock()
    receiver = Receiver(clock, (200, None))
    assert await deliver(Box(None), receiver, clock, SCHEDULE, FIRST.id) is None
    assert receiver.got == []


async def test_an_attempt_goes_on_counting_where_a_dead_worker_stopped() -> None:
    clock = FakeClock()
    box = Box(msgspec.structs.replace(FIRST, attempts=5))
    assert await delivered(box, Receiver(clock, (500, None)), clock) == []
    assert [(attempt.number, attempt.state) for attempt in box.attempts] == [(6, "exhausted")]
