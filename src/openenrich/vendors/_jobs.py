"""The job that a polling vendor made of a submission."""

from openenrich.core.vendor import Pending, Vendor


def job(vendor: Vendor, token: str | None) -> Pending:
    """The job to poll. A submission that was taken without naming its job is unreadable.

    An empty token would mean "repeat the request", and a repeat may be charged again.
    """
    if not token:
        raise ValueError(f"{vendor.name} took a submission without naming its job")
    return Pending(token, after_s=vendor.poll_every_s)
