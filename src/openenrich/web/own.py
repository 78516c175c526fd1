"""What the v2 contract has no place for (decision 9): progress, explanations, cancelling.

Same keys, same limit, same error bodies. Credits are shown as numbers of credits, vendor money in millionths of a US
dollar; members that are unknown are left out.
"""

from http import HTTPStatus

import msgspec

from openenrich.core.contact import Field
from openenrich.core.money import credits_as_number
from openenrich.core.outcome import BatchStatus
from openenrich.engine.ports import AttemptView, Explanation, FieldProgress, Frontdoor, Progress, Wire
from openenrich.web.errors import ENRICHMENT_NOT_FOUND, Refusal
from openenrich.web.exchange import Call, Reply


class ProgressAnswer(msgspec.Struct, frozen=True):
    """Where an enrichment stands."""

    status: BatchStatus
    contacts: int
    finished: int
    credits: int | float
    vendor_cost_micro_usd: int
    calls: int
    fields: tuple[FieldProgress, ...]

    @classmethod
    def of(cls, progress: Progress) -> "ProgressAnswer":
        return cls(
            status=progress.status,
            contacts=progress.contacts,
            finished=progress.finished,
            credits=credits_as_number(progress.credits),
            vendor_cost_micro_usd=progress.vendor_cost,
            calls=progress.calls,
            fields=progress.fields,
        )


class ContactExplanation(msgspec.Struct, frozen=True):
    """Why a row says what it says; ``won`` and ``because`` are by field."""

    position: int
    state: str
    credits: int | float
    vendor_cost_micro_usd: int
    from_history: tuple[Field, ...]
    won: dict[str, str]
    because: dict[str, str]
    attempts: tuple[AttemptView, ...]

    @classmethod
    def of(cls, explanation: Explanation) -> "ContactExplanation":
        return cls(
            position=explanation.position,
            state=explanation.state,
            credits=credits_as_number(explanation.credits),
            vendor_cost_micro_usd=explanation.vendor_cost_micro_usd,
            from_history=explanation.from_history,
            won=explanation.won,
            because=explanation.because,
            attempts=explanation.attempts,
        )


class Explanations(msgspec.Struct, frozen=True):
    """Every contact of an enrichment, in the order of the request."""

    contacts: tuple[ContactExplanation, ...]


class Own:
    """Handlers of ``/api/openenrich/v1/enrichments/{enrichment_id}``."""

    def __init__(self, frontdoor: Frontdoor, wire: Wire) -> None:
        self._frontdoor = frontdoor
        self._wire = wire

    async def progress(self, call: Call) -> Reply:
        progress = await self._frontdoor.progress(call.caller.workspace_id, call.enrichment_id())
        if progress is None:
            raise Refusal(ENRICHMENT_NOT_FOUND)
        return Reply(HTTPStatus.OK, msgspec.json.encode(ProgressAnswer.of(progress)))

    async def explain(self, call: Call) -> Reply:
        explained = await self._frontdoor.explain(call.caller.workspace_id, call.enrichment_id())
        if explained is None:
            raise Refusal(ENRICHMENT_NOT_FOUND)
        answer = Explanations(tuple(ContactExplanation.of(item) for item in explained))
        return Reply(HTTPStatus.OK, msgspec.json.encode(answer))

    async def cancel(self, call: Call) -> Reply:
        """The answer is the envelope as it stands: contacts that were running may still settle."""
        workspace_id, enrichment_id = call.caller.workspace_id, call.enrichment_id()
        if not await self._frontdoor.cancel(workspace_id, enrichment_id, call.now):
            raise Refusal(ENRICHMENT_NOT_FOUND)
        view = await self._frontdoor.view(workspace_id, enrichment_id, partial=False, now=call.now)
        if view is None:
            raise Refusal(ENRICHMENT_NOT_FOUND)
        return Reply(HTTPStatus.OK, self._wire.body(view, with_data=False))
