-- readable from: 1005
-- online
-- What is still to be sealed.
CREATE INDEX customer_fact_in_the_clear ON customer_fact (customer_id) WHERE value <> '';
