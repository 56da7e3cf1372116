-- Why: a batch of mutations is two round trips, read and write, with the validation between them and no transaction open meanwhile (decision 6).
-- Locks: creates only.

CREATE TABLE idempotency_keys (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    actor       text        NOT NULL,
    key         text        NOT NULL,
    fingerprint text        NOT NULL,
    response    jsonb       NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at  timestamptz NOT NULL DEFAULT clock_timestamp() + interval '7 days',
    CONSTRAINT idempotency_keys_pk PRIMARY KEY (tenant_id, actor, key)
);
COMMENT ON TABLE idempotency_keys IS 'The answer to a batch by the key its caller gave it, for seven days.';
COMMENT ON COLUMN idempotency_keys.fingerprint IS 'SHA-256 of the batch: the same key with another body is a fault of the caller.';
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (tenant_id, expires_at);
CALL secure_table('idempotency_keys');

-- The first trip. `refs` name nodes by id, slug or external id, each with a token t; `links` name edges by two tokens and a type.
CREATE FUNCTION touched(tenant text, actor text, wanted jsonb) RETURNS jsonb
    LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    found_nodes jsonb;
    found_edges jsonb;
    taken_slugs jsonb;
    answered    jsonb;
BEGIN
    PERFORM set_config('hq.tenant', tenant, true);

    SELECT jsonb_build_object('fingerprint', k.fingerprint, 'response', k.response) INTO answered
      FROM idempotency_keys AS k
     WHERE k.tenant_id = tenant AND k.actor = actor AND k.key = wanted->>'idempotency_key' AND k.expires_at > clock_timestamp();
    IF answered IS NOT NULL THEN
        RETURN jsonb_build_object('answered', answered);
    END IF;

    WITH refs AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(wanted->'refs') AS r(t text, id uuid, slug text, type text, source text, external text, whole boolean)
    ), found AS MATERIALIZED (
        SELECT r.t, r.whole, n.* FROM refs AS r JOIN nodes AS n ON n.tenant_id = tenant AND n.id = r.id
         WHERE r.id IS NOT NULL
        UNION ALL
        SELECT r.t, r.whole, n.* FROM refs AS r JOIN nodes AS n ON n.tenant_id = tenant AND n.slug = r.slug
         WHERE r.slug IS NOT NULL
        UNION ALL
        SELECT r.t, r.whole, n.* FROM refs AS r
          JOIN nodes AS n ON n.tenant_id = tenant AND n.type = r.type AND n.external_source = r.source AND n.external_id = r.external
         WHERE r.external IS NOT NULL
    ), links AS (
        SELECT * FROM jsonb_to_recordset(wanted->'links') AS l(l integer, type text, "from" text, "to" text)
    ), live AS (
        SELECT l.l, e.* FROM links AS l
          JOIN found AS a ON a.t = l."from"
          JOIN found AS b ON b.t = l."to"
          JOIN edges AS e ON e.tenant_id = tenant AND e.from_id = a.id AND e.type = l.type AND e.to_id = b.id AND e.valid_to IS NULL
    )
    SELECT (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                       't', f.t, 'id', f.id, 'type', f.type, 'slug', f.slug, 'status', f.status, 'priority', f.priority, 'version', f.version,
                       'tainted', f.tainted, 'archived_at', f.archived_at, 'tags', f.tags, 'occurred_at', f.occurred_at,
                       'owner_id', f.owner_id, 'language', f.language, 'valid_from', f.valid_from, 'valid_to', f.valid_to, 'confidence', f.confidence))
                   || CASE WHEN f.whole THEN jsonb_build_object('props', f.props) ELSE '{}' END) FROM found AS f),
           (SELECT jsonb_agg(jsonb_build_object('l', v.l, 'id', v.id, 'version', v.version)) FROM live AS v)
      INTO found_nodes, found_edges;

    found_edges := coalesce(found_edges, '[]') || coalesce((
        SELECT jsonb_agg(jsonb_build_object('id', e.id, 'version', e.version, 'type', e.type, 'from', e.from_id, 'to', e.to_id, 'ended', e.valid_to IS NOT NULL))
          FROM edges AS e
         WHERE e.tenant_id = tenant AND e.id IN (SELECT w.value::uuid FROM jsonb_array_elements_text(wanted->'edges') AS w)), '[]');

    SELECT jsonb_agg(n.slug) INTO taken_slugs
      FROM nodes AS n
     WHERE n.tenant_id = tenant AND n.slug = ANY (ARRAY(SELECT jsonb_array_elements_text(wanted->'slugs')));

    RETURN jsonb_build_object('nodes', coalesce(found_nodes, '[]'), 'edges', found_edges, 'slugs', coalesce(taken_slugs, '[]'));
END
$$;
COMMENT ON FUNCTION touched(text, text, jsonb) IS 'What a batch is about to touch, as it is now; or the answer already given under its idempotency key.';

-- The second trip. The batch is a plan made from what `touched` answered; whatever has changed since makes it fail whole:
--   HQ001 stale: read again and plan again (a unique violation or a deadlock says the same)
--   HQ002 a cardinality's upper bound is exceeded
--   HQ003 the idempotency key was used for another batch
CREATE FUNCTION apply(tenant text, actor text, reason text, batch jsonb) RETURNS jsonb
    LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    idempotency text := batch->>'idempotency_key';
    stored      record;
    bound       record;
    event       record;
    changed     integer;
BEGIN
    PERFORM set_config('hq.tenant', tenant, true), set_config('hq.actor', actor, true), set_config('hq.reason', coalesce(reason, ''), true),
            set_config('hq.causation', coalesce(batch->>'causation_id', ''), true),
            set_config('hq.correlation', coalesce(batch->>'correlation_id', ''), true),
            set_config('hq.traceparent', coalesce(batch->>'traceparent', ''), true),
            set_config('hq.mutation', coalesce(batch->>'mutation_id', ''), true),
            set_config('hq.producer', coalesce(batch->>'producer_id', ''), true);

    IF idempotency IS NOT NULL THEN
        DELETE FROM idempotency_keys AS k
         WHERE k.tenant_id = tenant AND k.actor = actor AND k.key = idempotency AND k.expires_at <= clock_timestamp();
        INSERT INTO idempotency_keys (actor, key, fingerprint, response)
        VALUES (actor, idempotency, batch->>'fingerprint', batch->'response')
        ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            SELECT k.fingerprint, k.response INTO stored
              FROM idempotency_keys AS k WHERE k.tenant_id = tenant AND k.actor = actor AND k.key = idempotency;
            IF stored.fingerprint IS DISTINCT FROM batch->>'fingerprint' THEN
                RAISE EXCEPTION 'idempotency key % was used for another batch', idempotency USING ERRCODE = 'HQ003';
            END IF;
            RETURN stored.response;
        END IF;
    END IF;

    -- One order for all, so that two batches over the same nodes wait for each other instead of deadlocking.
    PERFORM 1 FROM nodes AS n
      WHERE n.tenant_id = tenant AND n.id = ANY (ARRAY(SELECT v::uuid FROM jsonb_array_elements_text(batch->'lock') AS v))
      ORDER BY n.id FOR NO KEY UPDATE;

    IF EXISTS (SELECT 1 FROM nodes AS n
                WHERE n.tenant_id = tenant AND n.id = ANY (ARRAY(SELECT v::uuid FROM jsonb_array_elements_text(batch->'clean') AS v)) AND n.tainted) THEN
        RAISE EXCEPTION 'a cited source has become tainted' USING ERRCODE = 'HQ001';
    END IF;

    INSERT INTO nodes (id, type, slug, status, priority, occurred_at, props, tags, producer_id, owner_id, external_source, external_id,
                       valid_from, valid_to, tainted, confidence, language, archived_at)
    SELECT n.id, n.type, n.slug, n.status, n.priority, n.occurred_at, n.props, coalesce(n.tags, '{}'), n.producer_id, n.owner_id,
           n.external_source, n.external_id, n.valid_from, n.valid_to, n.tainted, n.confidence, n.language,
           CASE WHEN n.archived THEN clock_timestamp() END
      FROM jsonb_to_recordset(batch->'nodes') AS n(id uuid, type text, slug text, status text, priority text, occurred_at timestamptz, props jsonb,
           tags text[], producer_id uuid, owner_id uuid, external_source text, external_id text, valid_from timestamptz, valid_to timestamptz,
           tainted boolean, confidence real, language text, archived boolean)
     ORDER BY n.type, n.external_source, n.external_id, n.slug;

    UPDATE nodes AS n
       SET slug = p.slug, status = p.status, priority = p.priority, occurred_at = p.occurred_at, props = p.props, tags = coalesce(p.tags, '{}'),
           owner_id = p.owner_id, valid_from = coalesce(p.valid_from, n.valid_from), valid_to = p.valid_to, tainted = p.tainted,
           confidence = p.confidence, language = p.language,
           archived_at = CASE WHEN p.archived THEN coalesce(n.archived_at, clock_timestamp()) END
      FROM jsonb_to_recordset(batch->'patches') AS p(id uuid, version integer, slug text, status text, priority text, occurred_at timestamptz,
           props jsonb, tags text[], owner_id uuid, valid_from timestamptz, valid_to timestamptz, tainted boolean, confidence real, language text,
           archived boolean)
     WHERE n.tenant_id = tenant AND n.id = p.id AND n.version = p.version;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> jsonb_array_length(batch->'patches') THEN
        RAISE EXCEPTION 'a node has changed since it was read' USING ERRCODE = 'HQ001';
    END IF;

    UPDATE edges AS e
       SET valid_to = coalesce(p.valid_to, greatest(clock_timestamp(), e.valid_from + interval '1 microsecond'))
      FROM jsonb_to_recordset(batch->'ended') AS p(id uuid, version integer, valid_to timestamptz)
     WHERE e.tenant_id = tenant AND e.id = p.id AND e.version = p.version;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> jsonb_array_length(batch->'ended') THEN
        RAISE EXCEPTION 'an edge has changed since it was read' USING ERRCODE = 'HQ001';
    END IF;

    INSERT INTO edges (id, type, from_id, to_id, props, producer_id, valid_from, valid_to, tainted, confidence)
    SELECT e.id, e.type, e.from_id, e.to_id, e.props, e.producer_id, e.valid_from, e.valid_to, e.tainted, e.confidence
      FROM jsonb_to_recordset(batch->'edges') AS e(id uuid, type text, from_id uuid, to_id uuid, props jsonb, producer_id uuid,
           valid_from timestamptz, valid_to timestamptz, tainted boolean, confidence real)
     ORDER BY e.type, e.from_id, e.to_id;

    FOR bound IN
        SELECT b.* FROM jsonb_to_recordset(batch->'bounds') AS b(type text, "from" uuid, "to" uuid, max integer, path text)
    LOOP
        SELECT count(*) INTO changed
          FROM edges AS e
         WHERE e.tenant_id = tenant AND e.type = bound.type AND e.valid_to IS NULL
           AND CASE WHEN bound."from" IS NOT NULL THEN e.from_id = bound."from" ELSE e.to_id = bound."to" END;
        IF changed > bound.max THEN
            RAISE EXCEPTION '%', bound.path USING ERRCODE = 'HQ002';
        END IF;
    END LOOP;

    FOR event IN
        SELECT * FROM jsonb_to_recordset(batch->'events') AS v(topic text, type text, key text, subject text, payload jsonb)
    LOOP
        PERFORM outbox_append(event.topic, event.type, event.key, event.payload, event.subject);
    END LOOP;

    RETURN batch->'response';
END
$$;
COMMENT ON FUNCTION apply(text, text, text, jsonb) IS 'Writes a planned batch whole or not at all, in the name of an actor; returns the answer of the batch, or the first one under its idempotency key.';
