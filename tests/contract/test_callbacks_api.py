"""``/callbacks/<vendor>/<token>``: what a vendor that reports is answered, whatever it sends."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from api_server import KEY, FakeFrontdoor, FixedClock
from openenrich.core.vendor import Callback
from openenrich.engine.ports import Heard
from openenrich.web.api import WebOptions, create_app

ADDRESS = "/callbacks/acme/t0ken-_x"
REPORT = b'{"id": "job-1", "email": "ada@north.test"}'
MOST = 8 * 1024 * 1024
TAKEN = (200, {"status": "taken"})
NOT_FOUND = (404, {"code": "error.not_found", "message": "Not found"})
TOO_LARGE = (413, {"code": "error.body.too_large", "message": "Body is too large (max: 8 MiB)"})
WRONG_METHOD = (405, {"code": "error.method.not_allowed", "message": "Method not allowed"})
INTERNAL = (500, {"code": "error.internal", "message": "Internal error"})


@dataclass
class Answer:
    """What the application sent; ``messages`` is empty when it sent nothing."""

    messages: list[Any]

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode().lower(): value.decode() for name, value in self.messages[0]["headers"]}

    @property
    def told(self) -> tuple[int, Any]:
        head, body = self.messages
        return head["status"], msgspec.json.decode(body["body"])


@dataclass
class Server:
    """The ASGI application in front of an ear that notes what it hears and says what the test wants."""

    says: Heard | Exception = Heard.TAKEN
    heard: list[tuple[str, str, Callback]] = field(default_factory=list)
    door: FakeFrontdoor = field(default_factory=FakeFrontdoor)
    received: int = 0

    async def hear(self, vendor: str, token: str, callback: Callback) -> Heard:
        self.heard.append((vendor, token, callback))
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    async def gets(
        self,
        path: str = ADDRESS,
        *chunks: bytes,
        method: str = "POST",
        headers: Sequence[tuple[bytes, bytes]] = (),
        leaves: bool = False,
    ) -> Answer:
        """One request with its body in these pieces; with ``leaves`` the client is gone before the last one."""
        pieces = chunks or (REPORT,)
        messages: list[Any] = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
        if leaves:
            messages.append({"type": "http.disconnect"})
        else:
            messages[-1]["more_body"] = False
        sent: list[Any] = []

        async def receive() -> Any:
            self.received += 1
            return messages.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "scheme": "https",
            "headers": list(headers),
            "client": ("192.0.2.1", 4000),
            "server": ("enrich.example.org", 443),
        }
        await create_app(self.door, FixedClock(), WebOptions(), hear=self.hear)(scope, receive, send)
        return Answer(sent)


class TestWhatTheVendorIsTold:
    async def test_a_report_that_was_taken_is_200(self) -> None:
        answer = await Server().gets()
        assert answer.told == TAKEN
        assert answer.headers == {"content-length": "18", "content-type": "application/json"}

    @pytest.mark.parametrize(
        ("heard", "status", "code"),
        [
            (Heard.UNKNOWN, 404, "error.not_found"),
            (Heard.NOT_AUTHENTIC, 401, "error.callback.not_authentic"),
            (Heard.UNREADABLE, 400, "error.callback.unreadable"),
            (Heard.TOO_EARLY, 503, "error.callback.too_early"),
        ],
    )
    async def test_a_report_that_was_not_is_told_why_and_whether_to_come_again(
        self, heard: Heard, status: int, code: str
    ) -> None:
        answer = await Server(heard).gets()
        told_status, body = answer.told
        assert (told_status, body["code"]) == (status, code)
        assert set(body) == {"code", "message"}
        assert body["message"]

    async def test_every_way_a_report_can_be_heard_has_its_answer(self) -> None:
        statuses = [(await Server(heard).gets()).told[0] for heard in Heard]
        assert len(set(statuses)) == len(Heard)

    async def test_an_unknown_address_looks_like_a_path_that_does_not_exist(self) -> None:
        assert (await Server(Heard.UNKNOWN).gets()).told == (await Server().gets("/nothing/at/all")).told == NOT_FOUND

    async def test_a_server_that_gives_away_no_addresses_knows_none(self) -> None:
        messages: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": REPORT, "more_body": False}

        async def send(message: Any) -> None:
            messages.append(message)

        scope = {"type": "http", "method": "POST", "path": ADDRESS, "query_string": b"", "headers": []}
        await create_app(FakeFrontdoor(), FixedClock(), WebOptions())(scope, receive, send)
        assert Answer(messages).told == NOT_FOUND


class TestWhoMayReport:
    async def test_no_key_is_needed_and_nobody_is_counted(self) -> None:
        server = Server()
        assert (await server.gets()).told == TAKEN
        assert server.door.counts == {}

    @pytest.mark.parametrize("value", [b"Bearer nonsense", b"Basic x", b"", f"Bearer {KEY}".encode()])
    async def test_a_vendors_own_authorization_is_not_taken_for_a_key(self, value: bytes) -> None:
        server = Server()
        answer = await server.gets(headers=[(b"authorization", value)])
        assert answer.told == TAKEN
        assert server.door.counts == {}
        assert not {name for name in answer.headers if name.startswith("ratelimit")}


class TestAddresses:
    async def test_vendor_and_token_are_told_apart(self) -> None:
        server = Server()
        await server.gets("/callbacks/acme/t0ken-_x")
        assert [(vendor, token) for vendor, token, _ in server.heard] == [("acme", "t0ken-_x")]

    async def test_a_slash_at_the_end_changes_nothing(self) -> None:
        server = Server()
        answer = await server.gets(f"{ADDRESS}/")
        assert answer.told == TAKEN
        assert server.heard[0][:2] == ("acme", "t0ken-_x")

    @pytest.mark.parametrize(
        "path", ["/callbacks", "/callbacks/", "/callbacks/acme", "/callbacks/acme/", "/callbacks//x"]
    )
    async def test_half_an_address_is_none(self, path: str) -> None:
        server = Server()
        assert (await server.gets(path)).told == NOT_FOUND
        assert server.heard == []

    @pytest.mark.parametrize("path", [f"{ADDRESS}/more", f"/api{ADDRESS}", "/Callbacks/acme/x"])
    async def test_more_than_an_address_is_none_either(self, path: str) -> None:
        server = Server()
        assert (await server.gets(path)).told == NOT_FOUND
        assert server.heard == []

    @pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
    @pytest.mark.parametrize("path", [ADDRESS, f"{ADDRESS}/"])
    async def test_only_a_post_is_a_report(self, method: str, path: str) -> None:
        server = Server()
        answer = await server.gets(path, method=method)
        assert (answer.messages[0]["status"], answer.headers["allow"]) == (405, "POST")
        assert server.heard == []

    async def test_and_a_browser_is_told_so(self) -> None:
        assert (await Server().gets(method="GET")).told == WRONG_METHOD


class TestBodies:
    async def test_the_body_reaches_the_ear_as_it_came(self) -> None:
        server = Server()
        await server.gets(ADDRESS, b"\x00\xff not json")
        assert server.heard[0][2].body == b"\x00\xff not json"

    async def test_an_empty_one_too(self) -> None:
        server = Server()
        assert (await server.gets(ADDRESS, b"")).told == TAKEN
        assert server.heard[0][2].body == b""

    async def test_one_in_pieces_is_put_together(self) -> None:
        server = Server()
        assert (await server.gets(ADDRESS, b'{"id":', b"", b' "job', b'-1"}')).told == TAKEN
        assert server.heard[0][2].body == b'{"id": "job-1"}'

    async def test_header_names_are_in_lower_case_and_values_as_they_came(self) -> None:
        server = Server()
        await server.gets(headers=[(b"X-Api-Key-Hash", b"AbC"), (b"content-type", b"text/plain"), (b"x-n", b"\xe4")])
        assert server.heard[0][2].headers == {"x-api-key-hash": "AbC", "content-type": "text/plain", "x-n": "\u00e4"}

    @pytest.mark.parametrize("kind", [b"text/plain", b"application/x-www-form-urlencoded", b""])
    async def test_its_type_does_not_matter(self, kind: bytes) -> None:
        assert (await Server().gets(headers=[(b"content-type", kind)])).told == TAKEN

    async def test_one_of_exactly_the_limit_is_taken(self) -> None:
        server = Server()
        assert (await server.gets(ADDRESS, b" " * MOST)).told == TAKEN
        assert len(server.heard[0][2].body) == MOST

    async def test_one_above_the_limit_is_413_and_is_not_heard(self) -> None:
        server = Server()
        assert (await server.gets(ADDRESS, b" " * (MOST + 1))).told == TOO_LARGE
        assert server.heard == []

    async def test_one_in_pieces_is_given_up_at_the_limit_and_the_rest_is_not_read(self) -> None:
        server = Server()
        pieces = [b" " * (MOST // 2)] * 2 + [b" "] * 100
        assert (await server.gets(ADDRESS, *pieces)).told == TOO_LARGE
        assert (server.received, server.heard) == (3, [])

    @pytest.mark.parametrize("chunks", [(b"",), (REPORT[:10],), (REPORT[:10], REPORT[10:])])
    async def test_a_vendor_that_hangs_up_in_the_middle_has_reported_nothing(self, chunks: tuple[bytes, ...]) -> None:
        server = Server()
        with capture_logs() as logs:
            answer = await server.gets(ADDRESS, *chunks, leaves=True)
        assert (answer.messages, server.heard, logs) == ([], [], [])


class TestLogs:
    FORBIDDEN = ("ada", "north", "t0ken", "secret-hash")

    async def test_our_own_failure_is_500_and_tells_nothing_to_the_vendor_or_the_log(self) -> None:
        server = Server(RuntimeError(f"cannot store {REPORT.decode()} of {ADDRESS}"))
        with capture_logs() as logs:
            answer = await server.gets(headers=[(b"x-api-key-hash", b"secret-hash")])
        assert answer.told == INTERNAL
        [entry] = logs
        assert (entry["operation"], entry["error"], entry["log_level"]) == ("takeReport", "RuntimeError", "error")
        assert [word for word in self.FORBIDDEN if word in repr(logs).lower()] == []

    @pytest.mark.parametrize("heard", list(Heard))
    async def test_no_report_is_written_into_the_log_here(self, heard: Heard) -> None:
        with capture_logs() as logs:
            await Server(heard).gets(headers=[(b"x-api-key-hash", b"secret-hash")])
        assert logs == []

    async def test_nor_one_that_is_too_large(self) -> None:
        with capture_logs() as logs:
            await Server().gets(ADDRESS, b"ada" * MOST)
        assert logs == []


async def test_the_operation_stands_in_the_description_with_all_its_refusals() -> None:
    answer = await Server().gets("/openapi.json", method="GET")
    described = answer.told[1]["paths"]["/callbacks/{vendor}/{token}"]["post"]
    assert set(described["responses"]) == {"200", "400", "401", "404", "413", "500", "503"}
    assert described["security"] == []
