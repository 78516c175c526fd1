-- name: states
SELECT b.status, b.total, b.total - b.remaining AS finished, b.credits,
       coalesce((SELECT sum(p.cost) FROM attempt a JOIN purchase p ON p.id = a.purchase_id
                 JOIN contact c ON c.id = a.contact_id WHERE c.batch_id = b.id AND a.mine), 0)::bigint AS vendor_cost,
       (SELECT count(*) FROM attempt a JOIN contact c ON c.id = a.contact_id
        WHERE c.batch_id = b.id AND a.mine) AS calls
FROM batch b WHERE b.id = $1 AND b.workspace_id = $2;

-- name: fields
SELECT id, state, wanted, outcome FROM contact WHERE batch_id = $1 AND subject IS NOT NULL ORDER BY position;

-- name: explained
SELECT c.id, c.position, c.state, c.charged, c.free, c.won FROM contact c JOIN batch b ON b.id = c.batch_id
WHERE b.id = $1 AND b.workspace_id = $2 ORDER BY c.position;

-- name: timeline
SELECT a.contact_id, a.mine, a.fields, p.vendor, p.operation, p.step, p.reply, p.cost, p.started_at, p.finished_at
FROM attempt a JOIN purchase p ON p.id = a.purchase_id JOIN contact c ON c.id = a.contact_id
WHERE c.batch_id = $1 ORDER BY a.contact_id, p.started_at, p.id;
