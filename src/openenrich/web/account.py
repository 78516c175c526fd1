"""Whether a key is good, and what its workspace has left (section 9). Both are free, both count as requests."""

from http import HTTPStatus
from typing import Final

import msgspec

from openenrich.core.money import credits_as_number
from openenrich.engine.ports import Frontdoor
from openenrich.web.exchange import Call, Reply

_WORKSPACE_GONE: Final = Reply(HTTPStatus.NOT_FOUND)


class KeyIsGood(msgspec.Struct, frozen=True):
    """The workspace behind a key."""

    workspace_id: str


class Balance(msgspec.Struct, frozen=True):
    """Credits left: an integer when whole, because one client insists on it."""

    balance: int | float


class Account:
    """Handlers of ``/account``."""

    def __init__(self, frontdoor: Frontdoor) -> None:
        self._frontdoor = frontdoor

    async def verify_key(self, call: Call) -> Reply:
        if await self._frontdoor.balance(call.caller.workspace_id) is None:
            return _WORKSPACE_GONE
        return Reply(HTTPStatus.OK, msgspec.json.encode(KeyIsGood(str(call.caller.workspace_id))))

    async def credits(self, call: Call) -> Reply:
        balance = await self._frontdoor.balance(call.caller.workspace_id)
        if balance is None:
            return _WORKSPACE_GONE
        return Reply(HTTPStatus.OK, msgspec.json.encode(Balance(credits_as_number(balance))))
