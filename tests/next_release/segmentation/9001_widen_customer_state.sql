-- readable from: 1006
ALTER TABLE customer_state ADD COLUMN next_release BIGINT NOT NULL DEFAULT 0;
