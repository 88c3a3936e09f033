SELECT create_distributed_table('ledger_entry', 'customer_id', colocate_with => 'outbox');
SELECT create_distributed_table('lot', 'customer_id', colocate_with => 'outbox');
SELECT create_distributed_table('lot_use', 'customer_id', colocate_with => 'outbox');
