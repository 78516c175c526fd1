"""A PostgreSQL for the benchmark alone: the embedded one, in a folder that goes away afterwards."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from openenrich.settings import load
from openenrich.store.embedded import embedded_database
from openenrich.wiring import Store, open_store


@contextmanager
def database() -> Iterator[dict[str, str]]:
    """The environment of every process that is measured: this database, an empty home, and no limits in the way."""
    with tempfile.TemporaryDirectory(prefix="oe-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENENRICH_")}
        with embedded_database(Path(folder)) as url:
            yield kept | {
                "OPENENRICH_DATABASE_URL": url,
                "OPENENRICH_HOME": f"{folder}/home",
                "OPENENRICH_LOG_LEVEL": "error",
            }


@asynccontextmanager
async def opened(environment: Mapping[str, str]) -> AsyncIterator[Store]:
    """The product's store in this process, to prepare data and to count results."""
    async with open_store(load(environment), connections=3) as store:
        yield store
