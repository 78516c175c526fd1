"""The sandbox over real sockets: each vendor's hit, miss, job, refusals and limits, and the witness of purchases."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import dns.asyncquery
import dns.message
import pytest
import pytest_asyncio

from openenrich.sandbox.coverage import Claim, Record
from openenrich.sandbox.people import Person
from openenrich.sandbox.server import SandboxSettings, serve
from openenrich.sandbox.vendors import DESKS
from openenrich.sandbox.world import World

WORLD: Final = World()
NOBODY: Final = ("Nobody", "Atall")


@dataclass(frozen=True)
class Response:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Sandbox:
    """A client of one running sandbox. ``key`` is what every vendor is shown."""

    base: str
    dns_port: int
    session: aiohttp.ClientSession
    key: str = "sandbox-test"

    async def call(self, method: str, path: str, **options: Any) -> Response:
        async with self.session.request(method, self.base + path, **options) as response:
            return Response(response.status, json.loads(await response.read()), dict(response.headers))

    async def control(self, what: str) -> Any:
        return (await self.call("GET", f"/_sandbox/{what}")).body

    async def fault(self, vendor: str, kind: str, **options: Any) -> Response:
        return await self.call("POST", "/_sandbox/faults", json={"vendor": vendor, "kind": kind, **options})


async def running(speed: float) -> AsyncIterator[Sandbox]:
    async with (
        serve(WORLD, SandboxSettings(speed=speed, faults=False)) as environment,
        aiohttp.ClientSession() as session,
    ):
        base = environment["OPENENRICH_VENDORS_HUNTER_BASE_URL"].removesuffix("/hunter")
        yield Sandbox(base, int(environment["OPENENRICH_VERIFY_DNS"].rpartition(":")[2]), session)


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Without time: answers and jobs are ready at once, no limits."""
    async for item in running(0):
        yield item


@pytest_asyncio.fixture
async def brisk() -> AsyncIterator[Sandbox]:
    """A hundred times as fast as life: jobs take a moment."""
    async for item in running(100):
        yield item


@pytest_asyncio.fixture
async def lifelike() -> AsyncIterator[Sandbox]:
    """As slow as life, with the documented limits."""
    async for item in running(1):
        yield item


# --- how each vendor is asked, as its documentation says


@dataclass(frozen=True)
class Question:
    """One vendor's finder: the question, where the address is, and for jobs the id and the poll."""

    vendor: str
    header: str
    method: str
    path: str
    ask: Callable[[str, str, str], dict[str, Any]]
    address: Callable[[Any], str | None]
    job: Callable[[Any], str] | None = None
    poll: Callable[[str], tuple[str, str, dict[str, Any]]] | None = None
    pending: Callable[[Response], bool] = lambda _response: False
    no_credit: int | str = 402
    rate_limited: int = 429
    unavailable: int = 500
    bad_key: int = 401


QUESTIONS: Final = (
    Question(
        "hunter",
        "X-API-KEY",
        "GET",
        "/v2/email-finder",
        lambda first, last, domain: {"params": {"first_name": first, "last_name": last, "domain": domain}},
        lambda body: body["data"]["email"],
        no_credit=429,
        rate_limited=403,
    ),
    Question(
        "prospeo",
        "X-KEY",
        "POST",
        "/enrich-person",
        lambda first, last, domain: {
            "json": {
                "only_verified_email": True,
                "data": {"first_name": first, "last_name": last, "company_website": domain},
            }
        },
        lambda body: body["person"]["email"]["email"] if not body["error"] else None,
        no_credit=400,
        unavailable=400,
    ),
    Question(
        "dropcontact",
        "X-Access-Token",
        "POST",
        "/v1/enrich/all",
        lambda first, last, domain: {
            "json": {"data": [{"first_name": first, "last_name": last, "website": domain}], "language": "en"}
        },
        lambda body: body["data"][0].get("email", [{}])[0].get("email"),
        job=lambda body: body["request_id"],
        poll=lambda token: ("GET", f"/v1/enrich/all/{token}", {}),
        pending=lambda response: response.body["success"] is False,
        no_credit=403,
    ),
    Question(
        "enrow",
        "x-api-key",
        "POST",
        "/email/find/single",
        lambda first, last, domain: {"json": {"fullname": f"{first} {last}", "company_domain": domain}},
        lambda body: body["email"] if body["qualification"] == "valid" else None,
        job=lambda body: body["id"],
        poll=lambda token: ("GET", "/email/find/single", {"params": {"id": token}}),
        pending=lambda response: response.status == 202,
        no_credit=422,
    ),
    Question(
        "icypeas",
        "Authorization",
        "POST",
        "/api/email-search",
        lambda first, last, domain: {"json": {"firstname": first, "lastname": last, "domainOrCompany": domain}},
        lambda body: next((item["email"] for item in body["items"][0]["results"]["emails"]), None),
        job=lambda body: body["item"]["_id"],
        poll=lambda token: ("POST", "/api/bulk-single-searchs/read", {"json": {"id": token}}),
        pending=lambda response: response.body["items"][0]["status"] in {"NONE", "SCHEDULED", "IN_PROGRESS"},
        no_credit="INSUFFICIENT_FUNDS",
    ),
    Question(
        "snov",
        "Authorization",
        "POST",
        "/v2/emails-by-domain-by-name/start",
        lambda first, last, domain: {"json": {"rows": [{"first_name": first, "last_name": last, "domain": domain}]}},
        lambda body: next((item["email"] for item in body["data"][0]["result"]), None),
        job=lambda body: body["data"]["task_hash"],
        poll=lambda token: ("GET", "/v2/emails-by-domain-by-name/result", {"params": {"task_hash": token}}),
        pending=lambda response: response.body["status"] == "in_progress",
        no_credit="not_enough_credits",
    ),
    Question(
        "peopledatalabs",
        "X-Api-Key",
        "GET",
        "/v5/person/enrich",
        lambda first, last, domain: {
            "params": {"first_name": first, "last_name": last, "company": domain, "required": "work_email"}
        },
        lambda body: body["data"]["work_email"] if body["status"] == 200 else None,
    ),
    Question(
        "leadmagic",
        "X-API-Key",
        "POST",
        "/v1/people/email-finder",
        lambda first, last, domain: {"json": {"first_name": first, "last_name": last, "domain": domain}},
        lambda body: body["email"],
        unavailable=503,
    ),
)
every_vendor = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.vendor)
polling_vendors = pytest.mark.parametrize(
    "question", [question for question in QUESTIONS if question.job], ids=lambda question: question.vendor
)


def known_to(vendor: str) -> Person:
    """Somebody whose true address the vendor holds and calls valid, and whom it finds at once."""
    for person in WORLD.people:
        known = WORLD.knowledge(vendor, person)
        if (
            known.email_record is Record.RIGHT
            and known.claim is Claim.VALID
            and person.id % 25
            and not person.suppressed
        ):
            return person
    raise AssertionError(vendor)


async def headers(sandbox: Sandbox, question: Question) -> dict[str, str]:
    if question.vendor != "snov":
        return {question.header: sandbox.key}
    form = {"grant_type": "client_credentials", "client_id": "sandbox-id", "client_secret": "sandbox-secret"}
    token = await sandbox.call("POST", "/snov/v1/oauth/access_token", data=form)
    return {"Authorization": f"Bearer {token.body['access_token']}"}


async def submit(sandbox: Sandbox, question: Question, first: str, last: str, domain: str) -> Response:
    shown = await headers(sandbox, question)
    path = f"/{question.vendor}{question.path}"
    return await sandbox.call(question.method, path, headers=shown, **question.ask(first, last, domain))


async def read_once(sandbox: Sandbox, question: Question, token: str) -> Response:
    assert question.poll is not None
    method, path, options = question.poll(token)
    return await sandbox.call(method, f"/{question.vendor}{path}", headers=await headers(sandbox, question), **options)


async def finished(sandbox: Sandbox, question: Question, answer: Response) -> Response:
    """The answer itself, or what the job shows when it is done."""
    if question.job is None:
        return answer
    token = question.job(answer.body)
    async with asyncio.timeout(10):
        while (response := await read_once(sandbox, question, token)).status == 429 or question.pending(response):
            pass
    return response


async def find(sandbox: Sandbox, question: Question, first: str, last: str, domain: str) -> str | None:
    answer = await finished(sandbox, question, await submit(sandbox, question, first, last, domain))
    return question.address(answer.body) if answer.status == 200 else None


async def find_known(sandbox: Sandbox, question: Question) -> str | None:
    person = known_to(question.vendor)
    return await find(sandbox, question, person.first_name, person.last_name, person.company.domain)


# --- every vendor


@every_vendor
async def test_a_known_person_is_found_and_paid_for_once(sandbox: Sandbox, question: Question):
    assert await find_known(sandbox, question) == known_to(question.vendor).work_email
    bought = await sandbox.control("purchases")
    assert (bought["total"], bought["by_vendor"], bought["repeated"]) == (1, {question.vendor: 1}, [])
    assert bought["credits"] == {question.vendor: 1000}


@every_vendor
async def test_a_stranger_is_a_miss_and_costs_nothing(sandbox: Sandbox, question: Question):
    assert await find(sandbox, question, *NOBODY, WORLD.companies[0].domain) is None
    bought = await sandbox.control("purchases")
    assert (bought["total"], bought["asked"]) == (0, {question.vendor: 1})


@every_vendor
async def test_a_wrong_key_is_refused(sandbox: Sandbox, question: Question):
    shown = {question.header: "Bearer stolen" if question.vendor == "snov" else "stolen"}
    path = f"/{question.vendor}{question.path}"
    answer = await sandbox.call(question.method, path, headers=shown, **question.ask("A", "B", "c.test"))
    assert answer.status == question.bad_key
    assert (await sandbox.control("calls"))[question.vendor]["refused"] == 1


@every_vendor
async def test_an_empty_account_is_told_in_the_vendors_own_way(sandbox: Sandbox, question: Question):
    await sandbox.fault(question.vendor, "no_credit", count=1)
    answer = await submit(sandbox, question, "A", "B", "c.test")
    if isinstance(question.no_credit, int):
        assert answer.status == question.no_credit
    else:
        assert question.no_credit in json.dumps((await finished(sandbox, question, answer)).body)
    assert (await sandbox.control("purchases"))["asked"] == {}


@every_vendor
@pytest.mark.parametrize("kind", ["rate_limited", "http_500", "bad_key"])
async def test_a_fault_on_demand_strikes_as_often_as_asked(sandbox: Sandbox, question: Question, kind: str):
    await sandbox.fault(question.vendor, kind, count=1, path=question.path.rpartition("/")[2])
    answer = await submit(sandbox, question, "A", "B", "c.test")
    expected = {"http_500": question.unavailable, "rate_limited": question.rate_limited, "bad_key": question.bad_key}
    assert answer.status == expected[kind]
    assert await find_known(sandbox, question) is not None


@every_vendor
async def test_an_empty_question_is_refused_and_not_recorded(sandbox: Sandbox, question: Question):
    options: dict[str, Any] = {"json": {}} if question.method == "POST" else {}
    path = f"/{question.vendor}{question.path}"
    answer = await sandbox.call(question.method, path, headers=await headers(sandbox, question), **options)
    assert answer.status in {400, 422} or answer.body["validationErrors"]
    assert (await sandbox.control("purchases"))["asked"] == {}


@every_vendor
async def test_the_version_in_the_path_may_be_left_out(sandbox: Sandbox, question: Question):
    desk = next(desk for desk in DESKS if desk.name == question.vendor)
    path = f"/{question.vendor}{question.path.removeprefix(desk.version)}"
    person = known_to(question.vendor)
    asked = question.ask(person.first_name, person.last_name, person.company.domain)
    answer = await sandbox.call(question.method, path, headers=await headers(sandbox, question), **asked)
    assert answer.status == 200


@every_vendor
async def test_buying_the_same_twice_is_witnessed(sandbox: Sandbox, question: Question):
    for _ in range(2):
        await find_known(sandbox, question)
    bought = await sandbox.control("purchases")
    free_repeat = question.vendor == "prospeo"
    assert [item["count"] for item in bought["repeated"]] == ([] if free_repeat else [2])
    assert [item["count"] for item in bought["asked_again"]] == [2]


@polling_vendors
async def test_a_job_is_pending_and_then_done(brisk: Sandbox, question: Question):
    person = known_to(question.vendor)
    answer = await submit(brisk, question, person.first_name, person.last_name, person.company.domain)
    assert question.job is not None
    assert question.pending(await read_once(brisk, question, question.job(answer.body)))
    assert question.address((await finished(brisk, question, answer)).body) == person.work_email
    assert (await brisk.control("calls"))[question.vendor]["poll"] >= 2


# --- what single vendors are known for


async def test_hunter_limits_fifteen_a_second_with_a_403(lifelike: Sandbox):
    shown = {"headers": {"X-API-KEY": "sandbox-1"}, "params": {"full_name": "A B", "domain": "c.test"}}
    calls = [asyncio.create_task(lifelike.call("GET", "/hunter/email-finder", **shown)) for _ in range(20)]
    answers = [await call for call in asyncio.as_completed(calls)]
    assert [answer.status for answer in answers].count(403) == 5
    assert answers[0].body["errors"][0]["code"] == 403


async def test_leadmagic_says_when_its_limit_ends(lifelike: Sandbox):
    await lifelike.fault("leadmagic", "rate_limited", count=1)
    body = {"profile_url": "mira"}
    answer = await lifelike.call(
        "POST", "/leadmagic/v1/people/profile-search", headers={"X-API-Key": "sandbox-1"}, json=body
    )
    assert (answer.status, answer.headers["Retry-After"]) == (429, "1")


async def test_hunter_searches_some_people_longer_and_bills_them_once(brisk: Sandbox):
    person = next(p for p in WORLD.people if p.id % 25 == 0 and WORLD.knowledge("hunter", p).email)
    asked = {"headers": {"X-API-KEY": "sandbox-1"}, "params": {"linkedin_handle": person.handle}}
    answers = [await brisk.call("GET", "/hunter/email-finder", **asked)]
    async with asyncio.timeout(10):
        while answers[-1].status == 202:
            answers.append(await brisk.call("GET", "/hunter/email-finder", **asked))
    assert (answers[0].status, answers[-1].status) == (202, 200)
    assert (await brisk.control("purchases"))["total"] == 1


async def test_hunter_and_dropcontact_honour_people_who_asked_to_be_left_alone(sandbox: Sandbox):
    person = next(p for p in WORLD.people if p.suppressed)
    shown = {"headers": {"X-API-KEY": "sandbox-1"}, "params": {"linkedin_handle": person.handle}}
    assert (await sandbox.call("GET", "/hunter/email-finder", **shown)).status == 451
    token = {"X-Access-Token": "sandbox-1"}
    row = {"data": [{"linkedin": person.linkedin_url}]}
    job = await sandbox.call("POST", "/dropcontact/enrich/all", headers=token, json=row)
    done = await sandbox.call("GET", f"/dropcontact/enrich/all/{job.body['request_id']}", headers=token)
    assert done.body["data"][0]["email"][0]["qualification"].startswith("Do_Not_Contact")
    assert (await sandbox.control("purchases"))["total"] == 0


async def test_prospeo_masks_what_it_does_not_reveal(sandbox: Sandbox):
    person = next(p for p in WORLD.people if WORLD.knowledge("prospeo", p).email_record is Record.MASKED)
    body = {"data": {"linkedin_url": person.linkedin_url}}
    answer = await sandbox.call("POST", "/prospeo/enrich-person", headers={"X-KEY": "sandbox-1"}, json=body)
    shown = answer.body["person"]["email"]
    assert shown["revealed"] is False
    assert "***" in shown["email"]


async def test_prospeo_takes_ten_credits_for_a_mobile_and_nothing_for_a_repeat(sandbox: Sandbox):
    person = next(p for p in WORLD.people if WORLD.knowledge("prospeo", p).phone_record is Record.RIGHT)
    body = {"enrich_mobile": True, "data": {"linkedin_url": person.linkedin_url}}
    for free in (False, True):
        answer = await sandbox.call("POST", "/prospeo/enrich-person", headers={"X-KEY": "sandbox-1"}, json=body)
        assert answer.body["free_enrichment"] is free
        assert answer.body["person"]["mobile"]["mobile"] == person.mobile
    assert (await sandbox.control("purchases"))["credits"] == {"prospeo": 10_000}


async def test_people_data_labs_says_true_for_what_is_outside_the_bundle(sandbox: Sandbox):
    person = next(p for p in WORLD.people if WORLD.knowledge("peopledatalabs", p).phone_record is Record.BOOLEAN)
    asked = {"params": {"profile": person.linkedin_url, "required": "mobile_phone"}}
    answer = await sandbox.call("GET", "/peopledatalabs/v5/person/enrich", headers={"X-Api-Key": "sandbox-1"}, **asked)
    assert answer.body["data"]["mobile_phone"] is True
    assert answer.headers["x-call-credits-spent"] == "1"


async def test_people_data_labs_bills_nothing_when_the_required_field_is_missing(sandbox: Sandbox):
    person = next(
        p
        for p in WORLD.people
        if (known := WORLD.knowledge("peopledatalabs", p)).profile and known.phone_record is Record.NOTHING
    )
    asked = {"params": {"profile": person.linkedin_url, "required": "mobile_phone"}}
    answer = await sandbox.call("GET", "/peopledatalabs/v5/person/enrich", headers={"X-Api-Key": "sandbox-1"}, **asked)
    assert (answer.status, answer.body["error"]["type"]) == (404, "not_found")
    assert (await sandbox.control("purchases"))["total"] == 0


async def test_people_data_labs_writes_small_and_tells_the_whole_career(sandbox: Sandbox):
    person = next(p for p in WORLD.people if WORLD.knowledge("peopledatalabs", p).profile and len(p.jobs) > 1)
    asked = {"json": {"profile": [person.linkedin_url]}}
    answer = await sandbox.call("POST", "/peopledatalabs/person/enrich", headers={"X-Api-Key": "sandbox-1"}, **asked)
    data = answer.body["data"]
    assert data["full_name"] == person.full_name.lower()
    assert data["linkedin_url"] == f"linkedin.com/in/{person.handle}"
    assert [job["start_date"] for job in data["experience"]] == [job.start for job in person.jobs]


@pytest.mark.parametrize(
    ("path", "field", "cost"),
    [("mobile-finder", "mobile_number", 5), ("personal-email-finder", "personal_email", 2), ("profile-search", "", 1)],
)
async def test_leadmagic_sells_one_thing_a_call(sandbox: Sandbox, path: str, field: str, cost: int):
    person = next(
        p
        for p in WORLD.people
        if (known := WORLD.knowledge("leadmagic", p)).profile
        and known.phone == p.mobile
        and p.mobile
        and known.personal
    )
    truth = {"mobile_number": person.mobile, "personal_email": person.personal_email, "": person.full_name}
    body = {"profile_url": person.linkedin_url}
    for prefix in ("/leadmagic/v1/people/", "/leadmagic/"):
        answer = await sandbox.call("POST", prefix + path, headers={"X-API-Key": "sandbox-1"}, json=body)
        assert answer.body[field or "full_name"] == truth[field]
        assert answer.body["credits_consumed"] == cost


async def test_icypeas_reads_its_newest_jobs_in_one_page(sandbox: Sandbox):
    key = {"Authorization": "sandbox-1"}
    asked = {"firstname": "A", "lastname": "B", "domainOrCompany": "c.test"}
    ids = [
        (await sandbox.call("POST", "/icypeas/email-search", headers=key, json=asked)).body["item"]["_id"]
        for _ in range(3)
    ]
    page = await sandbox.call("POST", "/icypeas/bulk-single-searchs/read", headers=key, json={"mode": "single"})
    assert [item["_id"] for item in page.body["items"]] == ids[::-1]


async def test_snov_finds_a_company_by_its_name(sandbox: Sandbox):
    shown = await headers(sandbox, next(question for question in QUESTIONS if question.vendor == "snov"))
    company = WORLD.companies[0]
    names = {"names": [company.legal_name]}
    task = await sandbox.call("POST", "/snov/v2/company-domain-by-name/start", headers=shown, json=names)
    asked = {"params": {"task_hash": task.body["data"]["task_hash"]}}
    done = await sandbox.call("GET", "/snov/v2/company-domain-by-name/result", headers=shown, **asked)
    assert done.body["data"][0]["result"]["domain"] == company.domain


@pytest.mark.parametrize(
    ("path", "header", "read"),
    [
        ("/hunter/account", "X-API-KEY", lambda body: body["data"]["requests"]["credits"]["available"]),
        ("/prospeo/account-information", "X-KEY", lambda body: body["response"]["remaining_credits"]),
        ("/dropcontact/v1/account/credits", "X-Access-Token", lambda body: body["credits"]),
        ("/enrow/account/info", "x-api-key", lambda body: body["credits"]),
        ("/leadmagic/v1/credits", "X-API-Key", lambda body: body["credits"]),
    ],
)
async def test_a_balance_costs_nothing(sandbox: Sandbox, path: str, header: str, read: Callable[[Any], float]):
    answer = await sandbox.call("GET", path, headers={header: "sandbox-1"})
    assert read(answer.body) == 1_000_000
    assert (await sandbox.control("purchases"))["asked"] == {}


# --- faults after the work, which has been paid


async def ask_hunter(sandbox: Sandbox) -> aiohttp.ClientResponse:
    person = known_to("hunter")
    url = f"{sandbox.base}/hunter/email-finder"
    asked = {"linkedin_handle": person.handle}
    return await sandbox.session.get(
        url, headers={"X-API-KEY": "sandbox-1"}, params=asked, timeout=aiohttp.ClientTimeout(total=2)
    )


async def test_a_call_that_hangs_has_been_paid(brisk: Sandbox):
    await brisk.fault("leadmagic", "hang", count=1)
    question = next(question for question in QUESTIONS if question.vendor == "leadmagic")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await find_known(brisk, question)
    assert (await brisk.control("purchases"))["total"] == 1


async def test_a_malformed_answer_is_cut_in_half(sandbox: Sandbox):
    await sandbox.fault("hunter", "malformed", count=1)
    async with await ask_hunter(sandbox) as response:
        with pytest.raises(json.JSONDecodeError):
            json.loads(await response.read())


async def test_a_slow_answer_drips_and_is_whole(sandbox: Sandbox):
    await sandbox.fault("hunter", "slow", count=1)
    async with await ask_hunter(sandbox) as response:
        pieces = [piece async for piece in response.content.iter_any()]
    assert len(pieces) > 1
    assert json.loads(b"".join(pieces))["data"]["email"] == known_to("hunter").work_email


# --- the control endpoints and the process


async def test_reset_forgets_purchases_jobs_and_faults_and_keeps_the_world(sandbox: Sandbox):
    question = next(question for question in QUESTIONS if question.vendor == "enrow")
    person = known_to("enrow")
    answer = await submit(sandbox, question, person.first_name, person.last_name, person.company.domain)
    await sandbox.fault("*", "http_500")
    await sandbox.call("POST", "/_sandbox/reset")
    assert (await sandbox.control("purchases"))["total"] == 0
    assert (await read_once(sandbox, question, answer.body["id"])).status == 404
    assert await find_known(sandbox, question) == person.work_email


async def test_a_mistaken_fault_is_told_in_words(sandbox: Sandbox):
    assert "http_500" in (await sandbox.fault("hunter", "earthquake")).body["error"]
    assert "hunter" in (await sandbox.fault("hunterr", "hang")).body["error"]


async def test_people_come_in_pages_with_their_truth(sandbox: Sandbox):
    page = await sandbox.control("people?offset=10&limit=3")
    assert page["total"] == 2000
    assert [row["linkedin_url"] for row in page["people"]] == [p.linkedin_url for p in WORLD.people[10:13]]
    row = page["people"][0]
    for asked in (
        {"linkedin": row["linkedin_url"]},
        {"first_name": row["first_name"], "last_name": row["last_name"], "domain": row["domain"]},
    ):
        assert (await sandbox.call("GET", "/_sandbox/truth", params=asked)).body == row
    assert (await sandbox.call("GET", "/_sandbox/truth", params={"linkedin": "nobody"})).status == 404


async def test_the_name_server_answers_over_udp(sandbox: Sandbox):
    query = dns.message.make_query(WORLD.companies[0].domain, "MX")
    response = await dns.asyncquery.udp(query, "127.0.0.1", port=sandbox.dns_port, timeout=5)
    assert str(response.answer[0][0].exchange).rstrip(".") == WORLD.companies[0].mail_host


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_process_prints_its_settings_and_stops_cleanly(number: signal.Signals):
    arguments = ["--port", "0", "--seed", "7", "--people", "100", "--speed", "20", "--no-faults"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "openenrich.sandbox", *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(30):
        settings = json.loads(await process.stdout.readline())
        base = settings["OPENENRICH_VENDORS_SNOV_BASE_URL"].removesuffix("/snov")
        async with aiohttp.ClientSession() as session, session.get(f"{base}/_sandbox/health") as response:
            assert (await response.json())["people"] == 100
        process.send_signal(number)
        assert await process.wait() == 0
    names = {f"OPENENRICH_VENDORS_{desk.name.upper()}_{what}" for desk in DESKS for what in ("BASE_URL", "API_KEY")}
    verify = ("DNS", "SMTP_PORT", "HELO", "MAIL_FROM", "ALLOW_PRIVATE")
    own = {*(f"OPENENRICH_VERIFY_{name}" for name in verify), "OPENENRICH_WATERFALL_TIME_SPEED"}
    assert set(settings) == names | own
