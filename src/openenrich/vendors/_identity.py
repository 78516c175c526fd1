"""Whether an answer is about somebody else: the profile it names against the one that was asked for."""

from openenrich.core.linkedin import differ, handle
from openenrich.core.vendor import Ask, Reason, Refused


def other_person(ask: Ask, linkedin_url: str | None) -> Refused | None:
    """A refusal when both handles are known and differ. A member id has a handle of its own: that says nothing."""
    if differ(ask.contact.linkedin_handle, handle(linkedin_url or "")):
        return Refused(Reason.UNREADABLE, code="other_person")
    return None
