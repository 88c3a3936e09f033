-- Who may do a job that only one process does at a time. fence grows at every takeover. Rows are
-- never deleted, so that it never restarts.
CREATE TABLE lease (
  name TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  fence BIGINT NOT NULL,
  expire_time BIGINT NOT NULL
) /* sqlite: WITHOUT ROWID */;
