-- Events whose write has committed and that the sequencer has not yet given a position.
-- id, aggregatetype, aggregateid, type and payload are the columns that outbox routers of change
-- data capture tools read by default; customer_id is the key that keeps a customer's order.
CREATE TABLE outbox (
  customer_id TEXT NOT NULL,
  feed_seq BIGINT NOT NULL CHECK (feed_seq > 0),
  id TEXT NOT NULL,
  aggregatetype TEXT NOT NULL,
  aggregateid TEXT NOT NULL,
  type TEXT NOT NULL,
  occur_time BIGINT NOT NULL,
  record_time BIGINT NOT NULL,
  data_type TEXT NOT NULL,
  payload BYTEA NOT NULL,
  PRIMARY KEY (customer_id, feed_seq)
) /* sqlite: WITHOUT ROWID */;
