-- readable from: 1008
-- online
-- What is still to be sealed.
CREATE INDEX complaint_wish_in_the_clear ON complaint (customer_id) WHERE desired_remedy <> '';
