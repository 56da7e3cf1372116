-- Why: with millions of events kept in the outbox, what counts those not yet published must find them by their index: a load asks before each
-- chunk, and the old function read the whole table. The planner's figures must be those of the table that a load has made.
-- Locks: creates only; replaces a function.

CREATE OR REPLACE FUNCTION outbox_lag() RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ${schema}, pg_temp
AS $$
DECLARE
    finished pg_snapshot;
    unsent   bigint;
BEGIN
    SELECT p.snapshot::pg_snapshot INTO finished FROM relay_position AS p;
    SELECT count(*) INTO unsent
      FROM outbox AS o
     WHERE o.tenant_id = current_tenant() AND o.xid >= pg_snapshot_xmin(finished) AND NOT pg_visible_in_snapshot(o.xid, finished);
    RETURN unsent;
END
$$;

CREATE FUNCTION outbox_backlog(most integer) RETURNS integer
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ${schema}, pg_temp
AS $$
DECLARE
    finished pg_snapshot;
    unsent   integer;
BEGIN
    SELECT p.snapshot::pg_snapshot INTO finished FROM relay_position AS p;
    SELECT count(*) INTO unsent
      FROM (SELECT 1 FROM outbox AS o
             WHERE o.xid >= pg_snapshot_xmin(finished) AND NOT pg_visible_in_snapshot(o.xid, finished)
             ORDER BY o.xid LIMIT most) AS waiting;
    RETURN unsent;
END
$$;
COMMENT ON FUNCTION outbox_backlog(integer) IS 'Events of all tenants that are committed and not yet acknowledged by the broker; counted up to a limit.';

CREATE FUNCTION look_at_sizes() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp
AS $$
BEGIN
    ANALYZE nodes, edges, load_refs, outbox;
END
$$;
COMMENT ON FUNCTION look_at_sizes() IS 'Renews the planner''s figures of what a load fills, and with them every plan made while the tables were small.';
