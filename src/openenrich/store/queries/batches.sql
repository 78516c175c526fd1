-- name: lock_workspace
-- NO KEY: rows that refer to the workspace may be inserted meanwhile.
SELECT balance, reserved, running, concurrent_contacts FROM workspace WHERE id = $1 FOR NO KEY UPDATE;

-- name: look_at_workspace
SELECT balance, reserved, running, concurrent_contacts FROM workspace WHERE id = $1;

-- name: somebody_waits
SELECT EXISTS (SELECT 1 FROM contact WHERE workspace_id = $1 AND state = 'waiting');

-- name: insert_batch
INSERT INTO batch (id, workspace_id, key_id, name, webhook_url, contact_webhook_url, api_version, status,
                   total, remaining, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'CREATED', $8, $9, $10);

-- name: known_history
SELECT key, field FROM history WHERE workspace_id = $1 AND key = ANY($2::bytea[]) AND at > $3;

-- name: insert_contacts
INSERT INTO contact (batch_id, workspace_id, position, state, subject, wanted, free, history_key, input, custom,
                     worst, held, record, created_at, finished_at)
SELECT $1::uuid, $2::uuid, place - 1, CASE WHEN record IS NULL THEN $4::text ELSE 'done' END, subject,
       string_to_array(wanted, ','), string_to_array(free, ','), history_key, input, custom, worst,
       CASE WHEN $4::text = 'queued' THEN worst ELSE 0 END, record, $3::timestamptz,
       CASE WHEN record IS NOT NULL THEN $3::timestamptz END
FROM unnest($5::bytea[], $6::text[], $7::text[], $8::bytea[], $9::bytea[], $10::bytea[], $11::bigint[], $12::bytea[])
     WITH ORDINALITY AS row(subject, wanted, free, history_key, input, custom, worst, record, place)
RETURNING id, worst, state;

-- name: next_waiting
SELECT id, batch_id, worst FROM contact
WHERE workspace_id = $1 AND state = 'waiting' ORDER BY id LIMIT $2;

-- name: queue_contacts
UPDATE contact SET state = 'queued', held = worst WHERE id = ANY($1::bigint[]);

-- name: skip_waiting_of_batch
UPDATE contact SET state = 'skipped', finished_at = $2 WHERE batch_id = $1 AND state = 'waiting' RETURNING id;

-- name: skip_queued_of_batch
UPDATE contact SET state = 'skipped', finished_at = $2 WHERE batch_id = $1 AND state = 'queued' RETURNING id, held;

-- name: end_batch_early
UPDATE batch SET ending = $2, remaining = remaining - $3 WHERE id = $1 AND finished_at IS NULL RETURNING remaining;

-- name: store_account
UPDATE workspace SET balance = $2, reserved = $3, running = $4 WHERE id = $1;

-- name: insert_entries
INSERT INTO ledger_entry (workspace_id, at, kind, amount, held, balance, reserved, batch_id, contact_id, note)
SELECT $1::uuid, $2::timestamptz, kind, amount, held, balance, reserved, batch_id, contact_id, note
FROM unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::uuid[], $9::bigint[], $10::text[])
     AS row(kind, amount, held, balance, reserved, batch_id, contact_id, note);

-- name: finish_contacts
UPDATE contact SET state = 'done', outcome = row.outcome, record = row.record, won = row.won,
                   charged = least(row.charged, contact.held), -- prices may have been raised meanwhile
                   finished_at = $1, token = NULL
FROM unnest($2::bigint[], $3::uuid[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bigint[])
     AS row(id, token, outcome, record, won, charged)
WHERE contact.id = row.id AND contact.token = row.token AND contact.state = 'running'
RETURNING contact.id, contact.batch_id, contact.held, contact.charged, contact.history_key, contact.record;

-- name: count_down
UPDATE batch SET remaining = batch.remaining - row.n, credits = batch.credits + row.credits
FROM unnest($1::uuid[], $2::int[], $3::bigint[]) AS row(id, n, credits)
WHERE batch.id = row.id
RETURNING batch.id, batch.name, batch.key_id, batch.remaining, batch.ending, batch.credits, batch.webhook_url,
          batch.contact_webhook_url, batch.workspace_id;

-- name: lock_batches
SELECT id FROM batch WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE;

-- name: write_history
INSERT INTO history (workspace_id, key, field, contact_id, at)
SELECT $1::uuid, key, field, contact_id, $2::timestamptz FROM unnest($3::bytea[], $4::text[], $5::bigint[]) AS row(key, field, contact_id)
ON CONFLICT (workspace_id, key, field) DO UPDATE SET contact_id = excluded.contact_id, at = excluded.at;

-- name: finish_batch
UPDATE batch SET status = $2, finished_at = $3 WHERE id = $1;

-- name: batch
SELECT id, name, status, credits,
       CASE WHEN finished_at IS NOT NULL THEN
           ARRAY(SELECT record FROM contact WHERE batch_id = batch.id ORDER BY position)
       END AS records
FROM batch WHERE id = $1 AND workspace_id = $2 AND created_at > $3;

-- name: records
SELECT record, input, custom FROM contact WHERE batch_id = $1 ORDER BY position;

-- name: rows_so_far
SELECT id, state, record, input, custom, subject, wanted, outcome FROM contact WHERE batch_id = $1 ORDER BY position;

-- name: replies_so_far
SELECT a.contact_id, p.vendor, p.operation, p.reply FROM attempt a JOIN purchase p ON p.id = a.purchase_id
JOIN contact c ON c.id = a.contact_id
WHERE c.batch_id = $1 AND c.state = 'running' AND p.step = 'done' ORDER BY p.id;

-- name: batch_of_workspace
SELECT finished_at FROM batch WHERE id = $1 AND workspace_id = $2;

-- name: purge_purchases
DELETE FROM purchase WHERE id IN (
    SELECT id FROM purchase p WHERE p.started_at < $1 AND p.step NOT IN ('started', 'submitted', 'redeeming')
    AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.purchase_id = p.id) LIMIT 5000);

-- name: purge
DELETE FROM batch WHERE id IN (SELECT id FROM batch WHERE created_at < $1 AND finished_at IS NOT NULL LIMIT 500);

-- name: keep_samples
INSERT INTO address_sample (contact_id, domain, sample, at)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::timestamptz[]) ON CONFLICT DO NOTHING;
