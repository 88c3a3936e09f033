SELECT create_distributed_table('complaint_customer', 'customer_id', colocate_with => 'outbox');
