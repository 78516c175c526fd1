"""Every vendor of the package keeps the vendor contract, and its data file proves it.

Nothing is registered here: the vendors are discovered, their cases are read from ``tests/vendors``, and what is missing
is said in words.
"""

import json
import re

import pytest

import vendor_cases
from openenrich.core.contact import Contact, EmailClaim, Field, Known
from openenrich.core.vendor import (
    Adapter,
    Ask,
    Charge,
    Found,
    HeaderKey,
    HttpRequest,
    HttpResponse,
    NotFound,
    Operation,
    Pending,
    Refused,
    Repeat,
    Style,
)
from openenrich.vendors._discover import discover
from vendor_cases import BINARY, RAISES, SHAPE_ERRORS, Case, Expected, VendorCases, as_written, ask_of, encoded

ADAPTERS: dict[str, Adapter] = dict(discover())
CASES: dict[str, VendorCases] = {name: vendor_cases.cases_of(name) for name in ADAPTERS}
REGIONS = {"EU", "US", "UK", "local", "unknown"}
SECRET_NAME = re.compile(r"auth|key|token|secret|cookie|password", re.IGNORECASE)
CODE = re.compile(r"[A-Za-z0-9_.-]{0,60}")
MARKED = Contact(
    first_name="Zaphira",
    last_name="Quellmann",
    domain="quellwerk.example.org",
    company_name="Quellwerk",
    linkedin_handle="zaphira-q-0042",
    company_handle="qw-0815",
    work_email="z.q@mail.example.net",
)
CALLBACK_URL = "https://enrich.example.org/callbacks/x/opaque"

every_vendor = pytest.mark.parametrize("name", ADAPTERS)
every_case = pytest.mark.parametrize(
    ("name", "case"),
    [pytest.param(name, case, id=f"{name}: {case.name}") for name, file in CASES.items() for case in file.cases],
)
every_question = pytest.mark.parametrize(
    ("name", "operation", "need"),
    [
        pytest.param(name, operation, need, id=f"{name}.{operation.name}({'+'.join(sorted(need))})")
        for name, adapter in ADAPTERS.items()
        for operation in adapter.vendor.operations
        for need in operation.needs
    ],
)


def question(name: str, operation: Operation, told: frozenset[Known]) -> HttpRequest:
    return ADAPTERS[name].request(Ask(operation.name, MARKED.only(told), callback_url=CALLBACK_URL))


def mentions(request: HttpRequest, item: Known) -> bool:
    text = json.dumps([request.path, dict(request.query), request.json, dict(request.form or {})])
    return str(getattr(MARKED, item.value)) in text


def test_there_are_vendors_and_every_data_file_belongs_to_one() -> None:
    assert ADAPTERS
    assert not set(vendor_cases.names()) - set(ADAPTERS), "data files in tests/vendors without a vendor of that name"


@every_vendor
def test_the_cases_cover_everything_that_is_declared(name: str) -> None:
    adapter = ADAPTERS[name]
    covered = {label for case in CASES[name].cases for label in vendor_cases.labels_of(adapter, case)}
    missing = sorted(vendor_cases.labels_needed(adapter) - covered)
    assert not missing, f"tests/vendors/{name}.json has no case that covers: {', '.join(missing)}"
    declared = adapter.balance is not None
    assert (CASES[name].balance is not None) == declared, f"tests/vendors/{name}.json: balance declared is {declared}"


@every_case
def test_the_labels_of_a_case_are_true(name: str, case: Case) -> None:
    assert case.covers, "say what the case is there for"
    lies = [label for label in case.covers if not vendor_cases.truth_of(ADAPTERS[name], case, label)]
    assert not lies, f"the case does not show: {', '.join(lies)}"


@every_case
def test_the_question_is_built_as_recorded(name: str, case: Case) -> None:
    built, expected = built_by(ADAPTERS[name], case)
    assert expected is None or (built is not None and as_written(built) == encoded(expected))


def built_by(adapter: Adapter, case: Case) -> tuple[HttpRequest | None, Expected | None]:
    """What the adapter asks in this case, and what is recorded."""
    if case.poll is not None:
        assert adapter.poll, f"{adapter.vendor.name} has no poll(tokens)"
        return adapter.poll(case.poll.tokens), case.poll.request
    if case.batch is not None:
        assert adapter.request_batch, f"{adapter.vendor.name} has no request_batch(asks)"
        return adapter.request_batch(vendor_cases.asks_of(adapter, case)), case.batch.request
    if case.redeem is not None:
        assert adapter.redeem, f"{adapter.vendor.name} has no redeem(ask, token)"
        return adapter.redeem(*vendor_cases.redemption_of(adapter, case)), case.redeem.request
    if case.callback is not None:
        return None, None
    assert case.response, "a case has a response, or a poll, a batch, a redeem or a callback"
    return adapter.request(ask_of(adapter, case)), case.request


@every_case
def test_the_answer_is_read_as_recorded(name: str, case: Case) -> None:
    try:
        got, expected = read_by(ADAPTERS[name], case)
    except SHAPE_ERRORS:
        got, expected = (
            RAISES,
            next(
                part
                for part in (
                    case.poll and case.poll.replies,
                    case.batch and case.batch.replies,
                    case.redeem and case.redeem.reply,
                    case.callback and case.callback.replies,
                    case.reply,
                )
                if part
            ),
        )
    assert got == expected


def read_by(adapter: Adapter, case: Case) -> tuple[object, object]:
    """What the adapter makes of the recorded answer, and what is expected."""
    name = adapter.vendor.name
    if case.poll is not None:
        assert adapter.read_poll, f"{name} has no read_poll(tokens, response)"
        return encoded(adapter.read_poll(case.poll.tokens, case.poll.response.response)), case.poll.replies
    if case.batch is not None:
        assert adapter.read_batch, f"{name} has no read_batch(asks, response)"
        asks = vendor_cases.asks_of(adapter, case)
        return encoded(adapter.read_batch(asks, case.batch.response.response)), case.batch.replies
    if case.redeem is not None:
        assert adapter.read_redeem, f"{name} has no read_redeem(ask, token, response)"
        ask, token = vendor_cases.redemption_of(adapter, case)
        return encoded(adapter.read_redeem(ask, token, case.redeem.response.response)), case.redeem.reply
    if case.callback is not None:
        assert adapter.read_callback, f"{name} has no read_callback(tokens, callback)"
        return encoded(adapter.read_callback(case.callback.tokens, case.callback.callback)), case.callback.replies
    assert case.response
    return encoded(adapter.read(ask_of(adapter, case), case.response.response)), case.reply


@every_case
def test_a_job_is_never_without_its_number(name: str, case: Case) -> None:
    vendor = ADAPTERS[name].vendor
    if vendor.style_of(vendor_cases.operation_of(ADAPTERS[name], case)) not in {Style.SYNC, Style.LOCAL}:
        nameless = [reply for reply in vendor_cases.replies_of(case) if isinstance(reply, Pending) and not reply.token]
        assert not nameless, "an empty token means: repeat the submission, which may be charged twice"


@every_case
def test_what_is_found_was_declared(name: str, case: Case) -> None:
    operation = vendor_cases.operation_of(ADAPTERS[name], case)
    for reply in vendor_cases.replies_of(case):
        if isinstance(reply, Found):
            undeclared = reply.values.fields() - operation.returns - operation.also_returns
            assert not undeclared, f"{operation.name} returns {sorted(undeclared)}: declare it in also_returns"


@every_case
def test_a_verifier_answers_about_the_address_that_was_asked(name: str, case: Case) -> None:
    if not vendor_cases.operation_of(ADAPTERS[name], case).verifies:
        return
    for address, reply in vendor_cases.answers_of(case):
        assert not isinstance(reply, NotFound), "what is not known is the claim unknown, never a miss"
        if isinstance(reply, Found):
            assert address is not None, "say in `contact` which address was asked"
            assert [email.address for email in reply.values.emails] == [address]


@every_vendor
def test_a_verifier_is_told_an_address_and_finds_nothing(name: str) -> None:
    for operation in ADAPTERS[name].vendor.operations:
        if operation.verifies:
            assert operation.needs == (frozenset({Known.WORK_EMAIL}),)
            assert operation.returns == {Field.WORK_EMAIL}
            assert not operation.optional | operation.also_returns


@every_vendor
def test_a_verifier_that_says_yes_or_no_says_nothing_else(name: str) -> None:
    cases = [(vendor_cases.operation_of(ADAPTERS[name], case), case) for case in CASES[name].cases]
    binary = {operation for operation, case in cases if BINARY in case.covers}
    said = {claim for operation, case in cases if operation in binary for claim in vendor_cases.claims_of(case)}
    assert not said & {EmailClaim.CATCH_ALL, EmailClaim.PROBABLE}


@every_case
def test_a_refusal_names_a_code_and_never_repeats_the_vendors_text(name: str, case: Case) -> None:
    for reply in vendor_cases.replies_of(case):
        if isinstance(reply, Refused):
            assert CODE.fullmatch(reply.code), f"{name}: {reply.code!r} is no code"


@pytest.mark.parametrize("name", [name for name in ADAPTERS if ADAPTERS[name].balance])
def test_the_balance_is_asked_and_read_as_recorded(name: str) -> None:
    adapter, case = ADAPTERS[name], CASES[name].balance
    assert adapter.balance
    assert adapter.read_balance, f"{name} has balance() but no read_balance(response)"
    assert case
    assert as_written(adapter.balance()) == encoded(case.request)
    assert encoded(adapter.read_balance(case.response.response)) == case.reply
    bad_key = adapter.read_balance(HttpResponse(401, b"{}"))
    assert isinstance(bad_key, Refused), "a balance that was not given is not a balance"


@every_vendor
def test_the_declaration_is_complete(name: str) -> None:
    vendor = ADAPTERS[name].vendor
    assert vendor.name == name, "the vendor is called like its module"
    assert ADAPTERS[name].request.__module__ == f"openenrich.vendors.{name}"
    assert vendor.style is Style.LOCAL or (vendor.docs + vendor.base_url).count("https://") == 2
    assert not vendor.base_url.endswith("/")
    assert vendor.region in REGIONS
    assert vendor.operations
    assert len({operation.name for operation in vendor.operations}) == len(vendor.operations)
    assert 0 < vendor.timeout_s <= vendor.deadline_s <= 200


@every_vendor
def test_prices_are_whole_numbers_and_free_means_free(name: str) -> None:
    vendor = ADAPTERS[name].vendor
    assert isinstance(vendor.credit_price, int)
    assert vendor.credit_price >= 0
    for operation in vendor.operations:
        assert isinstance(operation.credits, int)
        assert operation.credits >= 0
        assert (operation.charge is Charge.FREE) == (vendor.price(operation) == 0)
        assert operation.returns
        assert 0 < operation.hit_rate <= 1
    if all(operation.charge is Charge.FREE for operation in vendor.operations):
        assert vendor.repeat is Repeat.ASK_AGAIN, "what is free may be asked again"


@every_vendor
def test_a_vendor_is_polled_completely_or_not_at_all(name: str) -> None:
    adapter = ADAPTERS[name]
    polled = Style.POLLED in {adapter.vendor.style_of(operation) for operation in adapter.vendor.operations}
    assert (adapter.poll is not None) == polled
    assert (adapter.read_poll is not None) == polled
    if polled:
        assert 0 < adapter.vendor.poll_every_s < adapter.vendor.deadline_s
        assert adapter.vendor.poll_batch >= 1


@every_vendor
def test_what_is_declared_beyond_one_question_and_one_answer_has_its_functions(name: str) -> None:
    adapter = ADAPTERS[name]
    styles = {adapter.vendor.style_of(operation) for operation in adapter.vendor.operations}
    assert (adapter.redeem is not None, adapter.read_redeem is not None) == (Style.REDEEMED in styles,) * 2
    assert (adapter.read_callback is not None) == (Style.CALLBACK in styles)
    batched = any(operation.batch > 1 for operation in adapter.vendor.operations)
    assert (adapter.request_batch is not None, adapter.read_batch is not None) == (batched,) * 2
    for operation in adapter.vendor.operations:
        assert operation.calls_back or adapter.vendor.style_of(operation) is not Style.CALLBACK


@every_question
def test_no_combination_of_inputs_hides_behind_another(name: str, operation: Operation, need: frozenset[Known]) -> None:
    told = operation.accepts(MARKED.only(need))
    assert told is not None
    assert told.known() == need, f"{name}: a better combination is part of {sorted(need)}, which is never used"


@every_question
def test_the_question_says_what_the_declaration_says(name: str, operation: Operation, need: frozenset[Known]) -> None:
    request = question(name, operation, need)
    silent = sorted(item for item in need if not mentions(request, item))
    assert not silent, f"{operation.name} demands {silent} and does not use it"
    said = sorted(item for item in set(Known) - need if mentions(request, item))
    assert not said, f"{operation.name} says {said} without being told"


@every_question
def test_what_is_optional_is_used(name: str, operation: Operation, need: frozenset[Known]) -> None:
    request = question(name, operation, need | operation.optional)
    silent = sorted(item for item in operation.optional if not mentions(request, item))
    assert not silent, f"{operation.name} takes {silent} and does not use it"


@every_question
def test_a_question_has_one_body_and_neither_a_secret_nor_a_person_in_its_path(
    name: str, operation: Operation, need: frozenset[Known]
) -> None:
    request = question(name, operation, need | operation.optional)
    assert request.method in {"GET", "POST"}
    assert request.path.startswith("/")
    assert request.json is None or request.form is None
    # Paths are logged. A company is no person: what knows companies alone may have its domain there.
    secret = set(Known) - ({Known.DOMAIN} if operation.returns == {Field.COMPANY} else set())
    assert not [item for item in secret if str(getattr(MARKED, item.value)) in request.path], "paths are logged"
    assert all(isinstance(value, str) for value in request.query.values())
    suspects = [key for key in (*request.headers, *request.query) if SECRET_NAME.search(key)]
    assert not suspects, f"{suspects}: secrets are added after request(), from Vendor.auth"
    auth = ADAPTERS[name].vendor.auth
    if isinstance(auth, HeaderKey):
        assert auth.name.lower() not in {header.lower() for header in request.headers}
