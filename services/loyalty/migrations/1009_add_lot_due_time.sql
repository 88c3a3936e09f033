-- readable from: 1006
-- When the expiry of a lot that was recorded late is posted at the latest; NULL = at its expire_time.
ALTER TABLE lot ADD COLUMN due_time BIGINT;
