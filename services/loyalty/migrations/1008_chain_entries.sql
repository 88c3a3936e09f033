-- readable from: 1006
-- A hash over the entry and the member's entry before it; NULL = not chained yet. By itself, for a
-- transaction that locks two tables in use and their writers would wait for each other.
ALTER TABLE ledger_entry ADD COLUMN hash BYTEA;
