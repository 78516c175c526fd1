"""One listening address: the mail servers behind it and what all its sessions share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from openenrich.sandbox.latency import Pace
from openenrich.sandbox.mail.faults import MailFault, MailFaultBoard
from openenrich.sandbox.mail.greylist import GreylistMemory
from openenrich.sandbox.mail.script import MailServer, Script, Tls
from openenrich.sandbox.mail.tally import Tally

_SHARED: Final = Script(tls=Tls.NONE)


@dataclass(frozen=True, slots=True)
class MailState:
    """Everything about mail that changes while a sandbox runs."""

    pace: Pace
    tally: Tally
    faults: MailFaultBoard
    greylists: GreylistMemory
    numbers: Iterator[int]
    knows_domain: Callable[[str], bool]

    def reset(self) -> None:
        """Forget counts, faults on demand, and who came when."""
        self.tally.reset()
        self.faults.reset()
        self.greylists.reset()


@dataclass(frozen=True, slots=True)
class MailDesk:
    """Behind an address of its own is one server; servers that share one are told apart by the recipient's domain."""

    servers: tuple[MailServer, ...]
    state: MailState

    @property
    def script(self) -> Script:
        """The manners until a recipient is named."""
        return self.servers[0].script if len(self.servers) == 1 else _SHARED

    @property
    def name(self) -> str:
        return self.servers[0].name

    def server_for(self, domain: str) -> MailServer:
        """The one that takes the domain's mail; the first turns everybody else away."""
        return next((server for server in self.servers if server.serves(domain)), self.servers[0])

    def faults(self) -> frozenset[MailFault]:
        """Of one new connection."""
        return self.script.faults | self.state.faults.strike(server.name for server in self.servers)
