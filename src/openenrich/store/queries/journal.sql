-- name: claim
UPDATE contact SET state = 'running', token = row.token, started_at = coalesce(contact.started_at, $1)
FROM unnest($2::bigint[], $3::uuid[]) AS row(id, token)
WHERE contact.id = row.id AND contact.state IN ('queued', 'running')
RETURNING contact.id, contact.token, contact.workspace_id, contact.batch_id, contact.subject, contact.wanted,
          contact.free, contact.history_key, contact.input, contact.custom, contact.started_at;

-- name: start_batches
UPDATE batch SET status = 'IN_PROGRESS'
WHERE id IN (SELECT id FROM batch WHERE id = ANY($1::uuid[]) AND status = 'CREATED' ORDER BY id FOR UPDATE);

-- name: take_over
UPDATE purchase SET token = row.token FROM unnest($1::bigint[], $2::uuid[]) AS row(contact_id, token)
WHERE purchase.contact_id = row.contact_id AND purchase.step IN ('started', 'submitted', 'redeeming');

-- name: inherit
INSERT INTO attempt (contact_id, purchase_id, mine, fields, at)
SELECT DISTINCT ON (now.id, p.id) now.id, p.id, false, a.fields, $2::timestamptz
FROM contact now
JOIN contact past ON past.workspace_id = now.workspace_id AND past.history_key = now.history_key AND past.id < now.id
JOIN attempt a ON a.contact_id = past.id
JOIN purchase p ON p.id = a.purchase_id AND p.step IN ('done', 'uncertain') AND p.live AND p.started_at > $3
WHERE now.id = ANY($1::bigint[])
ON CONFLICT DO NOTHING
RETURNING contact_id;

-- name: purchases
SELECT a.contact_id, a.mine, p.id, p.vendor, p.operation, p.step, p.reply, p.vendor_job, p.started_at, p.cost,
       p.key_label, p.called_back_at
FROM attempt a JOIN purchase p ON p.id = a.purchase_id WHERE a.contact_id = ANY($1::bigint[]) ORDER BY p.id;

-- name: history
SELECT h.key, h.field, c.outcome FROM history h JOIN contact c ON c.id = h.contact_id
WHERE h.workspace_id = $1 AND h.key = $2 AND h.field = ANY($3::text[]);

-- name: held_claims
SELECT c.id FROM contact c JOIN unnest($1::bigint[], $2::uuid[]) AS row(id, token)
ON c.id = row.id AND c.token = row.token;

-- name: live
SELECT p.id, p.workspace_id, p.vendor, p.operation, p.digest, p.step, p.reply, p.vendor_job, p.started_at,
       p.finished_at, p.cost, p.key_label, p.called_back_at, p.contact_id,
       NOT EXISTS (SELECT 1 FROM contact c WHERE c.id = p.contact_id AND c.state IN ('queued', 'running')) AS orphan
FROM purchase p
JOIN unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[]) AS row(workspace_id, vendor, operation, digest)
ON p.workspace_id = row.workspace_id AND p.vendor = row.vendor AND p.operation = row.operation
   AND p.digest = row.digest AND p.live;

-- name: expire
UPDATE purchase SET live = false WHERE id = ANY($1::bigint[]);

-- name: adopt
UPDATE purchase SET token = row.token, contact_id = row.contact_id
FROM unnest($1::bigint[], $2::uuid[], $3::bigint[]) AS row(id, token, contact_id) WHERE purchase.id = row.id;

-- name: insert_purchases
INSERT INTO purchase (workspace_id, vendor, operation, digest, step, contact_id, token, key_label, started_at)
SELECT workspace_id, vendor, operation, digest, 'started', contact_id, token, key_label, at
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bigint[], $6::uuid[], $7::text[], $8::timestamptz[])
     AS row(workspace_id, vendor, operation, digest, contact_id, token, key_label, at)
ON CONFLICT (workspace_id, vendor, operation, digest) WHERE live DO NOTHING
RETURNING id, workspace_id, vendor, operation, digest, contact_id, started_at, key_label;

-- name: insert_attempts
INSERT INTO attempt (contact_id, purchase_id, mine, fields, at)
SELECT contact_id, purchase_id, mine, string_to_array(fields, ','), at
FROM unnest($1::bigint[], $2::bigint[], $3::boolean[], $4::text[], $5::timestamptz[])
     AS row(contact_id, purchase_id, mine, fields, at)
ON CONFLICT (contact_id, purchase_id) DO UPDATE SET mine = attempt.mine OR excluded.mine;

-- name: record
UPDATE purchase SET step = row.step, reply = row.reply, vendor_job = row.vendor_job, cost = row.cost,
                    live = row.step <> 'failed',
                    finished_at = CASE WHEN row.step IN ('submitted', 'redeeming') THEN NULL ELSE row.at END
FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::bytea[], $5::text[], $6::bigint[], $7::timestamptz[])
     AS row(id, token, step, reply, vendor_job, cost, at)
WHERE purchase.id = row.id AND purchase.token = row.token AND purchase.step IN ('started', 'submitted', 'redeeming')
RETURNING purchase.id;

-- name: look
SELECT id, vendor, operation, step, reply, vendor_job, started_at, cost, key_label, called_back_at
FROM purchase WHERE id = ANY($1::bigint[]);

-- name: give_up_orphans
UPDATE purchase SET step = 'uncertain', finished_at = now()
WHERE step IN ('started', 'redeeming') AND started_at < $1
AND NOT EXISTS (SELECT 1 FROM contact c WHERE c.id = purchase.contact_id AND c.state IN ('queued', 'running'))
RETURNING id;

-- name: stranded
SELECT c.id FROM contact c WHERE c.state IN ('queued', 'running')
AND NOT EXISTS (SELECT 1 FROM pgqueuer q WHERE q.dedupe_key = 'enrich:' || c.id) ORDER BY c.id LIMIT 1000;

-- name: stranded_deliveries
SELECT d.id FROM delivery d WHERE d.state = 'pending'
AND NOT EXISTS (SELECT 1 FROM pgqueuer q WHERE q.dedupe_key = 'deliver:' || d.id) LIMIT 1000;
