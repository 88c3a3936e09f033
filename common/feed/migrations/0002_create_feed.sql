-- Every event with its place, dense from 1 in each partition. Rows are never updated.
CREATE TABLE feed (
  partition BIGINT NOT NULL,
  position BIGINT NOT NULL CHECK (position > 0),
  customer_id TEXT NOT NULL,
  feed_seq BIGINT NOT NULL,
  id TEXT NOT NULL,
  aggregatetype TEXT NOT NULL,
  aggregateid TEXT NOT NULL,
  type TEXT NOT NULL,
  occur_time BIGINT NOT NULL,
  record_time BIGINT NOT NULL,
  data_type TEXT NOT NULL,
  payload BYTEA NOT NULL,
  PRIMARY KEY (partition, position)
) /* sqlite: WITHOUT ROWID */;

-- The last position of each partition. Only the sequencer whose fence stands here may move it.
CREATE TABLE feed_head (
  partition BIGINT NOT NULL PRIMARY KEY,
  head BIGINT NOT NULL,
  fence BIGINT NOT NULL
) /* sqlite: WITHOUT ROWID */;

INSERT INTO feed_head (partition, head, fence) VALUES
  (0, 0, 0), (1, 0, 0), (2, 0, 0), (3, 0, 0), (4, 0, 0), (5, 0, 0), (6, 0, 0), (7, 0, 0),
  (8, 0, 0), (9, 0, 0), (10, 0, 0), (11, 0, 0), (12, 0, 0), (13, 0, 0), (14, 0, 0), (15, 0, 0);
