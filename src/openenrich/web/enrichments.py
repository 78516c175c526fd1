"""Starting an enrichment and reading its result: the two operations of the v2 contract (sections 5 and 6)."""

from http import HTTPStatus
from typing import Final

import msgspec

from openenrich.core.outcome import BatchStatus
from openenrich.engine.ports import BatchView, Frontdoor, Wire
from openenrich.web.errors import ENRICHMENT_NOT_FOUND, IN_PROGRESS, Refusal
from openenrich.web.exchange import Call, Reply, says_no, says_yes
from openenrich.web.intake import IntakeRules, check, decode
from openenrich.web.options import WebOptions

# Every way to say "skip bad contacts": ours, and the two of older clients (section 5.5).
_SILENT: Final = (("silentFail", says_yes), ("checkLinkedinUrl", says_no), ("checkDomain", says_no))


class Started(msgspec.Struct, frozen=True):
    """The answer to a POST."""

    enrichment_id: str


class Enrichments:
    """Handlers of ``/contact/enrich/bulk``."""

    def __init__(self, frontdoor: Frontdoor, wire: Wire, options: WebOptions) -> None:
        self._frontdoor = frontdoor
        self._wire = wire
        self._options = options
        self._rules = IntakeRules(
            max_contacts=options.max_contacts,
            custom_max_keys=options.custom_max_keys,
            require_domain_without_linkedin=options.require_domain_without_linkedin,
        )

    async def start(self, call: Call) -> Reply:
        request = decode(await call.body(self._options.max_body))
        batch = check(request, call.caller, self._rules, silent=_is_silent(call.query()))
        enrichment_id = await self._frontdoor.accept(batch, call.now)
        return Reply(HTTPStatus.OK, msgspec.json.encode(Started(str(enrichment_id))))

    async def result(self, call: Call) -> Reply:
        forced = says_yes(call.query().get("forceResults"))
        view = await self._frontdoor.view(call.caller.workspace_id, call.enrichment_id(), partial=forced, now=call.now)
        if view is None:
            raise Refusal(ENRICHMENT_NOT_FOUND)
        if forced or view.status.final:
            return Reply(self._status(view), self._wire.body(view, with_data=True))
        if self._in_progress(call) == HTTPStatus.BAD_REQUEST:
            raise Refusal(IN_PROGRESS)
        return Reply(HTTPStatus.OK, self._wire.body(view, with_data=False))

    def _status(self, view: BatchView) -> int:
        if view.status is BatchStatus.CREDITS_INSUFFICIENT:
            return self._options.insufficient_http_status
        return HTTPStatus.OK

    def _in_progress(self, call: Call) -> int:
        """A key's own choice goes before the server's (decision 1)."""
        return call.caller.in_progress_response or self._options.in_progress_response


def _is_silent(query: dict[str, str]) -> bool:
    return any(says(query.get(name)) for name, says in _SILENT)
