"""What the verifiers share: the question that they understand, and an answer about the address that was asked.

A verdict is always `Found` with that address and a claim, "unknown" included. How a vendor's words are read, and which
verdicts it gives for nothing, is in its own module. Disposable addresses, spam traps and complainers are told as
invalid; a role's address is as good as its mailbox.
"""

from openenrich.core.contact import EmailClaim, EmailFound, Field, Known, Values
from openenrich.core.vendor import Charge, Found, HttpResponse, Operation


def verification(credits_each: int = 1000, charge: Charge = Charge.PER_RESULT, decided: float = 0.9) -> Operation:
    """The operation ``verify``. ``decided`` is the share of addresses about which there is more than "unknown"."""
    return Operation(
        name="verify",
        returns=frozenset({Field.WORK_EMAIL}),
        needs=(frozenset({Known.WORK_EMAIL}),),
        credits=credits_each,
        charge=charge,
        hit_rate=decided,
        verifies=True,
    )


def about(address: str | None, claim: EmailClaim, billed: int | None = None) -> Found:
    """A verdict about one address; an answer that does not say about which is unreadable."""
    if not address:
        raise ValueError("a verdict about no address")
    return Found(Values(emails=(EmailFound(address, claim=claim),)), billed)


def says(response: HttpResponse, *words: str) -> bool:
    """Whether a failure is explained with one of these words, for vendors that have no code for it."""
    text = response.body.decode(errors="replace").lower()
    return any(word in text for word in words)
