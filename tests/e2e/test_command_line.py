"""The command line as scripts and people use it: what it prints, and how it fails.

A problem that a person can mend is one line on standard error that says what to do, and exit status 2; nothing is
changed by then.
"""

import csv
from asyncio import gather
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import aiohttp
import pytest
import pytest_asyncio

from e2e.processes import UNAIDED, Api, Ran, World, create_key, database, free_port, run, server
from e2e.stranger import Row, Stranger, asked, billed, person, world_says

pytestmark = pytest.mark.asyncio(loop_scope="module")

GOOD_LIST = "first_name,last_name,domain\nMira,Example,test.example.com\n"
WORK = ("contact.work_emails",)
MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bare(place: dict[str, str]) -> dict[str, str]:
    """No vendor has a key."""
    return {name: value for name, value in place.items() if not name.startswith("OPENENRICH_VENDORS_")}


def with_finders(place: dict[str, str], world: World, *finders: str) -> dict[str, str]:
    """A few vendors that find addresses."""
    others = {name: value for name, value in place.items() if not name.startswith("OPENENRICH_VENDORS_")}
    return {**others, **world.only(*finders), **UNAIDED}


def is_one_clear_sentence(ran: Ran, *words: str) -> None:
    """Exit status 2, and one line that names the trouble and the remedy."""
    assert ran.status == 2, (ran.status, ran.stdout, ran.stderr)
    said = ran.stderr.splitlines()
    assert len(said) == 1, ran.stderr
    assert said[0].startswith("openenrich: ")
    assert "Traceback" not in ran.stderr
    for word in words:
        assert word in said[0], said[0]


def files_of(folder: Path) -> list[str]:
    return [found.name for found in folder.iterdir()]


LISTS: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "an empty file": (b"", ("empty", "put a row with column names first")),
    "only blank lines": (b"\n\n \n", ("empty", "put a row with column names first")),
    "unknown columns": (b"kol1,kol2\na,b\n", ("'kol1', 'kol2'", "rename the columns", "first_name")),
    "a name without a company": (b"first_name,last_name\nMira,Example\n", ("domain or company_name",)),
    "broken encoding": (b"first_name,last_name,domain\nJos\xe9,Example,x.test\n", ("line 2", "CSV UTF-8")),
    "a wrong delimiter": (b"first_name~last_name~domain\na~b~c.test\n", ("one single column", "separate the columns")),
    "a row with too many cells": (b"first_name,last_name,domain\na,b,c.test,d\n", ("line 2 has 4 cells", "put quotes")),
    "an open quote": (b'first_name,last_name,domain\na,"b,c.test\nd,e,f.test\n', ("line 2", "close the quote")),
    "a NUL byte": (b"first_name,last_name,domain\na\0,b,c.test\n", ("line 2", "CSV UTF-8")),
}


@pytest.mark.parametrize("case", LISTS)
async def test_a_list_that_cannot_be_read_is_refused_with_the_remedy(
    place: dict[str, str], tmp_path: Path, case: str
) -> None:
    content, words = LISTS[case]
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    is_one_clear_sentence(await run(place, "enrich", str(path)), *words)
    assert files_of(tmp_path) == ["people.csv"]
    assert path.read_bytes() == content


async def test_a_list_that_is_not_there_and_a_result_that_cannot_go_there(
    place: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    is_one_clear_sentence(await run(place, "enrich", str(path)), "there is no file", "check the name")
    path.write_text(GOOD_LIST)
    elsewhere, document = tmp_path / "nowhere" / "out.csv", tmp_path / "out.doc"
    wrong = {
        ("--out", str(elsewhere)): "create it first",
        ("--out", str(document)): "use .csv",
        ("--out", str(path)): "choose the name of a new file",
        ("--fields", "fax"): "not 'fax'",
    }
    for ran, word in zip(
        await gather(*(run(place, "enrich", str(path), *how) for how in wrong)), wrong.values(), strict=True
    ):
        is_one_clear_sentence(ran, word)
    assert path.read_text() == GOOD_LIST


async def test_without_a_vendor_key_a_list_is_not_sent_anywhere(
    server_url: str, bare: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(GOOD_LIST)
    async with database(server_url) as url:
        ran = await run({**bare, "OPENENRICH_DATABASE_URL": url}, "enrich", str(path))
    is_one_clear_sentence(ran, "key", "vendors set-key")
    assert files_of(tmp_path) == ["people.csv"]


WRONG_SETTINGS: dict[str, tuple[Mapping[str, str], tuple[str, ...]]] = {
    "a word that is none of the choices": (
        {"OPENENRICH_API_IN_PROGRESS_RESPONSE": "300"},
        ("api.in_progress_response", "config.default.toml"),
    ),
    "text for a number": ({"OPENENRICH_SERVER_PORT": "http"}, ("server.port", "config.default.toml")),
    "a number out of range": ({"OPENENRICH_HISTORY_DAYS": "0"}, ("history.days", "greater than zero")),
    "a vendor's address that is none": (
        {"OPENENRICH_VENDORS_HUNTER_BASE_URL": "hunter.test"},
        ("vendors.hunter.base_url", "http or https"),
    ),
    "a vendor that does not exist": (
        {"OPENENRICH_VENDORS_NOBODY_API_KEY": "k"},
        ("vendors.nobody", "docs/vendors.md"),
    ),
    "a master key that is none": ({"OPENENRICH_MASTER_KEY": "short"}, ("OPENENRICH_MASTER_KEY", "32 bytes in base64")),
    "another master key": (
        {"OPENENRICH_MASTER_KEY": MASTER_KEY},
        ("does not fit this database", "OPENENRICH_MASTER_KEY"),
    ),
    "a database that is down": (
        {"OPENENRICH_DATABASE_URL": f"postgresql://someone:sesame@127.0.0.1:{free_port()}/none"},
        ("PostgreSQL cannot be reached", "OPENENRICH_DATABASE_URL"),
    ),
    "a database address that is none": ({"OPENENRICH_DATABASE_URL": "somewhere"}, ("OPENENRICH_DATABASE_URL",)),
}


@pytest.mark.parametrize("case", WRONG_SETTINGS)
async def test_a_wrong_setting_stops_the_start_with_the_remedy(place: dict[str, str], api: Api, case: str) -> None:
    assert api.running  # it has made the database and its master key
    settings, words = WRONG_SETTINGS[case]
    ran = await run({**place, **settings}, "keys", "list")
    is_one_clear_sentence(ran, *words)
    assert "sesame" not in ran.stderr


async def test_an_unknown_setting_in_the_file_stops_the_start(place: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[api]\nspeed = 3\n")
    ran = await run({**place, "OPENENRICH_HOME": str(tmp_path)}, "keys", "list")
    is_one_clear_sentence(ran, "api", "speed", "config.default.toml")


async def test_a_server_and_a_sandbox_need_a_free_port(place: dict[str, str], api: Api, world: World) -> None:
    taken = api.url.rpartition(":")[2]
    is_one_clear_sentence(await run(place, "serve", "--port", taken), taken, "choose another with --port")
    is_one_clear_sentence(await run(place, "serve", "--port", "99999"), "99999", "--port")
    used = world.url.rpartition(":")[2]
    is_one_clear_sentence(await run(place, "sandbox", "--port", used), used, "--port")


async def test_a_key_stands_alone_on_the_last_line_and_works(
    place: dict[str, str], api: Api, session: aiohttp.ClientSession
) -> None:
    ran = await run(place, "keys", "create", "--name", "first", "--workspace", "desk", "--credits", "25")
    key = ran.last_line
    assert str(UUID(key)) == key
    assert ran.stdout.count(key) == 1
    assert ran.stderr == ""
    assert await Stranger(session, api.url, key).balance() == 25


async def test_keys_are_listed_without_the_keys_and_can_be_revoked_by_any_of_their_names(
    place: dict[str, str], api: Api, session: aiohttp.ClientSession
) -> None:
    keys = await gather(*(create_key(place, "revoking", name=name) for name in ("by-id", "by-name", "by-key")))
    listed = await run(place, "keys", "list", "--json")
    mine = {key["name"]: key for key in listed.json() if key["workspace"] == "revoking"}
    assert not any(key in listed.stdout for key in keys)
    assert set(mine) == {"by-id", "by-name", "by-key"}
    revoked = [run(place, "keys", "revoke", way) for way in (mine["by-id"]["id"], "by-name", keys[2])]
    assert [ran.status for ran in await gather(*revoked)] == [0, 0, 0]
    for key in keys:
        answer = await Stranger(session, api.url, key).call("GET", "/api/v2/account/credits")
        assert (answer.status, answer.body["code"]) == (401, "error.api.key")
    is_one_clear_sentence(await run(place, "keys", "revoke", "by-name"), "keys list")


async def test_credits_can_be_added_and_taken_away_and_the_ledger_says_why(place: dict[str, str], api: Api) -> None:
    await create_key(place, "purse", credits=100, name="purse key")
    added = await run(place, "credits", "add", "50.5", "--workspace", "purse", "--note", "invoice 7", "--json")
    taken = await run(place, "credits", "add", "--workspace", "purse", "--json", "--", "-20")
    too_much = await run(place, "credits", "add", "--workspace", "purse", "--", "-1000")
    nobody = await run(place, "credits", "add", "5", "--workspace", "nobody")
    ledger = (await run(place, "credits", "show", "--workspace", "purse", "--json")).json()
    assert (added.json(), taken.json()) == ({"balance": 150.5}, {"balance": 130.5})
    is_one_clear_sentence(too_much, "free to take away")
    is_one_clear_sentence(nobody, "nobody", "keys create")
    assert [(line["kind"], line["amount"], line["balance"]) for line in ledger] == [
        ("grant", -20_000, 130_500),
        ("grant", 50_500, 150_500),
        ("grant", 100_000, 100_000),
    ]
    assert ledger[1]["note"] == "invoice 7"
    assert "purse key" in ledger[2]["note"]


async def test_the_catalogue_of_vendors_counts_keys_and_shows_none(bare: dict[str, str]) -> None:
    secret = "sandbox-secret-value"
    stored = await run(bare, "vendors", "set-key", "hunter", stdin=f"{secret}\n".encode())
    listed = await run(bare, "vendors", "list", "--json")
    vendors = {vendor["name"]: vendor for vendor in listed.json()}
    assert stored.status == 0, stored.stderr
    assert vendors["hunter"]["keys"] == 1
    assert vendors["hunter"]["docs"].startswith("https://")
    assert {"name", "fields", "inputs", "price", "style", "region", "told"} <= set(vendors["hunter"])
    assert secret not in stored.stdout + stored.stderr + listed.stdout
    is_one_clear_sentence(await run(bare, "vendors", "set-key", "nobody", "x"), "nobody", "vendors list")
    is_one_clear_sentence(await run(bare, "vendors", "set-key", "hunter"), "No key was given")


async def test_vendor_keys_can_be_tried_for_nothing(
    place: dict[str, str], world: World, session: aiohttp.ClientSession
) -> None:
    before = await world_says(session, world.url, "purchases")
    ran = await run(place, "vendors", "test", "hunter", "prospeo", "--json")
    wrong = await run(
        {**place, "OPENENRICH_VENDORS_PROSPEO_API_KEY": "unknown-key"}, "vendors", "test", "prospeo", "--json"
    )
    assert ran.status == 0, ran.stderr
    assert {vendor for vendor, _, _ in ran.json()} == {"hunter", "prospeo"}
    assert all(result.startswith("good") for _, _, result in ran.json())
    assert [result for _, _, result in wrong.json()] == ["refused: bad_key"]
    assert await world_says(session, world.url, "purchases") == before
    is_one_clear_sentence(await run(place, "vendors", "test", "nobody"), "nobody", "vendors list")


async def explained(environment: dict[str, str], session: aiohttp.ClientSession, rows: list[Row]) -> list[Row]:
    """Enrich through a server of one's own, which reads the order of vendors when it starts."""
    async with server(environment) as running:
        client = Stranger(session, running.url, await create_key(environment))
        enrichment_id = await client.start(rows)
        answer = await client.result(enrichment_id)
        contacts = (await client.own(enrichment_id, "contacts")).body["contacts"]
    return [{**contact, **row} for contact, row in zip(contacts, answer.rows, strict=True)]


async def test_an_imported_directory_is_asked_first_and_is_free(
    server_url: str, place: dict[str, str], world: World, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    known, other = (await world_says(session, world.url, "people?offset=700&limit=2"))["people"]
    address = f"desk@{known['domain']}"
    path = tmp_path / "directory.csv"
    row = (known["first_name"], known["last_name"], known["domain"], address)
    path.write_text("\n".join(("first_name,last_name,company_domain,work_email", ",".join(row), "Nobody,,,")))
    async with database(server_url) as url:
        # None of them verifies: a verifier's word would outweigh the operator's list.
        few = with_finders(place, world, "icypeas", "prospeo", "leadmagic")
        environment = {**few, "OPENENRICH_DATABASE_URL": url}
        imported = await run(environment, "vendors", "import-directory", str(path))
        mine, theirs = await explained(environment, session, [asked(one, kinds=WORK) for one in (known, other)])
    assert imported.stdout.startswith("Imported 1 people; 1 rows")
    assert mine["contact_info"]["most_probable_work_email"]["email"] == address
    assert [attempt["vendor"] for attempt in mine["attempts"]] == ["directory"]
    assert (mine["vendor_cost_micro_usd"], mine["won"]["work_email"]) == (0, "directory")
    assert [attempt["vendor"] for attempt in theirs["attempts"]][:2] == ["directory", "icypeas"]


async def test_the_order_of_vendors_is_taken_at_its_word(
    server_url: str, place: dict[str, str], world: World, session: aiohttp.ClientSession
) -> None:
    people = (await world_says(session, world.url, "people?offset=710&limit=10"))["people"]
    async with database(server_url) as url:
        few = with_finders(place, world, "icypeas", "hunter", "prospeo", "leadmagic")
        environment = {**few, "OPENENRICH_DATABASE_URL": url}
        ordered = await run(environment, "vendors", "order", "work_email", "icypeas", "hunter")
        wrong = await run(environment, "vendors", "order", "work_email", "nobody")
        contacts = await explained(environment, session, [asked(one, kinds=WORK) for one in people])
    assert "icypeas > hunter" in ordered.stdout
    is_one_clear_sentence(wrong, "nobody", "vendors list")
    for contact in contacts:
        free, *names = [attempt["vendor"] for attempt in contact["attempts"]]
        assert free == "directory"
        assert names[:2] in (["icypeas"], ["icypeas", "hunter"]), names


async def test_a_list_goes_in_and_comes_out_with_what_was_found(place: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(GOOD_LIST.replace("domain", "domain,crm").replace(".com", ".com,CRM-1") + "Notfound,X,,\n")
    ran = await run(place, "enrich", str(path), "--json")
    assert ran.status == 0, ran.stderr
    summary = ran.json()
    with (tmp_path / "people.enriched.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert summary["people"] == 2
    assert [row["first_name"] for row in rows] == ["Mira", "Notfound"]
    assert rows[0]["crm"] == "CRM-1"
    assert "mira.example@test.example.com" in rows[0].values()


async def test_the_database_can_be_brought_up_to_date_by_hand(server_url: str, place: dict[str, str]) -> None:
    async with database(server_url) as url:
        ran = await run({**place, "OPENENRICH_DATABASE_URL": url}, "migrate", "--json")
    assert (ran.status, ran.json()) == (0, {"pending": []})


async def test_the_doctor_finds_a_healthy_place_healthy_and_names_what_is_wrong(
    place: dict[str, str], bare: dict[str, str], api: Api
) -> None:
    healthy = await run(place, "doctor", "--json")
    findings = {finding["check"]: finding for finding in healthy.json()}
    assert healthy.status == 0, healthy.stdout
    assert "PostgreSQL" in findings["database"]["result"]
    assert findings["DNS"]["result"] == "answers"
    assert all(finding["good"] for finding in findings.values())
    down = {**bare, "OPENENRICH_DATABASE_URL": f"postgresql://127.0.0.1:{free_port()}/none"}
    sick = await run(down, "doctor", "--json")
    wrong = [finding for finding in sick.json() if not finding["good"]]
    assert sick.status == 1
    assert [finding["check"] for finding in wrong] == ["database"]
    assert "OPENENRICH_DATABASE_URL" in wrong[0]["remedy"]


async def test_after_all_these_mistakes_the_server_still_answers(
    place: dict[str, str], api: Api, session: aiohttp.ClientSession
) -> None:
    client = Stranger(session, api.url, await create_key(place))
    answer = await client.enrich([person("Mira")])
    assert billed(answer.rows[0]) == 14
    assert answer.credits == 0
