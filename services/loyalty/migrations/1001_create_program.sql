-- Every published version of the program; rows never change. What they leave open, the rules of the
-- version in the code, holds for ever too.
CREATE TABLE program (
  program_id TEXT NOT NULL,
  version BIGINT NOT NULL CHECK (version > 0),
  currency_code TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  publish_time BIGINT NOT NULL,
  PRIMARY KEY (program_id, version)
) /* sqlite: WITHOUT ROWID */;
