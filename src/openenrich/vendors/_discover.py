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
from openenrich.core.vendor import Ask, Balance, HttpRequest, HttpResponse, Refused, Reply, Style, Vendor

_REQUIRED = {
    "VENDOR": "VENDOR = Vendor(name=..., ...)",
    "request": "def request(ask: Ask) -> HttpRequest",
    "read": "def read(ask: Ask, response: HttpResponse) -> Reply",
}
_POLLED = {
    "poll": "def poll(tokens: Sequence[str]) -> HttpRequest",
    "read_poll": "def read_poll(tokens: Sequence[str], response: HttpResponse) -> dict[str, Reply]",
}


@dataclass(frozen=True, slots=True)
class VendorAdapter:
    """One vendor: its declaration and its functions. What a module does not have is ``None``."""

    vendor: Vendor
    request: Callable[[Ask], HttpRequest]
    read: Callable[[Ask, HttpResponse], Reply]
    poll: Callable[[Sequence[str]], HttpRequest] | None = None
    read_poll: Callable[[Sequence[str], HttpResponse], dict[str, Reply]] | None = None
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
    if vendor.style is Style.POLLED:
        _demand(module, _POLLED)
    return VendorAdapter(
        vendor=vendor,
        request=module.request,
        read=module.read,
        poll=getattr(module, "poll", None),
        read_poll=getattr(module, "read_poll", None),
        balance=getattr(module, "balance", None),
        read_balance=getattr(module, "read_balance", None),
    )


def _demand(module: ModuleType, required: dict[str, str]) -> None:
    missing = [form for name, form in required.items() if not hasattr(module, name)]
    if missing:
        raise TypeError(f"{module.__name__} is not a vendor yet, write: {'; '.join(missing)}")
