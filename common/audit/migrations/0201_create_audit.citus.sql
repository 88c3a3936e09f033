-- Kept by no customer: spread, so that no worker gets every write's record.
SELECT create_distributed_table('audit_outbox', 'id', colocate_with => 'none');
