-- One transaction of two legs: points leave debit_account and arrive at credit_account; one of the
-- two is the member's (1). Append-only. kind and accounts hold the numbers of the proto enums.
CREATE TABLE ledger_entry (
  customer_id TEXT NOT NULL,
  seq BIGINT NOT NULL CHECK (seq > 0),
  transaction_id TEXT NOT NULL,
  kind BIGINT NOT NULL CHECK (kind > 0),
  debit_account BIGINT NOT NULL CHECK (debit_account > 0),
  credit_account BIGINT NOT NULL CHECK (credit_account > 0 AND credit_account <> debit_account),
  points BIGINT NOT NULL CHECK (points BETWEEN 1 AND 4000000000000000000),
  balance_after BIGINT NOT NULL,
  occur_time BIGINT NOT NULL,
  record_time BIGINT NOT NULL,
  cause_key TEXT NOT NULL,
  request_id TEXT,
  content_hash TEXT,
  purchase_id TEXT,
  refund_number TEXT,
  reason TEXT NOT NULL,
  reference TEXT,
  program_version BIGINT NOT NULL CHECK (program_version > 0),
  PRIMARY KEY (customer_id, seq)
) /* sqlite: WITHOUT ROWID */;

-- Nothing counts twice: neither a request nor a purchase, a refund or an expiry.
CREATE UNIQUE INDEX ledger_entry_by_cause ON ledger_entry (customer_id, cause_key);

-- Points that came in together. lot_seq is the seq of the entry that made the lot, lot_id that
-- entry's transaction_id.
CREATE TABLE lot (
  customer_id TEXT NOT NULL,
  lot_seq BIGINT NOT NULL CHECK (lot_seq > 0),
  lot_id TEXT NOT NULL,
  points BIGINT NOT NULL CHECK (points BETWEEN 1 AND 4000000000000000000),
  remaining BIGINT NOT NULL CHECK (remaining BETWEEN 0 AND points),
  expired BIGINT NOT NULL CHECK (expired BETWEEN 0 AND points),
  activate_time BIGINT NOT NULL,
  expire_time BIGINT NOT NULL,
  purchase_id TEXT,
  program_version BIGINT NOT NULL CHECK (program_version > 0),
  PRIMARY KEY (customer_id, lot_seq)
) /* sqlite: WITHOUT ROWID */;

-- ListLots reads the lot that expires first first.
CREATE INDEX lot_by_expire_time ON lot (customer_id, expire_time, lot_seq);

-- Which lots an entry took points from (> 0) or gave them back to (< 0), in the order used.
CREATE TABLE lot_use (
  customer_id TEXT NOT NULL,
  entry_seq BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  lot_seq BIGINT NOT NULL,
  points BIGINT NOT NULL CHECK (points <> 0),
  PRIMARY KEY (customer_id, entry_seq, ordinal)
) /* sqlite: WITHOUT ROWID */;
