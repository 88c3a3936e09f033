-- readable from: 1005
-- Which of the member's events at loyalty told the tier last: one with a lower feed_seq has been
-- overtaken, as when an export told of what came after it.
ALTER TABLE complaint_customer ADD COLUMN tier_feed_seq BIGINT NOT NULL DEFAULT 0;
