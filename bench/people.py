"""What is posted and what is read: distinct invented contacts, and one finished row of ordinary size."""

from collections.abc import Iterator
from itertools import count

import msgspec

from openenrich.core.outcome import Email, EmailStatus, Outcome
from openenrich.core.phone import Phone
from openenrich.core.profile import Profile
from openenrich.sandbox.world import World

FIELDS = ["contact.work_emails", "contact.personal_emails", "contact.phones"]
PER_BATCH = 100


def post_bodies(number: int) -> list[bytes]:
    """So many bodies of 100 contacts, no two of them alike: names, employer and profile differ."""
    people = _invented()
    return [
        msgspec.json.encode({"name": f"batch {batch}", "data": [next(people) for _ in range(PER_BATCH)]})
        for batch in range(number)
    ]


def _invented() -> Iterator[dict[str, object]]:
    """People of the sandbox's world under new surnames; every tenth name is not plain ASCII."""
    world = World(people=1000)
    for serial in count():
        person = world.people[serial % len(world.people)]
        last = f"{person.last_name}{_letters(serial)}" if serial % 10 else f"Weiß{_letters(serial)}"
        yield {
            "first_name": person.first_name,
            "last_name": last,
            "domain": f"{_letters(serial // 3)}.{person.company.domain}",
            "company_name": person.company.legal_name,
            "linkedin_url": f"https://www.linkedin.com/in/{_letters(serial)}-{serial:06d}/",
            "enrich_fields": FIELDS,
            "custom": {"crm_id": f"CRM-{serial}"},
        }


def _letters(serial: int) -> str:
    text = ""
    while serial or not text:
        serial, letter = divmod(serial, 26)
        text += chr(ord("a") + letter)
    return text


def finished_outcome() -> Outcome:
    """A person with everything: two addresses, a mobile, a profile with three positions."""
    work = Email("maria.keller@example.com", EmailStatus.DELIVERABLE)
    own = Email("maria.keller@freemail.test", EmailStatus.HIGH_PROBABILITY)
    phone = Phone("+44 7700 900123", "+447700900123", "GB")
    return Outcome((work,), (own,), (phone,), work, own, phone, msgspec.convert(_PROFILE, Profile))


_COMPANY = {
    "id": "7c0f0c3e-0000-5000-8000-000000000001",
    "name": "Example Robotics",
    "domain": "example.com",
    "website": "https://www.example.com",
    "description": "Example Robotics builds machines that move other machines from one hall to another.",
    "year_founded": 1998,
    "headcount": 412,
    "headcount_range": "201-500",
    "company_type": "Privately Held",
    "locations": {"headquarters": {"city": "Berlin", "region": "Berlin", "country": "Germany", "country_code": "DE"}},
    "industry": {"main_industry": "Industrial Automation"},
    "social_profiles": {
        "professional_network": {"id": 1234567, "url": "https://www.linkedin.com/company/example", "handle": "example"}
    },
}
_JOB = {"title": "Head of Sales", "seniority": "Director", "company": _COMPANY, "start_at": "2021-03-01T00:00:00Z"}
_PROFILE = {
    "id": "7c0f0c3e-0000-5000-8000-000000000002",
    "full_name": "Maria Keller",
    "first_name": "Maria",
    "last_name": "Keller",
    "headline": "Head of Sales at Example Robotics",
    "location": {"city": "Berlin", "region": "Berlin", "country": "Germany", "country_code": "DE"},
    "educations": [{"school_name": "Saltmarsh College", "degree": "Bachelor", "start_at": "2004-09-01T00:00:00Z"}],
    "languages": [{"language": "German"}, {"language": "English"}],
    "skills": ["crm", "negotiation", "forecasting", "key account management"],
    "employment": {"current": {**_JOB, "is_current": True}, "all": [{**_JOB, "is_current": True}, _JOB, _JOB]},
}
