"""The sandbox's mail servers without sockets: words, truths, memory, faults, addresses, and the farm's table."""

import random
import re
import string
from collections import Counter
from typing import Final

import dns.flags
import dns.message
import dns.rcode
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.sandbox.companies import FREE_MAIL, MAIL_PROVIDERS, Company, Mail, Manner
from openenrich.sandbox.dns import NameServer, Trouble, zone_of
from openenrich.sandbox.latency import Pace
from openenrich.sandbox.mail import listeners, styles, styles_more
from openenrich.sandbox.mail.farm import SCENARIOS
from openenrich.sandbox.mail.faults import MailFault, MailFaultBoard, MailFaultRule
from openenrich.sandbox.mail.greylist import GreylistMemory
from openenrich.sandbox.mail.plausible import looks_like_a_name
from openenrich.sandbox.mail.residents import mail_servers, style_of
from openenrich.sandbox.mail.scenario import Scenario, Verdict
from openenrich.sandbox.mail.script import Greylist, MailServer, Tls
from openenrich.sandbox.mail.style import Style
from openenrich.sandbox.mail.styles import GOOGLE, MIMECAST, YAHOO
from openenrich.sandbox.mail.tally import Heard, Tally
from openenrich.sandbox.people import Person
from openenrich.sandbox.world import Condition, Mailbox, World

WORLD: Final = World()
SERVERS: Final = {server.name: server for server in mail_servers(WORLD)}
STYLES: Final = [
    value for module in (styles, styles_more) for value in vars(module).values() if isinstance(value, Style)
]
CLASS_OF: Final = {
    "mail": "2",
    "accepted": "2",
    "unknown": "5",
    "disabled": "5",
    "full": "5",
    "full_for_now": "4",
    "throttled": "4",
    "blocked": "5",
    "not_hosted": "5",
    "greylisted": "4",
}


class Clock(Pace):
    """Time that passes when told to."""

    def __init__(self, speed: float = 1.0) -> None:
        super().__init__(speed, random.Random(0))
        self.at = 1000.0

    def now(self) -> float:
        return self.at if self.speed else 0.0


def server_of(domain: str) -> MailServer:
    company = WORLD.company_by_domain.get(domain)
    return SERVERS[company.mail_host if company else f"mx.{domain}"]


def said_to(address: str) -> str:
    return server_of(address.rpartition("@")[2]).recipients(address)


def company_where(manner: Manner) -> Company:
    return next(item for item in WORLD.companies if item.manner is manner and item.mail is Mail.OK)


def resident(condition: Condition) -> str:
    """An address at a host that tells the truth."""
    for person in WORLD.people:
        for job in person.jobs:
            telling = job.company.manner is Manner.TRUTHFUL
            if job.email and telling and WORLD.condition(job.email) is condition:
                return job.email
    raise AssertionError(condition)


# --- the words


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_every_reply_of_every_kind_of_server_is_smtp_and_of_its_class(style: Style):
    for what, digit in CLASS_OF.items():
        *before, last = getattr(style, what).split("\n")
        assert re.fullmatch(rf"{digit}\d\d( .*)?", last), (what, last)
        assert all(line.startswith(f"{last[:3]}-") for line in before), what
    assert style.banner.split("\n")[-1].startswith("220 ")


def test_the_kinds_of_servers_do_not_all_say_the_same():
    assert len({style.unknown for style in STYLES}) >= 20


# --- what the world's hosts say


def test_every_mail_host_of_the_world_has_a_server():
    hosts = {company.mail_host for company in WORLD.companies if company.mail is Mail.OK}
    assert hosts | set(MAIL_PROVIDERS) | {f"mx.{domain}" for domain in FREE_MAIL} == set(SERVERS)


def telling(person: Person) -> bool:
    return person.company.manner in {Manner.TRUTHFUL, Manner.GREYLISTING}


def test_a_truthful_host_tells_what_the_world_says_of_a_mailbox():
    told = Counter[str]()
    for person in WORLD.people:
        addresses = [person.work_email] if person.work_email and telling(person) else []
        for address in [*addresses, *(f"x{address}" for address in addresses)]:
            exists = WORLD.mailbox(address) is Mailbox.DELIVERABLE
            code = said_to(address)[:1]
            told[code] += 1
            assert code in ({"2", "4"} if exists else {"5"}), address
    assert told["2"] > 900
    assert 10 < told["4"] < 60  # full for now, or throttled
    assert told["5"] > 900


def test_a_mailbox_that_bounces_is_never_full_for_now_or_throttled_and_one_that_exists_never_gone():
    for person in WORLD.people:
        for address in filter(None, (job.email for job in person.jobs)):
            condition = WORLD.condition(address)
            exists = {Condition.FINE, Condition.FULL_FOR_NOW, Condition.THROTTLED}
            if WORLD.mailbox(address) is not Mailbox.CATCH_ALL:
                assert (condition in exists) == (WORLD.mailbox(address) is Mailbox.DELIVERABLE)


@pytest.mark.parametrize("condition", list(Condition))
def test_each_state_of_a_mailbox_has_its_own_words(condition: Condition):
    address = resident(condition)
    company = WORLD.company_by_domain[address.rpartition("@")[2]]
    style = style_of(company)
    words = {
        Condition.FINE: style.accepted,
        Condition.FULL_FOR_NOW: style.full_for_now,
        Condition.THROTTLED: style.throttled,
        Condition.FULL: style.full,
        Condition.DISABLED: style.disabled,
        Condition.NONE: style.unknown,
    }
    assert said_to(address) == words[condition]


def test_a_catch_all_takes_every_name():
    domain = company_where(Manner.CATCH_ALL).domain
    for local in ("nobody.atall", "kqzxvwrtbnmpl", "9999"):
        assert said_to(f"{local}@{domain}").startswith("2")


def test_a_shape_filter_takes_names_and_refuses_random_letters():
    company = company_where(Manner.SHAPE_FILTERED)
    assert company.catch_all
    assert said_to(f"tilda.ravnsborg@{company.domain}").startswith("2")
    assert said_to(f"kqzxvwrtbnmpl@{company.domain}").startswith("5")
    assert said_to(f"tilda77@{company.domain}").startswith("5")


def test_a_shape_filter_never_refuses_its_own_people():
    filtered = [p for p in WORLD.people if p.company.manner is Manner.SHAPE_FILTERED and p.work_email]
    assert len(filtered) > 20
    assert all(said_to(p.work_email or "").startswith("2") for p in filtered)


def test_a_blocking_host_says_the_same_of_everybody():
    company = company_where(Manner.BLOCKING)
    person = next(p for p in WORLD.people if p.company is company and p.work_email)
    assert said_to(person.work_email or "") == said_to(f"nobody@{company.domain}") == style_of(company).blocked


def test_one_free_mail_host_tells_the_truth_and_the_other_takes_every_name():
    assert said_to("nobody.atall@freemail.test").startswith("5")
    assert said_to("nobody.atall@postbox.test") == YAHOO.accepted
    person = next(p for p in WORLD.people if p.personal_email.endswith("@freemail.test"))
    assert said_to(person.personal_email).startswith(("2", "4"))


def test_no_host_takes_mail_for_the_domain_of_another():
    for server in SERVERS.values():
        assert server.recipients("dana@elsewhere.test").startswith("5"), server.name
        assert not server.serves("elsewhere.test")


def test_most_hosts_tell_the_truth_and_each_manner_has_its_share():
    count = Counter(company.manner for company in WORLD.companies)
    share = {manner: count[manner] / len(WORLD.companies) for manner in Manner}
    assert share[Manner.TRUTHFUL] > 0.65
    assert 0.01 < share[Manner.SHAPE_FILTERED] < 0.08
    assert 0.01 < share[Manner.BLOCKING] < 0.04
    greylists = share[Manner.GREYLISTING] + sum(c.mail_host == "mx.gatekeep.test" for c in WORLD.companies) / len(
        WORLD.companies
    )
    assert 0.03 < greylists < 0.12
    assert all(c.catch_all == (c.manner in {Manner.CATCH_ALL, Manner.SHAPE_FILTERED}) for c in WORLD.companies)


def test_the_mimecast_like_provider_greylists_and_the_google_like_one_does_not():
    assert SERVERS["mx.gatekeep.test"].script.greylist == Greylist(MIMECAST.greylisted, 60.0)
    assert SERVERS["mx.northmail.test"].script.greylist is None
    assert SERVERS["mx.northmail.test"].script.banner == GOOGLE.banner


# --- names


@pytest.mark.parametrize(
    "local", ["tilda.ravnsborg", "jmarlborough", "e.thistlewood", "oswin-fairbrook", "reyes", "b.lee"]
)
def test_names_look_like_names(local: str):
    assert looks_like_a_name(local)


@pytest.mark.parametrize("local", ["kqzxvwrtbnmpl", "dana7", "x9k2", "", "a..b", "größe", "bcdfgaeiou"])
def test_other_letters_do_not(local: str):
    assert not looks_like_a_name(local)


def test_random_letters_rarely_look_like_a_name():
    rng = random.Random(5)
    drawn = ["".join(rng.choices(string.ascii_lowercase, k=rng.randint(12, 16))) for _ in range(500)]
    assert sum(map(looks_like_a_name, drawn)) < 60


@given(st.text())
def test_any_text_is_judged(local: str):
    assert looks_like_a_name(local) in {True, False}


# --- greylists


TRIPLET: Final = ("mx.test", "127.0.0.1", "verify@probe.test", "dana@example.com")
RULE: Final = Greylist("450 4.2.0 later", 60.0)


def test_a_triplet_passes_after_the_wait_and_not_before():
    clock = Clock()
    memory = GreylistMemory(clock)
    assert memory.left_s(RULE, TRIPLET) == 60
    clock.at += 20
    assert memory.left_s(RULE, TRIPLET) == 40
    clock.at += 40
    assert memory.left_s(RULE, TRIPLET) == 0
    assert memory.left_s(RULE, TRIPLET) == 0


def test_another_sender_or_recipient_waits_anew_and_a_reset_forgets():
    clock = Clock()
    memory = GreylistMemory(clock)
    memory.left_s(RULE, TRIPLET)
    clock.at += 60
    host, client, sender, recipient = TRIPLET
    assert memory.left_s(RULE, (host, client, "other@probe.test", recipient)) == 60
    assert memory.left_s(RULE, (host, client, sender, "else@example.com")) == 60
    memory.reset()
    assert memory.left_s(RULE, TRIPLET) == 60


def test_without_time_the_second_visit_passes():
    memory = GreylistMemory(Clock(speed=0))
    assert memory.left_s(RULE, TRIPLET) > 0
    assert memory.left_s(RULE, TRIPLET) == 0


# --- faults and counts


def test_a_fault_strikes_its_host_as_often_as_it_counts():
    board = MailFaultBoard(random.Random(1))
    board.add(MailFaultRule("mx.northmail.test", MailFault.SILENT, count=2))
    assert board.strike(["mx.cloudpost.test"]) == frozenset()
    assert [board.strike(["mx.northmail.test"]) for _ in range(3)] == [{MailFault.SILENT}, {MailFault.SILENT}, set()]


def test_a_fault_of_all_mail_strikes_everywhere_until_it_is_withdrawn():
    board = MailFaultBoard(random.Random(1))
    board.add(MailFaultRule("mail", MailFault.DRIP))
    assert board.strike(["a.test"]) == {MailFault.DRIP}
    board.add(MailFaultRule("mail", MailFault.DRIP, probability=0))
    assert board.strike(["a.test"]) == frozenset()


def test_counts_are_kept_for_each_host_and_for_all():
    tally = Tally()
    for host, code in (("a.test", "250"), ("a.test", "450"), ("b.test", "550")):
        tally.rcpt(host, code)
    report = tally.report(25)
    assert report.hosts == {"a.test": Heard(rcpt=2, accepted=1, deferred=1), "b.test": Heard(rcpt=1, refused=1)}
    assert report.total == Heard(rcpt=3, accepted=1, deferred=1, refused=1)


# --- addresses


def test_every_host_has_an_address_of_its_own_where_there_are_enough(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(listeners, "have_own_addresses", lambda: True)
    hosts = [f"mx{number}.test" for number in range(300)]
    addresses = listeners.addresses_of(hosts)
    assert len(set(addresses.values())) == 300
    assert all(address.startswith("127.0.") and address != "127.0.0.1" for address in addresses.values())


def test_very_many_hosts_share_addresses_but_the_first_do_not(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(listeners, "have_own_addresses", lambda: True)
    addresses = listeners.addresses_of([f"mx{number}.test" for number in range(5000)])
    count = Counter(addresses.values())
    assert len(count) == 300
    assert all(count[addresses[f"mx{number}.test"]] == 1 for number in range(60))


def test_where_there_is_one_address_all_have_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(listeners, "have_own_addresses", lambda: False)
    assert listeners.addresses_of(["a.test", "b.test"]) == {"a.test": "127.0.0.1", "b.test": "127.0.0.1"}


# --- the name server's troubles


def asked(trouble: Trouble, *, over_tcp: bool = False, unchecked: bool = False) -> dns.message.Message | None:
    domain = WORLD.companies[0].domain
    query = dns.message.make_query(domain, "MX")
    query.flags |= dns.flags.CD if unchecked else 0
    reply = NameServer(zone_of(WORLD), troubles={domain: trouble}).reply(query.to_wire(), over_tcp=over_tcp)
    return None if reply is None else dns.message.from_wire(reply)


def test_a_name_server_fails_refuses_or_keeps_silent_over_both_ways():
    for over_tcp in (False, True):
        for trouble, code in ((Trouble.SERVFAIL, dns.rcode.SERVFAIL), (Trouble.REFUSED, dns.rcode.REFUSED)):
            answer = asked(trouble, over_tcp=over_tcp)
            assert answer is not None
            assert answer.rcode() is code
        assert asked(Trouble.SILENT, over_tcp=over_tcp) is None


def test_a_truncated_answer_is_whole_over_tcp_unless_nobody_is_there():
    for trouble in (Trouble.TRUNCATED, Trouble.UNREACHABLE_OVER_TCP):
        short = asked(trouble)
        assert short is not None
        assert short.flags & dns.flags.TC
        assert not short.answer
    whole = asked(Trouble.TRUNCATED, over_tcp=True)
    assert whole is not None
    assert whole.answer
    assert asked(Trouble.UNREACHABLE_OVER_TCP, over_tcp=True) is None


def test_a_bogus_answer_is_given_to_those_who_do_not_check():
    checked, unchecked = asked(Trouble.BOGUS), asked(Trouble.BOGUS, unchecked=True)
    assert checked is not None
    assert unchecked is not None
    assert checked.rcode() is dns.rcode.SERVFAIL
    assert unchecked.answer


def test_an_answer_too_large_for_a_datagram_says_so():
    zone = {
        "many.test": {"MX": tuple(f"{number} mx{number}.a-rather-long-name-of-a-host.test." for number in range(60))}
    }
    query = dns.message.make_query("many.test", "MX", use_edns=False)
    reply = NameServer(zone).reply(query.to_wire(), over_tcp=False)
    assert reply is not None
    assert len(reply) <= 512
    assert dns.message.from_wire(reply).flags & dns.flags.TC


def test_an_alias_is_followed_to_the_records_behind_it():
    zone = {"alias.test": {"CNAME": ("real.test.",)}, "real.test": {"A": ("127.0.0.9",)}}
    reply = NameServer(zone).reply(dns.message.make_query("alias.test", "A").to_wire(), over_tcp=False)
    assert reply is not None
    kinds = [dns.rdatatype.to_text(item.rdtype) for item in dns.message.from_wire(reply).answer]
    assert kinds == ["CNAME", "A"]


# --- the farm's table


def test_the_farm_has_many_scenarios_with_names_and_hosts_of_their_own():
    assert len(SCENARIOS) >= 83
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)
    hosts = [host for scenario in SCENARIOS for host in scenario.hosts]
    assert len(set(hosts)) == len(hosts)
    assert len({scenario.domain for scenario in SCENARIOS}) == len(SCENARIOS)


def test_every_verdict_is_right_somewhere_and_none_is_right_and_merely_acceptable():
    assert {scenario.expected for scenario in SCENARIOS} == set(Verdict)
    assert not [scenario.name for scenario in SCENARIOS if scenario.expected in scenario.acceptable]


def test_no_false_verdict_that_costs_money_is_acceptable():
    for scenario in SCENARIOS:
        assert not scenario.acceptable & {Verdict.DELIVERABLE, Verdict.INVALID}, scenario.name


def named(name: str) -> Scenario:
    return next(scenario for scenario in SCENARIOS if scenario.name == name)


def test_the_table_has_the_families_of_the_specification():
    shape, backup = named("catch_all_by_shape"), named("catch_all_on_backup_only")
    assert shape.hosts["mx.catch-all-by-shape.test"].recipients.plausible
    assert [host.script is None for host in backup.hosts.values()] == [True, False]
    waits = {scenario.later_s for scenario in SCENARIOS if scenario.later}
    assert min(waits) < 100
    assert max(waits) > 1000
    kinds = {fault for s in SCENARIOS for host in s.hosts.values() if host.script for fault in host.script.faults}
    assert kinds == set(MailFault)
    assert {host.script.tls for s in SCENARIOS for host in s.hosts.values() if host.script} == set(Tls)
    assert {trouble for scenario in SCENARIOS for trouble in scenario.troubles.values()} == set(Trouble)


def test_a_verdict_is_judged_against_the_table():
    good = named("first_mx_is_down")
    assert [good.judge(verdict) for verdict in ("deliverable", "CATCH_ALL", "unknown", "invalid")] == [
        "exact",
        "acceptable",
        "acceptable",
        "wrong",
    ]
    waiting = named("mimecast_bad")
    assert waiting.judge("unknown") == waiting.judge("invalid", later=True) == "exact"
    assert waiting.judge("invalid") == "wrong"
