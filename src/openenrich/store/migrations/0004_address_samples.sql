-- Addresses that were confirmed, as samples of how their companies make addresses. A sample goes with its contact.

CREATE TABLE address_sample (
    contact_id bigint PRIMARY KEY REFERENCES contact ON DELETE CASCADE,
    domain text NOT NULL,
    sample bytea NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX address_sample_by_domain ON address_sample (domain, at DESC);
CREATE INDEX directory_by_domain ON directory (domain) WHERE domain IS NOT NULL;
