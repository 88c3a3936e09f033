-- Which processes of this service consume which feed now: they share its partitions. A process that
-- has been silent until expire_time counts no more.
CREATE TABLE consumer_member (
  source TEXT NOT NULL,
  holder TEXT NOT NULL,
  expire_time BIGINT NOT NULL,
  PRIMARY KEY (source, holder)
) /* sqlite: WITHOUT ROWID */;

-- One lease for each group of four partitions in place of one for the whole feed: their fences go on
-- from those that the positions carry.
INSERT INTO lease (name, holder, fence, expire_time)
SELECT 'consumer/' || source || '/' || CAST(partition / 4 AS TEXT), '', MAX(fence), 0
FROM consumer_position GROUP BY source, partition / 4;
