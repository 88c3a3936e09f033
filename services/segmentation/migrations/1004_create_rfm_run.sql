-- One row per run. run_no is short because every score carries it. state holds the numbers of
-- clientele.common.v1.JobState; spec, result and error are serialized RfmModelSpec, RfmRun (only
-- what the run found) and google.rpc.Status. attempt_count counts attempts before they begin, so that
-- one that ends the process counts too.
CREATE TABLE rfm_run (
  run_no BIGINT NOT NULL PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  model_id TEXT NOT NULL,
  model_version BIGINT NOT NULL,
  spec BYTEA NOT NULL,
  as_of_day BIGINT NOT NULL,
  as_of_time BIGINT NOT NULL,
  forced BIGINT NOT NULL,
  state BIGINT NOT NULL,
  attempt_count BIGINT NOT NULL,
  phase TEXT NOT NULL,
  done_count BIGINT NOT NULL,
  total_count BIGINT NOT NULL,
  cancel_requested BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  start_time BIGINT,
  end_time BIGINT,
  result BYTEA,
  error BYTEA
) /* sqlite: WITHOUT ROWID */;

-- Gives out run_no: portable SQL has no sequence.
CREATE TABLE rfm_run_counter (
  name TEXT NOT NULL PRIMARY KEY,
  last_run_no BIGINT NOT NULL
) /* sqlite: WITHOUT ROWID */;

INSERT INTO rfm_run_counter (name, last_run_no) VALUES ('rfm_run', 0);
