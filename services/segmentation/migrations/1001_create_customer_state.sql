-- Every customer that the profile feed has named. position is the place in the feed partition of the
-- customer: a run sees only what lies before its own.
CREATE TABLE customer_state (
  customer_id TEXT NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL,
  known_time BIGINT NOT NULL
) /* sqlite: WITHOUT ROWID */;

-- From when to when a customer was deleted, each end with its place in the feed, so that this too is
-- known for any as_of and any position. The end is NULL while the customer is deleted.
CREATE TABLE customer_deletion (
  customer_id TEXT NOT NULL,
  delete_position BIGINT NOT NULL,
  delete_time BIGINT NOT NULL,
  undelete_position BIGINT,
  undelete_time BIGINT,
  PRIMARY KEY (customer_id, delete_position)
) /* sqlite: WITHOUT ROWID */;
