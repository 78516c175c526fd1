"""Makes a `Contact` of what a caller wrote, says what is wrong with it, and when two of them are the same question.

Combines the rules of ``names``, ``domains`` and ``linkedin`` (sections 5.2 and 5.3 of the API). `normalise` applied
to its own result changes nothing. Which error code a `Defect` becomes is for ``web``.
"""

import hashlib
import unicodedata
from enum import StrEnum

import msgspec

from openenrich.core import domains, linkedin, names
from openenrich.core.contact import Contact
from openenrich.core.profile import Profile


class Defect(StrEnum):
    """Why a contact cannot be enriched, in the order in which it is looked for."""

    NO_FIRST_NAME = "no_first_name"
    NO_LAST_NAME = "no_last_name"
    NO_COMPANY = "no_company"
    LINKEDIN_MALFORMED = "linkedin_malformed"
    DOMAIN_INVALID = "domain_invalid"


def normalise(
    *,
    first_name: str | None = None,
    last_name: str | None = None,
    full_name: str | None = None,
    domain: str | None = None,
    company_name: str | None = None,
    linkedin_url: str | None = None,
) -> Contact | Defect:
    """The contact in its one canonical form, or the first defect. Empty and blank texts are absent."""
    first, last = _names(_given(first_name), _given(last_name), _given(full_name))
    company, host, url = _given(company_name), _given(domain), _given(linkedin_url)
    if url is None:
        missing = _missing(first, last, company or host)
        if missing is not None:
            return missing
    handle = linkedin.handle(url) if url else None
    if url and handle is None:
        return Defect.LINKEDIN_MALFORMED
    canonical = domains.domain(host) if host else None
    if host and canonical is None:
        return Defect.DOMAIN_INVALID
    return Contact(first_name=first, last_name=last, domain=canonical, company_name=company, linkedin_handle=handle)


def history_key(contact: Contact) -> bytes:
    """What "the same contact again" means (section 10): equal input apart from case, spaces and spelling of URLs.

    What a waterfall learned on the way (``work_email``) takes no part: only the caller's own input does.
    """
    return _digest(*_told(contact))


def question_digest(vendor: str, operation: str, contact: Contact) -> bytes:
    """When two paid questions are one: same vendor, same operation, same told attributes apart from case.

    Deliberately not reduced to ASCII: different Chinese surnames have one romanisation, and sharing a
    purchase between two people would hand out the wrong person. A missed match costs one more call.
    """
    learned = (_caseless(contact.work_email), contact.company_handle)
    return _digest(vendor, operation, *_told(contact), *(learned if contact.company_handle else learned[:1]))


def names_another(contact: Contact, profile: Profile | None) -> bool:
    """Whether a profile names another account than the one that was asked for.

    Only handles decide, and only when both are known: a member id has a handle of its own and says nothing.
    """
    network = profile.social_profiles.professional_network if profile and profile.social_profiles else None
    given = linkedin.handle(network.url) if network and network.url else None
    return linkedin.differ(contact.linkedin_handle, given)


def _names(first: str | None, last: str | None, full: str | None) -> tuple[str | None, str | None]:
    if full and not (first and last):
        full_first, full_last = names.split_full_name(full)
        first, last = first or full_first, last or full_last
    return _cleaned(first), _cleaned(last)


def _cleaned(name: str | None) -> str | None:
    # A name that consists of nothing but decoration stays as it is: the caller gave one, so it is not absent.
    return (names.clean_name(name) or name) if name else None


def _missing(first: str | None, last: str | None, company: str | None) -> Defect | None:
    if first is None:
        return Defect.NO_FIRST_NAME
    if last is None:
        return Defect.NO_LAST_NAME
    return Defect.NO_COMPANY if company is None else None


def _given(text: str | None) -> str | None:
    """The text in NFC with single spaces; ``None`` when nothing visible is in it."""
    if text is None or _is_tidy(text):
        return text
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    if tidy.isprintable():  # then every letter of it can be seen, bar single spaces
        return tidy or None
    invisible = all(unicodedata.category(letter)[0] in "CZ" for letter in tidy)
    return None if invisible else tidy


def _is_tidy(text: str) -> bool:
    """Whether a look suffices to see that nothing is to be tidied; false says nothing."""
    if not (text.isascii() and text.isprintable()):
        return False
    return text != "" and text[0] != " " != text[-1] and "  " not in text


def _told(contact: Contact) -> tuple[str | None, ...]:
    # The handle keeps its case: ordinary ones are lower-case already, and member ids differ by case alone.
    texts = (contact.first_name, contact.last_name, contact.domain, contact.company_name)
    return (*map(_caseless, texts), contact.linkedin_handle)


def _caseless(text: str | None) -> str | None:
    if text is None:
        return None
    if _is_tidy(text):  # ASCII: its compatibility form is itself
        return text.lower()
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())


def _digest(*parts: str | None) -> bytes:
    # A JSON list keeps the parts apart: no choice of names can imitate a different split.
    return hashlib.sha256(msgspec.json.encode(parts)).digest()
