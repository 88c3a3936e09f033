-- The first table of every service: what is kept by customer lies where its outbox does.
SELECT create_distributed_table('outbox', 'customer_id', colocate_with => 'none');
