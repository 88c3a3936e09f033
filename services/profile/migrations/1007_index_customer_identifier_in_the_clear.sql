-- readable from: 1005
-- online
-- What is still to be sealed.
CREATE INDEX customer_identifier_in_the_clear ON customer_identifier (customer_id)
  WHERE value <> '';
