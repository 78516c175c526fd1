"""What goes wrong with a mail server on demand, and, as part of a script, always."""

from collections.abc import Iterable
from enum import StrEnum
from random import Random
from typing import Final

import msgspec

EVERY_HOST: Final = "mail"
"""What a rule calls all mail servers together."""


class MailFault(StrEnum):
    """The kinds that POST /_sandbox/faults accepts for a mail server. Each lasts for a whole connection."""

    DROP_CONNECT = "drop_connect"  # the connection is reset before the banner
    DROP_HELO = "drop_helo"  # closed instead of an answer to the greeting
    DROP_AFTER_REFUSAL = "drop_after_refusal"  # closed right after the first 5xx to a recipient
    SILENT = "silent"  # never says a word
    DRIP = "drip"  # one byte a second
    CLOSING = "closing"  # 421 to the first recipient, and closed
    CLOSING_BANNER = "closing_banner"  # 421 instead of the banner
    BUSY_BANNER = "busy_banner"  # 4xx instead of the banner
    BLOCKLISTED = "blocklisted"  # 554 instead of the banner: the client's address is on a list
    TLS_BROKEN = "tls_broken"  # offers STARTTLS and then does not speak it
    GARBAGE = "garbage"  # a banner that is not SMTP
    OVERSIZED = "oversized"  # an answer to a recipient far larger than any sound one
    ONE_RCPT = "one_rcpt"  # 452 to every recipient but a session's first


class MailFaultRule(msgspec.Struct, forbid_unknown_fields=True):
    """``vendor`` is "mail" or one mail host; ``count``: connections that are left (``None``: for ever)."""

    vendor: str
    kind: MailFault
    probability: float = 1.0
    count: int | None = None


class MailFaultBoard:
    """The rules in force."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._rules: list[MailFaultRule] = []

    def add(self, rule: MailFaultRule) -> None:
        """A probability of 0 withdraws what was set before for that host and kind."""
        self._rules = [old for old in self._rules if (old.vendor, old.kind) != (rule.vendor, rule.kind)]
        if rule.probability > 0:
            self._rules.append(rule)

    def strike(self, hosts: Iterable[str]) -> frozenset[MailFault]:
        """The faults of one new connection to an address where these hosts listen."""
        names = {EVERY_HOST, *hosts}
        return frozenset(rule.kind for rule in self._rules if rule.vendor in names and self._hits(rule))

    def _hits(self, rule: MailFaultRule) -> bool:
        if rule.count == 0 or self._rng.random() >= rule.probability:
            return False
        rule.count = None if rule.count is None else rule.count - 1
        return True

    def reset(self) -> None:
        self._rules.clear()
