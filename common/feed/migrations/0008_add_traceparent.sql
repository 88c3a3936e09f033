-- readable from: 0006
-- The W3C trace context of the call that an event came from; '' = none.
ALTER TABLE outbox ADD COLUMN traceparent TEXT NOT NULL DEFAULT '';
ALTER TABLE feed ADD COLUMN traceparent TEXT NOT NULL DEFAULT '';
