-- Why: the outbox keeps what was published for seven days; a broker that lost its change topics, or a new consumer's, is to be given all of
-- history again, which is kept for ever.
-- Locks: creates only.

CREATE FUNCTION history_replay(kind text, since timestamptz, until timestamptz, after_id uuid, after_time timestamptz, most integer)
    RETURNS TABLE (events integer, last_id uuid, last_time timestamptz)
    LANGUAGE plpgsql SET timezone = 'UTC'
AS $$
DECLARE
    h record;
BEGIN
    IF kind NOT IN ('node', 'edge') THEN
        RAISE EXCEPTION 'a kind is node or edge';
    END IF;
    events := 0;
    -- By id, and each id's versions in the order in which they were recorded: so the order of a key holds.
    FOR h IN EXECUTE format(
        'SELECT x.id, x.version, x.op, x.actor, x.reason, x.history_id, x.recorded_at, x.row, x.row->>''type'' AS type
           FROM %I AS x
          WHERE x.tenant_id = current_tenant() AND (x.id, x.recorded_at) > ($1, $2) AND x.recorded_at >= $3 AND x.recorded_at < $4
          ORDER BY x.id, x.recorded_at LIMIT $5', 'history_' || kind || 's')
        USING after_id, after_time, coalesce(since, '-infinity'), coalesce(until, 'infinity'), most
    LOOP
        -- Who made the change and why is said again, not who asks for the replay.
        PERFORM set_config('hq.actor', h.actor, true), set_config('hq.reason', coalesce(h.reason, ''), true);
        PERFORM outbox_append('hq.graph.' || kind || 's', 'graph.' || kind || '.changed', h.id::text, jsonb_build_object(
            'op', h.op, 'id', h.id, 'version', h.version, 'history_id', h.history_id, 'recorded_at', h.recorded_at, 'row', h.row), h.type);
        events := events + 1;
        last_id := h.id;
        last_time := h.recorded_at;
    END LOOP;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION history_replay(text, timestamptz, timestamptz, uuid, timestamptz, integer) IS 'Publishes a page of this tenant''s changes of some time again, as they were told but under new event ids: a consumer keeps the highest version.';

CREATE FUNCTION history_is_longer(kind text, since timestamptz, until timestamptz) RETURNS boolean
    LANGUAGE plpgsql STABLE SET timezone = 'UTC'
AS $$
DECLARE
    oldest timestamptz;
    longer boolean;
BEGIN
    SELECT (o.payload->>'recorded_at')::timestamptz INTO oldest
      FROM outbox AS o WHERE o.tenant_id = current_tenant() AND o.topic = 'graph.' || kind || '.changed' ORDER BY o.created_at LIMIT 1;
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I AS h WHERE h.tenant_id = current_tenant() AND h.recorded_at >= $1 AND h.recorded_at < $2)',
                   'history_' || kind || 's')
       INTO longer USING coalesce(since, '-infinity'), least(until, oldest, 'infinity');
    RETURN longer;
END
$$;
COMMENT ON FUNCTION history_is_longer(text, timestamptz, timestamptz) IS 'Whether changes of some time are in history that the outbox no longer has.';
