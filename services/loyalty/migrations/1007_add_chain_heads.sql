-- readable from: 1006
-- Of the member's newest entry that is chained (domain/ledger_chain.h); 0 and NULL = none is yet.
-- What servers of before store behind it is chained with the member's next write.
ALTER TABLE member ADD COLUMN head_seq BIGINT NOT NULL DEFAULT 0
  CONSTRAINT head_seq_not_negative CHECK (head_seq >= 0);
ALTER TABLE member ADD COLUMN head_hash BYTEA;
