SELECT create_distributed_table('complaint_timeline', 'customer_id', colocate_with => 'outbox');
