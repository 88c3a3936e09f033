-- readable from: 0008
-- Records of the audit log that have not yet got their place in its chain. content is a serialized
-- clientele.common.v1.AuditRecord.
CREATE TABLE audit_outbox (
  id TEXT NOT NULL PRIMARY KEY,
  record_time BIGINT NOT NULL,
  content BYTEA NOT NULL
) /* sqlite: WITHOUT ROWID */;

-- The audit log, dense from 1 in each partition. Rows are never changed or deleted; hash is over the
-- row and the hash before it (audit_chain.h).
CREATE TABLE audit_entry (
  partition BIGINT NOT NULL,
  position BIGINT NOT NULL CHECK (position > 0),
  id TEXT NOT NULL,
  record_time BIGINT NOT NULL,
  content BYTEA NOT NULL,
  hash BYTEA NOT NULL,
  PRIMARY KEY (partition, position)
) /* sqlite: WITHOUT ROWID */;

-- The last entry of each partition; hash is NULL before the first. Only the chainer whose fence
-- stands here may move it.
CREATE TABLE audit_head (
  partition BIGINT NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL,
  hash BYTEA,
  fence BIGINT NOT NULL
) /* sqlite: WITHOUT ROWID */;

INSERT INTO audit_head (partition, position, fence) VALUES
  (0, 0, 0), (1, 0, 0), (2, 0, 0), (3, 0, 0), (4, 0, 0), (5, 0, 0), (6, 0, 0), (7, 0, 0),
  (8, 0, 0), (9, 0, 0), (10, 0, 0), (11, 0, 0), (12, 0, 0), (13, 0, 0), (14, 0, 0), (15, 0, 0);

-- The processes that write records from memory: one whose row is still open when it starts again
-- was ended before it had written them all.
CREATE TABLE audit_writer (
  name TEXT NOT NULL PRIMARY KEY,
  is_open BIGINT NOT NULL CHECK (is_open BETWEEN 0 AND 1)
) /* sqlite: WITHOUT ROWID */;
