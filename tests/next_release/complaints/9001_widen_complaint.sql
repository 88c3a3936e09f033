-- readable from: 1014
ALTER TABLE complaint ADD COLUMN next_release BIGINT NOT NULL DEFAULT 0;
