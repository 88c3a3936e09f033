-- readable from: 1008
ALTER TABLE customer ADD COLUMN next_release BIGINT NOT NULL DEFAULT 0;
