"""Everything that changes while a sandbox runs, in one place, so that it can be forgotten at once."""

from random import Random

import msgspec

from openenrich.sandbox.desk import Purpose
from openenrich.sandbox.faults import FaultBoard, Meter
from openenrich.sandbox.jobs import JobBoard
from openenrich.sandbox.latency import Pace
from openenrich.sandbox.ledger import Ledger
from openenrich.sandbox.mail.residents import mail_servers, mail_state
from openenrich.sandbox.reports import Reports
from openenrich.sandbox.world import World


class Calls(msgspec.Struct):
    """What reached one vendor; ``refused`` counts answers at the door (key, credit, limits, faults)."""

    paid: int = 0
    poll: int = 0
    free: int = 0
    token: int = 0
    refused: int = 0

    def add(self, purpose: Purpose) -> None:
        setattr(self, purpose.value, getattr(self, purpose.value) + 1)


class State:
    """One running sandbox. ``speed`` as in `Pace`; ``faults`` turns chance on, faults on demand always work."""

    def __init__(self, world: World, vendors: tuple[str, ...], *, speed: float, faults: bool) -> None:
        self.world = world
        self.pace = Pace(speed, Random(f"{world.seed}/latency"))
        self.faults = FaultBoard(Random(f"{world.seed}/faults"), by_chance=faults)
        self.ledger = Ledger()
        self.jobs = JobBoard()
        self.reports = Reports(self.pace)
        self.meter = Meter()
        self.mail = mail_state(world, self.pace)
        self.mail_servers = mail_servers(world)
        self.mail_hosts = frozenset(server.name for server in self.mail_servers)
        self.mail_port = 0
        self.calls = {vendor: Calls() for vendor in vendors}

    def reset(self) -> None:
        """Forget purchases, jobs, faults on demand, limits, counters and greylists; the world stays."""
        self.faults.reset()
        self.ledger.reset()
        self.jobs.reset()
        self.reports.forget()
        self.meter.reset()
        self.mail.reset()
        for vendor in self.calls:
            self.calls[vendor] = Calls()
