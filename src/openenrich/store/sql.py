"""Named SQL: the queries of a module live in ``queries/<module>.sql``, each under a ``-- name:`` line."""

import functools
from importlib.resources import files


@functools.cache
def load(module: str) -> dict[str, str]:
    """The queries of one file by name."""
    text = files("openenrich.store").joinpath("queries", f"{module}.sql").read_text(encoding="utf-8")
    queries: dict[str, str] = {}
    for block in text.split("-- name: ")[1:]:
        name, _, body = block.partition("\n")
        queries[name.strip()] = body.strip().rstrip(";")
    return queries
