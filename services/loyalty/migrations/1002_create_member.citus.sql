SELECT create_distributed_table('member', 'customer_id', colocate_with => 'outbox');
