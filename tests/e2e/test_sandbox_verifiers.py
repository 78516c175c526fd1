"""Every verifier asks the sandbox as it would ask its vendor, and reads what it hears, as the world has it."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

import pytest
import pytest_asyncio

from openenrich.core.contact import Contact, EmailClaim
from openenrich.core.vendor import (
    Adapter,
    Ask,
    Found,
    HttpRequest,
    HttpResponse,
    Operation,
    Pending,
    Reason,
    Refused,
    Reply,
)
from openenrich.egress.client import VendorTransport, open_session
from openenrich.engine.ports import VendorKey
from openenrich.sandbox.server import SandboxSettings, serve
from openenrich.sandbox.world import Mailbox, World
from openenrich.vendors._discover import discover

WORLD: Final = World()
MOST_READS: Final = 200
VERIFIERS: Final = [
    pytest.param(adapter, operation, id=f"{name}.{operation.name}")
    for name, adapter in discover().items()
    for operation in adapter.vendor.operations
    if operation.verifies
]
every_verifier = pytest.mark.parametrize(("adapter", "operation"), VERIFIERS)
RIGHT: Final = {
    Mailbox.DELIVERABLE: {EmailClaim.DELIVERABLE, EmailClaim.UNKNOWN},
    Mailbox.INVALID: {EmailClaim.INVALID, EmailClaim.UNKNOWN},
}
"""What may be said of hosts that tell the truth; of the others anything may be believed."""


@dataclass(frozen=True)
class Line:
    """A way to one vendor of the sandbox."""

    transport: VendorTransport
    key: str = "sandbox-key"

    async def verdict(self, adapter: Adapter, operation: Operation, address: str) -> Reply:
        asked = Ask(operation.name, Contact(work_email=address))
        for _ in range(MOST_READS):
            reply = adapter.read(asked, await self.send(adapter, adapter.request(asked)))
            if reply != Pending(token="", after_s=getattr(reply, "after_s", 0.0)):
                break
        return await self.result(adapter, reply.token) if isinstance(reply, Pending) else reply

    async def result(self, adapter: Adapter, token: str) -> Reply:
        assert adapter.poll
        assert adapter.read_poll
        for _ in range(MOST_READS):
            replies = adapter.read_poll([token], await self.send(adapter, adapter.poll([token])))
            if token in replies:
                return replies[token]
        raise AssertionError("the job never ends")

    async def send(self, adapter: Adapter, request: HttpRequest) -> HttpResponse:
        return await self.transport.send(adapter, VendorKey("test", self.key), request, 10.0)


class _NoLocal:
    async def send(self, *_: object) -> HttpResponse:
        raise AssertionError("verifiers are on the network")


@pytest_asyncio.fixture
async def line() -> AsyncIterator[Line]:
    """Without time: answers and jobs are ready at once, no limits."""
    async with serve(WORLD, SandboxSettings(speed=0, faults=False)) as environment, open_session() as session:
        bases = {
            name: environment[f"OPENENRICH_VENDORS_{name.upper()}_BASE_URL"]
            for name in discover()
            if f"OPENENRICH_VENDORS_{name.upper()}_BASE_URL" in environment
        }
        yield Line(VendorTransport(session, bases, {}))


def addresses() -> list[str]:
    """Fifty: people's, former ones', and some that never were, at all kinds of companies."""
    people = [person for person in WORLD.people if not person.suppressed][:200]
    present = [person.work_email for person in people if person.work_email]
    former = [job.email for person in people for job in person.jobs[1:] if job.email]
    invented = [f"nobody.{person.id}@{person.company.domain}" for person in people]
    return [*present[:25], *former[:12], *invented[:13]]


@every_verifier
async def test_fifty_addresses_are_read_and_judged_as_the_world_has_them(
    line: Line, adapter: Adapter, operation: Operation
) -> None:
    claims: Counter[EmailClaim] = Counter()
    for address in addresses():
        reply = await line.verdict(adapter, operation, address)
        assert isinstance(reply, Found), (adapter.vendor.name, reply)
        [email] = reply.values.emails
        assert email.address == address
        true = WORLD.mailbox(address)
        assert true not in RIGHT or email.claim in RIGHT[true]
        claims[email.claim] += 1
    assert claims.total() == 50
    assert claims[EmailClaim.DELIVERABLE] >= 10
    assert claims[EmailClaim.INVALID] >= 8
    assert claims[EmailClaim.UNKNOWN] <= 8


@every_verifier
async def test_a_key_that_nobody_has_is_refused(line: Line, adapter: Adapter, operation: Operation) -> None:
    stranger = Line(line.transport, key="stolen")
    reply = await stranger.verdict(adapter, operation, addresses()[0])
    assert isinstance(reply, Refused)
    assert reply.reason is Reason.BAD_KEY or reply.code == "key_or_credits"
    if adapter.balance and adapter.read_balance:
        answer = adapter.read_balance(await stranger.send(adapter, adapter.balance()))
        assert isinstance(answer, Refused), "the balance of an account that is nobody's"


@every_verifier
async def test_the_balance_is_read(line: Line, adapter: Adapter, operation: Operation) -> None:
    if adapter.balance and adapter.read_balance:
        answer = adapter.read_balance(await line.send(adapter, adapter.balance()))
        assert not isinstance(answer, Refused), (operation.name, answer)
        assert answer.credits
