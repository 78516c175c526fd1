"""`openenrich vendors`: the catalogue, keys, balance checks, order, and the operator's own directory."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from openenrich.core.vendor import SHAPE_ERRORS, Adapter, Balance, NoKey, Refused
from openenrich.engine.ports import MaybeSentError, NeverSentError, Transport, VendorKey
from openenrich.lists.directory import read_directory
from openenrich.settings import Settings
from openenrich.store.directory import replace_directory
from openenrich.wiring import Store, open_transport

_NOBODY = UUID(int=0)
DIRECTORY = "local://directory"


async def try_keys(settings: Settings, store: Store, names: Sequence[str]) -> list[tuple[str, str, str]]:
    """Vendor, key label, and what its balance call says, for every key there is."""
    results: list[tuple[str, str, str]] = []
    async with open_transport(settings, store) as transport:
        for name in names or list(store.catalogue):
            adapter = store.catalogue[name]
            if isinstance(adapter.vendor.auth, NoKey):
                continue
            pool = await store.keyring.pool(_NOBODY, name)
            results += [(name, key.label, await _health(transport, adapter, key)) for key in pool]
    return results


async def import_directory(store: Store, path: Path) -> tuple[int, int]:
    """Replace the operator's directory; how many people came in and how many rows were of no use."""
    local = next(name for name, adapter in store.catalogue.items() if adapter.vendor.base_url == DIRECTORY)
    listing = read_directory(path)
    count = await replace_directory(store.pool, local, listing.people)
    return count, listing.skipped


async def _health(transport: Transport, adapter: Adapter, key: VendorKey) -> str:
    if adapter.balance is None or adapter.read_balance is None:
        return "no balance endpoint: the key shows its worth with the first call"
    try:
        response = await transport.send(adapter, key, adapter.balance(), adapter.vendor.timeout_s)
        return _in_words(adapter.read_balance(response))
    except NeverSentError:
        return "unreachable"
    except MaybeSentError:
        return "no answer"
    except SHAPE_ERRORS:
        return "answered in a form we cannot read"


def _in_words(answer: Balance | Refused) -> str:
    match answer:
        case Balance(credits=None, plan=plan):
            return f"good{f', plan {plan}' if plan else ''}"
        case Balance(credits=left):
            return f"good, {(left or 0) / 1000:g} credits left"
        case Refused(reason=reason):
            return f"refused: {reason.value}"
