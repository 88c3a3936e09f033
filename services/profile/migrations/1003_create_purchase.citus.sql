SELECT create_distributed_table('purchase', 'customer_id', colocate_with => 'outbox');
SELECT create_distributed_table('purchase_by_order', 'order_number', colocate_with => 'none');
SELECT create_distributed_table('purchase_line', 'customer_id', colocate_with => 'outbox');
SELECT create_distributed_table('purchase_refund', 'customer_id', colocate_with => 'outbox');
SELECT create_distributed_table('purchase_refund_line', 'customer_id', colocate_with => 'outbox');
