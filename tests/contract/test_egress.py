"""The way out, over real sockets: what certainly never left, what may have, and where nothing may go."""

import asyncio
import gzip
import json
import logging
import traceback
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest

from contract.fakes import SYNC, adapter_of
from openenrich.core.vendor import (
    Auth,
    BasicKey,
    HeaderKey,
    HeaderKeys,
    HttpRequest,
    HttpResponse,
    NoKey,
    QueryKey,
    TokenExchange,
)
from openenrich.egress.client import VendorTransport, WebhookCourier, open_session, open_webhook_session
from openenrich.egress.guard import ForbiddenAddressError, is_open_port, is_public, receiver
from openenrich.engine.ports import MaybeSentError, NeverSentError, VendorKey

KEY = VendorKey("main", "id-1:secret-1")
ASK = HttpRequest("GET", "/find", query={"name": "Ada"})
HEADER = HeaderKey("X-Key")
EXCHANGE = TokenExchange("/oauth", form={"grant_type": "client_credentials"})
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Request:
    """What arrived, taken apart."""

    def __init__(self, head: bytes, body: bytes) -> None:
        first, *lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = first.split(" ")
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        self.body = body

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)


Answer = Callable[["Server", Request, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """A server of bare sockets: it remembers what came and does what the test says."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.connections = 0
        self.requests: list[Request] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).removesuffix(b"\r\n\r\n")
                request = Request(head, b"")
                request.body = await reader.readexactly(int(request.headers.get("content-length", "0")))
                self.requests.append(request)
                await self._answer(self, request, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def listening(answer: Answer, host: str = "127.0.0.1") -> AsyncIterator[Server]:
    server = Server(answer)
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.create_task(server.serve(reader, writer)))

    opened = await asyncio.start_server(accept, host, 0)
    address = f"[{host}]" if ":" in host else host
    server.url = f"http://{address}:{opened.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        opened.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def saying(*answers: bytes) -> Answer:
    """These bytes, one after the other; the last ones for ever."""
    left = list(answers)

    async def answer(_: Server, __: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(left.pop(0) if len(left) > 1 else left[0])

    return answer


def said(status: int, body: bytes = b"{}", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Word", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session() as opened:
        yield opened


Send = Callable[..., Awaitable[HttpResponse]]


@pytest.fixture
def send(session: aiohttp.ClientSession) -> Send:
    """Ask a vendor at an address; one transport for the whole test."""
    base_urls: dict[str, str] = {}
    transport = VendorTransport(session, base_urls, inside={})

    async def call(
        url: str, request: HttpRequest = ASK, *, auth: Auth = HEADER, key: VendorKey = KEY, timeout_s: float = 5.0
    ) -> HttpResponse:
        base_urls["acme"] = url
        return await transport.send(adapter_of(replace(SYNC, auth=auth)), key, request, timeout_s)

    return call


async def closed_port() -> str:
    async with listening(saying(OK)) as server:
        return server.url


class TestNeverSent:
    async def test_a_refused_connection(self, send: Send) -> None:
        with pytest.raises(NeverSentError):
            await send(await closed_port())

    async def test_a_name_that_does_not_exist(self, send: Send) -> None:
        with pytest.raises(NeverSentError):
            await send("http://no-such-name.invalid")

    async def test_a_server_that_speaks_no_tls(self, send: Send) -> None:
        async with listening(saying(OK)) as server:
            with pytest.raises(NeverSentError):
                await send(server.url.replace("http", "https"), timeout_s=1.0)
            assert server.requests == []

    async def test_a_server_that_never_finishes_the_tls_handshake(self, send: Send) -> None:
        async def silence(*_: object) -> None:
            await asyncio.Event().wait()

        async with listening(silence) as server:
            with pytest.raises(NeverSentError):
                await send(server.url.replace("http", "https"), timeout_s=0.3)

    async def test_an_address_that_is_none(self, send: Send) -> None:
        with pytest.raises(NeverSentError):
            await send("http://:80")

    @pytest.mark.parametrize("secret", ["two\r\nX-Lines: 1", "zero\0byte"])
    async def test_a_key_that_is_no_header(self, send: Send, secret: str) -> None:
        async with listening(saying(OK)) as server:
            with pytest.raises(NeverSentError) as failure:
                await send(server.url, key=VendorKey("main", secret))
            assert server.requests == []
            assert secret not in "".join(traceback.format_exception(failure.value))

    async def test_waiting_in_vain_for_a_free_connection(self) -> None:
        async with listening(hang) as server, open_session(connections=1) as narrow:
            transport = VendorTransport(narrow, {"acme": server.url}, inside={})
            first = asyncio.ensure_future(transport.send(adapter_of(SYNC), KEY, ASK, 5.0))
            while not server.requests:  # noqa: ASYNC110 - until the only connection is taken
                await asyncio.sleep(0.001)
            with pytest.raises(NeverSentError):
                await transport.send(adapter_of(SYNC), KEY, ASK, 0.2)
            assert len(server.requests) == 1
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first


async def hang(*_: object) -> None:
    await asyncio.Event().wait()


async def drop(_: Server, __: Request, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def begin_and_drop(_: Server, __: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()
    writer.transport.abort()


async def begin_and_hang(_: Server, __: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()
    await asyncio.Event().wait()


class TestMaybeSent:
    @pytest.mark.parametrize("answer", [hang, drop, begin_and_drop, begin_and_hang, saying(b"SSH-2.0 hello\r\n\r\n")])
    @pytest.mark.parametrize("method", ["GET", "POST"])
    async def test_whatever_goes_wrong_after_the_request_left(self, send: Send, answer: Answer, method: str) -> None:
        async with listening(answer) as server:
            with pytest.raises(MaybeSentError):
                await send(server.url, replace(ASK, method=method), timeout_s=0.3)
            assert len(server.requests) == 1

    @pytest.mark.parametrize("method", ["GET", "POST"])
    async def test_a_kept_connection_that_drops_is_not_asked_again_behind_our_back(
        self, send: Send, method: str
    ) -> None:
        """aiohttp would repeat the GET. The switch that stops it is private: if it goes, this test says so."""

        async def once_per_connection(server: Server, _: Request, writer: asyncio.StreamWriter) -> None:
            if len(server.requests) == 1:
                writer.write(OK)
            else:
                writer.transport.abort()

        async with listening(once_per_connection) as server:
            request = replace(ASK, method=method)
            assert (await send(server.url, request)).status == 200
            with pytest.raises(MaybeSentError):
                await send(server.url, request)
            assert (len(server.requests), server.connections) == (2, 1)

    async def test_a_connection_that_was_idle_for_long_is_not_trusted_with_a_question(
        self, session: aiohttp.ClientSession
    ) -> None:
        assert isinstance(session.connector, aiohttp.TCPConnector)
        kept = session.connector._keepalive_timeout
        assert isinstance(kept, float)
        assert kept < 5, "many servers hang up after five idle seconds"


class TestRequests:
    async def test_the_key_goes_where_the_vendor_declares_it(self, send: Send) -> None:
        async with listening(saying(OK)) as server:
            await send(server.url, auth=HeaderKey("Authorization", "Bearer "))
            await send(server.url, auth=HeaderKey("X-Key"))
            await send(server.url, auth=HeaderKeys(("X-Id", "X-Secret")))
            await send(server.url, auth=QueryKey("api_key"), key=VendorKey("main", "a+b&c=d"))
            await send(server.url, auth=BasicKey())
            await send(server.url, auth=NoKey())
        bearer, plain, pair, query, basic, none = server.requests
        assert bearer.headers["authorization"] == "Bearer id-1:secret-1"
        assert plain.headers["x-key"] == "id-1:secret-1"
        assert (pair.headers["x-id"], pair.headers["x-secret"]) == ("id-1", "secret-1")
        assert query.query == [("name", "Ada"), ("api_key", "a+b&c=d")]
        assert b64decode(basic.headers["authorization"].removeprefix("Basic ")) == b":id-1:secret-1"
        assert "secret-1" not in f"{none.headers}{none.target}"

    async def test_the_operators_address_may_have_a_path_and_a_slash_at_the_end(self, send: Send) -> None:
        async with listening(saying(OK)) as server:
            await send(server.url + "/proxy/acme/")
        assert server.requests[0].path == "/proxy/acme/find"

    async def test_a_query_arrives_as_it_was_meant(self, send: Send) -> None:
        meant = {
            "name": "Zoë Müller",
            "mail": "a+b@example.com",
            "company": "R&D = 100% #1?",
            "empty": "",
            "kanji": "東",
        }
        async with listening(saying(OK)) as server:
            await send(server.url, HttpRequest("GET", "/find", query=meant))
        assert dict(server.requests[0].query) == meant
        assert len(server.requests[0].query) == len(meant)

    async def test_json_is_encoded_once(self, send: Send) -> None:
        meant = {"name": "Zoë", "list": [{"a": None}], "text": '{"not": "nested"}'}
        async with listening(saying(OK)) as server:
            await send(server.url, HttpRequest("POST", "/find", json=meant))
        [request] = server.requests
        assert json.loads(request.body) == meant
        assert request.headers["content-type"] == "application/json"

    async def test_json_keeps_the_content_type_that_the_adapter_set(self, send: Send) -> None:
        request = HttpRequest("POST", "/find", json={"data": {}}, headers={"Content-Type": "application/vnd.api+json"})
        async with listening(saying(OK)) as server:
            await send(server.url, request)
        [arrived] = server.requests
        assert json.loads(arrived.body) == {"data": {}}
        assert arrived.headers["content-type"] == "application/vnd.api+json"

    async def test_a_form_is_encoded_once(self, send: Send) -> None:
        meant = {"name": "Zoë & Co", "secret": "a+b=c%20"}
        async with listening(saying(OK)) as server:
            await send(server.url, HttpRequest("POST", "/find", form=meant))
        [request] = server.requests
        assert dict(parse_qsl(request.body.decode(), strict_parsing=True)) == meant
        assert request.headers["content-type"].startswith("application/x-www-form-urlencoded")

    async def test_cookies_of_one_answer_do_not_come_back_with_the_next_question(self, send: Send) -> None:
        async with listening(saying(said(200, Set_Cookie="session=1"))) as server:
            await send(server.url)
            await send(server.url)
        assert "cookie" not in server.requests[1].headers

    async def test_a_proxy_of_the_environment_is_not_used(self, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTP_PROXY", await closed_port())
        async with listening(saying(OK)) as server:
            assert (await send(server.url)).status == 200


class TestAnswers:
    async def test_names_of_headers_are_lower_case(self, send: Send) -> None:
        async with listening(saying(said(429, Retry_After="7"))) as server:
            answer = await send(server.url)
        assert (answer.status, answer.headers["retry-after"], answer.seconds_to_wait()) == (429, "7", 7.0)

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    async def test_a_redirect_is_an_answer_and_is_not_followed(self, send: Send, status: int) -> None:
        async with listening(saying(OK)) as elsewhere:
            async with listening(saying(said(status, Location=elsewhere.url))) as server:
                assert (await send(server.url)).status == status
            assert elsewhere.connections == 0

    @pytest.mark.parametrize("status", [200, 204, 400, 401, 402, 404, 429, 500, 503])
    async def test_every_status_is_an_answer(self, send: Send, status: int) -> None:
        async with listening(saying(said(status, b"" if status == 204 else b"{}"))) as server:
            assert (await send(server.url)).status == status

    async def test_an_answer_in_pieces_is_put_together(self, send: Send) -> None:
        body = json.dumps({"x": "y" * 300_000}).encode()
        async with listening(saying(said(200, body))) as server:
            assert (await send(server.url)).body == body

    async def test_an_endless_answer_is_cut_off(self, send: Send) -> None:
        async def endless(_: Server, __: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            while True:
                writer.write(b"x" * 65_536)
                await writer.drain()

        async with listening(endless) as server:
            assert len((await send(server.url)).body) == 8 * 1024 * 1024

    async def test_a_small_answer_that_unpacks_to_a_huge_one_is_cut_off(self, send: Send) -> None:
        packed = gzip.compress(b"x" * 64 * 1024 * 1024)
        async with listening(saying(said(200, packed, Content_Encoding="gzip"))) as server:
            assert len((await send(server.url)).body) == 8 * 1024 * 1024


class Door:
    """A vendor that gives tokens and asks for them."""

    def __init__(self, *, grants: int = 200) -> None:
        self.grants = grants
        self.valid = ""
        self.given = 0

    async def __call__(self, _: Server, request: Request, writer: asyncio.StreamWriter) -> None:
        if request.path == "/oauth":
            await asyncio.sleep(0)
            self.given += 1
            self.valid = f"token-{self.given}"
            writer.write(said(self.grants, json.dumps({"access_token": self.valid}).encode()))
        else:
            held = request.headers.get("authorization")
            writer.write(said(200 if held == f"Bearer {self.valid}" else 401))


def tokens_asked(server: Server) -> int:
    return sum(request.path == "/oauth" for request in server.requests)


class TestTokens:
    async def test_a_token_is_fetched_once_and_used_again(self, send: Send) -> None:
        async with listening(Door()) as server:
            assert [(await send(server.url, auth=EXCHANGE)).status for _ in range(3)] == [200] * 3
        assert [request.path for request in server.requests] == ["/oauth", "/find", "/find", "/find"]
        form = dict(parse_qsl(server.requests[0].body.decode()))
        assert form == {"grant_type": "client_credentials", "client_id": "id-1", "client_secret": "secret-1"}

    async def test_many_who_need_one_at_once_fetch_one(self, send: Send) -> None:
        async with listening(Door()) as server:
            answers = await asyncio.gather(*(send(server.url, auth=EXCHANGE) for _ in range(20)))
            assert {answer.status for answer in answers} == {200}
            assert tokens_asked(server) == 1

    async def test_a_token_that_ran_out_is_renewed_once_for_all(self, send: Send) -> None:
        door = Door()
        async with listening(door) as server:
            await send(server.url, auth=EXCHANGE)
            door.valid = "another"
            answers = await asyncio.gather(*(send(server.url, auth=EXCHANGE) for _ in range(20)))
            assert {answer.status for answer in answers} == {200}
            assert tokens_asked(server) == 2

    async def test_a_vendor_that_refuses_every_token_is_believed_after_one_renewal(self, send: Send) -> None:
        async def stubborn(_: Server, request: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(said(200, b'{"access_token":"t"}') if request.path == "/oauth" else said(401))

        async with listening(stubborn) as server:
            assert (await send(server.url, auth=EXCHANGE)).status == 401
            assert [request.path for request in server.requests] == ["/oauth", "/find", "/oauth", "/find"]

    @pytest.mark.parametrize("status", [400, 401, 403])
    async def test_wrong_credentials_are_a_401_whatever_the_token_server_calls_them(
        self, send: Send, status: int
    ) -> None:
        async with listening(Door(grants=status)) as server:
            assert (await send(server.url, auth=EXCHANGE)).status == 401
            assert [request.path for request in server.requests] == ["/oauth"]

    @pytest.mark.parametrize("status", [429, 500, 503])
    async def test_a_token_server_that_is_busy_says_nothing_about_the_key(self, send: Send, status: int) -> None:
        async with listening(Door(grants=status)) as server:
            assert (await send(server.url, auth=EXCHANGE)).status == status

    @pytest.mark.parametrize("answer", [drop, hang, saying(said(200, b"<html>")), saying(said(200, b"{}"))])
    async def test_a_token_that_did_not_come_leaves_the_question_unsent(self, send: Send, answer: Answer) -> None:
        async with listening(answer) as server:
            with pytest.raises(NeverSentError):
                await send(server.url, auth=EXCHANGE, timeout_s=0.3)
            assert tokens_asked(server) == len(server.requests)

    async def test_every_key_has_a_token_of_its_own_and_a_replaced_key_too(self, send: Send) -> None:
        keys = [KEY, VendorKey("other", "id-2:secret-2"), VendorKey("main", "id-3:secret-3")]
        async with listening(Door()) as server:
            for key in keys:
                await send(server.url, auth=EXCHANGE, key=key)
        asked = [dict(parse_qsl(request.body.decode())) for request in server.requests if request.path == "/oauth"]
        assert [form["client_id"] for form in asked] == ["id-1", "id-2", "id-3"]


class TestSecrets:
    @pytest.mark.parametrize("auth", [HeaderKey("X-Key"), QueryKey("api_key"), BasicKey(), EXCHANGE])
    @pytest.mark.parametrize("answer", [drop, hang, begin_and_drop, saying(b"SSH-2.0 hello\r\n\r\n"), None])
    async def test_no_failure_tells_a_key_or_a_person(
        self, send: Send, caplog: pytest.LogCaptureFixture, auth: Auth, answer: Answer | None
    ) -> None:
        caplog.set_level(logging.DEBUG)
        url = await closed_port()
        request = HttpRequest("GET", "/find", query={"name": "Zaphira"})
        async with listening(answer or drop) as server:
            with pytest.raises((NeverSentError, MaybeSentError)) as failure:
                await send(server.url if answer else url, request, auth=auth, timeout_s=0.3)
        told = "".join(traceback.format_exception(failure.value)) + caplog.text
        error: BaseException | None = failure.value
        while error is not None:  # also what Python would not show
            told += repr(error) + str(error)
            error = error.__cause__ or error.__context__
        assert "secret-1" not in told
        assert "Zaphira" not in told

    def test_a_key_does_not_show_itself(self) -> None:
        assert "secret-1" not in f"{KEY} {KEY!r} {[KEY]} { {KEY: 1} }"


PRIVATE = {
    "this network": ["0.0.0.0", "0.1.2.3"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1"],
    "carrier-grade": ["100.64.0.1", "100.127.255.254"],
    "loopback": ["127.0.0.1", "127.8.9.10", "::1"],
    "link-local and metadata": ["169.254.0.1", "169.254.169.254", "fe80::1", "fe80::1%eth0", "febf::1"],
    "protocol assignments": ["192.0.0.1", "192.0.0.170"],
    "documentation": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
    "old 6to4 relay": ["192.88.99.1"],
    "benchmarking": ["198.18.0.1", "198.19.255.254"],
    "multicast": ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
    "reserved and broadcast": ["240.0.0.1", "255.255.255.255"],
    "unspecified": ["::"],
    "unique local": ["fc00::1", "fd12:3456::1"],
    "site local": ["fec0::1"],
    "discard": ["100::1"],
    "mapped": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8"],
    "compatible": ["::127.0.0.1", "::8.8.8.8"],
    "nat64": ["64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1"],
    "6to4": ["2002:7f00:1::1", "2002:808:808::1"],
    "teredo and protocol assignments": ["2001::1", "2001:0:7f00:1::1", "2001:1::1"],
    "segment routing": ["5f00::1"],
}
PUBLIC = ["8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1"]
PUBLIC += ["198.17.0.1", "198.20.0.1", "223.255.255.254", "2606:4700::1111", "2a00:1450::1", "2400:cb00::1"]


class TestAddresses:
    @pytest.mark.parametrize(
        "address", [pytest.param(one, id=f"{kind} {one}") for kind, some in PRIVATE.items() for one in some]
    )
    def test_none_of_these_is_public(self, address: str) -> None:
        assert not is_public(address)

    @pytest.mark.parametrize("address", PUBLIC)
    def test_all_of_these_are(self, address: str) -> None:
        assert is_public(address)

    @pytest.mark.parametrize("port", [80, 443, 1024, 8080, 8443, 65535])
    def test_a_receiver_lives_at_the_ports_of_the_web_and_at_high_ones(self, port: int) -> None:
        assert is_open_port(port)

    @pytest.mark.parametrize("port", [0, 22, 25, 53, 111, 389, 445, 2375, 3306, 5432, 6379, 9200, 11211, 27017])
    def test_and_not_where_other_services_live(self, port: int) -> None:
        assert not is_open_port(port)

    @pytest.mark.parametrize(
        "url",
        [
            "http://0x7f000001/",
            "http://0x7f.0.0.1/",
            "http://2130706433/",
            "http://017700000001/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://127.0.0.1./",
            "http://256.256.256.256/",
            "http://example.com.0x7f/",
            "http://user@example.com/",
            "http://user:password@example.com/",
            "http://:password@example.com/",
            "http://example.com\\@127.0.0.1/",
            "http://example.com/\r\nHost: internal",
            "http://example.com/a b",
            "http://exam\tple.com/",
            "http://example.com/\0",
            "http://[::1/",
            "http:///path",
            "//example.com/",
            "example.com",
            "",
            "ftp://example.com/",
            "file:///etc/passwd",
            "gopher://example.com/",
        ],
    )
    def test_spellings_meant_to_confuse_are_refused(self, url: str) -> None:
        with pytest.raises(ForbiddenAddressError):
            receiver(url)

    @pytest.mark.parametrize(
        "url",
        [
            "https://example.com",
            "http://example.com:8080/hook?to=a%20b&x=%2B",
            "https://hooks.1password.test/x",
            "https://8.8.8.8/",
            "https://[2606:4700::1111]/",
            "https://münchen.example/",
        ],
    )
    def test_ordinary_ones_are_not(self, url: str) -> None:
        assert receiver(url).host


Post = Callable[..., Awaitable[tuple[int | None, str | None]]]


@pytest.fixture
async def guarded() -> AsyncIterator[Post]:
    async with open_webhook_session(allow_private=False) as session:
        yield posting(session)


@pytest.fixture
async def trusting() -> AsyncIterator[Post]:
    async with open_webhook_session(allow_private=True) as session:
        yield posting(session)


def posting(session: aiohttp.ClientSession) -> Post:
    async def post(url: str, body: bytes = b"{}", timeout_s: float = 3.0) -> tuple[int | None, str | None]:
        return await WebhookCourier(session, timeout_s).post(url, body, {"X-Signature-SHA1": "abc"})

    return post


def with_host(url: str, host: str) -> str:
    return f"http://{host}:{urlsplit(url).port}/hook"


class TestWebhooks:
    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]", "0x7f000001"])
    async def test_a_private_address_is_never_reached(self, guarded: Post, host: str) -> None:
        async with listening(saying(OK)) as server:
            assert await guarded(with_host(server.url, host)) == (None, "forbidden_address")
            assert server.connections == 0

    @pytest.mark.parametrize("host", ["2130706433", "127.1", "0177.0.0.1", "user@127.0.0.1", "127.0.0.1."])
    async def test_nor_by_another_spelling(self, guarded: Post, host: str) -> None:
        async with listening(saying(OK)) as server:
            assert await guarded(with_host(server.url, host)) == (None, "forbidden_address")
            assert server.connections == 0

    async def test_nor_over_ipv6(self, guarded: Post) -> None:
        async with listening(saying(OK), "::1") as server:
            assert await guarded(server.url) == (None, "forbidden_address")
            assert server.connections == 0

    async def test_nor_by_a_name_that_leads_there(self, guarded: Post, monkeypatch: pytest.MonkeyPatch) -> None:
        """A name server that answers with a private address, as one does that rebinds."""

        async def private(self: object, host: str, port: int = 0, family: int = 0) -> list[dict[str, object]]:
            found = {"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 6, "flags": 4}
            return [found, {**found, "host": "10.0.0.1"}]

        monkeypatch.setattr(aiohttp.resolver.DefaultResolver, "resolve", private)
        async with listening(saying(OK)) as server:
            assert await guarded(with_host(server.url, "hooks.example.com")) == (None, "forbidden_address")
            assert server.connections == 0

    @pytest.mark.parametrize("port", [22, 6379])
    async def test_nor_another_service(self, guarded: Post, port: int) -> None:
        assert await guarded(f"http://8.8.8.8:{port}/") == (None, "forbidden_address")

    async def test_the_operator_may_allow_private_receivers(self, trusting: Post) -> None:
        async with listening(saying(OK)) as server:
            assert await trusting(with_host(server.url, "localhost"), '{"é":1}'.encode()) == (200, "status_200")
            [request] = server.requests
        assert request.body == '{"é":1}'.encode()
        assert request.headers["x-signature-sha1"] == "abc"

    async def test_but_not_credentials_in_the_address(self, trusting: Post) -> None:
        async with listening(saying(OK)) as server:
            assert await trusting(with_host(server.url, "user:password@127.0.0.1")) == (None, "forbidden_address")
            assert server.connections == 0

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    async def test_a_redirect_is_not_followed(self, trusting: Post, status: int) -> None:
        async with listening(saying(OK)) as elsewhere:
            async with listening(saying(said(status, Location=elsewhere.url))) as server:
                assert await trusting(server.url) == (status, f"status_{status}")
            assert elsewhere.connections == 0

    @pytest.mark.parametrize(
        ("answer", "word"),
        [
            (hang, "timeout"),
            (drop, "connection_lost"),
            (saying(b"SSH-2.0 hello\r\n\r\n"), "connection_lost"),
            (saying(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n"), "connection_lost"),
        ],
    )
    async def test_one_word_says_why_there_is_no_answer(self, trusting: Post, answer: Answer, word: str) -> None:
        async with listening(answer) as server:
            assert await trusting(server.url, timeout_s=0.3) == (None, word)

    async def test_a_receiver_that_is_not_there(self, trusting: Post) -> None:
        assert await trusting(await closed_port()) == (None, "unreachable")
        assert await trusting("http://no-such-name.invalid/") == (None, "unreachable")

    async def test_a_receiver_that_talks_without_end_is_not_listened_to(self, trusting: Post) -> None:
        async def endless(_: Server, __: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            while True:
                writer.write(b"x" * 65_536)
                await writer.drain()

        async with listening(endless) as server:
            assert await trusting(server.url) == (200, "status_200")

    async def test_an_answer_is_not_unpacked(self, trusting: Post) -> None:
        async with listening(saying(said(200, b"not gzip at all", Content_Encoding="gzip"))) as server:
            assert await trusting(server.url) == (200, "status_200")
