"""Our own server as somebody's FullEnrich account: two servers, and the first buys from the second and nowhere else.

What the adapter believes about the contract is thereby held against an implementation of it: submissions, both ways of
saying that a job goes on, rows with and without values, an empty account, and what it all costs.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from e2e.processes import UNAIDED, Api, World, create_key, database, server, until
from e2e.stranger import Answer, Row, Stranger, asked, billed, nothing_found, world_says

pytestmark = pytest.mark.asyncio(loop_scope="module")

BEHIND = ("hunter", "prospeo", "leadmagic", "enrow", "peopledatalabs")
CREDIT_PRICE = 58_000
GRANTED = 5000
NOBODY = ("Nemo", "Atall")


@dataclass(frozen=True, slots=True)
class Seller:
    """The server that plays the vendor, and its variables."""

    api: Api
    place: dict[str, str]

    async def account(self, session: aiohttp.ClientSession, in_progress: int, credits_: int = GRANTED) -> Stranger:
        """A customer of it, in a workspace of its own."""
        return Stranger(session, self.api.url, await create_key(self.place, credits=credits_, in_progress=in_progress))


@dataclass(frozen=True, slots=True)
class Bought:
    """What was asked of the buying server, what came back, what the vendor took, and what it tells us directly."""

    people: list[dict[str, Any]]
    answer: Answer
    contacts: list[dict[str, Any]]
    spent: int
    direct: Answer

    @property
    def attempts(self) -> list[dict[str, Any]]:
        return [attempt for contact in self.contacts for attempt in at_vendor(contact)]


def at_vendor(contact: dict[str, Any]) -> list[dict[str, Any]]:
    """What a vendor was asked; the server's own directory, which is empty, is none."""
    return [attempt for attempt in contact["attempts"] if attempt["vendor"] != "directory"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seller(server_url: str, world: World, place: dict[str, str]) -> AsyncIterator[Seller]:
    async with database(server_url) as url:
        home = {"OPENENRICH_HOME": f"{place['OPENENRICH_HOME']}/seller", "OPENENRICH_DATABASE_URL": url}
        environment = {**home, **world.only(*BEHIND), **UNAIDED}
        async with server(environment) as running:
            yield Seller(running, environment)


@asynccontextmanager
async def buyer(
    session: aiohttp.ClientSession, server_url: str, world: World, seller: Seller, account: Stranger
) -> AsyncIterator[Stranger]:
    """A server whose only vendor is the seller, and a client of it."""
    async with database(server_url) as url:
        environment = {
            **world.only(),
            **UNAIDED,
            "OPENENRICH_HOME": f"{seller.place['OPENENRICH_HOME']}-buyer",
            "OPENENRICH_DATABASE_URL": url,
            "OPENENRICH_VENDORS_FULLENRICH_BASE_URL": f"{seller.api.url}/api/v2",
            "OPENENRICH_VENDORS_FULLENRICH_API_KEY": account.key,
            "OPENENRICH_API_CONCURRENT_CONTACTS": "4",  # nobody is passed by because the vendor's pace is slow
        }
        async with server(environment) as running:
            yield Stranger(session, running.url, await create_key(environment, credits=GRANTED))


async def explained(client: Stranger, rows: list[Row]) -> tuple[Answer, list[dict[str, Any]]]:
    """The result, and the contacts once every attempt has come to its end."""
    enrichment_id = await client.start(rows)
    answer = await client.result(enrichment_id, 90)

    async def ended() -> list[dict[str, Any]] | None:
        contacts: list[dict[str, Any]] = (await client.own(enrichment_id, "contacts")).body["contacts"]
        open_ones = [a for contact in contacts for a in contact["attempts"] if a["result"] in {"started", "submitted"}]
        return None if open_ones else contacts

    return answer, await until(ended, 30, "every job has ended")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=[400, 200], ids=["says-400", "says-200"])
async def bought(
    request: pytest.FixtureRequest, session: aiohttp.ClientSession, server_url: str, world: World, seller: Seller
) -> Bought:
    """Twenty people and a stranger, for an account that says in one of the two ways that a job goes on."""
    account = await seller.account(session, request.param)
    offset = 700 if request.param == 400 else 720
    people = (await world_says(session, world.url, f"people?offset={offset}&limit=20"))["people"]
    rows = [asked(one, linkedin=number % 2 == 0) for number, one in enumerate(people)]
    first, last = NOBODY
    stranger = asked({**people[0], "first_name": first, "last_name": last})
    async with buyer(session, server_url, world, seller, account) as client:
        answer, contacts = await explained(client, [*rows, stranger])
    spent = GRANTED - await account.balance()
    direct = await account.enrich([asked(one, linkedin=True) for one in people])
    return Bought(people, answer, contacts, spent, direct)


async def test_the_answers_of_the_vendor_arrive(bought: Bought) -> None:
    rows = bought.answer.rows[:-1]
    known = zip(rows, bought.people, strict=True)
    pairs = [(row["contact_info"].get("most_probable_work_email"), one["work_email"]) for row, one in known]
    sold = [(email["email"], true) for email, true in pairs if email]
    assert bought.answer.body["status"] == "FINISHED"
    assert len(sold) >= 10
    assert sum(email == true for email, true in sold) >= len(sold) - 2
    assert any("most_probable_phone" in row["contact_info"] for row in rows)
    assert any("most_probable_personal_email" in row["contact_info"] for row in rows)
    assert sum("profile" in row for row in rows) >= 10


async def test_every_value_is_one_that_the_vendor_has(bought: Bought) -> None:
    for row, direct in zip(bought.answer.rows[:-1], bought.direct.rows, strict=True):
        for kind in ("work_emails", "personal_emails", "phones"):
            given = [named(value) for value in direct["contact_info"][kind]]
            assert [value for value in row["contact_info"][kind] if named(value) not in given] == [], given


async def test_every_question_went_to_the_one_vendor_and_was_answered(bought: Bought) -> None:
    assert {attempt["vendor"] for attempt in bought.attempts} == {"fullenrich"}
    assert {attempt["operation"] for attempt in bought.attempts} == {"email", "personal_email", "phone"}
    assert {attempt["result"] for attempt in bought.attempts} == {"found", "not_found"}


async def test_what_the_vendor_charged_is_journalled_to_the_credit(bought: Bought) -> None:
    assert bought.spent > 0
    assert sum(attempt["cost_micro_usd"] for attempt in bought.attempts) == bought.spent * CREDIT_PRICE
    assert sum(contact["vendor_cost_micro_usd"] for contact in bought.contacts) == bought.spent * CREDIT_PRICE
    assert bought.spent >= bought.answer.credits, "nothing is sold that was not bought"
    assert bought.answer.credits == sum(map(billed, bought.answer.rows))


async def test_a_miss_is_a_miss_and_costs_nothing(bought: Bought) -> None:
    assert nothing_found(bought.answer.rows[-1])
    stranger = bought.contacts[-1]
    assert {attempt["result"] for attempt in at_vendor(stranger)} == {"not_found"}
    assert (stranger["vendor_cost_micro_usd"], stranger["credits"]) == (0, 0)
    assert all(attempt["cost_micro_usd"] == 0 for attempt in bought.attempts if attempt["result"] == "not_found")


async def test_an_empty_account_is_no_miss(
    session: aiohttp.ClientSession, server_url: str, world: World, seller: Seller
) -> None:
    account = await seller.account(session, 400, credits_=0)
    people = (await world_says(session, world.url, "people?offset=740&limit=1"))["people"]
    async with buyer(session, server_url, world, seller, account) as client:
        answer, contacts = await explained(client, [asked(one) for one in people])
    assert [nothing_found(row) for row in answer.rows] == [True]
    assert {attempt["result"] for attempt in at_vendor(contacts[0])} == {"no_credit"}
    assert contacts[0]["vendor_cost_micro_usd"] == 0


def named(value: dict[str, str]) -> tuple[str, str]:
    """The value and what it is; the type of a line depends on which of its own vendors the seller asked first."""
    return (value["email"], value["status"]) if "email" in value else (value["number"], value["region"])
