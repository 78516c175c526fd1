"""Reading a POST: every spelling that clients send means the same, and no body whatever breaks the reader."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api_server import assert_no_null, body_of, contact
from openenrich.core.contact import Field
from openenrich.engine.ports import Caller, NewBatch
from openenrich.web.errors import ApiError, Refusal
from openenrich.web.intake import ContactRequest, EnrichmentRequest, IntakeRules, check, decode

CALLER = Caller(UUID(int=1), UUID(int=2), rate_limit=60, used=1)
PROFILE = "https://www.linkedin.com/in/mira-okafor-example"


def batch_of(body: Any, *, silent: bool = False, rules: IntakeRules | None = None) -> NewBatch:
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return check(decode(raw), CALLER, rules or IntakeRules(), silent=silent)


def refusal_of(raw: bytes, *, silent: bool = False) -> ApiError | None:
    try:
        batch_of(raw, silent=silent)
    except Refusal as refusal:
        return refusal.error
    return None


FULL = {
    "first_name": "Mira",
    "last_name": "Okafor",
    "domain": "northwind.example.com",
    "company_name": "Northwind Example",
    "linkedin_url": PROFILE,
    "enrich_fields": ["contact.work_emails"],
}


@pytest.mark.parametrize(
    ("usual", "other"),
    [
        ("first_name", "firstname"),
        ("last_name", "lastname"),
        ("domain", "company_domain"),
        ("company_name", "company"),
        ("linkedin_url", "professional_network_url"),
    ],
)
def test_the_other_spelling_of_a_member_means_the_same(usual: str, other: str) -> None:
    renamed = {other if name == usual else name: value for name, value in FULL.items()}
    also_blank = renamed | {usual: " "}
    both = FULL | {other: "something-else.example.org"}
    expected = batch_of(body_of(FULL))
    assert [batch_of(body_of(row)) for row in (renamed, also_blank, both)] == [expected] * 3


@pytest.mark.parametrize("member", ["full_name", "fullname"])
@pytest.mark.parametrize("given_too", [{}, {"first_name": "Mira"}, {"last_name": "Okafor"}, {"first_name": ""}])
def test_a_full_name_fills_the_names_that_are_missing(member: str, given_too: dict[str, str]) -> None:
    rest = {name: value for name, value in FULL.items() if not name.endswith("t_name")}
    assert batch_of(body_of(rest | {member: "Mira Okafor"} | given_too)) == batch_of(body_of(FULL))


def test_datas_is_read_when_there_is_no_data() -> None:
    expected = batch_of(body_of(FULL))
    assert batch_of({"name": "Spring fair", "datas": [FULL]}) == expected
    assert batch_of({"name": "Spring fair", "data": [], "datas": [FULL]}) == expected
    assert batch_of({"name": "Spring fair", "data": [FULL], "datas": [{}]}) == expected


def test_the_old_word_for_work_emails_means_the_same() -> None:
    row = contact(enrich_fields=["contact.emails", "contact.work_emails", "contact.phones", "contact.phones"])
    assert batch_of(body_of(row)).contacts[0].wanted == {Field.WORK_EMAIL, Field.PHONE}


def test_kinds_at_the_top_serve_the_contacts_that_have_none() -> None:
    rows = contact(enrich_fields=None), contact(enrich_fields=[]), contact()
    batch = batch_of(body_of(*rows, enrich_fields=["contact.phones"]))
    assert [row.wanted for row in batch.contacts] == [{Field.PHONE}, {Field.PHONE}, {Field.WORK_EMAIL}]


@pytest.mark.parametrize("nothing", [None, {}, [], ""])
def test_custom_that_says_nothing_is_an_empty_object(nothing: Any) -> None:
    row = contact() | {"custom": nothing}
    assert batch_of(body_of(row)).contacts[0].custom == b"{}"


@pytest.mark.parametrize("something", [["x"], "x", 5])
def test_custom_that_is_no_object_is_a_bad_request(something: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        batch_of(body_of(contact(custom=something)))
    assert refusal.value.error.code == "error.bad_request"
    assert refusal.value.error.message.startswith("data[0].custom: expected ")


def test_twenty_keys_of_a_hundred_characters_with_values_as_long_are_accepted() -> None:
    custom = {f"{at:0>100}": "\U0001f600" * 100 for at in range(20)}
    [row] = batch_of(body_of(contact(custom=custom))).contacts
    assert msgspec.json.decode(row.custom) == custom


@given(custom=st.dictionaries(st.text(max_size=100), st.text(max_size=100), max_size=20))
def test_custom_keeps_its_keys_their_order_and_its_strings(custom: dict[str, str]) -> None:
    [row] = batch_of(body_of(contact(custom=custom))).contacts
    assert list(msgspec.json.decode(row.custom).items()) == list(custom.items())


def test_the_name_of_a_batch_is_kept_as_written() -> None:
    assert batch_of(body_of(name="  Spring\tfair ")).name == "  Spring\tfair "


def test_the_character_that_a_database_refuses_is_dropped() -> None:
    batch = batch_of(body_of(contact(first_name="Mi\x00ra"), name="Spring\x00 fair", webhook_url="https://x.test/\x00"))
    [row] = batch.contacts
    assert (batch.name, batch.webhook_url) == ("Spring fair", "https://x.test/")
    assert row.contact is not None
    assert row.contact.first_name == "Mira"
    with pytest.raises(Refusal):
        batch_of(body_of(name="\x00 "))


def test_what_is_echoed_is_the_callers_own_spelling_trimmed() -> None:
    row = contact(first_name=" MIRA ", last_name="Okafor, PhD", domain="WWW.Northwind.example.com ")
    [accepted] = batch_of(body_of(row)).contacts
    assert msgspec.json.decode(accepted.input) == {
        "first_name": "MIRA",
        "last_name": "Okafor, PhD",
        "full_name": "MIRA Okafor, PhD",
        "company_domain": "WWW.Northwind.example.com",
    }


def test_a_name_beside_a_profile_url_may_be_half() -> None:
    [row] = batch_of(
        body_of({"linkedin_url": PROFILE, "first_name": "Mira", "enrich_fields": ["contact.phones"]})
    ).contacts
    assert msgspec.json.decode(row.input)["full_name"] == "Mira"


def test_a_long_unknown_kind_is_cut_in_the_message() -> None:
    with pytest.raises(Refusal) as refusal:
        batch_of(body_of(contact(enrich_fields=["x" * 5000])))
    assert len(refusal.value.error.message) < 250


words = st.none() | st.text(max_size=12) | st.sampled_from([PROFILE, "northwind.example.com", "https://", "x y"])
rows = st.fixed_dictionaries(
    {},
    optional={name: words for name in ContactRequest.__struct_fields__ if name not in {"enrich_fields", "custom"}}
    | {
        "enrich_fields": st.lists(st.sampled_from(["contact.phones", "contact.emails", "x"]), max_size=3),
        "custom": st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers(), max_size=3),
    },
)
bodies = st.fixed_dictionaries(
    {"name": words, "data": st.lists(rows, max_size=4)}, optional={"webhook_url": words, "more": words}
)


@given(body=bodies, silent=st.booleans())
def test_a_body_of_the_right_types_is_accepted_row_by_row_or_refused_in_documented_words(
    body: dict[str, Any],
    silent: bool,  # noqa: FBT001 - hypothesis fills it in
) -> None:
    raw = msgspec.json.encode(body)
    refused = refusal_of(raw, silent=silent)
    if refused:
        assert refused.status == 400
        assert not silent or refused.code.split(".")[2] in {"name", "webhook_url", "data"}
        return
    batch = batch_of(raw, silent=silent)
    assert len(batch.contacts) == len(body["data"])
    for row in batch.contacts:
        assert (row.contact is None) == (row.wanted == frozenset())
        assert_no_null(msgspec.json.decode(row.input))
        assert all(isinstance(value, str) for value in msgspec.json.decode(row.custom).values())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*EnrichmentRequest.__struct_fields__, "x"]), inner, max_size=3)
    ),
)


@given(raw=st.binary() | json_values.map(msgspec.json.encode))
@example(raw=b'{"name":"\\ud83d\\ude00"}')
@example(raw=b'{"name":"\\udc00\\ud800"}')
@example(raw=b'{"name":1e400}')
def test_no_body_whatever_breaks_the_reader(raw: bytes) -> None:
    refused = refusal_of(raw)
    assert refused is None or refused.status == 400
