"""What is known about mail hosts by the ends of their names.

Pure: the knowledge itself is data that ``verify`` loads. A host that nobody knows is its own master; which group it
is counted with then is for the caller.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Self

import msgspec


class MailHost(msgspec.Struct, frozen=True):
    """One operator's hosts. ``group`` shares one pace and one circuit breaker."""

    name: str
    group: str
    suffixes: tuple[str, ...]
    accepts_anything: bool = False
    """A yes to a recipient says nothing, by the provider's own design."""
    greylists: bool = False
    """New senders are asked to wait, sometimes without a word about it."""
    gateway: bool = False
    """Stands before the customer's own server, whose directory it may or may not know."""
    free_mail: bool = False
    """Gives mailboxes to everybody, beside or instead of companies."""


class MailHosts:
    """Mail hosts by suffix; the longest one wins, so that a part of a provider can be told from the rest."""

    def __init__(self, by_suffix: Mapping[str, MailHost]) -> None:
        self._by_suffix = MappingProxyType(dict(by_suffix))

    @classmethod
    def of(cls, hosts: Iterable[MailHost]) -> Self:
        """Raises `ValueError` when two hosts claim one suffix."""
        by_suffix: dict[str, MailHost] = {}
        for host in hosts:
            for suffix in host.suffixes:
                if suffix in by_suffix:
                    raise ValueError(f"two mail hosts have the suffix {suffix}")
                by_suffix[suffix] = host
        return cls(by_suffix)

    def owner(self, mx: str) -> MailHost | None:
        """Whose host this is. Suffixes are whole labels: ``notgoogle.com`` is not ``google.com``."""
        labels = mx.strip().rstrip(".").lower().split(".")
        ends = (".".join(labels[place:]) for place in range(len(labels)))
        return next((self._by_suffix[end] for end in ends if end in self._by_suffix), None)
