-- Why: GET /v1/stats says how far the events are behind; the relay's position is the relay's alone.
-- Locks: creates only.

CREATE FUNCTION outbox_lag() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ${schema}, pg_temp
AS $$
    -- As the relay reads it: what is above the finished snapshot, or was open then.
    SELECT count(*)
      FROM relay_position AS p
      JOIN outbox AS o
        ON (o.xid >= pg_snapshot_xmax(p.snapshot::pg_snapshot) OR o.xid = ANY (ARRAY(SELECT pg_snapshot_xip(p.snapshot::pg_snapshot))))
       AND NOT pg_visible_in_snapshot(o.xid, p.snapshot::pg_snapshot)
     WHERE o.tenant_id = current_tenant()
$$;
COMMENT ON FUNCTION outbox_lag() IS 'Events of this tenant that are committed and not yet acknowledged by the broker.';
