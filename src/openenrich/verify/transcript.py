"""The record of one conversation for a person who wants to know why: masked, and short whatever was said.

No local part of an address that was asked for, nor any other address's, is in it. What it is kept for is decided by
whoever asked for it.
"""

import re
from typing import Final

_ADDRESS: Final = re.compile(r"[^\s<>:;,\"'()\[\]]+@")
_QUOTED: Final = re.compile(r'"[^"]*"@')
_MOST_LINES: Final = 200
_MOST_TEXT: Final = 500


class Transcript:
    """Lines in the order they were said: "C: ..." ours, "S: ..." the server's."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._hidden: list[re.Pattern[str]] = []

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self._lines)

    def hide(self, address: str) -> None:
        """Mask this address's local part from now on, also where it stands alone as a word."""
        local = address.rpartition("@")[0]
        if local:
            self._hidden.append(re.compile(rf"(?<![\w.+-]){re.escape(local)}(?![\w+-])", re.IGNORECASE))

    def add(self, who: str, text: str) -> None:
        """Note one line."""
        if len(self._lines) >= _MOST_LINES:
            return
        masked = _ADDRESS.sub("***@", _QUOTED.sub("***@", text[: 2 * _MOST_TEXT]))
        for pattern in self._hidden:
            masked = pattern.sub("***", masked)
        self._lines.append(f"{who}: {masked[:_MOST_TEXT]}")  # cut after masking: half an address is none
