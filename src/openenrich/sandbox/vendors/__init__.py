"""The simulated vendors, one module each: a module with a ``DESK`` is one.

A new one also needs a line in ``coverage.MARKETS`` (whom it knows) and in ``latency.LATENCIES`` (how long it takes).
"""

import importlib
import pkgutil

from openenrich.sandbox.desk import Desk


def _desks() -> tuple[Desk, ...]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    return tuple(importlib.import_module(f"{__name__}.{name}").DESK for name in names)


DESKS: tuple[Desk, ...] = _desks()
