"""The list that a newcomer enriches first, ``examples/contacts.csv``: people of world 7 as a real list spells them.

Some rows have a profile URL in one of its spellings, some only a company's name, some a domain that is a URL; two
rows cannot be used at all.
"""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from openenrich.sandbox.names import FOUNDERS
from openenrich.sandbox.people import Person
from openenrich.sandbox.world import World

COLUMNS: Final = ("first_name", "last_name", "domain", "company_name", "linkedin_url", "crm_id")
PEOPLE: Final = 38
_BAD_ROWS: Final = {
    16: ("Desmond", "", "brightwater.test", "", ""),  # neither a surname nor a profile
    31: ("", "", "", "", "https://www.linkedin.com/company/halden-robotics"),  # a profile of no person
}


def example_csv(world: World | None = None) -> str:
    """The text of the file, with a heading and 40 rows."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, row in enumerate(_rows(world or World())):
        writer.writerow((*row, f"CRM-{1001 + number}"))
    return text.getvalue()


def _rows(world: World) -> Iterator[tuple[str, ...]]:
    people = iter(_chosen(world))
    for position in range(PEOPLE + len(_BAD_ROWS)):
        yield _BAD_ROWS[position] if position in _BAD_ROWS else _row(position, next(people))


def _chosen(world: World) -> list[Person]:
    """The founders, then whoever brings a new pair of country and company size."""
    chosen = list(world.people[: len(FOUNDERS)])
    seen = {(person.company.country.code, person.company.size) for person in chosen}
    for person in world.people[len(FOUNDERS) :]:
        pair = (person.company.country.code, person.company.size)
        if pair not in seen and len(chosen) < PEOPLE:
            seen.add(pair)
            chosen.append(person)
    return chosen


def _row(position: int, person: Person) -> tuple[str, ...]:
    company = person.company
    domain, name = company.domain, company.legal_name
    if position % 5 == 1:
        domain = ""
    elif position % 5 == 2:
        name = ""
    elif position % 5 == 3:
        domain, name = f"https://www.{company.domain}/about", ""
    return (person.first_name, person.last_name, domain, name, _profile(position, person))


def _profile(position: int, person: Person) -> str:
    spellings = {
        0: person.linkedin_url,
        2: f"linkedin.com/in/{person.handle}",
        4: f"https://{person.company.country.code.lower()}.linkedin.com/in/{person.handle}/",
    }
    return spellings.get(position % 6, "")
