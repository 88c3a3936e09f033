-- Roles and schemas of Clientele in the database that psql is connected to. Run it as a superuser or
-- as the owner of the database who may make roles; a second run changes nothing:
--
--   psql -X -v ON_ERROR_STOP=1 -d postgresql://admin@host/clientele -f roles.sql
--
-- The database has the encoding UTF8 and the locale C or C.UTF-8 (of libc), or no server starts on it.
-- Roles come without a password: set one for each with \password clientele_owner and so on, and put
-- it where the service's database.password_file (or database.migrate_password_file) points. From a
-- folder of password files deploy/compose/setup/make_roles.sh does both.
--
--   clientele_owner          owns the schemas; `migrate` connects as it (database.migrate_url)
--   clientele_<service>      reads and writes the rows of its own schema, and nothing else

\set ON_ERROR_STOP on

SELECT format('CREATE ROLE %I LOGIN', role)
FROM unnest(ARRAY['clientele_owner', 'clientele_profile', 'clientele_segmentation',
                  'clientele_loyalty', 'clientele_complaints']) AS wanted (role)
WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = role)
\gexec

-- Nobody else gets in, nor makes anything in public.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database())
\gexec
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SELECT format('GRANT CONNECT ON DATABASE %I TO clientele_owner, clientele_profile, '
              'clientele_segmentation, clientele_loyalty, clientele_complaints', current_database())
\gexec

-- Each service: a schema of its owner, whose tables it may read and write as soon as they are made.
SELECT format(command, service)
FROM unnest(ARRAY['profile', 'segmentation', 'loyalty', 'complaints']) AS services (service),
     unnest(ARRAY[
       'CREATE SCHEMA IF NOT EXISTS %1$I AUTHORIZATION clientele_owner',
       'GRANT USAGE ON SCHEMA %1$I TO clientele_%1$s',
       'ALTER DEFAULT PRIVILEGES FOR ROLE clientele_owner IN SCHEMA %1$I'
       ' GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO clientele_%1$s'])
     WITH ORDINALITY AS commands (command, step)
ORDER BY service, step
\gexec
