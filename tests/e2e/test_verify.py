"""Our own verifier as its users meet it: the command and the API, before the mail hosts of the simulated world.

Two mistakes cost users more than an unknown: DELIVERABLE for a mailbox that is not there, INVALID for one that is.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from e2e.processes import World, create_key, database, run, server, until
from e2e.stranger import Stranger, asked, world_says
from openenrich.sandbox.companies import Company, Mail, Manner
from openenrich.sandbox.coverage import Claim
from openenrich.sandbox.world import Condition, Mailbox
from openenrich.sandbox.world import World as Truth

pytestmark = pytest.mark.asyncio(loop_scope="module")
SETTINGS = {"OPENENRICH_VENDORS_PATTERN_ENABLED": "0"}

TRUTH = Truth(7, 2000)
"""The world of the fixtures: what the people's mail hosts and the vendors are like."""
VERIFY = "/api/openenrich/v1/verify"
MOST = 25
GATEKEEPER = "mx.gatekeep.test"
"""A provider that greylists whoever comes."""
FINDER = "getprospect"
"""A vendor that only finds, and believes addresses that are dead."""

Finding = dict[str, Any]


async def found(client: Stranger, emails: Iterable[str]) -> dict[str, Finding]:
    """Through the API, as many at a time as it takes."""
    findings: dict[str, Finding] = {}
    left = iter(emails)
    while some := list(islice(left, MOST)):
        answer = await client.call("POST", VERIFY, {"emails": some})
        assert answer.status == 200, answer.raw
        assert [item["email"] for item in answer.body["results"]] == some
        findings |= {item["email"]: item for item in answer.body["results"]}
    return findings


async def commanded(place: dict[str, str], *emails: str) -> dict[str, Finding]:
    """Through the command."""
    ran = await run(place, "verify", *emails, "--json")
    assert ran.status == 0, ran.stderr
    lines: list[Finding] = ran.json()
    assert [line["email"] for line in lines] == list(emails)
    return {line["email"]: line for line in lines}


async def connections(session: aiohttp.ClientSession, world: World, emails: Iterable[str]) -> dict[str, int]:
    """How often the hosts of these have been connected to. Others may be asked meanwhile, by jobs of the queue."""
    hosts = (await world_says(session, world.url, "mail"))["hosts"]
    known = [TRUTH.company_by_domain.get(email.casefold().rpartition("@")[2]) for email in emails]
    names = {company.mail_host for company in known if company is not None}
    return {name: hosts[name]["connections"] for name in sorted(names & set(hosts))}


def company_of(email: str) -> Company:
    return TRUTH.company_by_domain[email.rpartition("@")[2]]


def greylists(company: Company) -> bool:
    return company.manner is Manner.GREYLISTING or company.mail_host == GATEKEEPER


def tells_at_once(company: Company) -> bool:
    return company.manner is Manner.TRUTHFUL and company.mail is Mail.OK and company.mail_host != GATEKEEPER


def addresses(manner: Manner, most: int, offset: int = 0) -> list[str]:
    """Fine mailboxes at companies of one manner, none of them behind the provider that greylists."""
    emails = [
        person.work_email
        for person in TRUTH.people
        if person.work_email and person.company.manner is manner and person.company.mail_host != GATEKEEPER
    ]
    return [email for email in emails if TRUTH.condition(email) is Condition.FINE][offset:][:most]


def is_later(time: str) -> bool:
    return datetime.fromisoformat(time) > datetime(2026, 1, 1, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(session: aiohttp.ClientSession, world: World) -> dict[str, str]:
    """The true work addresses of people, and what the world says about each."""
    page = (await world_says(session, world.url, "people?offset=0&limit=160"))["people"]
    return {one["work_email"]: one["work_email_status"] for one in page if one["work_email"]}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def checked(stranger: Stranger, people: dict[str, str]) -> dict[str, Finding]:
    """What the first question about each of them brought."""
    return await found(stranger, people)


class TestTrueAddresses:
    async def test_no_living_mailbox_is_called_invalid(self, checked: dict[str, Finding]) -> None:
        assert len(checked) > 100
        assert [email for email, item in checked.items() if item["status"].startswith("invalid")] == []

    async def test_hosts_that_tell_are_believed(self, checked: dict[str, Finding], people: dict[str, str]) -> None:
        living = [e for e in people if tells_at_once(company_of(e)) and TRUTH.condition(e) is Condition.FINE]
        assert {people[email] for email in living} == {"DELIVERABLE"}
        assert Counter(checked[email]["status"] for email in living) == {"deliverable": len(living)}
        assert {checked[email]["catch_all"] for email in living} == {"refuses"}
        assert len(living) > 50

    async def test_hosts_that_take_every_name_are_called_so(
        self, checked: dict[str, Finding], people: dict[str, str]
    ) -> None:
        anybody = [e for e, status in people.items() if status == "CATCH_ALL" and not greylists(company_of(e))]
        assert Counter(checked[email]["status"] for email in anybody) == {"catch_all": len(anybody)}
        assert len(anybody) > 10

    async def test_a_mailbox_that_is_full_or_busy_for_now_is_probably_there(
        self, stranger: Stranger, checked: dict[str, Finding]
    ) -> None:
        busy = [
            person.work_email
            for person in TRUTH.people
            if person.work_email
            and tells_at_once(person.company)
            and TRUTH.condition(person.work_email) in {Condition.FULL_FOR_NOW, Condition.THROTTLED}
        ][:10]
        assert len(busy) > 3
        statuses = {item["status"] for item in (await found(stranger, busy)).values()}
        assert statuses <= {"probable", "unknown"}
        assert "probable" in statuses

    async def test_a_host_that_has_us_on_a_list_leaves_it_open(self, stranger: Stranger) -> None:
        blocked = addresses(Manner.BLOCKING, 5)
        findings = await found(stranger, blocked)
        assert Counter(item["status"] for item in findings.values()) == {"unknown": len(blocked)}

    async def test_every_finding_names_the_host_that_was_asked(self, checked: dict[str, Finding]) -> None:
        for email, item in checked.items():
            assert item["mx"] == company_of(email).mail_host
            assert is_later(item["checked_at"])


class TestOtherAddresses:
    async def test_an_invented_name_is_invalid_where_the_host_tells(self, stranger: Stranger) -> None:
        domains = {email.rpartition("@")[2] for email in addresses(Manner.TRUTHFUL, 60)}
        findings = await found(stranger, [f"nobody.atall@{domain}" for domain in sorted(domains)])
        assert Counter(item["status"] for item in findings.values()) == {"invalid": len(domains)}
        assert {item["smtp_code"] // 100 for item in findings.values()} == {5}
        assert len(domains) > 20

    async def test_and_deliverable_nowhere(self, stranger: Stranger) -> None:
        manners = (Manner.CATCH_ALL, Manner.SHAPE_FILTERED, Manner.GREYLISTING, Manner.BLOCKING)
        domains = {email.rpartition("@")[2] for manner in manners for email in addresses(manner, 6)}
        findings = await found(stranger, [f"nobody.atall@{domain}" for domain in sorted(domains)])
        assert {item["status"] for item in findings.values()} <= {"catch_all", "unknown", "invalid"}

    async def test_a_domain_without_mail_is_an_invalid_domain_and_nobody_is_asked(self, stranger: Stranger) -> None:
        dead = [c.domain for c in TRUTH.companies if c.mail in {Mail.DEAD, Mail.NULL_MX}]
        findings = await found(stranger, [f"maria.keller@{domain}" for domain in [*dead, "no-such-domain.test"]])
        assert Counter(item["status"] for item in findings.values()) == {"invalid_domain": len(dead) + 1}
        assert not any("smtp_code" in item or "mx" in item for item in findings.values())

    async def test_what_is_no_address_is_invalid_without_asking(self, stranger: Stranger) -> None:
        findings = await found(stranger, ["not an address", "@north.test", "nul\x00l@north.test"])
        assert {item["status"] for item in findings.values()} == {"invalid"}
        assert not any("mx" in item for item in findings.values())


class TestTheCommand:
    async def test_it_says_what_the_hosts_say_and_the_server_then_remembers(
        self, place: dict[str, str], stranger: Stranger, session: aiohttp.ClientSession, world: World
    ) -> None:
        [living], [anybody] = addresses(Manner.TRUTHFUL, 1, 200), addresses(Manner.CATCH_ALL, 1, 60)
        invented = f"nobody.atall@{living.rpartition('@')[2]}"
        expected = {
            living: "deliverable",
            anybody: "catch_all",
            invented: "invalid",
            "maria.keller@no-such-domain.test": "invalid_domain",
        }
        told = await commanded(place, *expected)
        before = await connections(session, world, expected)
        again = await commanded(place, *expected)
        by_api = await found(stranger, expected)
        after = await connections(session, world, expected)
        assert {email: item["status"] for email, item in told.items()} == expected
        assert again == told
        assert {email: item["status"] for email, item in by_api.items()} == expected
        assert after == before != {}

    async def test_without_json_there_is_a_line_for_each(self, place: dict[str, str]) -> None:
        [living] = addresses(Manner.TRUTHFUL, 1, 200)
        ran = await run(place, "verify", living)
        assert (ran.status, ran.stderr) == (0, "")
        assert living in ran.stdout
        assert "deliverable" in ran.stdout

    @pytest.mark.parametrize("missing", ["HELO", "MAIL_FROM"])
    async def test_without_a_name_or_a_sender_it_says_what_to_set_and_ends_with_2(
        self, place: dict[str, str], missing: str
    ) -> None:
        bare = {name: value for name, value in place.items() if name != f"OPENENRICH_VERIFY_{missing}"}
        ran = await run(bare, "verify", "maria.keller@north.test", "--json")
        assert (ran.status, ran.stdout) == (2, "")
        [sentence] = ran.stderr.splitlines()
        assert "verify.helo" in sentence
        assert "verify.mail_from" in sentence
        assert "maria" not in sentence


class TestMemory:
    async def test_the_second_question_is_answered_without_a_new_connection(
        self, stranger: Stranger, checked: dict[str, Finding], session: aiohttp.ClientSession, world: World
    ) -> None:
        settled = {email: item for email, item in checked.items() if item["status"] != "unknown"}
        settled = {email: item for email, item in settled.items() if not greylists(company_of(email))}
        before = await connections(session, world, settled)
        again = await found(stranger, settled)
        assert again == settled
        assert await connections(session, world, settled) == before != {}
        assert len(settled) > 100

    async def test_another_case_is_the_same_mailbox(
        self, stranger: Stranger, checked: dict[str, Finding], session: aiohttp.ClientSession, world: World
    ) -> None:
        email, item = next(pair for pair in checked.items() if pair[1]["status"] == "deliverable")
        before = await connections(session, world, [email])
        [again] = (await found(stranger, [email.upper()])).values()
        assert again == {**item, "email": email.upper()}
        assert await connections(session, world, [email]) == before != {}


class TestGreylisting:
    async def test_the_first_answer_is_open_and_the_job_of_the_queue_brings_the_verdict(
        self, place: dict[str, str], stranger: Stranger, session: aiohttp.ClientSession, world: World
    ) -> None:
        living = addresses(Manner.GREYLISTING, 2, 40)
        invented = [f"somebody.else@{email.rpartition('@')[2]}" for email in living]
        first = await commanded(place, *living, *invented)
        assert {item["status"] for item in first.values()} == {"unknown"}
        assert all(is_later(item["retry_at"]) for item in first.values())

        async def settled() -> dict[str, Finding] | None:
            findings = await found(stranger, first)
            return None if any(item["status"] == "unknown" for item in findings.values()) else findings

        later = await until(settled, 20, "the jobs have asked again")
        assert {later[email]["status"] for email in living} == {"deliverable"}
        assert {later[email]["status"] for email in invented} == {"invalid"}
        assert not any("retry_at" in item for item in later.values())
        before = await connections(session, world, living)
        assert {email: item["status"] for email, item in (await commanded(place, *first)).items()} == {
            email: item["status"] for email, item in later.items()
        }
        assert await connections(session, world, living) == before != {}


async def test_an_enrichment_does_not_sell_a_dead_address_as_deliverable(
    place: dict[str, str], session: aiohttp.ClientSession, world: World, server_url: str
) -> None:
    dead, good = [], []
    for person in TRUTH.people:
        known = TRUTH.knowledge(FINDER, person)
        if known.email is None or known.claim is not Claim.VALID or person.suppressed:
            continue
        at = TRUTH.company_by_domain.get(known.email.rpartition("@")[2])
        if at is not None and tells_at_once(at):
            if TRUTH.mailbox(known.email) is Mailbox.INVALID:
                dead.append(person)
            elif TRUTH.condition(known.email) is Condition.FINE:
                good.append(person)
    wanted = [*dead[:10], *good[:5]]
    rows = [
        asked(truth, kinds=["contact.work_emails"])
        for person in wanted
        for truth in [await world_says(session, world.url, f"truth?email={person.personal_email}")]
    ]
    alone = {n: v for n, v in place.items() if not n.startswith("OPENENRICH_VENDORS_")} | world.only(FINDER) | SETTINGS
    async with database(server_url) as url, server(alone | {"OPENENRICH_DATABASE_URL": url}) as api:
        client = Stranger(
            session, api.url, await create_key(alone | {"OPENENRICH_DATABASE_URL": url}, rate_limit=1_000_000)
        )
        answer = await client.enrich(rows)
    sold = [row["contact_info"].get("most_probable_work_email") for row in answer.rows]
    assert len(dead[:10]) == 10
    assert [item and item["status"] for item in sold] == [None] * 10 + ["DELIVERABLE"] * 5
    assert answer.credits == 5
    for row in answer.rows[:10]:
        assert {item["status"] for item in row["contact_info"]["work_emails"]} <= {"INVALID", "INVALID_DOMAIN"}


async def test_no_message_was_ever_begun(session: aiohttp.ClientSession, world: World, stranger: Stranger) -> None:
    await found(stranger, addresses(Manner.TRUTHFUL, 1, 210))
    total = (await world_says(session, world.url, "mail"))["total"]
    assert total["data"] == 0
    assert total["rcpt"] > 0
