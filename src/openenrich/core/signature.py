"""The signature of a webhook (section 7 of the API): HMAC-SHA1 over the exact bytes that are sent."""

import hashlib
import hmac


def sha1(key: str, body: bytes) -> str:
    """Lower-case hex without a prefix, because some receivers compare exactly."""
    return hmac.new(key.encode(), body, hashlib.sha1).hexdigest()
