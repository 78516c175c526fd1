"""Starting an enrichment over HTTP: what is accepted, what is refused, in which words and in which order."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from api_server import Api, assert_no_null, body_of, contact, serving
from openenrich.core.contact import Contact, Field
from openenrich.core.outcome import BatchStatus
from openenrich.web.api import WebOptions

PROFILE = "https://www.linkedin.com/in/mira-okafor-example"


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with serving() as served:
        yield served


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("no name", {"data": [contact()]}, "error.enrichment.name.empty", "Enrichment name not set"),
    ("blank name", body_of(name="  "), "error.enrichment.name.empty", "Enrichment name not set"),
    ("null name", body_of(name=None), "error.enrichment.name.empty", "Enrichment name not set"),
    (
        "webhook of another scheme",
        body_of(webhook_url="ftp://hooks.example.com"),
        "error.enrichment.webhook_url",
        "Webhook URL must be start with http or https",
    ),
    (
        "contact webhook without a scheme",
        body_of(webhook_events={"contact_finished": "hooks.example.com"}),
        "error.enrichment.webhook_url",
        "Webhook URL must be start with http or https",
    ),
    (
        "webhook without a host",
        body_of(webhook_url="https://"),
        "error.enrichment.webhook_url",
        "Webhook URL must be start with http or https",
    ),
    (
        "webhook with a broken host",
        body_of(webhook_url="https://[::1"),
        "error.enrichment.webhook_url",
        "Webhook URL must be start with http or https",
    ),
    ("no data", {"name": "x"}, "error.enrichment.data.empty", "Data is empty"),
    ("empty data", {"name": "x", "data": []}, "error.enrichment.data.empty", "Data is empty"),
    ("null data", {"name": "x", "data": None}, "error.enrichment.data.empty", "Data is empty"),
    ("only contacts", {"name": "x", "contacts": [contact()]}, "error.enrichment.data.empty", "Data is empty"),
    (
        "101 contacts",
        body_of(*[contact()] * 101),
        "error.enrichment.data.exceeded",
        "Data contains too many contacts (max: 100)",
    ),
    (
        "no first name",
        body_of(contact(first_name=None)),
        "error.enrichment.first_name.empty",
        "First name cannot be empty",
    ),
    (
        "blank last name",
        body_of(contact(last_name=" ")),
        "error.enrichment.last_name.empty",
        "Last name cannot be empty",
    ),
    ("no company", body_of(contact(domain="")), "error.enrichment.domain.empty", "Domain cannot be empty"),
    (
        "no kinds",
        body_of(contact(enrich_fields=None)),
        "error.enrichment.enrich_fields.empty",
        "enrichFields cannot be empty",
    ),
    (
        "empty kinds",
        body_of(contact(enrich_fields=[])),
        "error.enrichment.enrich_fields.empty",
        "enrichFields cannot be empty",
    ),
    (
        "unknown kind",
        body_of(contact(enrich_fields=["contact.work_emails", "contact.fax"])),
        "error.enrichment.enrich_field.value",
        "enrichField 'contact.fax' not valid must be contact.work_emails or contact.phones or contact.personal_emails",
    ),
    (
        "21 custom keys",
        body_of(contact(custom={str(at): "x" for at in range(21)})),
        "error.enrichment.custom.key.exceeded",
        "Custom field contains too many keys (max: 20 keys)",
    ),
    (
        "long custom key",
        body_of(contact(custom={"k" * 101: "x"})),
        "error.enrichment.custom.key.exceeded",
        "Custom field key max len exceeded (max: 100 character)",
    ),
    (
        "long custom value",
        body_of(contact(custom={"k": "x" * 101})),
        "error.enrichment.custom.value.exceeded",
        "Custom field value max len exceeded (max: 100 character)",
    ),
    *(
        (
            f"custom value {value!r}",
            body_of(contact(custom={"k": value})),
            "error.enrichment.custom.value.type",
            "Custom field values must be strings",
        )
        for value in (1, 1.5, True, None, ["x"], {"a": "b"})
    ),
    (
        "no profile URL",
        body_of(contact(linkedin_url="https://www.linkedin.com/company/northwind")),
        "error.linkedin.malformated",
        "LinkedIn URL is malformated",
    ),
    (
        "no host name",
        body_of(contact(domain="not a domain")),
        "error.enrichment.domain.invalid",
        "Domain is invalid",
    ),
]


@pytest.mark.parametrize(("body", "code", "message"), [pytest.param(*rest, id=name) for name, *rest in REFUSED])
async def test_a_bad_body_is_refused_in_the_documented_words(
    api: Api, body: dict[str, Any], code: str, message: str
) -> None:
    answer = await api.start(body)
    assert (answer.status, answer.json()) == (400, {"code": code, "message": message})
    assert api.door.batches == {}


async def test_the_first_defect_in_the_documented_order_is_the_one_that_is_told(api: Api) -> None:
    """Each repair uncovers the next check."""
    body: dict[str, Any] = {"name": 1, "webhook_url": "x", "data": None}
    row: dict[str, Any] = {"linkedin_url": "x", "custom": {"a": 1}, "domain": "no host"}
    repairs: list[tuple[str, dict[str, Any], Any]] = [
        ("error.bad_request", body, {"name": ""}),
        ("error.enrichment.name.empty", body, {"name": "x"}),
        ("error.enrichment.webhook_url", body, {"webhook_url": "https://hooks.example.com"}),
        ("error.enrichment.data.empty", body, {"data": [row] * 101}),
        ("error.enrichment.data.exceeded", body, {"data": [row, {}]}),
        ("error.enrichment.enrich_fields.empty", row, {"enrich_fields": ["x"]}),
        ("error.enrichment.enrich_field.value", row, {"enrich_fields": ["contact.phones"], "linkedin_url": ""}),
        ("error.enrichment.first_name.empty", row, {"first_name": "Mira"}),
        ("error.enrichment.last_name.empty", row, {"last_name": "Okafor", "domain": ""}),
        ("error.enrichment.domain.empty", row, {"linkedin_url": "x", "domain": "no host"}),
        ("error.linkedin.malformated", row, {"linkedin_url": PROFILE}),
        ("error.enrichment.domain.invalid", row, {"domain": "northwind.example.com"}),
        ("error.enrichment.custom.value.type", row, {"custom": {}}),
        ("error.enrichment.enrich_fields.empty", body, {"data": [row]}),
    ]
    for code, part, repair in repairs:
        assert (await api.start(body)).json()["code"] == code
        part.update(repair)
    assert (await api.start(body)).status == 200


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Body is not valid JSON"),
        (b"{", "Body is not valid JSON"),
        (b"name=x", "Body is not valid JSON"),
        (b'{"name":"\xff"}', "Body is not valid JSON"),
        (b'{"name":"\\ud800x"}', "Body is not valid JSON"),
        ('{"name":"x"}'.encode("utf-16"), "Body is not valid JSON"),
        (b'{"x":' + b"[" * 100_000, "Body is nested too deeply"),
        (b'{"data":[{"custom":{"a":' + b'{"a":' * 100_000, "Body is nested too deeply"),
        (b"[]", "body: expected object, got array"),
        (b"null", "body: expected object, got null"),
        (b'{"name":5}', "name: expected str | null, got int"),
        (b'{"name":"x","data":{}}', "data: expected array | null, got object"),
        (b'{"name":"x","data":[{},{"domain":[]}]}', "data[1].domain: expected str | null, got array"),
        (b'{"name":"x","data":[{"enrich_fields":[7]}]}', "data[0].enrich_fields[0]: expected str, got int"),
        (b'{"name":"x","data":[null]}', "data[0]: expected object, got null"),
        (b'{"name":"x","data":["mira"]}', "data[0]: expected object, got str"),
    ],
)
async def test_what_is_no_json_of_the_right_types_is_a_bad_request_that_names_the_field(
    api: Api, body: bytes, message: str
) -> None:
    answer = await api.start(body)
    assert (answer.status, answer.json()) == (400, {"code": "error.bad_request", "message": message})


async def test_a_good_body_reaches_the_engine_whole(api: Api) -> None:
    row = contact(
        company_name="Northwind Example",
        linkedin_url=PROFILE,
        enrich_fields=["contact.work_emails", "contact.phones", "contact.work_emails"],
        custom={"crm_id": "8841"},
    )
    answer = await api.start(
        body_of(
            row,
            contact(enrich_fields=["contact.personal_emails"]),
            webhook_url="https://hooks.example.com/batch",
            webhook_events={"contact_finished": "HTTP://hooks.example.com/contact", "batch_opened": 5},
            providers=["anything"],
            unknown={"members": None},
        )
    )
    batch = api.door.accepted
    assert answer.json() == {"enrichment_id": str(next(iter(api.door.batches)))}
    assert (batch.name, batch.api_version, batch.workspace_id) == ("Spring fair", 2, api.door.workspace_id)
    assert batch.webhook_url == "https://hooks.example.com/batch"
    assert batch.contact_webhook_url == "HTTP://hooks.example.com/contact"
    assert [row.wanted for row in batch.contacts] == [{Field.WORK_EMAIL, Field.PHONE}, {Field.PERSONAL_EMAIL}]
    assert batch.contacts[0].custom == b'{"crm_id":"8841"}'
    assert batch.contacts[0].contact == Contact(
        first_name="Mira",
        last_name="Okafor",
        domain="northwind.example.com",
        company_name="Northwind Example",
        linkedin_handle="mira-okafor-example",
    )


async def test_the_input_comes_back_under_the_names_of_the_result(api: Api) -> None:
    started = await api.started(body_of(contact(domain=" https://Northwind.example.com/ ", linkedin_url=PROFILE)))
    answer = await api.result(started, "?forceResults=1")
    assert answer.json()["data"] == [
        {
            "input": {
                "first_name": "Mira",
                "last_name": "Okafor",
                "full_name": "Mira Okafor",
                "company_domain": "https://Northwind.example.com/",
                "professional_network_url": PROFILE,
                "linkedin_url": PROFILE,
            },
            "custom": {},
            "contact_info": {"work_emails": [], "personal_emails": [], "phones": []},
        }
    ]


async def test_every_optional_text_may_be_empty_when_there_is_a_profile_url(api: Api) -> None:
    row = contact(first_name="", last_name="", domain="", company_name="", linkedin_url=PROFILE, custom=None)
    started = await api.started(body_of(row, webhook_url="", webhook_events={"contact_finished": ""}))
    batch = api.door.accepted
    assert (batch.webhook_url, batch.contact_webhook_url) == (None, None)
    assert batch.contacts[0].contact == Contact(linkedin_handle="mira-okafor-example")
    [row] = (await api.result(started, "?forceResults=1")).json()["data"]
    assert row["input"] == {"professional_network_url": PROFILE, "linkedin_url": PROFILE}


@pytest.mark.parametrize("events", [None, {}, [], "", {"unknown": "x"}, {"contact_finished": None}])
async def test_webhook_events_that_say_nothing_are_ignored(api: Api, events: Any) -> None:
    await api.started(body_of(webhook_events=events))
    assert api.door.accepted.contact_webhook_url is None


async def test_a_byte_order_mark_is_ignored(api: Api) -> None:
    answer = await api.start(b"\xef\xbb\xbf" + msgspec.json.encode(body_of()))
    assert answer.status == 200


@pytest.mark.parametrize(
    "query", ["?silentFail=true", "?silentFail=1", "?checkLinkedinUrl=false", "?checkDomain=false"]
)
async def test_bad_contacts_keep_their_place_and_are_skipped_when_the_caller_asks_for_it(api: Api, query: str) -> None:
    rows = [
        contact(custom={"row": "0"}),
        contact(linkedin_url="nonsense", custom={"row": "1", "bad": 1}),
        contact(enrich_fields=["contact.fax"]),
        contact(last_name=None, custom={"row": "3"}),
        contact(first_name="Jonas"),
    ]
    started = await api.started(body_of(*rows), query)
    assert [row.contact is None for row in api.door.accepted.contacts] == [False, True, True, True, False]
    assert [len(row.wanted) for row in api.door.accepted.contacts] == [1, 0, 0, 0, 1]
    api.door.batches[started].status = BatchStatus.FINISHED
    body = (await api.result(started)).json()
    assert [row["custom"] for row in body["data"]] == [{"row": "0"}, {"row": "1"}, {}, {"row": "3"}, {}]
    assert body["data"][1]["input"]["linkedin_url"] == "nonsense"
    assert body["data"][3]["input"]["first_name"] == "Mira"
    assert_no_null(body)


async def test_a_batch_of_nothing_but_bad_contacts_is_accepted_silently(api: Api) -> None:
    await api.started(body_of({}, {}), "?silentFail=true")
    assert [row.contact for row in api.door.accepted.contacts] == [None, None]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (body_of(name=""), "error.enrichment.name.empty"),
        (body_of(webhook_url="x"), "error.enrichment.webhook_url"),
        ({"name": "x"}, "error.enrichment.data.empty"),
        (body_of(*[{}] * 101), "error.enrichment.data.exceeded"),
        (body_of({"first_name": 5}), "error.bad_request"),
    ],
)
async def test_errors_of_the_batch_itself_are_never_silent(api: Api, body: dict[str, Any], code: str) -> None:
    assert (await api.start(body, "?silentFail=true")).json()["code"] == code


@pytest.mark.parametrize("query", ["?silentFail=false", "?silentFail=", "?checkDomain=true", "?silentfail=true"])
async def test_other_words_do_not_silence(api: Api, query: str) -> None:
    assert (await api.start(body_of({}), query)).status == 400


async def test_the_limits_are_settings_and_the_messages_print_them() -> None:
    options = WebOptions(custom_max_keys=1, max_contacts=1, require_domain_without_linkedin=True)
    async with serving(options) as api:
        keys = await api.start(body_of(contact(custom={"a": "1", "b": "2"})))
        many = await api.start(body_of(contact(), contact()))
        nameless = await api.start(body_of(contact(domain=None, company_name="Northwind Example")))
        profile = await api.start(body_of(contact(domain=None, company_name="Northwind", linkedin_url=PROFILE)))
    assert keys.json()["message"] == "Custom field contains too many keys (max: 1 keys)"
    assert many.json()["message"] == "Data contains too many contacts (max: 1)"
    assert nameless.json()["code"] == "error.enrichment.domain.empty"
    assert profile.status == 200


async def test_a_company_name_is_enough_by_default(api: Api) -> None:
    await api.started(body_of(contact(domain=None, company_name="Northwind Example")))
    assert api.door.accepted.contacts[0].contact == Contact(
        first_name="Mira", last_name="Okafor", company_name="Northwind Example"
    )


async def test_an_enrichment_can_be_started_without_credits(api: Api) -> None:
    api.door.credits = 0
    assert (await api.start(body_of())).status == 200
