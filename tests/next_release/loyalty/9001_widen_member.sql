-- readable from: 1008
ALTER TABLE member ADD COLUMN next_release BIGINT NOT NULL DEFAULT 0;
