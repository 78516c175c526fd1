"""Where something broke, for the log, but not what it said: database and decoder errors quote personal data."""

from pathlib import PurePath
from traceback import extract_tb


def frames(error: BaseException) -> list[str]:
    """``file:line function`` from the outermost call to the one that raised."""
    return [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)]
