-- readable from: 1008
-- online
-- What is still to be sealed.
CREATE INDEX remedy_in_the_clear ON remedy (customer_id) WHERE description <> '';
