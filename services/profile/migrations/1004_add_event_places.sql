-- readable from: 1003
-- What an export needs to tell again, in their order and with their times, the events whose rows the
-- feed no longer keeps. feed_seq is 0 in rows that are older than this column.
ALTER TABLE customer ADD COLUMN create_occur_time BIGINT;
ALTER TABLE customer ADD COLUMN state_occur_time BIGINT;
ALTER TABLE purchase ADD COLUMN feed_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE purchase ADD COLUMN cancel_feed_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE purchase ADD COLUMN cancel_record_time BIGINT;
ALTER TABLE purchase_refund ADD COLUMN feed_seq BIGINT NOT NULL DEFAULT 0;
