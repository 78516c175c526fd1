"""`openenrich vendors`: the catalogue, keys, balance checks, order, and the operator's own directory."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import msgspec

from openenrich.core.money import dollars_text
from openenrich.core.vendor import SHAPE_ERRORS, Adapter, Balance, NoKey, Refused, Style, Vendor
from openenrich.engine.ports import MaybeSentError, NeverSentError, Transport, VendorKey
from openenrich.lists.directory import read_directory
from openenrich.settings import Settings
from openenrich.store.directory import replace_directory
from openenrich.wiring import Store, open_transport

_NOBODY = UUID(int=0)


class VendorRow(msgspec.Struct, frozen=True):
    """A vendor as the catalogue shows it."""

    name: str
    title: str
    fields: tuple[str, ...]
    inputs: tuple[str, ...]
    price: str
    style: str
    region: str
    told: tuple[str, ...]
    docs: str
    keys: int
    experimental: bool


def catalogue(vendors: Sequence[Vendor], keys: dict[str, int]) -> list[VendorRow]:
    """One row a vendor, from the declarations alone."""
    return [_row(vendor, keys.get(vendor.name, 0)) for vendor in vendors]


def as_markdown(rows: Sequence[VendorRow]) -> str:
    """What `make docs` writes to docs/vendors.md."""
    lines = [
        "# Vendors",
        "",
        "Generated from the declarations by `make docs`; do not edit.",
        "",
        "| vendor | finds | asked with | list price | answers | docs |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {row.title} (`{row.name}`){' (experimental)' if row.experimental else ''} | {', '.join(row.fields)} |"
        f" {'; '.join(row.inputs)} | {row.price} | {row.style} | {_link(row.docs)} |"
        for row in rows
    ]
    lines += [
        "",
        "## What each vendor is told, and where",
        "",
        "| vendor | attributes of a person | processing region |",
        "| --- | --- | --- |",
    ]
    lines += [f"| {row.title} | {', '.join(row.told)} | {row.region} |" for row in rows]
    return "\n".join(lines) + "\n"


def _link(docs: str) -> str:
    """A page of the vendor's, or one of ours beside the generated file."""
    return f"<{docs}>" if docs.startswith("https://") else f"[ours]({docs.removeprefix('docs/')})"


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
    local = next(adapter.vendor.name for adapter in store.catalogue.values() if adapter.vendor.style is Style.LOCAL)
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


def _row(vendor: Vendor, keys: int) -> VendorRow:
    operations = vendor.operations
    fields = {field for operation in operations for field in operation.returns | operation.also_returns}
    inputs = {" + ".join(sorted(need)) for operation in operations for need in operation.needs}
    told = {item for operation in operations for need in operation.needs for item in need | operation.optional}
    prices = ", ".join(f"{operation.name} {dollars_text(vendor.price(operation))}" for operation in operations)
    return VendorRow(
        name=vendor.name,
        title=vendor.title,
        fields=tuple(sorted(fields)),
        inputs=tuple(sorted(inputs)),
        price=prices,
        style=vendor.style.value,
        region=vendor.region,
        told=tuple(sorted(told)),
        docs=vendor.docs,
        keys=keys,
        experimental=vendor.experimental,
    )
