"""What verifiers say about one address: our own conversation with its mail host, then those that the operator pays.

Paid verifiers are asked like any vendor: paced, journalled before the call, bought once per workspace. A worker that
takes over after a crash asks here again, and the journal gives back what was bought.
"""

from dataclasses import dataclass
from typing import Protocol

from openenrich.core.contact import Contact, Field
from openenrich.core.evidence import Attempt
from openenrich.core.ordering import Offer, verifiers
from openenrich.core.vendor import Found, Reason, Refused
from openenrich.core.verdict import Checked, Opinion
from openenrich.core.verification import opinion_of, wants_another
from openenrich.core.waterfall import Question
from openenrich.engine.ask_vendor import Desk, ask
from openenrich.engine.ports import Claimed


class OwnVerifier(Protocol):
    """Our own conversation with mail hosts; implemented in ``verify``."""

    async def look(self, address: str) -> Opinion | None:
        """What it found out; ``None`` when it is switched off. Never raises."""


@dataclass(frozen=True, slots=True)
class AddressChecker:
    """Implements `AddressCheck`. ``needed`` opinions must agree; ``order`` names verifiers to ask first."""

    desk: Desk
    own: OwnVerifier
    needed: int = 1
    order: tuple[str, ...] = ()

    async def check(self, claimed: Claimed, address: str) -> Checked:
        own = await self.own.look(address)
        opinions = [own] if own is not None else []
        for offer in await self._on_offer(claimed):
            if not wants_another(opinions, self.needed):
                break
            question = Question(offer, Contact(work_email=address), frozenset({Field.WORK_EMAIL}))
            attempt = _bought_before(claimed, offer, address) or await ask(self.desk, claimed, question)
            if isinstance(attempt.reply, Refused) and attempt.reply.reason is Reason.SUPPRESSED:
                break  # the person objects to being looked up: nobody else is asked about the address
            opinion = _opinion(attempt, address)
            if opinion is not None:
                opinions.append(opinion)
        return Checked(tuple(opinions), self.needed)

    async def _on_offer(self, claimed: Claimed) -> tuple[Offer, ...]:
        offers: list[Offer] = []
        for adapter in self.desk.catalogue.values():
            checks = [item for item in self.desk.askable(adapter.vendor) if item.verifies]
            if not checks:
                continue
            pool = await self.desk.keyring.pool(claimed.workspace_id, adapter.vendor.name)
            if self.desk.throttle.usable(adapter.vendor, pool):
                offers.extend(Offer(adapter.vendor, operation) for operation in checks)
        return verifiers(offers, self.order)


def _bought_before(claimed: Claimed, offer: Offer, address: str) -> Attempt | None:
    """What this contact was told before its worker died. An "unknown" serves nobody else, but was paid for this one."""
    for purchase in claimed.purchases:
        attempt = Attempt(purchase.vendor, purchase.operation, purchase.reply)
        if (purchase.vendor, purchase.operation) == offer.key and _opinion(attempt, address) is not None:
            return attempt
    return None


def _opinion(attempt: Attempt, address: str) -> Opinion | None:
    """A refusal, or an answer about another address, says nothing."""
    if not isinstance(attempt.reply, Found):
        return None
    claims = [item.claim for item in attempt.reply.values.emails if item.address.strip().casefold() == address]
    return opinion_of(attempt.vendor, claims[0]) if claims else None
