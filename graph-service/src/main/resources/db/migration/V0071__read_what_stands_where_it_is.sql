-- Why: most of what is asked for at an earlier time has not been changed since: it is as it stands. Only the rest is looked up in history, and
-- there from the time asked for backwards: a statement that may look at every month has to open every month.
-- Locks: creates and replaces functions.

-- The rule is that of V0014. The version that was the last one then names the fact if it covers the time; nothing later was known.
CREATE FUNCTION node_version(node uuid, made timestamptz, latest timestamptz, valid timestamptz)
    RETURNS jsonb
    LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    tenant    text := current_tenant();
    upper     timestamptz := latest;
    lower     timestamptz;
    span      interval := '31 days';
    was       record;
    following timestamptz;
BEGIN
    LOOP
        lower := greatest(made, upper - span);
        SELECT h.recorded_at, h.valid_from, h.valid_to, h.row INTO was
          FROM history_nodes AS h
         WHERE h.tenant_id = tenant AND h.id = node AND h.recorded_at BETWEEN lower AND upper
         ORDER BY h.recorded_at DESC LIMIT 1;
        EXIT WHEN FOUND OR lower <= made;
        upper := lower;
        span := span * 2;
    END LOOP;
    IF valid < was.valid_from OR valid >= was.valid_to THEN
        SELECT h.recorded_at, h.valid_from, h.valid_to, h.row INTO was
          FROM history_nodes AS h
         WHERE h.tenant_id = tenant AND h.id = node AND h.recorded_at BETWEEN made AND latest
           AND h.valid_from <= valid AND (h.valid_to IS NULL OR h.valid_to > valid)
         ORDER BY h.recorded_at DESC LIMIT 1;
        SELECT x.valid_from INTO following
          FROM history_nodes AS x
         WHERE x.tenant_id = tenant AND x.id = node AND x.recorded_at > was.recorded_at AND x.recorded_at <= latest
         ORDER BY x.recorded_at LIMIT 1;
        IF following = was.valid_from THEN
            RETURN NULL;
        END IF;
    END IF;
    RETURN unsealed(was.row);
END
$$;
COMMENT ON FUNCTION node_version(uuid, timestamptz, timestamptz, timestamptz) IS 'A node in history, made at one time, as of another (which is not null), true at a third (null: whenever); null where nothing was known.';

CREATE FUNCTION edge_version(edge uuid, made timestamptz, latest timestamptz, valid timestamptz)
    RETURNS jsonb
    LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    tenant    text := current_tenant();
    upper     timestamptz := latest;
    lower     timestamptz;
    span      interval := '31 days';
    was       record;
    following timestamptz;
BEGIN
    LOOP
        lower := greatest(made, upper - span);
        SELECT h.recorded_at, h.valid_from, h.valid_to, h.row INTO was
          FROM history_edges AS h
         WHERE h.tenant_id = tenant AND h.id = edge AND h.recorded_at BETWEEN lower AND upper
         ORDER BY h.recorded_at DESC LIMIT 1;
        EXIT WHEN FOUND OR lower <= made;
        upper := lower;
        span := span * 2;
    END LOOP;
    IF valid < was.valid_from OR valid >= was.valid_to THEN
        SELECT h.recorded_at, h.valid_from, h.valid_to, h.row INTO was
          FROM history_edges AS h
         WHERE h.tenant_id = tenant AND h.id = edge AND h.recorded_at BETWEEN made AND latest
           AND h.valid_from <= valid AND (h.valid_to IS NULL OR h.valid_to > valid)
         ORDER BY h.recorded_at DESC LIMIT 1;
        SELECT x.valid_from INTO following
          FROM history_edges AS x
         WHERE x.tenant_id = tenant AND x.id = edge AND x.recorded_at > was.recorded_at AND x.recorded_at <= latest
         ORDER BY x.recorded_at LIMIT 1;
        IF following = was.valid_from THEN
            RETURN NULL;
        END IF;
    END IF;
    RETURN unsealed(was.row);
END
$$;
COMMENT ON FUNCTION edge_version(uuid, timestamptz, timestamptz, timestamptz) IS 'As node_version.';

CREATE OR REPLACE FUNCTION node_as_of(node uuid, known timestamptz, valid timestamptz)
    RETURNS TABLE (id uuid, recorded_at timestamptz, "row" jsonb)
    LANGUAGE plpgsql STABLE ROWS 1
AS $$
DECLARE
    live nodes;
BEGIN
    SELECT * INTO live FROM nodes AS n WHERE n.tenant_id = current_tenant() AND n.id = node;
    IF live.created_at > known THEN
        RETURN;
    END IF;
    IF (known IS NULL OR live.recorded_at <= known)
       AND (valid IS NULL OR (live.valid_from <= valid AND (live.valid_to IS NULL OR live.valid_to > valid))) THEN
        "row" := node_row(live);
    ELSIF live.version > 1 THEN
        "row" := node_version(node, live.created_at, least(known, live.recorded_at), valid);
    END IF;
    IF live.id IS NOT NULL AND "row" IS NOT NULL THEN
        id := node;
        recorded_at := ("row"->>'recorded_at')::timestamptz;
        RETURN NEXT;
    END IF;
END
$$;
COMMENT ON FUNCTION node_as_of(uuid, timestamptz, timestamptz) IS 'A node as known at one time (null: now) and true at another (null: whenever).';

DROP FUNCTION edges_of(uuid, timestamptz, timestamptz);
CREATE FUNCTION edges_of(node uuid, known timestamptz, valid timestamptz)
    RETURNS TABLE (id uuid, type text, from_id uuid, to_id uuid, version integer, valid_from timestamptz, valid_to timestamptz, props jsonb, tainted boolean)
    LANGUAGE sql STABLE ROWS 10
AS $$
    SELECT e.id, e.type, e.from_id, e.to_id,
           CASE WHEN e.was IS NULL THEN e.version ELSE (e.was->>'version')::integer END,
           CASE WHEN e.was IS NULL THEN e.valid_from ELSE (e.was->>'valid_from')::timestamptz END,
           CASE WHEN e.was IS NULL THEN e.valid_to ELSE (e.was->>'valid_to')::timestamptz END,
           CASE WHEN e.was IS NULL THEN e.props ELSE e.was->'props' END,
           CASE WHEN e.was IS NULL THEN e.tainted ELSE coalesce((e.was->>'tainted')::boolean, false) END
      FROM (SELECT l.*, CASE WHEN l.version > 1 AND NOT l.stands THEN edge_version(l.id, l.created_at, least(known, l.recorded_at), valid) END AS was
              FROM (SELECT d.*, (known IS NULL OR d.recorded_at <= known)
                                AND (valid IS NULL OR (d.valid_from <= valid AND (d.valid_to IS NULL OR d.valid_to > valid))) AS stands
                      FROM (SELECT * FROM edges AS f WHERE f.tenant_id = (SELECT current_tenant()) AND f.from_id = node
                            UNION ALL
                            SELECT * FROM edges AS t WHERE t.tenant_id = (SELECT current_tenant()) AND t.to_id = node AND t.from_id <> node) AS d
                     WHERE known IS NULL OR d.created_at <= known) AS l
            -- Looked up once, and not again for each column.
            OFFSET 0) AS e
     WHERE e.stands OR e.was IS NOT NULL
$$;
COMMENT ON FUNCTION edges_of(uuid, timestamptz, timestamptz) IS 'The edges of a node, either way, as known at one time (null: now) and true at another (null: whenever).';
