SELECT create_distributed_table('customer_key', 'customer_id', colocate_with => 'outbox');
SELECT create_reference_table('key_encryption_key');
