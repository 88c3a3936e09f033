-- Makes the current database stand in for one with the extension Citus, where that is not to be had:
-- it says it has the extension, and the functions that distribute tables check what Citus checks and
-- write down what they were told. Tables stay where they are, so what Citus does to a statement is
-- not seen here. For tests, by a superuser.
SET allow_system_table_mods = on;

INSERT INTO pg_catalog.pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
SELECT CAST(99999 AS oid), 'citus', r.oid, n.oid, false, 'stand-in'
FROM pg_catalog.pg_roles r, pg_catalog.pg_namespace n
WHERE r.rolname = current_user AND n.nspname = 'pg_catalog';

CREATE SCHEMA citus_stand_in;
GRANT USAGE ON SCHEMA citus_stand_in TO PUBLIC;

-- Reference tables have neither a column nor a colocation of their own.
CREATE TABLE citus_stand_in.placement (
  relation oid NOT NULL PRIMARY KEY,
  distribution_column text,
  column_type oid,
  colocation_id bigint
);
GRANT SELECT, INSERT ON citus_stand_in.placement TO PUBLIC;
CREATE SEQUENCE citus_stand_in.colocation;
GRANT USAGE ON SEQUENCE citus_stand_in.colocation TO PUBLIC;

-- As Citus has it.
CREATE VIEW pg_catalog.citus_tables AS
SELECT CAST(relation AS regclass) AS table_name,
       CASE WHEN distribution_column IS NULL THEN 'reference' ELSE 'distributed' END
         AS citus_table_type,
       distribution_column, colocation_id
FROM citus_stand_in.placement JOIN pg_catalog.pg_class ON pg_class.oid = relation;
GRANT SELECT ON pg_catalog.citus_tables TO PUBLIC;

-- A foreign key must lead to a reference table, or stay within a shard.
CREATE FUNCTION citus_stand_in.check_foreign_keys(told regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM pg_catalog.pg_constraint c
    LEFT JOIN citus_stand_in.placement source ON source.relation = c.conrelid
    LEFT JOIN citus_stand_in.placement target ON target.relation = c.confrelid
    WHERE c.contype = 'f' AND told IN (c.conrelid, c.confrelid)
      AND NOT (source.relation IS NOT NULL AND target.relation IS NOT NULL
               AND (target.distribution_column IS NULL
                    OR source.colocation_id = target.colocation_id))) THEN
    RAISE EXCEPTION 'cannot create foreign key constraint of %', told
      USING DETAIL = 'Its tables are not colocated, and what it references is no reference table.';
  END IF;
END $$;

CREATE FUNCTION pg_catalog.create_reference_table(table_name regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO citus_stand_in.placement (relation) VALUES (table_name);
  PERFORM citus_stand_in.check_foreign_keys(table_name);
END $$;

CREATE FUNCTION pg_catalog.create_distributed_table(
  table_name regclass, distribution_column text, distribution_type text DEFAULT 'hash',
  colocate_with text DEFAULT 'default') RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  key record;
  colocation bigint;
BEGIN
  SELECT a.attnum AS number, a.atttypid AS type INTO key FROM pg_catalog.pg_attribute a
  WHERE a.attrelid = table_name AND a.attname = distribution_column AND a.attnum > 0;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'column "%" of relation "%" does not exist', distribution_column, table_name;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = table_name AND i.indisunique
             AND NOT key.number = ANY (i.indkey)) THEN
    RAISE EXCEPTION 'cannot create constraint on "%"', table_name
      USING DETAIL = 'Each UNIQUE constraint and PRIMARY KEY must include the distribution column.';
  END IF;
  IF colocate_with = 'default' THEN
    RAISE EXCEPTION 'say with what to colocate "%": the default depends on citus.shard_count',
      table_name;
  ELSIF colocate_with = 'none' THEN
    colocation := nextval('citus_stand_in.colocation');
  ELSE
    SELECT p.colocation_id INTO colocation FROM citus_stand_in.placement p
    WHERE p.relation = CAST(colocate_with AS regclass) AND p.column_type = key.type;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'cannot colocate tables % and %', colocate_with, table_name
        USING DETAIL = 'The other is not distributed, or by a column of another type.';
    END IF;
  END IF;
  INSERT INTO citus_stand_in.placement
  VALUES (table_name, distribution_column, key.type, colocation);
  PERFORM citus_stand_in.check_foreign_keys(table_name);
END $$;
