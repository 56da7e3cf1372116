-- Why: one rule for both times, wherever the past is asked for: of what was known then, what speaks of that time.
-- Locks: creates only.

-- The rule. Versions in a row with the same valid_from are one fact, corrected; another valid_from is another fact of the same row, which takes
-- the time it covers from the others and leaves them the rest. So the latest version that covers a time names the fact, and if a later
-- version of that same fact no longer covers it, nothing holds then.

CREATE FUNCTION node_as_of(node uuid, known timestamptz, valid timestamptz)
    RETURNS TABLE (id uuid, recorded_at timestamptz, "row" jsonb)
    LANGUAGE sql STABLE
AS $$
    SELECT s.id, s.recorded_at, s.row
      FROM (SELECT h.id, h.recorded_at, h.valid_from, h.row
              FROM history_nodes AS h
             WHERE h.tenant_id = (SELECT current_tenant()) AND h.id = node AND h.recorded_at <= CASE WHEN known IS NULL THEN 'infinity' ELSE known END
               AND (valid IS NULL OR (h.valid_from <= valid AND (h.valid_to IS NULL OR h.valid_to > valid)))
             ORDER BY h.recorded_at DESC
             LIMIT 1) AS s
     WHERE valid IS NULL
        OR (SELECT x.valid_from FROM history_nodes AS x
             WHERE x.tenant_id = (SELECT current_tenant()) AND x.id = s.id AND x.recorded_at > s.recorded_at AND x.recorded_at <= CASE WHEN known IS NULL THEN 'infinity' ELSE known END
             ORDER BY x.recorded_at LIMIT 1) IS DISTINCT FROM s.valid_from
$$;
COMMENT ON FUNCTION node_as_of(uuid, timestamptz, timestamptz) IS 'A node as known at one time (null: now) and true at another (null: whenever).';

CREATE FUNCTION edges_of(node uuid, known timestamptz, valid timestamptz)
    RETURNS TABLE (id uuid, type text, from_id uuid, to_id uuid, version integer, valid_from timestamptz, valid_to timestamptz, "row" jsonb)
    LANGUAGE sql STABLE
AS $$
    SELECT s.id, s.type, s.from_id, s.to_id, s.version, s.valid_from, s.valid_to, s.row
      FROM (SELECT DISTINCT ON (h.id) h.id, h.type, h.from_id, h.to_id, h.version, h.valid_from, h.valid_to, h.row, h.recorded_at
              FROM (SELECT * FROM history_edges AS f
                     WHERE f.tenant_id = (SELECT current_tenant()) AND f.from_id = node AND f.recorded_at <= CASE WHEN known IS NULL THEN 'infinity' ELSE known END
                    UNION ALL
                    SELECT * FROM history_edges AS t
                     WHERE t.tenant_id = (SELECT current_tenant()) AND t.to_id = node AND t.from_id <> node
                       AND t.recorded_at <= CASE WHEN known IS NULL THEN 'infinity' ELSE known END) AS h
             WHERE valid IS NULL OR (h.valid_from <= valid AND (h.valid_to IS NULL OR h.valid_to > valid))
             ORDER BY h.id, h.recorded_at DESC) AS s
     WHERE valid IS NULL
        OR (SELECT x.valid_from FROM history_edges AS x
             WHERE x.tenant_id = (SELECT current_tenant()) AND x.id = s.id AND x.recorded_at > s.recorded_at AND x.recorded_at <= CASE WHEN known IS NULL THEN 'infinity' ELSE known END
             ORDER BY x.recorded_at LIMIT 1) IS DISTINCT FROM s.valid_from
$$;
COMMENT ON FUNCTION edges_of(uuid, timestamptz, timestamptz) IS 'The edges of a node, either way, as known at one time (null: now) and true at another (null: whenever).';

CREATE FUNCTION nodes_as_of(known timestamptz, valid timestamptz)
    RETURNS TABLE (id uuid, type text, slug text, title text, status text, priority text, occurred_at timestamptz, archived_at timestamptz, props jsonb,
                   tags text[], producer_id uuid, owner_id uuid, external_source text, external_id text, valid_from timestamptz, valid_to timestamptz,
                   version integer, tainted boolean, confidence real, created_at timestamptz, updated_at timestamptz, recorded_at timestamptz,
                   full_text tsvector)
    LANGUAGE sql STABLE
AS $$
    SELECT s.id, n.type, n.slug, node_title(n.slug, n.props), n.status, n.priority, n.occurred_at, n.archived_at, n.props, n.tags, n.producer_id,
           n.owner_id, n.external_source, n.external_id, n.valid_from, n.valid_to, n.version, n.tainted, n.confidence, n.created_at, n.updated_at,
           n.recorded_at, node_full_text(n.language, n.slug, n.props, n.tags)
      FROM (SELECT DISTINCT ON (h.id) h.id, h.recorded_at, h.valid_from, h.row
              FROM history_nodes AS h
             WHERE h.tenant_id = (SELECT current_tenant()) AND h.recorded_at <= CASE WHEN known IS NULL THEN 'infinity' ELSE known END
               AND (valid IS NULL OR (h.valid_from <= valid AND (h.valid_to IS NULL OR h.valid_to > valid)))
             ORDER BY h.id DESC, h.recorded_at DESC) AS s
     CROSS JOIN LATERAL jsonb_populate_record(NULL::nodes, s.row) AS n
     WHERE valid IS NULL
        OR (SELECT x.valid_from FROM history_nodes AS x
             WHERE x.tenant_id = (SELECT current_tenant()) AND x.id = s.id AND x.recorded_at > s.recorded_at AND x.recorded_at <= CASE WHEN known IS NULL THEN 'infinity' ELSE known END
             ORDER BY x.recorded_at LIMIT 1) IS DISTINCT FROM s.valid_from
$$;
COMMENT ON FUNCTION nodes_as_of(timestamptz, timestamptz) IS 'All nodes as known at one time (null: now) and true at another (null: whenever), in the columns of v_nodes.';

-- What was recorded up to a time can still grow while a transaction that wrote before it is open. Asked before the data are read: who has
-- committed by then is seen, who has not still holds its lock on the table. A session whose start this role may not see counts as older.
CREATE FUNCTION settled(at timestamptz) RETURNS boolean
    LANGUAGE sql VOLATILE
AS $$
    SELECT at <= clock_timestamp() AND NOT EXISTS (
        SELECT 1
          FROM pg_locks AS l
          LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid
         WHERE l.locktype = 'relation' AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
           AND l.relation IN ('${schema}.nodes'::regclass, '${schema}.edges'::regclass)
           AND l.mode = 'RowExclusiveLock' AND l.granted AND l.pid <> pg_backend_pid()
           AND coalesce(a.xact_start, '-infinity') <= at)
$$;
COMMENT ON FUNCTION settled(timestamptz) IS 'Whether what was known at a time is known for good: no open transaction can add to it.';
