-- The root row of a customer: what a transaction locks, and what lists filter on. kind, state and
-- commercial_status hold the numbers of the proto enums; times are microseconds UTC.
CREATE TABLE customer (
  customer_id TEXT NOT NULL PRIMARY KEY,
  kind BIGINT NOT NULL CHECK (kind > 0),
  state BIGINT NOT NULL CHECK (state > 0),
  commercial_status BIGINT NOT NULL CHECK (commercial_status > 0),
  source_system TEXT NOT NULL,
  version BIGINT NOT NULL CHECK (version > 0),
  feed_seq BIGINT NOT NULL CHECK (feed_seq > 0),
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  delete_time BIGINT,
  region_code TEXT NOT NULL,
  language_code TEXT NOT NULL
) /* sqlite: WITHOUT ROWID */;

-- Who said what, when and through which channel; append-only.
CREATE TABLE customer_fact (
  customer_id TEXT NOT NULL,
  fact_id TEXT NOT NULL,
  attribute BIGINT NOT NULL CHECK (attribute > 0),
  value TEXT NOT NULL,
  channel BIGINT NOT NULL CHECK (channel > 0),
  source_system TEXT NOT NULL,
  occur_time BIGINT NOT NULL,
  record_time BIGINT NOT NULL,
  PRIMARY KEY (customer_id, fact_id)
) /* sqlite: WITHOUT ROWID */;

-- ListFacts reads newest first.
CREATE INDEX customer_fact_by_record_time ON customer_fact (customer_id, record_time, fact_id);

-- The projection: which fact a customer shows per attribute.
CREATE TABLE customer_attribute (
  customer_id TEXT NOT NULL,
  attribute BIGINT NOT NULL CHECK (attribute > 0),
  fact_id TEXT NOT NULL,
  PRIMARY KEY (customer_id, attribute)
) /* sqlite: WITHOUT ROWID */;
