"""The table of everything this server answers: one row is routed by ``api.py`` and documented by ``openapi.py``.

The v2 rows are the contract of the seeds; the ``openenrich`` rows are our own (decision 9); the rest is for machines.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from openenrich.web import errors
from openenrich.web.account import Balance, KeyIsGood
from openenrich.web.callbacks import Taken
from openenrich.web.enrichments import Started
from openenrich.web.errors import ApiError
from openenrich.web.health import Health
from openenrich.web.intake import EnrichmentRequest
from openenrich.web.options import WebOptions
from openenrich.web.own import Explanations, ProgressAnswer
from openenrich.web.verification import Findings, VerificationRequest
from openenrich.web.wire import Enrichment

V2: Final = "/api/v2"
OWN: Final = "/api/openenrich/v1"


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """``answers`` maps a status to the type of its body, ``None`` for a body that is empty or no JSON.

    ``query`` maps the name of a boolean parameter to its meaning; ``aliases`` are routed, not documented.
    """

    name: str
    method: str
    path: str
    summary: str
    answers: Mapping[int, Any]
    guarded: bool = True
    aliases: tuple[str, ...] = ()
    request: Any = None
    query: Mapping[str, str] = {}
    refusals: tuple[ApiError, ...] = ()

    def all_refusals(self) -> tuple[ApiError, ...]:
        """Its own, and those that every guarded operation has."""
        return self.refusals + (_GUARDED if self.guarded else (errors.INTERNAL,))


_GUARDED: Final = (
    errors.AUTHORIZATION_NOT_SET,
    errors.AUTHORIZATION_NOT_BEARER,
    errors.UNKNOWN_KEY,
    errors.RATE_LIMITED,
    errors.INTERNAL,
)


def operations(options: WebOptions) -> tuple[Operation, ...]:
    """The busiest first: routes are tried in this order."""
    return (*_enrichments(options), *_account(), *_own(), _callbacks(), *_machines())


def _enrichments(options: WebOptions) -> tuple[Operation, ...]:
    return (
        Operation(
            name="getEnrichment",
            method="GET",
            path=f"{V2}/contact/enrich/bulk/{{enrichment_id}}",
            summary="State and result of an enrichment",
            query={"forceResults": "Give what has been found so far, even if the enrichment is not finished"},
            answers={200: Enrichment, options.insufficient_http_status: Enrichment},
            refusals=(errors.IN_PROGRESS, errors.ENRICHMENT_NOT_FOUND),
        ),
        Operation(
            name="startEnrichment",
            method="POST",
            path=f"{V2}/contact/enrich/bulk",
            summary="Start an enrichment of 1 to 100 contacts",
            query={"silentFail": "Skip contacts with missing or bad data instead of refusing the whole batch"},
            request=EnrichmentRequest,
            answers={200: Started},
            refusals=_start_refusals(options),
        ),
    )


def _start_refusals(options: WebOptions) -> tuple[ApiError, ...]:
    return (
        errors.bad_request("data[0].domain: expected str | null, got int"),
        errors.NAME_EMPTY,
        errors.WEBHOOK_URL,
        errors.DATA_EMPTY,
        errors.data_exceeded(options.max_contacts),
        errors.ENRICH_FIELDS_EMPTY,
        errors.enrich_field_value("xxxx"),
        errors.FIRST_NAME_EMPTY,
        errors.LAST_NAME_EMPTY,
        errors.DOMAIN_EMPTY,
        errors.LINKEDIN_MALFORMED,
        errors.DOMAIN_INVALID,
        errors.custom_keys_exceeded(options.custom_max_keys),
        errors.CUSTOM_VALUE_TYPE,
        errors.CUSTOM_VALUE_TOO_LONG,
        errors.body_too_large(options.max_body),
    )


def _account() -> tuple[Operation, ...]:
    return (
        Operation(
            name="getCredits",
            method="GET",
            path=f"{V2}/account/credits",
            aliases=(f"{V2}/account/credits/get",),
            summary="Balance of the workspace",
            answers={200: Balance, 404: None},
        ),
        Operation(
            name="verifyKey",
            method="GET",
            path=f"{V2}/account/keys/verify",
            summary="Whether this key is good",
            answers={200: KeyIsGood, 404: None},
        ),
    )


def _own() -> tuple[Operation, ...]:
    enrichment = f"{OWN}/enrichments/{{enrichment_id}}"
    return (
        Operation(
            name="getProgress",
            method="GET",
            path=f"{enrichment}/progress",
            summary="How far an enrichment is, and what it has cost",
            answers={200: ProgressAnswer},
            refusals=(errors.ENRICHMENT_NOT_FOUND,),
        ),
        Operation(
            name="explainContacts",
            method="GET",
            path=f"{enrichment}/contacts",
            summary="Why each row says what it says: vendors asked, prices, winners",
            answers={200: Explanations},
            refusals=(errors.ENRICHMENT_NOT_FOUND,),
        ),
        Operation(
            name="verifyEmails",
            method="POST",
            path=f"{OWN}/verify",
            summary="What the mail hosts of 1 to 25 addresses say, with the evidence; costs no credits",
            request=VerificationRequest,
            answers={200: Findings},
            refusals=(
                errors.bad_request("emails: expected list, got int"),
                errors.VERIFY_EMAILS,
                errors.VERIFY_OFF,
                errors.body_too_large(64 * 1024),
            ),
        ),
        Operation(
            name="cancelEnrichment",
            method="POST",
            path=f"{enrichment}/cancel",
            summary="Stop an enrichment: running contacts settle, the rest cost nothing",
            answers={200: Enrichment},
            refusals=(errors.ENRICHMENT_NOT_FOUND,),
        ),
    )


def _callbacks() -> Operation:
    return Operation(
        name="takeReport",
        method="POST",
        path="/callbacks/{vendor}/{token}",
        summary="A vendor reports that a question is answered; the address is given to it with the question",
        answers={200: Taken},
        guarded=False,
        refusals=(
            errors.NOT_FOUND,
            errors.CALLBACK_NOT_AUTHENTIC,
            errors.CALLBACK_UNREADABLE,
            errors.CALLBACK_TOO_EARLY,
            errors.body_too_large(8 * 1024 * 1024),
        ),
    )


def _machines() -> tuple[Operation, ...]:
    return (
        Operation(
            name="isAlive",
            method="GET",
            path="/healthz",
            summary="The process runs",
            answers={200: Health},
            guarded=False,
        ),
        Operation(
            name="isReady",
            method="GET",
            path="/readyz",
            summary="The database answers and its schema is current",
            answers={200: Health, 503: Health},
            guarded=False,
        ),
        Operation(
            name="getMetrics",
            method="GET",
            path="/metrics",
            summary="Counters as Prometheus text",
            answers={200: None},
            guarded=False,
        ),
        Operation(
            name="getDescription",
            method="GET",
            path="/openapi.json",
            summary="This description",
            answers={200: dict[str, Any]},
            guarded=False,
        ),
    )
