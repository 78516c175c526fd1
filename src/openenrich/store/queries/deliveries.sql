-- name: insert_contact_events
INSERT INTO delivery (id, workspace_id, batch_id, contact_id, key_id, kind, url, body, state, next_at, created_at)
SELECT row.id, $1::uuid, $2::uuid, row.contact_id, $3::uuid, 'contact', $4::text, row.body, 'pending', $5::timestamptz,
       $5::timestamptz
FROM unnest($6::uuid[], $7::bigint[], $8::bytea[]) AS row(id, contact_id, body);

-- name: insert_batch_event
INSERT INTO delivery (id, workspace_id, batch_id, key_id, kind, url, body, state, next_at, created_at)
VALUES ($1, $2, $3, $4, 'batch', $5, $7,
        CASE WHEN EXISTS (SELECT 1 FROM delivery WHERE batch_id = $3 AND kind = 'contact' AND attempts = 0)
             THEN 'blocked' ELSE 'pending' END, $6, $6)
RETURNING state;

-- name: take
SELECT d.id, d.url, d.body, d.state, d.attempts, d.next_at, d.kind, d.batch_id, k.ciphertext
FROM delivery d JOIN api_key k ON k.id = d.key_id WHERE d.id = $1;

-- name: lock_batch
SELECT id FROM batch WHERE id = $1 FOR UPDATE;

-- name: record_attempt
UPDATE delivery SET attempts = attempts + 1, state = $2, next_at = $3,
                    finished_at = CASE WHEN $2 = 'pending' THEN NULL ELSE $4::timestamptz END
WHERE id = $1 AND attempts = $5 RETURNING attempts, kind, batch_id;

-- name: insert_attempt
INSERT INTO delivery_attempt (delivery_id, number, at, status, error, latency_ms) VALUES ($1, $2, $3, $4, $5, $6);

-- name: unblock_batch_event
UPDATE delivery SET state = 'pending', next_at = $2 WHERE batch_id = $1 AND kind = 'batch' AND state = 'blocked'
AND NOT EXISTS (SELECT 1 FROM delivery other WHERE other.batch_id = $1 AND other.kind = 'contact' AND other.attempts = 0)
RETURNING id;
