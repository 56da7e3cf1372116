-- Why: a statement that makes a thousand rows had its history, its events and its texts written a thousand times one by one, nine parts in ten
-- of what a load computed. New rows are now recorded once a statement, all of them together, whichever way they came: INSERT, COPY, direct SQL.
-- What changes a row is still recorded row by row. What is written is the same.
-- Locks: SHARE ROW EXCLUSIVE on nodes and edges for their triggers, short.

CREATE FUNCTION event_headers(kafka_topic text) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN jsonb_strip_nulls(jsonb_build_object(
        'kafka_topic', kafka_topic,
        'actor', nullif(current_setting('hq.actor', true), ''),
        'reason', nullif(current_setting('hq.reason', true), ''),
        'causationid', nullif(current_setting('hq.causation', true), ''),
        'correlationid', nullif(current_setting('hq.correlation', true), ''),
        'traceparent', nullif(current_setting('hq.traceparent', true), '')));
COMMENT ON FUNCTION event_headers(text) IS 'What outbox_append says of each event of a transaction; the subject is the event''s own.';

-- As the owner: the service itself cannot write history, and so cannot forge it. Their statements only ever go through the new rows from the
-- first to the last: a plan that joined them, made for one row and kept, would take hours for thousands.
CREATE FUNCTION record_new_nodes() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    found    record;
    who      text;
    why      text   := nullif(current_setting('hq.reason', true), '');
    mutation uuid   := nullif(current_setting('hq.mutation', true), '')::uuid;
    headers  jsonb  := event_headers('hq.graph.nodes');
    secret   text[] := '{}';
BEGIN
    FOR found IN SELECT DISTINCT m.tenant_id, m.type FROM made AS m LOOP
        -- Raises where a row is not of the tenant of this transaction.
        who := current_actor(found.tenant_id);
        IF personal_props('node', found.type) <> '{}' THEN
            secret := secret || found.type;
        END IF;
    END LOOP;
    IF who IS NULL THEN
        RETURN NULL;
    END IF;
    WITH rows AS MATERIALIZED (
        SELECT m.tenant_id, m.id, m.type, m.recorded_at, m.version, m.producer_id, m.valid_from, m.valid_to, nextval('history_id') AS history_id,
               CASE WHEN m.type = ANY (secret) THEN sealed(node_row(m), m.id, personal_props('node', m.type), true) ELSE node_row(m) END AS whole
          FROM made AS m
    ), recorded AS (
        INSERT INTO history_nodes (tenant_id, id, recorded_at, version, history_id, op, actor, reason, producer_id, mutation_id, valid_from, valid_to, row)
        SELECT r.tenant_id, r.id, r.recorded_at, r.version, r.history_id, 'insert', who, why, r.producer_id, mutation, r.valid_from, r.valid_to, r.whole
          FROM rows AS r
    )
    INSERT INTO outbox (tenant_id, topic, key, payload, headers)
    SELECT r.tenant_id, 'graph.node.changed', r.id::text, jsonb_build_object(
               'op', 'insert', 'id', r.id, 'version', r.version, 'history_id', r.history_id, 'recorded_at', r.recorded_at, 'row', r.whole),
           headers || jsonb_build_object('subject', r.type)
      FROM rows AS r;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION record_new_nodes() IS 'As record_node, for all that one statement has made.';

CREATE FUNCTION record_new_edges() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    found    record;
    who      text;
    why      text   := nullif(current_setting('hq.reason', true), '');
    mutation uuid   := nullif(current_setting('hq.mutation', true), '')::uuid;
    headers  jsonb  := event_headers('hq.graph.edges');
    secret   text[] := '{}';
BEGIN
    FOR found IN SELECT DISTINCT m.tenant_id, m.type FROM made AS m LOOP
        who := current_actor(found.tenant_id);
        IF personal_props('edge', found.type) <> '{}' THEN
            secret := secret || found.type;
        END IF;
    END LOOP;
    IF who IS NULL THEN
        RETURN NULL;
    END IF;
    WITH rows AS MATERIALIZED (
        SELECT m.tenant_id, m.id, m.type, m.from_id, m.to_id, m.recorded_at, m.version, m.producer_id, m.valid_from, m.valid_to,
               nextval('history_id') AS history_id,
               -- What an edge says of a person is said of the one it leads to.
               CASE WHEN m.type = ANY (secret) THEN sealed(edge_row(m), m.to_id, personal_props('edge', m.type), false) ELSE edge_row(m) END AS whole
          FROM made AS m
    ), recorded AS (
        INSERT INTO history_edges (tenant_id, id, recorded_at, version, history_id, op, actor, reason, producer_id, mutation_id, type, from_id, to_id,
                                   valid_from, valid_to, row)
        SELECT r.tenant_id, r.id, r.recorded_at, r.version, r.history_id, 'insert', who, why, r.producer_id, mutation, r.type, r.from_id, r.to_id,
               r.valid_from, r.valid_to, r.whole
          FROM rows AS r
    )
    INSERT INTO outbox (tenant_id, topic, key, payload, headers)
    SELECT r.tenant_id, 'graph.edge.changed', r.id::text, jsonb_build_object(
               'op', 'insert', 'id', r.id, 'version', r.version, 'history_id', r.history_id, 'recorded_at', r.recorded_at, 'row', r.whole),
           headers || jsonb_build_object('subject', r.type)
      FROM rows AS r;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION record_new_edges() IS 'As record_edge, for all that one statement has made.';

CREATE FUNCTION note_new_texts() RETURNS trigger
    LANGUAGE plpgsql SET search_path = ${schema}, public, pg_temp
AS $$
DECLARE
    headers jsonb := event_headers('hq.nodes');
BEGIN
    IF EXISTS (SELECT 1 FROM embedding_models AS m WHERE m.state <> 'retired') THEN
        INSERT INTO embeddings_due (tenant_id, model, node_id, text_hash)
        SELECT n.tenant_id, d.model, n.id, text_hash(embedded_text(n.type, n.slug, n.props))
          FROM made AS n JOIN embedding_models AS d ON d.tenant_id = n.tenant_id AND d.state <> 'retired'
         WHERE embedded_text(n.type, n.slug, n.props) IS NOT NULL
        ON CONFLICT (tenant_id, model, node_id)
        DO UPDATE SET text_hash = excluded.text_hash, not_before = excluded.not_before, failures = 0, error = NULL;
    END IF;
    INSERT INTO outbox (tenant_id, topic, key, payload, headers)
    SELECT t.tenant_id, 'nodes.text_changed', t.id::text, jsonb_build_object('id', t.id, 'type', t.type, 'text_hash', text_hash(t.words)),
           headers || jsonb_build_object('subject', t.type)
      FROM (SELECT n.tenant_id, n.id, n.type, embedded_text(n.type, n.slug, n.props) AS words FROM made AS n OFFSET 0) AS t
     WHERE t.words IS NOT NULL;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION note_new_texts() IS 'As note_text, for all that one statement has made.';

DROP TRIGGER nodes_recorded_new ON nodes;
DROP TRIGGER nodes_text_new ON nodes;
DROP TRIGGER edges_recorded_new ON edges;
CREATE TRIGGER nodes_recorded_new AFTER INSERT ON nodes REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION record_new_nodes();
CREATE TRIGGER nodes_text_new AFTER INSERT ON nodes REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION note_new_texts();
CREATE TRIGGER edges_recorded_new AFTER INSERT ON edges REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION record_new_edges();
