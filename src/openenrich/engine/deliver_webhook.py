"""Delivering an event: stored bytes, signed each time with the key that started the job, six attempts.

Any 2xx is success; everything else, time-outs and refused addresses included, is a failure and is tried again
after the schedule's next pause (section 7: one first attempt and five retries, a minute apart).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec

from openenrich.core.signature import sha1
from openenrich.engine.ports import Clock


class Delivery(msgspec.Struct, frozen=True):
    """An event to deliver. ``attempts`` were made before."""

    id: UUID
    url: str
    body: bytes
    signing_key: str
    attempts: int
    next_at: datetime


class DeliveryAttempt(msgspec.Struct, frozen=True):
    """What an attempt came to. ``state`` is pending, delivered or exhausted; ``error`` is a word, never a text."""

    delivery_id: UUID
    number: int
    at: datetime
    state: str
    status: int | None
    error: str | None
    latency_ms: int
    next_at: datetime | None


class Outbox(Protocol):
    """The store's side."""

    async def take(self, delivery_id: UUID) -> Delivery | None:
        """What is to be sent, or ``None``."""

    async def record(self, attempt: DeliveryAttempt) -> None:
        """Write what came of it."""


class Courier(Protocol):
    """The one way out to receivers; refuses private addresses."""

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int | None, str | None]:
        """Status, or ``None`` and a word that says why there is none. Never raises for the receiver's faults."""


async def deliver(
    outbox: Outbox, courier: Courier, clock: Clock, schedule: Sequence[float], delivery_id: UUID
) -> float | None:
    """Make one attempt; the seconds until the next one, or ``None`` when there is nothing more to do."""
    delivery = await outbox.take(delivery_id)
    if delivery is None:
        return None
    started = clock.now()
    if (early := (delivery.next_at - started).total_seconds()) > 0:
        return early
    status, error = await courier.post(delivery.url, delivery.body, _headers(delivery))
    attempt = _attempt(delivery, status, error, started, clock.now(), schedule)
    await outbox.record(attempt)
    return None if attempt.next_at is None else (attempt.next_at - clock.now()).total_seconds()


def _headers(delivery: Delivery) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "X-Signature-SHA1": sha1(delivery.signing_key, delivery.body),
        "User-Agent": "OpenEnrich-Webhook/1",
    }


def _attempt(
    delivery: Delivery,
    status: int | None,
    error: str | None,
    started: datetime,
    ended: datetime,
    schedule: Sequence[float],
) -> DeliveryAttempt:
    number = delivery.attempts + 1
    success = status is not None and 200 <= status < 300
    again = not success and number <= len(schedule)
    return DeliveryAttempt(
        delivery_id=delivery.id,
        number=number,
        at=ended,
        state="delivered" if success else "pending" if again else "exhausted",
        status=status,
        error=None if success else error,
        latency_ms=int((ended - started).total_seconds() * 1000),
        next_at=started + timedelta(seconds=schedule[number - 1]) if again else None,
    )
