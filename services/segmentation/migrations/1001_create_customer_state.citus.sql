SELECT create_distributed_table('customer_state', 'customer_id', colocate_with => 'outbox');
SELECT create_distributed_table('customer_deletion', 'customer_id', colocate_with => 'outbox');
