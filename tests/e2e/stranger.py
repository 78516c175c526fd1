"""A client that somebody else could have written: it knows the published contract and nothing of this code.

Every answer that comes back is held to the rules that hold everywhere: JSON, no null at any depth, errors of exactly
two texts. What a test then asserts is only what is special about its call.
"""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import aiohttp
from aiohttp import web

from e2e.processes import until

ALL_KINDS = ("contact.work_emails", "contact.personal_emails", "contact.phones")
ENRICH = "/api/v2/contact/enrich/bulk"
OWN = "/api/openenrich/v1/enrichments"
PRICES = {"most_probable_work_email": 1, "most_probable_personal_email": 3, "most_probable_phone": 10}

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``pairs`` is the body with the order of keys kept as it is in the bytes."""

    status: int
    raw: bytes
    headers: Mapping[str, str]

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.body["data"]
        return rows

    @property
    def credits(self) -> int:
        credits_: int = self.body["cost"]["credits"]
        return credits_


class Stranger:
    """The client, with its key."""

    def __init__(self, session: aiohttp.ClientSession, url: str, key: str) -> None:
        self._session = session
        self._url = url
        self.key = key

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        authorization: str | None = None,
    ) -> Answer:
        """One request. ``authorization`` replaces the usual header; an empty text leaves it out."""
        given = f"Bearer {self.key}" if authorization is None else authorization
        headers = {"Authorization": given} if given else {}
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
        async with self._session.request(
            method,
            self._url + path,
            data=None if data is None else BytesIO(data),
            headers={**headers, "Content-Type": "application/json"},
        ) as response:
            answer = Answer(response.status, await response.read(), response.headers.copy())
        _hold_to_the_rules(answer)
        return answer

    async def post(self, rows: Sequence[Row], *, query: str = "", name: str = "A list", **more: object) -> Answer:
        return await self.call("POST", f"{ENRICH}{query}", {"name": name, "data": list(rows), **more})

    async def start(self, rows: Sequence[Row], **more: Any) -> str:
        """Start an enrichment; its id."""
        answer = await self.post(rows, **more)
        assert answer.status == 200, answer.raw
        assert list(answer.body) == ["enrichment_id"]
        return str(answer.body["enrichment_id"])

    async def get(self, enrichment_id: str, query: str = "") -> Answer:
        return await self.call("GET", f"{ENRICH}/{enrichment_id}{query}")

    async def result(self, enrichment_id: str, within_s: float = 60.0) -> Answer:
        """The final answer, by polling as the documentation says."""

        async def ended() -> Answer | None:
            answer = await self.get(enrichment_id)
            running = answer.status == 400 and answer.body["code"] == "error.enrichment.in_progress"
            running = running or answer.body.get("status") in {"CREATED", "IN_PROGRESS"}
            return None if running else answer

        answer: Answer = await until(ended, within_s, "the enrichment has ended")
        return answer

    async def enrich(self, rows: Sequence[Row], **more: Any) -> Answer:
        """Start and wait for the end."""
        return await self.result(await self.start(rows, **more))

    async def balance(self) -> int:
        answer = await self.call("GET", "/api/v2/account/credits")
        assert answer.status == 200
        balance: int = answer.body["balance"]
        return balance

    async def own(self, enrichment_id: str, what: str, method: str = "GET") -> Answer:
        """Our additions beside the contract: progress, contacts, cancel."""
        return await self.call(method, f"{OWN}/{enrichment_id}/{what}")


@dataclass(frozen=True, slots=True)
class Event:
    """A webhook as it arrived."""

    path: str
    raw: bytes
    headers: Mapping[str, str]

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def signature(self) -> str:
        return self.headers["X-Signature-SHA1"]

    def verifies(self, key: str) -> bool:
        """The documented check: HMAC-SHA1 over the raw bytes with the API key, in lower-case hexadecimal."""
        return self.signature == hmac.new(key.encode(), self.raw, hashlib.sha1).hexdigest()


@dataclass(slots=True)
class Receiver:
    """Takes webhooks. ``answers`` says what a path is answered with; 200 unless it says otherwise."""

    url: str = ""
    events: list[Event] = field(default_factory=list)
    answers: dict[str, web.Response | int] = field(default_factory=dict)

    def at(self, path: str) -> list[Event]:
        return [event for event in self.events if event.path == path]

    async def _take(self, request: web.Request) -> web.Response:
        self.events.append(Event(request.path, await request.read(), request.headers.copy()))
        answer = self.answers.get(request.path, 200)
        if isinstance(answer, int):
            return web.Response(status=answer)
        return web.Response(status=answer.status, headers=answer.headers)


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver that listens on a free port of this machine."""
    taking = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", taking._take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        taking.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield taking
    finally:
        await runner.cleanup()


def person(first_name: str, last_name: str = "Example", *, kinds: Sequence[str] = ALL_KINDS, **more: object) -> Row:
    """A test contact: answered by the server itself, at no cost."""
    names = {"first_name": first_name, "last_name": last_name, "domain": "test.example.com"}
    return {**names, "enrich_fields": list(kinds), **more}


def asked(truth: Row, *, kinds: Sequence[str] = ALL_KINDS, linkedin: bool = False, **more: object) -> Row:
    """A person of the simulated world as a caller would ask for them."""
    names = ("first_name", "last_name", "domain", "company_name", *(("linkedin_url",) if linkedin else ()))
    return {**{name: truth[name] for name in names}, "enrich_fields": list(kinds), **more}


def billed(row: Row) -> int:
    """What a row costs by its own content: a price for every most probable value."""
    return sum(price for value, price in PRICES.items() if value in row["contact_info"])


def nothing_found(row: Row) -> bool:
    return bool(row["contact_info"] == {"work_emails": [], "personal_emails": [], "phones": []})


async def world_says(session: aiohttp.ClientSession, url: str, what: str) -> Any:
    """What the simulated world knows: people, purchases, calls."""
    async with session.get(f"{url}/_sandbox/{what}") as response:
        assert response.status == 200
        return await response.json()


def _hold_to_the_rules(answer: Answer) -> None:
    assert answer.headers["Content-Type"].startswith("application/json")
    nulls = [where for where, value in _leaves(answer.body) if value is None]
    assert not nulls, f"null at {nulls}"
    if answer.status >= 400 and answer.status != 402:
        assert sorted(answer.body) == ["code", "message"]
        assert all(isinstance(text, str) and text for text in answer.body.values())


def _leaves(value: object, where: str = "$") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{where}.{name}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _leaves(inner, f"{where}[{place}]")
    else:
        yield where, value
