"""What the operator decides about our own conversations with mail hosts."""

from dataclasses import dataclass, field

from openenrich.verify.smtp import Identity, Times


@dataclass(frozen=True, slots=True)
class Options:
    """The operator's settings. ``secret`` makes invented names that nobody else can foresee, the same at each retry.

    ``per_second``: new connections to one group of hosts. ``time_speed``: how fast the hosts' time runs, 1 outside of
    the sandbox.
    """

    identity: Identity
    secret: bytes
    port: int = 25
    times: Times = field(default_factory=Times)
    proxy: str | None = None
    source_ip: str | None = None
    connections_per_group: int = 2
    per_second: float = 1.0
    names_a_day: int = 50
    keep_transcript: bool = False
    time_speed: float = 1.0
