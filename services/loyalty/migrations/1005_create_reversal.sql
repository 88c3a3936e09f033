-- What every Reverse did, for ever. Several of one original have one row each, which say the same.
-- outcome holds the number of the proto enum; entry_seq
-- is the reversing entry, NULL when there is none: the original never took effect and is voided, or
-- its points had all expired. There is a row also for customers who are no members.
CREATE TABLE reversal (
  customer_id TEXT NOT NULL,
  original_request_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  outcome BIGINT NOT NULL CHECK (outcome > 0),
  entry_seq BIGINT,
  record_time BIGINT NOT NULL,
  PRIMARY KEY (customer_id, request_id)
) /* sqlite: WITHOUT ROWID */;

-- Another Reverse of the same original finds what the first one did.
CREATE INDEX reversal_by_original ON reversal (customer_id, original_request_id);
