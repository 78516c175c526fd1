"""The one way a command of the client side fails: in a sentence that says what to do about it."""


class EnrichProblemError(Exception):
    """The list cannot be enriched now. The text is for the person at the keyboard: what is wrong, and the remedy."""
