-- The root row of a member: what a transaction locks. available = sum of the entries = sum of the
-- lots' remaining - debt. tier_rank is the tier that the feed was told last; NULL = none yet.
-- due_time is when time next changes something (a lot expires, a tier's validity ends); NULL =
-- never.
CREATE TABLE member (
  customer_id TEXT NOT NULL PRIMARY KEY,
  available BIGINT NOT NULL CHECK (available BETWEEN -4000000000000000000 AND 4000000000000000000),
  debt BIGINT NOT NULL CHECK (debt BETWEEN 0 AND 4000000000000000000),
  lifetime_earned BIGINT NOT NULL CHECK (lifetime_earned BETWEEN 0 AND 4000000000000000000),
  entry_count BIGINT NOT NULL CHECK (entry_count >= 0),
  feed_seq BIGINT NOT NULL CHECK (feed_seq >= 0),
  version BIGINT NOT NULL CHECK (version > 0),
  enroll_time BIGINT NOT NULL,
  last_record_time BIGINT,
  tier_rank BIGINT CHECK (tier_rank >= 0),
  tier_due_time BIGINT,
  due_time BIGINT
) /* sqlite: WITHOUT ROWID */;

-- The sweep reads what is due, oldest first.
CREATE INDEX member_by_due_time ON member (due_time, customer_id);
