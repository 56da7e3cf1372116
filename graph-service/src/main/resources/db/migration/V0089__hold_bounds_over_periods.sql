-- Why: what a rollback has withdrawn stood in the way of the same fact when it was stated again with its period. And an upper bound counted only
-- edges without an end: a task with a driver until next year could be given a second one for today.
-- Both hold for what a file brings, too.
-- Locks: none; creates a function and replaces two. The plan no longer sends `bounds` and `periods`, which apply would look at.

CREATE FUNCTION most_at_once(edge uuid, side text) RETURNS bigint
    LANGUAGE plpgsql
AS $$
DECLARE
    moment  timestamptz := clock_timestamp();
    made    edges;
    periods tstzrange[];
BEGIN
    SELECT * INTO made FROM edges AS e WHERE e.tenant_id = current_tenant() AND e.id = edge;
    -- Two statements, each with its index. What a rollback has withdrawn holds for the shortest time there is.
    IF side = 'from' THEN
        periods := ARRAY(
            SELECT tstzrange(e.valid_from, e.valid_to) FROM edges AS e
             WHERE e.tenant_id = made.tenant_id AND e.type = made.type AND e.from_id = made.from_id AND (e.valid_to IS NULL OR e.valid_to > moment)
               AND e.valid_to IS DISTINCT FROM e.valid_from + interval '1 microsecond');
    ELSE
        periods := ARRAY(
            SELECT tstzrange(e.valid_from, e.valid_to) FROM edges AS e
             WHERE e.tenant_id = made.tenant_id AND e.type = made.type AND e.to_id = made.to_id AND (e.valid_to IS NULL OR e.valid_to > moment)
               AND e.valid_to IS DISTINCT FROM e.valid_from + interval '1 microsecond');
    END IF;
    RETURN coalesce((
        SELECT max((SELECT count(*) FROM unnest(periods) AS o(period) WHERE o.period @> b.at))
          FROM (SELECT greatest(lower(p.period), made.valid_from, moment) AS at FROM unnest(periods) AS p(period)) AS b
         WHERE made.valid_to IS NULL OR b.at < made.valid_to), 0);
END
$$;
COMMENT ON FUNCTION most_at_once(uuid, text) IS 'How many edges of its type hold at once at an end of an edge, from now on and while it holds itself; it is one of them.';

CREATE OR REPLACE FUNCTION apply_whole(tenant text, actor text, reason text, batch jsonb) RETURNS jsonb
    LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    response    jsonb := apply(tenant, actor, reason, batch);
    changed     integer;
    overlapping text;
    excess      text;
BEGIN
    IF batch ? 'spans' THEN
        SELECT p.path INTO overlapping
          FROM jsonb_to_recordset(batch->'spans') AS p(id uuid, path text)
          JOIN edges AS a ON a.tenant_id = tenant AND a.id = p.id
          JOIN edges AS b ON b.tenant_id = tenant AND b.from_id = a.from_id AND b.type = a.type AND b.to_id = a.to_id AND b.id <> a.id
           AND b.valid_from < coalesce(a.valid_to, 'infinity') AND a.valid_from < coalesce(b.valid_to, 'infinity')
           -- What a rollback has withdrawn holds for the shortest time there is.
           AND b.valid_to IS DISTINCT FROM b.valid_from + interval '1 microsecond'
         LIMIT 1;
        IF overlapping IS NOT NULL THEN
            RAISE EXCEPTION '%', overlapping USING ERRCODE = 'HQ005';
        END IF;
    END IF;

    IF batch ? 'limits' THEN
        SELECT b.path INTO excess
          FROM jsonb_to_recordset(batch->'limits') AS b(id uuid, side text, most integer, path text)
         WHERE most_at_once(b.id, b.side) > b.most
         LIMIT 1;
        IF excess IS NOT NULL THEN
            RAISE EXCEPTION '%', excess USING ERRCODE = 'HQ002';
        END IF;
    END IF;

    IF batch ? 'policies' THEN
        UPDATE nodes AS n SET redaction_policy = p.policy
          FROM jsonb_to_recordset(batch->'policies') AS p(id uuid, version integer, policy text)
         WHERE n.tenant_id = tenant AND n.id = p.id AND n.version = p.version;
        GET DIAGNOSTICS changed = ROW_COUNT;
        IF changed <> jsonb_array_length(batch->'policies') THEN
            RAISE EXCEPTION 'a node has changed since it was read' USING ERRCODE = 'HQ001';
        END IF;
    END IF;
    SET CONSTRAINTS ALL IMMEDIATE;
    RETURN response;
END
$$;
COMMENT ON FUNCTION apply_whole(text, text, text, jsonb) IS 'apply, then what holds of edges over time (HQ002, HQ005) and the redaction policies that a batch sets, and what has to hold at its end checked before it answers: an error at the commit would come after the answer.';

CREATE OR REPLACE FUNCTION load_chunk(tenant text, actor text, reason text, load uuid, chunk jsonb) RETURNS void
    LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    fault  text;
    moment timestamptz := clock_timestamp();
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
       AND b.valid_to IS DISTINCT FROM b.valid_from + interval '1 microsecond'
     WHERE s.period
     ORDER BY s.op LIMIT 1;
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION '%', fault USING ERRCODE = 'HQ005';
    END IF;

    -- Of those that share an end the last one is too many. Counted first, which is quick; then held against the time, where there are several.
    SELECT '/ops/' || max(b.op) || '/' || b.side INTO fault
      FROM (SELECT s.op, s.id, 'from' AS side, s.type, s.from_id AS node, s.max_from AS most,
                   (SELECT count(*) FROM edges AS e
                     WHERE e.tenant_id = tenant AND e.type = s.type AND e.from_id = s.from_id AND (e.valid_to IS NULL OR e.valid_to > moment)) AS many
              FROM pg_temp.staged_edges AS s WHERE s.max_from IS NOT NULL
            UNION ALL
            SELECT s.op, s.id, 'to', s.type, s.to_id, s.max_to,
                   (SELECT count(*) FROM edges AS e
                     WHERE e.tenant_id = tenant AND e.type = s.type AND e.to_id = s.to_id AND (e.valid_to IS NULL OR e.valid_to > moment))
              FROM pg_temp.staged_edges AS s WHERE s.max_to IS NOT NULL) AS b
     WHERE CASE WHEN b.many > b.most THEN most_at_once(b.id, b.side) > b.most END
     GROUP BY b.side, b.type, b.node
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
