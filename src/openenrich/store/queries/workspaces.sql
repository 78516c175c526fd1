-- name: identify
WITH caller AS (
    SELECT k.id, k.workspace_id, k.in_progress_response, coalesce(k.rate_limit, w.rate_limit) AS rate_limit
    FROM api_key k JOIN workspace w ON w.id = k.workspace_id WHERE k.digest = $1 AND k.revoked_at IS NULL
), counted AS (
    INSERT INTO rate_window (workspace_id, minute, used) SELECT workspace_id, $2, 1 FROM caller
    ON CONFLICT (workspace_id) DO UPDATE
    SET used = CASE WHEN rate_window.minute = excluded.minute THEN rate_window.used + 1 ELSE 1 END,
        minute = excluded.minute
    RETURNING used
)
SELECT caller.id, caller.workspace_id, caller.in_progress_response, caller.rate_limit, counted.used
FROM caller, counted;

-- name: insert_workspace
INSERT INTO workspace (id, name, rate_limit, concurrent_contacts, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (name) DO NOTHING RETURNING id;

-- name: insert_key
INSERT INTO api_key (id, workspace_id, name, digest, ciphertext, in_progress_response, created_at, rate_limit)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: keys
SELECT k.id, k.name, w.name AS workspace, k.created_at, k.revoked_at
FROM api_key k JOIN workspace w ON w.id = k.workspace_id ORDER BY k.created_at;

-- name: revoke
UPDATE api_key SET revoked_at = $3
WHERE (id::text = $1 OR name = $1 OR digest = $2) AND revoked_at IS NULL RETURNING id;

-- name: ledger
SELECT e.at, e.kind, e.amount, e.held, e.balance, e.reserved, e.note, e.batch_id
FROM ledger_entry e JOIN workspace w ON w.id = e.workspace_id WHERE w.name = $1 ORDER BY e.id DESC LIMIT $2;
