-- The roles, schemas and extensions of the fleet. Run in the database `capitania` by a superuser, as often as one likes.
--
-- Per schema x: x_owner (Flyway only), x (the service), x_relay (one connection: outbox, inbox, leases, due times).
-- None of them is a superuser or bypasses row-level security, and none inherits from another. graph_reader owns the
-- views graph.v_*, cannot log in, and only graph_owner can hand views to it; graph_cypher is there where AGE is.
--
-- Placeholders: ${<role>_password}; a password is [A-Za-z0-9_-]+. envsubst fills them as well as PostgresBootstrap does.
-- Takes no lock a running fleet would notice.

CREATE EXTENSION IF NOT EXISTS vector SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gin SCHEMA public;
CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA public;

-- What this server has beyond them. The fleet runs without any; one that cannot be made is a warning, and `hq doctor` names it.
DO $bootstrap$
DECLARE
  e record;
BEGIN
  FOR e IN
    SELECT t.name, CASE WHEN v.schema IS NULL THEN t.schema END AS schema
    FROM (VALUES
      ('age', NULL, NULL),
      ('pg_stat_statements', 'public', 'pg_stat_statements'),
      ('pg_partman', 'partman', NULL),
      ('pg_cron', NULL, 'pg_cron'),
      ('timescaledb', 'public', 'timescaledb'),
      ('pgaudit', 'public', 'pgaudit'),
      ('vectorscale', 'public', NULL),
      ('pg_duckdb', 'public', 'pg_duckdb'),
      ('pg_search', 'public', 'pg_search')
    ) AS t(name, schema, preloaded)
    JOIN pg_available_extensions a ON a.name = t.name AND a.installed_version IS NULL
    JOIN pg_available_extension_versions v ON v.name = a.name AND v.version = a.default_version
    WHERE t.preloaded IS NULL
       OR t.preloaded = ANY (regexp_split_to_array(current_setting('shared_preload_libraries'), '\s*,\s*'))
  LOOP
    BEGIN
      IF e.schema IS NULL THEN
        EXECUTE format('CREATE EXTENSION %I', e.name);
      ELSE
        EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', e.schema);
        EXECUTE format('CREATE EXTENSION %I SCHEMA %I', e.name, e.schema);
      END IF;
    EXCEPTION WHEN OTHERS THEN
      RAISE WARNING 'extension % is installed and could not be made: %', e.name, SQLERRM;
    END;
  END LOOP;
END
$bootstrap$;

DO $bootstrap$
DECLARE
  s record;
  r record;
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  REVOKE CREATE ON SCHEMA public FROM PUBLIC;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'graph_reader') THEN
    CREATE ROLE graph_reader NOLOGIN NOINHERIT;
  END IF;

  FOR s IN
    SELECT * FROM (VALUES
      ('graph', '${graph_owner_password}', '${graph_password}', '${graph_relay_password}'),
      ('ledger', '${ledger_owner_password}', '${ledger_password}', '${ledger_relay_password}'),
      ('approval', '${approval_owner_password}', '${approval_password}', '${approval_relay_password}'),
      ('fleet', '${fleet_owner_password}', '${fleet_password}', '${fleet_relay_password}'),
      ('watch', '${watch_owner_password}', '${watch_password}', '${watch_relay_password}'),
      ('ingest', '${ingest_owner_password}', '${ingest_password}', '${ingest_relay_password}'),
      ('agent_chief', '${agent_chief_owner_password}', '${agent_chief_password}', '${agent_chief_relay_password}'),
      ('agent_operator', '${agent_operator_owner_password}', '${agent_operator_password}', '${agent_operator_relay_password}')
    ) AS t(name, owner_password, service_password, relay_password)
  LOOP
    FOR r IN
      SELECT * FROM (VALUES
        (s.name || '_owner', s.owner_password),
        (s.name, s.service_password),
        (s.name || '_relay', s.relay_password)
      ) AS t(name, password)
    LOOP
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r.name) THEN
        EXECUTE format('CREATE ROLE %I', r.name);
      END IF;
      EXECUTE format(
        'ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS PASSWORD %L',
        r.name, r.password);
      EXECUTE format('ALTER ROLE %I SET search_path = %I, public', r.name, s.name);
      EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), r.name);
    END LOOP;

    -- An open write transaction stalls relays and vacuum: none is held across a call to elsewhere.
    EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''30s''', s.name);
    EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''30s''', s.name || '_relay');
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO %I', current_database(), s.name || '_owner');

    EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', s.name);
    EXECUTE format('ALTER SCHEMA %I OWNER TO %I', s.name, s.name || '_owner');
    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC', s.name);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I, %I', s.name, s.name, s.name || '_relay');

    -- What the owner will create, the service may use. TRUNCATE is never granted; the relay gets what migrations name.
    EXECUTE format(
      'ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I',
      s.name || '_owner', s.name, s.name);
    EXECUTE format(
      'ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I GRANT USAGE ON SEQUENCES TO %I',
      s.name || '_owner', s.name, s.name);
    EXECUTE format(
      'ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC', s.name || '_owner');
    EXECUTE format(
      'ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I GRANT EXECUTE ON FUNCTIONS TO %I',
      s.name || '_owner', s.name, s.name);
  END LOOP;

  GRANT graph_reader TO graph_owner WITH ADMIN FALSE, INHERIT FALSE, SET TRUE;
  GRANT USAGE, CREATE ON SCHEMA graph TO graph_reader;
END
$bootstrap$;

-- Cypher (`/v1/cypher`): graph_owner keeps a graph a tenant, graph_cypher reads them and nothing else. AGE answers these functions
-- for whatever graph they are told the name of, past every right on its tables: nobody has them.
DO $bootstrap$
DECLARE
  f regprocedure;
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'age') THEN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'graph_cypher') THEN
      CREATE ROLE graph_cypher NOLOGIN NOINHERIT;
    END IF;
    GRANT graph_cypher TO graph WITH ADMIN FALSE, INHERIT FALSE, SET TRUE;
    GRANT USAGE ON SCHEMA ag_catalog TO graph_owner, graph_cypher;
    GRANT SELECT ON ag_catalog.ag_graph, ag_catalog.ag_label TO graph_owner;
    EXECUTE format('GRANT CREATE ON DATABASE %I TO graph_owner', current_database());
    FOR f IN
      SELECT p.oid FROM pg_proc p
      WHERE p.pronamespace = 'ag_catalog'::regnamespace
        AND (p.proname IN ('age_startnode', 'age_endnode', 'age_vertex_stats', 'graph_stats', 'age_graph_stats')
             OR p.proname LIKE 'load\_%' OR p.proname LIKE 'create\_complete%' OR p.proname LIKE '%barbell%')
    LOOP
      EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
  END IF;
END
$bootstrap$;

-- Row-level security of a partitioned table does not reach who names a partition: only its owner may. The default
-- privileges above would grant it, so they are taken back from each partition as it appears.
CREATE OR REPLACE FUNCTION public.revoke_grants_on_partitions() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  g record;
BEGIN
  FOR g IN
    SELECT c.oid::regclass AS partition, a.grantee::regrole AS grantee
    FROM pg_event_trigger_ddl_commands() d
    -- ATTACH PARTITION names the parent only.
    JOIN pg_class c ON d.classid = 'pg_class'::regclass
      AND (c.oid = d.objid OR c.oid IN (SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = d.objid))
    CROSS JOIN LATERAL aclexplode(c.relacl) a
    WHERE c.relispartition AND c.relkind IN ('r', 'p') AND a.grantee NOT IN (0, c.relowner)
    GROUP BY 1, 2
  LOOP
    EXECUTE format('REVOKE ALL ON TABLE %s FROM %s', g.partition, g.grantee);
  END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION public.revoke_grants_on_partitions() TO PUBLIC;

DO $bootstrap$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'revoke_grants_on_partitions') THEN
    CREATE EVENT TRIGGER revoke_grants_on_partitions ON ddl_command_end
      WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE')
      EXECUTE FUNCTION public.revoke_grants_on_partitions();
  END IF;
END
$bootstrap$;
