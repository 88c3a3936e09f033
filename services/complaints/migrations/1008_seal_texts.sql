-- No server of a release before can read what is sealed, and none had been released (ADR 95).
-- A text stands in its _sealed column, sealed with the customer's key, and its old column is ''
-- then. Texts of before are sealed by a job; the next migrations make the indexes that tell it what
-- is left.
ALTER TABLE complaint ADD COLUMN subject_sealed BYTEA;
ALTER TABLE complaint ADD COLUMN description_sealed BYTEA;
ALTER TABLE complaint ADD COLUMN desired_remedy_sealed BYTEA;
ALTER TABLE complaint ADD COLUMN resolution_sealed BYTEA;
ALTER TABLE complaint_timeline ADD COLUMN text_sealed BYTEA;
ALTER TABLE remedy ADD COLUMN description_sealed BYTEA;
