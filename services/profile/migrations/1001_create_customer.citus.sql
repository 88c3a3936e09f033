SELECT create_distributed_table('customer', 'customer_id', colocate_with => 'outbox');
SELECT create_distributed_table('customer_fact', 'customer_id', colocate_with => 'outbox');
SELECT create_distributed_table('customer_attribute', 'customer_id', colocate_with => 'outbox');
