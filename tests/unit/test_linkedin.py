"""Section 5.3: every spelling of a profile that is accepted, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core import linkedin

MEMBER = "ACwAACLLwaIBKi655883b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://www.linkedin.com/in/mira-okafor-example", "mira-okafor-example"),
        ("http://www.linkedin.com/in/mira-okafor-example", "mira-okafor-example"),
        ("linkedin.com/in/mira-okafor-example", "mira-okafor-example"),
        ("www.linkedin.com/in/mira-okafor-example/", "mira-okafor-example"),
        ("//www.linkedin.com/in/mira", "mira"),
        ("HTTPS://WWW.LinkedIn.COM/IN/Mira-Okafor", "mira-okafor"),
        ("https://fr.linkedin.com/in/mira", "mira"),
        ("https://m.linkedin.com/in/mira", "mira"),
        ("https://www.linkedin.com:443/in/mira", "mira"),
        ("https://www.linkedin.com/in/mira/en", "mira"),
        ("https://www.linkedin.com/in/mira/de-de/", "mira"),
        ("https://www.linkedin.com/in/mira/details/experience/", "mira"),
        ("https://www.linkedin.com/in/mira?utm_source=a/b&x=y", "mira"),
        ("https://www.linkedin.com/in/mira/#about", "mira"),
        ("  https://www.linkedin.com/in/mira \n", "mira"),
        ("https://www.linkedin.com//in//mira", "mira"),
        ("https://www.linkedin.com/in/zo%C3%A9-m%C3%BCller-12", "zoé-müller-12"),
        ("https://www.linkedin.com/in/zo%C3%89", "zoé"),
        ("https://www.linkedin.com/in/zoe\u0301", "zoé"),
        ("https://www.linkedin.com/in/%E7%8E%8B", "王"),
        ("https://www.linkedin.com/in/x", "x"),
        (f"https://www.linkedin.com/in/{MEMBER}", MEMBER),
        ("https://www.linkedin.com/in/ACoAAB12cDeFgHiJkLmN", "ACoAAB12cDeFgHiJkLmN"),
        (f"https://www.linkedin.com/sales/lead/{MEMBER},NAME_SEARCH,x1Yz", MEMBER),
        (f"https://www.linkedin.com/sales/lead/{MEMBER}", MEMBER),
        (f"linkedin.com/sales/people/{MEMBER},NAME_SEARCH?_ntb=1", MEMBER),
        (f"https://www.linkedin.com/sales/lead/{MEMBER}%2CNAME_SEARCH", None),
    ],
)
def test_every_accepted_spelling_gives_the_same_handle(text: str, expected: str | None) -> None:
    assert linkedin.handle(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "demoge",
        "/in/demoge",
        "in/demoge",
        "https://www.linkedin.com",
        "https://www.linkedin.com/",
        "https://www.linkedin.com/in/",
        "https://www.linkedin.com/in",
        "https://www.linkedin.com/company/northwind",
        "https://www.linkedin.com/school/example",
        "https://www.linkedin.com/pub/mira-okafor/1/2/3",
        "https://www.linkedin.com/feed/",
        "https://www.linkedin.com/sales/search/people",
        "https://www.linkedin.com/sales/lead/",
        "https://www.linkedin.com/sales/lead/,NAME_SEARCH",
        "https://evil-linkedin.com/in/mira",
        "https://linkedin.com.example.org/in/mira",
        "https://user@linkedin.com/in/mira",
        "https://example.com/linkedin.com/in/mira",
        "https://example.com/?u=https://www.linkedin.com/in/mira",
        "ftp://linkedin.com/in/mira",
        "https://www.linkedin.com/in/mira okafor",
        "https://www.linkedin.com/in/%FF%FE",
        "https://www.linkedin.com/in/100%",
        "https://www.linkedin.com/in/a%2Fb",
        "https://www.linkedin.com/in/---",
        "https://www.linkedin.com/in/" + "a" * 101,
        "not a url",
        "n/a",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    assert linkedin.handle(text) is None


@pytest.mark.parametrize("handle", [MEMBER, "ACoAAB12cDeFgHiJkLmN", "AEMAAByM4cIB0aaaBBBcccDDDeee"])
def test_member_ids_keep_their_case(handle: str) -> None:
    assert linkedin.is_member_id(handle)
    assert linkedin.handle(linkedin.url(handle)) == handle


@pytest.mark.parametrize("handle", ["acwaacllwa", "mira", "ACosta", "ACworth-Smith", "ABRAHAM-LINCOLN", "ACw", ""])
def test_chosen_handles_are_not_taken_for_member_ids(handle: str) -> None:
    assert not linkedin.is_member_id(handle)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://www.linkedin.com/company/Northwind-Example/about/", "northwind-example"),
        ("linkedin.com/company/12345?trk=x", "12345"),
        ("https://www.linkedin.com/school/example-university/", "example-university"),
        ("https://www.linkedin.com/sales/company/12345", "12345"),
        ("https://www.linkedin.com/in/mira", None),
        ("https://example.com/company/northwind", None),
        ("northwind", None),
        ("", None),
    ],
)
def test_company_pages_have_handles_too(text: str, expected: str | None) -> None:
    assert linkedin.company_handle(text) == expected


@given(st.text(min_size=1, max_size=30), st.sampled_from(["in/", "sales/lead/", "sales/people/"]))
def test_reading_the_canonical_address_changes_nothing(slug: str, kind: str) -> None:
    handle = linkedin.handle(f"https://www.linkedin.com/{kind}{slug}")
    if handle is not None:
        assert linkedin.handle(linkedin.url(handle)) == handle


@given(st.text())
def test_no_text_makes_it_stumble(text: str) -> None:
    assert linkedin.handle(text) != ""
    assert linkedin.company_handle(text) != ""
