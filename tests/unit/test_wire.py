"""The bytes of rows and envelopes: nothing but the contract, and never a null."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_server import assert_no_null
from openenrich.core.contact import LineStatus, LineType
from openenrich.core.outcome import BatchStatus, Email, EmailStatus, Outcome
from openenrich.core.phone import Phone
from openenrich.core.profile import Employment, Employments, Network, Profile, SocialProfiles
from openenrich.engine.ports import BatchView
from openenrich.web.wire import Enrichment, Row, V2Wire

ID = UUID("8d0f6c1e-5b1a-4a53-9a55-0d8f2f6b7c10")
MOBILE = Phone("+44 7700 900123", "+447700900123", "GB", LineType.MOBILE, may_be_mobile=True, status=LineStatus.ACTIVE)
DESK = Phone("+44 1632 960123", "+441632960123", "GB", LineType.LANDLINE)
GOOD = Email("mira.okafor@northwind.example.com", EmailStatus.DELIVERABLE)
BAD = Email("m.okafor@northwind.example.com", EmailStatus.INVALID)


def row_of(outcome: Outcome, wire: V2Wire | None = None, custom: bytes = b"{}") -> Any:
    return msgspec.json.decode((wire or V2Wire()).record(b'{"first_name":"Mira"}', custom, outcome))


def test_a_row_with_everything_is_the_example_of_the_contract() -> None:
    outcome = Outcome(
        work_emails=(GOOD, BAD),
        phones=(MOBILE, DESK),
        best_work_email=GOOD,
        best_phone=MOBILE,
        profile=Profile(id=str(ID), full_name="Mira Okafor"),
    )
    assert row_of(outcome, custom=b'{"crm_id":"8841"}') == {
        "input": {"first_name": "Mira"},
        "custom": {"crm_id": "8841"},
        "contact_info": {
            "most_probable_work_email": {"email": "mira.okafor@northwind.example.com", "status": "DELIVERABLE"},
            "most_probable_phone": {
                "number": "+44 7700 900123",
                "region": "GB",
                "line_type": "MOBILE",
                "line_status": "ACTIVE",
            },
            "work_emails": [
                {"email": "mira.okafor@northwind.example.com", "status": "DELIVERABLE"},
                {"email": "m.okafor@northwind.example.com", "status": "INVALID"},
            ],
            "personal_emails": [],
            "phones": [
                {"number": "+44 7700 900123", "region": "GB", "line_type": "MOBILE", "line_status": "ACTIVE"},
                {"number": "+44 1632 960123", "region": "GB", "line_type": "LANDLINE", "line_status": "UNKNOWN"},
            ],
        },
        "profile": {"id": str(ID), "full_name": "Mira Okafor"},
    }


def test_a_row_of_nothing_keeps_its_lists_and_has_no_profile() -> None:
    assert row_of(Outcome()) == {
        "input": {"first_name": "Mira"},
        "custom": {},
        "contact_info": {"work_emails": [], "personal_emails": [], "phones": []},
    }


def test_a_profile_that_says_nothing_is_left_out() -> None:
    assert "profile" not in row_of(Outcome(profile=Profile()))


def test_numbers_leave_in_the_configured_spelling() -> None:
    info = row_of(Outcome(phones=(MOBILE,), best_phone=MOBILE), V2Wire("e164"))["contact_info"]
    assert info["phones"][0]["number"] == info["most_probable_phone"]["number"] == "+447700900123"


def test_both_names_of_the_social_profile_carry_the_same_content() -> None:
    network = Network(url="https://www.linkedin.com/in/mira-okafor-example", handle="mira-okafor-example")
    social = row_of(Outcome(profile=Profile(social_profiles=SocialProfiles.of(network))))["profile"]["social_profiles"]
    assert social["professional_network"] == social["linkedin"]


def test_an_empty_list_inside_a_profile_stays_a_list() -> None:
    profile = Profile(skills=(), employment=Employments(current=Employment(title="Head"), all=()))
    assert row_of(Outcome(profile=profile))["profile"] == {
        "skills": [],
        "employment": {"current": {"title": "Head"}, "all": []},
    }


@given(outcome=st.from_type(Outcome), custom=st.dictionaries(st.text(), st.text()))
def test_no_outcome_whatever_puts_a_null_into_a_row_or_leaves_the_contract(
    outcome: Outcome, custom: dict[str, str]
) -> None:
    raw = V2Wire().record(b"{}", msgspec.json.encode(custom), outcome)
    row = msgspec.json.decode(raw)
    assert_no_null(row)
    assert row["custom"] == custom
    assert row.keys() <= {"input", "custom", "contact_info", "profile"}
    assert {"work_emails", "personal_emails", "phones"} <= row["contact_info"].keys()
    documented = msgspec.json.decode(raw, type=Row)
    assert documented.contact_info.work_emails == outcome.work_emails
    assert documented.profile in {outcome.profile, None}


@pytest.mark.parametrize(
    ("thousandths", "written"),
    [(0, b"0"), (14_000, b"14"), (250, b"0.25"), (1_250, b"1.25"), (10**15, b"1" + b"0" * 12)],
)
def test_whole_credits_are_written_as_integers(thousandths: int, written: bytes) -> None:
    body = V2Wire().body(BatchView(ID, "n", BatchStatus.FINISHED, thousandths), with_data=False)
    assert b'"cost":{"credits":' + written + b"}" in body


def test_the_envelope_joins_its_rows_as_they_were_stored() -> None:
    view = BatchView(ID, 'Stand "12"', BatchStatus.FINISHED, 1000, (b'{"input":{},"z":1}', b"{}"))
    assert V2Wire().body(view, with_data=True) == (
        b'{"id":"8d0f6c1e-5b1a-4a53-9a55-0d8f2f6b7c10","name":"Stand \\"12\\"","status":"FINISHED",'
        b'"cost":{"credits":1},"data":[{"input":{},"z":1},{}]}'
    )


def test_the_envelope_without_data_has_no_such_key() -> None:
    view = BatchView(ID, "n", BatchStatus.IN_PROGRESS, 0, (b"{}",))
    assert V2Wire().body(view, with_data=False) == (
        b'{"id":"8d0f6c1e-5b1a-4a53-9a55-0d8f2f6b7c10","name":"n","status":"IN_PROGRESS","cost":{"credits":0}}'
    )


def test_data_is_a_list_also_when_there_is_no_row() -> None:
    body = V2Wire().body(BatchView(ID, "n", BatchStatus.CANCELED, 0), with_data=True)
    assert msgspec.json.decode(body)["data"] == []


@given(name=st.text(), status=st.sampled_from(BatchStatus), credits_=st.integers(0, 10**9))
def test_every_envelope_reads_as_documented(name: str, status: BatchStatus, credits_: int) -> None:
    wire = V2Wire()
    view = BatchView(ID, name, status, credits_, (wire.record(b"{}", b"{}", Outcome()),))
    documented = msgspec.json.decode(wire.body(view, with_data=True), type=Enrichment)
    assert (documented.id, documented.name, documented.status) == (str(ID), name, status)
    assert documented.data is not None
    assert len(documented.data) == 1
