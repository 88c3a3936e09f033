SELECT create_distributed_table('remedy', 'customer_id', colocate_with => 'outbox');
SELECT create_distributed_table('remedy_work', 'customer_id', colocate_with => 'outbox');
