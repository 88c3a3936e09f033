-- One row per purchase, clustered by customer so that scoring reads it front to back. purchase_id is
-- the 16 bytes of its UUID. What scoring reads stands first: a row is decoded from the left.
CREATE TABLE order_log (
  customer_id TEXT NOT NULL,
  purchase_id BYTEA NOT NULL,
  occur_time BIGINT NOT NULL,
  gross_minor BIGINT NOT NULL CHECK (gross_minor BETWEEN 0 AND 4000000000000000000),
  position BIGINT NOT NULL,
  currency_code TEXT NOT NULL,
  source_system TEXT NOT NULL,
  refunded_minor BIGINT NOT NULL DEFAULT 0,
  cancel_time BIGINT,
  cancel_position BIGINT,
  channel TEXT,
  store TEXT,
  region TEXT,
  PRIMARY KEY (customer_id, purchase_id)
) /* sqlite: WITHOUT ROWID */;

-- Every refund with its time, so that the net value of an order is known for any as_of.
CREATE TABLE order_refund (
  customer_id TEXT NOT NULL,
  purchase_id BYTEA NOT NULL,
  refund_number TEXT NOT NULL,
  occur_time BIGINT NOT NULL,
  amount_minor BIGINT NOT NULL CHECK (amount_minor BETWEEN 0 AND 4000000000000000000),
  position BIGINT NOT NULL,
  PRIMARY KEY (customer_id, purchase_id, refund_number)
) /* sqlite: WITHOUT ROWID */;

-- Which currencies the orders of each source come in: asked by models that name none.
CREATE TABLE order_currency (
  source_system TEXT NOT NULL,
  currency_code TEXT NOT NULL,
  PRIMARY KEY (source_system, currency_code)
) /* sqlite: WITHOUT ROWID */;
