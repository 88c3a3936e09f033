-- readable from: 0101
-- The data key that seals a customer's personal texts, wrapped by a key-encryption key. Without the
-- row nobody can read them any more.
CREATE TABLE customer_key (
  customer_id TEXT NOT NULL PRIMARY KEY,
  kek_id TEXT NOT NULL,
  wrapped_key BYTEA NOT NULL,
  create_time BIGINT NOT NULL
) /* sqlite: WITHOUT ROWID */;

-- Every key-encryption key that has been used, with a key that it wrapped: by that a server knows,
-- before it serves, that it has been given the right ones.
CREATE TABLE key_encryption_key (
  kek_id TEXT NOT NULL PRIMARY KEY,
  wrapped_probe BYTEA NOT NULL,
  create_time BIGINT NOT NULL
) /* sqlite: WITHOUT ROWID */;
