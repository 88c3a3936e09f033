-- kind and state hold the numbers of the proto enums.
CREATE TABLE remedy (
  customer_id TEXT NOT NULL,
  complaint_id TEXT NOT NULL,
  remedy_id TEXT NOT NULL,
  kind BIGINT NOT NULL CHECK (kind > 0),
  state BIGINT NOT NULL CHECK (state > 0),
  points BIGINT NOT NULL CHECK (points BETWEEN 0 AND 4000000000000000000),
  description TEXT NOT NULL,
  failure_reason TEXT NOT NULL,
  ledger_transaction_id TEXT NOT NULL,
  proposer TEXT NOT NULL,
  approver TEXT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  PRIMARY KEY (customer_id, complaint_id, remedy_id)
) /* sqlite: WITHOUT ROWID */;

-- Points on their way: what the executor has to do, one row per remedy, gone when the outcome is
-- known. phase: 1 = to be given, 2 = to be taken back. attempt_count counts those begun, so that an
-- attempt that a crash interrupted is known to have been made.
CREATE TABLE remedy_work (
  customer_id TEXT NOT NULL,
  complaint_id TEXT NOT NULL,
  remedy_id TEXT NOT NULL,
  phase BIGINT NOT NULL CHECK (phase IN (1, 2)),
  attempt_count BIGINT NOT NULL CHECK (attempt_count >= 0),
  next_attempt_time BIGINT NOT NULL,
  failure_reason TEXT NOT NULL,
  PRIMARY KEY (customer_id, complaint_id, remedy_id)
) /* sqlite: WITHOUT ROWID */;

CREATE INDEX remedy_work_by_time ON remedy_work (next_attempt_time);
