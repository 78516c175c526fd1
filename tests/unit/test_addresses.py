"""E-mail addresses by their looks (email-verification, section 2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core.address_lists import BUILT_IN, AddressLists
from openenrich.core.addresses import (
    Address,
    Defect,
    flags_of,
    is_disposable,
    is_role,
    parse_address,
    typo_suggestion,
)


@pytest.mark.parametrize(
    ("text", "local", "domain"),
    [
        ("ada.quimby@example.com", "ada.quimby", "example.com"),
        ("  ada@example.com\n", "ada", "example.com"),
        ("Ada.Quimby@EXAMPLE.Com", "Ada.Quimby", "example.com"),
        ("ada+list@example.com", "ada+list", "example.com"),
        ("o'connor@example.com", "o'connor", "example.com"),
        ("!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~", "example.com"),
        ('"ada quimby"@example.com', '"ada quimby"', "example.com"),
        ('"ada@home"@example.com', '"ada@home"', "example.com"),
        ('"ada\\"q"@example.com', '"ada\\"q"', "example.com"),
        ("ada@bücher.example", "ada", "xn--bcher-kva.example"),
        ("ada@straße.example", "ada", "xn--strae-oqa.example"),
        ("ada@xn--bcher-kva.example", "ada", "xn--bcher-kva.example"),
        ("ada@www.example.com", "ada", "www.example.com"),
        ("ada@mail.example.co.uk", "ada", "mail.example.co.uk"),
        ("ada@r3---x.example", "ada", "r3---x.example"),
        ("a" * 64 + "@example.com", "a" * 64, "example.com"),
    ],
)
def test_a_sound_address_has_a_local_part_as_it_was_given_and_a_domain_for_the_dns(text: str, local: str, domain: str):
    assert parse_address(text) == Address(local=local, domain=domain)


@pytest.mark.parametrize("text", ["jürgen@example.com", "用户@example.com", "ирина@пример.example"])
def test_a_local_part_beyond_ascii_needs_a_server_that_can_write_it(text: str):
    address = parse_address(text)
    assert isinstance(address, Address)
    assert address.needs_smtputf8
    assert address.domain.isascii()


@pytest.mark.parametrize(
    ("text", "defect"),
    [
        ("", Defect.NO_AT),
        ("ada.example.com", Defect.NO_AT),
        ("@example.com", Defect.LOCAL_EMPTY),
        (".ada@example.com", Defect.LOCAL_PART),
        ("ada.@example.com", Defect.LOCAL_PART),
        ("ada..quimby@example.com", Defect.LOCAL_PART),
        ("ada quimby@example.com", Defect.LOCAL_PART),
        ("ada,quimby@example.com", Defect.LOCAL_PART),
        ("ada@quimby@example.com", Defect.LOCAL_PART),
        ("Ada <ada@example.com>", Defect.LOCAL_PART),
        ('"ada@example.com', Defect.LOCAL_PART),
        ("ada\u200b@example.com", Defect.LOCAL_PART),
        ("ada\u00a0q@example.com", Defect.LOCAL_PART),
        ("ada(home)@example.com", Defect.COMMENT),
        ("ada@(home)example.com", Defect.COMMENT),
        ("a" * 65 + "@example.com", Defect.LOCAL_TOO_LONG),
        ("ü" * 33 + "@example.com", Defect.LOCAL_TOO_LONG),
        ("ada@[192.0.2.1]", Defect.DOMAIN_LITERAL),
        ("ada@[IPv6:2001:db8::1]", Defect.DOMAIN_LITERAL),
        ("ada@192.0.2.1", Defect.DOMAIN),
        ("ada@localhost", Defect.DOMAIN),
        ("ada@", Defect.DOMAIN),
        ("ada@example", Defect.DOMAIN),
        ("ada@example.com.", Defect.DOMAIN),
        ("ada@-example.com", Defect.DOMAIN),
        ("ada@exa_mple.com", Defect.DOMAIN),
        ("ada@example..com", Defect.DOMAIN),
        ("ada@example.c", Defect.DOMAIN),
        ("ada@exam ple.com", Defect.DOMAIN),
        ("ada@example.com>", Defect.DOMAIN),
        ("ada@" + "a" * 64 + ".com", Defect.DOMAIN),
        ("a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".example", Defect.TOO_LONG),
    ],
)
def test_what_is_wrong_with_an_address_is_told(text: str, defect: Defect):
    assert parse_address(text) is defect


@given(st.text(max_size=400))
def test_any_text_is_an_address_or_has_a_defect(text: str):
    found = parse_address(text)
    assert isinstance(found, (Address, Defect))
    if isinstance(found, Address):
        assert parse_address(f"{found.local}@{found.domain}") == found
        assert found.domain.isascii()
        assert found.domain == found.domain.lower()


def test_spellings_of_one_mailbox_have_one_key():
    spellings = [
        parse_address(text) for text in ("Ada@Bücher.example", "ada@BÜCHER.example", "ADA@xn--bcher-kva.example")
    ]
    assert {address.key for address in spellings if isinstance(address, Address)} == {"ada@xn--bcher-kva.example"}


@pytest.mark.parametrize(
    "local",
    [
        "info",
        "Info",
        "sales",
        "sales.uk",
        "support+tickets",
        "no-reply",
        "noreply",
        "do-not-reply.support"[13:],
        "kontakt",
        "contacto",
        "hr",
        "team.sales",
        "accounts-payable",
        "office2",
        "fr.info",
    ],
)
def test_functions_are_roles(local: str):
    assert is_role(local)


@pytest.mark.parametrize(
    "local",
    ["ada", "ada.quimby", "a.quimby", "sales.ada", "ada.sales", "infomercial", "z", "42", "quimby-info-ada", "ze"],
)
def test_people_are_not_roles(local: str):
    assert not is_role(local)


def test_throw_away_domains_are_known_with_all_below_them_unless_allowed():
    assert is_disposable("mailinator.com")
    assert is_disposable("team.mailinator.com")
    assert not is_disposable("example.com")
    assert not is_disposable("notmailinator.com")
    lists = AddressLists(
        roles=frozenset(),
        disposable=frozenset({"mail.test"}),
        allowed=frozenset({"good.mail.test"}),
        dated="2026-10-01",
    )
    assert is_disposable("bad.mail.test", lists)
    assert not is_disposable("good.mail.test", lists)


def test_the_lists_have_a_date_and_no_strangers():
    assert BUILT_IN.dated
    assert all(word == word.lower() for word in BUILT_IN.roles | BUILT_IN.disposable)
    assert all("." in domain for domain in BUILT_IN.disposable)


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("hotmail.cmo", "hotmail.com"),
        ("outlok.com", "outlook.com"),
        ("yaho.com", "yahoo.com"),
        ("yahoo.com", None),
        ("gmail.com", None),
        ("mail.com", None),
        ("ymail.com", None),
        ("cloud.com", None),
        ("example.com", None),
        ("grail.example.com", None),
        ("gmail.example.com", None),
        ("max.de", None),
    ],
)
def test_a_slip_of_the_finger_at_a_free_mail_domain_is_guessed(domain: str, meant: str | None):
    assert typo_suggestion(domain) == meant


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("ada.quimby@example.com", set()),
        ("info@example.com", {"role"}),
        ("ada@gmail.com", {"free_provider"}),
        ("info@mailinator.com", {"role", "disposable"}),
        ("jürgen@example.com", {"smtputf8"}),
        ("ada@gmial.com", {"typo_suggestion:gmail.com"}),
    ],
)
def test_what_can_be_seen_without_asking_is_flagged(text: str, flags: set[str]):
    address = parse_address(text)
    assert isinstance(address, Address)
    assert flags_of(address) == flags
