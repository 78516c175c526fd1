"""The examples do what they say, against a real server."""

import asyncio
import sys
from pathlib import Path

import pytest

from e2e.processes import Api, create_key

pytestmark = pytest.mark.asyncio(loop_scope="module")
EXAMPLES = Path(__file__).parents[2] / "examples"


async def example(api: Api, place: dict[str, str], *command: str) -> str:
    key = await create_key(place)
    environment = {**place, "OPENENRICH_URL": api.url, "OPENENRICH_KEY": key, "PATH": "/usr/local/bin:/usr/bin:/bin"}
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    stdout, stderr = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, stderr.decode()
    return stdout.decode()


async def test_one_person_with_curl(api: Api, place: dict[str, str]) -> None:
    said = await example(api, place, "bash", str(EXAMPLES / "enrich_one.sh"))
    assert '"status":"FINISHED"' in said
    assert "ada.sample@test.example.com" in said


async def test_a_few_people_with_the_standard_library(api: Api, place: dict[str, str]) -> None:
    said = await example(api, place, sys.executable, str(EXAMPLES / "enrich_list.py"))
    assert said.splitlines() == [
        "1 Ada Sample ada.sample@test.example.com DELIVERABLE",
        "2 Notfound Sample - -",
        "0 credits",
    ]
