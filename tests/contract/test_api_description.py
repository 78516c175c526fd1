"""``/openapi.json`` describes what the server really does."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from api_server import Api, serving
from openenrich.web import errors
from openenrich.web.api import WebOptions
from openenrich.web.errors import ApiError
from openenrich.web.operations import operations


async def description_of(api: Api) -> Any:
    answer = await api.get("/openapi.json", key=None)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    return answer.json()


@pytest.fixture
async def description() -> Any:
    async with serving() as api:
        return await description_of(api)


def described(description: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def everything(value: Any) -> Iterator[Any]:
    yield value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inside:
        yield from everything(item)


async def test_every_described_operation_is_routed_and_guarded_as_described() -> None:
    async with serving() as api:
        for path, method, operation in described(await description_of(api)):
            answer = await api.ask(method, re.sub(r"{\w+}", "nonsense", path), key=None)
            expected = 200 if operation.get("security") == [] else 401
            # Nobody knows the address of a report that was never given away.
            expected = 404 if path.startswith("/callbacks/") else expected
            assert (path, answer.status) == (path, expected)


def test_every_operation_of_the_table_is_described(description: Any) -> None:
    table = {(operation.path, operation.method) for operation in operations(WebOptions())}
    assert {(path, method) for path, method, _ in described(description)} == table
    assert ("/api/v2/contact/enrich/bulk", "POST") in table


def test_every_reference_leads_somewhere(description: Any) -> None:
    references = {item["$ref"] for item in everything(description) if isinstance(item, dict) and "$ref" in item}
    names = {reference.removeprefix("#/components/schemas/") for reference in references}
    assert names == set(description["components"]["schemas"])


def test_answers_are_described_without_nulls_and_requests_with(description: Any) -> None:
    schemas = description["components"]["schemas"]
    requests = {"EnrichmentRequest", "ContactRequest", "WebhookEvents"}
    answers = [schema for name, schema in schemas.items() if name not in requests]
    assert {"type": "null"} not in list(everything(answers))
    assert {"type": "null"} in list(everything(schemas["ContactRequest"]))
    assert schemas["Enrichment"]["properties"]["status"] == {"$ref": "#/components/schemas/BatchStatus"}


def test_every_error_is_an_example_somewhere(description: Any) -> None:
    made = [
        *(value for value in vars(errors).values() if isinstance(value, ApiError)),
        errors.bad_request("data[0].domain: expected str | null, got int"),
        errors.body_too_large(5 * errors.MEBIBYTE),
        errors.data_exceeded(100),
        errors.enrich_field_value("xxxx"),
        errors.custom_keys_exceeded(20),
    ]
    bodies = [item for item in everything(description) if isinstance(item, dict) and "schema" in item]
    examples = [body["examples"] for body in bodies if "examples" in body]
    shown = {example["value"]["code"] for group in examples for example in group.values()}
    outside_of_operations = {errors.METHOD_NOT_ALLOWED.code}
    assert {error.code for error in made} - shown == outside_of_operations


def test_the_limit_headers_are_described_where_they_are_sent(description: Any) -> None:
    responses = description["paths"]["/api/v2/account/credits"]["get"]["responses"]
    assert set(responses["200"]["headers"]) == {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"}
    assert "Retry-After" in responses["429"]["headers"]
    assert "headers" not in responses["401"]
