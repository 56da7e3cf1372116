-- Why: a file of millions of lines is loaded in chunks, each a batch of mutations written set-wise; a load that was cut off goes on where it was.
-- Locks: creates only.

CREATE TABLE loads (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    id          uuid        NOT NULL,
    actor       text        NOT NULL,
    key         text        NOT NULL,
    reason      text,
    lines       bigint      NOT NULL DEFAULT 0,
    digest      text        NOT NULL,
    nodes       bigint      NOT NULL DEFAULT 0,
    edges       bigint      NOT NULL DEFAULT 0,
    found       bigint      NOT NULL DEFAULT 0,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    CONSTRAINT loads_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT loads_key_unique UNIQUE (tenant_id, actor, key)
);
COMMENT ON TABLE loads IS 'One row a file that is or was loaded, kept for good: its key loads nothing twice.';
COMMENT ON COLUMN loads.lines IS 'So many lines of the file are in; moved in the transaction that writes them.';
COMMENT ON COLUMN loads.digest IS 'SHA-256 of those lines: another file cannot go on under the same key.';
COMMENT ON COLUMN loads.found IS 'Lines that asked for what was there already.';
CALL secure_table('loads');
REVOKE DELETE ON loads FROM ${schema};

CREATE TABLE load_refs (
    tenant_id text NOT NULL DEFAULT current_tenant(),
    load_id   uuid NOT NULL,
    ref       text NOT NULL,
    node_id   uuid NOT NULL,
    CONSTRAINT load_refs_pk PRIMARY KEY (tenant_id, load_id, ref)
);
COMMENT ON TABLE load_refs IS 'What a file calls the nodes that it has made so far, until its load ends.';
CALL secure_table('load_refs');

-- COPY does not go into a table with row-level security, and every table here has it. What is staged is therefore temporary: of one session,
-- gone with its transaction. As the owner, who may make temporary tables; the service may not.
CREATE FUNCTION open_staging() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp SET client_min_messages = 'warning'
AS $$
BEGIN
    IF to_regclass('pg_temp.staged_refs') IS NOT NULL THEN
        RETURN;
    END IF;
    CREATE TEMPORARY TABLE staged_nodes (
        id uuid, type text, slug text, status text, priority text, occurred_at timestamptz, props jsonb, tags text[], producer_id uuid, owner_id uuid,
        external_source text, external_id text, valid_from timestamptz, valid_to timestamptz, tainted boolean, confidence real, language text
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE staged_edges (
        op integer, id uuid, type text, from_id uuid, to_id uuid, props jsonb, producer_id uuid, valid_from timestamptz, valid_to timestamptz,
        tainted boolean, confidence real, period boolean, max_from integer, max_to integer
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE staged_events (
        place integer, topic text, type text, key text, subject text, payload jsonb
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE staged_refs (
        ref text, node_id uuid
    ) ON COMMIT DELETE ROWS;
    GRANT SELECT, INSERT ON pg_temp.staged_nodes, pg_temp.staged_edges, pg_temp.staged_events, pg_temp.staged_refs TO ${schema};
END
$$;
COMMENT ON FUNCTION open_staging() IS 'Makes this session''s staging tables, which COPY fills and load_chunk empties into the graph.';

-- The second trip of a chunk, as apply_whole is that of a batch: the same checks, the same triggers, the same faults. In addition
--   HQ064 another request has moved this load on
CREATE FUNCTION load_chunk(tenant text, actor text, reason text, load uuid, chunk jsonb) RETURNS void
    LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    fault text;
BEGIN
    PERFORM set_config('hq.tenant', tenant, true), set_config('hq.actor', actor, true), set_config('hq.reason', coalesce(reason, ''), true),
            set_config('hq.causation', coalesce(chunk->>'causation_id', ''), true),
            set_config('hq.correlation', coalesce(chunk->>'correlation_id', ''), true),
            set_config('hq.traceparent', coalesce(chunk->>'traceparent', ''), true),
            set_config('hq.mutation', coalesce(chunk->>'mutation_id', ''), true),
            set_config('hq.producer', coalesce(chunk->>'producer_id', ''), true);

    UPDATE loads AS l
       SET lines = (chunk->>'lines')::bigint, digest = chunk->>'digest', nodes = l.nodes + (chunk->>'nodes')::bigint,
           edges = l.edges + (chunk->>'edges')::bigint, found = l.found + (chunk->>'found')::bigint, updated_at = clock_timestamp()
     WHERE l.tenant_id = tenant AND l.id = load AND l.lines = (chunk->>'after')::bigint AND l.finished_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the load has moved on from line %', chunk->>'after' USING ERRCODE = 'HQ064';
    END IF;

    PERFORM 1 FROM nodes AS n
      WHERE n.tenant_id = tenant AND n.id = ANY (ARRAY(SELECT v::uuid FROM jsonb_array_elements_text(chunk->'lock') AS v))
      ORDER BY n.id FOR NO KEY UPDATE;

    IF EXISTS (SELECT 1 FROM nodes AS n
                WHERE n.tenant_id = tenant AND n.id = ANY (ARRAY(SELECT v::uuid FROM jsonb_array_elements_text(chunk->'clean') AS v)) AND n.tainted) THEN
        RAISE EXCEPTION 'a cited source has become tainted' USING ERRCODE = 'HQ001';
    END IF;

    INSERT INTO nodes (id, type, slug, status, priority, occurred_at, props, tags, producer_id, owner_id, external_source, external_id,
                       valid_from, valid_to, tainted, confidence, language)
    SELECT n.id, n.type, n.slug, n.status, n.priority, n.occurred_at, n.props, n.tags, n.producer_id, n.owner_id, n.external_source, n.external_id,
           n.valid_from, n.valid_to, n.tainted, n.confidence, n.language
      FROM pg_temp.staged_nodes AS n
     ORDER BY n.type, n.external_source, n.external_id, n.slug;

    INSERT INTO edges (id, type, from_id, to_id, props, producer_id, valid_from, valid_to, tainted, confidence)
    SELECT e.id, e.type, e.from_id, e.to_id, e.props, e.producer_id, e.valid_from, e.valid_to, e.tainted, e.confidence
      FROM pg_temp.staged_edges AS e
     ORDER BY e.type, e.from_id, e.to_id;

    SELECT '/ops/' || s.op INTO fault
      FROM pg_temp.staged_edges AS s
      JOIN edges AS a ON a.tenant_id = tenant AND a.id = s.id
      JOIN edges AS b ON b.tenant_id = tenant AND b.from_id = a.from_id AND b.type = a.type AND b.to_id = a.to_id AND b.id <> a.id
       AND b.valid_from < coalesce(a.valid_to, 'infinity') AND a.valid_from < coalesce(b.valid_to, 'infinity')
     WHERE s.period
     ORDER BY s.op LIMIT 1;
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION '%', fault USING ERRCODE = 'HQ005';
    END IF;

    -- Of those that share an end the last one is too many.
    SELECT '/ops/' || max(b.op) || b.at INTO fault
      FROM (SELECT s.op, '/from' AS at, s.type, s.from_id AS node, s.max_from AS most,
                   (SELECT count(*) FROM edges AS e
                     WHERE e.tenant_id = tenant AND e.type = s.type AND e.valid_to IS NULL AND e.from_id = s.from_id) AS many
              FROM pg_temp.staged_edges AS s WHERE s.max_from IS NOT NULL
            UNION ALL
            SELECT s.op, '/to', s.type, s.to_id, s.max_to,
                   (SELECT count(*) FROM edges AS e
                     WHERE e.tenant_id = tenant AND e.type = s.type AND e.valid_to IS NULL AND e.to_id = s.to_id)
              FROM pg_temp.staged_edges AS s WHERE s.max_to IS NOT NULL) AS b
     WHERE b.many > b.most
     GROUP BY b.at, b.type, b.node
     ORDER BY max(b.op) LIMIT 1;
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION '%', fault USING ERRCODE = 'HQ002';
    END IF;

    PERFORM outbox_append(v.topic, v.type, v.key, v.payload, v.subject)
       FROM (SELECT * FROM pg_temp.staged_events AS s ORDER BY s.place) AS v;

    INSERT INTO load_refs (load_id, ref, node_id) SELECT load, r.ref, r.node_id FROM pg_temp.staged_refs AS r;

    SET CONSTRAINTS ALL IMMEDIATE;
END
$$;
COMMENT ON FUNCTION load_chunk(text, text, text, uuid, jsonb) IS 'Writes a staged chunk whole or not at all, in the name of an actor, and moves its load on.';
