"""The processes behind a list: the server with a worker inside, the simulated world when it is asked for, and a key.

They use free ports, so that nothing that runs already is in the way, and the data folder of the settings, so that
history, keys and credits are the usual ones.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from openenrich.commands.problem import EnrichProblemError
from openenrich.commands.processes import Child, child
from openenrich.core.vendor import Style
from openenrich.settings import Settings
from openenrich.store.workspaces import utc_now
from openenrich.vendors._discover import discover
from openenrich.wiring import open_store

_RATE_LIMIT: Final = 6000
_PATIENCE_S: Final = 60.0
_SANDBOX: Final = ("-m", "openenrich", "sandbox", "--port", "0")
_SERVER: Final = ("-m", "openenrich", "serve", "--host", "127.0.0.1", "--port", "0")
_TIED: Final = ("--json", "--until-stdin-closes")


@dataclass(frozen=True, slots=True)
class Backstage:
    """What runs for us."""

    url: str
    children: tuple[Child, ...]


@asynccontextmanager
async def backstage(settings: Settings, *, simulated_at: float | None = None) -> AsyncIterator[Backstage]:
    """A server of our own; with ``simulated_at``, on vendors that are simulated so many times faster than life."""
    logs = settings.home_path / "logs"
    async with AsyncExitStack() as stack:
        children: list[Child] = []
        environment: Mapping[str, str] = {}
        if simulated_at is not None:
            speed = ("--speed", str(simulated_at), "--no-faults")
            world = await stack.enter_async_context(child("sandbox", (*_SANDBOX, *speed, *_TIED), {}, logs))
            children.append(world)
            environment = _towards(world.ready, simulated_at)
        server = await stack.enter_async_context(child("server", (*_SERVER, *_TIED), environment, logs))
        children.append(server)
        yield Backstage(str(server.ready["url"]), tuple(children))


async def require_vendors(settings: Settings) -> None:
    """Somebody must be there to ask, or every person of the list would come back empty."""
    async with open_store(settings, connections=2) as store:
        if await store.keyring.listed() or await store.pool.fetchval("SELECT EXISTS (SELECT 1 FROM directory)"):
            return
    raise EnrichProblemError(
        "no vendor has a key, so there is nobody to ask: run 'openenrich vendors set-key hunter' "
        "(see openenrich vendors list), or look round first with --sandbox"
    )


@asynccontextmanager
async def passing_key(settings: Settings, workspace: str) -> AsyncIterator[str]:
    """An API key of the workspace that is worthless afterwards."""
    async with open_store(settings, connections=2) as store:
        key = await store.workspaces.create_key(
            "openenrich enrich",
            workspace,
            credits_to_grant=None,
            rate_limit=max(_RATE_LIMIT, settings.api.rate_limit_per_minute),
            in_progress=None,
            now=utc_now(),
        )
    try:
        yield key
    finally:
        async with open_store(settings, connections=2) as store:
            await store.workspaces.revoke(key, utc_now())


def _towards(world: Mapping[str, object], speed: float) -> dict[str, str]:
    """The world's own settings; vendors that it does not simulate are off, so that no real one is asked or paid."""
    environment = {name: str(value) for name, value in world.items()}
    for name, adapter in discover().items():
        prefix = f"OPENENRICH_VENDORS_{name.upper()}"
        if f"{prefix}_BASE_URL" not in environment and adapter.vendor.style is not Style.LOCAL:
            environment[f"{prefix}_ENABLED"] = "false"
    environment["OPENENRICH_WATERFALL_TIME_SPEED"] = str(speed or 1000)
    # No vendor is passed by for its pace: what one run did not ask, the next one would ask and pay.
    environment["OPENENRICH_WATERFALL_LONGEST_WAIT_S"] = str(_PATIENCE_S * (speed or 1000))
    return environment
