"""The test farm: one mail server, or more, for each named scenario, with a name server of its own, all on loopback.

``async with farm() as running:`` gives a verifier what it must be told (resolver, port, sender, HELO name) and the
table by which its verdicts are judged. Nothing leaves the machine. Addresses of their own are needed for that many
servers: Linux has them; elsewhere add aliases to the loopback interface.
"""

import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Final

from openenrich.sandbox.dns import PROBE_DOMAIN, NameServer, Zone, probe_records, serve_names
from openenrich.sandbox.latency import Pace
from openenrich.sandbox.mail.desk import MailState
from openenrich.sandbox.mail.faults import MailFaultBoard
from openenrich.sandbox.mail.greylist import GreylistMemory
from openenrich.sandbox.mail.listeners import listening
from openenrich.sandbox.mail.scenario import Host, Records, Scenario
from openenrich.sandbox.mail.scenarios_dns import DOMAINS, SCRIPTS
from openenrich.sandbox.mail.scenarios_hosts import GREYLISTS, SOFTWARE, TAKING_ALL, TEMPORARY
from openenrich.sandbox.mail.scenarios_providers import PROVIDERS
from openenrich.sandbox.mail.scenarios_sessions import BLOCKS, SENDERS, SESSIONS
from openenrich.sandbox.mail.script import MailServer
from openenrich.sandbox.mail.tally import Heard, Tally

SCENARIOS: Final[tuple[Scenario, ...]] = (
    *PROVIDERS,
    *SOFTWARE,
    *TAKING_ALL,
    *GREYLISTS,
    *TEMPORARY,
    *BLOCKS,
    *SENDERS,
    *SESSIONS,
    *DOMAINS,
    *SCRIPTS,
)
_SIX: Final = "::1"


@dataclass(frozen=True, slots=True)
class Farm:
    """What a verifier is told, the table, and what the servers have heard."""

    resolver: str
    smtp_port: int
    sender: str
    helo: str
    scenarios: tuple[Scenario, ...]
    state: MailState

    def heard(self, scenario: Scenario) -> tuple[Heard, ...]:
        """By each of the scenario's hosts."""
        return tuple(self.state.tally.of(host) for host in scenario.hosts)

    def forget(self) -> None:
        """Counts and greylists, as a new start would."""
        self.state.reset()


@asynccontextmanager
async def farm(scenarios: Sequence[Scenario] = SCENARIOS, *, speed: float = 20.0) -> AsyncIterator[Farm]:
    """Runs inside the ``async with``. ``speed`` divides all waits (tarpits, slow banners, greylists)."""
    grown = tuple(scenario for scenario in scenarios if not scenario.needs_ipv6 or _have_ipv6())
    hosts = {name: host for scenario in grown for name, host in scenario.hosts.items()}
    addresses = _addresses(hosts)
    zone = _zone(grown, addresses)
    pace = Pace(speed, Random(0))
    state = MailState(
        pace, Tally(), MailFaultBoard(Random(0)), GreylistMemory(pace), count(0xA1B2C3), zone.__contains__
    )
    troubles = {name: trouble for scenario in grown for name, trouble in scenario.troubles.items()}
    async with (
        listening(_servers(hosts), addresses, state) as port,
        serve_names(NameServer(zone, troubles=troubles)) as (resolver, resolver_port),
    ):
        sender = f"verify@{PROBE_DOMAIN}"
        yield Farm(f"{resolver}:{resolver_port}", port, sender, PROBE_DOMAIN, grown, state)


def _servers(hosts: Mapping[str, Host]) -> list[MailServer]:
    return [MailServer(name, host.script, host.recipients) for name, host in hosts.items() if host.script]


def _addresses(hosts: Mapping[str, Host]) -> dict[str, str]:
    """Never shared, whatever the system: where addresses are missing, listening fails."""
    places = count()
    return {name: _SIX if host.ipv6 else _address(next(places)) for name, host in hosts.items()}


def _address(place: int) -> str:
    return f"127.0.{10 + place // 250}.{1 + place % 250}"


def _zone(scenarios: Sequence[Scenario], addresses: Mapping[str, str]) -> Zone:
    zone: dict[str, Records] = probe_records()
    for scenario in scenarios:
        for name, records in scenario.records.items():
            zone[name] = {**zone.get(name, {}), **records}
        for host in scenario.hosts:
            kind = "AAAA" if scenario.hosts[host].ipv6 else "A"
            zone[host] = {**zone.get(host, {}), kind: (addresses[host],)}
    return zone


def _have_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as plug:
            plug.bind((_SIX, 0))
    except OSError:
        return False
    return True
