"""A hundred simulated people through the documented API, held against what is true about them and what was bought.

The first fixture runs them once; the tests look at the result from every side: rows, credits, ledger, vendors.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from e2e.processes import Api, World, create_key, run, until
from e2e.stranger import PRICES, Answer, Stranger, asked, billed, world_says

pytestmark = pytest.mark.asyncio(loop_scope="module")

GRANTED = 5000
TRUE_VALUE = {
    "most_probable_work_email": "work_email",
    "most_probable_personal_email": "personal_email",
    "most_probable_phone": "mobile",
}


@dataclass(frozen=True, slots=True)
class Hundred:
    """What was asked, what is true, what came back, and what the other side says it sold."""

    client: Stranger
    workspace: str
    enrichment_id: str
    people: list[dict[str, Any]]
    answer: Answer
    contacts: list[dict[str, Any]]
    progress: dict[str, Any]
    purchases: dict[str, Any]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hundred(session: aiohttp.ClientSession, api: Api, world: World, place: dict[str, str]) -> Hundred:
    workspace = "hundred"
    client = Stranger(session, api.url, await create_key(place, workspace, GRANTED))
    people = (await world_says(session, world.url, "people?offset=500&limit=100"))["people"]
    rows = [asked(one, linkedin=number % 2 == 0, custom={"n": str(number)}) for number, one in enumerate(people)]
    enrichment_id = await client.start(rows)
    answer = await client.result(enrichment_id, 120)

    async def all_answers() -> list[dict[str, Any]] | None:
        """Answers that a contact did not wait for come in a little later; they were paid for too."""
        contacts: list[dict[str, Any]] = (await client.own(enrichment_id, "contacts")).body["contacts"]
        open_ones = [a for contact in contacts for a in contact["attempts"] if a["result"] in {"started", "submitted"}]
        return None if open_ones else contacts

    contacts = await until(all_answers, 30, "every vendor has answered")
    return Hundred(
        client=client,
        workspace=workspace,
        enrichment_id=enrichment_id,
        people=people,
        answer=answer,
        contacts=contacts,
        progress=(await client.own(enrichment_id, "progress")).body,
        purchases=await world_says(session, world.url, "purchases"),
    )


async def test_there_is_one_row_per_person_in_the_order_of_the_request(hundred: Hundred) -> None:
    assert hundred.answer.status == 200
    assert hundred.answer.body["status"] == "FINISHED"
    assert [row["custom"]["n"] for row in hundred.answer.rows] == [str(number) for number in range(100)]
    for row, one in zip(hundred.answer.rows, hundred.people, strict=True):
        assert row["input"]["full_name"] == f"{one['first_name']} {one['last_name']}"
        assert row["input"]["company_domain"] == one["domain"]


async def test_what_is_found_is_nearly_always_right_and_most_is_found(hundred: Hundred) -> None:
    counts = {kind: tally(hundred, kind) for kind in TRUE_VALUE}
    work, personal, phone = (counts[kind] for kind in TRUE_VALUE)
    assert work["right"] / (work["right"] + work["wrong"]) >= 0.85, work
    assert work["right"] / (work["right"] + work["wrong"] + work["missed"]) >= 0.75, work
    assert personal["wrong"] == 0, personal
    assert personal["right"] >= 25, personal
    assert phone["right"] / (phone["right"] + phone["wrong"]) >= 0.85, phone
    assert phone["right"] >= 25, phone


async def test_an_address_that_is_sold_takes_mail(hundred: Hundred) -> None:
    sold = [row["contact_info"].get("most_probable_work_email") for row in hundred.answer.rows]
    statuses = Counter(email["status"] for email in sold if email)
    assert set(statuses) <= {"DELIVERABLE", "HIGH_PROBABILITY", "CATCH_ALL"}
    assert statuses["DELIVERABLE"] > 50


async def test_a_profile_comes_along_where_a_profile_url_was_given(hundred: Hundred) -> None:
    with_url = [row for row in hundred.answer.rows if "linkedin_url" in row["input"]]
    profiles = [row["profile"] for row in with_url if "profile" in row]
    assert len(with_url) == 50
    assert len(profiles) >= 40
    assert all(profile["full_name"] for profile in profiles)


async def test_credits_are_what_the_rows_say(hundred: Hundred) -> None:
    rows = hundred.answer.rows
    assert hundred.answer.credits == sum(map(billed, rows))
    assert [contact["credits"] for contact in hundred.contacts] == list(map(billed, rows))
    assert hundred.progress["credits"] == hundred.answer.credits


async def test_the_balance_went_down_by_exactly_that_and_the_ledger_adds_up(
    hundred: Hundred, place: dict[str, str]
) -> None:
    shown = await run(place, "credits", "show", "--workspace", hundred.workspace, "--limit", "1000", "--json")
    ledger = shown.json()
    balance = GRANTED - hundred.answer.credits
    assert await hundred.client.balance() == balance
    assert Counter(entry["kind"] for entry in ledger) == {"grant": 1, "reserve": 100, "settle": 100}
    assert sum(entry["amount"] for entry in ledger) == balance * 1000
    assert sum(entry["held"] for entry in ledger) == 0
    assert (ledger[0]["balance"], ledger[0]["reserved"]) == (balance * 1000, 0)
    assert all(0 <= entry["reserved"] <= entry["balance"] for entry in ledger)


async def test_provenance_adds_up_with_what_the_vendors_say_they_sold(hundred: Hundred) -> None:
    attempts = [attempt for contact in hundred.contacts for attempt in contact["attempts"]]
    paid = Counter(attempt["vendor"] for attempt in attempts if attempt["cost_micro_usd"])
    spent = sum(contact["vendor_cost_micro_usd"] for contact in hundred.contacts)
    # One of them sends one bill for all people of a request: our rows share it, its own book does not.
    sold = hundred.purchases["by_vendor"]
    assert {name: count for name, count in paid.items() if name != "lusha"} == {
        name: count for name, count in sold.items() if name != "lusha"
    }
    assert spent == hundred.purchases["billed_micro_usd"] == hundred.progress["vendor_cost_micro_usd"]
    assert spent == sum(attempt["cost_micro_usd"] for attempt in attempts)


async def test_nothing_was_bought_or_even_asked_twice(hundred: Hundred) -> None:
    assert hundred.purchases["total"] > 100
    assert hundred.purchases["repeated"] == []
    assert hundred.purchases["asked_again"] == []


async def test_every_billed_value_names_the_vendor_that_won_and_why(hundred: Hundred) -> None:
    billed_as = {"work_email": PRICES["most_probable_work_email"], "personal_email": 3, "phone": 10}
    for contact in hundred.contacts:
        answered = {attempt["vendor"] for attempt in contact["attempts"] if attempt["result"] == "found"}
        won = {kind: vendor for kind, vendor in contact["won"].items() if kind in billed_as}
        assert sum(billed_as[kind] for kind in won) == contact["credits"]
        assert set(won.values()) <= answered
        assert set(won) <= set(contact["because"])


async def test_progress_counts_every_kind(hundred: Hundred) -> None:
    rows = hundred.answer.rows
    counts = {item["field"]: item for item in hundred.progress["fields"]}
    assert (hundred.progress["contacts"], hundred.progress["finished"]) == (100, 100)
    for field, value in (("work_email", "work_email"), ("personal_email", "personal_email"), ("phone", "phone")):
        found = sum(f"most_probable_{value}" in row["contact_info"] for row in rows)
        assert counts[field] == {"field": field, "wanted": 100, "done": 100, "found": found}


async def test_the_same_people_again_cost_nothing_under_a_new_id(
    hundred: Hundred, world: World, session: aiohttp.ClientSession
) -> None:
    found = [number for number, row in enumerate(hundred.answer.rows) if billed(row) == 14]
    rows = [asked(hundred.people[n], linkedin=n % 2 == 0, custom={"again": "yes"}) for n in found]
    before = await hundred.client.balance()
    enrichment_id = await hundred.client.start(rows, name="Again")
    again = await hundred.client.result(enrichment_id)
    contacts = (await hundred.client.own(enrichment_id, "contacts")).body["contacts"]
    assert len(found) > 5
    assert enrichment_id != hundred.enrichment_id
    assert again.credits == 0
    assert [row["contact_info"] for row in again.rows] == [hundred.answer.rows[n]["contact_info"] for n in found]
    assert all(row["custom"] == {"again": "yes"} for row in again.rows)
    assert all({"work_email", "personal_email", "phone"} <= set(contact["from_history"]) for contact in contacts)
    assert await hundred.client.balance() == before
    assert await world_says(session, world.url, "purchases") == hundred.purchases


async def test_a_kind_that_was_never_asked_for_is_charged_alone(hundred: Hundred) -> None:
    people = hundred.people[:10]
    rows = [asked({**one, "company_name": ""}, kinds=["contact.work_emails"]) for one in people]
    more = [asked({**one, "company_name": ""}, kinds=["contact.work_emails", "contact.phones"]) for one in people]
    first, second = await hundred.client.enrich(rows), await hundred.client.enrich(more)
    phones = sum("most_probable_phone" in row["contact_info"] for row in second.rows)
    assert first.credits == sum(map(billed, first.rows)) > 0
    assert phones > 0
    assert second.credits == 10 * phones
    for before, after in zip(first.rows, second.rows, strict=True):
        assert after["contact_info"]["work_emails"] == before["contact_info"]["work_emails"] or not billed(before)


async def test_the_same_person_twice_in_one_list_is_charged_twice_and_bought_once(
    session: aiohttp.ClientSession, api: Api, world: World, place: dict[str, str]
) -> None:
    client = Stranger(session, api.url, await create_key(place))
    one = (await world_says(session, world.url, "people?offset=20&limit=1"))["people"][0]
    before = await world_says(session, world.url, "purchases")
    answer = await client.enrich([asked(one, custom={"n": "1"}), asked(one, custom={"n": "2"})])
    after = await world_says(session, world.url, "purchases")
    first, second = answer.rows
    assert first["contact_info"] == second["contact_info"]
    assert answer.credits == 2 * billed(first) > 0
    assert after["total"] > before["total"]
    assert after["repeated"] == before["repeated"]


def tally(hundred: Hundred, kind: str) -> Counter[str]:
    """How often a value was right, wrong or missed; nothing said about nothing counts as none."""
    counts: Counter[str] = Counter()
    for row, one in zip(hundred.answer.rows, hundred.people, strict=True):
        given, true = plain(row["contact_info"].get(kind)), one[TRUE_VALUE[kind]]
        counts["none" if given == true is None else "right" if given == true else "wrong" if given else "missed"] += 1
    return counts


def plain(value: dict[str, str] | None) -> str | None:
    """The address, or the number without the marks that make it readable."""
    if value is None:
        return None
    return value["email"] if "email" in value else re.sub(r"[^+\d]", "", value["number"])
