"""In which order vendors are asked for a field.

What is free is asked first, then the operator's own order is kept. The rest follows by what a hit is expected to
cost: a vendor that charges only for results costs its price, one that charges every call costs its price divided by its
hit rate. Equal cost goes to the better hit rate, then to the name, so that the order is the same on every machine.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from openenrich.core.contact import Field
from openenrich.core.vendor import Charge, Operation, Vendor


class Offer(msgspec.Struct, frozen=True):
    """An operation of a vendor that the workspace has a key for."""

    vendor: Vendor
    operation: Operation

    @property
    def key(self) -> tuple[str, str]:
        return self.vendor.name, self.operation.name


def ranked(field: Field, offers: Iterable[Offer], preferred: Sequence[str] = ()) -> tuple[Offer, ...]:
    """The offers that return ``field``, the next one to ask first. ``preferred`` are vendor names."""
    place = {name: index for index, name in enumerate(preferred)}
    able = (offer for offer in offers if field in offer.operation.returns and not offer.operation.verifies)
    return tuple(sorted(able, key=lambda offer: (_priority(offer, place), *_rank(offer))))


def verifiers(offers: Iterable[Offer], preferred: Sequence[str] = ()) -> tuple[Offer, ...]:
    """The offers that verify an address, the next one to ask first."""
    place = {name: index for index, name in enumerate(preferred)}
    able = (offer for offer in offers if offer.operation.verifies)
    return tuple(sorted(able, key=lambda offer: (_priority(offer, place), *_rank(offer))))


def _priority(offer: Offer, place: Mapping[str, int]) -> int:
    return -1 if offer.operation.charge is Charge.FREE else place.get(offer.vendor.name, len(place))


def _rank(offer: Offer) -> tuple[float, float, str, str]:
    return expected_cost(offer), -offer.operation.hit_rate, *offer.key


def expected_cost(offer: Offer) -> float:
    """Millionths of a dollar per hit."""
    price = offer.vendor.price(offer.operation)
    match offer.operation.charge:
        case Charge.FREE:
            return 0.0
        case Charge.PER_CALL:
            return price / max(offer.operation.hit_rate, 0.01)
        case _:
            return float(price)
