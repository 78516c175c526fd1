"""What the mail servers have heard: the witness that no message is ever sent and nobody is asked too often."""

import msgspec


class Heard(msgspec.Struct):
    """Counts of one host, or of all. ``data`` stays 0 with a verifier: it is an attempt to send a message."""

    connections: int = 0
    encrypted: int = 0
    mail: int = 0
    rcpt: int = 0
    accepted: int = 0
    refused: int = 0
    deferred: int = 0
    data: int = 0
    quits: int = 0


class MailReport(msgspec.Struct, frozen=True):
    """Body of GET /_sandbox/mail."""

    port: int
    total: Heard
    hosts: dict[str, Heard]


class Tally:
    """Counts every event twice: for the host and for all."""

    def __init__(self) -> None:
        self._total = Heard()
        self._hosts: dict[str, Heard] = {}

    def count(self, host: str, event: str) -> None:
        for heard in (self._total, self._hosts.setdefault(host, Heard())):
            setattr(heard, event, getattr(heard, event) + 1)

    def rcpt(self, host: str, code: str) -> None:
        """One recipient asked for, and the class of the answer by its first digit."""
        self.count(host, "rcpt")
        self.count(host, {"2": "accepted", "4": "deferred"}.get(code[:1], "refused"))

    def of(self, host: str) -> Heard:
        return self._hosts.get(host, Heard())

    def report(self, port: int) -> MailReport:
        return MailReport(port, self._total, dict(sorted(self._hosts.items())))

    def reset(self) -> None:
        self._total = Heard()
        self._hosts.clear()
