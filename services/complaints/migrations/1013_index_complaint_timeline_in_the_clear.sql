-- readable from: 1008
-- online
-- What is still to be sealed.
CREATE INDEX complaint_timeline_in_the_clear ON complaint_timeline (customer_id) WHERE text <> '';
