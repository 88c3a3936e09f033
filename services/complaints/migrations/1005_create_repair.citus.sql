SELECT create_distributed_table('repair', 'customer_id', colocate_with => 'outbox');
