SELECT create_reference_table('program');
