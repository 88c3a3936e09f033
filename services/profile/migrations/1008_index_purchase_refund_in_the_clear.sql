-- readable from: 1005
-- online
-- What is still to be sealed.
CREATE INDEX purchase_refund_in_the_clear ON purchase_refund (customer_id) WHERE reason <> '';
