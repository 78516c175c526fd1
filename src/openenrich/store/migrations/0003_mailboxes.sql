-- What our own verifier has found out about mailboxes and mail domains, shared by all workers; and which groups of
-- mail hosts it leaves alone for now. An address is stored encrypted, and found by a keyed digest of it.

CREATE TABLE mailbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    address_key bytea NOT NULL UNIQUE,
    address bytea NOT NULL,            -- encrypted under the master key
    finding bytea NOT NULL,            -- without the address
    expires_at timestamptz NOT NULL,
    retry_at timestamptz,              -- set while the answer is still open (greylisting and the like)
    attempt integer NOT NULL DEFAULT 1
);
CREATE INDEX mailbox_by_expiry ON mailbox (expires_at);
CREATE INDEX mailbox_to_retry ON mailbox (retry_at) WHERE retry_at IS NOT NULL;

CREATE TABLE mail_domain (
    domain text NOT NULL,
    mail_group text NOT NULL,
    catch_all text NOT NULL,
    recent text[] NOT NULL,            -- the last five findings, newest first
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (domain, mail_group)
);
CREATE INDEX mail_domain_by_expiry ON mail_domain (expires_at);

CREATE TABLE mail_breaker (
    mail_group text PRIMARY KEY,
    open_until timestamptz NOT NULL,
    times integer NOT NULL
);
