-- What each request_id did. customer_id is '' for requests that are about no single customer.
CREATE TABLE idempotency (
  customer_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  request_hmac BYTEA NOT NULL,  -- of principal, method and request
  answer BYTEA NOT NULL,        -- the serialized response
  record_time BIGINT NOT NULL,  -- microseconds UTC
  PRIMARY KEY (customer_id, request_id)
) /* sqlite: WITHOUT ROWID */;

-- For the deletion of expired answers, oldest first.
CREATE INDEX idempotency_by_record_time ON idempotency (record_time);
