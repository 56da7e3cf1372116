-- Why: a chunk of a load asks for thousands of nodes, and of each for no more than what a link or a producer needs. What a patch needs of a node
-- (its times, tags, texts) took longer to put into words, here and at the service, than to find.
-- Locks: creates only.

-- The question and the answer are those of touched, for a batch of creates and links.
CREATE FUNCTION touched_by_chunk(tenant text, wanted jsonb) RETURNS jsonb
    -- A session keeps the plan it made when the tables were empty.
    LANGUAGE plpgsql SET enable_seqscan = off
AS $$
#variable_conflict use_variable
DECLARE
    found_nodes jsonb;
    found_edges jsonb;
    taken_slugs jsonb;
BEGIN
    PERFORM set_config('hq.tenant', tenant, true);

    WITH refs AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(wanted->'refs') AS r(t text, id uuid, slug text, type text, source text, external text)
    ), found AS MATERIALIZED (
        SELECT r.t, n.id, n.type, n.slug, n.version, n.tainted FROM refs AS r JOIN nodes AS n ON n.tenant_id = tenant AND n.id = r.id
         WHERE r.id IS NOT NULL
        UNION ALL
        SELECT r.t, n.id, n.type, n.slug, n.version, n.tainted FROM refs AS r JOIN nodes AS n ON n.tenant_id = tenant AND n.slug = r.slug
         WHERE r.slug IS NOT NULL
        UNION ALL
        SELECT r.t, n.id, n.type, n.slug, n.version, n.tainted FROM refs AS r
          JOIN nodes AS n ON n.tenant_id = tenant AND n.type = r.type AND n.external_source = r.source AND n.external_id = r.external
         WHERE r.external IS NOT NULL
    ), links AS (
        SELECT * FROM jsonb_to_recordset(wanted->'links') AS l(l integer, type text, "from" text, "to" text, periods boolean)
    ), live AS (
        SELECT l.l, e.id, e.version, e.valid_from, e.valid_to FROM links AS l
          JOIN found AS a ON a.t = l."from"
          JOIN found AS b ON b.t = l."to"
          JOIN edges AS e ON e.tenant_id = tenant AND e.from_id = a.id AND e.type = l.type AND e.to_id = b.id
                         AND (e.valid_to IS NULL OR l.periods)
    )
    SELECT (SELECT jsonb_agg(jsonb_build_object('t', f.t, 'id', f.id, 'type', f.type, 'slug', f.slug, 'version', f.version, 'tainted', f.tainted))
              FROM found AS f),
           (SELECT jsonb_agg(jsonb_build_object('l', v.l, 'id', v.id, 'version', v.version, 'valid_from', v.valid_from, 'valid_to', v.valid_to)) FROM live AS v)
      INTO found_nodes, found_edges;

    -- The limit keeps it a lookup for each, whatever the planner takes the sizes for.
    SELECT jsonb_agg(s.slug) INTO taken_slugs
      FROM jsonb_array_elements_text(wanted->'slugs') AS w(slug)
     CROSS JOIN LATERAL (SELECT n.slug FROM nodes AS n WHERE n.tenant_id = tenant AND n.slug = w.slug LIMIT 1) AS s;

    RETURN jsonb_build_object('nodes', coalesce(found_nodes, '[]'), 'edges', coalesce(found_edges, '[]'), 'slugs', coalesce(taken_slugs, '[]'),
                              'types', (SELECT coalesce(max(t.revision), 0) FROM types AS t WHERE t.tenant_id = tenant));
END
$$;
COMMENT ON FUNCTION touched_by_chunk(text, jsonb) IS 'What a chunk of a load is about to touch, as it is now; of nodes what links and producers need, no more.';
