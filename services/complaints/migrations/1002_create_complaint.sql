-- channel, type, state, finding, relief, tier and verification hold the numbers of the proto enums;
-- purchase_ids and concerned_staff_ids are separated by commas.
CREATE TABLE complaint (
  customer_id TEXT NOT NULL,
  complaint_id TEXT NOT NULL,
  number TEXT NOT NULL,
  channel BIGINT NOT NULL CHECK (channel > 0),
  type BIGINT NOT NULL CHECK (type > 0),
  severity BIGINT NOT NULL CHECK (severity BETWEEN 1 AND 4),
  safety BIGINT NOT NULL CHECK (safety IN (0, 1)),
  language_code TEXT NOT NULL,
  subject TEXT NOT NULL,
  description TEXT NOT NULL,
  desired_remedy TEXT NOT NULL,
  resolution TEXT NOT NULL,
  purchase_ids TEXT NOT NULL,
  concerned_staff_ids TEXT NOT NULL,
  assignee_id TEXT NOT NULL,
  state BIGINT NOT NULL CHECK (state > 0),
  finding BIGINT NOT NULL CHECK (finding >= 0),
  relief BIGINT NOT NULL CHECK (relief >= 0),
  occur_time BIGINT NOT NULL,
  record_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  acknowledge_time BIGINT,
  resolve_time BIGINT,
  close_time BIGINT,
  reopen_count BIGINT NOT NULL CHECK (reopen_count >= 0),
  tier BIGINT NOT NULL CHECK (tier > 0),
  priority_rank BIGINT NOT NULL CHECK (priority_rank > 0),
  verification BIGINT NOT NULL CHECK (verification > 0),
  version BIGINT NOT NULL CHECK (version > 0),
  entry_count BIGINT NOT NULL CHECK (entry_count > 0),
  PRIMARY KEY (customer_id, complaint_id)
);

-- The two orders of ListComplaints.
CREATE INDEX complaint_by_record_time ON complaint (record_time, customer_id, complaint_id);
CREATE INDEX complaint_by_priority
  ON complaint (priority_rank, record_time, customer_id, complaint_id);

-- Who has a number: the look-up table.
CREATE TABLE complaint_number (
  number TEXT NOT NULL PRIMARY KEY,
  customer_id TEXT NOT NULL,
  complaint_id TEXT NOT NULL
) /* sqlite: WITHOUT ROWID */;
