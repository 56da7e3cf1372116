-- Why: a company adds its own types and props without code; every replica has to see them at its next write.
-- Locks: creates only.

CREATE TABLE types (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    revision   bigint      NOT NULL,
    kind       text        NOT NULL,
    name       text        NOT NULL,
    schema     jsonb       NOT NULL,
    actor      text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT types_pk PRIMARY KEY (tenant_id, revision),
    CONSTRAINT types_kind CHECK (kind IN ('node', 'edge')),
    CONSTRAINT types_name CHECK (name ~ '^[a-z][a-z0-9_]{1,49}$'),
    CONSTRAINT types_schema CHECK (jsonb_typeof(schema) = 'object' AND octet_length(schema::text) <= 65536)
);
COMMENT ON TABLE types IS 'A tenant''s own types, and its additions to those of every company; of one kind and name the highest revision counts. Only ever widened, so what was valid stays valid.';
COMMENT ON COLUMN types.revision IS 'One sequence a tenant, by its key: two that define at once cannot both have seen the other.';
CALL secure_table('types');
REVOKE UPDATE, DELETE ON types FROM ${schema};
CREATE TRIGGER types_stay BEFORE UPDATE OR DELETE ON types FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER types_not_truncated BEFORE TRUNCATE ON types FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The first trip, as in V0006, and: the revision of the types the plan has to be made with; all periods of a fact where a link names one.
CREATE OR REPLACE FUNCTION touched(tenant text, actor text, wanted jsonb) RETURNS jsonb
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
        SELECT * FROM jsonb_to_recordset(wanted->'links') AS l(l integer, type text, "from" text, "to" text, periods boolean)
    ), live AS (
        SELECT l.l, e.* FROM links AS l
          JOIN found AS a ON a.t = l."from"
          JOIN found AS b ON b.t = l."to"
          JOIN edges AS e ON e.tenant_id = tenant AND e.from_id = a.id AND e.type = l.type AND e.to_id = b.id
                         AND (e.valid_to IS NULL OR l.periods)
    )
    SELECT (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                       't', f.t, 'id', f.id, 'type', f.type, 'slug', f.slug, 'status', f.status, 'priority', f.priority, 'version', f.version,
                       'tainted', f.tainted, 'archived_at', f.archived_at, 'tags', f.tags, 'occurred_at', f.occurred_at,
                       'owner_id', f.owner_id, 'language', f.language, 'valid_from', f.valid_from, 'valid_to', f.valid_to, 'confidence', f.confidence))
                   || CASE WHEN f.whole THEN jsonb_build_object('props', f.props) ELSE '{}' END) FROM found AS f),
           (SELECT jsonb_agg(jsonb_build_object('l', v.l, 'id', v.id, 'version', v.version, 'valid_from', v.valid_from, 'valid_to', v.valid_to)) FROM live AS v)
      INTO found_nodes, found_edges;

    found_edges := coalesce(found_edges, '[]') || coalesce((
        SELECT jsonb_agg(jsonb_build_object('id', e.id, 'version', e.version, 'type', e.type, 'from', e.from_id, 'to', e.to_id, 'ended', e.valid_to IS NOT NULL,
                   'valid_from', e.valid_from, 'valid_to', e.valid_to))
          FROM edges AS e
         WHERE e.tenant_id = tenant AND e.id IN (SELECT w.value::uuid FROM jsonb_array_elements_text(wanted->'edges') AS w)), '[]');

    SELECT jsonb_agg(n.slug) INTO taken_slugs
      FROM nodes AS n
     WHERE n.tenant_id = tenant AND n.slug = ANY (ARRAY(SELECT jsonb_array_elements_text(wanted->'slugs')));

    RETURN jsonb_build_object('nodes', coalesce(found_nodes, '[]'), 'edges', found_edges, 'slugs', coalesce(taken_slugs, '[]'),
                              'types', (SELECT coalesce(max(t.revision), 0) FROM types AS t WHERE t.tenant_id = tenant));
END
$$;
COMMENT ON FUNCTION touched(text, text, jsonb) IS 'What a batch is about to touch, as it is now; or the answer already given under its idempotency key.';
