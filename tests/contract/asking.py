"""What the tests of questions share: who asks, what came of it, and what a worker before us left behind."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import pytest

from contract.fakes import ADA, NOW, Stage, claimed, until
from openenrich.core.contact import Contact
from openenrich.core.evidence import Attempt
from openenrich.core.vendor import Reason, Refused
from openenrich.engine.ask_vendor import ask
from openenrich.engine.ports import Claimed, Purchase, Step, StoppingError, VendorKey

TWO_KEYS = (VendorKey("first", "secret-1"), VendorKey("second", "secret-2"))
BAD_KEY = Refused(Reason.BAD_KEY, code="401")
NO_CREDIT = Refused(Reason.NO_CREDIT, code="402")
TOO_FAST = Refused(Reason.RATE_LIMITED, code="429")
BROKEN = Refused(Reason.UNAVAILABLE, code="503")
NOT_TAKEN = Refused(Reason.INPUT_REFUSED, code="422")
NO_ANSWER = Refused(Reason.UNAVAILABLE, code="no_answer")
UNCERTAIN = Attempt("acme", "find", uncertain=True)


def result(reply: object) -> Attempt:
    return Attempt("acme", "find", reply)  # type: ignore[arg-type]  # the tests name replies only


def person(last_name: str) -> Contact:
    return msgspec.structs.replace(ADA, last_name=last_name)


async def asked(stage: Stage, who: Claimed | None = None) -> Attempt:
    who = who or claimed()
    return await ask(stage.desk, who, stage.question(who.contact))


async def stopped(stage: Stage, work: Awaitable[object], when: Callable[[], bool]) -> None:
    """Let it come to its wait, tell the worker to stop, and see it leave."""
    task = asyncio.ensure_future(work)
    await until(when)
    stage.stopping.set()
    with pytest.raises(StoppingError):
        await task


def open_purchase(
    stage: Stage, who: Claimed, step: Step, job: str = "", *, mine: bool = True, key: str = "first"
) -> Purchase:
    """A purchase that a worker before us left behind."""
    left = Purchase(7, "acme", "find", step, mine=mine, vendor_job=job, started_at=NOW, key_label=key)
    stage.journal.rows[7], stage.journal.tokens[7], stage.journal.owners[7] = left, who.token, who.id
    return left
