-- How far this service has come in the feeds it consumes: the last position whose effect is
-- committed. Moved only by compare-and-set on (position, fence), in the transaction of the effect.
CREATE TABLE consumer_position (
  source TEXT NOT NULL,
  partition BIGINT NOT NULL,
  position BIGINT NOT NULL,
  fence BIGINT NOT NULL,
  PRIMARY KEY (source, partition)
) /* sqlite: WITHOUT ROWID */;
