"""Enrich a few people with nothing but Python's standard library.

Set OPENENRICH_URL and OPENENRICH_KEY (openenrich keys create --name me). Works against any FullEnrich v2 API.
"""

import json
import os
import time
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

API = os.environ.get("OPENENRICH_URL", "http://127.0.0.1:8080") + "/api/v2"
HEADERS = {"Authorization": f"Bearer {os.environ['OPENENRICH_KEY']}", "Content-Type": "application/json"}
PEOPLE = [
    {"first_name": "Ada", "last_name": "Sample", "domain": "test.example.com", "custom": {"crm_id": "1"}},
    {"first_name": "Notfound", "last_name": "Sample", "domain": "test.example.com", "custom": {"crm_id": "2"}},
]


def call(path: str, body: object = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(API + path, data, HEADERS)) as answer:  # noqa: S310 - the address is the operator's own
        found: dict[str, Any] = json.load(answer)
        return found


def finished(enrichment_id: str) -> dict[str, Any]:
    """Ask until it is done. The running state is an error 400 whose code says so."""
    while True:
        try:
            return call(f"/contact/enrich/bulk/{enrichment_id}")
        except HTTPError as error:
            if json.load(error)["code"] != "error.enrichment.in_progress":
                raise
            time.sleep(1)


wanted = ["contact.work_emails", "contact.phones"]
started = call("/contact/enrich/bulk", {"name": "A few", "data": [{**one, "enrich_fields": wanted} for one in PEOPLE]})
result = finished(started["enrichment_id"])
for row in result["data"]:
    email = row["contact_info"].get("most_probable_work_email", {})
    print(row["custom"]["crm_id"], row["input"]["full_name"], email.get("email", "-"), email.get("status", "-"))  # noqa: T201
print(f"{result['cost']['credits']} credits")  # noqa: T201
