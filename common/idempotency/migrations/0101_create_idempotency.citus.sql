SELECT create_distributed_table('idempotency', 'customer_id', colocate_with => 'outbox');
