-- readable from: 0201
-- When the process last said that it writes; 0 = it is of a release that does not say so.
ALTER TABLE audit_writer ADD COLUMN seen_time BIGINT NOT NULL DEFAULT 0
  CONSTRAINT seen_time_not_negative CHECK (seen_time >= 0);
