"""Host names out of what people type, and hosts where anybody has a mailbox."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core import domains


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("northwind.example.com", "northwind.example.com"),
        ("  Northwind.Example.COM. ", "northwind.example.com"),
        ("https://www.northwind.example.com/about?x=1#y", "northwind.example.com"),
        ("http://northwind.example.com:8080", "northwind.example.com"),
        ("https://user:pass@northwind.example.com/a@b", "northwind.example.com"),
        ("//northwind.example.com", "northwind.example.com"),
        ("www.example.com", "example.com"),
        ("www.www.example.com", "example.com"),
        ("www.com", "www.com"),
        ("www.co.uk", "www.co.uk"),
        ("www2.example.com", "www2.example.com"),
        ("mira.okafor@northwind.example.com", "northwind.example.com"),
        ("mailto:mira@example.org", "example.org"),
        ("müller.example", "xn--mller-kva.example"),
        ("MÜLLER.example", "xn--mller-kva.example"),
        ("xn--mller-kva.example", "xn--mller-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("ｗｗｗ．example。com", "example.com"),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("r3---x.example.com", "r3---x.example.com"),
        ("3m.example", "3m.example"),
    ],
)
def test_a_host_name_is_found_in_what_people_type(text: str, expected: str) -> None:
    assert domains.domain(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "localhost",
        "Northwind Example",
        "a.com, b.com",
        "example",
        "https://",
        "http:/example.com",
        "192.0.2.1",
        "http://192.0.2.1/x",
        "[2001:db8::1]",
        "2001:db8::1",
        "-bad.example.com",
        "bad-.example.com",
        "a..example.com",
        ".example.com",
        "under_score.example.com",
        "example.123",
        "example.c",
        "xn--a.example",
        "a" * 64 + ".example.com",
        ".".join(["a" * 60] * 5) + ".com",
        "mira@",
        "@",
        "n/a",
        "ex!ample.com",
    ],
)
def test_what_cannot_be_a_host_name_is_refused(text: str) -> None:
    assert domains.domain(text) is None


@given(st.one_of(st.text(), st.from_regex(r"(https?://)?(www\.)?[\w.-]+\.[a-z]{2,5}(/.*)?", fullmatch=True)))
def test_reading_a_domain_twice_changes_nothing(text: str) -> None:
    domain = domains.domain(text)
    if domain is not None:
        assert domains.domain(domain) == domain
        assert domain.isascii()
        assert domain == domain.lower()


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("mail.eu.example.com", "example.com"),
        ("example.co.uk", "example.co.uk"),
        ("shop.example.co.uk", "example.co.uk"),
        ("northwind.test", "northwind.test"),
        ("co.uk", None),
    ],
)
def test_the_registrable_part_follows_the_public_suffix_list(domain: str, expected: str | None) -> None:
    assert domains.registrable(domain) == expected


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "outlook.fr",
        "hotmail.co.uk",
        "live.com.au",
        "live.nl",
        "msn.com",
        "yahoo.com",
        "yahoo.co.jp",
        "yahoo.com.br",
        "yahoo.de",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "mail.ru",
        "yandex.ru",
        "proton.me",
        "protonmail.com",
        "zoho.com",
        "qq.com",
        "163.com",
        "126.com",
        "orange.fr",
        "free.fr",
        "laposte.net",
        "libero.it",
        "t-online.de",
        "naver.com",
        "seznam.cz",
        "wp.pl",
        "o2.pl",
        "interia.pl",
        "bigpond.com",
        "comcast.net",
        "freemail.test",
        "postbox.test",
    ],
)
def test_free_mail_hosts_are_known(domain: str) -> None:
    assert domains.is_free_mail(domain)


@pytest.mark.parametrize(
    "domain",
    [
        "northwind.example.com",
        "live.northwind.com",
        "mygmail.com",
        "gmail.com.example.org",
        "outlook.example.com",
        "yahoo.northwind.co.uk",
        "test.example.com",
        "",
    ],
)
def test_company_hosts_are_not_free_mail(domain: str) -> None:
    assert not domains.is_free_mail(domain)
