SELECT create_distributed_table('earning', 'customer_id', colocate_with => 'outbox');
SELECT create_distributed_table('earning_refund', 'customer_id', colocate_with => 'outbox');
