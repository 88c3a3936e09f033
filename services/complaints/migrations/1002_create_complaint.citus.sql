SELECT create_distributed_table('complaint', 'customer_id', colocate_with => 'outbox');
SELECT create_distributed_table('complaint_number', 'number', colocate_with => 'none');
