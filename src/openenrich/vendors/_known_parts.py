"""Answers in which nearly every member may be null: decoded as if the nulls were not there.

The shapes can then give every member a default, and a list that is null is an empty one. A body without the shape's
necessary members, or with a value of another kind, raises, as everywhere.
"""

from typing import Any, TypeVar

import msgspec

_Shape = TypeVar("_Shape")


def read_known(body: bytes, shape: type[_Shape]) -> _Shape:
    """The body in its shape. Numbers in quotes are numbers."""
    return msgspec.convert(_without_nulls(msgspec.json.decode(body)), type=shape, strict=False)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(part) for name, part in value.items() if part is not None}
    return [_without_nulls(part) for part in value if part is not None] if isinstance(value, list) else value
