SELECT create_reference_table('rfm_run');
SELECT create_reference_table('rfm_run_counter');
