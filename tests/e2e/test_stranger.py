"""A stranger's client against a real server: every error and every state of the documented API.

Written from the two pages of the published documentation and the decisions. What the simulated people cost and
whether their data is right is next door, in ``test_stranger_world.py``.
"""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import pytest
import pytest_asyncio

from e2e.processes import Api, World, create_key, database, server, until
from e2e.stranger import ENRICH, Answer, Stranger, asked, billed, nothing_found, person, world_says

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIRA = person("Mira")
PROFILE = "https://www.linkedin.com/in/mira-okafor-example"


def but(**changes: object) -> dict[str, Any]:
    """A good contact with something changed; ``None`` takes the member away."""
    return {name: value for name, value in {**MIRA, **changes}.items() if value is not None}


def batch(*rows: object, **changes: object) -> dict[str, Any]:
    return {"name": "A list", "data": list(rows or (MIRA,)), **changes}


ENRICHMENT_ERRORS: dict[str, tuple[object, str, str]] = {
    "no name": ({"data": [MIRA]}, "name.empty", "Enrichment name not set"),
    "blank name": (batch(name=" "), "name.empty", "Enrichment name not set"),
    "webhook of another scheme": (
        batch(webhook_url="ftp://hooks.example.com"),
        "webhook_url",
        "Webhook URL must be start with http or https",
    ),
    "contact webhook without a scheme": (
        batch(webhook_events={"contact_finished": "hooks.example.com"}),
        "webhook_url",
        "Webhook URL must be start with http or https",
    ),
    "no data": ({"name": "A list"}, "data.empty", "Data is empty"),
    "empty data": ({"name": "A list", "data": []}, "data.empty", "Data is empty"),
    "101 contacts": (
        batch(*[MIRA] * 101),
        "data.exceeded",
        "Data contains too many contacts (max: 100)",
    ),
    "no first name": (batch(but(first_name=None)), "first_name.empty", "First name cannot be empty"),
    "blank last name": (batch(but(last_name=" ")), "last_name.empty", "Last name cannot be empty"),
    "neither domain nor company": (batch(but(domain="")), "domain.empty", "Domain cannot be empty"),
    "no kinds": (batch(but(enrich_fields=None)), "enrich_fields.empty", "enrichFields cannot be empty"),
    "empty kinds": (batch(but(enrich_fields=[])), "enrich_fields.empty", "enrichFields cannot be empty"),
    "unknown kind": (
        batch(but(enrich_fields=["contact.work_emails", "contact.fax"])),
        "enrich_field.value",
        "enrichField 'contact.fax' not valid must be contact.work_emails or contact.phones or contact.personal_emails",
    ),
    "21 custom keys": (
        batch(but(custom={f"k{number}": "v" for number in range(21)})),
        "custom.key.exceeded",
        "Custom field contains too many keys (max: 20 keys)",
    ),
    "custom value of 101 characters": (
        batch(but(custom={"k": "x" * 101})),
        "custom.value.exceeded",
        "Custom field value max len exceeded (max: 100 character)",
    ),
    "custom value that is a number": (
        batch(but(custom={"k": 7})),
        "custom.value.type",
        "Custom field values must be strings",
    ),
    "domain that is none": (batch(but(domain="not a domain")), "domain.invalid", "Domain is invalid"),
    "the second contact is bad": (batch(MIRA, but(last_name="")), "last_name.empty", "Last name cannot be empty"),
}


@pytest.mark.parametrize("case", ENRICHMENT_ERRORS)
async def test_a_bad_request_is_refused_with_the_documented_code_and_message(stranger: Stranger, case: str) -> None:
    body, code, message = ENRICHMENT_ERRORS[case]
    answer = await stranger.call("POST", ENRICH, body)
    assert (answer.status, answer.body) == (400, {"code": f"error.enrichment.{code}", "message": message})


async def test_a_profile_url_that_is_none_is_refused(stranger: Stranger) -> None:
    answer = await stranger.post([but(linkedin_url="https://example.com/mira")])
    assert (answer.status, answer.body["code"]) == (400, "error.linkedin.malformated")


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"name": 7, "data": []}', b'{"name": "x", "data": {}}', b"\xff"])
async def test_a_body_that_cannot_be_read_is_a_bad_request(stranger: Stranger, raw: bytes) -> None:
    answer = await stranger.call("POST", ENRICH, raw=raw)
    assert (answer.status, answer.body["code"]) == (400, "error.bad_request")


async def test_a_body_above_five_mebibytes_is_too_large(stranger: Stranger) -> None:
    answer = await stranger.call("POST", ENRICH, batch(name="x" * (5 * 1024 * 1024)))
    assert (answer.status, answer.body["code"]) == (413, "error.body.too_large")


@pytest.mark.parametrize(
    ("authorization", "code", "message"),
    [
        ("", "error.authorization.not_set", "Authorization headers not set"),
        ("Basic abc", "error.authorization.not_bearer", "Authorization headers do not have prefix 'bearer'"),
        (f"Bearer {uuid4()}", "error.api.key", "Unknown api key"),
        ("Bearer ", "error.api.key", "Unknown api key"),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", ENRICH), ("GET", f"{ENRICH}/{uuid4()}"), ("GET", "/api/v2/account/credits")]
)
async def test_without_a_good_key_nothing_is_answered(
    stranger: Stranger, method: str, path: str, authorization: str, code: str, message: str
) -> None:
    answer = await stranger.call(method, path, authorization=authorization)
    if authorization == "Bearer ":
        assert answer.status == 401
    else:
        assert (answer.status, answer.body) == (401, {"code": code, "message": message})


async def test_the_word_bearer_is_known_in_any_case(stranger: Stranger) -> None:
    answer = await stranger.call("GET", "/api/v2/account/keys/verify", authorization=f"bEARER {stranger.key}")
    assert answer.status == 200
    assert str(UUID(answer.body["workspace_id"])) == answer.body["workspace_id"]


async def test_unknown_paths_and_wrong_methods_have_error_bodies_too(stranger: Stranger) -> None:
    unknown = await stranger.call("GET", "/api/v2/nothing")
    wrong = await stranger.call("DELETE", ENRICH)
    assert (unknown.status, unknown.body["code"]) == (404, "error.not_found")
    assert (wrong.status, wrong.body["code"]) == (405, "error.method.not_allowed")


@pytest.mark.parametrize("enrichment_id", [str(uuid4()), "no-uuid", "2db5ea61-1752-42cf-8ea1-ab1da060cd0"])
async def test_an_unknown_enrichment_is_not_found(stranger: Stranger, enrichment_id: str) -> None:
    answer = await stranger.get(enrichment_id)
    assert answer.status == 404
    assert answer.body == {"code": "error.enrichment.not_found", "message": "Enrichment ID not found"}


async def test_rows_come_back_in_the_order_of_the_request_with_custom_untouched(stranger: Stranger) -> None:
    custom = {"zeta": "1", "alpha": "Łódź 東京 🎉", "": "empty key", 'quote"\\': "line\nbreak", "Alpha": ""}
    rows = [person(f"Given{number:03}", custom={"row": str(number), **custom}) for number in range(100)]
    answer = await stranger.enrich(rows)
    assert [row["input"]["first_name"] for row in answer.rows] == [row["first_name"] for row in rows]
    assert [list(row["custom"].items()) for row in answer.rows] == [list(row["custom"].items()) for row in rows]


async def test_a_finished_enrichment_has_the_documented_members(stranger: Stranger) -> None:
    enrichment_id = await stranger.start([but(company_name="Example Inc", linkedin_url=PROFILE)], name="Spring fair")
    answer = await stranger.result(enrichment_id)
    row = answer.rows[0]
    assert answer.status == 200
    assert list(answer.body) == ["id", "name", "status", "cost", "data"]
    assert (answer.body["id"], answer.body["name"], answer.body["status"]) == (enrichment_id, "Spring fair", "FINISHED")
    assert answer.body["cost"] == {"credits": 0}
    assert row["input"] == {
        "first_name": "Mira",
        "last_name": "Example",
        "full_name": "Mira Example",
        "company_domain": "test.example.com",
        "company_name": "Example Inc",
        "professional_network_url": PROFILE,
        "linkedin_url": PROFILE,
    }
    assert row["custom"] == {}
    info = row["contact_info"]
    assert info["most_probable_work_email"] == {"email": "mira.example@test.example.com", "status": "DELIVERABLE"}
    assert info["work_emails"] == [info["most_probable_work_email"]]
    assert info["most_probable_phone"]["number"].startswith("+44 7700 900")
    assert info["most_probable_phone"]["region"] == "GB"
    networks = row["profile"]["social_profiles"]
    assert networks["professional_network"] == networks["linkedin"]
    assert networks["professional_network"]["url"] == PROFILE


async def test_only_the_kinds_that_were_asked_for_come_back(stranger: Stranger) -> None:
    answer = await stranger.enrich([person("Mira", kinds=["contact.personal_emails"])])
    info = answer.rows[0]["contact_info"]
    assert info["personal_emails"]
    assert (info["work_emails"], info["phones"]) == ([], [])
    assert sorted(info) == ["most_probable_personal_email", "personal_emails", "phones", "work_emails"]


async def test_what_real_clients_send_is_understood(stranger: Stranger) -> None:
    empty = {"first_name": "", "last_name": "", "domain": "test.example.com", "company_name": "", "webhook_url": ""}
    kinds = {"enrich_fields": ["contact.emails"]}
    rows: list[dict[str, Any]] = [
        {**empty, "linkedin_url": "linkedin.com/in/mira-okafor-example/?trk=x", **kinds, "custom": {}},
        {"firstname": "Mira", "lastname": "Okafor", "company_domain": "https://www.test.example.com/about", **kinds},
        {"full_name": "Mira Okafor", "domain": "TEST.example.com", "unheard_of": [1, 2], **kinds},
    ]
    answer = await stranger.enrich(rows, webhook_url="", webhook_events={}, providers=[])
    assert answer.body["cost"] == {"credits": 0}
    assert all(row["contact_info"]["work_emails"] for row in answer.rows)


async def test_silent_fail_keeps_the_place_of_a_bad_contact(stranger: Stranger) -> None:
    bad = but(last_name="", custom={"row": "2"})
    answer = await stranger.enrich([MIRA, bad, MIRA], query="?silentFail=true")
    assert nothing_found(answer.rows[1])
    assert answer.rows[1]["custom"] == {"row": "2"}
    assert "profile" not in answer.rows[1]
    assert not nothing_found(answer.rows[2])


async def test_test_contacts_have_their_forced_outcomes_at_no_cost_and_reach_no_vendor(
    stranger: Stranger, world: World, session: aiohttp.ClientSession
) -> None:
    before = await world_says(session, world.url, "calls"), await stranger.balance()
    names = ["Mira", "Notfound", "Catchall", "Invalid", "Landline", "Slow"]
    answer = await stranger.enrich([person(name) for name in names])
    after = await world_says(session, world.url, "calls"), await stranger.balance()
    info = {row["input"]["first_name"]: row["contact_info"] for row in answer.rows}
    assert info["Mira"]["most_probable_work_email"]["status"] == "DELIVERABLE"
    assert nothing_found(answer.rows[1])
    assert info["Catchall"]["most_probable_work_email"]["status"] == "CATCH_ALL"
    assert "most_probable_work_email" not in info["Invalid"]
    assert [email["status"] for email in info["Invalid"]["work_emails"]] == ["INVALID"]
    assert "most_probable_phone" not in info["Landline"]
    assert [phone["line_type"] for phone in info["Landline"]["phones"]] == ["LANDLINE"]
    assert info["Slow"]["most_probable_work_email"]["status"] == "DELIVERABLE"
    assert answer.credits == 0
    assert after == before


async def test_the_published_test_profile_is_one_of_them(stranger: Stranger) -> None:
    demo = {"linkedin_url": "https://www.linkedin.com/in/demoge/", "domain": "fullenrich.com"}
    answer = await stranger.enrich([{**demo, "enrich_fields": ["contact.work_emails"]}])
    assert answer.credits == 0
    assert answer.rows[0]["contact_info"]["work_emails"]


async def test_a_running_enrichment_answers_400_until_it_has_ended(stranger: Stranger) -> None:
    enrichment_id = await stranger.start([person("Slow")])
    answer = await stranger.get(enrichment_id)
    assert answer.status == 400
    assert answer.body == {
        "code": "error.enrichment.in_progress",
        "message": "Enrichment not ready, try again in 30 seconds",
    }
    assert (await stranger.result(enrichment_id)).body["status"] == "FINISHED"


@pytest.mark.parametrize("spelling", ["true", "True", "1"])
async def test_forced_results_show_what_is_known_so_far(stranger: Stranger, spelling: str) -> None:
    enrichment_id = await stranger.start([person("Slow"), MIRA])

    async def partly() -> Answer | None:
        answer = await stranger.get(enrichment_id, f"?forceResults={spelling}")
        assert answer.status == 200
        return answer if not nothing_found(answer.rows[1]) else None

    answer = await until(partly)
    assert answer.body["status"] == "IN_PROGRESS"
    assert nothing_found(answer.rows[0])


async def test_a_key_can_ask_for_200_while_running(
    stranger: Stranger, session: aiohttp.ClientSession, api: Api, place: dict[str, str]
) -> None:
    other = Stranger(session, api.url, await create_key(place, in_progress=200))
    enrichment_id = await other.start([person("Slow")], name="Mode 200")
    answer = await other.get(enrichment_id)
    assert answer.status == 200
    assert answer.body["status"] in {"CREATED", "IN_PROGRESS"}
    assert answer.body == {
        "id": enrichment_id,
        "name": "Mode 200",
        "status": answer.body["status"],
        "cost": {"credits": 0},
    }
    assert (await other.result(enrichment_id)).body["status"] == "FINISHED"


async def test_a_canceled_enrichment_keeps_what_ran_and_leaves_the_rest_empty(
    session: aiohttp.ClientSession, api: Api, place: dict[str, str]
) -> None:
    one_at_a_time = {**place, "OPENENRICH_API_CONCURRENT_CONTACTS": "1"}
    client = Stranger(session, api.url, await create_key(one_at_a_time))
    enrichment_id = await client.start([person("Slow"), MIRA, person("Jonas")])

    async def running() -> bool:
        answer = await client.get(enrichment_id, "?forceResults=true")
        return bool(answer.body["status"] == "IN_PROGRESS")

    await until(running)
    canceled = await client.own(enrichment_id, "cancel", "POST")
    assert (canceled.status, canceled.body["id"]) == (200, enrichment_id)
    answer = await client.result(enrichment_id)
    assert (answer.status, answer.body["status"]) == (200, "CANCELED")
    assert [nothing_found(row) for row in answer.rows] == [False, True, True]
    assert [row["input"]["first_name"] for row in answer.rows] == ["Slow", "Mira", "Jonas"]
    assert (await client.own(enrichment_id, "cancel", "POST")).status == 200


async def test_at_balance_zero_the_job_ends_with_402_and_a_row_for_every_contact(
    session: aiohttp.ClientSession, api: Api, world: World, place: dict[str, str]
) -> None:
    poor = Stranger(session, api.url, await create_key(place, credits=0))
    people = (await world_says(session, world.url, "people?limit=3"))["people"]
    answer = await poor.enrich([asked(one, custom={"n": str(n)}) for n, one in enumerate(people)])
    assert (answer.status, answer.body["status"], answer.credits) == (402, "CREDITS_INSUFFICIENT", 0)
    assert [row["custom"]["n"] for row in answer.rows] == ["0", "1", "2"]
    assert all(nothing_found(row) for row in answer.rows)


async def test_credits_that_run_out_keep_what_was_found(
    session: aiohttp.ClientSession, api: Api, world: World, place: dict[str, str]
) -> None:
    poor = Stranger(session, api.url, await create_key(place, credits=3))
    people = (await world_says(session, world.url, "people?offset=300&limit=20"))["people"]
    answer = await poor.enrich([asked(one, kinds=["contact.work_emails"]) for one in people])
    assert (answer.status, answer.body["status"]) == (402, "CREDITS_INSUFFICIENT")
    assert len(answer.rows) == 20
    assert answer.credits == sum(map(billed, answer.rows)) == 3
    assert await poor.balance() == 0
    assert nothing_found(answer.rows[-1])


async def test_workspaces_do_not_see_each_other(
    stranger: Stranger, session: aiohttp.ClientSession, api: Api, place: dict[str, str]
) -> None:
    enrichment_id = await stranger.start([MIRA])
    await stranger.result(enrichment_id)
    other = Stranger(session, api.url, await create_key(place))
    answers = [
        await other.get(enrichment_id),
        await other.get(enrichment_id, "?forceResults=true"),
        await other.own(enrichment_id, "progress"),
        await other.own(enrichment_id, "contacts"),
        await other.own(enrichment_id, "cancel", "POST"),
    ]
    assert {(answer.status, answer.body["code"]) for answer in answers} == {(404, "error.enrichment.not_found")}


async def test_keys_of_one_workspace_share_its_enrichments(
    session: aiohttp.ClientSession, api: Api, place: dict[str, str]
) -> None:
    first, second = [Stranger(session, api.url, await create_key(place, "shared")) for _ in range(2)]
    enrichment_id = await first.start([MIRA])
    assert (await second.result(enrichment_id)).raw == (await first.get(enrichment_id)).raw


async def test_requests_above_the_limit_are_refused_until_the_next_minute(
    session: aiohttp.ClientSession, api: Api, place: dict[str, str]
) -> None:
    async def six_of_one_minute() -> list[Answer] | None:
        """The minute may change in between: then these six do not count, and others of a fresh workspace do."""
        client = Stranger(session, api.url, await create_key(place, rate_limit=5))
        answers = [await client.call("GET", "/api/v2/account/credits") for _ in range(6)]
        left = [answer.headers["RateLimit-Remaining"] for answer in answers]
        return answers if left == ["4", "3", "2", "1", "0", "0"] else None

    answers = await until(six_of_one_minute, 20)
    last = answers[-1]
    assert [answer.status for answer in answers] == [200] * 5 + [429]
    assert last.body == {"code": "error.rate.limit", "message": "Too many requests. Try again in 1m"}
    assert 1 <= int(last.headers["Retry-After"]) <= 60
    assert last.headers["Retry-After"] == last.headers["RateLimit-Reset"]
    assert (last.headers["RateLimit-Limit"], last.headers["RateLimit-Remaining"]) == ("5", "0")


@pytest_asyncio.fixture(loop_scope="module")
async def otherwise(server_url: str, place: dict[str, str], session: aiohttp.ClientSession) -> AsyncIterator[Stranger]:
    """A client of a server whose operator has decided everything the other way."""
    settings = {
        "OPENENRICH_API_PHONE_FORMAT": "e164",
        "OPENENRICH_API_IN_PROGRESS_RESPONSE": "200",
        "OPENENRICH_API_CUSTOM_MAX_KEYS": "10",
        "OPENENRICH_API_INSUFFICIENT_HTTP_STATUS": "200",
        "OPENENRICH_API_REQUIRE_DOMAIN_WITHOUT_LINKEDIN": "true",
    }
    async with database(server_url) as url:
        environment = {**place, **settings, "OPENENRICH_DATABASE_URL": url}
        async with server(environment) as running:
            yield Stranger(session, running.url, await create_key(environment, credits=0))


async def test_the_operator_can_decide_otherwise(otherwise: Stranger) -> None:
    running = await otherwise.get(await otherwise.start([person("Slow")]))
    ended = await otherwise.enrich([MIRA])
    crowded = await otherwise.post([but(custom={f"k{number}": "v" for number in range(11)})])
    by_name = await otherwise.post([but(domain=None, company_name="Example Inc")])
    poor = await otherwise.enrich([but(domain="thistledownstudio.test")])
    number = ended.rows[0]["contact_info"]["most_probable_phone"]["number"]
    assert running.status == 200
    assert number.startswith("+447700900")
    assert number[1:].isdecimal()
    assert crowded.body["message"] == "Custom field contains too many keys (max: 10 keys)"
    assert by_name.body["code"] == "error.enrichment.domain.empty"
    assert (poor.status, poor.body["status"]) == (200, "CREDITS_INSUFFICIENT")


async def test_machines_need_no_key(session: aiohttp.ClientSession, api: Api) -> None:
    answers = {}
    for path in ("/healthz", "/readyz", "/metrics", "/openapi.json"):
        async with session.get(api.url + path) as response:
            answers[path] = response.status, await response.text()
    assert {status for status, _ in answers.values()} == {200}
    described = json.loads(answers["/openapi.json"][1])["paths"]
    assert {ENRICH, f"{ENRICH}/{{enrichment_id}}"} <= set(described)
