-- What happened to a complaint; append-only. kind, states and verification hold the numbers of the
-- proto enums, 0 where they do not apply.
CREATE TABLE complaint_timeline (
  customer_id TEXT NOT NULL,
  complaint_id TEXT NOT NULL,
  entry_number BIGINT NOT NULL CHECK (entry_number > 0),
  kind BIGINT NOT NULL CHECK (kind > 0),
  actor TEXT NOT NULL,
  occur_time BIGINT NOT NULL,
  record_time BIGINT NOT NULL,
  text TEXT NOT NULL,
  previous_state BIGINT NOT NULL,
  state BIGINT NOT NULL,
  assignee_id TEXT NOT NULL,
  remedy_id TEXT NOT NULL,
  remedy_state BIGINT NOT NULL,
  previous_priority_rank BIGINT NOT NULL,
  priority_rank BIGINT NOT NULL,
  verification BIGINT NOT NULL,
  PRIMARY KEY (customer_id, complaint_id, entry_number)
) /* sqlite: WITHOUT ROWID */;
