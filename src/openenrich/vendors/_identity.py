"""Whether an answer is about somebody else: the profile it names against the one that was asked for."""

from openenrich.core.linkedin import handle, is_member_id
from openenrich.core.vendor import Ask, Reason, Refused


def other_person(ask: Ask, linkedin_url: str | None) -> Refused | None:
    """A refusal when both handles are known and differ. A member id has a handle of its own: that says nothing."""
    asked, given = ask.contact.linkedin_handle, handle(linkedin_url or "")
    if asked is None or given is None or is_member_id(asked) or is_member_id(given) or asked == given:
        return None
    return Refused(Reason.UNREADABLE, code="other_person")
