-- Every customer that the profile feed has named. position and deleted_position are places in the
-- feed partition of the customer: a run sees only what lies before its own.
CREATE TABLE customer_state (
  customer_id TEXT NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL,
  known_time BIGINT NOT NULL,
  deleted_time BIGINT,
  deleted_position BIGINT
) /* sqlite: WITHOUT ROWID */;
