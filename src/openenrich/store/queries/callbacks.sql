-- name: jobs
WITH addressed AS (SELECT * FROM purchase WHERE id = $2 AND vendor = $1)
SELECT id, workspace_id, operation, step, vendor_job, key_label, true AS addressed FROM addressed
UNION ALL
SELECT p.id, p.workspace_id, p.operation, p.step, p.vendor_job, p.key_label, false
FROM purchase p JOIN addressed a ON p.workspace_id = a.workspace_id AND p.key_label = a.key_label AND p.id <> a.id
WHERE p.vendor = $1 AND p.step = 'submitted' AND a.vendor_job <> ''
  AND split_part(p.vendor_job, '#', 1) = split_part(a.vendor_job, '#', 1)
ORDER BY addressed DESC, id;

-- name: wake
UPDATE purchase SET called_back_at = $2 WHERE id = ANY($1::bigint[]) AND step = 'submitted';

-- name: answer
UPDATE purchase SET step = $2, reply = $3, cost = $4, finished_at = $5, called_back_at = $5,
                    live = live AND $2 <> 'failed'
WHERE id = $1 AND step IN ('submitted', 'uncertain')
RETURNING id;
