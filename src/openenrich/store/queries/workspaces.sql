-- name: identify
WITH caller AS (
    SELECT k.digest, k.id, k.workspace_id, k.in_progress_response, asked.times,
           coalesce(k.rate_limit, w.rate_limit) AS rate_limit
    FROM unnest($1::bytea[], $2::int[]) AS asked(digest, times)
    JOIN api_key k ON k.digest = asked.digest AND k.revoked_at IS NULL JOIN workspace w ON w.id = k.workspace_id
), together AS (
    SELECT workspace_id, sum(times)::int AS times FROM caller GROUP BY workspace_id ORDER BY workspace_id
), counted AS (
    INSERT INTO rate_window (workspace_id, minute, used) SELECT workspace_id, $3, times FROM together
    ON CONFLICT (workspace_id) DO UPDATE
    SET used = CASE WHEN rate_window.minute = excluded.minute THEN rate_window.used ELSE 0 END + excluded.used,
        minute = excluded.minute
    RETURNING workspace_id, used
)
SELECT caller.digest, caller.id, caller.workspace_id, caller.in_progress_response, caller.rate_limit, counted.used,
       together.times AS together
FROM caller JOIN counted USING (workspace_id) JOIN together USING (workspace_id);

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
