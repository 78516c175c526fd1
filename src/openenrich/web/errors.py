"""Everything the API can refuse, word for word.

Clients switch on ``code`` and show ``message``, so both are part of the contract (sections 1.2, 2, 3, 5.2, 6.2).
The set is closed: nothing else leaves as an error body. `Refusal` carries one of them to the edge and is raised
inside ``web`` only.

    400  bad_request, in_progress, every ``error.enrichment.*`` of a POST
    401  not_set, not_bearer, api.key         404  not_found, enrichment.not_found
    405  method.not_allowed                   413  body.too_large
    429  rate.limit                           500  internal
"""

import msgspec

VALUE_LIMIT = 100
"""Characters of a custom value, of a custom key, and of a caller's own word inside a message."""

MEBIBYTE = 1024 * 1024


class ErrorBody(msgspec.Struct, frozen=True):
    """The one shape of an error; both members are always there."""

    code: str
    message: str


class ApiError(msgspec.Struct, frozen=True):
    """A status with its body."""

    status: int
    code: str
    message: str

    def body(self) -> bytes:
        return msgspec.json.encode(ErrorBody(self.code, self.message))


class Refusal(Exception):  # noqa: N818 - it is an answer to the caller, not a failure of ours
    """The request ends with this error."""

    def __init__(self, error: ApiError) -> None:
        super().__init__(error.code)
        self.error = error


AUTHORIZATION_NOT_SET = ApiError(401, "error.authorization.not_set", "Authorization headers not set")
AUTHORIZATION_NOT_BEARER = ApiError(
    401, "error.authorization.not_bearer", "Authorization headers do not have prefix 'bearer'"
)
UNKNOWN_KEY = ApiError(401, "error.api.key", "Unknown api key")
RATE_LIMITED = ApiError(429, "error.rate.limit", "Too many requests. Try again in 1m")
VERIFY_EMAILS = ApiError(400, "error.verify.emails", "Give 1 to 25 addresses of at most 320 characters each")
VERIFY_OFF = ApiError(
    409, "error.verify.off", "The mail verifier is off: set verify.helo and verify.mail_from (see config.default.toml)"
)
CALLBACK_NOT_AUTHENTIC = ApiError(
    401, "error.callback.not_authentic", "The report is not signed with the key that the question was asked with"
)
CALLBACK_UNREADABLE = ApiError(400, "error.callback.unreadable", "The report has a shape that is not known")
CALLBACK_TOO_EARLY = ApiError(
    503, "error.callback.too_early", "The question is still being answered: send the report again in a moment"
)
NOT_FOUND = ApiError(404, "error.not_found", "Not found")
METHOD_NOT_ALLOWED = ApiError(405, "error.method.not_allowed", "Method not allowed")
INTERNAL = ApiError(500, "error.internal", "Internal error")

ENRICHMENT_NOT_FOUND = ApiError(404, "error.enrichment.not_found", "Enrichment ID not found")
IN_PROGRESS = ApiError(400, "error.enrichment.in_progress", "Enrichment not ready, try again in 30 seconds")

NAME_EMPTY = ApiError(400, "error.enrichment.name.empty", "Enrichment name not set")
WEBHOOK_URL = ApiError(400, "error.enrichment.webhook_url", "Webhook URL must be start with http or https")
DATA_EMPTY = ApiError(400, "error.enrichment.data.empty", "Data is empty")
FIRST_NAME_EMPTY = ApiError(400, "error.enrichment.first_name.empty", "First name cannot be empty")
LAST_NAME_EMPTY = ApiError(400, "error.enrichment.last_name.empty", "Last name cannot be empty")
DOMAIN_EMPTY = ApiError(400, "error.enrichment.domain.empty", "Domain cannot be empty")
DOMAIN_INVALID = ApiError(400, "error.enrichment.domain.invalid", "Domain is invalid")
LINKEDIN_MALFORMED = ApiError(400, "error.linkedin.malformated", "LinkedIn URL is malformated")
ENRICH_FIELDS_EMPTY = ApiError(400, "error.enrichment.enrich_fields.empty", "enrichFields cannot be empty")
CUSTOM_VALUE_TYPE = ApiError(400, "error.enrichment.custom.value.type", "Custom field values must be strings")
CUSTOM_VALUE_TOO_LONG = ApiError(
    400,
    "error.enrichment.custom.value.exceeded",
    f"Custom field value max len exceeded (max: {VALUE_LIMIT} character)",
)
CUSTOM_KEY_TOO_LONG = ApiError(
    400, "error.enrichment.custom.key.exceeded", f"Custom field key max len exceeded (max: {VALUE_LIMIT} character)"
)


def bad_request(what: str) -> ApiError:
    """The body cannot be read; ``what`` names the field and never repeats its value."""
    return ApiError(400, "error.bad_request", what)


def body_too_large(limit: int) -> ApiError:
    return ApiError(413, "error.body.too_large", f"Body is too large (max: {limit / MEBIBYTE:g} MiB)")


def data_exceeded(limit: int) -> ApiError:
    return ApiError(400, "error.enrichment.data.exceeded", f"Data contains too many contacts (max: {limit})")


def enrich_field_value(word: str) -> ApiError:
    """The caller's word comes back in the quotes, cut where a custom value would be."""
    return ApiError(
        400,
        "error.enrichment.enrich_field.value",
        f"enrichField '{word[:VALUE_LIMIT]}' not valid must be "
        "contact.work_emails or contact.phones or contact.personal_emails",
    )


def custom_keys_exceeded(limit: int) -> ApiError:
    return ApiError(
        400, "error.enrichment.custom.key.exceeded", f"Custom field contains too many keys (max: {limit} keys)"
    )
