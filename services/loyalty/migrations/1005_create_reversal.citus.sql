SELECT create_distributed_table('reversal', 'customer_id', colocate_with => 'outbox');
