"""The one way a list fails: in a sentence that says what to do about it."""

import os
from pathlib import Path


class ListProblem(Exception):  # noqa: N818 -- it is shown to the person who made the list, who did not make an error
    """A list that cannot be read or written. The text is for its owner: what is wrong, where, and the remedy."""


def cannot_open(path: Path, error: OSError) -> ListProblem:
    """What the operating system said, as a sentence."""
    if isinstance(error, FileNotFoundError):
        return ListProblem(f"there is no file '{path}': check the name and the folder")
    if isinstance(error, PermissionError):
        return ListProblem(f"'{path}' may not be read or written by this user: change its permissions or its folder")
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    return ListProblem(f"'{path}' could not be opened ({reason}): copy it to a local folder and try again")
