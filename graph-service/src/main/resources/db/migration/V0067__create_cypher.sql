-- Why: Cypher needs the graph in Apache AGE's own tables, which no policy of ours reaches. Each tenant has a graph of its own there, copied from
-- nodes and edges when it is asked for and behind. Where AGE is not installed these tables stay empty and only cypher_refresh says so.
-- Locks: creates a trigger on nodes (SHARE ROW EXCLUSIVE, short).

CREATE TABLE cypher_graphs (
    tenant_id    text        NOT NULL DEFAULT current_tenant(),
    graph        name        NOT NULL,
    seen         pg_snapshot NOT NULL,
    refreshed_at timestamptz NOT NULL,
    stale_at     timestamptz,
    nodes        bigint      NOT NULL,
    edges        bigint      NOT NULL,
    CONSTRAINT cypher_graphs_pk PRIMARY KEY (tenant_id)
);
COMMENT ON TABLE cypher_graphs IS 'One graph of AGE a tenant, and what it was copied from.';
COMMENT ON COLUMN cypher_graphs.seen IS 'Every change that this snapshot sees is in the graph.';
COMMENT ON COLUMN cypher_graphs.stale_at IS 'When the first of its edges ends without a further change.';

CREATE TABLE cypher_rows (
    tenant_id text    NOT NULL DEFAULT current_tenant(),
    edge      boolean NOT NULL,
    id        uuid    NOT NULL,
    label     name    NOT NULL,
    label_id  integer NOT NULL,
    entry     bigint  NOT NULL,
    version   integer NOT NULL,
    CONSTRAINT cypher_rows_pk PRIMARY KEY (tenant_id, edge, id)
);
COMMENT ON TABLE cypher_rows IS 'Which vertex or edge of AGE a row is, and the version it has there.';

CALL secure_table('cypher_graphs');
CALL secure_table('cypher_rows');
REVOKE ALL ON cypher_graphs, cypher_rows FROM ${schema};
CREATE SEQUENCE cypher_entry;
REVOKE ALL ON SEQUENCE cypher_entry FROM ${schema};

-- AGE's integers have 64 bits and its floats are doubles: what holds a larger number is kept as text.
CREATE FUNCTION cypher_props(props jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE WHEN NOT jsonb_path_exists(props, '$.** ? (@.type() == "number" && (@ > 9223372036854775807 || @ < -9223372036854775808))') THEN props
                ELSE (SELECT jsonb_object_agg(p.key, CASE WHEN jsonb_path_exists(p.value, '$.** ? (@.type() == "number" && (@ > 9223372036854775807 || @ < -9223372036854775808))')
                                                          THEN to_jsonb(p.value #>> '{}') ELSE p.value END)
                        FROM jsonb_each(props) AS p) END
$$;

CREATE FUNCTION cypher_vertex(n nodes) RETURNS text
    LANGUAGE sql STABLE
AS $$
    SELECT (cypher_props(n.props) || jsonb_strip_nulls(jsonb_build_object(
               'id', n.id, 'slug', n.slug, 'title', n.title, 'status', n.status, 'priority', n.priority, 'occurred_at', n.occurred_at, 'tags', n.tags,
               'owner_id', n.owner_id, 'producer_id', n.producer_id, 'external_source', n.external_source, 'external_id', n.external_id,
               'valid_from', n.valid_from, 'valid_to', n.valid_to, 'version', n.version, 'tainted', n.tainted, 'created_at', n.created_at,
               'updated_at', n.updated_at)))::text
$$;

CREATE FUNCTION cypher_relation(e edges) RETURNS text
    LANGUAGE sql STABLE
AS $$
    SELECT (cypher_props(e.props) || jsonb_strip_nulls(jsonb_build_object(
               'id', e.id, 'producer_id', e.producer_id, 'valid_from', e.valid_from, 'valid_to', e.valid_to, 'version', e.version, 'tainted', e.tainted,
               'created_at', e.created_at, 'updated_at', e.updated_at)))::text
$$;

-- Copies one label: what is new, then what has changed. Labels of vertices are node types, those of edges are edge types in capitals: AGE keeps
-- both in one namespace, and so Cypher is written anyway.
CREATE FUNCTION cypher_copy(tenant text, graph name, edge boolean, type text) RETURNS void
    LANGUAGE plpgsql SET search_path = ${schema}, public, ag_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    label    name := CASE WHEN edge THEN upper(type) ELSE type END;
    label_id integer;
BEGIN
    SELECT l.id INTO label_id FROM ag_catalog.ag_label AS l JOIN ag_catalog.ag_graph AS g ON g.graphid = l.graph WHERE g.name = graph AND l.name = label;
    IF label_id IS NULL THEN
        IF edge THEN
            EXECUTE format('SELECT ag_catalog.create_elabel(%L, %L)', graph, label);
            EXECUTE format('CREATE INDEX ON %I.%I (start_id)', graph, label);
            EXECUTE format('CREATE INDEX ON %I.%I (end_id)', graph, label);
        ELSE
            EXECUTE format('SELECT ag_catalog.create_vlabel(%L, %L)', graph, label);
        END IF;
        EXECUTE format('CREATE UNIQUE INDEX ON %I.%I (id)', graph, label);
        EXECUTE format('GRANT SELECT ON %I.%I TO graph_cypher', graph, label);
        SELECT l.id INTO STRICT label_id FROM ag_catalog.ag_label AS l JOIN ag_catalog.ag_graph AS g ON g.graphid = l.graph WHERE g.name = graph AND l.name = label;
    END IF;
    IF edge THEN
        EXECUTE format($copy$
            WITH fresh AS (
                INSERT INTO cypher_rows (tenant_id, edge, id, label, label_id, entry, version)
                SELECT e.tenant_id, true, e.id, $3, $4, nextval('cypher_entry'), e.version
                  FROM edges AS e
                  JOIN cypher_rows AS a ON a.tenant_id = $1 AND NOT a.edge AND a.id = e.from_id
                  JOIN cypher_rows AS b ON b.tenant_id = $1 AND NOT b.edge AND b.id = e.to_id
                 WHERE e.tenant_id = $1 AND e.type = $2 AND (e.valid_to IS NULL OR e.valid_to > statement_timestamp())
                   AND NOT EXISTS (SELECT 1 FROM cypher_rows AS c WHERE c.tenant_id = $1 AND c.edge AND c.id = e.id)
                RETURNING id, entry)
            INSERT INTO %I.%I (id, start_id, end_id, properties)
            SELECT _graphid($4, f.entry), _graphid(a.label_id, a.entry), _graphid(b.label_id, b.entry), cypher_relation(e)::agtype
              FROM fresh AS f JOIN edges AS e ON e.tenant_id = $1 AND e.id = f.id
              JOIN cypher_rows AS a ON a.tenant_id = $1 AND NOT a.edge AND a.id = e.from_id
              JOIN cypher_rows AS b ON b.tenant_id = $1 AND NOT b.edge AND b.id = e.to_id$copy$, graph, label) USING tenant, type, label, label_id;
        EXECUTE format($copy$
            WITH newer AS (
                UPDATE cypher_rows AS c SET version = e.version FROM edges AS e
                 WHERE c.tenant_id = $1 AND c.edge AND c.label = $2 AND e.tenant_id = $1 AND e.id = c.id AND e.version <> c.version
                RETURNING c.entry, cypher_relation(e) AS properties)
            UPDATE %I.%I AS v SET properties = n.properties::agtype FROM newer AS n WHERE v.id = _graphid($3, n.entry)$copy$, graph, label) USING tenant, label, label_id;
    ELSE
        EXECUTE format($copy$
            WITH fresh AS (
                INSERT INTO cypher_rows (tenant_id, edge, id, label, label_id, entry, version)
                SELECT n.tenant_id, false, n.id, $3, $4, nextval('cypher_entry'), n.version
                  FROM nodes AS n
                 WHERE n.tenant_id = $1 AND n.type = $2 AND n.archived_at IS NULL
                   AND NOT EXISTS (SELECT 1 FROM cypher_rows AS c WHERE c.tenant_id = $1 AND NOT c.edge AND c.id = n.id)
                RETURNING id, entry)
            INSERT INTO %I.%I (id, properties)
            SELECT _graphid($4, f.entry), cypher_vertex(n)::agtype FROM fresh AS f JOIN nodes AS n ON n.tenant_id = $1 AND n.id = f.id$copy$, graph, label)
            USING tenant, type, label, label_id;
        EXECUTE format($copy$
            WITH newer AS (
                UPDATE cypher_rows AS c SET version = n.version FROM nodes AS n
                 WHERE c.tenant_id = $1 AND NOT c.edge AND c.label = $2 AND n.tenant_id = $1 AND n.id = c.id AND n.version <> c.version
                RETURNING c.entry, cypher_vertex(n) AS properties)
            UPDATE %I.%I AS v SET properties = n.properties::agtype FROM newer AS n WHERE v.id = _graphid($3, n.entry)$copy$, graph, label) USING tenant, label, label_id;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION cypher_copy(text, name, boolean, text) FROM ${schema};

-- Brings the tenant's graph up to date if it is behind, and says as of when. One at a time a tenant; readers of the graph wait for nothing.
--   HQ020 AGE is not installed here
CREATE FUNCTION cypher_refresh() RETURNS TABLE (graph text, as_of timestamptz, refreshed_at timestamptz, nodes bigint, edges bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, public, ag_catalog, pg_temp SET timezone = 'UTC' SET client_min_messages = warning
AS $$
#variable_conflict use_column
DECLARE
    tenant text := current_tenant();
    called name := 'tenant_' || md5(tenant);
    known  cypher_graphs;
    here   pg_snapshot;
    kind   record;
    now_at timestamptz;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_extension AS x WHERE x.extname = 'age') OR NOT EXISTS (SELECT 1 FROM pg_roles AS r WHERE r.rolname = 'graph_cypher') THEN
        RAISE EXCEPTION 'Apache AGE is not installed' USING ERRCODE = 'HQ020';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('cypher'), hashtext(tenant));
    -- The library, and with it Cypher's parser, is loaded by the first call of any of its functions.
    PERFORM ag_catalog._graphid(1, 1);
    now_at := clock_timestamp();
    here := pg_current_snapshot();

    SELECT * INTO known FROM cypher_graphs AS g WHERE g.tenant_id = tenant;
    IF NOT EXISTS (SELECT 1 FROM ag_catalog.ag_graph AS g WHERE g.name = called) THEN
        PERFORM ag_catalog.create_graph(called);
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO graph_cypher', called);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO graph_cypher', called);
        DELETE FROM cypher_rows AS c WHERE c.tenant_id = tenant;
        known := NULL;
    END IF;
    -- The outbox has a row for each change, seen by snapshot as the relay does; for as long as it keeps them.
    IF known.seen IS NOT NULL AND known.refreshed_at > now_at - interval '1 day' AND coalesce(known.stale_at > now_at, true)
       AND NOT EXISTS (SELECT 1 FROM outbox AS o
                        WHERE o.tenant_id = tenant AND o.topic IN ('graph.node.changed', 'graph.edge.changed')
                          AND (o.xid >= pg_snapshot_xmax(known.seen) OR o.xid = ANY (ARRAY(SELECT pg_snapshot_xip(known.seen))))) THEN
        RETURN QUERY SELECT called::text, now_at, known.refreshed_at, known.nodes, known.edges;
        RETURN;
    END IF;

    -- In one statement, so in one snapshot: no edge stays behind without its ends.
    EXECUTE format($gone$
        WITH edges_gone AS (
            DELETE FROM cypher_rows AS c
             WHERE c.tenant_id = $1 AND c.edge
               AND NOT EXISTS (SELECT 1 FROM edges AS e JOIN nodes AS a ON a.tenant_id = $1 AND a.id = e.from_id AND a.archived_at IS NULL
                                                        JOIN nodes AS b ON b.tenant_id = $1 AND b.id = e.to_id AND b.archived_at IS NULL
                                WHERE e.tenant_id = $1 AND e.id = c.id AND (e.valid_to IS NULL OR e.valid_to > statement_timestamp()))
            RETURNING c.label_id, c.entry
        ), nodes_gone AS (
            DELETE FROM cypher_rows AS c
             WHERE c.tenant_id = $1 AND NOT c.edge AND NOT EXISTS (SELECT 1 FROM nodes AS n WHERE n.tenant_id = $1 AND n.id = c.id AND n.archived_at IS NULL)
            RETURNING c.label_id, c.entry
        ), without AS (
            DELETE FROM %1$I._ag_label_edge AS v USING edges_gone AS g WHERE v.id = _graphid(g.label_id, g.entry)
        )
        DELETE FROM %1$I._ag_label_vertex AS v USING nodes_gone AS g WHERE v.id = _graphid(g.label_id, g.entry)$gone$, called) USING tenant;
    FOR kind IN SELECT DISTINCT n.type FROM nodes AS n WHERE n.tenant_id = tenant ORDER BY n.type LOOP
        PERFORM cypher_copy(tenant, called, false, kind.type);
    END LOOP;
    FOR kind IN SELECT DISTINCT e.type FROM edges AS e WHERE e.tenant_id = tenant ORDER BY e.type LOOP
        PERFORM cypher_copy(tenant, called, true, kind.type);
    END LOOP;

    RETURN QUERY
    INSERT INTO cypher_graphs AS g (tenant_id, graph, seen, refreshed_at, stale_at, nodes, edges)
    SELECT tenant, called, here, now_at,
           (SELECT min(e.valid_to) FROM edges AS e WHERE e.tenant_id = tenant AND e.valid_to > now_at),
           count(*) FILTER (WHERE NOT c.edge), count(*) FILTER (WHERE c.edge)
      FROM cypher_rows AS c WHERE c.tenant_id = tenant
    ON CONFLICT ON CONSTRAINT cypher_graphs_pk DO UPDATE SET graph = EXCLUDED.graph, seen = EXCLUDED.seen, refreshed_at = EXCLUDED.refreshed_at,
           stale_at = EXCLUDED.stale_at, nodes = EXCLUDED.nodes, edges = EXCLUDED.edges
    RETURNING g.graph::text, now_at, g.refreshed_at, g.nodes, g.edges;
END
$$;
COMMENT ON FUNCTION cypher_refresh() IS 'The graph of the transaction''s tenant, with every change that was committed before the call.';

-- What is erased leaves the copy in the transaction of its erasure, not with the next query; an edge to it has lost its personal props by then.
CREATE FUNCTION cypher_erased() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, public, ag_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    called name := 'tenant_' || md5(NEW.tenant_id);
    copy   record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('cypher'), hashtext(NEW.tenant_id));
    FOR copy IN
        UPDATE cypher_rows AS c SET version = NEW.version WHERE c.tenant_id = NEW.tenant_id AND NOT c.edge AND c.id = NEW.id
        RETURNING c.label, c.label_id, c.entry
    LOOP
        EXECUTE format('UPDATE %I.%I AS v SET properties = $1::agtype WHERE v.id = _graphid($2, $3)', called, copy.label)
          USING cypher_vertex(NEW), copy.label_id, copy.entry;
    END LOOP;
    FOR copy IN
        UPDATE cypher_rows AS c SET version = e.version FROM edges AS e
         WHERE c.tenant_id = NEW.tenant_id AND c.edge AND c.id = e.id AND e.tenant_id = NEW.tenant_id AND e.to_id = NEW.id AND e.version <> c.version
        RETURNING c.label, c.label_id, c.entry, cypher_relation(e) AS properties
    LOOP
        EXECUTE format('UPDATE %I.%I AS v SET properties = $1::agtype WHERE v.id = _graphid($2, $3)', called, copy.label)
          USING copy.properties, copy.label_id, copy.entry;
    END LOOP;
    RETURN NULL;
END
$$;
CREATE TRIGGER nodes_cypher_erased AFTER UPDATE ON nodes FOR EACH ROW
    WHEN (OLD.redaction_policy IS DISTINCT FROM NEW.redaction_policy) EXECUTE FUNCTION cypher_erased();
