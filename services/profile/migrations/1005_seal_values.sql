-- No server of a release before can read what is sealed, and none had been released (ADR 95).
-- A text stands in its _sealed column, sealed with the customer's key, and its old column is ''
-- then. Texts of before are sealed by a job; the next migrations make the indexes that tell it what
-- is left.
ALTER TABLE customer_fact ADD COLUMN value_sealed BYTEA;
ALTER TABLE customer_identifier ADD COLUMN value_sealed BYTEA;
ALTER TABLE purchase_refund ADD COLUMN reason_sealed BYTEA;
