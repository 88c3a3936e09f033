-- readable from: 1005
-- Which of the customer's events its last deletion or undeletion came with: one with a lower feed_seq
-- has been overtaken, as when an export told of what came after it.
ALTER TABLE customer_state ADD COLUMN state_feed_seq BIGINT NOT NULL DEFAULT 0;
