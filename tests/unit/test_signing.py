"""Where a secret goes."""

import pytest

from openenrich.core.vendor import BasicKey, HeaderKey, HeaderKeys, HttpRequest, NoKey, QueryKey
from openenrich.egress.signing import StaticAuth, signed

ASKED = HttpRequest("GET", "/find", query={"domain": "example.com"}, headers={"X-Version": "2"})


@pytest.mark.parametrize(
    ("auth", "headers", "query"),
    [
        (NoKey(), {}, {}),
        (HeaderKey("X-Key"), {"X-Key": "one:two"}, {}),
        (HeaderKey("Authorization", "Bearer "), {"Authorization": "Bearer one:two"}, {}),
        (HeaderKeys(("X-Id", "X-Secret")), {"X-Id": "one", "X-Secret": "two"}, {}),
        (QueryKey("apiId"), {}, {"apiId": "one:two"}),
        (BasicKey(), {"Authorization": "Basic Om9uZTp0d28="}, {}),
        (BasicKey("any"), {"Authorization": "Basic YW55Om9uZTp0d28="}, {}),
    ],
)
def test_the_secret_is_added_to_what_the_vendor_file_asked(
    auth: StaticAuth, headers: dict[str, str], query: dict[str, str]
):
    request = signed(ASKED, auth, "one:two")
    assert request.headers == {"X-Version": "2"} | headers
    assert request.query == {"domain": "example.com"} | query
    assert ASKED.headers == {"X-Version": "2"}
