"""Whatever is sent, the API answers as it documents: no 500, no undocumented status, no body of another shape."""

import threading
from collections.abc import Iterator

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api_server import KEY, FakeFrontdoor, FixedClock
from openenrich.web.api import WebOptions, create_app

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


@pytest.fixture(scope="module")
def fuzzed_url() -> Iterator[str]:
    """The API on a port, in a thread of its own: schemathesis calls it from this one."""
    app = create_app(FakeFrontdoor(rate_limit=1_000_000), FixedClock(), WebOptions())
    config = uvicorn.Config(app, port=0, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_every_answer_is_one_that_is_documented(fuzzed_url: str) -> None:
    schema = schemathesis.openapi.from_url(f"{fuzzed_url}/openapi.json")
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) >= 8
    for operation in operations:
        fuzz(operation, GenerationMode.POSITIVE)
        if operation.body or operation.path_parameters or operation.query:
            fuzz(operation, GenerationMode.NEGATIVE)


def fuzz(operation: APIOperation, mode: GenerationMode) -> None:
    """Sixty cases of one operation, such as the description allows or such as it does not."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def once(case: schemathesis.Case) -> None:
        response = case.call(headers={"Authorization": f"Bearer {KEY}"})
        case.validate_response(response, checks=list(CHECKS))

    once()
