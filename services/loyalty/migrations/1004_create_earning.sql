-- Every purchase of a member that arrived, also when it earned nothing: the tiers read them all.
-- outcome says why it earned what it earned (domain/earning.h); lot_seq 0 = nothing.
CREATE TABLE earning (
  customer_id TEXT NOT NULL,
  purchase_id TEXT NOT NULL,
  occur_time BIGINT NOT NULL,
  currency_code TEXT NOT NULL,
  gross_minor BIGINT NOT NULL CHECK (gross_minor BETWEEN 0 AND 4000000000000000000),
  refunded_minor BIGINT NOT NULL CHECK (refunded_minor BETWEEN 0 AND gross_minor),
  outcome BIGINT NOT NULL CHECK (outcome > 0),
  points BIGINT NOT NULL CHECK (points BETWEEN 0 AND 4000000000000000000),
  reversed_points BIGINT NOT NULL CHECK (reversed_points BETWEEN 0 AND points),
  lot_seq BIGINT NOT NULL,
  program_version BIGINT NOT NULL CHECK (program_version > 0),
  PRIMARY KEY (customer_id, purchase_id)
) /* sqlite: WITHOUT ROWID */;

-- What came back of them; a cancellation has an empty refund_number.
CREATE TABLE earning_refund (
  customer_id TEXT NOT NULL,
  purchase_id TEXT NOT NULL,
  refund_number TEXT NOT NULL,
  occur_time BIGINT NOT NULL,
  amount_minor BIGINT NOT NULL CHECK (amount_minor BETWEEN 0 AND 4000000000000000000),
  PRIMARY KEY (customer_id, purchase_id, refund_number)
) /* sqlite: WITHOUT ROWID */;
