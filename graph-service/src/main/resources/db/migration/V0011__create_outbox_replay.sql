-- Why: hq events replay publishes again what consumers have lost; only the relay publishes, so the rows are made new to it.
-- Locks: creates only.

CREATE FUNCTION outbox_replay(topics text[], since timestamptz, until timestamptz) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp
AS $$
DECLARE
    again bigint;
BEGIN
    -- Only what was published: a row the relay has not read yet keeps its turn.
    UPDATE outbox AS o
       SET xid = pg_current_xact_id()
      FROM relay_position AS p
     WHERE o.tenant_id = current_tenant() AND o.headers->>'kafka_topic' = ANY (topics)
       AND o.created_at >= coalesce(since, '-infinity') AND o.created_at < coalesce(until, 'infinity')
       AND pg_visible_in_snapshot(o.xid, p.snapshot::pg_snapshot);
    GET DIAGNOSTICS again = ROW_COUNT;
    RETURN again;
END
$$;
COMMENT ON FUNCTION outbox_replay(text[], timestamptz, timestamptz) IS 'Makes this tenant''s published events of some topics and times new to the relay: same ids, same payloads, in the order of their ids.';
