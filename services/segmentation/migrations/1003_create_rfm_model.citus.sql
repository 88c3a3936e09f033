SELECT create_reference_table('rfm_model');
