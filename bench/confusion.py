"""`make accuracy`: what is found, held against what is true, over real HTTP with every simulated vendor.

One workspace has the keys of all vendors and runs the whole waterfall; beside it every vendor has a workspace of its
own, where it is the only one. Right, wrong and missed are counted per field; "nothing there" is a person who truly has
no such value and for whom none was given.
"""

import argparse
import asyncio
import json
import socket
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from children import product
from database import database, opened
from machine import described, other_cores
from people import FIELDS, PER_BATCH

from openenrich.core.contact import Field
from openenrich.sandbox.people import Person
from openenrich.sandbox.vendors import DESKS
from openenrich.sandbox.world import World
from openenrich.store.workspaces import utc_now
from openenrich.vendors._discover import discover
from openenrich.wiring import Store

_PEOPLE = 2000
_SANDBOX = ("sandbox", "--port", "0", "--people", str(_PEOPLE), "--no-faults", "--speed")
_EVERYBODY = "all vendors"
_LOOK_EVERY_S = 0.5
_AT_ONCE = 8
_VALUES = {
    "work e-mail": "most_probable_work_email",
    "personal e-mail": "most_probable_personal_email",
    "mobile": "most_probable_phone",
}

Tally = dict[str, Counter[str]]


@dataclass(frozen=True, slots=True)
class Order:
    """What is posted for one workspace."""

    workspace: str
    vendors: tuple[str, ...]
    people: Sequence[Person]


def orders(contacts: int, each: int) -> list[Order]:
    """The people of the whole waterfall come first in the world, those of single vendors after them."""
    people, names = World(people=_PEOPLE).people, tuple(desk.name for desk in DESKS)
    alone = [Order(name, (name,), people[-each:]) for name in names if _finds(name)] if each else []
    return [Order(_EVERYBODY, names, people[:contacts]), *alone]


def _finds(name: str) -> bool:
    """Verifiers find nothing, and what only knows companies knows nobody."""
    operations = discover()[name].vendor.operations
    return any(operation.returns - {Field.COMPANY} and not operation.verifies for operation in operations)


async def tallies(environment: Mapping[str, str], contacts: int, each: int, speed: float) -> dict[str, Tally]:
    """Run everything; a tally per workspace."""
    todo = orders(contacts, each)
    with product((*_SANDBOX, str(speed)), environment, other_cores()) as sandbox:
        facts = {name: str(value) for name, value in sandbox.facts.items()}
        port = _free_port()
        settings = {
            **environment,
            **{name: value for name, value in facts.items() if not name.endswith("_API_KEY")},
            "OPENENRICH_SERVER_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "OPENENRICH_WATERFALL_BUY_PROFILE": "always",
            "OPENENRICH_API_CONCURRENT_CONTACTS": "500",
            # Time is not what is measured: nobody is passed by for being slow or busy.
            "OPENENRICH_WATERFALL_LONGEST_WAIT_S": "3600",
            "OPENENRICH_WATERFALL_CONTACT_DEADLINE_S": "600",
        }
        async with opened(settings) as store:
            keys = {order.workspace: await _open_workspace(store, order, facts) for order in todo}
            with product(("serve", "--port", str(port)), settings, other_cores()) as server:
                client = aiohttp.ClientSession(str(server.facts["url"]))
                async with client:
                    counted = await _in_turn(client, keys, todo)
    return counted


async def _in_turn(client: aiohttp.ClientSession, keys: Mapping[str, str], todo: Sequence[Order]) -> dict[str, Tally]:
    """The whole waterfall by itself, then single vendors, a few at a time: the machine must not be what is measured."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def counted(order: Order) -> Tally:
        async with places:
            return await _enriched(client, keys[order.workspace], order)

    whole = await counted(todo[0])
    alone = await asyncio.gather(*map(counted, todo[1:]))
    return {order.workspace: tally for order, tally in zip(todo, (whole, *alone), strict=True)}


async def _open_workspace(store: Store, order: Order, facts: Mapping[str, str]) -> str:
    """An API key, and the workspace's own keys of its vendors."""
    now = utc_now()
    key = await store.workspaces.create_key(
        "accuracy", order.workspace, credits_to_grant=10**12, rate_limit=10**6, in_progress=200, now=now
    )
    for vendor in order.vendors:
        await store.pool.execute(
            "INSERT INTO vendor_key (id, workspace_id, vendor, label, ciphertext, created_at)"
            " SELECT gen_random_uuid(), id, $2, $3, $4, $5 FROM workspace WHERE name = $1",
            order.workspace,
            vendor,
            order.workspace,
            store.vault.encrypt(facts[f"OPENENRICH_VENDORS_{vendor.upper()}_API_KEY"]),
            now,
        )
    return key


async def _enriched(client: aiohttp.ClientSession, key: str, order: Order) -> Tally:
    """Post the people, wait, and count."""
    headers = {"Authorization": f"Bearer {key}"}
    groups = [order.people[start : start + PER_BATCH] for start in range(0, len(order.people), PER_BATCH)]
    paths: list[str] = []
    for people in groups:
        body = {"name": order.workspace, "data": [_asked(person) for person in people]}
        async with client.post("/api/v2/contact/enrich/bulk", json=body, headers=headers) as answer:
            paths.append(f"/api/v2/contact/enrich/bulk/{(await answer.json())['enrichment_id']}")
    tally: Tally = {}
    for people, path in zip(groups, paths, strict=True):
        for person, row in zip(people, await _finished(client, path, headers), strict=True):
            for field, verdict in _judged(person, row):
                tally.setdefault(field, Counter())[verdict] += 1
    return tally


async def _finished(client: aiohttp.ClientSession, path: str, headers: Mapping[str, str]) -> list[dict[str, Any]]:
    while True:
        async with client.get(path, headers=headers) as answer:
            body = await answer.json()
        if body.get("status") not in {"CREATED", "IN_PROGRESS"}:
            rows: list[dict[str, Any]] = body["data"]
            return rows
        await asyncio.sleep(_LOOK_EVERY_S)


def _asked(person: Person) -> dict[str, object]:
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "domain": person.company.domain,
        "company_name": person.company.legal_name,
        "linkedin_url": person.linkedin_url,
        "enrich_fields": FIELDS,
    }


def _judged(person: Person, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Field and verdict, for everything that can be held against the truth."""
    true = {"work e-mail": person.work_email, "personal e-mail": person.personal_email, "mobile": person.mobile}
    for field, name in _VALUES.items():
        given = row.get("contact_info", {}).get(name) or {}
        value = given.get("email") or given.get("number")
        yield field, _verdict(_plain(value), _plain(true[field]))
    profile = row.get("profile", {})
    current = profile.get("employment", {}).get("current", {})
    company = current.get("company", {})
    yield "profile: name", _verdict(profile.get("full_name"), person.full_name)
    yield "profile: title", _verdict(current.get("title"), person.job.role.title)
    yield "profile: employer", _verdict(company.get("domain"), person.company.domain)
    yield "profile: headcount", _verdict(company.get("headcount_range"), person.company.size)


def _plain(value: str | None) -> str | None:
    return value.replace(" ", "").replace("-", "").casefold() if value and "@" not in value else value


def _verdict(given: str | None, true: str | None) -> str:
    if not given:
        return "missed" if true else "nothing there"
    return "right" if true and given.casefold() == true.casefold() else "wrong"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def markdown(counted: Mapping[str, Tally]) -> str:
    """The waterfall field by field, then every vendor by itself as right / wrong / missed."""
    whole = counted[_EVERYBODY]
    lines = ["| field | right | wrong | missed | nothing there |", "| --- | ---: | ---: | ---: | ---: |"]
    lines += [
        f"| {field} | {tally['right']} | {tally['wrong']} | {tally['missed']} | {tally['nothing there']} |"
        for field, tally in whole.items()
    ]
    lines += ["", f"| alone | {' | '.join(whole)} |", f"| --- |{' ---: |' * len(whole)}"]
    lines += [
        f"| {name} | {' | '.join(_cell(tally[field]) for field in whole)} |"
        for name, tally in counted.items()
        if name != _EVERYBODY
    ]
    return "\n".join(lines)


def _cell(tally: Counter[str]) -> str:
    return f"{tally['right']} / {tally['wrong']} / {tally['missed']}" if tally["right"] or tally["wrong"] else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=500, help="people for the whole waterfall")
    parser.add_argument("--each", type=int, default=50, help="people for each vendor alone")
    parser.add_argument("--speed", type=float, default=30.0, help="how fast the vendors' time runs")
    parser.add_argument("--json", action="store_true", help="the counts instead of the tables")
    parser.add_argument("--save", type=Path, help="write the tables to this file as well")
    options = parser.parse_args()
    with database() as environment:
        counted = asyncio.run(tallies(environment, options.contacts, options.each, options.speed))
    if options.json:
        print(json.dumps(counted))
        return
    text = "\n\n".join((*described()[:1], markdown(counted))) + "\n"
    print(text)
    if options.save:
        options.save.write_text(f"# Accuracy in the simulated world\n\n{text}", encoding="utf-8")


if __name__ == "__main__":
    main()
