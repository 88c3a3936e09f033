-- What each run found for each customer. Rows of a run that has not succeeded are invisible.
-- Scores are 0 when every order lies before the model's window; segment_no counts from 0 in the
-- run's rule set and is NULL when the rule set has no segment for the customer.
CREATE TABLE rfm_score (
  run_no BIGINT NOT NULL,
  customer_id TEXT NOT NULL,
  recency_days BIGINT NOT NULL,
  frequency BIGINT NOT NULL,
  revenue_minor BIGINT NOT NULL,
  recency_score BIGINT NOT NULL,
  frequency_score BIGINT NOT NULL,
  monetary_score BIGINT NOT NULL,
  segment_no BIGINT,
  PRIMARY KEY (run_no, customer_id)
) /* sqlite: WITHOUT ROWID */;

-- For listing one segment.
CREATE INDEX rfm_score_by_segment ON rfm_score (run_no, segment_no, customer_id);
