#!/usr/bin/env bash
# Enrich one person with curl. Set OPENENRICH_URL and OPENENRICH_KEY (openenrich keys create --name me).
set -euo pipefail
api="${OPENENRICH_URL:-http://127.0.0.1:8080}/api/v2"
auth="Authorization: Bearer $OPENENRICH_KEY"

started=$(curl -sS --fail-with-body "$api/contact/enrich/bulk" -H "$auth" -d '{
  "name": "One person",
  "data": [{"first_name": "Ada", "last_name": "Sample", "domain": "test.example.com",
            "enrich_fields": ["contact.work_emails", "contact.phones"]}]}')
id=$(sed -E 's/.*"enrichment_id":"([^"]+)".*/\1/' <<<"$started")

# 400 error.enrichment.in_progress until it is done; a webhook_url in the request would save the asking.
until curl -sS --fail "$api/contact/enrich/bulk/$id" -H "$auth" 2>/dev/null; do sleep 1; done
echo
