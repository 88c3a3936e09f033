-- readable from: 1005
-- online
-- Counts what somebody has to work on (received, acknowledged, reopened) without the rest.
CREATE INDEX complaint_open_by_state ON complaint (state) WHERE state IN (1, 2, 5);
