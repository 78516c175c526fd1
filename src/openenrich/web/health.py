"""What machines ask without a key: is it alive, can it work, what does it count, what does it speak."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

import msgspec

from openenrich.engine.ports import Frontdoor
from openenrich.web.exchange import Reply

PROMETHEUS_TEXT: Final = b"text/plain; version=0.0.4; charset=utf-8"


class Health(msgspec.Struct, frozen=True):
    """``ok`` or ``unavailable``."""

    status: str


class Machines:
    """Handlers of the open paths."""

    def __init__(self, frontdoor: Frontdoor, metrics: Callable[[], bytes] | None, document: bytes) -> None:
        self._frontdoor = frontdoor
        self._metrics = metrics
        self._document = document

    async def alive(self) -> Reply:
        return Reply(HTTPStatus.OK, msgspec.json.encode(Health("ok")))

    async def ready(self) -> Reply:
        try:
            ready = await self._frontdoor.ready()
        except Exception:  # noqa: BLE001 - a database that raises is not ready; that is the answer, not an error
            ready = False
        if not ready:
            return Reply(HTTPStatus.SERVICE_UNAVAILABLE, msgspec.json.encode(Health("unavailable")))
        return Reply(HTTPStatus.OK, msgspec.json.encode(Health("ok")))

    async def metrics(self) -> Reply:
        return Reply(HTTPStatus.OK, self._metrics() if self._metrics else b"", PROMETHEUS_TEXT)

    async def document(self) -> Reply:
        return Reply(HTTPStatus.OK, self._document)
