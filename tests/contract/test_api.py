"""The HTTP API: keys, limits, reading results, account, errors outside the body."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from structlog.testing import capture_logs

from api_server import KEY, Api, Stored, assert_no_null, body_of, contact, serving
from openenrich.core.contact import Field
from openenrich.core.outcome import BatchStatus, Email, EmailStatus, Outcome
from openenrich.engine.ports import AttemptView, Explanation, FieldProgress, Progress
from openenrich.web.api import WebOptions

NOT_FOUND = {"code": "error.not_found", "message": "Not found"}
NO_SUCH_ENRICHMENT = {"code": "error.enrichment.not_found", "message": "Enrichment ID not found"}
IN_PROGRESS = {"code": "error.enrichment.in_progress", "message": "Enrichment not ready, try again in 30 seconds"}
CREDITS = "/api/v2/account/credits"
GOOD = Email("mira.okafor@northwind.example.com", EmailStatus.DELIVERABLE)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with serving() as served:
        yield served


def only(api: Api) -> Stored:
    [stored] = api.door.batches.values()
    return stored


# --- keys ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "code", "message"),
    [
        (None, "error.authorization.not_set", "Authorization headers not set"),
        ("", "error.authorization.not_set", "Authorization headers not set"),
        (KEY, "error.authorization.not_bearer", "Authorization headers do not have prefix 'bearer'"),
        (f"Basic {KEY}", "error.authorization.not_bearer", "Authorization headers do not have prefix 'bearer'"),
        (f"Bearer{KEY}", "error.authorization.not_bearer", "Authorization headers do not have prefix 'bearer'"),
        ("Bearer", "error.api.key", "Unknown api key"),
        (f"Bearer {uuid4()}", "error.api.key", "Unknown api key"),
        ("Bearer sch\u00fcssel", "error.api.key", "Unknown api key"),
    ],
)
async def test_a_request_without_a_good_key_is_401_and_is_not_counted(
    api: Api, header: str | None, code: str, message: str
) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = await api.get(CREDITS, key=None, headers=headers)
    assert (answer.status, answer.json()) == (401, {"code": code, "message": message})
    assert "RateLimit-Limit" not in answer.headers
    assert api.door.counts == {}


@pytest.mark.parametrize("header", [f"bearer {KEY}", f"BEARER   {KEY}  ", f"Bearer {KEY}"])
async def test_the_scheme_is_read_in_any_case_and_the_key_is_trimmed(api: Api, header: str) -> None:
    answer = await api.get(CREDITS, key=None, headers={"Authorization": header})
    assert answer.status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v2/contact/enrich/bulk"),
        ("GET", f"/api/v2/contact/enrich/bulk/{uuid4()}"),
        ("GET", "/api/v2/account/keys/verify"),
        ("GET", f"/api/openenrich/v1/enrichments/{uuid4()}/progress"),
        ("GET", f"/api/openenrich/v1/enrichments/{uuid4()}/contacts"),
        ("POST", f"/api/openenrich/v1/enrichments/{uuid4()}/cancel"),
    ],
)
async def test_every_operation_asks_for_the_key_before_anything_else(api: Api, method: str, path: str) -> None:
    answer = await api.ask(method, path, key=None)
    assert answer.json()["code"] == "error.authorization.not_set"


# --- limit --------------------------------------------------------------------------------------------------------


async def test_sixty_requests_pass_in_a_minute_and_the_next_waits_for_the_next_minute(api: Api) -> None:
    statuses = [(await api.get(CREDITS)).status for _ in range(60)]
    refused = await api.get(CREDITS)
    api.clock.time += timedelta(seconds=40)
    assert statuses == [200] * 60
    assert refused.status == 429
    assert refused.json() == {"code": "error.rate.limit", "message": "Too many requests. Try again in 1m"}
    assert refused.headers["Retry-After"] == "40"
    assert (await api.get(CREDITS)).status == 200


async def test_every_authenticated_answer_tells_the_limit(api: Api) -> None:
    first, missing = await api.get(CREDITS), await api.result(uuid4())
    for answer, remaining in ((first, "59"), (missing, "58")):
        assert answer.headers["RateLimit-Limit"] == "60"
        assert answer.headers["RateLimit-Remaining"] == remaining
        assert answer.headers["RateLimit-Reset"] == "40"
        assert "Retry-After" not in answer.headers


async def test_remaining_never_falls_below_zero(api: Api) -> None:
    api.door.rate_limit = 1
    answers = [await api.get(CREDITS) for _ in range(3)]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["0", "0", "0"]


async def test_the_limit_comes_before_the_body_is_read(api: Api) -> None:
    api.door.rate_limit = 0
    answer = await api.start(b"not json")
    assert answer.status == 429


@pytest.mark.parametrize(("second", "micro", "wait"), [(0, 0, "60"), (0, 1, "60"), (59, 0, "1"), (59, 999_999, "1")])
async def test_the_wait_is_rounded_up_to_at_least_a_second(api: Api, second: int, micro: int, wait: str) -> None:
    api.door.rate_limit = 0
    api.clock.time = api.clock.time.replace(second=second, microsecond=micro)
    assert (await api.get(CREDITS)).headers["Retry-After"] == wait


# --- results ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [BatchStatus.CREATED, BatchStatus.IN_PROGRESS])
async def test_a_running_enrichment_is_400_by_default(api: Api, status: BatchStatus) -> None:
    started = await api.started(body_of())
    only(api).status = status
    answer = await api.result(started)
    assert (answer.status, answer.json()) == (400, IN_PROGRESS)


async def test_a_running_enrichment_is_200_without_data_when_the_setting_says_so() -> None:
    async with serving(WebOptions(in_progress_response=200)) as api:
        started = await api.started(body_of())
        answer = await api.result(started)
        assert answer.status == 200
        assert answer.json() == {
            "id": str(started),
            "name": "Spring fair",
            "status": "CREATED",
            "cost": {"credits": 0},
        }


@pytest.mark.parametrize(("server", "key", "expected"), [(400, 200, 200), (200, 400, 400), (200, None, 200)])
async def test_the_choice_of_a_key_goes_before_the_setting(server: int, key: int | None, expected: int) -> None:
    async with serving(WebOptions(in_progress_response=server)) as api:
        api.door.in_progress_response = key
        answer = await api.result(await api.started(body_of()))
        assert answer.status == expected


@pytest.mark.parametrize("word", ["true", "1", "True"])
async def test_forced_results_show_what_is_known_so_far(api: Api, word: str) -> None:
    started = await api.started(body_of(contact(), contact(first_name="Jonas")))
    stored = only(api)
    stored.status, stored.outcomes = BatchStatus.IN_PROGRESS, {1: Outcome(work_emails=(GOOD,), best_work_email=GOOD)}
    answer = await api.result(started, f"?forceResults={word}")
    assert answer.status == 200
    assert answer.json()["status"] == "IN_PROGRESS"
    assert [len(row["contact_info"]["work_emails"]) for row in answer.json()["data"]] == [0, 1]


@pytest.mark.parametrize("word", ["false", "0", "", "no"])
async def test_results_are_not_forced_by_another_word(api: Api, word: str) -> None:
    answer = await api.result(await api.started(body_of()), f"?forceResults={word}")
    assert answer.json() == IN_PROGRESS


@pytest.mark.parametrize("status", [BatchStatus.FINISHED, BatchStatus.CANCELED])
async def test_an_ended_enrichment_has_one_row_per_contact_in_the_order_of_the_request(
    api: Api, status: BatchStatus
) -> None:
    names = [f"Mira {letter}" for letter in "CABED"]
    started = await api.started(body_of(*(contact(first_name=name) for name in names)))
    stored = only(api)
    stored.status, stored.credits = status, 1000
    stored.outcomes = {2: Outcome(work_emails=(GOOD,), best_work_email=GOOD)}
    answer = await api.result(started)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    assert [row["input"]["first_name"] for row in body["data"]] == names
    assert body["data"][2]["contact_info"]["most_probable_work_email"] == {
        "email": "mira.okafor@northwind.example.com",
        "status": "DELIVERABLE",
    }
    assert (body["id"], body["status"], body["cost"]) == (str(started), status.value, {"credits": 1})
    assert_no_null(body)


async def test_custom_comes_back_untouched_and_in_order(api: Api) -> None:
    custom = {"z": "1", "a": ' "quoted" \n', "\u00e9": "\u2028\U0001f600", "empty": ""}
    started = await api.started(body_of(contact(custom=custom)))
    only(api).status = BatchStatus.FINISHED
    [row] = (await api.result(started)).json()["data"]
    assert list(row["custom"].items()) == list(custom.items())


async def test_out_of_credits_is_402_with_the_whole_body(api: Api) -> None:
    started = await api.started(body_of(contact(), contact()))
    only(api).status = BatchStatus.CREDITS_INSUFFICIENT
    answer = await api.result(started)
    assert answer.status == 402
    assert answer.json()["status"] == "CREDITS_INSUFFICIENT"
    assert len(answer.json()["data"]) == 2


async def test_the_status_for_missing_credits_is_a_setting() -> None:
    async with serving(WebOptions(insufficient_http_status=200)) as api:
        started = await api.started(body_of())
        only(api).status = BatchStatus.CREDITS_INSUFFICIENT
        answer = await api.result(started)
        assert (answer.status, len(answer.json()["data"])) == (200, 1)


@pytest.mark.parametrize(
    "written",
    [str(uuid4()), "1", "not-a-uuid", f"{{{uuid4()}}}", uuid4().hex, f"urn:uuid:{uuid4()}", "%00", "x" * 36, "%F0%9F"],
)
async def test_an_unknown_and_a_malformed_id_are_the_same_404(api: Api, written: str) -> None:
    answer = await api.result(written)
    assert (answer.status, answer.json()) == (404, NO_SUCH_ENRICHMENT)


async def test_an_enrichment_of_another_workspace_is_404(api: Api) -> None:
    started = await api.started(body_of())
    stored = only(api)
    stored.batch = msgspec.structs.replace(stored.batch, workspace_id=uuid4())
    assert (await api.result(started)).json() == NO_SUCH_ENRICHMENT


async def test_the_same_post_twice_makes_two_enrichments(api: Api) -> None:
    assert await api.started(body_of()) != await api.started(body_of())


# --- account ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("thousandths", "written"),
    [(5_000_000, b"5000"), (4_999_750, b"4999.75"), (0, b"0"), (-1_000, b"-1"), (1, b"0.001")],
)
async def test_a_whole_balance_is_written_as_an_integer(api: Api, thousandths: int, written: bytes) -> None:
    api.door.credits = thousandths
    answer = await api.get(CREDITS)
    assert answer.body == b'{"balance":' + written + b"}"


@pytest.mark.parametrize("path", [f"{CREDITS}/get", f"{CREDITS}/", f"{CREDITS}/get/"])
async def test_the_balance_answers_under_its_other_names(api: Api, path: str) -> None:
    answer = await api.get(path)
    assert (answer.status, answer.json()) == (200, {"balance": 5000})


async def test_a_good_key_is_told_its_workspace(api: Api) -> None:
    answer = await api.get("/api/v2/account/keys/verify")
    assert (answer.status, answer.json()) == (200, {"workspace_id": str(api.door.workspace_id)})


@pytest.mark.parametrize("path", [CREDITS, "/api/v2/account/keys/verify"])
async def test_a_workspace_that_is_gone_is_404_without_a_body(api: Api, path: str) -> None:
    api.door.credits = None
    answer = await api.get(path)
    assert (answer.status, answer.body) == (404, b"")


# --- paths, methods, bodies, failures -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/api", "/api/v2", "/api/v2/nothing", "/api/v3/account/credits"])
async def test_an_unknown_path_is_404(api: Api, path: str) -> None:
    answer = await api.get(path)
    assert (answer.status, answer.json()) == (404, NOT_FOUND)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/v2/contact/enrich/bulk", {"POST"}),
        ("DELETE", f"/api/v2/contact/enrich/bulk/{uuid4()}", {"GET", "HEAD"}),
        ("POST", CREDITS, {"GET", "HEAD"}),
        ("POST", "/healthz", {"GET", "HEAD"}),
    ],
)
async def test_a_wrong_method_is_405_and_says_what_is_allowed(
    api: Api, method: str, path: str, allowed: set[str]
) -> None:
    answer = await api.ask(method, path)
    assert answer.status == 405
    assert answer.json() == {"code": "error.method.not_allowed", "message": "Method not allowed"}
    assert set(answer.headers["Allow"].split(", ")) == allowed


async def test_a_trailing_slash_is_accepted_without_a_redirect(api: Api) -> None:
    answer = await api.ask("POST", "/api/v2/contact/enrich/bulk/", data=msgspec.json.encode(body_of()))
    assert answer.status == 200
    assert (await api.result(f"{answer.json()['enrichment_id']}/")).json() == IN_PROGRESS


async def test_a_body_above_the_limit_is_413(api: Api) -> None:
    answer = await api.start(b" " * (5 * 1024 * 1024 + 1))
    assert answer.status == 413
    assert answer.json() == {"code": "error.body.too_large", "message": "Body is too large (max: 5 MiB)"}


async def test_a_body_of_exactly_the_limit_is_read() -> None:
    body = msgspec.json.encode(body_of())
    async with serving(WebOptions(max_body=len(body))) as api:
        assert (await api.start(body)).status == 200
        assert (await api.start(body + b" ")).status == 413


async def test_the_limit_holds_for_a_body_of_unknown_length(api: Api) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(6):
            yield b" " * 1024 * 1024

    answer = await api.ask("POST", "/api/v2/contact/enrich/bulk", data=endless())
    assert answer.status == 413


async def test_a_client_that_leaves_in_the_middle_of_its_body_starts_nothing(api: Api) -> None:
    with capture_logs() as logs:
        _, writer = await asyncio.open_connection("127.0.0.1", api.port)
        head = f"POST /api/v2/contact/enrich/bulk HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\n"
        writer.write(f"{head}Content-Length: 100\r\n\r\n{{".encode())
        await writer.drain()
        async with asyncio.timeout(5):
            while not api.door.counts:  # noqa: ASYNC110 - the fake has no event to wait for
                await asyncio.sleep(0)
        writer.close()
        await writer.wait_closed()
        assert (await api.get(CREDITS)).status == 200
    assert (logs, api.door.batches) == ([], {})


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_the_content_type_of_a_request_does_not_matter(api: Api, content_type: str) -> None:
    answer = await api.ask(
        "POST",
        "/api/v2/contact/enrich/bulk",
        data=msgspec.json.encode(body_of()),
        headers={"Content-Type": content_type},
    )
    assert answer.status == 200


async def test_our_own_failure_is_500_and_tells_nothing_to_the_caller_or_the_log(api: Api) -> None:
    api.door.breaks = RuntimeError("mira.okafor@northwind.example.com is a duplicate")
    with capture_logs() as logs:
        answers = [await api.start(body_of()), await api.result(uuid4())]
    for answer in answers:
        assert (answer.status, answer.json()) == (500, {"code": "error.internal", "message": "Internal error"})
        assert answer.headers["RateLimit-Limit"] == "60"
    assert [entry["operation"] for entry in logs] == ["startEnrichment", "getEnrichment"]
    assert [entry["error"] for entry in logs] == ["RuntimeError", "RuntimeError"]
    assert logs[0]["request_id"] != logs[1]["request_id"]
    assert "mira" not in repr(logs).lower()
    assert KEY not in repr(logs)


# --- our own operations -------------------------------------------------------------------------------------------


async def test_progress_shows_credits_as_credits_and_money_in_millionths(api: Api) -> None:
    started = await api.started(body_of())
    api.door.progresses[started] = Progress(
        status=BatchStatus.IN_PROGRESS,
        contacts=3,
        finished=1,
        credits=1500,
        vendor_cost=24_500,
        calls=4,
        fields=(FieldProgress(Field.PHONE, 3, 1, 0),),
    )
    answer = await api.get(f"/api/openenrich/v1/enrichments/{started}/progress")
    assert answer.json() == {
        "status": "IN_PROGRESS",
        "contacts": 3,
        "finished": 1,
        "credits": 1.5,
        "vendor_cost_micro_usd": 24_500,
        "calls": 4,
        "fields": [{"field": "phone", "wanted": 3, "done": 1, "found": 0}],
    }


async def test_explanations_leave_out_what_is_unknown(api: Api) -> None:
    started = await api.started(body_of())
    attempt = AttemptView(
        vendor="acme",
        operation="find",
        result="pending",
        fields=(Field.WORK_EMAIL,),
        cost_micro_usd=0,
        shared=False,
        started_at=api.clock.time,
    )
    api.door.explanations[started] = (
        Explanation(
            position=0,
            state="running",
            credits=1000,
            vendor_cost_micro_usd=0,
            from_history=(),
            won={"work_email": "acme"},
            because={"work_email": "acme says so"},
            attempts=(attempt,),
        ),
    )
    body: Any = (await api.get(f"/api/openenrich/v1/enrichments/{started}/contacts")).json()
    assert_no_null(body)
    [explained] = body["contacts"]
    assert explained["credits"] == 1
    assert explained["won"] == {"work_email": "acme"}
    assert explained["attempts"][0]["started_at"] == "2026-05-04T12:00:20.500000Z"
    assert "finished_at" not in explained["attempts"][0]


async def test_cancelling_answers_with_the_envelope(api: Api) -> None:
    started = await api.started(body_of())
    answer = await api.ask("POST", f"/api/openenrich/v1/enrichments/{started}/cancel")
    assert answer.status == 200
    assert answer.json() == {"id": str(started), "name": "Spring fair", "status": "CANCELED", "cost": {"credits": 0}}
    assert (await api.result(started)).json()["status"] == "CANCELED"


@pytest.mark.parametrize(("method", "what"), [("GET", "progress"), ("GET", "contacts"), ("POST", "cancel")])
@pytest.mark.parametrize("written", [str(uuid4()), "nonsense"])
async def test_our_own_operations_know_no_foreign_id(api: Api, method: str, what: str, written: str) -> None:
    answer = await api.ask(method, f"/api/openenrich/v1/enrichments/{written}/{what}")
    assert (answer.status, answer.json()) == (404, NO_SUCH_ENRICHMENT)


# --- machines -----------------------------------------------------------------------------------------------------


async def test_machines_ask_without_a_key() -> None:
    async with serving(metrics=lambda: b"calls_total 3\n") as api:
        alive, ready = await api.get("/healthz", key=None), await api.get("/readyz", key=None)
        counted = await api.get("/metrics", key=None)
        assert (alive.status, alive.json()) == (200, {"status": "ok"})
        assert (ready.status, ready.json()) == (200, {"status": "ok"})
        assert (counted.status, counted.body) == (200, b"calls_total 3\n")
        assert counted.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert api.door.counts == {}


@pytest.mark.parametrize("changes", [{"is_ready": False}, {"breaks": RuntimeError("no database")}])
async def test_a_server_that_cannot_work_is_alive_but_not_ready(api: Api, changes: dict[str, Any]) -> None:
    api.door.__dict__.update(changes)
    assert (await api.get("/readyz", key=None)).status == 503
    assert (await api.get("/healthz", key=None)).status == 200
