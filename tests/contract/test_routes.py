"""Where a domain's mail goes, asked of real name servers: hosts in order, "nowhere" with its proof, or unknown."""

from random import Random

import dns.rcode
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.name_server import NameServer, Records, asking
from openenrich.verify.resolver import Answer, Kind, Record, Told
from openenrich.verify.routes import MxHost, Outcome, Reason, Route, Routes, is_public

ONE, TWO, SIX = "8.8.8.8", "8.8.4.4", "2001:4860:4860::8888"  # public, and never dialled here
TEMPORARY = (Outcome.UNKNOWN, Reason.DNS_TEMPORARY)
SOUND: Records = {("example.com", "MX"): ["10 mx.example.com."], ("mx.example.com", "A"): [ONE]}
DANGLING: Records = {("example.com", "MX"): ["10 mx.example.com."]}


async def route(*servers: NameServer, domain: str = "example.com", private: bool = False, try_s: float = 1.0) -> Route:
    async with asking(*servers, try_s=try_s) as resolver:
        return await Routes(resolver, Random(7), allow_private=private).find(domain)


async def verdict(
    *servers: NameServer, domain: str = "example.com", try_s: float = 1.0
) -> tuple[Outcome, Reason | None]:
    found = await route(*servers, domain=domain, try_s=try_s)
    assert (found.outcome is Outcome.TAKES_MAIL) == bool(found.hosts)
    return found.outcome, found.reason


# Hosts and their order


async def test_hosts_come_by_preference_each_with_its_ipv4_addresses_first() -> None:
    server = NameServer(
        {
            ("example.com", "MX"): ["20 Backup.example.com.", "10 mx.example.com."],
            ("mx.example.com", "A"): [ONE],
            ("mx.example.com", "AAAA"): [SIX],
            ("backup.example.com", "A"): [TWO],
        }
    )
    found = await route(server)
    assert found == Route(
        "example.com",
        Outcome.TAKES_MAIL,
        None,
        (MxHost("mx.example.com", 10, (ONE, SIX)), MxHost("backup.example.com", 20, (TWO,))),
    )
    assert found.best_preference == 10


async def test_equal_preferences_come_in_any_order_and_different_ones_never() -> None:
    names = ["a", "b", "c"]
    records = {("example.com", "MX"): ["5 z.example.com.", *(f"10 {name}.example.com." for name in names)]}
    records |= {(f"{name}.example.com", "A"): [f"8.8.8.{at}"] for at, name in enumerate([*names, "z"])}
    orders = set()
    async with asking(NameServer(records)) as resolver:
        for seed in range(60):
            found = await Routes(resolver, Random(seed)).find("example.com")
            orders.add("".join(host.name[0] for host in found.hosts))
    assert orders == {"zabc", "zacb", "zbac", "zbca", "zcab", "zcba"}


async def test_hosts_and_addresses_that_come_twice_are_visited_once() -> None:
    server = NameServer(
        {
            ("example.com", "MX"): ["20 mx.example.com.", "10 MX.example.com.", "30 other.example.com."],
            ("mx.example.com", "A"): [ONE, ONE],
            ("other.example.com", "A"): [ONE],
        }
    )
    assert (await route(server)).hosts == (MxHost("mx.example.com", 10, (ONE,)),)


async def test_no_more_than_ten_hosts_and_twenty_addresses_are_visited() -> None:
    records = {("example.com", "MX"): [f"{at} mx{at}.example.com." for at in range(15)]}
    records |= {(f"mx{at}.example.com", "A"): [f"8.8.{at}.{n}" for n in range(3)] for at in range(15)}
    found = await route(NameServer(records))
    assert [len(host.addresses) for host in found.hosts] == [3] * 6 + [2]
    assert [host.preference for host in found.hosts] == list(range(7))


async def test_an_international_name_is_asked_for_in_ascii() -> None:
    server = NameServer({("xn--kln-sna.test", "MX"): ["10 mx.example.com."], ("mx.example.com", "A"): [ONE]})
    found = await route(server, domain="Köln.test.")
    assert (found.domain, found.outcome) == ("xn--kln-sna.test", Outcome.TAKES_MAIL)


@pytest.mark.parametrize("name", ["", ".", "a..b", "x" * 64 + ".test", "a." * 200, "sp ace.test", "\0", "a@b.test"])
async def test_what_is_no_name_is_not_asked_for(name: str) -> None:
    server = NameServer(SOUND)
    assert await verdict(server, domain=name) == (Outcome.UNKNOWN, Reason.NOT_A_NAME)
    assert server.asked == []


# Without an MX, and against mail


async def test_without_an_mx_the_domains_own_address_takes_its_mail() -> None:
    found = await route(NameServer({("example.com", "A"): [ONE], ("example.com", "AAAA"): [SIX]}))
    assert found.hosts == (MxHost("example.com", 0, (ONE, SIX)),)
    assert found.implicit


async def test_a_null_mx_refuses_mail_also_where_there_is_an_address() -> None:
    server = NameServer({("example.com", "MX"): ["0 ."], ("example.com", "A"): [ONE]})
    assert await verdict(server) == (Outcome.NO_MAIL, Reason.NULL_MX)


async def test_a_null_mx_beside_a_host_is_no_refusal() -> None:
    records = {**SOUND, ("example.com", "MX"): ["0 .", "10 mx.example.com."]}
    assert (await route(NameServer(records))).hosts == (MxHost("mx.example.com", 10, (ONE,)),)


async def test_a_domain_that_does_not_exist_takes_no_mail() -> None:
    assert await verdict(NameServer()) == (Outcome.NO_MAIL, Reason.NXDOMAIN)


async def test_a_domain_with_neither_mx_nor_address_takes_no_mail() -> None:
    server = NameServer({("example.com", "TXT"): ['"nothing"']})
    assert await verdict(server) == (Outcome.NO_MAIL, Reason.NO_MAIL_HOST)


# IPv6 alone, aliases


async def test_a_host_with_ipv6_alone_is_a_host() -> None:
    records = {**DANGLING, ("mx.example.com", "AAAA"): [SIX]}
    assert (await route(NameServer(records))).hosts == (MxHost("mx.example.com", 10, (SIX,)),)


@pytest.mark.parametrize("chases", [True, False])
async def test_a_host_that_is_an_alias_is_followed_whoever_does_the_following(*, chases: bool) -> None:
    server = NameServer(
        {
            **DANGLING,
            ("mx.example.com", "CNAME"): ["a.example.org."],
            ("a.example.org", "CNAME"): ["b.example.org."],
            ("b.example.org", "A"): [ONE],
        },
        chases=chases,
    )
    assert (await route(server)).hosts == (MxHost("mx.example.com", 10, (ONE,)),)


@pytest.mark.parametrize("chases", [True, False])
async def test_a_domain_that_is_an_alias_has_the_mail_hosts_of_the_other(*, chases: bool) -> None:
    server = NameServer({**SOUND, ("alias.test", "CNAME"): ["example.com."]}, chases=chases)
    assert (await route(server, domain="alias.test")).hosts == (MxHost("mx.example.com", 10, (ONE,)),)


@pytest.mark.parametrize("chases", [True, False])
async def test_an_alias_in_a_circle_is_a_host_without_address(*, chases: bool) -> None:
    circle = {("mx.example.com", "CNAME"): ["a.example.org."], ("a.example.org", "CNAME"): ["mx.example.com."]}
    server = NameServer({**DANGLING, **circle}, chases=chases)
    assert await verdict(server) == (Outcome.NO_MAIL, Reason.MX_UNRESOLVABLE)


# Hosts without an address


@pytest.mark.parametrize("host", [{}, {("mx.example.com", "TXT"): ['"here"']}])
async def test_hosts_without_any_address_take_no_mail(host: Records) -> None:
    assert await verdict(NameServer({**DANGLING, **host})) == (Outcome.NO_MAIL, Reason.MX_UNRESOLVABLE)


async def test_a_second_server_must_agree_that_there_is_no_address() -> None:
    first = {**DANGLING}
    assert await verdict(NameServer(first), NameServer(first)) == (Outcome.NO_MAIL, Reason.MX_UNRESOLVABLE)
    assert (await route(NameServer(first), NameServer(SOUND))).hosts == (MxHost("mx.example.com", 10, (ONE,)),)
    unsure = NameServer(fails={"mx.example.com": dns.rcode.SERVFAIL})
    assert await verdict(NameServer(first), unsure) == TEMPORARY


async def test_the_second_word_comes_from_another_server_than_the_first() -> None:
    broken = NameServer(fails={"example.com": dns.rcode.REFUSED, "mx.example.com": dns.rcode.REFUSED})
    assert await verdict(broken, NameServer(DANGLING)) == TEMPORARY
    assert await verdict(broken, NameServer(DANGLING), NameServer(DANGLING)) == (
        Outcome.NO_MAIL,
        Reason.MX_UNRESOLVABLE,
    )


async def test_a_host_that_does_not_exist_leaves_its_place_to_the_next() -> None:
    records = {**SOUND, ("example.com", "MX"): ["5 gone.example.com.", "10 mx.example.com."]}
    found = await route(NameServer(records))
    assert (found.hosts, found.best_preference) == ((MxHost("mx.example.com", 10, (ONE,)),), 10)


async def test_a_host_that_could_not_be_found_out_keeps_its_place() -> None:
    records = {**SOUND, ("example.com", "MX"): ["5 shaky.example.com.", "10 mx.example.com."]}
    found = await route(NameServer(records, fails={"shaky.example.com": dns.rcode.SERVFAIL}))
    assert found.hosts == (MxHost("shaky.example.com", 5), MxHost("mx.example.com", 10, (ONE,)))
    assert found.best_preference == 5


async def test_hosts_that_could_not_be_found_out_are_no_proof() -> None:
    shaky = NameServer(DANGLING, fails={"mx.example.com": dns.rcode.SERVFAIL})
    assert await verdict(shaky) == TEMPORARY


# Private addresses

PRIVATE = ["127.0.0.1", "10.1.2.3", "192.168.0.9", "172.16.3.4", "169.254.1.1", "100.64.0.1", "0.0.0.0", "192.0.2.7"]
PRIVATE_6 = [
    "::1",
    "fe80::1",
    "fc00::1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
    "2001:db8::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", [*PRIVATE, "224.0.0.1", "255.255.255.255", *PRIVATE_6])
async def test_an_address_that_is_nobodys_on_the_internet_is_never_handed_out(address: str) -> None:
    kind = "AAAA" if ":" in address else "A"
    server = NameServer({**DANGLING, ("mx.example.com", kind): [address]})
    assert not is_public(address)
    assert await verdict(server) == (Outcome.NO_MAIL, Reason.MX_PRIVATE)


async def test_private_addresses_are_left_out_beside_public_ones_and_allowed_where_the_operator_says_so() -> None:
    server = NameServer({**DANGLING, ("mx.example.com", "A"): [ONE], ("mx.example.com", "AAAA"): ["::1"]})
    assert (await route(server)).hosts[0].addresses == (ONE,)
    assert (await route(server, private=True)).hosts[0].addresses == (ONE, "::1")


# Servers that fail


@pytest.mark.parametrize("code", [dns.rcode.SERVFAIL, dns.rcode.REFUSED, dns.rcode.NOTIMP, dns.rcode.FORMERR])
async def test_a_server_that_fails_says_nothing_about_the_domain_and_the_next_is_asked(code: dns.rcode.Rcode) -> None:
    failing = NameServer(fails={"example.com": code})
    assert await verdict(failing) == TEMPORARY
    assert (await route(failing, NameServer(SOUND))).hosts == (MxHost("mx.example.com", 10, (ONE,)),)
    assert await verdict(failing, NameServer()) == (Outcome.NO_MAIL, Reason.NXDOMAIN)


async def test_silence_is_no_proof() -> None:
    silent = NameServer(silent=("example.com", "mx.example.com"))
    assert await verdict(silent, try_s=0.1) == TEMPORARY
    assert await verdict(NameServer(DANGLING, silent=("mx.example.com",)), try_s=0.1) == TEMPORARY
    assert (await route(silent, NameServer(SOUND), try_s=0.1)).outcome is Outcome.TAKES_MAIL


async def test_an_answer_held_back_for_its_signature_is_unknown_with_that_reason() -> None:
    assert await verdict(NameServer(SOUND, bogus=("example.com",))) == (Outcome.UNKNOWN, Reason.DNSSEC_BOGUS)


# Whatever servers say

ADDRESSES = st.sampled_from([ONE, TWO, "10.0.0.1", "127.0.0.1"])
FAILURES = st.sampled_from([Told.SERVFAIL, Told.REFUSED, Told.TIMEOUT, Told.GARBLED])


def answers(records: st.SearchStrategy[Record]) -> st.SearchStrategy[Answer]:
    return st.one_of(
        st.lists(records, min_size=1, max_size=12).map(lambda found: Answer(Told.RECORDS, tuple(found), 60.0, "one")),
        st.sampled_from([Told.EMPTY, Told.NO_NAME]).map(lambda told: Answer(told, server="one")),
        FAILURES.map(lambda told: Answer(told, server="one")),
    )


MX = answers(st.builds(Record, st.sampled_from(["", *(f"mx{at}.test" for at in range(12))]), st.integers(0, 3)))


class AnyServers:
    """Says anything, the same to the same question, and notes whether it ever failed."""

    def __init__(self, data: st.DataObject) -> None:
        self._data = data
        self._said: dict[tuple[str, Kind, bool], Answer] = {}

    @property
    def ever_failed(self) -> bool:
        return any(not answer.settled for answer in self._said.values())

    async def ask(self, name: str, kind: Kind) -> Answer:
        return self._say(name, kind, second=False)

    async def ask_another(self, name: str, kind: Kind, server: str) -> Answer | None:
        return self._say(name, kind, second=True)

    async def is_bogus(self, name: str, kind: Kind) -> bool:
        return self._data.draw(st.booleans())

    def _say(self, name: str, kind: Kind, *, second: bool) -> Answer:
        key = (name, kind, second)
        if key not in self._said:
            self._said[key] = self._data.draw(MX if kind == "MX" else answers(ADDRESSES.map(Record)))
        return self._said[key]


@given(data=st.data(), seed=st.integers(0, 99))
async def test_nowhere_needs_proof_and_a_way_leads_to_public_addresses(data: st.DataObject, seed: int) -> None:
    servers = AnyServers(data)
    found = await Routes(servers, Random(seed)).find("example.com")
    addresses = [address for host in found.hosts for address in host.addresses]
    preferences = [host.preference for host in found.hosts]
    assert (found.outcome is Outcome.TAKES_MAIL) == bool(addresses)
    assert (found.outcome is Outcome.TAKES_MAIL) == (found.reason is None)
    assert found.outcome is not Outcome.NO_MAIL or not servers.ever_failed
    assert found.outcome is not Outcome.UNKNOWN or servers.ever_failed
    assert all(is_public(address) for address in addresses)
    assert len(addresses) == len(set(addresses)) <= 20
    assert preferences == sorted(preferences)
    assert len(found.hosts) == len({host.name for host in found.hosts}) <= 10
