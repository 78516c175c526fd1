"""JSON lines: one object per line, read in constant memory.

Objects may leave keys out, so the file is read once for its columns (and to find every bad line before anything is
bought) and once more for its rows.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from openenrich.lists.problem import ListProblem
from openenrich.lists.table import Line, Table, as_text, is_blank

_MOST_COLUMNS = 1000
_OBJECT = msgspec.json.Decoder(dict[str, object])


def read_jsonl(path: Path) -> Table:
    """The table in a file of JSON lines; a column for every key that occurs."""
    header = _keys(path)

    def rows() -> Iterator[Line]:
        for number, item in _objects(path):
            cells = [as_text(item.get(name)) for name in header]
            if not is_blank(cells):
                yield number, cells

    return Table(header=header, rows=rows)


def _keys(path: Path) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    for number, item in _objects(path):
        seen.update(dict.fromkeys(item))
        if len(seen) > _MOST_COLUMNS:
            raise ListProblem(
                f"line {number} brings the file to over {_MOST_COLUMNS} keys: use the same keys in each line"
            )
    if not seen:
        raise ListProblem("the file is empty: write one JSON object per line, with the column names as keys")
    return tuple(seen)


def _objects(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
            if line.strip():
                yield number, _object(number, line)


def _object(number: int, line: bytes) -> dict[str, object]:
    try:
        return _OBJECT.decode(line.decode())
    except UnicodeDecodeError:
        raise ListProblem(f"line {number} is not valid text: save the file again in UTF-8") from None
    except (msgspec.DecodeError, RecursionError):
        raise ListProblem(
            f"line {number} is not one JSON object: write each person as one object on one line"
        ) from None
