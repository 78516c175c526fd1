"""Writes the OpenAPI 3.1 description from the table of operations and the structures that are really used.

Nothing is described twice: schemas come from the msgspec types, error examples from ``errors.py``. Requests may carry
nulls, answers never do; the answers' schemas say so.
"""

import re
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any, Final

import msgspec

from openenrich.web.errors import ApiError, ErrorBody
from openenrich.web.operations import Operation

Json = dict[str, Any]

_REFERENCE: Final = "#/components/schemas/{name}"
_REASONS: Final = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    404: "Not Found",
    413: "Content Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
_LIMIT_HEADERS: Final = {
    "RateLimit-Limit": "Requests allowed in a calendar minute",
    "RateLimit-Remaining": "Requests left in this minute",
    "RateLimit-Reset": "Seconds until the next minute",
}


def document(operations: Sequence[Operation]) -> bytes:
    """The description as JSON."""
    schemas = _Schemas(operations)
    paths: Json = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas)
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "OpenEnrich",
                "version": version("openenrich"),
                "description": "B2B contact enrichment, wire-compatible with the FullEnrich v2 API.",
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": "/"}],
            "security": [{"BearerAuth": []}],
            "paths": paths,
            "components": {
                "schemas": schemas.components,
                "securitySchemes": {"BearerAuth": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


class _Schemas:
    """The components, and the reference to each type."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        asked = [operation.request for operation in operations if operation.request is not None]
        answered = [kind for operation in operations for kind in operation.answers.values() if kind is not None]
        self._references: list[tuple[Any, Json]] = []
        self.components: Json = {
            **{name: _without_nulls(schema) for name, schema in self._add([*answered, ErrorBody]).items()},
            **self._add(asked),
        }

    def reference(self, kind: Any) -> Json:
        return next(reference for known, reference in self._references if known == kind)

    def _add(self, kinds: list[Any]) -> Json:
        references, components = msgspec.json.schema_components(kinds, ref_template=_REFERENCE)
        self._references += zip(kinds, references, strict=True)
        return components


def _operation(operation: Operation, schemas: _Schemas) -> Json:
    described: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": _parameters(operation),
        "responses": {
            **_answers(operation, schemas),
            **_refusals(operation, schemas),
        },
    }
    if operation.request is not None:
        described["requestBody"] = {"required": True, "content": _json(schemas.reference(operation.request))}
    if not operation.guarded:
        described["security"] = []
    return described


def _parameters(operation: Operation) -> list[Json]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
    in_query = [
        {"name": name, "in": "query", "description": meaning, "schema": {"type": "boolean", "default": False}}
        for name, meaning in operation.query.items()
    ]
    return in_path + in_query


def _answers(operation: Operation, schemas: _Schemas) -> Json:
    answers = {}
    for status, kind in operation.answers.items():
        answers[str(status)] = _response(status, guarded=operation.guarded)
        if kind is not None:
            answers[str(status)]["content"] = _json(schemas.reference(kind))
    return answers


def _refusals(operation: Operation, schemas: _Schemas) -> Json:
    refusals: Json = {}
    for status, group in _by_status(operation.all_refusals()).items():
        examples = {error.code: {"value": {"code": error.code, "message": error.message}} for error in group}
        refusals[str(status)] = _response(status, guarded=operation.guarded and status != 401) | {
            "content": {"application/json": {"schema": schemas.reference(ErrorBody), "examples": examples}}
        }
    return refusals


def _by_status(errors: Iterable[ApiError]) -> dict[int, list[ApiError]]:
    groups: dict[int, list[ApiError]] = {}
    for error in errors:
        groups.setdefault(error.status, []).append(error)
    return groups


def _response(status: int, *, guarded: bool) -> Json:
    response: Json = {"description": _REASONS.get(status, "Answer")}
    if guarded:
        headers = _LIMIT_HEADERS | ({"Retry-After": "Seconds until the next minute"} if status == 429 else {})
        response["headers"] = {
            name: {"description": meaning, "schema": {"type": "integer"}} for name, meaning in headers.items()
        }
    return response


def _json(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _without_nulls(schema: Any) -> Any:
    """Optional members of an answer are left out, never null."""
    if isinstance(schema, list):
        return [_without_nulls(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _without_nulls(value) for key, value in schema.items() if not (key == "default" and value is None)}
    choices = [choice for choice in kept.get("anyOf", []) if choice != {"type": "null"}]
    if not choices:
        return kept
    rest = {key: value for key, value in kept.items() if key != "anyOf"}
    return {**rest, **choices[0]} if len(choices) == 1 else {**rest, "anyOf": choices}
