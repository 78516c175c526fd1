"""A list through the API and back: order, patience, resuming, credits; against a small server of the same API."""

import csv
import io
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from rich.console import Console

from openenrich.commands.answers import Person
from openenrich.commands.api_client import ApiClient, UnknownEnrichmentError
from openenrich.commands.backstage import _towards
from openenrich.commands.enrich import send, what_next, write_result
from openenrich.commands.order import Job, Order, check, open_run, read_fields
from openenrich.commands.problem import EnrichProblemError
from openenrich.commands.summary import Summary
from openenrich.core.contact import Field
from openenrich.lists.problem import ListProblem
from openenrich.settings import Settings, environment_names

PERSON = Person(("contact.work_emails",), {"row": "2"}, first_name="Ada", last_name="Example", domain="example.com")
Rows = list[dict[str, str]]


@dataclass
class Api:
    """Enrichments end at the second look. Everybody with a whole name is found. ``credits`` are for so many people."""

    refuse: Callable[[web.Request], web.Response | None] = lambda _: None
    credits: int = 1_000_000
    batches: dict[str, Rows] = field(default_factory=dict)
    looks: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    keys: set[str] = field(default_factory=set)
    short: set[str] = field(default_factory=set)

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._door])
        app.router.add_post("/api/v2/contact/enrich/bulk", self._start)
        app.router.add_get("/api/v2/contact/enrich/bulk/{id}", self._result)
        app.router.add_get("/api/openenrich/v1/enrichments/{id}/progress", self._progress)
        app.router.add_get("/api/openenrich/v1/enrichments/{id}/contacts", self._stories)
        return app

    @web.middleware
    async def _door(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        self.requests[request.method] += 1
        self.keys.add(request.headers.get("Authorization", ""))
        refused = self.refuse(request)
        return refused if refused is not None else await handler(request)

    async def _start(self, request: web.Request) -> web.Response:
        assert request.query["silentFail"] == "true"
        rows: Rows = (await request.json())["data"]
        name = f"batch-{len(self.batches)}"
        self.batches[name] = rows
        self.credits -= len(rows)
        if self.credits < 0:
            self.short.add(name)
        return web.json_response({"enrichment_id": name})

    async def _progress(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        if name not in self.batches:
            return error(404, "error.enrichment.not_found")
        self.looks[name] += 1
        done = self.looks[name] > 1
        count = len(self.batches[name])
        body = {
            "status": self._status(name) if done else "IN_PROGRESS",
            "contacts": count,
            "finished": count if done else 0,
            "fields": [{"field": "work_email", "wanted": count, "done": count if done else 0, "found": 0}],
        }
        return web.json_response(body)

    def _status(self, name: str) -> str:
        return "CREDITS_INSUFFICIENT" if name in self.short else "FINISHED"

    async def _result(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        if name not in self.batches:
            return error(404, "error.enrichment.not_found")
        if self.looks[name] < 2:
            return error(400, "error.enrichment.in_progress")
        data = [] if name in self.short else [self._record(row) for row in self.batches[name]]
        body = {"id": name, "name": name, "status": self._status(name), "cost": {"credits": 1}, "data": data}
        return web.json_response(body, status=402 if name in self.short else 200)

    def _record(self, row: dict[str, str]) -> dict[str, object]:
        info: dict[str, object] = {"work_emails": [], "personal_emails": [], "phones": []}
        if row.get("last_name"):
            email = {"email": f"{row['last_name'].lower()}@example.com", "status": "DELIVERABLE"}
            info |= {"most_probable_work_email": email, "work_emails": [email]}
        return {"input": {}, "custom": row["custom"], "contact_info": info}

    async def _stories(self, request: web.Request) -> web.Response:
        rows = self.batches[request.match_info["id"]]
        contacts = [
            {
                "position": position,
                "state": "done",
                "credits": 1 if row.get("last_name") else 0,
                "vendor_cost_micro_usd": 20_000,
                "from_history": [],
                "won": {"work_email": "alpha"} if row.get("last_name") else {},
                "because": {},
                "attempts": [{"vendor": "alpha", "shared": False}],
            }
            for position, row in enumerate(rows)
        ]
        return web.json_response({"contacts": contacts})


def error(status: int, code: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"code": code, "message": "No."}, status=status, headers=headers)


class Pauses:
    """Waits are written down and not waited for."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
async def api() -> Api:
    return Api()


@pytest.fixture
async def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def client(api: Api, pauses: Pauses) -> AsyncIterator[ApiClient]:
    async with (
        TestServer(api.app()) as server,
        ApiClient(str(server.make_url("/")), "the-key", pauses) as client,
    ):
        yield client


def people(path: Path, count: int, *, bad: int | None = None) -> Path:
    lines = ["first_name,last_name,domain,crm"]
    lines += [f"Ada,{'' if number == bad else f'Example{number}'},example.com,{number:05}" for number in range(count)]
    path.write_text("\n".join(lines) + "\n")
    return path


def order_of(source: Path, fields: str = "work_emails") -> Order:
    return check(Job(source, read_fields(fields), None, "default", use_sandbox=False, as_json=False))


async def enrich(client: ApiClient, order: Order, home: Path) -> Summary:
    """As the command does it; the run is kept when credits ran out."""
    with open_run(home, order) as run:
        await send(client, order, run, Console(file=io.StringIO()), Pauses())
        summary, _ = write_result(order, run, lambda: 1.0)
        if not summary.without_credits:
            run.remove()
    return summary


def written(order: Order) -> list[dict[str, str]]:
    with order.out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


async def test_the_client_waits_as_long_as_the_server_says_and_goes_on(
    api: Api, client: ApiClient, pauses: Pauses
) -> None:
    answers = [error(429, "error.rate.limit", {"Retry-After": "17"}), error(429, "error.rate.limit")]
    api.refuse = lambda _: answers.pop(0) if answers else None

    assert await client.start("list", [PERSON]) == "batch-0"
    assert pauses.seconds == [17.0, 5.0]
    assert api.requests["POST"] == 3
    assert api.keys == {"Bearer the-key"}


async def test_the_client_reads_again_after_a_broken_connection(api: Api, client: ApiClient, pauses: Pauses) -> None:
    enrichment = await client.start("list", [PERSON])
    broken = [True, True]

    def refuse(request: web.Request) -> None:
        if broken:
            broken.pop()
            assert request.transport is not None
            request.transport.abort()

    api.refuse = refuse

    assert (await client.progress(enrichment)).contacts == 1
    assert api.requests["GET"] == 3
    assert pauses.seconds


async def test_the_client_never_sends_a_list_twice(api: Api, client: ApiClient) -> None:
    def refuse(request: web.Request) -> None:
        assert request.transport is not None
        request.transport.abort()

    api.refuse = refuse

    with pytest.raises(EnrichProblemError, match="does not answer"):
        await client.start("list", [PERSON])
    assert api.requests["POST"] == 1


async def test_a_refusal_is_a_sentence_with_the_servers_code(api: Api, client: ApiClient) -> None:
    api.refuse = lambda _: error(413, "error.body.too_large")

    with pytest.raises(EnrichProblemError, match=r"the server refused the list: No. \(error.body.too_large\)"):
        await client.start("list", [PERSON])


async def test_a_bad_key_is_a_sentence(api: Api, client: ApiClient) -> None:
    api.refuse = lambda _: error(401, "error.api.key")

    with pytest.raises(EnrichProblemError, match="keys create"):
        await client.start("list", [PERSON])


async def test_an_answer_of_another_kind_is_a_sentence(api: Api, client: ApiClient) -> None:
    api.refuse = lambda _: web.Response(text="<html>")

    with pytest.raises(EnrichProblemError, match="cannot be read"):
        await client.start("list", [PERSON])


async def test_a_result_is_there_when_the_enrichment_has_ended(client: ApiClient) -> None:
    enrichment = await client.start("list", [PERSON])

    assert await client.result(enrichment) is None
    await client.progress(enrichment)
    await client.progress(enrichment)
    result = await client.result(enrichment)
    assert result is not None
    assert result.data[0].contact_info.found() == {Field.WORK_EMAIL}


async def test_an_unknown_enrichment_is_told_apart(client: ApiClient) -> None:
    with pytest.raises(UnknownEnrichmentError):
        await client.progress("nowhere")


async def test_a_list_comes_back_in_its_order_with_what_was_found(client: ApiClient, tmp_path: Path) -> None:
    order = order_of(people(tmp_path / "list.csv", 250, bad=7))

    summary = await enrich(client, order, tmp_path)

    rows = written(order)
    assert order.out.name == "list.enriched.csv"
    assert [row["crm"] for row in rows] == [f"{number:05}" for number in range(250)]
    assert rows[8]["work_email"] == "example8@example.com"
    assert rows[249]["work_email"] == "example249@example.com"
    assert rows[7]["enrichment_status"] == "bad_row"
    assert rows[7]["problem"].startswith("no last name: ")
    assert (summary.people, summary.bad_rows, summary.credits) == (250, 1, 249_000)
    assert (summary.fields[0].wanted, summary.fields[0].found) == (249, 249)
    assert summary.calls == 250
    assert summary.vendor_cost_micro_usd == 5_000_000


async def test_a_hundred_rows_go_into_a_request_with_the_line_they_stand_on(
    api: Api, client: ApiClient, tmp_path: Path
) -> None:
    await enrich(client, order_of(people(tmp_path / "list.csv", 250)), tmp_path)

    assert sorted(len(rows) for rows in api.batches.values()) == [50, 100, 100]
    assert {row["custom"]["row"] for rows in api.batches.values() for row in rows} == {  # type: ignore[index] # a JSON object
        str(line) for line in range(2, 252)
    }


async def test_no_more_of_a_long_list_is_under_way_than_a_few_requests(
    api: Api, client: ApiClient, tmp_path: Path
) -> None:
    most = 0

    def refuse(_: web.Request) -> None:
        nonlocal most
        most = max(most, sum(api.looks[name] < 2 for name in api.batches))

    api.refuse = refuse
    await enrich(client, order_of(people(tmp_path / "list.csv", 1500)), tmp_path)

    assert len(api.batches) == 15
    assert most <= 4


async def test_what_is_with_the_server_already_is_not_sent_again(api: Api, client: ApiClient, tmp_path: Path) -> None:
    order = order_of(people(tmp_path / "list.csv", 150))
    await enrich(client, order, tmp_path)  # batch-0 and batch-1 are known to the server
    with open_run(tmp_path, order) as run:
        run.begin(0, "batch-0")
        run.begin(1, "batch-1")
    sent = api.requests["POST"]

    summary = await enrich(client, order, tmp_path)

    assert api.requests["POST"] == sent
    assert summary.fields[0].found == 150


async def test_what_the_server_has_forgotten_is_sent_again(api: Api, client: ApiClient, tmp_path: Path) -> None:
    order = order_of(people(tmp_path / "list.csv", 5))
    with open_run(tmp_path, order) as run:
        run.begin(0, "of-another-database")

    summary = await enrich(client, order, tmp_path)

    assert api.requests["POST"] == 1
    assert summary.fields[0].found == 5


async def test_a_list_that_was_done_leaves_nothing_to_resume(client: ApiClient, tmp_path: Path) -> None:
    order = order_of(people(tmp_path / "list.csv", 5))
    await enrich(client, order, tmp_path)

    with open_run(tmp_path, order) as run:
        assert not run.resumed


async def test_when_credits_run_out_the_rest_waits_for_the_next_run(
    api: Api, client: ApiClient, tmp_path: Path
) -> None:
    order = order_of(people(tmp_path / "list.csv", 1500))
    api.credits = 300

    summary = await enrich(client, order, tmp_path)

    assert 0 < len(api.batches) < 15
    assert summary.fields[0].found == 300
    assert summary.without_credits == 1200
    assert written(order)[-1]["problem"].startswith("credits ran out: add some")

    api.credits = 10_000
    before = set(api.batches)
    summary = await enrich(client, order, tmp_path)

    assert summary.without_credits == 0
    assert summary.fields[0].found == 1500
    assert sum(len(rows) for name, rows in api.batches.items() if name not in before) == 1200


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("result.pdf", "no kind of list we write"),
        ("nowhere/result.csv", "create it first"),
        ("list.csv", "choose the name of a new file"),
        ("folder.csv", "choose the name of a new file"),
    ],
)
def test_a_result_that_could_not_be_written_is_refused_before_anything_is_bought(
    out: str, words: str, tmp_path: Path
) -> None:
    source = people(tmp_path / "list.csv", 1)
    (tmp_path / "folder.csv").mkdir()

    with pytest.raises(ListProblem, match=words):
        check(Job(source, (Field.PHONE,), tmp_path / out, "default", use_sandbox=False, as_json=False))


def test_a_list_that_breaks_off_is_refused_before_anything_is_bought(tmp_path: Path) -> None:
    source = people(tmp_path / "list.csv", 300)
    source.write_bytes(source.read_bytes() + b"Jos\xe9,Example,example.com,1\n")

    with pytest.raises(ListProblem, match=r"line 302 .* not valid text"):
        order_of(source)


@pytest.mark.parametrize(("name", "out"), [("a.tsv", "a.enriched.csv"), ("a.csv", "a.enriched.csv")])
def test_the_result_is_beside_the_list(name: str, out: str, tmp_path: Path) -> None:
    assert order_of(people(tmp_path / name, 1)).out == tmp_path / out


def test_simulated_answers_stay_out_of_the_history_of_real_ones(tmp_path: Path) -> None:
    source = people(tmp_path / "list.csv", 1)

    order = check(Job(source, (Field.PHONE,), None, "default", use_sandbox=True, as_json=False))

    assert order.workspace == "sandbox"


def test_fields_are_named_as_in_the_api() -> None:
    assert read_fields("phones, contact.work_emails") == (Field.WORK_EMAIL, Field.PHONE)
    with pytest.raises(EnrichProblemError, match="not 'fax'"):
        read_fields("phones,fax")
    with pytest.raises(EnrichProblemError, match="names nothing"):
        read_fields(" , ")


def test_a_data_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    order = order_of(people(tmp_path / "list.csv", 1))
    (tmp_path / "home").write_text("a file, no folder")

    with pytest.raises(EnrichProblemError, match="set OPENENRICH_HOME"):
        open_run(tmp_path / "home", order)


def test_in_a_simulated_world_no_real_vendor_is_asked() -> None:
    environment = _towards({"OPENENRICH_VENDORS_HUNTER_BASE_URL": "http://127.0.0.1:1/hunter"}, 20.0)

    assert environment["OPENENRICH_VENDORS_ENROW_ENABLED"] == "false"
    assert "OPENENRICH_VENDORS_HUNTER_ENABLED" not in environment
    assert "OPENENRICH_VENDORS_DIRECTORY_ENABLED" not in environment
    others = {name for name in environment if not name.startswith("OPENENRICH_VENDORS_")}
    assert others <= set(environment_names())
    assert others


def test_the_way_on_names_server_and_keys() -> None:
    text = what_next(Settings())

    for words in ("serve", "http://127.0.0.1:8080", "vendors set-key", "keys create", "enrich your-list.csv"):
        assert words in text
