"""A work address without any vendor: guessed from how the company writes addresses, and put before its mail host.

Answers the local vendor ``pattern`` in the form that its module reads. A guess that the host confirms is deliverable;
on a host that accepts every name, or that could not be asked, a guess is returned only where colleagues' addresses
prove the pattern, and then as no more than that.
"""

from dataclasses import dataclass
from typing import Final, Protocol

import msgspec

from openenrich.core.contact import EmailClaim
from openenrich.core.names import same_person
from openenrich.core.outcome import EmailStatus
from openenrich.core.patterns import Candidate, Learned, Sample, learn, rank
from openenrich.core.vendor import Adapter, HttpRequest, HttpResponse
from openenrich.core.verdict import Opinion
from openenrich.engine.ports import VendorKey

_MOST: Final = 4
_WORTH_ASKING: Final = 0.04
"""A guess this unlikely is somebody else's mailbox as often as not."""
_PROVEN_BY: Final = 2
_PROVEN: Final = 0.55
_UNASKED: Final = 0.7


class Samples(Protocol):
    """Known addresses of a company."""

    async def of(self, domain: str) -> tuple[Sample, ...]:
        """Colleagues with their addresses, the latest first."""


class Asked(Protocol):
    """Our own verifier; it remembers what it was asked."""

    async def look(self, address: str) -> Opinion | None:
        """What the mail host says; ``None`` when it is not asked."""


class _Guess(msgspec.Struct, frozen=True):
    email: str
    claim: EmailClaim


class _Answer(msgspec.Struct, frozen=True):
    guesses: tuple[_Guess, ...] = ()


@dataclass(frozen=True, slots=True)
class AddressGuesser:
    """Implements `Transport` for the vendor ``pattern``."""

    samples: Samples
    own: Asked

    async def send(
        self,
        adapter: Adapter,  # noqa: ARG002 - the port's signature; there is one vendor of this kind
        key: VendorKey,  # noqa: ARG002 - guessing needs no key
        request: HttpRequest,
        timeout_s: float,  # noqa: ARG002 - the verifier has a time of its own
    ) -> HttpResponse:
        told = request.query
        guess = await self._guess(told["first_name"], told["last_name"], told["domain"])
        return HttpResponse(200, msgspec.json.encode(_Answer((guess,) if guess else ())))

    async def _guess(self, first: str, last: str, domain: str) -> _Guess | None:
        samples = await self.samples.of(domain)
        learned = learn(samples)
        others = frozenset(
            _mailbox(item.local) for item in samples if same_person(item.first, item.last, first, last) is False
        )
        ranked = rank(first, last, learned, taken=others, most=_MOST)
        candidates = [item for item in ranked if item.probability >= _WORTH_ASKING]
        for candidate in candidates:
            address = f"{candidate.local}@{domain}"
            opinion = await self.own.look(address)
            match opinion.status if opinion else None:
                case EmailStatus.DELIVERABLE:
                    return _Guess(address, EmailClaim.DELIVERABLE)
                case EmailStatus.HIGH_PROBABILITY:
                    return _Guess(address, EmailClaim.PROBABLE)
                case EmailStatus.INVALID:
                    continue
                case EmailStatus.INVALID_DOMAIN:
                    return None
                case EmailStatus.CATCH_ALL:
                    return _unconfirmed(candidate, learned, domain, EmailClaim.CATCH_ALL, _PROVEN)
                case _:
                    return _unconfirmed(candidate, learned, domain, EmailClaim.PROBABLE, _UNASKED)
        return None


def _mailbox(local: str) -> str:
    """As candidates are written: addresses come as people type them, perhaps with a tag."""
    return local.strip().lower().split("+", 1)[0]


def _unconfirmed(candidate: Candidate, learned: Learned, domain: str, claim: EmailClaim, least: float) -> _Guess | None:
    """The guess in hand where the pattern is proven by colleagues' addresses; nothing otherwise."""
    proven = learned.number >= _PROVEN_BY and candidate.probability >= least
    return _Guess(f"{candidate.local}@{domain}", claim) if proven else None
