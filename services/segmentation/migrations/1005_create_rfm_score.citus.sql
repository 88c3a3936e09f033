SELECT create_distributed_table('rfm_score', 'customer_id', colocate_with => 'outbox');
