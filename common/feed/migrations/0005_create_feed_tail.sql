-- The oldest position of each partition that is kept; 1 = nothing has been deleted. Apart from
-- feed_head, so that who deletes and who appends do not wait for each other.
CREATE TABLE feed_tail (
  partition BIGINT NOT NULL PRIMARY KEY,
  oldest BIGINT NOT NULL CHECK (oldest > 0)
) /* sqlite: WITHOUT ROWID */;

INSERT INTO feed_tail (partition, oldest) VALUES
  (0, 1), (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1), (7, 1),
  (8, 1), (9, 1), (10, 1), (11, 1), (12, 1), (13, 1), (14, 1), (15, 1);

-- Who reads this feed under a name, and what it has said is durable on its side: everything behind
-- that is kept until the reader has been silent for too long.
CREATE TABLE feed_consumer (
  name TEXT NOT NULL,
  partition BIGINT NOT NULL,
  position BIGINT NOT NULL,
  seen_time BIGINT NOT NULL,
  PRIMARY KEY (name, partition)
) /* sqlite: WITHOUT ROWID */;
