-- Why: the refs of a chunk were asked for as one array of thousands, which a plan made for an empty table compares with every ref of the file:
-- more work than all the rest of a load, and more with each line of it. Each is now looked up by the key.
-- Locks: creates only.

CREATE FUNCTION refs_of_load(load uuid, names text[]) RETURNS TABLE (ref text, node_id uuid)
    LANGUAGE sql STABLE SET enable_seqscan = off
AS $$
    SELECT r.ref, r.node_id
      FROM unnest(names) AS n(name)
      -- The limit keeps it a lookup for each name, whatever the planner takes the sizes for.
     CROSS JOIN LATERAL (SELECT l.ref, l.node_id FROM load_refs AS l
                          WHERE l.tenant_id = current_tenant() AND l.load_id = load AND l.ref = n.name LIMIT 1) AS r
$$;
COMMENT ON FUNCTION refs_of_load(uuid, text[]) IS 'Those of some names that a file has given to nodes so far.';
