SELECT create_distributed_table('order_log', 'customer_id', colocate_with => 'outbox');
SELECT create_distributed_table('order_refund', 'customer_id', colocate_with => 'outbox');
-- No reference table: every batch of the feed writes it, and writers of those wait for each other.
SELECT create_distributed_table('order_currency', 'source_system', colocate_with => 'none');
