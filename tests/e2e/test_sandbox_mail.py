"""The sandbox's mail servers over real sockets, asked by an independent client (smtplib, or bytes by hand)."""

import asyncio
import json
import signal
import smtplib
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import dns.asyncquery
import dns.message
import pytest
import pytest_asyncio

from openenrich.sandbox.companies import Company, Mail, Manner
from openenrich.sandbox.mail import listeners
from openenrich.sandbox.mail.farm import SCENARIOS, Farm, farm
from openenrich.sandbox.mail.scenario import Scenario, Verdict
from openenrich.sandbox.mail.scenarios_hosts import SOFTWARE, TAKING_ALL
from openenrich.sandbox.mail.scenarios_providers import PROVIDERS
from openenrich.sandbox.server import SandboxSettings, serve
from openenrich.sandbox.world import Condition, World

WORLD: Final = World(7, 400)
SENDER: Final = "verify@probe.test"
CERTAIN: Final = [
    scenario
    for scenario in (*PROVIDERS, *SOFTWARE, *TAKING_ALL)
    if scenario.expected in {Verdict.DELIVERABLE, Verdict.INVALID, Verdict.CATCH_ALL} and len(scenario.hosts) == 1
]


async def address_of(host: str, dns_port: int, kind: str = "A") -> str:
    query = dns.message.make_query(host, kind)
    reply = await dns.asyncquery.udp(query, "127.0.0.1", port=dns_port, timeout=5)
    return str(reply.answer[-1][0].address)


@contextmanager
def greeted(ip: str, port: int) -> Iterator[smtplib.SMTP]:
    """A session in which the sender is named."""
    client = smtplib.SMTP(ip, port, local_hostname="probe.test", timeout=10)
    try:
        client.ehlo_or_helo_if_needed()
        assert client.mail(SENDER)[0] == 250
        yield client
        with suppress(smtplib.SMTPException):  # some have ended the session themselves
            client.quit()
    finally:
        client.close()


def codes(ip: str, port: int, *recipients: str) -> list[int]:
    with greeted(ip, port) as client:
        return [client.rcpt(recipient)[0] for recipient in recipients]


@dataclass
class Sandbox:
    base: str
    dns_port: int
    smtp_port: int
    session: aiohttp.ClientSession

    async def control(self, what: str) -> Any:
        async with self.session.get(f"{self.base}/_sandbox/{what}") as response:
            return json.loads(await response.read())

    async def post(self, what: str, **body: Any) -> tuple[int, Any]:
        async with self.session.post(f"{self.base}/_sandbox/{what}", json=body) as response:
            return response.status, json.loads(await response.read())

    async def codes(self, *recipients: str) -> list[int]:
        """At the mail host of the first one's domain."""
        ip = await self.ip_of(recipients[0].rpartition("@")[2])
        return await asyncio.to_thread(codes, ip, self.smtp_port, *recipients)

    async def ip_of(self, domain: str) -> str:
        reply = await dns.asyncquery.udp(
            dns.message.make_query(domain, "MX"), "127.0.0.1", port=self.dns_port, timeout=5
        )
        return await address_of(str(reply.answer[0][0].exchange), self.dns_port)


async def running(speed: float) -> AsyncIterator[Sandbox]:
    async with (
        serve(WORLD, SandboxSettings(speed=speed, faults=False)) as environment,
        aiohttp.ClientSession() as session,
    ):
        yield Sandbox(
            environment["OPENENRICH_VENDORS_HUNTER_BASE_URL"].removesuffix("/hunter"),
            int(environment["OPENENRICH_VERIFY_DNS"].rpartition(":")[2]),
            int(environment["OPENENRICH_VERIFY_SMTP_PORT"]),
            session,
        )


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async for item in running(0):
        yield item


@pytest_asyncio.fixture
async def brisk() -> AsyncIterator[Sandbox]:
    """A hundred times as fast as life."""
    async for item in running(100):
        yield item


def company_where(accepts: Callable[[Company], bool]) -> Company:
    return next(company for company in WORLD.companies if company.mail is Mail.OK and accepts(company))


def at(company: Company) -> str:
    """Somebody's fine mailbox there."""
    return next(
        p.work_email
        for p in WORLD.people
        if p.company is company and p.work_email and WORLD.condition(p.work_email) is Condition.FINE
    )


def truthful(company: Company) -> bool:
    people = [p for p in WORLD.people if p.company is company]
    telling = company.manner is Manner.TRUTHFUL and company.mail_host != "mx.gatekeep.test"
    return telling and any(p.work_email and WORLD.condition(p.work_email) is Condition.FINE for p in people)


# --- the world


async def test_the_world_answers_for_everybody_what_is_true(sandbox: Sandbox):
    company = company_where(truthful)
    assert await sandbox.codes(at(company), f"nobody.atall@{company.domain}") == [250, 550]


async def test_a_host_of_its_own_turns_other_domains_away(sandbox: Sandbox):
    company = company_where(lambda c: truthful(c) and c.mail_host.startswith("mail."))
    other = company_where(lambda c: c.mail_host == "mx.northmail.test")
    assert (await sandbox.codes(at(company), f"dana@{other.domain}"))[1] >= 550


async def test_every_sound_company_is_reached_at_its_host_and_counted(sandbox: Sandbox):
    reached = {
        company.mail_host: (await sandbox.codes(f"nobody.atall@{company.domain}"))[0]
        for company in WORLD.companies
        if company.mail is Mail.OK and company.manner is not Manner.BLOCKING
    }
    report = await sandbox.control("mail")
    assert set(report["hosts"]) == set(reached)
    total = report["total"]
    assert total["rcpt"] == total["accepted"] + total["refused"] + total["deferred"] >= len(reached) > 20
    assert total["connections"] == total["mail"] == total["quits"] == total["rcpt"]
    assert (total["data"], report["port"]) == (0, sandbox.smtp_port)


async def test_an_attempt_to_send_is_refused_and_counted(sandbox: Sandbox):
    company = company_where(truthful)
    ip = await sandbox.ip_of(company.domain)

    def send() -> int:
        with greeted(ip, sandbox.smtp_port) as client:
            client.rcpt(at(company))
            return client.docmd("DATA")[0]

    assert await asyncio.to_thread(send) == 554
    assert (await sandbox.control("mail"))["hosts"][company.mail_host]["data"] == 1
    assert await sandbox.post("reset") == (200, {"status": "ok"})
    assert (await sandbox.control("mail"))["total"]["data"] == 0


async def test_encryption_is_offered_and_works(sandbox: Sandbox):
    company = company_where(lambda c: truthful(c) and c.mail_host == "mx.northmail.test")
    ip = await sandbox.ip_of(company.domain)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    def ask() -> int:
        with smtplib.SMTP(ip, sandbox.smtp_port, local_hostname="probe.test", timeout=10) as client:
            client.starttls(context=context)
            client.ehlo()
            assert not client.has_extn("starttls")
            client.mail(SENDER)
            return client.rcpt(at(company))[0]

    assert await asyncio.to_thread(ask) == 250
    assert (await sandbox.control("mail"))["total"]["encrypted"] == 1


async def test_a_greylist_passes_the_same_question_later_and_a_reset_forgets_it(brisk: Sandbox):
    company = company_where(lambda c: c.mail_host == "mx.gatekeep.test")
    address = f"nobody.atall@{company.domain}"
    truth = 250 if company.catch_all else 550
    assert await brisk.codes(address) == [451]
    assert await brisk.codes(address) == [451]  # at once is too early
    async with asyncio.timeout(10):
        while (await brisk.codes(address))[0] == 451:  # noqa: ASYNC110 - the server's patience has no event
            await asyncio.sleep(0.1)
    assert await brisk.codes(address) == [truth]
    await brisk.post("reset")
    assert await brisk.codes(address) == [451]


async def test_the_name_server_answers_over_tcp_too(sandbox: Sandbox):
    query = dns.message.make_query(WORLD.companies[0].domain, "MX")
    reply = await dns.asyncquery.tcp(query, "127.0.0.1", port=sandbox.dns_port, timeout=5)
    assert str(reply.answer[0][0].exchange).rstrip(".") == WORLD.companies[0].mail_host


async def test_where_all_hosts_share_one_address_the_recipient_tells_them_apart(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(listeners, "have_own_addresses", lambda: False)
    own = company_where(lambda c: truthful(c) and c.mail_host.startswith("mail."))
    hosted = company_where(lambda c: truthful(c) and c.mail_host == "mx.northmail.test")
    async for shared in running(0):
        assert await shared.ip_of(own.domain) == await shared.ip_of(hosted.domain) == "127.0.0.1"
        addresses = [at(own), f"nobody.atall@{own.domain}", at(hosted), f"nobody.atall@{hosted.domain}"]
        assert [code // 100 for code in await shared.codes(*addresses)] == [2, 5, 2, 5]
        assert {own.mail_host, hosted.mail_host} <= set((await shared.control("mail"))["hosts"])


# --- faults on demand


def talk(ip: str, port: int, *commands: bytes) -> bytes:
    """Everything that is said until the server ends it."""
    with socket.create_connection((ip, port), timeout=10) as plug:
        heard = plug.recv(65536)
        for command in commands:
            plug.sendall(command)
            heard += plug.recv(65536)
        plug.shutdown(socket.SHUT_WR)
        while data := plug.recv(65536):
            heard += data
        return heard


HELLO: Final = b"EHLO probe.test\r\n"
MAIL: Final = b"MAIL FROM:<verify@probe.test>\r\n"
RCPT: Final = b"RCPT TO:<nobody.atall@%s>\r\n"


async def faulty(sandbox: Sandbox, kind: str, *commands: bytes, host: str = "mail") -> bytes:
    company = company_where(truthful)
    assert (await sandbox.post("faults", vendor=host, kind=kind))[0] == 200
    filled = [command.replace(b"%s", company.domain.encode()) for command in commands]
    ip = await sandbox.ip_of(company.domain)
    return await asyncio.to_thread(talk, ip, sandbox.smtp_port, *filled)


@pytest.mark.parametrize(
    ("kind", "start"), [("closing_banner", b"421 "), ("busy_banner", b"450 "), ("blocklisted", b"554 ")]
)
async def test_a_banner_can_refuse_everybody(sandbox: Sandbox, kind: str, start: bytes):
    heard = await faulty(sandbox, kind)
    assert heard.startswith(start)
    assert heard.count(b"\r\n") == 1


async def test_a_connection_can_be_reset_at_once(sandbox: Sandbox):
    with pytest.raises(ConnectionError):
        await faulty(sandbox, "drop_connect", HELLO)


async def test_a_server_can_go_instead_of_answering_the_greeting(sandbox: Sandbox):
    heard = await faulty(sandbox, "drop_helo", HELLO)
    assert heard.startswith(b"220")
    assert b"250" not in heard


async def test_a_server_can_go_after_a_refusal(sandbox: Sandbox):
    heard = await faulty(sandbox, "drop_after_refusal", HELLO, MAIL, RCPT)
    assert heard.splitlines()[-1].startswith(b"5")


async def test_a_server_can_be_silent(sandbox: Sandbox):
    assert (await sandbox.post("faults", vendor="mail", kind="silent"))[0] == 200
    reader, writer = await asyncio.open_connection(
        await sandbox.ip_of(company_where(truthful).domain), sandbox.smtp_port
    )
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await reader.read(1)
    writer.close()
    await writer.wait_closed()


async def test_a_server_can_speak_one_byte_at_a_time(brisk: Sandbox):
    assert (await brisk.post("faults", vendor="mail", kind="drip"))[0] == 200
    reader, writer = await asyncio.open_connection(await brisk.ip_of(company_where(truthful).domain), brisk.smtp_port)
    loop = asyncio.get_running_loop()
    began = loop.time()
    line = await reader.readline()
    assert line.startswith(b"220")
    assert loop.time() - began > (len(line) - 1) / 100
    writer.close()
    await writer.wait_closed()


async def test_a_server_can_end_a_session_with_421(sandbox: Sandbox):
    heard = await faulty(sandbox, "closing", HELLO, MAIL, RCPT)
    assert heard.splitlines()[-1].startswith(b"421")


async def test_a_banner_can_be_garbage(sandbox: Sandbox):
    assert not (await faulty(sandbox, "garbage")).startswith(b"220")


async def test_a_reply_can_be_far_too_large(sandbox: Sandbox):
    assert len(await faulty(sandbox, "oversized", HELLO, MAIL, RCPT)) > 100_000


async def test_encryption_can_be_broken(sandbox: Sandbox):
    heard = await faulty(sandbox, "tls_broken", HELLO, b"STARTTLS\r\n")
    assert b"STARTTLS" in heard
    assert heard.splitlines()[-1][:3] != b"220"


async def test_a_session_can_be_limited_to_one_recipient(sandbox: Sandbox):
    heard = await faulty(sandbox, "one_rcpt", HELLO, MAIL, RCPT, RCPT)
    assert [line[:3] for line in heard.splitlines()[-2:]] == [b"550", b"452"] or heard.splitlines()[-1][:3] == b"452"


async def test_a_fault_of_one_host_leaves_the_others_alone_and_ends_with_a_reset(sandbox: Sandbox):
    company = company_where(truthful)
    host = company.mail_host
    other = company_where(lambda c: truthful(c) and c.mail_host != host)
    assert (await faulty(sandbox, "blocklisted", host=host)).startswith(b"554")
    assert await sandbox.codes(at(other)) == [250]
    await sandbox.post("reset")
    assert await sandbox.codes(at(company)) == [250]


async def test_a_mistaken_fault_is_told_in_words(sandbox: Sandbox):
    assert "blocklisted" in (await sandbox.post("faults", vendor="mail", kind="http_500"))[1]["error"]
    assert "http_500" in (await sandbox.post("faults", vendor="hunter", kind="blocklisted"))[1]["error"]
    assert "mail" in (await sandbox.post("faults", vendor="mx.nowhere.test", kind="blocklisted"))[1]["error"]


# --- the farm


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fields() -> AsyncIterator[Farm]:
    """All scenarios, two hundred times as fast as life."""
    async with farm(speed=200) as item:
        yield item


def port_of(item: Farm) -> int:
    return int(item.resolver.rpartition(":")[2])


async def ip_of(item: Farm, scenario: Scenario) -> str:
    return await address_of(next(iter(scenario.hosts)), port_of(item))


@pytest.mark.asyncio(loop_scope="module")
async def test_the_farm_says_of_each_plain_scenario_what_its_verdict_needs(fields: Farm):
    assert len(CERTAIN) > 70
    for scenario in CERTAIN:
        invented = [f"{local}@{scenario.domain}" for local in ("tilda.ravnsborg", "kqzxvwrtbnmpl")]
        answers: list[int] = []
        for address in (scenario.address, *invented):  # a session each: some end after a refusal
            answers += await asyncio.to_thread(codes, await ip_of(fields, scenario), fields.smtp_port, address)
        target, human, noise = (code // 100 for code in answers)
        if scenario.expected is Verdict.INVALID:
            assert target == 5, scenario.name
        elif scenario.expected is Verdict.DELIVERABLE:
            assert (target, human, noise) == (2, 5, 5), scenario.name
        else:
            assert target == 2, scenario.name
            assert human == 2 or answers[0] == 252 or {human, noise} & {4, 5}, scenario.name


@pytest.mark.asyncio(loop_scope="module")
async def test_every_mail_host_of_the_farm_listens_unless_it_is_meant_to_be_down(fields: Farm):
    for scenario in fields.scenarios:
        for name, host in scenario.hosts.items():
            ip = await address_of(name, port_of(fields), "AAAA" if host.ipv6 else "A") if not scenario.troubles else ""
            if ip and host.script:
                _, writer = await asyncio.open_connection(ip, fields.smtp_port)
                writer.close()
            elif ip:
                with pytest.raises(ConnectionRefusedError):
                    await asyncio.open_connection(ip, fields.smtp_port)


def named(name: str) -> Scenario:
    return next(scenario for scenario in SCENARIOS if scenario.name == name)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_filter_by_shape_takes_names_only(fields: Farm):
    scenario = named("catch_all_by_shape")
    addresses = [f"{local}@{scenario.domain}" for local in ("dana.reyes", "tilda.ravnsborg", "kqzxvwrtbnmpl")]
    ip = await ip_of(fields, scenario)
    assert await asyncio.to_thread(codes, ip, fields.smtp_port, *addresses) == [250, 250, 550]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_greylisted_scenario_tells_later_what_it_did_not_at_first(fields: Farm):
    scenario = named("greylist_in_seconds")
    ip = await ip_of(fields, scenario)
    fields.forget()

    def first() -> tuple[int, bytes]:
        with greeted(ip, fields.smtp_port) as client:
            return client.rcpt(scenario.address)

    async def later() -> list[int]:
        return await asyncio.to_thread(codes, ip, fields.smtp_port, scenario.address)

    code, text = await asyncio.to_thread(first)
    assert (code, b"try again in 40 seconds" in text) == (450, True)
    async with asyncio.timeout(10):
        while await later() != [250]:  # noqa: ASYNC110 - the server's patience has no event
            await asyncio.sleep(0.05)
    assert fields.heard(scenario)[0].accepted == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_who_speaks_before_the_whole_banner_is_thrown_out(fields: Farm):
    ip = await ip_of(fields, named("split_banner"))

    def hasty() -> bytes:
        with socket.create_connection((ip, fields.smtp_port), timeout=10) as plug:
            plug.sendall(HELLO)
            heard = b""
            while data := plug.recv(4096):
                heard += data
            return heard

    lines = (await asyncio.to_thread(hasty)).splitlines()
    assert [line[:4] for line in lines] == [b"220-", b"550 "]
    assert await asyncio.to_thread(codes, ip, fields.smtp_port, f"dana.reyes@{named('split_banner').domain}") == [250]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("name", "sender", "code"),
    [
        ("sender_domain_must_exist", "verify@probe.test", 250),
        ("sender_domain_must_exist", "verify@nowhere.test", 550),
        ("own_domain_as_sender", "verify@own-domain-as-sender.test", 550),
        ("sender_domain_refused", "", 250),
        ("sender_domain_refused", "verify@probe.test", 550),
        ("every_sender_refused", "", 550),
    ],
)
async def test_senders_are_checked(fields: Farm, name: str, sender: str, code: int):
    scenario = named(name)
    ip = await ip_of(fields, scenario)

    def ask() -> int:
        with smtplib.SMTP(ip, fields.smtp_port, local_hostname="probe.test", timeout=10) as client:
            client.ehlo()
            client.mail(sender)
            return client.rcpt(scenario.address)[0]

    assert await asyncio.to_thread(ask) == code


@pytest.mark.asyncio(loop_scope="module")
async def test_a_greeting_without_a_dot_is_held_against_the_recipient(fields: Farm):
    scenario = named("helo_with_a_dot")
    ip = await ip_of(fields, scenario)

    def ask(helo: str) -> int:
        with smtplib.SMTP(ip, fields.smtp_port, local_hostname=helo, timeout=10) as client:
            client.ehlo()
            client.mail(SENDER)
            return client.rcpt(scenario.address)[0]

    assert [await asyncio.to_thread(ask, helo) for helo in ("localhost", "probe.test")] == [504, 250]


@pytest.mark.asyncio(loop_scope="module")
async def test_mail_can_need_encryption(fields: Farm):
    ip = await ip_of(fields, named("encryption_required"))

    def ask() -> int:
        with smtplib.SMTP(ip, fields.smtp_port, local_hostname="probe.test", timeout=10) as client:
            client.ehlo()
            return client.mail(SENDER)[0]

    assert await asyncio.to_thread(ask) == 530


@pytest.mark.asyncio(loop_scope="module")
async def test_names_of_other_letters_need_the_extension(fields: Farm):
    taken, not_taken = named("name_of_other_letters"), named("name_of_other_letters_not_taken")
    ips = [await ip_of(fields, scenario) for scenario in (taken, not_taken)]

    def ask(ip: str, scenario: Scenario, option: str) -> bytes:
        hello = b"HELO probe.test\r\n"
        mail = f"MAIL FROM:<{SENDER}>{option}\r\n".encode()
        return talk(ip, fields.smtp_port, hello, mail, f"RCPT TO:<{scenario.address}>\r\n".encode()).splitlines()[-1]

    assert (await asyncio.to_thread(ask, ips[0], taken, " SMTPUTF8")).startswith(b"250")
    assert (await asyncio.to_thread(ask, ips[0], taken, "")).startswith(b"553 5.6.7")
    assert (await asyncio.to_thread(ask, ips[1], not_taken, "")).startswith(b"501 5.1.3")


async def test_the_farm_as_a_process_prints_its_table_and_stops_cleanly():
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "openenrich.sandbox.mail", "--speed", "20", stdout=asyncio.subprocess.PIPE, limit=2**20
    )
    assert process.stdout is not None
    async with asyncio.timeout(30):
        table = json.loads(await process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert len(table["scenarios"]) >= 83
    row = next(row for row in table["scenarios"] if row["name"] == "mimecast_bad")
    assert (row["expected"], row["later"], row["later_s"]) == ("unknown", "invalid", pytest.approx(61 / 20))
