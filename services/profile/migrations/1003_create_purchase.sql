-- An order. state holds the number of the proto enum; amounts are minor units of currency_code.
CREATE TABLE purchase (
  customer_id TEXT NOT NULL,
  purchase_id TEXT NOT NULL,
  source_system TEXT NOT NULL,
  order_number TEXT NOT NULL,
  occur_time BIGINT NOT NULL,
  record_time BIGINT NOT NULL,
  currency_code TEXT NOT NULL,
  channel TEXT NOT NULL,
  store TEXT NOT NULL,
  region TEXT NOT NULL,
  state BIGINT NOT NULL CHECK (state > 0),
  gross_minor BIGINT NOT NULL CHECK (gross_minor BETWEEN 0 AND 4000000000000000000),
  refunded_minor BIGINT NOT NULL CHECK (refunded_minor BETWEEN 0 AND gross_minor),
  unit_count BIGINT NOT NULL,
  refunded_unit_count BIGINT NOT NULL CHECK (refunded_unit_count BETWEEN 0 AND unit_count),
  line_count BIGINT NOT NULL,
  refund_count BIGINT NOT NULL,
  version BIGINT NOT NULL CHECK (version > 0),
  cancel_time BIGINT,
  PRIMARY KEY (customer_id, purchase_id)
) /* sqlite: WITHOUT ROWID */;

-- ListPurchases reads newest first.
CREATE INDEX purchase_by_occur_time ON purchase (customer_id, occur_time, purchase_id);

-- The look-up by order number: recognises an order that comes again, by the hash of its content.
CREATE TABLE purchase_by_order (
  source_system TEXT NOT NULL,
  order_number TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  content_hash BYTEA NOT NULL,
  PRIMARY KEY (source_system, order_number)
) /* sqlite: WITHOUT ROWID */;

CREATE TABLE purchase_line (
  customer_id TEXT NOT NULL,
  purchase_id TEXT NOT NULL,
  line_number BIGINT NOT NULL,
  sku TEXT NOT NULL,
  category TEXT NOT NULL,
  quantity BIGINT NOT NULL CHECK (quantity > 0),
  unit_price_micros BIGINT NOT NULL CHECK (unit_price_micros >= 0),
  gross_minor BIGINT NOT NULL CHECK (gross_minor BETWEEN 0 AND 4000000000000000000),
  refunded_quantity BIGINT NOT NULL CHECK (refunded_quantity BETWEEN 0 AND quantity),
  PRIMARY KEY (customer_id, purchase_id, line_number)
) /* sqlite: WITHOUT ROWID */;

CREATE TABLE purchase_refund (
  customer_id TEXT NOT NULL,
  purchase_id TEXT NOT NULL,
  refund_number TEXT NOT NULL,
  ordinal BIGINT NOT NULL CHECK (ordinal > 0),
  occur_time BIGINT NOT NULL,
  record_time BIGINT NOT NULL,
  amount_minor BIGINT NOT NULL CHECK (amount_minor BETWEEN 0 AND 4000000000000000000),
  reason TEXT NOT NULL,
  content_hash BYTEA NOT NULL,
  PRIMARY KEY (customer_id, purchase_id, refund_number)
) /* sqlite: WITHOUT ROWID */;

CREATE TABLE purchase_refund_line (
  customer_id TEXT NOT NULL,
  purchase_id TEXT NOT NULL,
  refund_number TEXT NOT NULL,
  line_number BIGINT NOT NULL,
  quantity BIGINT NOT NULL CHECK (quantity > 0),
  amount_minor BIGINT NOT NULL CHECK (amount_minor BETWEEN 0 AND 4000000000000000000),
  PRIMARY KEY (customer_id, purchase_id, refund_number, line_number)
) /* sqlite: WITHOUT ROWID */;
