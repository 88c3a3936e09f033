-- The one lot that an entry took points from (used_points > 0) or gave them back to (< 0): most have
-- one, which so costs no row. Those of an entry with several are rows of lot_use, as those of every
-- entry made before this are.
ALTER TABLE ledger_entry ADD COLUMN used_lot_seq BIGINT;
ALTER TABLE ledger_entry ADD COLUMN used_points BIGINT
  CONSTRAINT used_points_not_zero CHECK (used_points <> 0);
