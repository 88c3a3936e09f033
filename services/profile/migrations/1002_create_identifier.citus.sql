SELECT create_distributed_table('customer_identifier', 'customer_id', colocate_with => 'outbox');
SELECT create_distributed_table('identifier_holder', 'identifier_hash', colocate_with => 'none');
