"""Finds the vendors: every module of this package whose name does not start with an underscore is one.

There is no list to be kept. What a module must contain is said in ``core/vendor.py``; this file turns it into an
adapter, and refuses a module that is not one in words its author can act on. Whether an adapter tells the truth is
checked by the contract test with the cases in ``tests/vendors``.
"""

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType

import openenrich.vendors
from openenrich.core.vendor import Ask, Balance, Callback, HttpRequest, HttpResponse, Refused, Reply, Style, Vendor

_REQUIRED = {
    "VENDOR": "VENDOR = Vendor(name=..., ...)",
    "request": "def request(ask: Ask) -> HttpRequest",
    "read": "def read(ask: Ask, response: HttpResponse) -> Reply",
}
_BY_STYLE = {
    Style.POLLED: {
        "poll": "def poll(tokens: Sequence[str]) -> HttpRequest",
        "read_poll": "def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]",
    },
    Style.REDEEMED: {
        "redeem": "def redeem(ask: Ask, token: str) -> HttpRequest",
        "read_redeem": "def read_redeem(ask: Ask, token: str, response: HttpResponse) -> Reply",
    },
    Style.CALLBACK: {
        "read_callback": "def read_callback(tokens: Sequence[str], callback: Callback) -> dict[str, Reply]",
    },
}
_BATCH = {
    "request_batch": "def request_batch(asks: Sequence[Ask]) -> HttpRequest",
    "read_batch": "def read_batch(asks: Sequence[Ask], response: HttpResponse) -> dict[str, Reply] | Refused",
}
_OPTIONAL = (
    "poll",
    "read_poll",
    "redeem",
    "read_redeem",
    "read_callback",
    "request_batch",
    "read_batch",
    "balance",
    "read_balance",
)


@dataclass(frozen=True, slots=True)
class VendorAdapter:
    """One vendor: its declaration and its functions. What a module does not have is ``None``."""

    vendor: Vendor
    request: Callable[[Ask], HttpRequest]
    read: Callable[[Ask, HttpResponse], Reply]
    poll: Callable[[Sequence[str]], HttpRequest] | None = None
    read_poll: Callable[[Sequence[str], HttpResponse], dict[str, Reply]] | None = None
    redeem: Callable[[Ask, str], HttpRequest] | None = None
    read_redeem: Callable[[Ask, str, HttpResponse], Reply] | None = None
    read_callback: Callable[[Sequence[str], Callback], dict[str, Reply]] | None = None
    request_batch: Callable[[Sequence[Ask]], HttpRequest] | None = None
    read_batch: Callable[[Sequence[Ask], HttpResponse], dict[str, Reply] | Refused] | None = None
    balance: Callable[[], HttpRequest] | None = None
    read_balance: Callable[[HttpResponse], Balance | Refused] | None = None


@cache
def discover() -> dict[str, VendorAdapter]:
    """All vendors by name, in alphabetical order."""
    names = sorted(module.name for module in pkgutil.iter_modules(openenrich.vendors.__path__))
    modules = [importlib.import_module(f"openenrich.vendors.{name}") for name in names if not name.startswith("_")]
    adapters = [adapter_of(module) for module in modules]
    return {adapter.vendor.name: adapter for adapter in adapters}


def adapter_of(module: ModuleType) -> VendorAdapter:
    """The adapter that a module contains; `TypeError` says what to write when something is missing."""
    _demand(module, _REQUIRED)
    vendor = module.VENDOR
    if not isinstance(vendor, Vendor):
        raise TypeError(f"{module.__name__}: VENDOR must be a Vendor, write {_REQUIRED['VENDOR']}")
    for style in {vendor.style_of(operation) for operation in vendor.operations}:
        _demand(module, _BY_STYLE.get(style, {}))
    if any(operation.batch > 1 for operation in vendor.operations):
        _demand(module, _BATCH)
    optional = {name: getattr(module, name, None) for name in _OPTIONAL}
    return VendorAdapter(vendor=vendor, request=module.request, read=module.read, **optional)


def _demand(module: ModuleType, required: dict[str, str]) -> None:
    missing = [form for name, form in required.items() if not hasattr(module, name)]
    if missing:
        raise TypeError(f"{module.__name__} is not a vendor yet, write: {'; '.join(missing)}")
