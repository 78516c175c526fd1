"""What an operator can set about the API. The values come from the settings; the defaults are the documented ones."""

from dataclasses import dataclass

from openenrich.core.phone import PhoneStyle
from openenrich.web.errors import MEBIBYTE


@dataclass(frozen=True, slots=True)
class WebOptions:
    """``in_progress_response`` is 400 or 200 (decision 1); ``max_body`` counts bytes."""

    in_progress_response: int = 400
    phone_format: PhoneStyle = "international"
    custom_max_keys: int = 20
    max_body: int = 5 * MEBIBYTE
    insufficient_http_status: int = 402
    require_domain_without_linkedin: bool = False
    max_contacts: int = 100
