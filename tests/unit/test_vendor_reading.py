"""What all vendors share: how they are discovered, what a plain status means, and what a job is."""

from types import ModuleType

import pytest

import vendor_cases
from openenrich.core.contact import Contact
from openenrich.core.vendor import HttpResponse, Pending, Reason, Refused, Style
from openenrich.vendors import _discover, hunter, icypeas
from openenrich.vendors._discover import VendorAdapter, adapter_of, discover
from openenrich.vendors._jobs import job
from openenrich.vendors._statuses import poll_refusal, refusal
from vendor_cases import Answer, Case, PollCase


def module_with(**members: object) -> ModuleType:
    module = ModuleType("openenrich.vendors.newcomer")
    vars(module).update(members)
    return module


def test_the_vendors_are_the_modules_without_an_underscore_in_alphabetical_order() -> None:
    names = list(discover())
    assert names == sorted(names)
    assert {"directory", "hunter"} <= set(names)
    assert not [name for name in names if name.startswith("_")]
    assert discover() is discover()


def test_a_module_without_its_parts_is_told_what_to_write() -> None:
    with pytest.raises(TypeError) as caught:
        adapter_of(module_with(request=hunter.request))
    assert "VENDOR = Vendor(" in str(caught.value)
    assert "def read(ask: Ask, response: HttpResponse) -> Reply" in str(caught.value)
    assert "def request" not in str(caught.value)


def test_a_declaration_of_another_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="VENDOR must be a Vendor"):
        adapter_of(module_with(VENDOR="hunter", request=hunter.request, read=hunter.read))


def test_a_polled_vendor_is_told_to_write_its_poll() -> None:
    assert icypeas.VENDOR.style is Style.POLLED
    with pytest.raises(TypeError, match=r"def poll\(tokens.*def read_poll\(tokens"):
        adapter_of(module_with(VENDOR=icypeas.VENDOR, request=icypeas.request, read=icypeas.read))


def test_what_a_module_does_not_have_is_none() -> None:
    adapter = adapter_of(module_with(VENDOR=hunter.VENDOR, request=hunter.request, read=hunter.read))
    assert adapter == VendorAdapter(hunter.VENDOR, hunter.request, hunter.read)
    assert _discover.adapter_of(hunter).balance is hunter.balance


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_good_status_is_no_refusal(status: int) -> None:
    assert refusal(HttpResponse(status, b"")) is None
    assert poll_refusal(["j1"], HttpResponse(status, b"")) is None


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, Reason.INPUT_REFUSED),
        (401, Reason.BAD_KEY),
        (402, Reason.NO_CREDIT),
        (403, Reason.BAD_KEY),
        (422, Reason.INPUT_REFUSED),
        (429, Reason.RATE_LIMITED),
        (451, Reason.SUPPRESSED),
        (500, Reason.UNAVAILABLE),
        (503, Reason.UNAVAILABLE),
        (302, Reason.UNAVAILABLE),
        (404, Reason.UNAVAILABLE),
        (418, Reason.UNAVAILABLE),
    ],
)
def test_a_plain_status_has_one_meaning(status: int, reason: Reason) -> None:
    refused = Refused(reason, code=str(status))
    assert refusal(HttpResponse(status, b"")) == refused
    assert poll_refusal(["j1", "j2"], HttpResponse(status, b"")) == {"j1": refused, "j2": refused}


def test_the_vendors_own_table_comes_first() -> None:
    table = {403: Reason.RATE_LIMITED, 429: Reason.NO_CREDIT}
    answer = HttpResponse(403, b"", {"retry-after": "9"})
    assert refusal(answer, table) == Refused(Reason.RATE_LIMITED, after_s=9.0, code="403")
    assert refusal(HttpResponse(429, b"", {"retry-after": "9"}), table) == Refused(Reason.NO_CREDIT, code="429")


@pytest.mark.parametrize("token", [None, ""])
def test_a_submission_that_names_no_job_is_unreadable_and_never_repeated(token: str | None) -> None:
    with pytest.raises(ValueError, match="without naming its job"):
        job(icypeas.VENDOR, token)
    assert job(icypeas.VENDOR, "j1") == Pending("j1", after_s=icypeas.VENDOR.poll_every_s)


@pytest.mark.parametrize(
    "label", ["bad_key", "not_found", "pending", "malformed", "returns:phone", "needs:linkedin_handle", "nonsense"]
)
def test_a_label_in_a_data_file_cannot_lie(label: str) -> None:
    reply: dict[str, object] = {"type": "found", "values": {"emails": [{"address": "ava.chen@example.com"}]}}
    contact = Contact(first_name="Ava", last_name="Chen", domain="example.com")
    case = Case("a hit", [label], contact=contact, response=Answer(200), reply=reply)
    assert vendor_cases.truth_of(discover()["hunter"], case, "returns:work_email")
    assert not vendor_cases.truth_of(discover()["hunter"], case, label)


def test_several_jobs_are_pending_as_soon_as_one_of_them_is() -> None:
    answer = Answer(200, json={"success": True, "items": []})
    open_case = Case("one is open", ["pending"], poll=PollCase(["i1", "i2"], answer, {"i1": {"type": "not_found"}}))
    done_case = Case("all are done", ["pending"], poll=PollCase(["i1"], answer, {"i1": {"type": "not_found"}}))
    assert vendor_cases.truth_of(discover()["icypeas"], open_case, "pending")
    assert not vendor_cases.truth_of(discover()["icypeas"], done_case, "pending")
