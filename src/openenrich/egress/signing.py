"""Where a vendor's secret goes: into the request that leaves, and nowhere that anybody else sees."""

import base64
from dataclasses import replace

from openenrich.core.vendor import BasicKey, HeaderKey, HeaderKeys, HttpRequest, NoKey, QueryKey

StaticAuth = HeaderKey | HeaderKeys | QueryKey | BasicKey | NoKey


def signed(request: HttpRequest, auth: StaticAuth, secret: str) -> HttpRequest:
    """The request with the secret in its place. Two secrets are written ``first:second``."""
    match auth:
        case NoKey():
            return request
        case HeaderKey(name=name, prefix=prefix):
            return _with_headers(request, {name: prefix + secret})
        case HeaderKeys(names=names):
            return _with_headers(request, dict(zip(names, secret.split(":", len(names) - 1), strict=False)))
        case QueryKey(name=name):
            return replace(request, query={**request.query, name: secret})
        case BasicKey(user=user):
            pair = base64.b64encode(f"{user}:{secret}".encode()).decode()
            return _with_headers(request, {"Authorization": f"Basic {pair}"})


def _with_headers(request: HttpRequest, headers: dict[str, str]) -> HttpRequest:
    return replace(request, headers={**request.headers, **headers})
