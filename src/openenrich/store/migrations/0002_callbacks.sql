-- Vendors that call back, and vendors whose free search names a record that a second call pays for ('redeeming').

ALTER TABLE purchase ADD COLUMN called_back_at timestamptz;

DROP INDEX purchase_open;
CREATE INDEX purchase_open ON purchase (contact_id) WHERE step IN ('started', 'submitted', 'redeeming');

-- A callback is about a job, and a job may hold the rows of several purchases: ``job#row``.
CREATE INDEX purchase_by_job ON purchase (vendor, split_part(vendor_job, '#', 1)) WHERE step = 'submitted';
