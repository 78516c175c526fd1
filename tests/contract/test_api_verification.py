"""``POST /api/openenrich/v1/verify``: addresses in, findings out, and nothing about anybody in errors or logs."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from api_server import KEY, NOON, FakeFrontdoor, FixedClock, assert_no_null
from openenrich.core.mailbox import CatchAll, MailboxCheck, MailboxStatus
from openenrich.web.api import WebOptions, create_app

PATH = "/api/openenrich/v1/verify"
MOST_BYTES = 64 * 1024
WRONG_COUNT = (
    400,
    {"code": "error.verify.emails", "message": "Give 1 to 25 addresses of at most 320 characters each"},
)
TOO_LARGE = (413, {"code": "error.body.too_large", "message": "Body is too large (max: 0.0625 MiB)"})
AUTHORIZED = (b"authorization", f"Bearer {KEY}".encode())

KNOWN = {
    "ada@north.test": MailboxCheck(
        address="ada@north.test",
        status=MailboxStatus.DELIVERABLE,
        reason="accepted",
        mx="mx.north.test",
        provider="Northmail",
        code=250,
        enhanced="2.1.5",
        catch_all=CatchAll.REFUSES,
        flags=frozenset({"role", "free"}),
        checked_at=NOON,
        transcript=("RCPT TO:<ada@north.test>", "250 2.1.5 OK"),
    ),
    "ben@grey.test": MailboxCheck(
        address="ben@grey.test",
        status=MailboxStatus.UNKNOWN,
        reason="greylisted",
        mx="mx.grey.test",
        code=451,
        checked_at=NOON,
        retry_at=NOON + timedelta(seconds=70),
    ),
}


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

    @property
    def results(self) -> list[dict[str, Any]]:
        status, body = self.told
        assert status == 200, body
        assert list(body) == ["results"]
        found: list[dict[str, Any]] = body["results"]
        return found


@dataclass
class Server:
    """The application in front of a verifier that knows two addresses and notes which it was asked about."""

    breaks: Exception | None = None
    is_on: bool = True
    asked: list[str] = field(default_factory=list)
    door: FakeFrontdoor = field(default_factory=FakeFrontdoor)
    received: int = 0

    async def find(self, email: str) -> MailboxCheck:
        self.asked.append(email)
        if self.breaks:
            raise self.breaks
        return KNOWN.get(email) or MailboxCheck(address=email, status=MailboxStatus.INVALID, reason="no_user")

    async def posts(
        self,
        body: object,
        *more: bytes,
        headers: Sequence[tuple[bytes, bytes]] = (AUTHORIZED,),
        path: str = PATH,
        method: str = "POST",
        leaves: bool = False,
    ) -> Answer:
        """One request; a body that is not bytes is sent as JSON. With ``leaves`` the client goes before its end."""
        pieces = (body if isinstance(body, bytes) else msgspec.json.encode(body), *more)
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
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "scheme": "https",
            "headers": list(headers),
        }
        find = self.find if self.is_on else None
        await create_app(self.door, FixedClock(), WebOptions(), find=find)(scope, receive, send)
        return Answer(sent)

    async def verifies(self, *emails: str) -> Answer:
        return await self.posts({"emails": emails})


class TestWhoMayAsk:
    @pytest.mark.parametrize(
        ("headers", "code"),
        [
            ((), "error.authorization.not_set"),
            (((b"authorization", b"Basic x"),), "error.authorization.not_bearer"),
            (((b"authorization", b"Bearer nonsense"),), "error.api.key"),
        ],
    )
    async def test_nobody_without_a_good_key(self, headers: tuple[tuple[bytes, bytes], ...], code: str) -> None:
        server = Server()
        status, body = (await server.posts({"emails": ["ada@north.test"]}, headers=headers)).told
        assert (status, body["code"]) == (401, code)
        assert (server.asked, server.received) == ([], 0)

    async def test_nobody_above_the_rate_limit_of_the_key(self) -> None:
        server = Server(door=FakeFrontdoor(rate_limit=1))
        first, second = await server.verifies("ada@north.test"), await server.verifies("ada@north.test")
        assert (first.told[0], second.told[0], second.told[1]["code"]) == (200, 429, "error.rate.limit")
        assert server.asked == ["ada@north.test"]

    async def test_it_costs_no_credits_and_starts_nothing(self) -> None:
        server = Server(door=FakeFrontdoor(credits=0))
        assert (await server.verifies("ada@north.test")).told[0] == 200
        assert (server.door.credits, server.door.batches) == (0, {})

    async def test_a_slash_at_the_end_changes_nothing(self) -> None:
        assert (await Server().posts({"emails": ["ada@north.test"]}, path=f"{PATH}/")).results

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
    async def test_only_a_post_asks(self, method: str) -> None:
        answer = await Server().posts(b"", method=method)
        assert (answer.told[0], answer.headers["allow"]) == (405, "POST")


class TestFindings:
    async def test_a_finding_comes_with_its_evidence(self) -> None:
        assert (await Server().verifies("ada@north.test")).results == [
            {
                "email": "ada@north.test",
                "status": "deliverable",
                "reason": "accepted",
                "catch_all": "refuses",
                "flags": ["free", "role"],
                "mx": "mx.north.test",
                "provider": "Northmail",
                "smtp_code": 250,
                "smtp_enhanced_code": "2.1.5",
                "checked_at": "2026-05-04T12:00:20.500000Z",
            }
        ]

    async def test_what_is_still_open_says_when_to_ask_again(self) -> None:
        [found] = (await Server().verifies("ben@grey.test")).results
        assert (found["status"], found["reason"]) == ("unknown", "greylisted")
        assert found["retry_at"] == "2026-05-04T12:01:30.500000Z"

    async def test_what_is_not_known_about_an_address_is_left_out(self) -> None:
        assert (await Server().verifies("cleo@north.test")).results == [
            {"email": "cleo@north.test", "status": "invalid", "reason": "no_user", "catch_all": "untested"}
        ]

    async def test_nothing_is_null(self) -> None:
        answer = await Server().verifies("cleo@north.test", *KNOWN)
        assert_no_null(answer.told[1])

    async def test_the_conversation_itself_is_not_shown(self) -> None:
        assert "RCPT" not in repr((await Server().verifies("ada@north.test")).told)

    async def test_the_order_is_that_of_the_request_however_long_each_takes(self) -> None:
        class Backwards(Server):
            """The last address is answered first."""

            async def find(self, email: str) -> MailboxCheck:
                for _ in range(10 - int(email[1])):
                    await asyncio.sleep(0)
                return await super().find(email)

        server, emails = Backwards(), [f"p{number}@north.test" for number in range(10)]
        assert [found["email"] for found in (await server.verifies(*emails)).results] == emails
        assert server.asked == emails[::-1]

    async def test_an_address_given_twice_is_answered_twice(self) -> None:
        found = (await Server().verifies("ada@north.test", "ben@grey.test", "ada@north.test")).results
        assert [item["status"] for item in found] == ["deliverable", "unknown", "deliverable"]

    async def test_blanks_round_an_address_are_no_part_of_it(self) -> None:
        server = Server()
        [found] = (await server.verifies("  ada@north.test\n")).results
        assert (found["email"], server.asked) == ("ada@north.test", ["ada@north.test"])

    @pytest.mark.parametrize("count", [1, 25])
    async def test_one_to_twenty_five_addresses_are_taken(self, count: int) -> None:
        assert len((await Server().verifies(*(f"p{number}@north.test" for number in range(count)))).results) == count

    async def test_an_address_of_the_longest_form_is_taken(self) -> None:
        assert (await Server().verifies("a" * 309 + "@north.test")).results

    async def test_what_is_no_address_is_the_verifiers_affair(self) -> None:
        server = Server()
        assert (await server.verifies("not an address")).results
        assert server.asked == ["not an address"]


class TestRefusals:
    @pytest.mark.parametrize(
        "emails",
        [
            [],
            ["p@north.test"] * 26,
            [""],
            ["   "],
            ["ada@north.test", ""],
            ["a" * 310 + "@north.test"],
        ],
        ids=["none", "26", "empty", "blank", "one empty", "321 characters"],
    )
    async def test_another_number_or_length_of_addresses_is_400_and_nobody_is_asked(self, emails: list[str]) -> None:
        server = Server()
        assert (await server.verifies(*emails)).told == WRONG_COUNT
        assert server.asked == []

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"ada@north.test",
            b'"ada@north.test"',
            b'["ada@north.test"]',
            b'{"emails": "ada@north.test"}',
            b'{"emails": {"ada@north.test": 1}}',
            b'{"emails": ["ada@north.test", 5]}',
            b'{"emails": [["ada@north.test"]]}',
            b'{"emails": null}',
            b'{"ada@north.test": []}',
            b'{"emails": ["ada@north.test"',
            b'{"emails": ["ada@north.test"]} ada',
            b'{"emails": ["ada@north.test\xff"]}',
            b'{"emails": ["ada@north.test\\ud800"]}',
            b"\xff\xfe ada@north.test",
            b'{"more": ' + b"[" * 60_000,
        ],
    )
    async def test_a_body_that_cannot_be_read_is_400_and_is_not_repeated(self, body: bytes) -> None:
        server = Server()
        with capture_logs() as logs:
            status, told = (await server.posts(body)).told
        assert (status, told["code"]) == (400, "error.bad_request")
        assert told["message"]
        assert "ada" not in repr(told)
        assert "north" not in repr(told)
        assert (server.asked, logs) == ([], [])

    async def test_what_is_wrong_is_named_by_its_place(self) -> None:
        _, told = (await Server().posts({"emails": ["ada@north.test", 5]})).told
        assert "emails[1]" in told["message"]

    async def test_members_that_are_not_known_are_ignored(self) -> None:
        assert (await Server().posts({"emails": ["ada@north.test"], "more": {"x": [1]}})).results

    async def test_a_verifier_that_is_off_is_409_and_says_what_to_set(self) -> None:
        status, told = (await Server(is_on=False).verifies("ada@north.test")).told
        assert (status, told["code"]) == (409, "error.verify.off")
        assert "verify.helo" in told["message"]
        assert "verify.mail_from" in told["message"]

    async def test_a_body_of_exactly_the_limit_is_taken(self) -> None:
        body = msgspec.json.encode({"emails": ["ada@north.test"]})
        assert (await Server().posts(body.ljust(MOST_BYTES))).results

    async def test_one_above_the_limit_is_413_and_the_rest_is_not_read(self) -> None:
        server = Server()
        body = msgspec.json.encode({"emails": ["ada@north.test"]})
        answer = await server.posts(body.ljust(MOST_BYTES), b" ", *[b" "] * 100)
        assert (answer.told, server.received, server.asked) == (TOO_LARGE, 2, [])

    async def test_a_client_that_hangs_up_has_asked_nothing(self) -> None:
        server = Server()
        with capture_logs() as logs:
            answer = await server.posts(b'{"emails": ["ada', leaves=True)
        assert (answer.messages, server.asked, logs) == ([], [], [])


class TestLogs:
    async def test_what_was_asked_and_found_is_not_logged(self) -> None:
        with capture_logs() as logs:
            await Server().verifies(*KNOWN, "cleo@north.test")
            await Server().verifies()
            await Server(is_on=False).verifies(*KNOWN)
        assert logs == []

    async def test_a_failure_of_ours_is_500_and_names_no_address(self) -> None:
        server = Server(breaks=RuntimeError("cannot ask about ada@north.test"))
        with capture_logs() as logs:
            answer = await server.verifies("ada@north.test", "ben@grey.test")
        assert answer.told == (500, {"code": "error.internal", "message": "Internal error"})
        [entry] = logs
        assert (entry["operation"], entry["error"], entry["log_level"]) == ("verifyEmails", "RuntimeError", "error")
        assert [word for word in ("ada", "ben", "north", "grey") if word in repr(logs)] == []


async def test_the_operation_stands_in_the_description_with_all_its_refusals() -> None:
    answer = await Server().posts(b"", path="/openapi.json", method="GET", headers=())
    described = answer.told[1]["paths"][PATH]["post"]
    assert set(described["responses"]) == {"200", "400", "401", "409", "413", "429", "500"}
