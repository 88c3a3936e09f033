-- readable from: 1008
-- online
CREATE INDEX ledger_entry_by_time ON ledger_entry (record_time);
