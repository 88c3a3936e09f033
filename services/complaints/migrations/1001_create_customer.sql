-- The root row of a customer: what a transaction locks. tier holds the number of the proto enum and
-- tier_revision how often loyalty's feed has told it; rows come from there too, before anybody
-- complains. Times everywhere are microseconds UTC.
CREATE TABLE complaint_customer (
  customer_id TEXT NOT NULL PRIMARY KEY,
  feed_seq BIGINT NOT NULL CHECK (feed_seq >= 0),
  tier BIGINT NOT NULL CHECK (tier > 0),
  tier_revision BIGINT NOT NULL CHECK (tier_revision >= 0)
) /* sqlite: WITHOUT ROWID */;
