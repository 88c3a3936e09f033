-- readable from: 0008
-- Which key (key_file) the keyed hashes of this database were made with: by the fingerprint, which
-- only who has the key can compute, a server knows before it serves that it has the right one. One
-- row, of the first server that served.
CREATE TABLE key_fingerprint (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  fingerprint TEXT NOT NULL,
  create_time BIGINT NOT NULL
) /* sqlite: WITHOUT ROWID */;
