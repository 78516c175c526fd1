"""The sandbox's world: one seed is one world, nobody in it exists, and every vendor knows a different part of it."""

import csv
import os
import re
import subprocess
import sys
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Final

import dns.message
import dns.rcode
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core.contact import LineType, PhoneFound
from openenrich.core.phone import read_phone
from openenrich.sandbox.addresses import fold, handle_of, host_of
from openenrich.sandbox.companies import Mail
from openenrich.sandbox.coverage import MARKETS, Claim, Record
from openenrich.sandbox.dns import DEFAULT_FAILING, answer, zone_of
from openenrich.sandbox.example import example_csv
from openenrich.sandbox.faults import Fault, FaultBoard, FaultRule, Meter, Window
from openenrich.sandbox.ledger import Ledger
from openenrich.sandbox.names import FOUNDERS
from openenrich.sandbox.people import Person
from openenrich.sandbox.world import Mailbox, World

WORLD: Final = World()
EXAMPLE: Final = Path(__file__).parents[2] / "examples" / "contacts.csv"
RESERVED: Final = re.compile(
    r"\+1[2-9]\d\d55501\d\d"
    r"|\+447700900\d{3}|\+44(2079460|1614960|1414960)\d{3}"
    r"|\+3363998\d{4}|\+33(19900|46571|26191)\d{4}"
    r"|\+49(17139200|176040690)\d\d|\+49(3023125|8999998|2214710)\d{3}"
    r"|\+467017406\d\d|\+46(8465004|313900[6]|4062804)\d\d"
    r"|\+6149157\d{4}|\+61(25550|35550|75550)\d{4}"
)


class NoChance:
    """A generator whose every draw is the least one."""

    def random(self) -> float:
        return 0.0


def holder(vendor: str, record: Record = Record.RIGHT, claim: Claim = Claim.VALID) -> Person:
    """Somebody of whose work e-mail a vendor has this kind of record."""
    for person in WORLD.people:
        known = WORLD.knowledge(vendor, person)
        if known.email_record is record and known.claim is claim:
            return person
    raise AssertionError(f"{vendor} knows nobody {record} {claim}")


# --- one seed, one world


def test_the_same_seed_gives_the_same_world():
    assert World(3, 200).digest() == World(3, 200).digest()


def test_another_seed_gives_another_world():
    assert World(3, 200).digest() != World(4, 200).digest()


def test_the_world_does_not_depend_on_the_process():
    code = "from openenrich.sandbox.world import World; print(World(3, 200).digest())"
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    other = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert other.stdout.strip() == World(3, 200).digest()


def test_what_a_vendor_knows_does_not_depend_on_the_order_of_questions():
    forward, backward = World(3, 100), World(3, 100)
    first = [forward.knowledge("hunter", person) for person in forward.people]
    last = [backward.knowledge("hunter", person) for person in reversed(backward.people)]
    assert first == last[::-1]


def test_the_founders_live_in_every_world():
    for seed in (1, 2):
        people = World(seed, 40).people
        assert [(p.first_name, p.last_name, p.company.country.code) for p in people[: len(FOUNDERS)]] == [
            (first, last, country) for first, last, _, country in FOUNDERS
        ]


# --- nobody exists, and nobody is there twice


def test_there_are_as_many_people_as_asked_for_in_about_ten_countries():
    assert len(WORLD.people) == 2000
    assert len({person.company.country.code for person in WORLD.people}) == 11


def test_people_are_told_apart_by_handle_address_and_name_at_a_company():
    for value in (
        lambda p: p.handle,
        lambda p: p.work_email or p.handle,
        lambda p: p.personal_email,
        lambda p: (p.company.id, fold(p.full_name)),
    ):
        assert not [key for key, count in Counter(map(value, WORLD.people)).items() if count > 1]


def test_companies_have_different_names_and_domains():
    assert len({company.domain for company in WORLD.companies}) == len(WORLD.companies)
    assert len({company.name for company in WORLD.companies}) == len(WORLD.companies)


def test_every_host_is_reserved_and_every_address_is_ascii():
    for person in WORLD.people:
        assert person.company.domain.endswith(".test")
        for address in filter(None, (person.work_email, person.personal_email, *(job.email for job in person.jobs))):
            assert re.fullmatch(r"[a-z0-9._]+@[a-z0-9-]+\.test", address), address


def test_every_number_is_kept_for_fiction_and_given_once():
    numbers = [number for p in WORLD.people for number in (p.mobile, p.landline) if number]
    assert [number for number in numbers if not RESERVED.fullmatch(number)] == []
    assert len(set(numbers)) == len(numbers) > 1500


def test_mobiles_read_as_mobiles_and_landlines_as_landlines():
    for person in WORLD.people:
        mobile = read_phone(PhoneFound(person.mobile), None) if person.mobile else None
        landline = read_phone(PhoneFound(person.landline), None) if person.landline else None
        assert person.mobile is None or (mobile is not None and mobile.may_be_mobile)
        if landline is not None and landline.region not in {"US", "CA"}:
            assert landline.line_type is LineType.LANDLINE
        assert (person.landline is None) == (landline is None)


def test_one_domain_in_five_takes_mail_for_everybody():
    share = sum(company.catch_all for company in WORLD.companies) / len(WORLD.companies)
    assert 0.14 < share < 0.26


def test_there_are_dead_domains_null_mx_and_domains_without_mail():
    assert {company.mail for company in WORLD.companies} == set(Mail)
    assert all(p.work_email is None for p in WORLD.people if p.company.mail is not Mail.OK)


# --- what the vendors know


@pytest.mark.parametrize(
    ("vendor", "least", "most"),
    [
        ("hunter", 0.36, 0.48),
        ("prospeo", 0.38, 0.50),
        ("dropcontact", 0.38, 0.50),
        ("enrow", 0.41, 0.53),
        ("icypeas", 0.40, 0.52),
        ("snov", 0.33, 0.45),
        ("peopledatalabs", 0.33, 0.45),
        ("leadmagic", 0.40, 0.52),
    ],
)
def test_a_vendor_holds_the_right_work_email_of_so_many(vendor: str, least: float, most: float):
    records = Counter(WORLD.knowledge(vendor, person).email_record for person in WORLD.people)
    assert least < records[Record.RIGHT] / len(WORLD.people) < most
    assert 0 < records[Record.STALE] / len(WORLD.people) < 0.08
    assert 0 < records[Record.WRONG] / len(WORLD.people) < 0.08


@pytest.mark.parametrize(("vendor", "least", "most"), [("prospeo", 0.1, 0.25), ("leadmagic", 0.15, 0.32)])
def test_a_phone_vendor_holds_the_mobile_of_so_many(vendor: str, least: float, most: float):
    right = sum(WORLD.knowledge(vendor, person).phone_record is Record.RIGHT for person in WORLD.people)
    assert least < right / len(WORLD.people) < most


def share_right(vendor: str, countries: set[str]) -> float:
    people = [person for person in WORLD.people if person.company.country.code in countries]
    return sum(WORLD.knowledge(vendor, person).email_record is Record.RIGHT for person in people) / len(people)


def test_coverage_differs_by_region():
    assert share_right("dropcontact", {"FR"}) > share_right("dropcontact", {"US"}) + 0.2
    assert share_right("peopledatalabs", {"US"}) > share_right("peopledatalabs", {"FR", "DE"}) + 0.15


def test_vendors_overlap_without_knowing_everybody():
    known = [
        sum(WORLD.knowledge(vendor, person).email_record is Record.RIGHT for vendor in MARKETS)
        for person in WORLD.people
    ]
    finders = sum(bool(market.email.eu) for market in MARKETS.values())
    assert 0.10 < sum(count == 0 for count in known) / len(known) < 0.22
    assert max(known) >= 7
    assert 0.3 < sum(known) / len(known) / finders < 0.5


def test_about_three_in_a_hundred_addresses_called_valid_bounce():
    claimed = [
        WORLD.mailbox(known.email)
        for vendor in MARKETS
        for person in WORLD.people
        if (known := WORLD.knowledge(vendor, person)).email and known.claim is Claim.VALID
    ]
    assert 0.015 < claimed.count(Mailbox.INVALID) / len(claimed) < 0.05


def test_a_wrong_record_bounces_and_a_stale_one_is_at_a_former_employer():
    wrong = holder("hunter", Record.WRONG)
    assert WORLD.mailbox(WORLD.knowledge("hunter", wrong).email or "") is Mailbox.INVALID
    stale = holder("hunter", Record.STALE)
    address = WORLD.knowledge("hunter", stale).email or ""
    assert address.rpartition("@")[2] in {job.company.domain for job in stale.jobs[1:]}


def test_addresses_at_catch_all_domains_are_claimed_as_such():
    person = holder("hunter", Record.RIGHT, Claim.CATCH_ALL)
    assert person.company.catch_all
    assert WORLD.mailbox(f"nobody@{person.company.domain}") is Mailbox.CATCH_ALL


def test_masked_and_boolean_records_exist_where_the_vendor_has_them():
    assert {WORLD.knowledge("prospeo", p).email_record for p in WORLD.people} >= {Record.MASKED}
    assert {WORLD.knowledge("peopledatalabs", p).phone_record for p in WORLD.people} >= {
        Record.BOOLEAN,
        Record.LANDLINE,
    }


# --- finding somebody


def test_names_are_found_however_they_are_spelt():
    person = next(p for p in WORLD.people if p.full_name == "Jürgen Weiß")
    company = person.company
    for name in ("Jürgen Weiß", "JURGEN WEISS", "juergen weiss", "Weiß Jürgen"):
        for employer in (
            company.domain,
            f"https://www.{company.domain}/about",
            company.name.upper(),
            company.legal_name,
        ):
            assert WORLD.by_name(name, employer) is person, (name, employer)
    assert WORLD.by_name("Jürgen Weiß", "elsewhere.test") is None


def test_one_of_two_surnames_is_enough():
    person = next(p for p in WORLD.people if p.full_name == "José Ángel García Márquez")
    assert WORLD.by_name("Jose Angel Garcia", person.company.domain) is person


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("https://www.linkedin.com/in/Mira-Okafor/?trk=x", "mira-okafor"),
        ("linkedin.com/in/mira-okafor", "mira-okafor"),
        ("mira-okafor", "mira-okafor"),
        ("https://www.linkedin.com/company/halden", None),
        ("https://www.linkedin.com/sales/lead/ACw", None),
    ],
)
def test_handles_are_read_from_profile_urls_only(text: str, handle: str | None):
    assert handle_of(text) == handle


@given(st.text())
def test_folding_is_ascii_and_stable(text: str):
    assert re.fullmatch("[a-z0-9]*", fold(text))
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_any_text_has_a_host_or_none(text: str):
    assert "/" not in host_of(text)


# --- the name server


def ask(name: str, kind: str = "MX") -> dns.message.Message:
    return answer(zone_of(WORLD), DEFAULT_FAILING, dns.message.make_query(name, kind))


def company_with(mail: Mail) -> str:
    return next(company.domain for company in WORLD.companies if company.mail is mail)


def test_a_sound_company_has_a_mail_host_with_an_address():
    response = ask(company_with(Mail.OK))
    host = str(response.answer[0][0].exchange)
    assert ask(host, "A").answer[0][0].address == "127.0.0.1"
    assert ask(company_with(Mail.OK), "TXT").answer
    assert ask(company_with(Mail.OK), "AAAA").rcode() is dns.rcode.NOERROR


def test_dead_domains_and_strangers_do_not_exist():
    assert ask(company_with(Mail.DEAD)).rcode() is dns.rcode.NXDOMAIN
    assert ask("nowhere.test").rcode() is dns.rcode.NXDOMAIN


def test_a_null_mx_refuses_and_a_domain_without_mail_has_no_records():
    assert str(ask(company_with(Mail.NULL_MX)).answer[0][0].exchange) == "."
    empty = ask(company_with(Mail.NO_MX))
    assert (empty.rcode(), empty.answer) == (dns.rcode.NOERROR, [])


def test_the_failing_name_fails():
    assert ask(DEFAULT_FAILING).rcode() is dns.rcode.SERVFAIL


# --- ledger, limits, faults


def test_the_ledger_tells_asked_twice_from_bought_twice():
    ledger = Ledger()
    for _ in range(2):
        ledger.record("hunter", ("email", "Mira Okafor"), 1000, 24_500)
        ledger.record("enrow", ("email", "Mira Okafor"), 0, 12_000)
    seen = ledger.purchases()
    assert (seen.total, seen.by_vendor, seen.billed_micro_usd) == (2, {"hunter": 2}, 49_000)
    assert [(item.vendor, item.count) for item in seen.repeated] == [("hunter", 2)]
    assert {item.vendor for item in seen.asked_again} == {"hunter", "enrow"}


@given(st.lists(st.floats(0, 3), min_size=1, max_size=60), st.integers(1, 5))
def test_no_window_ever_admits_more_than_its_limit(pauses: list[float], limit: int):
    meter, now, admitted = Meter(), 100.0, Counter[int]()
    start = now + pauses[0]  # a window begins with the first call, not with the clock
    for pause in pauses:
        now += pause
        if meter.wait("key", (Window(limit, 10),), now) == 0:
            if now - start >= 10:
                start = now
            admitted[round(start * 1000)] += 1
    assert max(admitted.values()) <= limit


def test_a_fault_with_a_count_strikes_that_often():
    board = FaultBoard(NoChance(), by_chance=False)
    board.add(FaultRule("hunter", Fault.HANG, count=2, path="/email"))
    assert board.strike("enrow", "/email-finder", paid=True) is None
    assert board.strike("hunter", "/account", paid=False) is None
    assert [board.strike("hunter", "/email-finder", paid=True) for _ in range(3)] == [Fault.HANG, Fault.HANG, None]


# --- the example


def test_the_example_file_is_what_world_seven_gives():
    assert EXAMPLE.read_text(encoding="utf-8") == example_csv(WORLD)


def test_the_example_has_thirty_eight_people_and_two_rows_that_cannot_be_used():
    rows = list(csv.DictReader(StringIO(example_csv(WORLD))))
    assert len(rows) == 40
    people = [
        WORLD.by_linkedin(row["linkedin_url"])
        or WORLD.by_name(f"{row['first_name']} {row['last_name']}", row["domain"] or row["company_name"])
        for row in rows
    ]
    assert [number for number, person in enumerate(people) if person is None] == [16, 31]
    found = [person for person in people if person]
    assert len({person.id for person in found}) == 38
    assert len({person.company.country.code for person in found}) == 11
    assert len({person.company.size for person in found}) >= 7
