"""Test contacts: people who are answered with invented values, at cost 0, without asking anybody (section 10).

A contact is one when it is the published test profile or belongs to the reserved domain. A few first names force an
outcome. The same contact always gets the same answer; nothing invented can reach a living person, because every
address is in a reserved domain and every number in a range kept for fiction.
"""

import hashlib
import uuid
from typing import Final

import msgspec

from openenrich.core import linkedin
from openenrich.core.contact import Contact, Field, LineStatus, LineType, PhoneFound
from openenrich.core.names import folded
from openenrich.core.profile import (
    Company,
    CompanyLocations,
    Education,
    Employment,
    Employments,
    Headquarters,
    Industry,
    JobFunction,
    Language,
    Location,
    Network,
    Profile,
    SocialProfiles,
)

TEST_DOMAIN: Final = "test.example.com"
_TEST_PROFILE: Final = ("demoge", "fullenrich.com")
_MAILBOX_DOMAIN: Final = "postbox.test"

DELIVERABLE: Final = "DELIVERABLE"
CATCH_ALL: Final = "CATCH_ALL"
INVALID: Final = "INVALID"


class Rehearsal(msgspec.Struct, frozen=True):
    """The invented outcome: addresses with a status of the API, and how long to wait before giving it."""

    work_emails: tuple[tuple[str, str], ...] = ()
    personal_emails: tuple[tuple[str, str], ...] = ()
    phones: tuple[PhoneFound, ...] = ()
    profile: Profile | None = None
    delay_s: float = 0.0


def rehearse(contact: Contact, wanted: frozenset[Field], slow_s: float) -> Rehearsal | None:
    """The outcome of a test contact, reduced to the wanted kinds; ``None`` for everybody else."""
    if not _is_test(contact):
        return None
    outcome = _outcome(contact, slow_s)
    return Rehearsal(
        work_emails=outcome.work_emails if Field.WORK_EMAIL in wanted else (),
        personal_emails=outcome.personal_emails if Field.PERSONAL_EMAIL in wanted else (),
        phones=outcome.phones if Field.PHONE in wanted else (),
        profile=outcome.profile if Field.PROFILE in wanted else None,
        delay_s=outcome.delay_s,
    )


def _is_test(contact: Contact) -> bool:
    return contact.domain == TEST_DOMAIN or (contact.linkedin_handle, contact.domain) == _TEST_PROFILE


def _outcome(contact: Contact, slow_s: float) -> Rehearsal:
    profile = _profile(contact)
    match (contact.first_name or "").casefold():
        case "notfound":
            return Rehearsal()
        case "invalid":
            return Rehearsal(work_emails=((_work_email(contact), INVALID),), profile=profile)
        case "landline":
            return Rehearsal(phones=(_landline(contact),), profile=profile)
        case "catchall":
            return _found(contact, CATCH_ALL)
        case "slow":
            return msgspec.structs.replace(_found(contact, DELIVERABLE), delay_s=slow_s)
        case _:
            return _found(contact, DELIVERABLE)


def _found(contact: Contact, status: str) -> Rehearsal:
    return Rehearsal(
        work_emails=((_work_email(contact), status),),
        personal_emails=((f"{_local_part(contact)}@{_MAILBOX_DOMAIN}", DELIVERABLE),),
        phones=(_mobile(contact),),
        profile=_profile(contact),
    )


def _work_email(contact: Contact) -> str:
    return f"{_local_part(contact)}@{TEST_DOMAIN}"


def _local_part(contact: Contact) -> str:
    return ".".join(folded(name).replace(" ", "") or "test" for name in _names(contact))


def _names(contact: Contact) -> tuple[str, str]:
    return contact.first_name or "Test", contact.last_name or "Person"


def _mobile(contact: Contact) -> PhoneFound:
    return PhoneFound(f"+447700900{_three_digits(contact)}", LineType.MOBILE, LineStatus.ACTIVE, "GB")


def _landline(contact: Contact) -> PhoneFound:
    return PhoneFound(f"+442079460{_three_digits(contact)}", LineType.LANDLINE, LineStatus.ACTIVE, "GB")


def _three_digits(contact: Contact) -> str:
    digest = hashlib.sha256(_local_part(contact).encode()).digest()
    return f"{int.from_bytes(digest[:4]) % 1000:03}"


def _profile(contact: Contact) -> Profile:
    first, last = _names(contact)
    handle = contact.linkedin_handle or f"{_local_part(contact).replace('.', '-')}-test"
    address = linkedin.url(handle)
    current = _current(contact)
    return Profile(
        id=str(uuid.uuid5(uuid.NAMESPACE_URL, address)),
        full_name=f"{first} {last}",
        first_name=first,
        last_name=last,
        headline=f"{current.title} at {contact.company_name or 'Test Example'}",
        description="An invented person for testing an integration.",
        location=Location(country="United Kingdom", country_code="GB", city="London", region="England"),
        social_profiles=SocialProfiles.of(Network(url=address, handle=handle, connection_count=500)),
        educations=(
            Education(
                school_name="Example University",
                degree="Bachelor of Science",
                start_at="2010-09-01T00:00:00Z",
                end_at="2013-06-30T00:00:00Z",
            ),
        ),
        languages=(Language(language="English", proficiency="NATIVE_OR_BILINGUAL"),),
        skills=("Testing", "Integration"),
        employment=Employments(current=current, all=(current,)),
    )


def _current(contact: Contact) -> Employment:
    return Employment(
        title="Head of Testing",
        seniority="Head",
        job_functions=(JobFunction(function="Software", sub_function="Quality Assurance"),),
        description="Makes sure that nothing real is ever bought in a test.",
        company=_company(contact.company_name or "Test Example"),
        is_current=True,
        start_at="2020-01-01T00:00:00Z",
    )


def _company(name: str) -> Company:
    address = linkedin.company_url("test-example")
    return Company(
        id=str(uuid.uuid5(uuid.NAMESPACE_URL, address)),
        name=name,
        domain=TEST_DOMAIN,
        website=f"https://{TEST_DOMAIN}",
        description="An invented company for testing an integration.",
        year_founded=2015,
        headcount=120,
        headcount_range="51-200",
        company_type="Privately Held",
        specialties=("Testing",),
        locations=CompanyLocations(
            headquarters=Headquarters(city="London", region="England", country="United Kingdom", country_code="GB")
        ),
        industry=Industry(main_industry="Software Development"),
        social_profiles=SocialProfiles.of(Network(url=address, handle="test-example")),
    )
