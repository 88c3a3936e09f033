-- Every identifier a customer has (valid_to is NULL) or had. identifier_hash is the keyed hash of
-- type, system and what is compared of the value.
CREATE TABLE customer_identifier (
  customer_id TEXT NOT NULL,
  identifier_hash TEXT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT,
  type BIGINT NOT NULL CHECK (type > 0),
  system TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (customer_id, identifier_hash, valid_from)
) /* sqlite: WITHOUT ROWID */;

-- Who has an identifier now: the look-up table. The slot is '' for an exclusive identifier, so that
-- the primary key lets only one customer have it, and the customer_id for a shared one.
CREATE TABLE identifier_holder (
  identifier_hash TEXT NOT NULL,
  slot TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  valid_from BIGINT NOT NULL,
  PRIMARY KEY (identifier_hash, slot)
) /* sqlite: WITHOUT ROWID */;
