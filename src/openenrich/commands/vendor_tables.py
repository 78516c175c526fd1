"""The catalogue of vendors as tables: for a terminal, for ``docs/vendors.md``, and for the README.

Everything comes from the declarations, so that no table can say what an adapter does not do.
"""

from collections.abc import Sequence

import msgspec

from openenrich.core.contact import Known
from openenrich.core.money import dollars_text
from openenrich.core.vendor import Charge, Operation, Style, Vendor

_CHARGED = {
    Charge.FREE: "free",
    Charge.PER_CALL: "every call",
    Charge.PER_MATCH: "a match",
    Charge.PER_RESULT: "a result",
    Charge.PER_VERIFIED: "a verified address",
}
_STYLES = {
    Style.SYNC: "at once",
    Style.POLLED: "job, polled",
    Style.REDEEMED: "search, then redeemed",
    Style.CALLBACK: "calls back",
    Style.LOCAL: "own data",
}
_NAME = frozenset({Known.FIRST_NAME, Known.LAST_NAME})
_INPUTS = {
    Known.DOMAIN: "domain",
    Known.COMPANY_NAME: "company",
    Known.LINKEDIN: "LinkedIn",
    Known.COMPANY_LINKEDIN: "company's LinkedIn",
    Known.WORK_EMAIL: "e-mail",
    Known.FIRST_NAME: "first name",
    Known.LAST_NAME: "last name",
}


_PREAMBLE = (
    "Generated from the declarations by `make docs`; do not edit. *Experimental*: the contract comes from client code"
    " or is uncertain in an essential part; such a vendor is off until its table in the settings enables it."
)


class VendorRow(msgspec.Struct, frozen=True):
    """A vendor as the catalogue shows it."""

    name: str
    title: str
    fields: tuple[str, ...]
    inputs: tuple[str, ...]
    price: str
    charged: tuple[str, ...]
    style: str
    region: str
    told: tuple[str, ...]
    docs: str
    keys: int
    experimental: bool


def catalogue(vendors: Sequence[Vendor], keys: dict[str, int]) -> list[VendorRow]:
    """One row a vendor; ``keys`` is how many keys there are of each."""
    return [_row(vendor, keys.get(vendor.name, 0)) for vendor in vendors]


def as_markdown(rows: Sequence[VendorRow]) -> str:
    """``docs/vendors.md``, as `make docs` writes it."""
    lines = [
        "# Vendors",
        "",
        _PREAMBLE,
        "",
        "| vendor | finds | asked with | list price | charged for | answers | docs |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {row.title} (`{row.name}`){' (experimental)' if row.experimental else ''} | {', '.join(row.fields)} |"
        f" {'; '.join(row.inputs)} | {row.price} | {', '.join(row.charged)} | {row.style} | {_link(row.docs)} |"
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


def as_overview(rows: Sequence[VendorRow]) -> str:
    """The README's table: what a reader wants to know before the list price."""
    lines = [
        "| vendor | fields | inputs | answers | charged for | contract |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {row.title} | {', '.join(field.replace('_', ' ') for field in row.fields)} | {'; '.join(row.inputs)} |"
        f" {row.style} | {', '.join(row.charged)} | {'experimental' if row.experimental else 'documented'} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def _link(docs: str) -> str:
    """A page of the vendor's, or one of ours beside the generated file."""
    return f"<{docs}>" if docs.startswith("https://") else f"[ours]({docs.removeprefix('docs/')})"


def _row(vendor: Vendor, keys: int) -> VendorRow:
    operations = vendor.operations
    fields = {field for operation in operations for field in operation.returns | operation.also_returns}
    told = {item for operation in operations for need in operation.needs for item in need | operation.optional}
    prices = ", ".join(f"{operation.name} {dollars_text(vendor.price(operation))}" for operation in operations)
    return VendorRow(
        name=vendor.name,
        title=vendor.title,
        fields=tuple(sorted(fields)),
        inputs=tuple(dict.fromkeys(_in_words(need) for operation in operations for need in operation.needs)),
        price=prices,
        charged=tuple(dict.fromkeys(_CHARGED[operation.charge] for operation in operations)),
        style=", ".join(dict.fromkeys(word for operation in operations for word in _manner(vendor, operation))),
        region=vendor.region,
        told=tuple(sorted(told)),
        docs=vendor.docs,
        keys=keys,
        experimental=vendor.experimental,
    )


def _manner(vendor: Vendor, operation: Operation) -> list[str]:
    batch = [f"up to {operation.batch} together"] if operation.batch > 1 else []
    return [_STYLES[vendor.style_of(operation)], *batch]


def _in_words(need: frozenset[Known]) -> str:
    """``name + domain`` and the like."""
    name = ["name"] if need >= _NAME else []
    rest = [item for item in Known if item in (need - _NAME if name else need)]
    return " + ".join([*name, *(_INPUTS[item] for item in rest)])
