-- name: recall
SELECT finding, retry_at FROM mailbox WHERE address_key = $1 AND expires_at > $2;

-- name: keep
INSERT INTO mailbox (address_key, address, finding, expires_at, retry_at, attempt) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (address_key) DO UPDATE SET finding = excluded.finding, expires_at = excluded.expires_at,
    retry_at = excluded.retry_at, attempt = excluded.attempt
RETURNING id;

-- name: due
SELECT address, attempt, retry_at FROM mailbox WHERE id = $1 AND retry_at IS NOT NULL;

-- name: domain
SELECT catch_all FROM mail_domain WHERE domain = $1 AND mail_group = $2 AND expires_at > $3;

-- name: keep_domain
INSERT INTO mail_domain (domain, mail_group, catch_all, recent, expires_at) VALUES ($1, $2, $3, ARRAY[$3], $4)
ON CONFLICT (domain, mail_group) DO UPDATE SET
    recent = (ARRAY[excluded.catch_all] || mail_domain.recent)[1:5],
    catch_all = (
        SELECT finding FROM unnest((ARRAY[excluded.catch_all] || mail_domain.recent)[1:5])
            WITH ORDINALITY AS past(finding, place)
        GROUP BY finding ORDER BY count(*) DESC, min(place) LIMIT 1
    ),
    expires_at = CASE WHEN excluded.catch_all = ALL (mail_domain.recent[1:4]) THEN excluded.expires_at
                      ELSE least(excluded.expires_at, $5) END;

-- name: blocked
SELECT open_until FROM mail_breaker WHERE mail_group = $1 AND open_until > $2;

-- name: trip
INSERT INTO mail_breaker (mail_group, open_until, times) VALUES ($1, $2::timestamptz + $3 * interval '1 second', 1)
ON CONFLICT (mail_group) DO UPDATE SET
    open_until = $2::timestamptz + least($3 * power(2, mail_breaker.times), $4) * interval '1 second',
    times = least(mail_breaker.times + 1, 20)
WHERE mail_breaker.open_until <= $2;

-- name: calm
DELETE FROM mail_breaker WHERE mail_group = $1 AND open_until <= $2;

-- name: purge
WITH gone AS (DELETE FROM mailbox WHERE expires_at < $1 AND (retry_at IS NULL OR retry_at < $1) RETURNING 1)
DELETE FROM mail_domain WHERE expires_at < $1;

-- name: stranded
SELECT id FROM mailbox m WHERE m.retry_at IS NOT NULL AND m.retry_at < $1
AND NOT EXISTS (SELECT 1 FROM pgqueuer q WHERE q.dedupe_key = 'verify:' || m.id) LIMIT 1000;
